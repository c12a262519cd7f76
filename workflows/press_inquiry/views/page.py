"""What every step of this procedure shows around its form: where the inquiry stands, its texts and remarks."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import ReplyForm
from core.models import Attachment, Inquiry
from core.rules.mail import defect_sentence
from documents import fonts
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import DraftVersion, PressInquiryProcess, VerdictKind
from workflows.press_inquiry.rules import Refused
from workflows.progress import Progress, Stage, position, row_of_steps
from workflows.refusals.rows import rows_on
from workflows.steps import StepView

STEPS = (
    Stage("register", ("register", "register_by_hand"), _("Register")),
    Stage("triage", ("triage",), _("Triage")),
    Stage("assign", ("assign",), _("Assign")),
    Stage("draft", ("draft",), _("Draft the reply")),
    Stage("review", ("review",), _("Review")),
    Stage("clear", ("clear",), _("Clearance")),
    Stage("decide", ("decide",), _("Decide")),
    Stage("issue", ("sign", "stamp"), _("Sign and stamp")),
    Stage("release", ("release",), _("Release")),
    Stage("follow_up", ("follow_up",), _("Follow up")),
)
WITHOUT_DOCUMENT = "issue"


class InquiryStep(StepView):
    """A step of the press inquiry."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = progress(self.process, at_node=self.task.flow_task.name if self.is_open else "")
        current = position(steps)
        return super().get_context_data(**kwargs) | {
            "steps": steps,
            "position": current,
            "current_title": steps[current - 1].title if current else "",
            "questions": self.inquiry.questions.all(),
            "refusals": rows_on(self.inquiry),
            "mails": list(self.inquiry.incoming_mails.all()),
            "attachments": [attachment_row(each) for each in self.inquiry.attachments.exclude(sha256="")],
        }


def attachment_row(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "size": attachment.size,
        "type": attachment.media_type,
        "url": reverse("attachment", args=[attachment.pk]),
    }


class VersionStep(InquiryStep):
    """A step that looks at the latest version of the reply."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = queries.versions_with_verdicts(self.inquiry)
        latest = versions[0] if versions else None
        earlier = versions[1] if len(versions) > 1 else None
        return super().get_context_data(**kwargs) | {
            "version": latest,
            "earlier": earlier,
            "before_text": queries.content_of(earlier).as_text() if earlier else "",
            "after_text": queries.content_of(latest).as_text() if latest else "",
            "versions": versions,
            "answers": answers_of(latest),
            "reply_form_label": ReplyForm(latest.reply_form).label if latest else "",
            "letters_lost": letters_lost(latest),
        }


def progress(process: PressInquiryProcess, *, at_node: str) -> list[Progress]:
    """The ten steps with what has become of each in this run; a document's own only where one goes out."""
    tasks = [task for task in process.task_set.order_by("pk") if task.flow_task is not None]
    verdicts = process.inquiry.versions.filter(verdicts__kind=VerdictKind.SKIPPED)
    skipped = set(verdicts.values_list("verdicts__step", flat=True))
    stages = [stage for stage in STEPS if _on_path(stage.code, process)]
    steps = row_of_steps(stages, tasks, at_node=at_node, skipped=skipped)
    if process.inquiry.is_registered:
        steps[0] = Progress(STEPS[0].title, "done")
    return steps


def _on_path(code: str, process: PressInquiryProcess) -> bool:
    return code != WITHOUT_DOCUMENT or process.inquiry.reply_form in ("", ReplyForm.LETTER)


class AnswerShown(NamedTuple):
    number: int
    question: str
    redirected_to: str
    text: str
    is_refusal: bool


def answers_of(version: DraftVersion | None) -> list[AnswerShown]:
    """Each question of a version with the exact text that answers it, or says why it is not answered."""
    if version is None:
        return []
    questions = {question.number: question for question in version.inquiry.questions.all()}
    rows = []
    for part in queries.content_of(version).said:
        question = questions.get(part.question)
        rows.append(
            AnswerShown(
                number=part.question,
                question=question.text if question else "",
                redirected_to=question.redirected_to if question else "",
                text=part.text,
                is_refusal=isinstance(part, Refused),
            )
        )
    return rows


def letters_lost(version: DraftVersion | None) -> list[str]:
    """The letters of a version that an official letter cannot print."""
    if version is None or version.reply_form != ReplyForm.LETTER:
        return []
    return fonts.unprintable(queries.content_of(version).as_text())


def mail_facts(inquiry: Inquiry) -> list[dict[str, Any]]:
    """The mails of an inquiry with what was odd about each, in words."""
    return [
        {"mail": mail, "oddities": [defect_sentence(defect) for defect in mail.defects]}
        for mail in inquiry.incoming_mails.all()
    ]
