import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_law_and_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountClosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closed_at", models.DateTimeField(verbose_name="account closed at")),
                ("reopened_at", models.DateTimeField(blank=True, null=True, verbose_name="reopened at")),
            ],
            options={
                "verbose_name": "closure of an account",
                "verbose_name_plural": "closures of accounts",
                "ordering": ["closed_at"],
            },
        ),
        migrations.CreateModel(
            name="LateRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("speaker_name", models.CharField(max_length=120, verbose_name="who spoke")),
                ("speaker_post", models.TextField(blank=True, verbose_name="post of the speaker")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("press_conference", "Press conference"),
                            ("portal", "Portal, site or official account"),
                            ("direct", "Direct statement or interview"),
                            ("press_release_or_reply", "Press release, reply by document or e-mail"),
                            ("briefing", "Direct exchange at a press briefing"),
                        ],
                        max_length=24,
                        verbose_name="form",
                    ),
                ),
                ("outlet", models.CharField(max_length=200, verbose_name="outlet")),
                ("asked_by", models.CharField(blank=True, max_length=200, verbose_name="who asked")),
                ("gist", models.TextField(blank=True, verbose_name="what was said, in substance")),
                (
                    "address",
                    models.URLField(blank=True, max_length=500, verbose_name="address where it stands"),
                ),
                ("recording_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "recording_name",
                    models.CharField(blank=True, max_length=200, verbose_name="file of the recording"),
                ),
                ("spoken_at", models.DateTimeField(verbose_name="spoken at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("statement", "Statement, recorded late"),
                            (
                                "personal",
                                "Information given by an individual, not the agency's official view",
                            ),
                        ],
                        max_length=12,
                        verbose_name="result",
                    ),
                ),
                ("why", models.TextField(blank=True, verbose_name="why it is no statement")),
            ],
            options={
                "verbose_name": "late record",
                "verbose_name_plural": "late records",
                "ordering": ["spoken_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MandateEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("post_ended", "The post ended"),
                            ("decision_ended", "The assignment ended"),
                            ("revoked", "Revoked"),
                            ("case_closed", "The case was closed"),
                            ("left_post", "The delegate left the post"),
                        ],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
            ],
            options={
                "verbose_name": "end of a mandate",
                "verbose_name_plural": "ends of mandates",
                "ordering": ["recorded_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MandateForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("press_conference", "Press conference"),
                            ("portal", "Portal, site or official account"),
                            ("direct", "Direct statement or interview"),
                            ("press_release_or_reply", "Press release, reply by document or e-mail"),
                            ("briefing", "Direct exchange at a press briefing"),
                        ],
                        max_length=24,
                        verbose_name="form",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MandateQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ["question"],
            },
        ),
        migrations.CreateModel(
            name="PostEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "end of a post",
                "verbose_name_plural": "ends of posts",
                "ordering": ["recorded_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegisterEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="edition")),
                ("content", models.JSONField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(verbose_name="published at")),
            ],
            options={
                "verbose_name": "edition of the register",
                "verbose_name_plural": "editions of the register",
                "ordering": ["agency", "-number"],
            },
        ),
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
                    ("close_case", "close case"),
                    ("draft_delegation", "draft delegation"),
                    ("delegate_speaking", "delegate speaking"),
                    ("register_delegation", "register delegation"),
                    ("publish_speakers", "publish speakers"),
                    ("keep_deadlines", "keep deadlines"),
                    ("publish_calendar", "publish calendar"),
                    ("handle_case", "handle this case"),
                    ("speak_on_case", "speak on this case"),
                ),
                "verbose_name": "case",
                "verbose_name_plural": "cases",
            },
        ),
        migrations.AlterModelOptions(
            name="mandate",
            options={
                "ordering": ["valid_from", "pk"],
                "verbose_name": "mandate",
                "verbose_name_plural": "mandates",
            },
        ),
        migrations.RemoveConstraint(
            model_name="mandate",
            name="mandate_period_ordered",
        ),
        migrations.AddField(
            model_name="agency",
            name="publishes_delegates",
            field=models.BooleanField(
                default=False,
                help_text="The law in force makes no delegate's data public; name, post and term only.",
                verbose_name="names delegates in the public register",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="mandate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deadlines",
                to="core.mandate",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="circumstance",
            field=models.CharField(
                blank=True,
                choices=[
                    ("head_unable", "The head cannot speak"),
                    ("unexpectedly_busy", "The head is unexpectedly busy"),
                    ("assigned", "The head gives the matter to the delegate"),
                ],
                max_length=20,
                verbose_name="circumstance",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="document_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="mandate",
            name="granted_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="valid until, as granted"),
        ),
        migrations.AddField(
            model_name="mandate",
            name="reason",
            field=models.TextField(blank=True, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="mandate",
            name="rule_set",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.ruleset",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="signed at"),
        ),
        migrations.AddField(
            model_name="mandate",
            name="signed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="granted_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="valid until, as granted"),
        ),
        migrations.AddField(
            model_name="post",
            name="recorded_at",
            field=models.DateTimeField(null=True, verbose_name="recorded at"),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="inquiry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deadlines",
                to="core.inquiry",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="inquiry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outgoing_mails",
                to="core.inquiry",
            ),
        ),
        migrations.AlterField(
            model_name="post",
            name="kind",
            field=models.CharField(
                choices=[
                    ("head", "Head of the agency"),
                    ("acting_head", "Acting head"),
                    ("deputy_in_charge", "Deputy in charge while the post of head is vacant"),
                    ("deputy_head", "Deputy head"),
                    ("deputy_running", "Deputy running daily work while the head is away"),
                    ("unit_head", "Head of unit"),
                    ("deputy_unit_head", "Deputy head of unit"),
                    ("staff", "Staff"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["mandate"], name="core_deadli_mandate_2ceca1_idx"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("inquiry__isnull", False), ("mandate__isnull", True)),
                    models.Q(("inquiry__isnull", True), ("mandate__isnull", False), ("source", "law")),
                    models.Q(("inquiry__isnull", True), ("mandate__isnull", False), ("source", "local")),
                    _connector="OR",
                ),
                name="deadline_on_an_inquiry_or_a_mandate",
            ),
        ),
        migrations.AddField(
            model_name="accountclosure",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closures",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="laterecord",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="late_records", to="core.agency"
            ),
        ),
        migrations.AddField(
            model_name="laterecord",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="late_records", to="core.case"
            ),
        ),
        migrations.AddField(
            model_name="laterecord",
            name="questions",
            field=models.ManyToManyField(blank=True, related_name="late_records", to="core.question"),
        ),
        migrations.AddField(
            model_name="laterecord",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="laterecord",
            name="speaker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="late_records",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="laterecord",
            name="statement",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="late_record",
                to="core.statement",
            ),
        ),
        migrations.AddField(
            model_name="mandateend",
            name="mandate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="core.mandate"
            ),
        ),
        migrations.AddField(
            model_name="mandateend",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandateform",
            name="mandate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="core.mandate"
            ),
        ),
        migrations.AddField(
            model_name="mandatequestion",
            name="mandate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="covered", to="core.mandate"
            ),
        ),
        migrations.AddField(
            model_name="mandatequestion",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.question"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="questions",
            field=models.ManyToManyField(
                blank=True, related_name="mandates", through="core.MandateQuestion", to="core.question"
            ),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["agency", "kind"], name="core_mandat_agency__f7f9a7_idx"),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="mandate_period_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("granted_until__isnull", True),
                    ("granted_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="mandate_granted_period_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("granted_until__isnull", True),
                    models.Q(("valid_until__isnull", False), ("valid_until__lte", models.F("granted_until"))),
                    _connector="OR",
                ),
                name="mandate_ends_no_later_than_granted",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "delegated"), _negated=True),
                    models.Q(
                        ("granted_until__isnull", False),
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mandate_delegated_by_a_signature_for_a_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_by__isnull", True),
                    models.Q(("signed_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="mandate_not_delegated_to_oneself",
            ),
        ),
        migrations.AddField(
            model_name="postend",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="core.post"
            ),
        ),
        migrations.AddField(
            model_name="postend",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="registeredition",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="register_editions",
                to="core.agency",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountclosure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopened_at__isnull", True)),
                fields=("person",),
                name="account_closed_once",
            ),
        ),
        migrations.AddIndex(
            model_name="laterecord",
            index=models.Index(
                fields=["agency", "result", "spoken_at"], name="core_latere_agency__3232f2_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="laterecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "statement"), ("statement__isnull", False), ("why", "")),
                    models.Q(
                        ("result", "personal"),
                        ("statement__isnull", True),
                        models.Q(("why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="late_record_result_stands_for_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="laterecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gist", ""), _negated=True),
                    models.Q(("recording_sha256", ""), _negated=True),
                    _connector="OR",
                ),
                name="late_record_says_what_was_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="laterecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("recorded_at__gte", models.F("spoken_at"))), name="late_record_is_late"
            ),
        ),
        migrations.AddConstraint(
            model_name="mandateend",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", "revoked"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="mandate_revoked_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandateform",
            constraint=models.UniqueConstraint(fields=("mandate", "form"), name="mandate_form_once"),
        ),
        migrations.AddConstraint(
            model_name="mandatequestion",
            constraint=models.UniqueConstraint(fields=("mandate", "question"), name="mandate_question_once"),
        ),
        migrations.AddConstraint(
            model_name="registeredition",
            constraint=models.UniqueConstraint(fields=("agency", "number"), name="register_edition_unique"),
        ),
    ]
