"""The working calendar in force, read once and kept: a published version never changes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from core.enums import DayKind
from core.errors import NotFound
from core.models import CalendarDay, CalendarVersion
from core.rules.calendar import NoCalendar, SpecialDay, WorkCalendar
from core.rules.calendars import content_sha256


class CalendarAltered(NotFound):
    """The days of a published version are not those that were published."""


def current_version() -> CalendarVersion | None:
    return CalendarVersion.objects.order_by("-number").first()


def require_version(on: date) -> CalendarVersion:
    """The latest version. Raises NoCalendar where none was ever published."""
    version = current_version()
    if version is None:
        raise NoCalendar(on.year)
    return version


def calendar_of(version: CalendarVersion) -> WorkCalendar:
    return _read(version.pk, version.sha256)


def special_days(version: CalendarVersion) -> dict[date, SpecialDay]:
    return {
        row.day: SpecialDay(kind=DayKind(row.kind), name=row.name, is_provisional=row.is_provisional)
        for row in CalendarDay.objects.filter(version=version)
    }


@lru_cache(maxsize=32)
def _read(version_id: int, sha256: str) -> WorkCalendar:
    # The digest is part of the key: the number of a row may come again after a rollback, its content does not.
    version = CalendarVersion.objects.get(pk=version_id)
    special = special_days(version)
    if content_sha256(version.first_year, version.last_year, version.provisional_years, special) != sha256:
        raise CalendarAltered(
            f"Lịch làm việc phiên bản {version.number} không còn khớp với bản đã công bố. "
            "Không thời hạn nào được tính; hãy kiểm tra cơ sở dữ liệu."
        )
    return WorkCalendar(
        number=version.number,
        first_year=version.first_year,
        last_year=version.last_year,
        special=special,
        provisional_years=frozenset(version.provisional_years),
    )
