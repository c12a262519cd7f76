"""An agency by its name, and who took over what an ended one did."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from core.errors import Invalid
from core.models import Agency, Succession


@dataclass(frozen=True, kw_only=True)
class Heir:
    """An agency that exists and the field of work that came to it from the one that ended."""

    field: str
    agency: Agency


class EndedAgency(Invalid):
    """The agency named is known and has ended; `heirs` are the ones to propose instead."""

    def __init__(self, agency: Agency, heirs: Sequence[Heir], *, field: str) -> None:
        self.agency, self.heirs = agency, list(heirs)
        named = list(dict.fromkeys(heir.agency.name for heir in heirs))
        advice = _("Name instead: %(agencies)s.") % {"agencies": "; ".join(named)}
        super().__init__(
            _("%(ended)s %(instead)s Nothing was changed; what you typed is kept.")
            % {"ended": self._ended(), "instead": self._instead()},
            fields={field: advice if named else _("Name an agency that exists.")},
        )

    def _ended(self) -> str:
        since = f"{self.agency.valid_until:%d/%m/%Y}" if self.agency.valid_until else ""
        return _("%(agency)s has not existed since %(day)s.") % {"agency": self.agency.name, "day": since}

    def _instead(self) -> str:
        if not self.heirs:
            return _("No successor is on record: name the agency that is competent today.")
        return " ".join(
            _("For %(field)s its successor is %(agency)s.")
            % {"field": heir.field, "agency": heir.agency.name}
            for heir in self.heirs
        )


def bare_name(name: str) -> str:
    """Letters and digits alone, in one case: “Bộ LĐ-TB&XH” and “Bộ LĐTBXH” are one name."""
    return "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFC", name).casefold()))


def bare_names(agency: Agency) -> set[str]:
    return {bare_name(agency.name), bare_name(agency.short_name)} - {""}


def heirs(agency: Agency, taken_over: Mapping[int, Sequence[Succession]], *, on: date) -> list[Heir]:
    """Who took over each field, following those that ended as well to agencies that exist on the day.

    A field keeps the name under which it left the first agency; where its way forks later, the fork names it. What
    nobody is known to have taken over is left out.
    """
    found: dict[tuple[str, int], Heir] = {}
    for line in lines(agency, taken_over, on=on):
        heir = Heir(field=line.field, agency=line.agencies[-1])
        if heir.agency.covers(on):
            found.setdefault((heir.field, heir.agency.pk), heir)
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class Line:
    """The way of a field of work from an ended agency, through each that took it over, to the last one known."""

    field: str
    agencies: tuple[Agency, ...]


def lines(agency: Agency, taken_over: Mapping[int, Sequence[Succession]], *, on: date) -> list[Line]:
    """The ways from an ended agency; one that ends at an agency that has ended as well leads to nobody known."""
    passed = frozenset({agency.pk})
    ways = [
        replace(line, agencies=(agency, *line.agencies))
        for row in taken_over.get(agency.pk, ())
        for line in _onward(row, row.field, taken_over, on=on, passed=passed)
    ]
    return ways or [Line(field="", agencies=(agency,))]


def _onward(
    row: Succession,
    field: str,
    taken_over: Mapping[int, Sequence[Succession]],
    *,
    on: date,
    passed: frozenset[int],
) -> list[Line]:
    here = Line(field=field, agencies=(row.successor,))
    if row.successor.covers(on):
        return [here]
    if row.successor_id in passed:
        return []
    onward = taken_over.get(row.successor_id, ())
    same = [each for each in onward if each.field.casefold() == field.casefold()]
    ways = same or list(onward)
    passed |= {row.successor_id}
    found = [
        replace(line, agencies=(row.successor, *line.agencies))
        for each in ways
        for line in _onward(each, field if len(ways) == 1 else each.field, taken_over, on=on, passed=passed)
    ]
    return found or [here]
