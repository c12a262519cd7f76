"""30 working days beside the same question to the `holidays` package, in the same run on the same dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from time import perf_counter

import holidays

from core import clock
from core.actions import calendar as calendars
from core.actions.reference import read_rows
from core.enums import LimitUnit
from core.rules.calendar import WorkCalendar
from core.rules.deadlines import Count, Limit, compute, explain
from tests.law import FIXTURES

LIMIT = Limit(value=30, unit=LimitUnit.WORKING_DAYS)
STARTS = [date(2026, 1, 1) + timedelta(days=step) for step in range(280)]
ROUNDS = 20


def official_calendar() -> WorkCalendar:
    content = calendars._first_content(read_rows(FIXTURES / "calendar.json"))
    return WorkCalendar(
        number=1,
        first_year=content.first_year,
        last_year=content.last_year,
        special=content.special,
        provisional_years=frozenset(content.provisional_years),
    )


def counted(instant: datetime, calendar: WorkCalendar) -> Count:
    return Count(limit=LIMIT, started_at=instant, calendar=calendar)


def in_words(instant: datetime, calendar: WorkCalendar) -> list[str]:
    count = counted(instant, calendar)
    return explain(count, compute(count))


def fastest(*works: Callable[[], object]) -> list[float]:
    """Seconds for one start, each the best of rounds in turn: what disturbs a round only slows it."""
    best = [float("inf")] * len(works)
    for _round in range(ROUNDS):
        for place, work in enumerate(works):
            begun = perf_counter()
            work()
            best[place] = min(best[place], perf_counter() - begun)
    return [seconds / len(STARTS) for seconds in best]


def report() -> None:
    ours, theirs = official_calendar(), holidays.country_holidays("VN", years=[2026, 2027])
    instants = [datetime.combine(day, time(9), tzinfo=clock.ZONE) for day in STARTS]
    theirs_took, bare, worded = fastest(
        lambda: [theirs.get_nth_working_day(day, 30) for day in STARTS],
        lambda: [compute(counted(instant, ours)) for instant in instants],
        lambda: [in_words(instant, ours) for instant in instants],
    )
    print(f"30 working days, {len(STARTS)} starts in 2026, best of {ROUNDS} rounds, for one start:")
    print(f"  holidays.get_nth_working_day   {theirs_took * 1e6:8.1f} µs")
    print(
        f"  ours                           {bare * 1e6:8.1f} µs   {theirs_took / bare:6.1f} times faster (target 10)"
    )
    print(
        f"  ours with the steps in words   {worded * 1e6:8.1f} µs   {theirs_took / worded:6.1f} times faster (target 5)"
    )
