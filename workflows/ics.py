"""Open deadlines as iCalendar (RFC 5545). A day limit is a whole day, an hour limit ends at its minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from core.models import Deadline

PRODUCT = "-//Phat Ngon//Han xu ly//VI"
SHOWN_FOR = timedelta(minutes=30)


def calendar_of(deadlines: Iterable[Deadline], *, at: datetime, name: str) -> bytes:
    """The feed as bytes. It names inquiries and crises by reference, never by subject: the address needs no sign-in."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for deadline in deadlines:
        if deadline.due is not None:
            calendar.add_component(_event(deadline, deadline.due, at=at))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline, due: datetime, *, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"han-{deadline.pk}@phat-ngon")
    event.add("dtstamp", at.astimezone(UTC))
    mark = "[DIỄN TẬP] " if deadline.crisis and deadline.crisis.is_drill else ""
    event.add("summary", f"{mark}Hạn: {deadline.label} ({deadline.reference})")
    basis = "" if deadline.order else f": {deadline.citation}"
    event.add("description", f"{deadline.get_source_display()}{basis}")
    event.add("transp", "TRANSPARENT")
    if deadline.due_inclusive:
        event.add("dtstart", (due - SHOWN_FOR).astimezone(UTC))
        event.add("dtend", due.astimezone(UTC))
    elif deadline.last_day is not None:
        event.add("dtstart", deadline.last_day)
        event.add("dtend", deadline.last_day + timedelta(days=1))
    return event
