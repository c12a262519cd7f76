"""What follows from dated law: which rule set governs an act, and whether a local rule is no looser than the law."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.enums import LimitUnit, RuleBound, StartingEvent
from core.errors import Invalid, NotFound
from core.models import Agency, LocalRule, Provision, RuleKey, RuleSet, RuleValue
from core.models.law import RuleContent
from core.rules.law_words import ANY, said

HOURS_A_DAY = 24
MOST = 9_999


class UnknownRule(Invalid):
    """No rule has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _("There is no rule “%(key)s”. “manage.py rule --list” shows all of them.") % {"key": key}
        )


class UnknownDuty(NotFound):
    """The law of that day does not know this rule for this kind of agency."""

    def __init__(self, key: RuleKey, *, agency: Agency, on: date, press_kind: str = "") -> None:
        self.key = key
        who = agency.get_kind_display() + (f", {press_kind}" if press_kind else "")
        super().__init__(
            _("The law in force on %(day)s knows no rule “%(key)s” for this kind of agency (%(kind)s).")
            % {"day": f"{on:%d/%m/%Y}", "key": key.title, "kind": who}
        )


class NoRuleSet(NotFound):
    """No press law is loaded for this day."""

    def __init__(self, on: date) -> None:
        super().__init__(
            _("No press law is on record for %(day)s. Load the reference data, or choose another day.")
            % {"day": f"{on:%d/%m/%Y}"}
        )


class LooserThanLaw(Invalid):
    """A local rule would loosen, or touch, what the law has settled; the provision is named."""

    def __init__(self, why: str, provision: Provision | None) -> None:
        self.provision = provision
        named = _("It breaks %(citation)s.") % {"citation": provision.citation} if provision else ""
        super().__init__(
            " ".join(filter(None, (why, named, _("Nothing was saved; what you typed is kept."))))
        )


@dataclass(frozen=True, kw_only=True)
class ProposedRule:
    """What a local regulation says of a key."""

    key: RuleKey
    value: RuleContent
    unit: LimitUnit
    start: StartingEvent | None = None

    @classmethod
    def of(cls, rule: LocalRule) -> ProposedRule:
        start = StartingEvent(rule.start) if rule.start else None
        return cls(key=rule.key, value=rule.value, unit=LimitUnit(rule.unit), start=start)


def governing(rule_sets: Iterable[RuleSet], *, on: date) -> RuleSet:
    """The rule set in force on the day of the act being judged. Raises NoRuleSet."""
    found = next((rule_set for rule_set in rule_sets if rule_set.covers(on)), None)
    if found is None:
        raise NoRuleSet(on)
    return found


def check_no_looser(rule: ProposedRule, laws: Sequence[RuleValue], *, grounds: Provision | None) -> None:
    """A local rule may be stricter than each law it meets in its time, never looser. Raises LooserThanLaw.

    `laws` are the values in force at some time while the local rule is; `grounds` the provision that lists the
    grounds for refusal, which is complete.
    """
    if rule.key.code == "refusal_grounds":
        raise LooserThanLaw(_("A local regulation cannot add or change a ground for refusal."), grounds)
    if rule.key.bound == RuleBound.FIXED:
        provision = laws[0].provision if laws else None
        raise LooserThanLaw(
            _("A local regulation cannot settle “%(key)s”.") % {"key": rule.key.title}, provision
        )
    _check_form(rule)
    for law in laws:
        _check_against(rule, law)


def _check_form(rule: ProposedRule) -> None:
    if rule.key.bound == RuleBound.SUBSET:
        if rule.unit != LimitUnit.LIST or not isinstance(rule.value, list) or not rule.value:
            raise Invalid(
                _("“%(key)s” takes a list of what is allowed.") % {"key": rule.key.title},
                fields={"value": _("Write at least one entry.")},
            )
        return
    if rule.start == StartingEvent.PLANNED_EVENT and rule.unit != LimitUnit.HOURS:
        raise Invalid(
            _("A notice before a planned event is counted in hours. What you typed is kept."),
            fields={"unit": _("Choose hours.")},
        )
    counted = (LimitUnit.HOURS, LimitUnit.DAYS, LimitUnit.WORKING_DAYS, LimitUnit.MONTHS)
    if rule.unit not in counted or not isinstance(rule.value, int) or not 1 <= rule.value <= MOST:
        raise Invalid(
            _("“%(key)s” takes a whole number of hours, days, working days or months.")
            % {"key": rule.key.title},
            fields={"value": _("Write a whole number from 1 to 9999.")},
        )


def _check_against(rule: ProposedRule, law: RuleValue) -> None:
    if rule.key.bound == RuleBound.SUBSET:
        _check_subset(rule, law)
        return
    if law.unit in (LimitUnit.NONE, LimitUnit.NEXT_ISSUE):
        return
    if law.start and rule.start != law.start:
        raise LooserThanLaw(
            _("The limit starts from another event than the law's (%(event)s).")
            % {"event": StartingEvent(law.start).label},
            law.provision,
        )
    if not _is_surely_as_strict(rule, law):
        raise LooserThanLaw(
            _("%(local)s may be looser than the law's %(law)s.")
            % {"local": said(rule.value, rule.unit), "law": said(law.value, law.unit)},
            law.provision,
        )


def _check_subset(rule: ProposedRule, law: RuleValue) -> None:
    allowed = law.value if isinstance(law.value, list) else []
    given = rule.value if isinstance(rule.value, list) else []
    beyond = [each for each in given if each not in allowed]
    if ANY not in allowed and beyond:
        raise LooserThanLaw(
            _("The law does not allow: %(beyond)s.") % {"beyond": said(beyond, LimitUnit.LIST)}, law.provision
        )


def _is_surely_as_strict(rule: ProposedRule, law: RuleValue) -> bool:
    """Whether the local limit ends no later than the law's from every start, whatever days off lie between.

    Working days may stretch over Tết, so nothing counted in them is surely as short as days or hours. Days moved
    to the next working day never pass as many working days (the n-th working day is never before the n-th day).
    """
    assert isinstance(rule.value, int)
    if not isinstance(law.value, int):
        return False
    same = rule.unit == law.unit
    if rule.key.bound == RuleBound.AT_LEAST:
        return same and rule.value >= law.value
    if same or (rule.unit, law.unit) == (LimitUnit.DAYS, LimitUnit.WORKING_DAYS):
        return rule.value <= law.value
    if rule.unit == LimitUnit.HOURS and law.unit in (LimitUnit.DAYS, LimitUnit.WORKING_DAYS):
        return rule.value <= law.value * HOURS_A_DAY
    return False
