"""Until when a period holds, as far as was known at an instant. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from core.models.periods import KnownPeriod, TimedPeriod


class End(Protocol):
    ends_at: datetime
    recorded_at: datetime


def is_known(recorded_at: datetime, *, known_at: datetime | None) -> bool:
    """Whether the system had learned it by then; without an instant, all that is recorded is known."""
    return known_at is None or recorded_at <= known_at


def known(ends: Iterable[End], *, known_at: datetime | None) -> list[End]:
    return [end for end in ends if is_known(end.recorded_at, known_at=known_at)]


def until(
    granted_until: datetime | None, ends: Iterable[End], *, known_at: datetime | None
) -> datetime | None:
    """The earliest of the granted end and the ends known; none where it was open."""
    instants = [end.ends_at for end in known(ends, known_at=known_at)]
    return min([*instants, granted_until] if granted_until else instants, default=None)


def is_in_force(
    period: KnownPeriod, ends: Iterable[End], *, at: datetime, known_at: datetime | None = None
) -> bool:
    """Whether it was known and holds at the instant: the first is in, the end is out."""
    if not is_known(period.recorded_at, known_at=known_at) or at < period.valid_from:
        return False
    end = until(period.granted_until, ends, known_at=known_at)
    return end is None or at < end


def unbroken_until(periods: Iterable[TimedPeriod], *, since: datetime) -> datetime | None:
    """Until when periods follow one another from an instant on without a gap; none where the last is open."""
    last = since
    for period in sorted(periods, key=lambda each: each.valid_from):
        if period.valid_from > last:
            break
        if period.valid_until is None:
            return None
        last = max(last, period.valid_until)
    return last
