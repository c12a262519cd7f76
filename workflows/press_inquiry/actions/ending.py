"""The named ends, withdrawal and what is then still owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock, events
from core.actions import trail
from core.enums import InquiryOutcome, QuestionOutcome
from core.errors import Invalid
from core.models import Inquiry, Person
from workflows.press_inquiry import permissions
from workflows.press_inquiry.models import TriageExit
from workflows.press_inquiry.rules import outcome_of
from workflows.refusal.actions import ending as refusals

from . import clocks
from .recording import record

AT_TRIAGE: dict[str, InquiryOutcome] = {
    TriageExit.NOT_A_REQUEST: InquiryOutcome.NOT_A_REQUEST,
    TriageExit.FOREIGN_PRESS: InquiryOutcome.FOREIGN_PRESS,
    TriageExit.OFF_SYSTEM: InquiryOutcome.OFF_SYSTEM,
}
STILL_OWED = (InquiryOutcome.ADVICE_GIVEN, InquiryOutcome.FOREIGN_PRESS)


def end(*, inquiry: Inquiry, outcome: InquiryOutcome, by: Person | None, at: datetime) -> None:
    """Record the outcome. After advice to a superior our own duty to answer the press agency stays open."""
    inquiry.outcome = outcome
    inquiry.answer_owed = outcome in STILL_OWED
    inquiry.save(update_fields=["outcome", "answer_owed"])
    outcomes = _outcomes(inquiry)
    data: dict[str, trail.Value] = {
        "outcome": outcome.value,
        "answer_owed": inquiry.answer_owed,
        "answered": outcomes.count(QuestionOutcome.ANSWERED),
        "redirected": outcomes.count(QuestionOutcome.REDIRECTED),
        "refused": outcomes.count(QuestionOutcome.REFUSED),
        "withheld": outcomes.count(QuestionOutcome.WITHHELD),
        "off_system": outcomes.count(QuestionOutcome.OFF_SYSTEM),
        "not_answered": outcomes.count(QuestionOutcome.NOT_ANSWERED),
    }
    record(events.INQUIRY_ENDED, inquiry=inquiry, by=by, at=at, data=data)
    if not inquiry.answer_owed:
        clocks.give_up(inquiry=inquiry, by=by, at=at)


def _outcomes(inquiry: Inquiry) -> list[str]:
    return list(inquiry.questions.values_list("outcome", flat=True))


def withdraw(*, inquiry: Inquiry, reason: str, by: Person, at: datetime, step: str) -> None:
    """The journalist no longer asks. Whatever was open is not answered."""
    permissions.check_can_be_withdrawn(inquiry)
    check_reason(reason)
    refusals.give_up(inquiry=inquiry, by=by, at=at)
    inquiry.questions.filter(outcome=QuestionOutcome.OPEN).update(outcome=QuestionOutcome.NOT_ANSWERED)
    record(
        events.INQUIRY_WITHDRAWN, inquiry=inquiry, by=by, at=at, data={"step": step}, reason=reason.strip()
    )
    end(inquiry=inquiry, outcome=InquiryOutcome.WITHDRAWN, by=by, at=at)


def conclude(activation: Any) -> None:
    """Everything was told by letters of refusal: the inquiry ends."""
    end_as_told(inquiry=activation.process.inquiry, at=clock.now())


def end_as_told(*, inquiry: Inquiry, at: datetime) -> InquiryOutcome:
    """The inquiry ends by what its letters told, its clocks with the last of them."""
    last = inquiry.statements.order_by("-spoken_at", "-pk").select_related("speaker").first()
    assert last is not None, "an outcome is told by a statement"
    clocks.end_with_answer(inquiry=inquiry, spoken_at=last.spoken_at, by=last.speaker, at=at)
    outcome = outcome_of(_outcomes(inquiry))
    end(inquiry=inquiry, outcome=outcome, by=last.speaker, at=at)
    return outcome


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )
