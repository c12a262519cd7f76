from typing import Any

from django.core.management.base import CommandError
from django.db import migrations, models

# What the points of both press laws' lists protect.
KINDS = {
    ("103/2016/QH13", "a"): "secret",
    ("103/2016/QH13", "b"): "investigation",
    ("103/2016/QH13", "c"): "inspection",
    ("103/2016/QH13", "d"): "draft_policy",
    ("126/2025/QH15", "a"): "secret",
    ("126/2025/QH15", "b"): "investigation",
    ("126/2025/QH15", "c"): "inspection",
}


def name_the_kinds(apps: Any, _schema_editor: Any) -> None:
    grounds = apps.get_model("core", "Provision").objects.filter(is_ground=True).select_related("instrument")
    for ground in grounds:
        kind = KINDS.get((ground.instrument.number, ground.point))
        if kind is None:
            raise CommandError(
                f"The provision {ground.code} is marked as a ground for refusal, and this release does not know what "
                "it protects. Nothing was changed. Take the mark away in the release before, then migrate again."
            )
        ground.ground_kind = kind
        ground.save(update_fields=["ground_kind"])


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_posts_know_when"),
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
                    ("close_case", "close case"),
                    ("draft_delegation", "draft delegation"),
                    ("delegate_speaking", "delegate speaking"),
                    ("register_delegation", "register delegation"),
                    ("publish_speakers", "publish speakers"),
                    ("keep_deadlines", "keep deadlines"),
                    ("propose_refusal", "propose refusal"),
                    ("reconsider_refusal", "reconsider refusal"),
                    ("publish_calendar", "publish calendar"),
                    ("handle_case", "handle this case"),
                    ("speak_on_case", "speak on this case"),
                ),
                "verbose_name": "case",
                "verbose_name_plural": "cases",
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="may_withhold",
            field=models.BooleanField(
                default=False,
                help_text="No outcome of the Press Law: the head alone decides it, it cites no provision, auditors list it.",
                verbose_name="may answer “considered, not provided yet”",
            ),
        ),
        migrations.AddField(
            model_name="provision",
            name="ground_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("secret", "Secrets"),
                    ("investigation", "Criminal investigation, or no trial yet"),
                    ("inspection", "Inspection, complaint, denunciation or dispute without a conclusion"),
                    ("draft_policy", "Draft policy"),
                ],
                max_length=14,
                verbose_name="what the ground protects",
            ),
        ),
        migrations.RunPython(name_the_kinds, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="inquiry",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "Answered"),
                    ("partly_answered", "Partly answered"),
                    ("refused", "Refused"),
                    ("partly_refused", "Partly refused"),
                    ("withheld", "Considered, not provided yet"),
                    ("redirected", "Redirected"),
                    ("advice_given", "Advice given"),
                    ("withdrawn", "Withdrawn by the journalist"),
                    ("not_a_request", "Not a request for information"),
                    ("foreign_press", "Foreign press: handled under another decree"),
                    ("off_system", "Handled off-system"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("answered", "Answered"),
                    ("redirected", "Redirected"),
                    ("refused", "Refused"),
                    ("withheld", "Considered, not provided yet"),
                    ("off_system", "Handled off-system"),
                    ("not_answered", "Not answered"),
                ],
                default="open",
                max_length=16,
                verbose_name="outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="provision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground_kind", ""), ("is_ground", False)),
                    models.Q(("is_ground", True), models.Q(("ground_kind", ""), _negated=True)),
                    _connector="OR",
                ),
                name="provision_ground_has_a_kind",
            ),
        ),
    ]
