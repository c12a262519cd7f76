from __future__ import annotations

from datetime import date, datetime
from functools import cache

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.actions import reference
from core.actions.calendar import _first_content
from core.clock import ZONE
from core.enums import AgencyKind, InstrumentKind, LimitUnit, RuleBound, StartingEvent
from core.errors import Invalid
from core.models import Agency, Instrument, LocalRule, Provision, RuleKey, RuleSet, RuleValue
from core.models.law import RuleContent
from core.rules import deadlines
from core.rules.calendar import WorkCalendar
from core.rules.law import (
    LooserThanLaw,
    NoRuleSet,
    ProposedRule,
    UnknownDuty,
    UnknownRule,
    check_no_looser,
    governing,
)
from core.rules.law_words import said, said_of
from tests.law import FIXTURES

HOURS, DAYS, WORKING_DAYS = LimitUnit.HOURS, LimitUnit.DAYS, LimitUnit.WORKING_DAYS
FIRST, LAST = datetime(2024, 1, 1), datetime(2026, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
RECEIPT, PLANNED = StartingEvent.RECEIPT, StartingEvent.PLANNED_EVENT
CITATION = "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP"


@cache
def shipped() -> WorkCalendar:
    content = _first_content(sorted(reference.read_rows(FIXTURES / "calendar.json"), key=lambda r: r["year"]))
    return WorkCalendar(
        number=1,
        first_year=content.first_year,
        last_year=content.last_year,
        special=content.special,
        provisional_years=frozenset(content.provisional_years),
    )


def provision(clause: str = "3", article: str = "18", number: str = "237/2026/NĐ-CP") -> Provision:
    instrument = Instrument(number=number, title="Luật Báo chí", kind=InstrumentKind.DECREE)
    return Provision(instrument=instrument, article=article, clause=clause)


def key(bound: RuleBound = RuleBound.AT_MOST, code: str = "forwarded_opinion") -> RuleKey:
    return RuleKey(code=code, title="Ý kiến do báo chí chuyển", bound=bound)


def law(value: RuleContent, unit: LimitUnit, start: StartingEvent | None = RECEIPT) -> RuleValue:
    return RuleValue(value=value, unit=unit, start=start or "", provision=provision())


def local(
    value: RuleContent,
    unit: LimitUnit,
    *,
    start: StartingEvent | None = RECEIPT,
    bound: RuleBound = RuleBound.AT_MOST,
) -> ProposedRule:
    return ProposedRule(key=key(bound), value=value, unit=unit, start=start)


def is_accepted(rule: ProposedRule, *laws: RuleValue) -> bool:
    """Whether it is; a refusal names the provision that would be broken."""
    try:
        check_no_looser(rule, laws, grounds=None)
    except LooserThanLaw as looser:
        refusal = looser
    else:
        return True
    assert any(refusal.provision is each.provision for each in laws)
    assert f"It breaks {CITATION}." in str(refusal)
    return False


# What is no matter for a local regulation


def test_a_ground_for_refusal_cannot_be_added_and_the_complete_list_is_named() -> None:
    listed = provision("2", "31", "126/2025/QH15")
    listed.instrument.kind = InstrumentKind.LAW
    rule = ProposedRule(
        key=key(RuleBound.FIXED, "refusal_grounds"), value=["31.2.d"], unit=LimitUnit.LIST, start=None
    )

    with pytest.raises(LooserThanLaw) as refused:
        check_no_looser(rule, [], grounds=listed)

    assert refused.value.provision is listed
    assert str(refused.value) == (
        "A local regulation cannot add or change a ground for refusal. It breaks khoản 2 Điều 31 Luật Báo chí"
        " số 126/2025/QH15. Nothing was saved; what you typed is kept."
    )


def test_even_fewer_grounds_are_refused() -> None:
    rule = ProposedRule(
        key=key(RuleBound.FIXED, "refusal_grounds"), value=["31.2.a"], unit=LimitUnit.LIST, start=None
    )

    with pytest.raises(LooserThanLaw):
        check_no_looser(rule, [law(["31.2.a", "31.2.b"], LimitUnit.LIST, None)], grounds=provision())


@pytest.mark.parametrize("laws", [[], [law(15, WORKING_DAYS)]])
def test_a_fixed_rule_cannot_be_settled_locally_whether_or_not_the_law_knows_it(
    laws: list[RuleValue],
) -> None:
    with pytest.raises(LooserThanLaw, match="cannot settle “Ý kiến do báo chí chuyển”") as refused:
        check_no_looser(local(1, HOURS, bound=RuleBound.FIXED), laws, grounds=None)

    assert refused.value.provision is (laws[0].provision if laws else None)


# Time limits


@pytest.mark.parametrize(
    ("mine", "theirs", "accepted"),
    [
        ((24, HOURS), (24, HOURS), True),
        ((25, HOURS), (24, HOURS), False),
        ((30, DAYS), (30, DAYS), True),
        ((31, DAYS), (30, DAYS), False),
        ((15, WORKING_DAYS), (15, WORKING_DAYS), True),
        ((16, WORKING_DAYS), (15, WORKING_DAYS), False),
        ((15, DAYS), (15, WORKING_DAYS), True),
        ((16, DAYS), (15, WORKING_DAYS), False),
        ((360, HOURS), (15, DAYS), True),
        ((361, HOURS), (15, DAYS), False),
        ((360, HOURS), (15, WORKING_DAYS), True),
        ((361, HOURS), (15, WORKING_DAYS), False),
        ((1, DAYS), (24, HOURS), False),
        ((1, DAYS), (72, HOURS), False),
        ((1, WORKING_DAYS), (24, HOURS), False),
        ((1, WORKING_DAYS), (30, DAYS), False),
        ((20, WORKING_DAYS), (30, DAYS), False),
        ((1, LimitUnit.MONTHS), (1, LimitUnit.MONTHS), True),
        ((2, LimitUnit.MONTHS), (1, LimitUnit.MONTHS), False),
        ((1, LimitUnit.MONTHS), (30, DAYS), False),
        ((1, HOURS), ("12-20", LimitUnit.BEFORE_DATE), False),
    ],
)
def test_a_local_limit_is_accepted_only_where_it_is_surely_as_strict(
    mine: tuple[int, LimitUnit], theirs: tuple[RuleContent, LimitUnit], accepted: bool
) -> None:
    assert is_accepted(local(*mine), law(*theirs)) is accepted


def test_the_refusal_says_both_limits() -> None:
    with pytest.raises(LooserThanLaw) as refused:
        check_no_looser(local(20, WORKING_DAYS), [law(15, WORKING_DAYS)], grounds=None)

    assert str(refused.value).startswith(
        f"20 working days may be looser than the law's 15 working days. It breaks {CITATION}."
    )


def test_working_days_against_days_are_refused_because_tet_may_lie_between() -> None:
    start = datetime(2026, 2, 13, 9, tzinfo=ZONE)

    assert not is_accepted(local(7, WORKING_DAYS), law(10, DAYS))
    assert computed_due(7, WORKING_DAYS, start) > computed_due(10, DAYS, start)


@pytest.mark.parametrize(
    ("mine", "accepted"),
    [((24, HOURS), True), ((48, HOURS), True), ((23, HOURS), False)],
)
def test_a_notice_may_be_asked_for_earlier_and_never_later(
    mine: tuple[int, LimitUnit], accepted: bool
) -> None:
    rule = local(*mine, start=PLANNED, bound=RuleBound.AT_LEAST)

    assert is_accepted(rule, law(24, HOURS, PLANNED)) is accepted


def test_a_notice_before_an_event_is_counted_in_hours() -> None:
    with pytest.raises(Invalid, match="counted in hours"):
        is_accepted(local(2, DAYS, start=PLANNED, bound=RuleBound.AT_LEAST), law(24, HOURS, PLANNED))


def test_a_limit_from_another_event_is_refused_even_when_it_is_shorter() -> None:
    rule = local(1, HOURS, start=StartingEvent.REGISTRATION)

    with pytest.raises(LooserThanLaw, match=r"another event than the law's \(Receipt\)") as refused:
        check_no_looser(rule, [law(15, WORKING_DAYS)], grounds=None)

    assert refused.value.provision is not None
    assert not is_accepted(local(1, HOURS, start=None), law(15, WORKING_DAYS))


@pytest.mark.parametrize("mine", [(90, DAYS), (1, HOURS), (30, WORKING_DAYS)])
@pytest.mark.parametrize("unit", [LimitUnit.NONE, LimitUnit.NEXT_ISSUE])
def test_a_duty_without_a_limit_accepts_any_local_one(mine: tuple[int, LimitUnit], unit: LimitUnit) -> None:
    assert is_accepted(local(*mine), law(None, unit))


def test_a_rule_the_law_does_not_know_accepts_any_limit_of_a_step() -> None:
    assert is_accepted(local(4, HOURS, start=StartingEvent.STEP_OPENED))


def test_a_local_rule_is_held_against_every_law_it_meets() -> None:
    old, new = law(30, DAYS), law(15, WORKING_DAYS)

    assert is_accepted(local(15, DAYS), old, new)
    assert not is_accepted(local(16, DAYS), old, new)
    assert not is_accepted(local(15, WORKING_DAYS), old, new)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (0, HOURS),
        (10_000, HOURS),
        (-1, DAYS),
        (None, DAYS),
        ("5", DAYS),
        (["5"], DAYS),
        (5, LimitUnit.LIST),
        (None, LimitUnit.NONE),
        (5, LimitUnit.TIMES),
        ("12-20", LimitUnit.BEFORE_DATE),
    ],
)
def test_a_local_limit_is_a_whole_number_of_time(value: RuleContent, unit: LimitUnit) -> None:
    with pytest.raises(Invalid, match="whole number of hours, days, working days or months") as refused:
        check_no_looser(local(value, unit), [law(15, WORKING_DAYS)], grounds=None)

    assert set(refused.value.fields) == {"value"}


