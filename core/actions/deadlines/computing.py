"""A limit applied to its event under the latest calendar, and put into the row of its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.models import CalendarVersion, Deadline
from core.queries import calendar as calendars
from core.rules import deadlines as rules
from core.rules.calendar import NoCalendar
from core.rules.deadlines import Limit, Pause, Result, local_day

NO_CALENDAR = (
    "Chưa tính được: chưa có lịch làm việc năm {year}. Thời hạn được tính khi lịch năm đó được công bố."
)


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A result with the calendar it was computed under and its steps in words."""

    result: Result
    calendar: CalendarVersion | None
    steps: list[str]
    missing_year: int | None = None


def compute(limit: Limit, started_at: datetime, *, pauses: Sequence[Pause] = ()) -> Computed:
    """Compute under the latest calendar. Raises NoCalendar for a year nobody published."""
    version = calendars.require_version(local_day(started_at))
    calendar = calendars.calendar_of(version)
    count = rules.Count(limit=limit, started_at=started_at, calendar=calendar, pauses=pauses)
    result = rules.compute(count)
    return Computed(result=result, calendar=version, steps=rules.explain(count, result))


def compute_or_wait(limit: Limit, started_at: datetime, *, pauses: Sequence[Pause] = ()) -> Computed:
    """As `compute`, but a year without a calendar stops no work: the deadline waits for it and says so."""
    try:
        return compute(limit, started_at, pauses=pauses)
    except NoCalendar as missing:
        return Computed(
            result=Result(),
            calendar=calendars.current_version(),
            steps=[NO_CALENDAR.format(year=missing.year)],
            missing_year=missing.year,
        )


def apply(deadline: Deadline, computed: Computed, *, extended_until: datetime | None = None) -> None:
    """Put a computation into the row; an extension holds where it is later."""
    result = computed.result
    deadline.due, deadline.due_inclusive, deadline.last_day = (
        result.due,
        result.due_inclusive,
        result.last_day,
    )
    deadline.is_provisional = result.is_provisional
    deadline.span_from, deadline.span_until = result.span or (None, None)
    deadline.calendar, deadline.missing_year = computed.calendar, computed.missing_year
    deadline.steps = list(computed.steps)
    if extended_until is not None and (deadline.due is None or extended_until > deadline.due):
        deadline.due, deadline.due_inclusive = extended_until, False
        deadline.last_day = rules.last_day_of(extended_until, inclusive=deadline.due_inclusive)
        deadline.steps.append(
            f"Được gia hạn đến {rules.due_in_words(deadline.due, inclusive=deadline.due_inclusive)}."
        )


def as_it_stands(deadline: Deadline) -> Computed:
    first, last = deadline.span_from, deadline.span_until
    result = Result(
        due=deadline.due,
        due_inclusive=deadline.due_inclusive,
        last_day=deadline.last_day,
        span=(first, last) if first and last else None,
        is_provisional=deadline.is_provisional,
    )
    return Computed(
        result=result, calendar=deadline.calendar, steps=deadline.steps, missing_year=deadline.missing_year
    )
