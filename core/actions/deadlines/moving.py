"""What moves an open deadline: an extension, a stopped clock, a new calendar. Each change is kept with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.actions.law import reasoned
from core.enums import ChangeKind
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, DeadlineChange, DeadlineExtension, DeadlinePause, Inquiry, Person
from core.queries import calendar as calendars
from core.queries import law
from core.rules import deadlines as rules
from core.rules.deadlines import Pause
from core.rules.text import clean_line

from .computing import apply, as_it_stands, compute_or_wait
from .holding import about, check_may_keep, check_open, locked, refresh_due


@transaction.atomic
def extend(
    *, deadline: Deadline, until: date, basis: str, reason: str, by: Person, at: datetime
) -> DeadlineExtension:
    """Extend to 24:00 of a day, on a named basis. It can never shorten. Raises Invalid, NotAllowedNow."""
    row = locked(deadline.pk)
    check_may_keep(by, row, at=at)
    check_open(row)
    why, on_basis = reasoned(reason), clean_line(basis, limit=300)
    if not on_basis:
        raise Invalid(
            _("Name the provision or the paper that allows the extension. What you typed is kept."),
            fields={"basis": _("This is needed.")},
        )
    end = rules.end_of(until)
    if row.is_late(at):
        raise NotAllowedNow(
            _(
                "This deadline has passed; an extension does not undo that. Record when it was done instead; "
                "what you typed is kept."
            )
        )
    if row.due is None or end <= row.due:
        raise Invalid(
            _(
                "An extension never shortens: choose a day later than the present deadline. What you typed is kept."
            ),
            fields={"until": _("Not later than the present deadline.")},
        )
    extension = DeadlineExtension.objects.create(
        deadline=row, until=end, basis=on_basis, reason=why, extended_at=at, extended_by=by
    )
    old = row.due
    apply(row, as_it_stands(row), extended_until=end)
    moved(row, old=old, kind=ChangeKind.EXTENSION, at=at)
    basis_hash = trail.keyed_hash(extension, on_basis)
    data = about(row) | {"extension": extension.pk, "until": end, "basis_hash": basis_hash}
    trail.record(events.DEADLINE_EXTENDED, case=row.case, by=by, at=at, subject=row, data=data, reason=why)
    return extension


def moved(deadline: Deadline, *, old: datetime | None, kind: ChangeKind, at: datetime) -> None:
    """Keep a moved deadline with its change; whoever was reminded of the old instant is reminded of the new."""
    DeadlineChange.objects.create(
        deadline=deadline,
        kind=kind,
        old_due=old,
        new_due=deadline.due,
        calendar=deadline.calendar,
        changed_at=at,
    )
    deadline.reminded = ""
    deadline.original_due = deadline.original_due or deadline.due
    deadline.save()
    refresh_due(deadline)


@transaction.atomic
def pause(*, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """Stop the clocks of an inquiry that may stand: only local ones whose regulation says so."""
    for deadline in _that_may_stand(inquiry):
        DeadlinePause.objects.get_or_create(
            deadline=deadline, resumed_at=None, defaults={"paused_at": at, "reason": reason}
        )


def _that_may_stand(inquiry: Inquiry) -> Iterable[Deadline]:
    return Deadline.objects.open().filter(inquiry=inquiry, local_rule__stops_with_clock=True).order_by("pk")


@transaction.atomic
def resume(*, inquiry: Inquiry, at: datetime) -> None:
    """Let the stopped clocks run again; each deadline moves by the time it stood."""
    for deadline in _that_may_stand(inquiry):
        let_run(locked(deadline.pk), at=at)


def let_run(row: Deadline, *, at: datetime) -> None:
    """Where its clock stands, let it run again: it moves by the time it stood."""
    if row.pauses.filter(resumed_at__isnull=True).update(resumed_at=at):
        _compute_anew(row, kind=ChangeKind.PAUSE, decision=_("the clock was stopped"), at=at)


@transaction.atomic
def recompute(deadline_id: int, *, at: datetime) -> bool:
    """Compute one open deadline under the latest calendar; whether it moved.

    Safe to run twice: once computed under the latest calendar it is not touched by it again.
    """
    row = locked(deadline_id)
    version = calendars.current_version()
    if not row.is_open or row.order_id or version is None:
        return False
    decision = version.decision_number or _("calendar version %(number)s") % {"number": version.number}
    return _compute_anew(row, kind=ChangeKind.CALENDAR, decision=decision, at=at)


def _compute_anew(row: Deadline, *, kind: ChangeKind, decision: str, at: datetime) -> bool:
    rule = row.rule_value or row.local_rule
    assert rule is not None, "an order's date does not depend on the calendar"
    old = row.due
    until = max((extension.until for extension in row.extensions.all()), default=None)
    computed = compute_or_wait(law.limit_of(rule), row.started_at, pauses=_pauses(row))
    apply(row, computed, extended_until=until)
    if row.due == old:
        row.save()
        return False
    moved(row, old=old, kind=kind, at=at)
    data = about(row) | {
        "kind": kind.value, "old_due": old, "new_due": row.due, "decision": decision,
        "calendar": row.calendar.number if row.calendar else None,
    }  # fmt: skip
    trail.record(events.DEADLINE_MOVED, case=row.case, by=None, at=at, subject=row, data=data)
    return True


def _pauses(deadline: Deadline) -> list[Pause]:
    return [
        Pause(paused_at=each.paused_at, resumed_at=each.resumed_at)
        for each in deadline.pauses.filter(resumed_at__isnull=False)
        if each.resumed_at is not None
    ]
