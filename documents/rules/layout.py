"""The fixed lines of an administrative document (Decree 30/2020, Appendix I), Vietnamese in any interface."""

from __future__ import annotations

from datetime import date, datetime

from core.clock import ZONE
from core.enums import Capacity

DRILL = "DIỄN TẬP"
PREFIXES = {
    Capacity.TM: "TM.",
    Capacity.Q: "Q.",
    Capacity.KT: "KT.",
    Capacity.TL: "TL.",
    Capacity.TUQ: "TUQ.",
}


def day_in_words(day: date) -> str:
    """Days below 10 and the months January and February take a leading zero."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_line(*, place: str, day: date) -> str:
    return f"{place}, {day_in_words(day)}" if place else day_in_words(day).capitalize()


def signature_lines(*, capacity: Capacity, authority_line: str, title_line: str) -> list[str]:
    """The lines above a signature, in capitals: authority first, then the post of the person who signs.

    An acting head has one line, `Q. GIÁM ĐỐC`; a head signing in his own right has only the post.
    """
    authority, title = authority_line.strip().upper(), title_line.strip().upper()
    prefix = PREFIXES.get(capacity, "")
    if capacity == Capacity.Q:
        return [_prefixed(prefix, title)]
    if not prefix:
        return [line for line in (authority, title) if line]
    return [_prefixed(prefix, authority), title] if authority else [_prefixed(prefix, title)]


def _prefixed(prefix: str, line: str) -> str:
    return line if line.startswith(prefix) else f"{prefix} {line}"


def instant_in_words(instant: datetime) -> str:
    """08 giờ 00 phút ngày 13/7/2026, local time."""
    local = instant.astimezone(ZONE)
    return f"{local:%H} giờ {local:%M} phút {day_in_words(local.date())}"
