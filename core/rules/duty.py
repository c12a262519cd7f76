"""The duty roster by day: which shifts begin when, and which are sat through together. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.models import DutyShift
from core.rules.calendar import DAY
from core.rules.deadlines import local_day


@dataclass(frozen=True, kw_only=True)
class Line:
    """A shift as the roster shows it, with those of the same duty that overlap it."""

    shift: DutyShift
    beside: list[DutyShift]
    has_begun: bool
    is_now: bool


@dataclass(frozen=True, kw_only=True)
class RosterDay:
    day: date
    lines: list[Line]


def by_day(shifts: Iterable[DutyShift], *, since: date, days: int, at: datetime) -> list[RosterDay]:
    """Each day with the shifts that begin on it; the first also with those that began before and go on."""
    rows = list(shifts)
    lines: dict[date, list[Line]] = {since + number * DAY: [] for number in range(days)}
    for row in rows:
        day = max(local_day(row.starts_at), since)
        if day in lines:
            lines[day].append(_line(row, rows, at=at))
    return [RosterDay(day=day, lines=found) for day, found in lines.items()]


def _line(row: DutyShift, rows: Iterable[DutyShift], *, at: datetime) -> Line:
    beside = [other for other in rows if other.pk != row.pk and other.kind == row.kind and _meet(row, other)]
    has_begun = row.starts_at <= at
    return Line(shift=row, beside=beside, has_begun=has_begun, is_now=has_begun and at < row.ends_at)


def _meet(one: DutyShift, other: DutyShift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
