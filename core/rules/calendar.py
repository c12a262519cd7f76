"""The working calendar as arithmetic: which days are worked, and the n-th working day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate

from django.utils.translation import gettext as _

from core.enums import DayKind
from core.errors import Invalid

DAY = timedelta(days=1)
OFF = (DayKind.HOLIDAY, DayKind.SWAPPED)
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


class NoCalendar(Invalid):
    """The calendar does not reach this year; nobody guesses a Monday-to-Friday week in its place."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            _(
                "There is no working calendar for %(year)s, so nothing was computed. An administrator publishes it "
                "under “Working calendar”, with the number of the decision; then the deadline is computed by itself."
            )
            % {"year": year}
        )


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A day that differs from the weekly rule, or is still to be settled."""

    kind: DayKind
    name: str = ""
    is_provisional: bool = False


class WorkCalendar:
    """One published version: Monday to Friday are worked, except where a special day says otherwise.

    `first_year` and `last_year` bound what it knows; a question outside raises NoCalendar. Every day of a
    provisional year is provisional.
    """

    def __init__(
        self,
        *,
        number: int,
        first_year: int,
        last_year: int,
        special: Mapping[date, SpecialDay],
        provisional_years: frozenset[int] = frozenset(),
    ) -> None:
        self.number = number
        self.first_year, self.last_year = first_year, last_year
        self.special = dict(special)
        self.provisional_years = provisional_years
        self._first = date(first_year, 1, 1).toordinal()
        self._beyond = date(last_year + 1, 1, 1).toordinal()
        self._is_worked = [self._found_worked(day) for day in self._days()]
        self._provisional_until = list(accumulate(map(self.is_provisional, self._days())))
        self._worked_until = list(accumulate(self._is_worked))
        self._working = [
            ordinal for ordinal, worked in enumerate(self._is_worked, start=self._first) if worked
        ]

    def _days(self) -> Iterator[date]:
        return map(date.fromordinal, range(self._first, self._beyond))

    def _found_worked(self, day: date) -> bool:
        special = self.special.get(day)
        if special is not None and special.kind != DayKind.ORDINARY:
            return special.kind == DayKind.MAKE_UP
        return day.weekday() < 5

    def check_covers(self, day: date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise NoCalendar(day.year)

    def is_working(self, day: date) -> bool:
        self.check_covers(day)
        return self._is_worked[day.toordinal() - self._first]

    def is_provisional(self, day: date) -> bool:
        special = self.special.get(day)
        return day.year in self.provisional_years or (special is not None and special.is_provisional)

    def nth_working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day later than `day`, which itself is not counted (Civil Code 2015 art 147.2)."""
        self.check_covers(day)
        place = self._worked_until[day.toordinal() - self._first] + count - 1
        if place >= len(self._working):
            raise NoCalendar(self.last_year + 1)
        return date.fromordinal(self._working[place])

    def working_day_at_or_after(self, day: date) -> date:
        return day if self.is_working(day) else self.nth_working_day_after(day, 1)

    def last_working_day_before(self, day: date) -> date:
        self.check_covers(day)
        place = day.toordinal() - self._first
        before = self._worked_until[place - 1] if place else 0
        if not before:
            raise NoCalendar(self.first_year - 1)
        return date.fromordinal(self._working[before - 1])

    def count_working_days(self, after: date, until: date) -> int:
        """How many working days lie later than `after` and not later than `until`."""
        for day in (after, until):
            self.check_covers(day)
        return (
            self._worked_until[until.toordinal() - self._first]
            - self._worked_until[after.toordinal() - self._first]
        )

    def touches_provisional(self, first: date, last: date) -> bool:
        """Whether a day between the two, both included, is still to be settled."""
        before = (
            self._provisional_until[first.toordinal() - self._first - 1]
            if first.toordinal() > self._first
            else 0
        )
        return self._provisional_until[last.toordinal() - self._first] > before

    def told(self, first: date, last: date) -> list[tuple[bool, str]]:
        """Each day between the two, both included: whether it is worked, and how a computation tells it.

        A working day with what is special about it; a day off as skipped, and why. Remembered: a deadline tells many.
        """
        return self._told[first.toordinal() - self._first : last.toordinal() - self._first + 1]

    @cached_property
    def _told(self) -> list[tuple[bool, str]]:
        return [
            (worked, f"{day_in_words(day)}{self._remark(day)}" if worked else self._skipped(day))
            for day, worked in zip(self._days(), self._is_worked, strict=True)
        ]

    def _remark(self, day: date) -> str:
        special = self.special.get(day)
        return f" ({special.name})" if special is not None and special.name else ""

    def _skipped(self, day: date) -> str:
        special = self.special.get(day)
        why = (
            (special.name or "ngày nghỉ") if special is not None and special.kind in OFF else "nghỉ hằng tuần"
        )
        return f"bỏ qua {day_in_words(day)}: {why}"


@lru_cache(maxsize=4096)
def day_in_words(day: date) -> str:
    """thứ Ba 24/11/2026."""
    return f"{WEEKDAYS[day.weekday()]} {day.day:02d}/{day.month:02d}/{day.year}"
