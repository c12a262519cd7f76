"""The law as it stood on a day: rule sets, the value of a rule, the grounds for refusal, old beside new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.enums import LimitUnit, PressKind, StartingEvent
from core.errors import Invalid
from core.models import (
    Agency,
    Deadline,
    Inquiry,
    LocalRule,
    Person,
    Provision,
    RuleKey,
    RuleSet,
    RuleSetChoice,
    RuleValue,
)
from core.models.casefile import Case
from core.models.periods import PeriodQuerySet, covering
from core.queries import deadlines as deadline_queries
from core.rules import law as rules
from core.rules.deadlines import Limit, local_day


def rule_set(on: date) -> RuleSet:
    """The press law in force on a day. Raises NoRuleSet."""
    return rules.governing(RuleSet.objects.at(on), on=on)


def rule_key(code: str) -> RuleKey:
    """Raises UnknownRule."""
    found = RuleKey.objects.filter(code=code).first()
    if found is None:
        raise rules.UnknownRule(code)
    return found


def values() -> PeriodQuerySet[RuleValue]:
    return RuleValue.objects.select_related("scope__key", "provision__instrument", "limit_from__instrument")


def rule_value(key: RuleKey, *, agency: Agency, on: date, press_kind: str = "") -> RuleValue:
    """What the law of a day says of a rule for an agency of this kind. Raises UnknownDuty where it says nothing."""
    found = (
        values()
        .filter(scope__key=key, scope__agency_kind=agency.kind, scope__press_kind=press_kind)
        .at(on)
        .first()
    )
    if found is None:
        raise rules.UnknownDuty(key, agency=agency, on=on, press_kind=press_kind)
    return found


def press_kinds(key: RuleKey, *, agency: Agency, on: date) -> list[str]:
    """The kinds of press between which the law of a day tells apart for this rule; empty where it does not."""
    rows = RuleValue.objects.at(on).filter(scope__key=key, scope__agency_kind=agency.kind)
    return sorted(rows.exclude(scope__press_kind="").values_list("scope__press_kind", flat=True))


def check_press_kind(key: RuleKey, press_kind: str, *, agency: Agency, on: date) -> None:
    """A kind of press is named where the law tells them apart, and only there. Raises Invalid, UnknownDuty."""
    known = RuleValue.objects.at(on).filter(scope__key=key, scope__agency_kind=agency.kind)
    if not known.exists():
        raise rules.UnknownDuty(key, agency=agency, on=on)
    kinds = press_kinds(key, agency=agency, on=on)
    if kinds and not press_kind:
        raise Invalid(
            _("The law tells kinds of press apart here. Name one with --press-kind: %(kinds)s.")
            % {"kinds": ", ".join(kinds)}
        )
    if press_kind and press_kind not in PressKind.values:
        raise Invalid(
            _("There is no kind of press “%(kind)s”. Known are: %(kinds)s.")
            % {"kind": press_kind, "kinds": ", ".join(PressKind.values)}
        )
    if press_kind and not kinds:
        raise Invalid(_("The law does not tell kinds of press apart here; leave --press-kind out."))


def values_meeting(
    key: RuleKey, *, agency: Agency, valid_from: date, valid_until: date | None
) -> list[RuleValue]:
    """Every value of the law that is in force at some time within a period."""
    rows = values().filter(scope__key=key, scope__agency_kind=agency.kind)
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from))
    return list(rows.filter(valid_from__lt=valid_until) if valid_until else rows)


def limit_of(rule: RuleValue | LocalRule) -> Limit:
    start = StartingEvent(rule.start) if rule.start else None
    return Limit(value=rule.value, unit=LimitUnit(rule.unit), start=start)


def local_rule(key: RuleKey, *, agency: Agency, on: date) -> LocalRule | None:
    """The agency's own, stricter rule of a day, where it has one."""
    rows = LocalRule.objects.at(on).filter(key=key, agency=agency)
    return rows.select_related("key", "regulation").first()


def grounds(on: date) -> QuerySet[Provision]:
    """The provisions that allow a refusal on a day, in their order."""
    rows = Provision.objects.at(on).filter(is_ground=True).select_related("instrument")
    return rows.order_by("instrument__valid_from", "article", "clause", "point")


def grounds_under(rule_set: RuleSet, *, at: datetime) -> list[Provision]:
    """The grounds that a rule set lists, in their order: on the day of the act, or on its last where it ended before.

    Each with what corresponds to it in the later law. Which of them a decision may rest on says the refusal's rules.
    """
    rows = grounds(day_within(rule_set, local_day(at))).filter(instrument__in=rule_set.instruments.all())
    return list(rows.select_related("instrument", "successor__instrument"))


def secret_kinds(agency: Agency, on: date) -> list[str]:
    """The kinds of secrets that the law of a day protects against the press; none where it names none."""
    rows = RuleValue.objects.at(on).filter(scope__key__code="secret_kinds", scope__agency_kind=agency.kind)
    found = rows.values_list("value", flat=True).first()
    return [str(kind) for kind in found] if isinstance(found, list) else []


def list_of_grounds(on: date) -> Provision | None:
    """The provision whose points are the grounds: the whole list, to which nothing local can be added."""
    point = grounds(on).first()
    if point is None:
        return None
    return Provision.objects.filter(
        instrument=point.instrument, article=point.article, clause=point.clause, point=""
    ).first()


