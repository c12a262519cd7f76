"""How a deadline ends: met, late, or no longer owed. Ended once, it stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from core import events
from core.actions import trail
from core.actions.law import reasoned
from core.enums import DeadlineOutcome
from core.models import Deadline, Inquiry, Person

from .holding import (
    about,
    check_has_come,
    check_may_keep,
    check_no_publication,
    check_not_before,
    check_open,
    locked,
    refresh_due,
)
from .moving import let_run


@transaction.atomic
def finish(*, deadline: Deadline, done_at: datetime, by: Person, at: datetime) -> None:
    """Record that what a deadline asked for was done, and when; in time or late follows from that."""
    row = locked(deadline.pk)
    check_may_keep(by, row, at=at)
    check_no_publication(row)
    check_open(row)
    check_has_come(done_at, at=at, field="done_at")
    check_not_before(row, done_at, field="done_at")
    judge(row, done_at=done_at, by=by, at=at)


@transaction.atomic
def void(*, deadline: Deadline, reason: str, by: Person, at: datetime) -> None:
    """End a deadline that was entered in error or is no longer owed: without a verdict, with the reason."""
    row = locked(deadline.pk)
    check_may_keep(by, row, at=at)
    check_open(row)
    _close(row, outcome=DeadlineOutcome.VOID, by=by, at=at, reason=reasoned(reason))


def end_answered(
    *, inquiry: Inquiry, spoken_at: datetime, by: Person | None, at: datetime, keys: Iterable[str]
) -> None:
    """An answer was given: the clocks of these duties end, in time or late."""
    for row in _open_of(inquiry, keys):
        judge(row, done_at=spoken_at, by=by, at=at)


def end_void(*, inquiry: Inquiry, by: Person | None, at: datetime, keys: Iterable[str]) -> None:
    """Nothing is owed any more: the clocks of these duties end without a verdict."""
    for row in _open_of(inquiry, keys):
        _close(row, outcome=DeadlineOutcome.VOID, by=by, at=at)


def _open_of(inquiry: Inquiry, keys: Iterable[str]) -> list[Deadline]:
    rows = Deadline.objects.open().filter(inquiry=inquiry, key__code__in=list(keys)).order_by("pk")
    return [row for row in map(locked, rows.values_list("pk", flat=True)) if row.is_open]


@transaction.atomic
def end(*, deadline_id: int, by: Person | None, at: datetime, done_at: datetime | None = None) -> None:
    """What the deadline asked for is done now, or was at `done_at`; a second call finds it ended."""
    row = locked(deadline_id)
    if row.is_open:
        judge(row, done_at=done_at or at, by=by, at=at)


@transaction.atomic
def drop(*, deadline_id: int, at: datetime) -> None:
    """What the deadline asked for is not to be done any more; a second call finds it ended."""
    row = locked(deadline_id)
    if row.is_open:
        _close(row, outcome=DeadlineOutcome.VOID, by=None, at=at)


@transaction.atomic
def set_aside(*, deadline_id: int, reason: str, by: Person, at: datetime) -> None:
    """Whoever may judge what happened judged it anew: what was owed by it ends without a verdict, with the reason."""
    row = locked(deadline_id)
    if row.is_open:
        _close(row, outcome=DeadlineOutcome.VOID, by=by, at=at, reason=reasoned(reason))


def judge(
    row: Deadline,
    *,
    done_at: datetime,
    by: Person | None,
    at: datetime,
    told: Mapping[str, trail.Value] | None = None,
) -> None:
    """Judge by the deadline as it is once a standing clock runs again."""
    let_run(row, at=at)
    outcome = DeadlineOutcome.LATE if row.is_late(done_at) else DeadlineOutcome.MET
    _close(row, outcome=outcome, by=by, at=at, occurred_at=done_at, told=told)


def _close(
    row: Deadline,
    *,
    outcome: DeadlineOutcome,
    by: Person | None,
    at: datetime,
    occurred_at: datetime | None = None,
    reason: str = "",
    told: Mapping[str, trail.Value] | None = None,
) -> None:
    row.ended_at, row.outcome = occurred_at or at, outcome
    row.save(update_fields=["ended_at", "outcome"])
    row.pauses.filter(resumed_at__isnull=True).update(resumed_at=at)
    refresh_due(row)
    data = about(row) | {"outcome": outcome.value, "due": row.due, **(told or {})}
    trail.record(
        events.DEADLINE_ENDED, case=row.case, by=by, at=at, subject=row, data=data, reason=reason,
        occurred_at=occurred_at,
    )  # fmt: skip
