"""The fixed holidays of a year as the `holidays` package knows them: a seed, never an authority."""

from __future__ import annotations

from datetime import date

import holidays

from core.enums import DayKind

from .calendar import SpecialDay

COUNTRY = "VN"
LANGUAGE = "vi"


def seed(year: int) -> dict[date, SpecialDay]:
    """Holidays, days off by swap and make-up days of a year, so far as the package has them."""
    known = holidays.country_holidays(COUNTRY, years=year, language=LANGUAGE)
    off = {day: SpecialDay(kind=DayKind.HOLIDAY, name=name) for day, name in known.items()}
    worked = {
        day: SpecialDay(kind=DayKind.MAKE_UP, name="Làm bù")
        for day in known.weekend_workdays
        if day.year == year
    }
    return {**off, **worked}