# Lists


@pytest.mark.parametrize(
    ("mine", "theirs", "accepted"),
    [
        (["head"], ["head", "standing"], True),
        (["head", "standing"], ["head", "standing"], True),
        (["deputy_head"], ["*"], True),
        (["head", "deputy"], ["head", "standing"], False),
        (["*"], ["head"], False),
    ],
)
def test_a_local_list_may_only_narrow_the_laws(mine: list[str], theirs: list[str], accepted: bool) -> None:
    rule = local(mine, LimitUnit.LIST, start=None, bound=RuleBound.SUBSET)

    assert is_accepted(rule, law(theirs, LimitUnit.LIST, None)) is accepted


def test_the_refusal_names_what_goes_beyond_the_list() -> None:
    rule = local(["head", "driver", "guard"], LimitUnit.LIST, start=None, bound=RuleBound.SUBSET)

    with pytest.raises(LooserThanLaw, match=r"The law does not allow: driver, guard\."):
        check_no_looser(rule, [law(["head"], LimitUnit.LIST, None)], grounds=None)


@pytest.mark.parametrize(("value", "unit"), [([], LimitUnit.LIST), ("head", LimitUnit.LIST), (1, HOURS)])
def test_a_list_is_not_empty_and_not_a_number(value: RuleContent, unit: LimitUnit) -> None:
    with pytest.raises(Invalid, match="takes a list of what is allowed"):
        check_no_looser(local(value, unit, bound=RuleBound.SUBSET), [], grounds=None)


