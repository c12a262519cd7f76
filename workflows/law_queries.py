"""What the pages of the law ask: a day's law in its order, one regime beside the other, our own regulations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from core.enums import (
    AgencyKind,
    PressKind,
    RuleBound,
    StartingEvent,
)
from core.models import (
    Agency,
    Instrument,
    LocalRegulation,
    LocalRule,
    Person,
    Provision,
    RuleKey,
    RuleSet,
    RuleValue,
)
from core.queries import law, organisation
from core.rules.deadlines import DATED
from core.rules.law_words import ANY, LISTED, said_of

STEP = "step."
DAY = timedelta(days=1)
MISSING, UNCHECKED, CHECKED = "missing", "unchecked", "checked"
TEXT_STATES = {
    MISSING: Q(verbatim=""),
    UNCHECKED: ~Q(verbatim="") & Q(checked_by__isnull=True),
    CHECKED: Q(checked_by__isnull=False),
}
T = TypeVar("T")


def named(key: RuleKey) -> str:
    """The title of a rule in the language of the page."""
    english = (get_language() or "").startswith("en")
    return key.title_en if english and key.title_en else key.title


# A day's law


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The provisions of one instrument, in their place order."""

    instrument: Instrument
    provisions: list[Provision]


def instruments(on: date) -> QuerySet[Instrument]:
    return Instrument.objects.at(on).select_related("replaced_by").order_by("issued", "number")


def chapters(on: date, *, instrument: Instrument | None = None, words: str = "") -> list[Chapter]:
    """The provisions of a day by instrument; every word must stand in the citation, subject or paraphrase."""
    rows: Iterable[Provision] = law.in_force(on)
    if instrument is not None:
        rows = (row for row in rows if row.instrument_id == instrument.pk)
    wanted = words.casefold().split()
    found = sorted((row for row in rows if _holds(row, wanted)), key=law.place_order)
    return [
        Chapter(instrument=group[0].instrument, provisions=group)
        for group in _grouped(found, by=lambda provision: provision.instrument_id)
    ]


def _holds(provision: Provision, wanted: list[str]) -> bool:
    text = f"{provision.citation} {provision.place} {provision.subject} {provision.statement}".casefold()
    return all(word in text for word in wanted)


def _grouped(rows: Iterable[T], *, by: Callable[[T], object]) -> list[list[T]]:
    return [list(group) for _key, group in groupby(rows, key=by)]


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """What the law says of a rule, for every kind of agency and of press of which it says the same."""

    values: list[RuleValue]

    @property
    def value(self) -> RuleValue:
        return self.values[0]

    @property
    def title(self) -> str:
        return named(self.value.key)

    @property
    def said(self) -> str:
        return said_of(self.value)

    @property
    def start(self) -> str:
        return str(StartingEvent(self.value.start).label) if self.value.start else ""

    @property
    def agency_kinds(self) -> list[str]:
        held = {value.scope.agency_kind for value in self.values}
        return [str(kind.label) for kind in AgencyKind if kind in held]

    @property
    def press_kinds(self) -> list[str]:
        held = {value.scope.press_kind for value in self.values}
        return [str(kind.label) for kind in PressKind if kind in held]


def rule_lines(rows: QuerySet[RuleValue]) -> list[RuleLine]:
    ordered = rows.order_by("scope__key__pk", "valid_from", "unit", "value", "start", "pk")
    return [RuleLine(values=group) for group in _grouped(ordered, by=_content)]


def _content(value: RuleValue) -> tuple[object, ...]:
    return (
        value.scope.key_id, value.valid_from, value.unit, str(value.value), value.start, value.provision_id,
    )  # fmt: skip


def rules_of_day(on: date, *, kind: str) -> list[RuleLine]:
    return rule_lines(law.values().filter(scope__agency_kind=kind).at(on))


def rules_resting_on(provision: Provision) -> list[RuleLine]:
    return rule_lines(law.values().filter(Q(provision=provision) | Q(limit_from=provision)))


# One regime beside the other


@dataclass(frozen=True, kw_only=True)
class RuleComparison:
    """A rule before and from the day the law changed; either side may be missing."""

    old: RuleLine | None
    new: RuleLine | None

    @property
    def title(self) -> str:
        line = self.new or self.old
        return line.title if line else ""

    @property
    def press_kinds(self) -> list[str]:
        line = self.new or self.old
        return line.press_kinds if line else []

    @property
    def is_same(self) -> bool:
        if self.old is None or self.new is None:
            return False
        return (self.old.said, self.old.start) == (self.new.said, self.new.start)


def regimes() -> list[RuleSet]:
    """The two latest regimes, the older first; fewer where fewer are on record."""
    return list(RuleSet.objects.order_by("-valid_from")[:2])[::-1]


def rules_beside_each_other(change: date, *, kind: str, show: str = "") -> list[RuleComparison]:
    """What the law said of each rule on the day before the change, and from it; what it left alone is left out."""
    rows = law.values().filter(_about(show), scope__agency_kind=kind)
    before = {value.scope_id: value for value in rows.at(change - DAY)}
    after = {value.scope_id: value for value in rows.at(change)}
    scopes = {value.scope_id: value.scope.key_id for value in (*before.values(), *after.values())}
    pairs = [
        (before.get(scope), after.get(scope)) for scope in sorted(scopes, key=lambda pk: (scopes[pk], pk))
    ]
    changed = [(old, new) for old, new in pairs if old != new]
    return [_comparison(group) for group in _grouped(changed, by=_contents)]


