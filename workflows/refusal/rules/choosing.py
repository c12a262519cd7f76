"""What whoever chooses a ground is told of it: whether it can be chosen, what it corresponds to, what is most alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from core.models import Provision, RuleSet
from core.rules.deadlines import local_day

Row = TypeVar("Row")


def why_not(
    ground: Provision, offered: Collection[Provision], *, governing: RuleSet, is_settled: bool, on: date
) -> str:
    """Why a listed ground cannot be chosen on the day; nothing where it can."""
    if ground in offered:
        return ""
    if not ground.covers(on) and ground.successor is None and ground.valid_until is not None:
        return _(
            "Not to be chosen: it is repealed since %(day)s and no law in force has such a ground. "
            "What would rest on it is to be answered."
        ) % {"day": f"{ground.valid_until:%d/%m/%Y}"}
    if not is_settled:
        return _("Not to be chosen as long as nobody has chosen the law it belongs to for this inquiry.")
    return _("Not to be chosen: this inquiry is governed by %(law)s.") % {"law": governing.title}


def counterparts(ground: Provision) -> list[Provision]:
    """What corresponds to the ground in another law, the later one first; `predecessors` are prefetched."""
    found = [ground.successor, *ground.predecessors.all()]
    return [each for each in found if each is not None and each.instrument_id != ground.instrument_id]


def short_citation(ground: Provision) -> str:
    """As people still say it: the law by its title and year, without its number."""
    issued = ground.instrument.issued
    named = ground.citation.removesuffix(f" số {ground.instrument.number}")
    return f"{named} {issued.year}" if issued else ground.citation


def families(successors: Mapping[int, int | None]) -> dict[int, frozenset[int]]:
    """By ground, itself with everything that went before it or came after it; `successors` names the next of each."""
    family = {ground: frozenset({ground}) for ground in successors}
    for ground, successor in successors.items():
        if successor in family:
            joined = family[ground] | family[successor]
            family |= dict.fromkeys(joined, joined)
    return family


def a_year_before(at: datetime) -> date:
    """The same day a year earlier; of 29 February, the last of the month."""
    day = local_day(at)
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def most_alike(rows: Iterable[tuple[Row, bool, str]], *, question: str, most: int) -> list[Row]:
    """Of rows with whether their topic is the same and their question, newest first, those closest to a question.

    The same topic counts most, then the words shared, then how recent it is.
    """
    wanted = _words(question)
    ranked: Sequence[tuple[Row, bool, str]] = sorted(
        rows, key=lambda row: (not row[1], -_share(wanted, _words(row[2])))
    )
    return [row for row, _same, _text in ranked[:most]]


def _share(wanted: set[str], words: set[str]) -> float:
    return len(wanted & words) / len(wanted | words) if wanted | words else 0.0


def _words(question: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", question.casefold()))
