"""The ladder of one dispatch: which rungs, when each is due, when the head is told again. Pure.

The minutes are the agency's own regulation. Nothing delays a rung: no night, no holiday, no digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.enums import DispatchMeans, RungKind
from workflows.crisis.models import Rung

OURS = (RungKind.CHIEF_OF_OFFICE, RungKind.DEPUTY_HEAD, RungKind.HEAD)


@dataclass(frozen=True, kw_only=True)
class PlannedRung:
    number: int
    kind: RungKind
    due_at: datetime


def planned(
    *, sent_at: datetime, minutes: int, apart: int, means: DispatchMeans, has_another: bool
) -> list[PlannedRung]:
    """The rungs of a dispatch: the first once its minutes are over, each further one `apart` minutes later.

    Where nobody can be written to, our own phone call is the sending itself and due at once. The next contact is a
    rung only where the recipient has another one.
    """
    first = sent_at + timedelta(minutes=minutes)
    if means == DispatchMeans.PHONE:
        kinds, due = [RungKind.PHONE, *OURS], [sent_at, *_from(first, apart, len(OURS))]
    else:
        kinds = [RungKind.RESEND, *([RungKind.NEXT_CONTACT] if has_another else []), RungKind.PHONE, *OURS]
        due = _from(first, apart, len(kinds))
    return [
        PlannedRung(number=number, kind=kind, due_at=due_at)
        for number, (kind, due_at) in enumerate(zip(kinds, due, strict=True), start=1)
    ]


def _from(first: datetime, apart: int, count: int) -> list[datetime]:
    return [first + timedelta(minutes=max(apart, 1) * place) for place in range(count)]


def next_due(rungs: Iterable[Rung], *, at: datetime) -> Rung | None:
    """Of the rungs not climbed yet the one due first by the instant; the lower one of two that are due together."""
    due = [rung for rung in rungs if rung.climbed_at is None and rung.due_at <= at]
    return min(due, key=lambda rung: (rung.due_at, rung.dispatch_id, rung.number), default=None)


def told_again(due_at: datetime, *, every: int, at: datetime) -> datetime:
    """When the head is told again: after the instant, so that a worker that was down tells once, not for each hour."""
    step = timedelta(minutes=max(every, 1))
    missed = max((at - due_at) // step, 0)
    return due_at + step * (missed + 1)
