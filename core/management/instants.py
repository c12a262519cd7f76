"""Instants as they are typed after a command."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.translation import gettext as _

from core import clock
from core.errors import Invalid

# Outside of these an instant cannot be brought to another zone.
YEARS = range(2, 9999)


def read_instant(text: str) -> tuple[datetime, bool]:
    """The instant and whether a time of day was given; without an offset it is local, a day is its first instant."""
    try:
        if len(text) == len("2026-01-01"):
            instant = datetime.combine(date.fromisoformat(text), time())
        else:
            instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise _unreadable(text) from error
    if instant.year not in YEARS:
        raise _unreadable(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=clock.ZONE)), "T" in text or " " in text


def _unreadable(text: str) -> Invalid:
    return Invalid(
        _("%(text)s is no time. Write it as 2026-08-31T23:30+07:00, or a day as 2026-11-10.") % {"text": text}
    )
