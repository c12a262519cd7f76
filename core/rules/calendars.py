"""How a version of the calendar is put together: a decision's changes over the version before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.enums import DayKind
from core.errors import Invalid

from .calendar import DAY, OFF, SpecialDay

Days = Mapping[date, SpecialDay]


class UnusableCalendar(Invalid):
    """A version that would skip a year, swap a day already off, or decide nothing."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a decision settles about one day: off, worked in exchange, or an ordinary day after all."""

    day: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Content:
    """The years and special days of a version."""

    first_year: int
    last_year: int
    special: Days
    provisional_years: Sequence[int] = field(default_factory=tuple)

    @property
    def sha256(self) -> str:
        return content_sha256(self.first_year, self.last_year, self.provisional_years, self.special)

    def is_off(self, day: date) -> bool:
        special = self.special.get(day)
        if special is not None and special.kind != DayKind.ORDINARY:
            return special.kind in OFF
        return day.weekday() >= 5

    def is_covered(self, day: date) -> bool:
        return self.first_year <= day.year <= self.last_year

    def is_provisional(self, day: date) -> bool:
        special = self.special.get(day)
        return day.year in self.provisional_years or (special is not None and special.is_provisional)

    def standing(self, day: date) -> tuple[bool, str, bool] | None:
        """What a deadline can notice of a day: whether it is off, why, and whether that is provisional."""
        if not self.is_covered(day):
            return None
        special = self.special.get(day)
        return self.is_off(day), special.name if special else "", self.is_provisional(day)


def content_sha256(first_year: int, last_year: int, provisional_years: Iterable[int], special: Days) -> str:
    """The digest of what a version says, whatever row it stands in."""
    days = [[f"{day}", each.kind, each.name, each.is_provisional] for day, each in sorted(special.items())]
    said = [first_year, last_year, sorted(provisional_years), days]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def new_years(old: Content, changes: Sequence[Change], settled_years: Iterable[int]) -> list[int]:
    """The years beyond `old` that a decision speaks of. Raises UnusableCalendar where one would be skipped."""
    years = {change.day.year for change in changes} | set(settled_years)
    beyond = sorted(year for year in years if not old.first_year <= year <= old.last_year)
    for expected, year in enumerate(beyond, start=old.last_year + 1):
        if year != expected:
            raise UnusableCalendar(
                _(
                    "The calendar would skip %(year)s. Publish the years one after the other; nothing was published."
                )
                % {"year": expected if year > expected else old.first_year - 1}
            )
    return beyond


def changed(
    old: Content,
    changes: Sequence[Change],
    *,
    seed: Days | None = None,
    settled_years: Iterable[int] = (),
    settled_days: Iterable[date] = (),
) -> Content:
    """The next version: `old` with a decision's changes; the named years and days are no longer provisional.

    `seed` are the fixed holidays of the years that are new; a new year the decision does not settle is
    provisional, whatever it says of single days. Raises UnusableCalendar for a skipped year, a swap of
    a day already off, a make-up day already worked, or a day named twice.
    """
    years = new_years(old, changes, settled_years)
    base = Content(
        first_year=old.first_year,
        last_year=max([old.last_year, *years]),
        special={**(seed or {}), **old.special},
        provisional_years=old.provisional_years,
    )
    _check_changes(base, changes)
    special = dict(base.special)
    for change in changes:
        special[change.day] = SpecialDay(kind=change.kind, name=change.name)
    for day in settled_days:
        _settle(special, day)
    return Content(
        first_year=base.first_year,
        last_year=base.last_year,
        special={day: each for day, each in special.items() if not _says_nothing(each)},
        provisional_years=tuple(sorted({*old.provisional_years, *years} - set(settled_years))),
    )


def _settle(special: dict[date, SpecialDay], day: date) -> None:
    known = special.get(day)
    if known is not None:
        special[day] = SpecialDay(kind=known.kind, name=known.name)


def _says_nothing(special: SpecialDay) -> bool:
    return special.kind == DayKind.ORDINARY and not special.is_provisional


def _check_changes(old: Content, changes: Sequence[Change]) -> None:
    seen: set[date] = set()
    for change in changes:
        if change.day in seen:
            raise UnusableCalendar(
                _("%(day)s is named twice. Nothing was published.") % {"day": f"{change.day:%d/%m/%Y}"}
            )
        seen.add(change.day)
        _check_swap(old, change)


def _check_swap(old: Content, change: Change) -> None:
    is_off = old.is_off(change.day)
    if change.kind == DayKind.SWAPPED and is_off:
        raise _already_off(change.day)
    if change.kind == DayKind.MAKE_UP and not is_off:
        raise UnusableCalendar(
            _("%(day)s is a working day already, so it cannot be a make-up day. Nothing was published.")
            % {"day": f"{change.day:%d/%m/%Y}"}
        )


def _already_off(day: date) -> UnusableCalendar:
    return UnusableCalendar(
        _("%(day)s is off already, so it cannot be swapped. Nothing was published.")
        % {"day": f"{day:%d/%m/%Y}"}
    )


def differing_days(old: Content, new: Content) -> list[date]:
    """The days on which the new version answers otherwise: what open deadlines are computed anew for."""
    named = {*old.special, *new.special}
    settled = set(old.provisional_years) ^ set(new.provisional_years)
    for year in settled:
        first = date(year, 1, 1).toordinal()
        named.update(map(date.fromordinal, range(first, date(year + 1, 1, 1).toordinal())))
    return sorted(day for day in named if old.is_covered(day) and old.standing(day) != new.standing(day))


def ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    """The same days as stretches without a gap, both ends included."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] + DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
