"""When the office is open: a working day from its opening to its closing. Both are the agency's own regulation."""

from __future__ import annotations

from datetime import datetime, time

from core.clock import ZONE
from core.rules.calendar import WorkCalendar


def next_opening(at: datetime, *, opens: time, closes: time, calendar: WorkCalendar) -> datetime:
    """The instant itself where the office is open, otherwise its next opening. At its closing it is closed.

    Raises NoCalendar.
    """
    local = at.astimezone(ZONE)
    day = local.date()
    has_opened = local.time() >= opens
    if has_opened and local.time() < closes and calendar.is_working(day):
        return at
    next_day = calendar.nth_working_day_after(day, 1) if has_opened else calendar.working_day_at_or_after(day)
    return datetime.combine(next_day, opens, tzinfo=ZONE)
