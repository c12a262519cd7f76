"""What the law of a day asks in a crisis, for a kind of agency."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.models import Agency, RuleValue
from core.queries import law

# In the order in which they are offered: those with a clock, then those in which somebody else alone speaks.
DUTIES = (
    "initial_statement_event",
    "initial_statement_opinion",
    "speaks_national_incident",
    "speaks_joint_incident",
)


def duties_on(agency: Agency, on: date) -> list[RuleValue]:
    """The duties among which an assessment chooses: those the law of the day knows for this kind of agency.

    Each with its provision, which says the paragraph, and its starting event where it has a clock.
    """
    rows = law.values().at(on).filter(scope__key__code__in=DUTIES, scope__agency_kind=agency.kind)
    return sorted(rows, key=lambda row: DUTIES.index(row.key.code))


def duties_of(agency: Agency, days: Iterable[date]) -> dict[str, list[RuleValue]]:
    """The duties that the law of any of these days knows, each with what it says on them, the earliest first."""
    found: dict[str, list[RuleValue]] = {}
    for on in sorted(set(days)):
        for rule in duties_on(agency, on):
            rules = found.setdefault(rule.key.code, [])
            if rule not in rules:
                rules.append(rule)
    return found
