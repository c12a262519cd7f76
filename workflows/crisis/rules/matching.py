"""Which scenarios the signs that were seen speak for. It ranks; a person chooses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A version of a playbook as it is matched: `version`, `signs` and `topics` are keys of rows."""

    version: int
    code: str
    title: str
    signs: frozenset[int]
    topics: frozenset[int] = frozenset()


def rank(
    scenarios: Iterable[Scenario], *, ticked: Collection[int], topics: Collection[int] = ()
) -> list[dict[str, Any]]:
    """The scenarios, best first: the share of their signs that was ticked, how many, a topic in common, the code.

    Each row is kept with the assessment as it was shown.
    """
    seen, about = frozenset(ticked), frozenset(topics)
    return [_row(each, seen, about) for each in sorted(scenarios, key=lambda one: _order(one, seen, about))]


def _order(one: Scenario, seen: frozenset[int], about: frozenset[int]) -> tuple[Fraction, int, bool, str]:
    count = len(one.signs & seen)
    return (-_share(one, seen), -count, not one.topics & about, one.code)


def _share(one: Scenario, seen: frozenset[int]) -> Fraction:
    return Fraction(len(one.signs & seen), len(one.signs)) if one.signs else Fraction(0)


def _row(one: Scenario, seen: frozenset[int], about: frozenset[int]) -> dict[str, Any]:
    return {
        "version": one.version,
        "code": one.code,
        "title": one.title,
        "ticked": len(one.signs & seen),
        "signs": len(one.signs),
        "percent": round(100 * _share(one, seen)),
        "topic": bool(one.topics & about),
    }
