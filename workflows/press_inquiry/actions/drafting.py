"""From the lead unit's head to a person, and from that person to a numbered version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core import permissions as core_permissions
from core.actions import casefile
from core.enums import Codename, ReplyForm
from core.errors import Invalid
from core.models import Inquiry, Person, Question
from core.queries import organisation
from core.rules import text
from workflows.press_inquiry import queries, rules
from workflows.press_inquiry.models import DraftVersion, PressInquiryProcess
from workflows.press_inquiry.rules import Answer, Content

from . import refusals, versions
from .ending import check_reason
from .recording import record

ANSWER_LIMIT = 100_000


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What the drafter hands in: an answer per question, or talking points for an interview."""

    reply_form: ReplyForm
    answers: Mapping[int, str] = field(default_factory=dict)
    talking_points: str = ""
    questions_beforehand: str = ""


def assign(*, process: PressInquiryProcess, to: Person, by: Person, at: datetime) -> None:
    """Give the draft to a person of the lead unit."""
    inquiry = process.inquiry
    unit = inquiry.lead_unit
    core_permissions.check_role(to, Codename.DRAFT_REPLY, agency=inquiry.agency, unit=unit, at=at)
    _check_reviewable(process, to, at=at)
    process.drafter = to
    process.accepted_at = None
    process.is_returned = False
    casefile.involve(case=inquiry.case, person=to)
    data = {"person": to.pk, "person_name": to.full_name, "unit": unit.code if unit else ""}
    record(events.INQUIRY_ASSIGNED, inquiry=inquiry, by=by, at=at, data=data)


def _check_reviewable(process: PressInquiryProcess, to: Person, *, at: datetime) -> None:
    """Whoever drafts does not review: somebody else in the unit must be able to."""
    agency, unit = process.inquiry.agency, process.inquiry.lead_unit
    reviewers = organisation.people_with(Codename.REVIEW_DRAFT, agency=agency, unit=unit, at=at)
    if not reviewers.exclude(pk=to.pk).exists():
        raise Invalid(
            _("%(person)s is the only one who reviews drafts here. Choose somebody else to draft.")
            % {"person": to.full_name},
            fields={"person": _("Choose somebody else.")},
        )


def accept(*, process: PressInquiryProcess, by: Person, at: datetime) -> None:
    """The drafter accepts; saying so twice changes nothing."""
    if process.accepted_at is None:
        process.accepted_at = at
        process.save(update_fields=["accepted_at"])
        record(events.ASSIGNMENT_ACCEPTED, inquiry=process.inquiry, by=by, at=at)


def give_back(*, process: PressInquiryProcess, reason: str, by: Person, at: datetime) -> None:
    """The drafter gives the assignment back to the unit's head, with a reason."""
    check_reason(reason)
    process.is_returned = True
    record(events.ASSIGNMENT_RETURNED, inquiry=process.inquiry, by=by, at=at, reason=reason.strip())


def submit(*, process: PressInquiryProcess, submission: Submission, by: Person, at: datetime) -> DraftVersion:
    """Hand in a version. Submitting accepts an assignment not yet accepted."""
    inquiry = process.inquiry
    content = content_from(inquiry, submission)
    accept(process=process, by=by, at=at)
    process.is_returned = False
    inquiry.reply_form = submission.reply_form
    inquiry.save(update_fields=["reply_form"])
    return versions.write(inquiry=inquiry, content=content, author=by, at=at)


def content_from(inquiry: Inquiry, submission: Submission) -> Content:
    """Clean what was typed into the content of a version. Raises Invalid, naming every answer that is missing."""
    questions = list(queries.questions_to_answer(inquiry))
    answers = tuple(_answer(question, submission) for question in questions)
    is_interview = submission.reply_form == ReplyForm.INTERVIEW
    talking_points = text.clean_text(submission.talking_points, limit=ANSWER_LIMIT)
    if is_interview and not talking_points and not any(answer.text for answer in answers):
        raise Invalid(
            _("Write the talking points, or answer the questions. What you typed is kept."),
            fields={"talking_points": _("Write the talking points.")},
        )
    missing = rules.missing_answers([question.number for question in questions], answers)
    if missing and not is_interview:
        raise Invalid(
            _("These questions have no answer yet: %(numbers)s. What you typed is kept.")
            % {"numbers": ", ".join(map(str, missing))},
            fields={f"answer_{number}": _("Write an answer.") for number in missing},
        )
    return Content(
        reply_form=submission.reply_form,
        answers=tuple(answer for answer in answers if answer.text),
        refusals=refusals.decided(inquiry),
        talking_points=talking_points,
        questions_beforehand=text.clean_text(submission.questions_beforehand, limit=ANSWER_LIMIT),
    )


def _answer(question: Question, submission: Submission) -> Answer:
    given = submission.answers.get(question.number, "")
    return Answer(question=question.number, text=text.clean_text(given, limit=ANSWER_LIMIT))