def _about(show: str) -> Q:
    if show == "grounds":
        return Q(scope__key__code="refusal_grounds")
    dated = RuleValue.objects.filter(unit__in=DATED)
    return Q(scope__in=dated.values("scope")) if show == "clocks" else Q()


def _contents(pair: tuple[RuleValue | None, RuleValue | None]) -> tuple[object, ...]:
    return tuple(_content(value) if value else None for value in pair)


def _comparison(pairs: list[tuple[RuleValue | None, RuleValue | None]]) -> RuleComparison:
    old = [value for value, _new in pairs if value]
    new = [value for _old, value in pairs if value]
    return RuleComparison(
        old=RuleLine(values=old) if old else None, new=RuleLine(values=new) if new else None
    )


@dataclass(frozen=True, kw_only=True)
class ComparedInstrument:
    """What became of the provisions of one instrument, or what is new in it."""

    instrument: Instrument
    is_new: bool
    rows: list[law.Comparison]


def compared(*, show: str = "") -> list[ComparedInstrument]:
    """Old beside new by instrument: everything, the grounds for refusal, or the provisions that set a time limit."""
    wanted = _wanted(show)
    rows = [
        row for row in law.beside_each_other() if any(wanted(side) for side in (row.old, row.new) if side)
    ]
    return [
        ComparedInstrument(instrument=_leading(group[0]).instrument, is_new=group[0].old is None, rows=group)
        for group in _grouped(rows, by=lambda row: (row.old is None, _leading(row).instrument_id))
    ]


def _leading(row: law.Comparison) -> Provision:
    leading = row.old or row.new
    assert leading is not None, "a comparison has at least one side"
    return leading


def _wanted(show: str) -> Callable[[Provision], bool]:
    if show == "grounds":
        return lambda provision: provision.is_ground
    return _sets_limit() if show == "clocks" else lambda _provision: True


def _sets_limit() -> Callable[[Provision], bool]:
    rows = RuleValue.objects.filter(unit__in=DATED).values_list("provision_id", "limit_from_id")
    setting = {pk for pair in rows for pk in pair}
    return lambda provision: provision.pk in setting


# Verbatim texts


def texts(*, state: str = "", instrument: Instrument | None = None) -> QuerySet[Provision]:
    rows = law.texts_to_enter()
    if state in TEXT_STATES:
        rows = rows.filter(TEXT_STATES[state])
    return rows if instrument is None else rows.filter(instrument=instrument)


def count_texts() -> dict[str, int]:
    """How many provisions have no text yet, an unchecked one, a checked one."""
    return Provision.objects.aggregate(
        **{state: Count("pk", filter=condition) for state, condition in TEXT_STATES.items()}
    )


# Our own regulations


def local_rules(person: Person, *, on: date, at: datetime) -> QuerySet[LocalRule]:
    """The local rules of a day in the agencies where the person holds a role."""
    rows = LocalRule.objects.at(on).filter(agency__in=organisation.agencies_of(person, at=at))
    return rows.select_related("agency", "key", "regulation").order_by("agency__name", "key__pk")


def regulations(person: Person, *, at: datetime) -> QuerySet[LocalRegulation]:
    """Every regulation of the person's agencies with its rules, also those that have ended."""
    kept = LocalRule.objects.select_related("key").order_by("key__pk", "valid_from")
    rows = LocalRegulation.objects.filter(agency__in=organisation.agencies_of(person, at=at))
    rows = rows.select_related("agency", "recorded_by").prefetch_related(Prefetch("rules", kept))
    return rows.order_by("agency__name", "-date", "pk")


@dataclass(frozen=True, kw_only=True)
class ListedCode:
    """What a list may hold: as it is typed, and what it says."""

    code: str
    said: str


def lists() -> list[dict[str, object]]:
    """For each rule that a regulation may narrow, what has ever stood in its list."""
    keys = RuleKey.objects.filter(bound=RuleBound.SUBSET).order_by("pk")
    held: dict[int, set[str]] = {key.pk: set() for key in keys}
    by_law = RuleValue.objects.filter(scope__key__in=keys).values_list("scope__key", "value")
    by_agencies = LocalRule.objects.filter(key__in=keys).values_list("key", "value")
    for key, value in (*by_law, *by_agencies):
        held[key].update(value if isinstance(value, list) else [])
    return [{"title": named(key), "entries": _listed(held[key.pk])} for key in keys]


def _listed(codes: set[str]) -> list[ListedCode]:
    known = [code for code in LISTED if code in codes and code != ANY]
    return [ListedCode(code=code, said=str(LISTED[code])) for code in known]


def start_by_law(key: RuleKey, *, agency: Agency, on: date) -> StartingEvent | None:
    """From what event a local rule counts unless it says otherwise: as the law does; a step from its opening."""
    if key.code.startswith(STEP):
        return StartingEvent.STEP_OPENED
    rows = RuleValue.objects.filter(scope__key=key, scope__agency_kind=agency.kind)
    start = rows.at(on).values_list("start", flat=True).first()
    return StartingEvent(start) if start else None
