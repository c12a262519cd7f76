"""What every step of this procedure shows around its form: where the inquiry stands, its texts and remarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import ReplyForm
from core.models import Attachment, Inquiry
from core.rules.mail import defect_sentence
from documents import fonts
from workflows.base import OPEN
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import DraftVersion, PressInquiryProcess, VerdictKind
from workflows.steps import StepView

STEPS: tuple[tuple[str, tuple[str, ...], str | Promise], ...] = (
    ("register", ("register", "register_by_hand"), _("Register")),
    ("triage", ("triage",), _("Triage")),
    ("assign", ("assign",), _("Assign")),
    ("draft", ("draft",), _("Draft the reply")),
    ("review", ("review",), _("Review")),
    ("clear", ("clear",), _("Clearance")),
    ("decide", ("decide",), _("Decide")),
    ("issue", ("sign", "stamp"), _("Sign and stamp")),
    ("release", ("release",), _("Release")),
    ("follow_up", ("follow_up",), _("Follow up")),
)
WITHOUT_DOCUMENT = "issue"


class Progress(NamedTuple):
    title: str | Promise
    state: str


class InquiryStep(StepView):
    """A step of the press inquiry."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = progress(self.process, at_node=self.task.flow_task.name if self.is_open else "")
        current = next((number for number, step in enumerate(steps, 1) if step.state == "current"), 0)
        return super().get_context_data(**kwargs) | {
            "steps": steps,
            "position": current,
            "current_title": steps[current - 1].title if current else "",
            "questions": self.inquiry.questions.all(),
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
    steps = [
        Progress(title, _state(names, tasks, is_skipped=code in skipped, at_node=at_node))
        for code, names, title in STEPS
        if _on_path(code, process)
    ]
    if process.inquiry.is_registered:
        steps[0] = Progress(STEPS[0][2], "done")
    return _sent_back(steps)


def _on_path(code: str, process: PressInquiryProcess) -> bool:
    return code != WITHOUT_DOCUMENT or process.inquiry.reply_form in ("", ReplyForm.LETTER)


def _state(names: Sequence[str], tasks: Sequence[Task], *, is_skipped: bool, at_node: str) -> str:
    mine = [task for task in tasks if task.flow_task.name in names]
    if at_node in names or any(task.status in OPEN for task in mine):
        return "current"
    if not any(task.status == STATUS.DONE for task in mine):
        return "upcoming"
    return "skipped" if is_skipped else "done"


def _sent_back(steps: list[Progress]) -> list[Progress]:
    """Where a step sent the text back, that step is marked and those between are to be done again."""
    states = [step.state for step in steps]
    here = states.index("current") if "current" in states else len(states)
    done_after = [number for number in range(here + 1, len(states)) if states[number] in ("done", "skipped")]
    again = {number: "returned" if number == done_after[-1] else "upcoming" for number in done_after}
    return [Progress(step.title, again.get(number, step.state)) for number, step in enumerate(steps)]


class AnswerShown(NamedTuple):
    number: int
    question: str
    redirected_to: str
    text: str


def answers_of(version: DraftVersion | None) -> list[AnswerShown]:
    """Each question of a version with the exact text that answers it."""
    if version is None:
        return []
    questions = {question.number: question for question in version.inquiry.questions.all()}
    rows = []
    for row in version.answers:
        question = questions.get(row["question"])
        rows.append(
            AnswerShown(
                number=row["question"],
                question=question.text if question else "",
                redirected_to=question.redirected_to if question else "",
                text=row["text"],
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
