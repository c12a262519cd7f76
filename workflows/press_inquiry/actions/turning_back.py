"""A question comes back, or goes, while the inquiry stands at any step: the run turns to where it belongs."""

from __future__ import annotations

from datetime import datetime

from core.enums import InquiryOutcome, QuestionOutcome
from core.models import Inquiry, Person
from workflows import base, nodes
from workflows.press_inquiry.models import PressInquiryProcess, TriageExit

from . import ending
from .recording import PROCEDURE

BEFORE_A_NUMBER = ("await_letters", "decide")
PAST_THE_DECISION = ("issue", "sign", "stamp", "release", "follow_up")
NOT_TOLD = (QuestionOutcome.OPEN, QuestionOutcome.OFF_SYSTEM)
WITH_A_DRAFT = ("review", "clear", "await_refusals", *BEFORE_A_NUMBER)


def take_up(*, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """Take questions up that are open again, the inquiry's latest run being held. Those settled stay settled.

    Ended: a new run begins at triage. Past the decision: what was prepared is not released, and a new run begins.
    Decided, or waiting for letters: back to the gate before. Earlier: nothing, the path still comes to them.
    """
    process = _latest(inquiry)
    standing = _steps(process)
    if inquiry.is_ended:
        _begin_anew(inquiry, reason=reason, at=at)
    elif standing & set(PAST_THE_DECISION):
        base.run_to_end(process, end="taken_back")
        _begin_anew(inquiry, reason=reason, at=at)
    elif standing & set(BEFORE_A_NUMBER):
        base.go_back_to(process, gate="await_refusals")
    else:
        nodes.pass_gates(inquiry)


def _begin_anew(inquiry: Inquiry, *, reason: str, at: datetime) -> None:
    base.procedure(PROCEDURE).reopen.run(inquiry=inquiry, by=None, reason=reason, at=at, only_open=True)


def after_purge(*, process: PressInquiryProcess, by: Person, at: datetime) -> None:
    """Nothing of a draft is left: other questions are drafted anew; without any the inquiry ends.

    An inquiry that has ended keeps its outcome. Once everything was answered the follow-up goes on.
    """
    inquiry = process.inquiry
    if inquiry.is_ended:
        return
    standing = _steps(process)
    if not inquiry.questions_spoken_to.exists():
        if inquiry.answer_owed:
            _end(process, by=by, at=at)
    elif standing & set(PAST_THE_DECISION):
        base.run_to_end(process, end="taken_back")
        _begin_anew(inquiry, reason="", at=at)
    elif standing & set(WITH_A_DRAFT):
        base.go_back_to(process, gate="await_refusals")


def _end(process: PressInquiryProcess, *, by: Person, at: datetime) -> None:
    """Off-system where the press was told nothing, else by what the letters told."""
    inquiry = process.inquiry
    if inquiry.questions.exclude(outcome__in=NOT_TOLD).exists():
        base.run_to_end(process, end=ending.end_as_told(inquiry=inquiry, at=at))
        return
    process.triage_exit = TriageExit.OFF_SYSTEM
    process.save(update_fields=["triage_exit"])
    ending.end(inquiry=inquiry, outcome=InquiryOutcome.OFF_SYSTEM, by=by, at=at)
    base.run_to_end(process, end="off_system")


def _latest(inquiry: Inquiry) -> PressInquiryProcess:
    found: PressInquiryProcess = inquiry.processes.latest("pk")
    return found


def _steps(process: PressInquiryProcess) -> set[str]:
    """The names of the nodes at which the run stands."""
    return {task.flow_task.name for task in process.task_set.filter(finished__isnull=True)}
