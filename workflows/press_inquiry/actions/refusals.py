"""What the reply says of the questions that are refused: their decisions, and nothing of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core import permissions as core_permissions
from core.errors import Invalid, NotAllowedNow
from core.models import Inquiry, Person, Question
from workflows import base
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import DraftVersion, PressInquiryProcess
from workflows.press_inquiry.rules import Content, Refused
from workflows.refusal import queries as refusal_queries
from workflows.refusal.actions import deciding, opening
from workflows.refusal.actions.releasing import said
from workflows.refusal.models import Origin, Refusal

ASKED_AT = tuple(origin.value for origin in Origin if origin != Origin.RECONSIDERED)


def ask(task_id: int, *, questions: Sequence[Question], by: Person, remark: str = "") -> base.Step:
    """Ask, at an open step of triage, review, clearance or decision, for questions to be refused.

    Whoever may do the step may ask; the step itself stays open, but a decision waits: the inquiry goes back to its
    gate. Each question gets a procedure of its own.
    """
    node = base.task_or_404(task_id).flow_task.name
    if node not in ASKED_AT:
        raise NotAllowedNow(not_asked_at())
    do = base.execute if node == Origin.DECIDE else base.note
    return do(task_id, by=by, perform=lambda step: _open(step, Origin(node), questions, remark))


def not_asked_at() -> str:
    return _("A refusal is asked for at triage, review, clearance or decision. Nothing was changed.")


def check_is_replied_to(process: PressInquiryProcess) -> None:
    """Advice to a superior tells the press nothing, so no refusal either. Raises NotAllowedNow."""
    if process.is_advice:
        raise NotAllowedNow(
            _(
                "This goes up as advice to a superior, and the press is told nothing by it. Nothing was changed; what "
                "cannot be disclosed is said in the advice."
            )
        )


def _open(step: base.Step, origin: Origin, questions: Sequence[Question], remark: str) -> None:
    if not questions:
        raise Invalid(
            _("Choose the questions that are to be refused. What you typed is kept."),
            fields={"questions": _("Choose at least one.")},
        )
    core_permissions.check_can_see(step.by, step.process.case, at=step.at)
    check_is_replied_to(step.process)
    step.process.is_returned = False
    for question in questions:
        opening.open_refusal(question=question, origin=origin, by=step.by, at=step.at, remark=remark)


def decided(inquiry: Inquiry) -> tuple[Refused, ...]:
    """The decisions the reply is to state now, each with its words."""
    rows = refusal_queries.for_the_reply(inquiry)
    return tuple(
        Refused(question=each.question.number, decision=each.decision.pk, text=said(each)) for each in rows
    )


def stated(content: Content) -> list[Refusal]:
    """The refusals that a reply of this content states, in the order of their questions."""
    decisions = [refused.decision for refused in content.refusals]
    rows = refusal_queries.with_words(Refusal.objects.filter(decision__in=decisions))
    return list(rows.order_by("question__number"))


def stated_in(version: DraftVersion) -> list[Refusal]:
    return stated(queries.content_of(version))


def check_still_hold(version: DraftVersion, *, at: datetime) -> None:
    """The version states exactly what is decided now, and no ground has lapsed. Raises NotAllowedNow."""
    content = queries.content_of(version)
    for refusal in stated(content):
        deciding.check_still_holds(refusal, at=at)
    if content.refusals != decided(version.inquiry):
        raise NotAllowedNow(
            _(
                "The refusals of this inquiry changed since the text was written. Nothing was decided; return the "
                "draft, and it takes them in."
            )
        )
