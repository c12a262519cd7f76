import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "ordering": ["-opened_at"],
                "permissions": (
                    ("register_inquiry", "register inquiry"),
                    ("triage_inquiry", "triage inquiry"),
                    ("assign_inquiry", "assign inquiry"),
                    ("draft_reply", "draft reply"),
                    ("review_draft", "review draft"),
                    ("clear_draft", "clear draft"),
                    ("clear_in_place", "clear in place"),
                    ("decide_reply", "decide reply"),
                    ("enter_number", "enter number"),
                    ("sign_document", "sign document"),
                    ("stamp_document", "stamp document"),
                    ("release_statement", "release statement"),
                    ("follow_up_inquiry", "follow up inquiry"),
                    ("withdraw_inquiry", "withdraw inquiry"),
                    ("reopen_inquiry", "reopen inquiry"),
                    ("stop_clock", "stop clock"),
                    ("skip_review", "skip review"),
                    ("ask_opinion", "ask opinion"),
                    ("move_inquiry", "move inquiry"),
                    ("view_agency_cases", "view agency cases"),
                    ("view_unit_cases", "view unit cases"),
                    ("audit_cases", "audit cases"),
                    ("administer_agency", "administer agency"),
                    ("keep_law", "keep law"),
                    ("choose_law", "choose law"),
                    ("keep_local_rules", "keep local rules"),
                    ("keep_deadlines", "keep deadlines"),
                    ("publish_calendar", "publish calendar"),
                    ("handle_case", "handle this case"),
                    ("speak_on_case", "speak on this case"),
                ),
                "verbose_name": "case",
                "verbose_name_plural": "cases",
            },
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("information", "Information request"),
                    ("interview", "Interview request"),
                    ("reply_on_press", "Reply on the press, asked by the head of a press agency"),
                    ("forwarded_opinion", "Forwarded opinion"),
                    ("forwarded_complaint", "Forwarded complaint"),
                    ("forwarded_denunciation", "Forwarded denunciation"),
                ],
                default="information",
                max_length=24,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="RuleKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="key")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title in English")),
                (
                    "bound",
                    models.CharField(
                        choices=[
                            ("at_most", "May be shortened"),
                            ("at_least", "May be lengthened"),
                            ("subset", "May be narrowed"),
                            ("fixed", "Not a matter for local rules"),
                        ],
                        max_length=8,
                        verbose_name="what a local regulation may do",
                    ),
                ),
                (
                    "binds_agency",
                    models.BooleanField(
                        default=True,
                        help_text="Not a duty of the press or its authority.",
                        verbose_name="binds the agency itself",
                    ),
                ),
                (
                    "remind_before_hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the product, not of the law. Empty: no reminder before the deadline.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="remind so many hours before",
                    ),
                ),
                (
                    "remind_after_hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the product, not of the law. Empty: no reminder after the deadline.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="tell the head so many hours after",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="version")),
                (
                    "decision_number",
                    models.CharField(blank=True, max_length=120, verbose_name="number of the decision"),
                ),
                (
                    "decision_date",
                    models.DateField(blank=True, null=True, verbose_name="date of the decision"),
                ),
                ("issuer", models.CharField(blank=True, max_length=160, verbose_name="issuer")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="first year")),
                ("last_year", models.PositiveSmallIntegerField(verbose_name="last year")),
                ("provisional_years", models.JSONField(default=list, verbose_name="provisional years")),
                ("changed_days", models.JSONField(default=list)),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar version",
                "verbose_name_plural": "calendar versions",
                "ordering": ["-number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_year__gte", models.F("first_year"))),
                        name="calendar_years_ordered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("holiday", "Holiday"),
                            ("swapped", "Day off by swap"),
                            ("make_up", "Make-up working day"),
                            ("ordinary", "Ordinary day, still to be settled"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=160, verbose_name="name")),
                ("is_provisional", models.BooleanField(default=False, verbose_name="provisional")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="core.calendarversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar day",
                "verbose_name_plural": "calendar days",
                "ordering": ["version", "day"],
                "constraints": [models.UniqueConstraint(fields=("version", "day"), name="calendar_day_once")],
            },
        ),
        migrations.CreateModel(
            name="LocalRegulation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("date", models.DateField(verbose_name="date")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_regulations",
                        to="core.agency",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "local regulation",
                "verbose_name_plural": "local regulations",
                "ordering": ["agency", "-date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="local_regulation_period_ordered",
                        violation_error_message="The end must come after the start.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "number"), name="local_regulation_number_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("value", models.JSONField(verbose_name="value")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_days", "working days"),
                            ("before_date", "before a date of the year"),
                            ("next_issue", "in the next issue"),
                            ("months", "months"),
                            ("times", "times"),
                            ("list", "listed"),
                            ("none", "no time limit"),
                        ],
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                (
                    "start",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("occurrence", "Occurrence"),
                            ("receipt", "Receipt"),
                            ("receipt_and_handling", "Receipt and handling within competence"),
                            ("registration", "Registration"),
                            ("determination", "Determination of impact on public opinion"),
                            ("publication", "Publication"),
                            ("detection", "Detection"),
                            ("signing", "Signing"),
                            ("assignment_decision", "Assignment decision"),
                            ("conclusion", "Conclusion"),
                            ("planned_event", "Planned event, counted backwards"),
                            ("entry_into_force", "Entry into force"),
                            ("reporting_period", "Reporting period"),
                            ("step_opened", "Opening of the step"),
                        ],
                        max_length=24,
                        verbose_name="starting event",
                    ),
                ),
                ("article", models.CharField(max_length=80, verbose_name="provision of the regulation")),
                ("statement", models.TextField(verbose_name="what the regulation says")),
                (
                    "stops_with_clock",
                    models.BooleanField(
                        default=False,
                        help_text="Only where the regulation says so. A stopped clock never moves a legal deadline.",
                        verbose_name="a stopped clock moves it",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_rules",
                        to="core.agency",
                    ),
                ),
                (
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="core.localregulation",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_rules",
                        to="core.rulekey",
                    ),
                ),
            ],
            options={
                "verbose_name": "local rule",
                "verbose_name_plural": "local rules",
                "ordering": ["agency", "key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="local_rule_period_ordered",
                        violation_error_message="The end must come after the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__isnull", False)), name="local_rule_has_beginning"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("date", models.DateField(verbose_name="date")),
                ("issuer", models.CharField(max_length=200, verbose_name="issuer")),
                ("task", models.CharField(max_length=300, verbose_name="what is asked")),
                ("before", models.DateField(verbose_name="to be done before the day")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_papers",
                        to="core.inquiry",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "order paper",
                "verbose_name_plural": "order papers",
                "ordering": ["before", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("law", "Statute"),
                            ("code", "Code"),
                            ("decree", "Decree"),
                            ("resolution", "Resolution"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("issuer", models.CharField(max_length=120, verbose_name="issuer")),
                ("issued", models.DateField(blank=True, null=True, verbose_name="issued on")),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("verified", "Seen in a source"),
                            ("recalled", "Recalled, not seen in a source"),
                            ("inferred", "Inferred from verified text"),
                        ],
                        max_length=10,
                        verbose_name="how far it is known",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="core.instrument",
                        verbose_name="replaced by",
                    ),
                ),
            ],
            options={
                "verbose_name": "legal instrument",
                "verbose_name_plural": "legal instruments",
                "ordering": ["issued", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="instrument_period_ordered",
                        violation_error_message="The end must come after the start.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("article", models.CharField(blank=True, max_length=8, verbose_name="article")),
                ("clause", models.CharField(blank=True, max_length=8, verbose_name="clause")),
                ("point", models.CharField(blank=True, max_length=8, verbose_name="point")),
                ("subject", models.CharField(max_length=160, verbose_name="subject")),
                ("statement", models.TextField(verbose_name="paraphrase, not the text itself")),
                ("is_ground", models.BooleanField(default=False, verbose_name="a ground for refusal")),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("verified", "Seen in a source"),
                            ("recalled", "Recalled, not seen in a source"),
                            ("inferred", "Inferred from verified text"),
                        ],
                        max_length=10,
                        verbose_name="how far it is known",
                    ),
                ),
                ("verbatim", models.TextField(blank=True, verbose_name="verbatim text")),
                ("entered_at", models.DateTimeField(blank=True, null=True, verbose_name="text entered at")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="text checked at")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provisions",
                        to="core.instrument",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="core.provision",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "provision",
                "verbose_name_plural": "provisions",
                "ordering": ["instrument", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="provision_period_ordered",
                        violation_error_message="The end must come after the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verbatim", ""), _negated=True),
                            ("checked_by__isnull", True),
                            _connector="OR",
                        ),
                        name="provision_check_needs_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("instruments", models.ManyToManyField(related_name="rule_sets", to="core.instrument")),
            ],
            options={
                "verbose_name": "rule set",
                "verbose_name_plural": "rule sets",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="rule_set_period_ordered",
                        violation_error_message="The end must come after the start.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleScope",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agency_kind",
                    models.CharField(
                        choices=[
                            ("ministry", "Ministry"),
                            ("provincial_committee", "Provincial people's committee"),
                            ("department", "Department"),
                            ("branch", "Branch"),
                            ("commune", "Commune people's committee"),
                        ],
                        max_length=24,
                        verbose_name="kind of agency",
                    ),
                ),
                (
                    "press_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("daily", "Daily newspaper"),
                            ("online", "Online newspaper"),
                            ("weekly", "Weekly newspaper"),
                            ("magazine", "Magazine"),
                            ("radio_tv", "Radio and television"),
                            ("news_agency", "News agency"),
                        ],
                        max_length=16,
                        verbose_name="kind of press",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scopes", to="core.rulekey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "agency_kind", "press_kind"), name="rule_scope_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("value", models.JSONField(blank=True, null=True, verbose_name="value")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_days", "working days"),
                            ("before_date", "before a date of the year"),
                            ("next_issue", "in the next issue"),
                            ("months", "months"),
                            ("times", "times"),
                            ("list", "listed"),
                            ("none", "no time limit"),
                        ],
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                (
                    "start",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("occurrence", "Occurrence"),
                            ("receipt", "Receipt"),
                            ("receipt_and_handling", "Receipt and handling within competence"),
                            ("registration", "Registration"),
                            ("determination", "Determination of impact on public opinion"),
                            ("publication", "Publication"),
                            ("detection", "Detection"),
                            ("signing", "Signing"),
                            ("assignment_decision", "Assignment decision"),
                            ("conclusion", "Conclusion"),
                            ("planned_event", "Planned event, counted backwards"),
                            ("entry_into_force", "Entry into force"),
                            ("reporting_period", "Reporting period"),
                            ("step_opened", "Opening of the step"),
                        ],
                        max_length=24,
                        verbose_name="starting event",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "limit_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.provision",
                    ),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_values",
                        to="core.provision",
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="core.rulescope",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule value",
                "verbose_name_plural": "rule values",
                "ordering": ["scope", "valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="rule_value_period_ordered",
                        violation_error_message="The end must come after the start.",
                    ),
                    models.UniqueConstraint(fields=("scope", "valid_from"), name="rule_value_begins_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__isnull", False)), name="rule_value_has_beginning"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("law", "Law"), ("local", "Local rule"), ("order", "Order of a superior")],
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                (
                    "start",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("occurrence", "Occurrence"),
                            ("receipt", "Receipt"),
                            ("receipt_and_handling", "Receipt and handling within competence"),
                            ("registration", "Registration"),
                            ("determination", "Determination of impact on public opinion"),
                            ("publication", "Publication"),
                            ("detection", "Detection"),
                            ("signing", "Signing"),
                            ("assignment_decision", "Assignment decision"),
                            ("conclusion", "Conclusion"),
                            ("planned_event", "Planned event, counted backwards"),
                            ("entry_into_force", "Entry into force"),
                            ("reporting_period", "Reporting period"),
                            ("step_opened", "Opening of the step"),
                        ],
                        max_length=24,
                        verbose_name="starting event",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("due", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("due_inclusive", models.BooleanField(default=False)),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "is_provisional",
                    models.BooleanField(default=False, verbose_name="touches provisional days"),
                ),
                (
                    "missing_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="year without a calendar"
                    ),
                ),
                ("span_from", models.DateField(blank=True, null=True)),
                ("span_until", models.DateField(blank=True, null=True)),
                ("steps", models.JSONField(default=list, verbose_name="computation")),
                ("original_due", models.DateTimeField(blank=True, null=True, verbose_name="first computed")),
                (
                    "reminded",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("before", "Before it is due"),
                            ("due", "When it is due"),
                            ("overdue", "Overdue"),
                        ],
                        max_length=8,
                        verbose_name="last stage reminded of",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="computed at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("met", "Met in time"), ("late", "Done late"), ("void", "No longer owed")],
                        max_length=4,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.agency",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.calendarversion",
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.inquiry",
                    ),
                ),
                (
                    "local_rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.localrule",
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadline",
                        to="core.orderpaper",
                    ),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.provision",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.rulekey",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.ruleset",
                    ),
                ),
                (
                    "rule_value",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="core.rulevalue",
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline",
                "verbose_name_plural": "deadlines",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["inquiry"], name="core_deadli_inquiry_3b9517_idx"),
                    models.Index(fields=["agency", "due"], name="core_deadli_agency__a36ee0_idx"),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["span_until", "span_from"],
                        name="deadline_open_span",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["due"],
                        name="deadline_open_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("order__isnull", True),
                                ("rule_value__isnull", False),
                                ("source", "law"),
                                ("local_rule__isnull", True),
                                ("provision__isnull", False),
                            ),
                            models.Q(
                                ("local_rule__isnull", False),
                                ("source", "local"),
                                ("order__isnull", True),
                                ("rule_value__isnull", True),
                            ),
                            models.Q(
                                ("order__isnull", False),
                                ("source", "order"),
                                ("local_rule__isnull", True),
                                ("rule_value__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="deadline_has_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="deadline_outcome_iff_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("calendar", "New working calendar"),
                            ("extension", "Extension"),
                            ("pause", "Stopped clock"),
                        ],
                        max_length=10,
                        verbose_name="why",
                    ),
                ),
                ("old_due", models.DateTimeField(blank=True, null=True, verbose_name="old instant")),
                ("new_due", models.DateTimeField(blank=True, null=True, verbose_name="new instant")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="core.calendarversion",
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="core.deadline",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a deadline",
                "verbose_name_plural": "changes of deadlines",
                "ordering": ["changed_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DeadlineExtension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="extended until")),
                ("basis", models.CharField(max_length=300, verbose_name="provision or paper that allows it")),
                ("reason", models.TextField(verbose_name="reason")),
                ("extended_at", models.DateTimeField(verbose_name="extended at")),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="core.deadline",
                    ),
                ),
                (
                    "extended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
                "ordering": ["extended_at"],
            },
        ),
        migrations.CreateModel(
            name="DeadlinePause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paused_at", models.DateTimeField(verbose_name="stopped at")),
                ("resumed_at", models.DateTimeField(blank=True, null=True, verbose_name="restarted at")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="core.deadline"
                    ),
                ),
            ],
            options={
                "verbose_name": "pause of a deadline",
                "verbose_name_plural": "pauses of deadlines",
                "ordering": ["paused_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_at__isnull", True)),
                        fields=("deadline",),
                        name="deadline_paused_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resumed_at__isnull", True),
                            ("resumed_at__gte", models.F("paused_at")),
                            _connector="OR",
                        ),
                        name="deadline_pause_ordered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("occurrence", "Occurrence"),
                            ("receipt", "Receipt"),
                            ("receipt_and_handling", "Receipt and handling within competence"),
                            ("registration", "Registration"),
                            ("determination", "Determination of impact on public opinion"),
                            ("publication", "Publication"),
                            ("detection", "Detection"),
                            ("signing", "Signing"),
                            ("assignment_decision", "Assignment decision"),
                            ("conclusion", "Conclusion"),
                            ("planned_event", "Planned event, counted backwards"),
                            ("entry_into_force", "Entry into force"),
                            ("reporting_period", "Reporting period"),
                            ("step_opened", "Opening of the step"),
                        ],
                        max_length=24,
                        verbose_name="what happened",
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when, as stated")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recorded_events",
                        to="core.inquiry",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "starting event",
                "verbose_name_plural": "starting events",
                "ordering": ["occurred_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("before", "Before it is due"),
                            ("due", "When it is due"),
                            ("overdue", "Overdue"),
                        ],
                        max_length=8,
                        verbose_name="stage",
                    ),
                ),
                ("due", models.DateTimeField(verbose_name="due")),
                ("reminded_at", models.DateTimeField(verbose_name="reminded at")),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="core.deadline",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["reminded_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deadline", "stage", "due", "person"), name="reminder_once_for_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_id", models.UUIDField()),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_bases",
                        to="core.inquiry",
                    ),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_bases",
                        to="core.provision",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.ruleset"
                    ),
                ),
            ],
            options={
                "verbose_name": "legal basis",
                "verbose_name_plural": "legal bases",
                "ordering": ["decided_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry_id", "provision"), name="legal_basis_once_for_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleSetChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act_at", models.DateTimeField(verbose_name="instant of the act judged")),
                ("reason", models.TextField(verbose_name="reason")),
                ("chosen_at", models.DateTimeField(verbose_name="chosen at")),
                (
                    "chosen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="choices", to="core.ruleset"
                    ),
                ),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_set_choices",
                        to="core.inquiry",
                    ),
                ),
                (
                    "proposed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.ruleset"
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of the governing law",
                "verbose_name_plural": "choices of the governing law",
                "ordering": ["chosen_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("person",),
                        name="calendar_feed_one_open",
                    )
                ],
            },
        ),
    ]
