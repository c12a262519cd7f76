"""The event with which a ground ends: recorded when it happens, or beforehand; the question then comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core import clock, events, permissions
from core.actions import trail
from core.enums import Codename
from core.errors import Invalid, NotAllowedNow
from core.models import Person
from core.rules import text
from workflows import locks
from workflows.refusal.models import BringBack, Outcome, Refusal, State

from . import coming_back
from .recording import record

NOTE_LIMIT = 2_000
FARTHEST = timedelta(days=366)


def record_end_of_ground(*, refusal: Refusal, happened_at: datetime, note: str, by: Person) -> BringBack:
    """Record that the event happened (a conclusion, a trial), or on which day it will. Sent twice, the first stands.

    Nothing depends on the sweep that brings the question back: from `happened_at` on the decision is not told any more.
    """
    with locks.beside(refusal.inquiry, by=by) as act:
        current = Refusal.objects.select_related("question", "inquiry__case", "inquiry__agency").get(
            pk=refusal.pk
        )
        permissions.check_role(by, Codename.PROPOSE_REFUSAL, agency=current.agency, at=act.at)
        permissions.check_can_see(by, current.case, at=act.at)
        check_ground_can_end(current)
        wording = text.clean_text(note, limit=NOTE_LIMIT)
        _check(current, wording, happened_at=happened_at, at=act.at)
        back = coming_back.with_its_ground(
            refusal=current, happened_at=happened_at, note=wording, by=by, at=act.at
        )
        ground = current.decision.ground
        data: dict[str, trail.Value] = {
            "bring_back": back.pk,
            "happened_at": happened_at,
            "ground": ground.citation if ground else "",
            "text_hash": trail.keyed_hash(back, wording),
        }
        record(
            events.REFUSAL_GROUND_ENDED,
            refusal=current,
            by=by,
            at=act.at,
            data=data,
            occurred_at=min(happened_at, act.at),
        )
    return back


def check_ground_can_end(refusal: Refusal) -> None:
    """The situation, whoever acts. Raises NotAllowedNow."""
    if refusal.state != State.DECIDED or refusal.decision.outcome == Outcome.REDIRECTED:
        raise NotAllowedNow(
            _("Only what was refused, and stands, has a ground that can end. Nothing was changed.")
        )
    if hasattr(refusal, "bring_back"):
        raise NotAllowedNow(
            _("That the ground ends is already recorded, for %(time)s.")
            % {"time": refusal.bring_back.happened_at.astimezone(clock.ZONE).strftime("%H:%M %d/%m/%Y")}
        )


def _check(refusal: Refusal, note: str, *, happened_at: datetime, at: datetime) -> None:
    if not note:
        raise Invalid(
            _(
                "Say what happened: the paper with its number and date, or the judgment. What you typed is kept."
            ),
            fields={"note": _("Say what happened.")},
        )
    decided = refusal.decision.decided_at.replace(second=0, microsecond=0)
    if happened_at < decided:
        raise Invalid(
            _(
                "That lies before the decision, so the ground did not hold even then. Record the request to look "
                "at the refusal again instead; what you typed is kept."
            ),
            fields={"happened_at": _("Not before the decision.")},
        )
    if happened_at > at + FARTHEST:
        raise Invalid(
            _("That is more than a year away. Correct the day; what you typed is kept."),
            fields={"happened_at": _("Correct the time.")},
        )