# Always


def computed_due(amount: int, unit: LimitUnit, start: datetime) -> datetime:
    limit = deadlines.Limit(value=amount, unit=unit, start=RECEIPT)
    due = deadlines.compute(deadlines.Count(limit=limit, started_at=start, calendar=shipped())).due
    assert due is not None
    return due


counted = st.sampled_from([HOURS, DAYS, WORKING_DAYS])


@settings(max_examples=300, deadline=None, derandomize=True)
@example(15, DAYS, 15, WORKING_DAYS, datetime(2026, 2, 13, 9, tzinfo=ZONE))
@example(24, HOURS, 1, WORKING_DAYS, datetime(2026, 2, 13, 23, 59, tzinfo=ZONE))
@given(
    st.integers(1, 60),
    counted,
    st.integers(1, 40),
    counted,
    st.datetimes(FIRST, LAST, timezones=st.just(ZONE)),
)
def test_an_accepted_local_limit_is_never_due_later_than_the_laws(
    mine: int, my_unit: LimitUnit, theirs: int, their_unit: LimitUnit, start: datetime
) -> None:
    assume(is_accepted(local(mine, my_unit), law(theirs, their_unit)))

    assert computed_due(mine, my_unit, start) <= computed_due(theirs, their_unit, start)


# Which law governs, and the sentences


def test_the_rule_set_of_the_day_governs_and_its_last_day_is_out() -> None:
    old = RuleSet(code="old", valid_from=date(2017, 1, 1), valid_until=date(2026, 7, 1))
    new = RuleSet(code="new", valid_from=date(2026, 7, 1))

    assert governing([old, new], on=date(2026, 6, 30)) is old
    assert governing([old, new], on=date(2026, 7, 1)) is new
    with pytest.raises(NoRuleSet, match="31/12/2016"):
        governing([old, new], on=date(2016, 12, 31))


def test_an_unknown_duty_is_told_with_its_day_and_the_kind_of_agency() -> None:
    agency = Agency(kind=AgencyKind.DEPARTMENT)

    refused = UnknownDuty(key(), agency=agency, on=date(2026, 7, 1), press_kind="daily")

    assert str(refused) == (
        "The law in force on 01/07/2026 knows no rule “Ý kiến do báo chí chuyển” for this kind of agency"
        " (Department, daily)."
    )


def test_an_unknown_key_is_told_with_where_all_of_them_stand() -> None:
    assert str(UnknownRule("x")) == "There is no rule “x”. “manage.py rule --list” shows all of them."


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (15, WORKING_DAYS, "15 working days"),
        (["head", "one_case", "x"], LimitUnit.LIST, "Head, for one matter, x"),
        (["*"], LimitUnit.LIST, "no restriction"),
        (None, LimitUnit.NONE, "no time limit"),
        ("12-20", LimitUnit.BEFORE_DATE, "before a date of the year: 20/12"),
    ],
)
def test_a_value_is_said_as_a_person_reads_it(value: RuleContent, unit: LimitUnit, words: str) -> None:
    assert said(value, unit) == words


@pytest.mark.parametrize(("start", "event"), [("receipt", RECEIPT), ("", None)])
def test_a_recorded_rule_can_be_proposed_again(start: str, event: StartingEvent | None) -> None:
    rule = LocalRule(key=key(), value=5, unit="days", start=start)

    assert ProposedRule.of(rule) == ProposedRule(key=rule.key, value=5, unit=DAYS, start=event)


def test_a_duty_that_starts_from_nothing_is_not_said_to_lack_a_time_limit() -> None:
    assert said_of(law(None, LimitUnit.NONE, None)) == "applies, without a time limit"
    assert said_of(law(None, LimitUnit.NONE)) == "no time limit"
