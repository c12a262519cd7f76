"""Đề nghị xem xét lại: a second look by somebody who took no part. The refusal is never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import trail
from core.enums import Codename, StatementForm
from core.errors import Invalid, NotAllowedNow
from core.models import Person
from core.rules import text
from workflows import base, locks
from workflows.refusal.models import (
    Origin,
    Reconsideration,
    Refusal,
    RefusalProcess,
    Result,
    State,
)
from workflows.refusal.rules import reasons

from . import coming_back, deciding, opening
from .recording import PROCEDURE, record

GIST_LIMIT = 10_000


@dataclass(frozen=True, kw_only=True)
class Request:
    """What came from the journalist: who asks, when it was received, what is said for it."""

    received_at: datetime
    asked_by: str
    gist: str = ""


def ask(*, refusal: Refusal, request: Request, by: Person) -> Reconsideration:
    """Record the request and start the second look. Only what was told to the press can be looked at again."""
    with locks.beside(refusal.inquiry, by=by) as act:
        current = Refusal.objects.select_related("question", "inquiry__case", "inquiry__agency").get(
            pk=refusal.pk
        )
        permissions.check_role(by, Codename.REGISTER_INQUIRY, agency=current.agency, at=act.at)
        permissions.check_can_see(by, current.case, at=act.at)
        check_can_be_asked(current)
        look = _kept(current, request, by=by, at=act.at)
        data: dict[str, trail.Value] = {
            "second_look": look.pk,
            "received_at": look.received_at,
            "asked_by": look.asked_by,
            "text_hash": trail.keyed_hash(look, look.gist),
        }
        record(
            events.REFUSAL_SECOND_LOOK_ASKED,
            refusal=current,
            by=by,
            at=act.at,
            data=data,
            occurred_at=look.received_at,
        )
        base.procedure(PROCEDURE).asked_again.run(refusal=current, look=look)
    return look


def check_can_be_asked(refusal: Refusal) -> None:
    """The situation, whoever acts. Raises NotAllowedNow."""
    decision = getattr(refusal, "decision", None)
    if refusal.state != State.DECIDED or decision is None or not decision.is_stated:
        raise NotAllowedNow(
            _("Only a refusal that was told to the press and still stands can be looked at again.")
        )
    if refusal.reconsiderations.filter(result="").exists() or _is_being_told(refusal):
        raise NotAllowedNow(_("A second look at this refusal is under way already."))


def _is_being_told(refusal: Refusal) -> bool:
    return refusal.processes.filter(reconsideration__isnull=False, finished__isnull=True).exists()


def _kept(refusal: Refusal, request: Request, *, by: Person, at: datetime) -> Reconsideration:
    asked_by = text.clean_line(request.asked_by, limit=200)
    if not asked_by:
        raise Invalid(
            _("Say who asks for the second look. What you typed is kept."),
            fields={"asked_by": _("Say who asks.")},
        )
    told_at = refusal.decision.stated.statement.spoken_at.replace(second=0, microsecond=0)
    if not told_at <= request.received_at <= at:
        raise Invalid(
            _("The request was received between the day the press was told and now. What you typed is kept."),
            fields={"received_at": _("Correct the time.")},
        )
    return Reconsideration.objects.create(
        refusal=refusal, received_at=request.received_at, asked_by=asked_by,
        gist=text.clean_text(request.gist, limit=GIST_LIMIT), recorded_by=by, recorded_at=at,
    )  # fmt: skip


def begin(activation: Any, *, refusal: Refusal, look: Reconsideration) -> RefusalProcess:
    """Bind a new run to the refusal and the second look at it."""
    process: RefusalProcess = activation.process
    process.reconsideration = look
    return opening.begin(activation, refusal=refusal)


def judge(
    *, process: RefusalProcess, result: Result, reason: str, by: Person, at: datetime
) -> Reconsideration:
    """Uphold, change, or have the question answered, with the reason. By somebody who took no part.

    Changed: the question is proposed anew, as a refusal of its own that follows this one. Answered: it comes back.
    """
    look, refusal = process.reconsideration, process.refusal
    assert look is not None, "this run is a second look"
    if refusal.state != State.DECIDED:
        raise NotAllowedNow(_("This refusal stands no longer, so there is nothing to look at again."))
    if result != Result.ANSWERED:
        deciding.check_still_holds(refusal, at=at)
    look.result, look.judged_by, look.judged_at = result, by, at
    look.reason = reasons.checked(reason, ground=refusal.decision.ground)
    look.save(update_fields=["result", "judged_by", "judged_at", "reason"])
    following = _followed(refusal, result, look=look, by=by, at=at)
    data: dict[str, trail.Value] = {
        "second_look": look.pk,
        "result": str(result),
        "followed_by": following.pk if following else None,
        "text_hash": trail.keyed_hash(look, look.reason),
    }
    record(events.REFUSAL_SECOND_LOOK_JUDGED, refusal=refusal, by=by, at=at, data=data)
    return look


def _followed(
    refusal: Refusal, result: Result, *, look: Reconsideration, by: Person, at: datetime
) -> Refusal | None:
    if result == Result.ANSWERED:
        coming_back.to_be_answered(refusal=refusal, note=look.reason, by=by, at=at)
    if result != Result.CHANGED:
        return None
    refusal.state = State.REPLACED
    refusal.save(update_fields=["state"])
    return opening.open_refusal(
        question=refusal.question,
        origin=Origin.RECONSIDERED,
        by=by,
        at=at,
        remark=look.reason,
        follows=refusal,
    )


def approve(*, process: RefusalProcess, by: Person, at: datetime) -> None:
    """Approve that the press is told of what was upheld: under a mandate, with the capacity to sign the letter."""
    look, refusal = process.reconsideration, process.refusal
    assert look is not None, "this run is a second look"
    deciding.check_still_holds(refusal, at=at)
    mandate = permissions.check_may_speak(
        by, agency=refusal.agency, case=refusal.case, form=StatementForm.PRESS_RELEASE_OR_REPLY,
        questions=[refusal.question], at=at, lock=True,
    )  # fmt: skip
    capacity = permissions.check_may_sign(by, agency=refusal.agency, at=at)
    look.signer = by
    look.save(update_fields=["signer"])
    data: dict[str, trail.Value] = {"second_look": look.pk, "capacity": str(capacity.capacity)}
    record(events.REFUSAL_SECOND_LOOK_APPROVED, refusal=refusal, by=by, at=at, data=data, mandate=mandate)