def governing(inquiry: Inquiry, *, at: datetime) -> RuleSet | None:
    """The law that governs an act on an inquiry: the one chosen where two come into question, else that of the act.

    Nothing where no press law is on record.
    """
    rule_sets = list(RuleSet.objects.order_by("valid_from"))
    now = next((each for each in rule_sets if each.covers(local_day(at))), None)
    if now is not None and now.covers(local_day(inquiry.received_at)):
        return now
    choice = choice_for(inquiry)
    return choice.chosen if choice else now


def provisions_for(
    inquiry: Inquiry, keys: Iterable[str], *, rule_set: RuleSet, at: datetime
) -> list[Provision]:
    """On what an act on the inquiry rests: the provisions of these rules under the law that governs it."""
    on = day_within(rule_set, local_day(at))
    rows = values().at(on).filter(scope__agency_kind=inquiry.agency.kind, scope__key__code__in=list(keys))
    return list({row.provision_id: row.provision for row in rows}.values())


def day_within(rule_set: RuleSet, day: date) -> date:
    """The day itself, or the last day of a rule set that ended before it."""
    if rule_set.valid_until is None or day < rule_set.valid_until:
        return day
    return rule_set.valid_until - timedelta(days=1)


def duty_citation(inquiry: Inquiry, *, at: datetime) -> str:
    """The provision that bounds the duty to inform to the agency's own tasks and powers, cited in full."""
    rule_set = governing(inquiry, at=at)
    if rule_set is None:
        return ""
    return "; ".join(
        provision.citation_in_full
        for provision in provisions_for(inquiry, ["duty_to_inform"], rule_set=rule_set, at=at)
    )


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A provision of one day beside what corresponds to it in the other regime; either side may be missing."""

    old: Provision | None
    new: Provision | None


def in_force(on: date) -> QuerySet[Provision]:
    return Provision.objects.at(on).select_related("instrument", "successor__instrument", "checked_by")


def beside_each_other() -> list[Comparison]:
    """Provisions with their successors, then those that nothing succeeds, then those that succeed nothing."""
    old = Provision.objects.filter(valid_until__isnull=False).select_related(
        "instrument", "successor__instrument"
    )
    succeeded = {row.successor_id for row in old}
    both = [Comparison(old=row, new=row.successor) for row in _in_place_order(old)]
    instruments = {row.successor.instrument_id for row in old if row.successor}
    fresh = Provision.objects.filter(instrument__in=instruments).exclude(
        pk__in=[pk for pk in succeeded if pk]
    )
    return [
        *both,
        *(Comparison(old=None, new=row) for row in _in_place_order(fresh.select_related("instrument"))),
    ]


def _in_place_order(rows: Iterable[Provision]) -> list[Provision]:
    return sorted(rows, key=place_order)


def place_order(provision: Provision) -> tuple[str, list[tuple[int, str]]]:
    """Articles and clauses by number, points by letter, within their instrument."""
    parts = (provision.article, provision.clause, provision.point)
    issued = provision.instrument.issued
    return (
        f"{issued or ''}{provision.instrument.number}",
        [(int(part) if part.isdigit() else 0, part) for part in parts],
    )


@dataclass(frozen=True, kw_only=True)
class Resting:
    """What of ours rests on a provision, as far as a person may see it."""

    deadlines: list[Deadline]
    replies: list[Inquiry]


def resting_on(provision: Provision, *, seen_by: Person, at: datetime, most: int = 100) -> Resting:
    """The deadlines computed under a provision, and the replies that cite it, newest first."""
    cases = Case.objects.visible_to(seen_by, at=at)
    rests = Q(provision=provision) | Q(rule_value__limit_from=provision)
    rows = Deadline.objects.filter(rests).filter(deadline_queries.open_to(seen_by, at=at))
    deadlines = deadline_queries.with_subject(deadline_queries.with_words(rows)).order_by("-created_at")
    replies = Inquiry.objects.filter(case__in=cases, legal_bases__provision=provision).distinct()
    return Resting(
        deadlines=list(deadlines[:most]),
        replies=list(replies.select_related("case").order_by("-registered_at")[:most]),
    )


def choice_for(inquiry: Inquiry) -> RuleSetChoice | None:
    """The law last chosen for an inquiry that straddles two regimes."""
    rows = RuleSetChoice.objects.filter(inquiry=inquiry).select_related("chosen", "proposed", "chosen_by")
    return rows.order_by("-chosen_at", "-pk").first()


def straddled(inquiry: Inquiry, *, at: datetime) -> list[RuleSet]:
    """The rule sets between receipt and an act at this instant: one, or more where the law changed in between."""
    first, last = local_day(inquiry.received_at), local_day(at)
    rows = RuleSet.objects.filter(covering(last) | covering(first))
    return list(rows.order_by("valid_from"))


def is_undecided(inquiry: Inquiry, *, at: datetime) -> bool:
    """Whether two laws come into question and nobody has chosen yet."""
    return len(straddled(inquiry, at=at)) > 1 and choice_for(inquiry) is None


def texts_to_enter() -> QuerySet[Provision]:
    """Provisions for the list of verbatim texts: those still missing first."""
    return Provision.objects.select_related("instrument", "entered_by", "checked_by").order_by(
        "verbatim", "instrument__valid_from", "pk"
    )
