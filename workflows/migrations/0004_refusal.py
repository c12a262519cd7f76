import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_refusals"),
        ("documents", "0001_initial"),
        ("viewflow", "0015_task_scheduled"),
        ("workflows", "0003_delegation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="draftversion",
            name="refusals",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="taskassignment",
            name="question",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.question",
                verbose_name="only this question",
            ),
        ),
        migrations.AddField(
            model_name="taskassignment",
            name="took_part",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="none of these, who took part",
            ),
        ),
        migrations.AlterField(
            model_name="draftversion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submission", "Submission of the drafter"),
                    ("correction", "Correction by the head in the act of approving"),
                    ("reuse", "Reuse of a released text"),
                    ("outcomes", "The refusals decided since were taken in"),
                ],
                default="submission",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("triage", "Triage"),
                            ("review", "Review of the content"),
                            ("clear", "Clearance"),
                            ("decide", "Decision"),
                            ("reconsidered", "A second look at an earlier refusal"),
                        ],
                        max_length=12,
                        verbose_name="asked for at",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being decided"),
                            ("decided", "Decided"),
                            ("to_answer", "Sent back to be answered"),
                            ("lapsed", "Brought back: the ground has lapsed"),
                            ("answered", "Brought back: to be answered after a second look"),
                            ("replaced", "Replaced after a second look"),
                            ("withdrawn", "Given up: the inquiry has ended"),
                            ("off_system", "Handled off-system"),
                            ("reopened", "Brought back: the inquiry was reopened"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="workflows.refusal",
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="core.inquiry",
                    ),
                ),
                (
                    "letter_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="workflows.refusal",
                        verbose_name="letter",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="core.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "refusal",
                "verbose_name_plural": "refusals",
                "ordering": ["opened_at", "pk"],
                "indexes": [
                    models.Index(fields=["inquiry", "state"], name="workflows_r_inquiry_928d69_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("question",),
                        name="refusal_open_once_for_a_question",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconsideration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("asked_by", models.CharField(max_length=200, verbose_name="who asks")),
                ("gist", models.TextField(blank=True, verbose_name="what is said for it")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld"),
                            ("changed", "Changed"),
                            ("answered", "To be answered"),
                        ],
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("judged_at", models.DateTimeField(blank=True, null=True, verbose_name="judged at")),
                (
                    "judged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "signer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconsideration",
                        to="core.statement",
                    ),
                ),
                (
                    "refusal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconsiderations",
                        to="workflows.refusal",
                    ),
                ),
            ],
            options={
                "verbose_name": "second look",
                "verbose_name_plural": "second looks",
                "ordering": ["received_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", "")),
                        fields=("refusal",),
                        name="reconsideration_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_by__isnull", True), ("result", "")),
                            models.Q(
                                models.Q(("result", ""), _negated=True),
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reconsideration_judged_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BringBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("lapsed", "The ground has lapsed"),
                            ("reconsidered", "A second look found that the question is to be answered"),
                        ],
                        max_length=14,
                        verbose_name="why it comes back",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="happened at")),
                ("note", models.TextField(blank=True, verbose_name="what happened")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="brought back at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refusal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bring_back",
                        to="workflows.refusal",
                    ),
                ),
            ],
            options={
                "verbose_name": "question brought back",
                "verbose_name_plural": "questions brought back",
                "ordering": ["happened_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["happened_at"],
                        name="bring_back_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusalProcess",
            fields=[
                (
                    "process_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="viewflow.process",
                    ),
                ),
                (
                    "definition_version",
                    models.CharField(max_length=20, verbose_name="version of the procedure"),
                ),
                (
                    "is_returned",
                    models.BooleanField(default=False, verbose_name="the last step sent it back"),
                ),
                (
                    "reconsideration",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="process",
                        to="workflows.reconsideration",
                    ),
                ),
                (
                    "refusal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="processes",
                        to="workflows.refusal",
                    ),
                ),
            ],
            options={
                "verbose_name": "refusal process",
                "verbose_name_plural": "refusal processes",
            },
            bases=("viewflow.process",),
        ),
        migrations.CreateModel(
            name="RefusalVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "step",
                    models.CharField(
                        choices=[("propose", "Proposal"), ("review", "Legal review")],
                        max_length=8,
                        verbose_name="step",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("refused", "Refused on a ground of the law"),
                            ("redirected", "Beyond our competence: redirected"),
                            ("withheld", "Considered, not provided yet"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "redirected_to",
                    models.CharField(blank=True, max_length=200, verbose_name="competent agency"),
                ),
                (
                    "watch_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("conclusion", "Conclusion of the inspection"),
                            ("resolution", "The complaint, denunciation or dispute is settled"),
                            ("trial", "The case was tried, or was dropped"),
                            ("approval", "The draft may be published"),
                            ("declassification", "The secret is declassified, or its term ends"),
                            ("other", "Another event"),
                        ],
                        max_length=16,
                        verbose_name="event to watch",
                    ),
                ),
                (
                    "watch_what",
                    models.CharField(blank=True, max_length=300, verbose_name="what happens then"),
                ),
                ("watch_on", models.DateField(blank=True, null=True, verbose_name="expected on")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "ground",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.provision",
                        verbose_name="ground",
                    ),
                ),
                (
                    "refusal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="workflows.refusal",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.ruleset",
                        verbose_name="law",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a refusal",
                "verbose_name_plural": "versions of a refusal",
                "ordering": ["refusal", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("refusal", "number"), name="refusal_version_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground__isnull", False), ("outcome", "refused")),
                            models.Q(
                                models.Q(("outcome", "refused"), _negated=True), ("ground__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="refusal_version_ground_iff_refused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusalDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("refused", "Refused on a ground of the law"),
                            ("redirected", "Beyond our competence: redirected"),
                            ("withheld", "Considered, not provided yet"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("citation", models.CharField(blank=True, max_length=300, verbose_name="citation")),
                ("decider_post", models.TextField(blank=True, verbose_name="post")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                ("entry_id", models.UUIDField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "ground",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusals",
                        to="core.provision",
                        verbose_name="ground",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.mandate"
                    ),
                ),
                (
                    "refusal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="workflows.refusal",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.ruleset",
                        verbose_name="law",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="workflows.refusalversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision to refuse",
                "verbose_name_plural": "decisions to refuse",
                "ordering": ["decided_at", "pk"],
                "indexes": [
                    models.Index(fields=["ground", "decided_at"], name="workflows_r_ground__5638dc_idx"),
                    models.Index(fields=["decided_at"], name="workflows_r_decided_759d44_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ground__isnull", False),
                                ("outcome", "refused"),
                                models.Q(("citation", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("outcome", "refused"), _negated=True),
                                ("citation", ""),
                                ("ground__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="refusal_decision_cites_iff_refused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatedOutcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated",
                        to="workflows.refusaldecision",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_refusals",
                        to="documents.issueddocument",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_refusals",
                        to="core.statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "stated outcome",
                "verbose_name_plural": "stated outcomes",
            },
        ),
    ]
