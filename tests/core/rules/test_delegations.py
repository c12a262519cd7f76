"""Whether a letter may be signed: the law, the agency's own rule, the delegate, the term. Without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.enums import AgencyKind, Circumstance, LimitUnit, MandateKind, PostKind
from core.errors import DomainError, Invalid, NotAllowedNow
from core.models import (
    Agency,
    Case,
    Instrument,
    LocalRegulation,
    LocalRule,
    Mandate,
    Person,
    Post,
    Provision,
    RuleSet,
    RuleValue,
)
from core.rules import delegations as rules
from core.rules.delegations import (
    Delegate,
    Ineligible,
    NotTheHead,
    OutsideTheList,
    Overlapping,
    Proposal,
    Regime,
)
from core.rules.law_words import ANY

SIGNED = datetime(2026, 7, 13, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROVINCE = Agency(pk=1, name="Ủy ban nhân dân tỉnh Mẫu", kind=AgencyKind.PROVINCIAL_COMMITTEE)
AGENCY = Agency(pk=2, name="Sở Nội vụ", kind=AgencyKind.DEPARTMENT, parent=PROVINCE)
HEAD, DELEGATE = Person(pk=1, full_name="Bà Giám đốc"), Person(pk=2, full_name="Ông Trưởng phòng")
LAW = RuleSet(pk=1, code="luat-bao-chi-2025")


def value(*listed: str, article: str = "3", clause: str = "2", point: str = "c") -> RuleValue:
    instrument = Instrument(pk=1, number="244/2026/NĐ-CP", kind="decree")
    provision = Provision(pk=1, instrument=instrument, article=article, clause=clause, point=point)
    return RuleValue(value=list(listed), unit=LimitUnit.LIST, provision=provision)


def local(content: Any, unit: LimitUnit = LimitUnit.LIST) -> LocalRule:
    regulation = LocalRegulation(pk=1, number="15/QĐ-SNV", date=date(2026, 6, 29), agency=AGENCY)
    return LocalRule(regulation=regulation, value=content, unit=unit, article="khoản 2 Điều 5", agency=AGENCY)


def proposal(**changes: Any) -> Proposal:
    given: dict[str, Any] = {
        "case": Case(pk=1, agency=AGENCY, reference="VV-1"),
        "to": DELEGATE,
        "valid_from": SIGNED,
        "valid_until": SIGNED + 2 * DAY,
        "circumstance": Circumstance.ASSIGNED,
        "reason": "Am hiểu lĩnh vực.",
    }
    return Proposal(**{**given, **changes})


def regime(**changes: Any) -> Regime:
    return Regime(**{"rule_set": LAW, "to": value(ANY), "when": value(ANY), **changes})


def delegate(*kinds: PostKind, person: Person = DELEGATE, is_closed: bool = False) -> Delegate:
    return Delegate(person=person, posts=[Post(kind=kind, title="x") for kind in kinds], is_closed=is_closed)


def standing_delegation(begin: datetime, end: datetime) -> Mandate:
    mandate = Mandate(
        pk=9, kind=MandateKind.DELEGATED, document_number="7/GUQ-SNV", valid_from=begin, valid_until=end,
        granted_until=end, recorded_at=begin,
    )  # fmt: skip
    mandate._prefetched_objects_cache = {"ends": Mandate.objects.none()}  # type: ignore[attr-defined]
    return mandate


def check(
    letter: Proposal | None = None,
    law: Regime | None = None,
    who: Delegate | None = None,
    others: tuple[Mandate, ...] = (),
) -> None:
    rules.check(
        letter or proposal(),
        regime=law or regime(),
        delegate=who or delegate(PostKind.UNIT_HEAD),
        signer=HEAD,
        others=others,
        signed_at=SIGNED,
    )


def refusal(kind: type[DomainError], **asked: Any) -> DomainError:
    with pytest.raises(kind) as raised:
        check(**asked)
    assert type(raised.value) is kind
    return raised.value


def wrong_field(**asked: Any) -> str:
    refused = refusal(Invalid, **asked)
    assert isinstance(refused, Invalid)
    (field,) = refused.fields
    assert "Nothing was delegated; what you typed is kept." in str(refused)
    return field


def test_a_letter_that_breaks_nothing_may_be_signed() -> None:
    check()


# Bad input


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": SIGNED}, "valid_until"),
        ({"valid_until": SIGNED - HOUR}, "valid_until"),
        ({"valid_from": SIGNED - 2 * HOUR, "valid_until": SIGNED - HOUR}, "valid_until"),
        ({"valid_from": SIGNED - HOUR - DAY / 86400}, "valid_from"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_a_term_or_reason_that_cannot_be_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert wrong_field(letter=proposal(**changes)) == field


@pytest.mark.parametrize(
    "who",
    [
        delegate(PostKind.HEAD, person=HEAD),
        delegate(),
        delegate(PostKind.UNIT_HEAD, is_closed=True),
    ],
    ids=["the head himself", "somebody without a post in the agency", "somebody without an active account"],
)
def test_a_delegate_who_cannot_be_one_is_refused(who: Delegate) -> None:
    assert wrong_field(letter=proposal(to=who.person), who=who) == "to"


def test_nobody_is_delegated_for_a_closed_case() -> None:
    closed = Case(pk=1, agency=AGENCY, reference="VV-1", closed_at=SIGNED - DAY)

    assert "VV-1 is closed" in str(refusal(NotAllowedNow, letter=proposal(case=closed)))


def test_the_start_reaches_back_as_far_as_the_local_rule_allows_and_no_further() -> None:
    law = regime(backdated=local(2, LimitUnit.HOURS))

    check(letter=proposal(valid_from=SIGNED - 2 * HOUR), law=law)
    assert wrong_field(letter=proposal(valid_from=SIGNED - 2 * HOUR - DAY / 86400), law=law) == "valid_from"


def test_a_start_proposed_when_the_form_was_opened_is_not_in_the_past_for_an_hour() -> None:
    rules.check(
        proposal(),
        regime=regime(),
        delegate=delegate(PostKind.STAFF),
        signer=HEAD,
        others=(),
        signed_at=SIGNED + timedelta(minutes=60, seconds=59),
    )


def test_a_term_as_long_as_the_local_maximum_is_allowed_and_a_longer_one_names_the_rule() -> None:
    law = regime(longest=local(2, LimitUnit.DAYS))

    check(letter=proposal(valid_until=SIGNED + 2 * DAY), law=law)
    refused = refusal(Ineligible, letter=proposal(valid_until=SIGNED + 2 * DAY + HOUR), law=law)
    assert "khoản 2 Điều 5" in str(refused)


# Who and when, by the law and on top of it


@pytest.mark.parametrize("kind", [PostKind.DEPUTY_HEAD, PostKind.DEPUTY_RUNNING, PostKind.DEPUTY_IN_CHARGE])
def test_a_list_of_deputies_means_every_deputy_whatever_he_is_charged_with(kind: PostKind) -> None:
    check(law=regime(to=value("deputy_head")), who=delegate(kind))


def test_whoever_is_not_on_the_laws_list_is_refused_with_the_provision() -> None:
    refused = refusal(Ineligible, law=regime(to=value("deputy_head", point="b")))

    assert "điểm b khoản 2 Điều 3" in str(refused)
    assert "244/2026" in str(refused)


def test_a_stricter_local_list_applies_on_top_and_is_named() -> None:
    law = regime(local_to=local(["deputy_head"]))

    check(law=law, who=delegate(PostKind.DEPUTY_HEAD))
    assert "khoản 2 Điều 5" in str(refusal(Ineligible, law=law))


def test_the_law_is_named_before_the_local_rule_where_both_forbid() -> None:
    law = regime(to=value("deputy_head", point="b"), local_to=local(["head"]))

    assert "244/2026" in str(refusal(Ineligible, law=law))


@pytest.mark.parametrize("where", ["when", "local_when"])
def test_a_circumstance_that_law_or_local_rule_does_not_know_is_refused(where: str) -> None:
    listed = [Circumstance.UNEXPECTEDLY_BUSY.value]
    law = regime(**{where: value(*listed) if where == "when" else local(listed)})

    check(letter=proposal(circumstance=Circumstance.UNEXPECTEDLY_BUSY), law=law)
    refused = refusal(Ineligible, letter=proposal(circumstance=Circumstance.HEAD_UNABLE), law=law)
    assert "when the head is unexpectedly busy" in str(refused)


def test_a_delegate_outside_the_responsible_posts_needs_a_reason_of_his_own() -> None:
    law, who = regime(responsible=local(["unit_head"])), delegate(PostKind.STAFF)

    assert "khoản 2 Điều 5" in str(refusal(OutsideTheList, law=law, who=who))
    check(letter=proposal(outside_list_reason="Trực tiếp xử lý."), law=law, who=who)
    assert rules.warning_of(who, law)
    assert rules.warning_of(delegate(PostKind.UNIT_HEAD), law) == ""


@pytest.mark.parametrize(
    ("begin", "end", "overlaps"),
    [
        (SIGNED - DAY, SIGNED, False),
        (SIGNED - DAY, SIGNED + HOUR, True),
        (SIGNED + HOUR, SIGNED + 2 * HOUR, True),
        (SIGNED + 2 * DAY, SIGNED + 3 * DAY, False),
    ],
)
def test_two_delegations_of_a_case_at_one_time_need_a_note(
    begin: datetime, end: datetime, overlaps: bool
) -> None:
    other = standing_delegation(begin, end)

    if not overlaps:
        check(others=(other,))
        return
    assert "7/GUQ-SNV" in str(refusal(Overlapping, others=(other,)))
    check(letter=proposal(overlap_note="Hai lĩnh vực."), others=(other,))


# Who is not the head


def test_without_any_head_the_refusal_names_the_superior_body() -> None:
    refused = rules.not_the_head(DELEGATE, agency=AGENCY, head=None, posts=(), mandates=(), at=SIGNED)

    assert isinstance(refused, NotTheHead)
    assert "has no head at this moment, so nobody can delegate" in str(refused)
    assert "Report to Ủy ban nhân dân tỉnh Mẫu" in str(refused)
