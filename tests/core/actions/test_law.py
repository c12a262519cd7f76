from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from core import events
from core.actions import casefile, law, trail
from core.clock import ZONE
from core.enums import Channel, LimitUnit, StartingEvent
from core.errors import Invalid, NotAllowedNow, NotFound, Refused
from core.models import (
    Inquiry,
    LocalRegulation,
    LocalRule,
    Provision,
    RuleKey,
    RuleSet,
    RuleSetChoice,
    TrailEntry,
)
from core.permissions import MissingRole
from core.queries import law as queries
from core.rules.law import LooserThanLaw
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 6, 30, 9, tzinfo=ZONE)
DECIDED = datetime(2026, 7, 2, 10, tzinfo=ZONE)
FROM = date(2026, 7, 1)
OLD, NEW = "luat-bao-chi-2016", "luat-bao-chi-2025"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def open_inquiry(cast: Cast, received_at: datetime = RECEIVED, at: datetime = DECIDED) -> Inquiry:
    new = casefile.NewInquiry(channel=Channel.LETTER, received_at=received_at, subject="X")
    return casefile.open_inquiry(agency=cast.agency, new=new, by=None, at=at)


def rule_set(code: str) -> RuleSet:
    return RuleSet.objects.get(code=code)


def entry(event: events.Event) -> TrailEntry:
    return TrailEntry.objects.get(type=event.code)


def choose(
    cast: Cast, inquiry: Inquiry, code: str = OLD, reason: str = "Tiếp nhận khi luật cũ.", **given: Any
) -> RuleSetChoice:
    given = {"by": cast.legal, "at": DECIDED, **given}
    return law.choose_rule_set(inquiry=inquiry, rule_set=rule_set(code), reason=reason, **given)


# Which law governs


def test_for_an_inquiry_between_two_laws_that_of_the_act_is_proposed_and_both_are_shown(cast: Cast) -> None:
    inquiry = open_inquiry(cast)

    shown = queries.straddled(inquiry, at=DECIDED)
    proposed = queries.governing(inquiry, at=DECIDED)

    assert [each.code for each in shown] == [OLD, NEW]
    assert proposed == rule_set(NEW)
    assert queries.is_undecided(inquiry, at=DECIDED)


def test_a_choice_is_stored_with_its_reason_and_what_was_proposed(cast: Cast) -> None:
    inquiry = open_inquiry(cast)

    choice = choose(cast, inquiry, reason="  Tiếp nhận khi luật cũ.  ")

    assert (choice.proposed.code, choice.chosen.code) == (NEW, OLD)
    assert (choice.reason, choice.chosen_by) == ("Tiếp nhận khi luật cũ.", cast.legal)
    assert (choice.chosen_at, choice.act_at) == (DECIDED, DECIDED)
    assert queries.governing(inquiry, at=DECIDED) == rule_set(OLD)
    assert not queries.is_undecided(inquiry, at=DECIDED)


def test_the_trail_keeps_the_choice_its_reason_and_the_law_chosen(cast: Cast) -> None:
    inquiry = open_inquiry(cast)

    choice = choose(cast, inquiry)

    written = entry(events.RULE_SET_CHOSEN)
    said = [written.data[key] for key in ("choice", "proposed", "chosen")]
    assert (written.reason, written.rule_set) == ("Tiếp nhận khi luật cũ.", OLD)
    assert written.stream == trail.stream_of(inquiry.case)
    assert said == [choice.pk, NEW, OLD]


def test_a_choice_is_never_recomputed_and_a_later_one_is_another_row(cast: Cast) -> None:
    inquiry = open_inquiry(cast)
    first = choose(cast, inquiry)
    much_later = datetime(2027, 3, 1, tzinfo=ZONE)

    assert queries.governing(inquiry, at=much_later) == rule_set(OLD)
    second = choose(cast, inquiry, NEW, reason="Xem lại.", by=cast.head, at=much_later)

    assert queries.governing(inquiry, at=much_later) == rule_set(NEW)
    assert list(RuleSetChoice.objects.order_by("pk")) == [first, second]
    assert RuleSetChoice.objects.get(pk=first.pk).chosen.code == OLD


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_a_choice_without_a_reason_is_refused_and_nothing_is_stored(cast: Cast, reason: str) -> None:
    inquiry = open_inquiry(cast)

    with pytest.raises(Invalid, match="A reason is needed") as refused:
        choose(cast, inquiry, reason=reason)

    assert set(refused.value.fields) == {"reason"}
    assert not TrailEntry.objects.filter(type=events.RULE_SET_CHOSEN.code).exists()
    assert not RuleSetChoice.objects.exists()


def test_where_one_law_governs_throughout_there_is_nothing_to_choose(cast: Cast) -> None:
    inquiry = open_inquiry(cast, received_at=datetime(2026, 7, 1, tzinfo=ZONE))

    assert not queries.is_undecided(inquiry, at=DECIDED)
    with pytest.raises(NotAllowedNow, match="nothing to choose"):
        choose(cast, inquiry, NEW)


def test_the_last_minute_of_june_and_the_first_of_july_lie_under_two_laws(cast: Cast) -> None:
    last = open_inquiry(cast, received_at=datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZONE))
    first = open_inquiry(cast, received_at=datetime.fromisoformat("2026-06-30T17:00:00+00:00"))

    assert queries.is_undecided(last, at=DECIDED)
    assert not queries.is_undecided(first, at=DECIDED)


def test_a_law_that_was_in_force_at_neither_end_cannot_be_chosen(cast: Cast) -> None:
    inquiry = open_inquiry(cast)
    RuleSet.objects.create(code="earlier", title="X", valid_until=date(2017, 1, 1))

    with pytest.raises(Invalid, match="neither at the receipt nor now"):
        choose(cast, inquiry, "earlier")


def test_choosing_needs_the_right_in_the_agency_and_sight_of_the_case(cast: Cast) -> None:
    inquiry = open_inquiry(cast)

    for person in (cast.specialist, cast.clerk, cast.administrator, cast.stranger):
        with pytest.raises(MissingRole):
            choose(cast, inquiry, by=person)
    inquiry.case.secrecy = "restricted"
    inquiry.case.save()
    with pytest.raises(NotFound):
        choose(cast, inquiry)

    assert not RuleSetChoice.objects.exists()


def test_what_an_act_rests_on_follows_the_law_chosen_not_the_day(cast: Cast) -> None:
    inquiry = open_inquiry(cast)
    keys = ["duty_to_inform", "forwarded_opinion"]

    old = queries.provisions_for(inquiry, keys, rule_set=rule_set(OLD), at=DECIDED)
    new = queries.provisions_for(inquiry, keys, rule_set=rule_set(NEW), at=DECIDED)

    assert {each.code for each in old} == {"103/2016/QH13:38.1", "103/2016/QH13:39.2"}
    assert {each.code for each in new} == {"126/2025/QH15:31.1", "237/2026/NĐ-CP:18.3"}


# Verbatim texts


@pytest.fixture
def provision() -> Provision:
    return Provision.objects.get(code="126/2025/QH15:31.2.a")


def text_digest(provision: Provision) -> str:
    provision.refresh_from_db()
    return law.text_sha256(provision.verbatim)


def test_a_text_is_entered_by_one_officer_and_checked_by_another(cast: Cast, provision: Provision) -> None:
    second = make_cast(code="SNV-Y").legal
    law.enter_verbatim(provision=provision, text="  Nguyên văn điểm a.  ", by=cast.legal, at=DECIDED)

    law.check_verbatim(provision=provision, sha256=text_digest(provision), by=second, at=DECIDED)

    provision.refresh_from_db()
    assert provision.verbatim == "Nguyên văn điểm a."
    assert (provision.entered_by, provision.checked_by) == (cast.legal, second)
    assert entry(events.VERBATIM_CHECKED).data == entry(events.VERBATIM_ENTERED).data
    assert entry(events.VERBATIM_CHECKED).data["sha256"] == law.text_sha256("Nguyên văn điểm a.")


def test_whoever_entered_a_text_does_not_check_it(cast: Cast, provision: Provision) -> None:
    law.enter_verbatim(provision=provision, text="X", by=cast.legal, at=DECIDED)

    with pytest.raises(Refused, match="another legal officer"):
        law.check_verbatim(provision=provision, sha256=text_digest(provision), by=cast.legal, at=DECIDED)

    provision.refresh_from_db()
    assert provision.checked_by is None


def test_a_text_changed_meanwhile_is_not_checked_and_one_entered_anew_is_unchecked(
    cast: Cast, provision: Provision
) -> None:
    second = make_cast(code="SNV-Y").legal
    law.enter_verbatim(provision=provision, text="X", by=cast.legal, at=DECIDED)
    seen = text_digest(provision)
    law.check_verbatim(provision=provision, sha256=seen, by=second, at=DECIDED)
    law.enter_verbatim(provision=provision, text="Y", by=cast.legal, at=DECIDED)

    with pytest.raises(NotAllowedNow, match="changed meanwhile"):
        law.check_verbatim(provision=provision, sha256=seen, by=second, at=DECIDED)

    provision.refresh_from_db()
    assert (provision.checked_by, provision.checked_at) == (None, None)


def test_an_empty_text_is_refused_and_one_not_yet_entered_is_not_checked(
    cast: Cast, provision: Provision
) -> None:
    with pytest.raises(Invalid, match="Enter the text"):
        law.enter_verbatim(provision=provision, text=" \n ", by=cast.legal, at=DECIDED)
    with pytest.raises(NotAllowedNow):
        law.check_verbatim(provision=provision, sha256=text_digest(provision), by=cast.legal, at=DECIDED)


def test_texts_are_kept_by_those_with_the_right_alone(cast: Cast, provision: Provision) -> None:
    for person in (cast.head, cast.administrator, cast.auditor):
        with pytest.raises(MissingRole):
            law.enter_verbatim(provision=provision, text="X", by=person, at=DECIDED)
        with pytest.raises(MissingRole):
            law.check_verbatim(provision=provision, sha256="", by=person, at=DECIDED)


def test_missing_texts_stand_first_in_the_list(cast: Cast, provision: Provision) -> None:
    law.enter_verbatim(provision=provision, text="X", by=cast.legal, at=DECIDED)

    listed = list(queries.texts_to_enter())

    assert listed[-1] == provision
    assert [each.verbatim for each in listed[:-1]] == [""] * (len(listed) - 1)


# The agency's own regulation


@pytest.fixture
def regulation(cast: Cast) -> LocalRegulation:
    return record_regulation(cast)


def record_regulation(cast: Cast, **given: Any) -> LocalRegulation:
    facts = {"number": "15/QĐ-SNV", "on": FROM, "title": "Quy chế", "valid_from": FROM, "by": cast.legal}
    return law.record_regulation(agency=cast.agency, at=DECIDED, **{**facts, **given})


@pytest.fixture
def record(cast: Cast, regulation: LocalRegulation) -> Callable[..., LocalRule]:
    def record_(code: str, value: Any, unit: LimitUnit, **given: Any) -> LocalRule:
        by = given.pop("by", cast.legal)
        facts: dict[str, Any] = {"article": "Điều 5", "statement": "Nội dung.", "valid_from": FROM}
        facts |= {"key": RuleKey.objects.get(code=code), "start": StartingEvent.RECEIPT, **given}
        new = law.NewLocalRule(value=value, unit=unit, **facts)
        return law.record_local_rule(regulation=regulation, rule=new, by=by, at=DECIDED)

    return record_


def test_a_stricter_rule_is_recorded_and_shown_as_local(cast: Cast, record: Callable[..., LocalRule]) -> None:
    rule = record("forwarded_opinion", 10, LimitUnit.WORKING_DAYS)

    found = queries.local_rule(rule.key, agency=cast.agency, on=FROM)
    assert found == rule
    assert rule.citation == "Điều 5 Quy chế (số 15/QĐ-SNV ngày 01/07/2026)"
    data = entry(events.LOCAL_RULE_RECORDED).data
    assert (data["key"], data["value"]) == ("forwarded_opinion", "10 working days")
    assert (data["number"], data["article"]) == ("15/QĐ-SNV", "Điều 5")
    assert entry(events.LOCAL_REGULATION_RECORDED).data["number"] == "15/QĐ-SNV"


@pytest.mark.parametrize(
    ("code", "value", "unit", "start", "provision"),
    [
        ("forwarded_opinion", 16, LimitUnit.WORKING_DAYS, "receipt", "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP"),
        ("reply_on_press", 20, LimitUnit.WORKING_DAYS, "receipt", "khoản 1 Điều 18 Nghị định số 237/2026/NĐ-CP"),
        ("forwarded_opinion", 1, LimitUnit.HOURS, "registration", "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP"),
        ("press_conference_notice", 12, LimitUnit.HOURS, "planned_event",
         "khoản 3 Điều 22 Nghị định số 237/2026/NĐ-CP"),
        ("speaker_types", ["driver"], LimitUnit.LIST, "", "khoản 2 Điều 3 Nghị định số 244/2026/NĐ-CP"),
        ("delegation_onward", ["allowed"], LimitUnit.LIST, "", "khoản 6 Điều 3 Nghị định số 244/2026/NĐ-CP"),
        ("refusal_grounds", ["31.2.d"], LimitUnit.LIST, "", "khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15"),
    ],
)  # fmt: skip
def test_a_looser_rule_or_a_further_ground_is_refused_with_the_provision_it_breaks(
    record: Callable[..., LocalRule], code: str, value: Any, unit: LimitUnit, start: str, provision: str
) -> None:
    with pytest.raises(LooserThanLaw, match=f"It breaks {provision}") as refused:
        record(code, value, unit, start=StartingEvent(start) if start else None)

    assert refused.value.provision is not None
    assert not LocalRule.objects.exists()
    assert not TrailEntry.objects.filter(type=events.LOCAL_RULE_RECORDED.code).exists()


def test_a_rule_that_began_under_the_former_law_is_held_against_that_too(cast: Cast) -> None:
    early = record_regulation(cast, number="1/QĐ", valid_from=date(2026, 1, 1))
    new = law.NewLocalRule(
        key=RuleKey.objects.get(code="refusal_grounds"), value=["x"], unit=LimitUnit.LIST, article="Điều 1",
        statement="x", valid_from=date(2026, 6, 1),
    )  # fmt: skip

    with pytest.raises(LooserThanLaw, match="khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13"):
        law.record_local_rule(regulation=early, rule=new, by=cast.legal, at=DECIDED)


def test_a_second_rule_for_the_same_time_is_refused_and_an_adjacent_one_is_not(
    record: Callable[..., LocalRule],
) -> None:
    record("forwarded_opinion", 10, LimitUnit.WORKING_DAYS, valid_until=date(2026, 10, 1))

    for valid_from in (FROM, date(2026, 9, 30)):
        with pytest.raises(Invalid, match="already has a local rule"):
            record("forwarded_opinion", 5, LimitUnit.WORKING_DAYS, valid_from=valid_from)
    record("forwarded_opinion", 5, LimitUnit.WORKING_DAYS, valid_from=date(2026, 10, 1))

    assert LocalRule.objects.count() == 2


def test_reversed_periods_are_refused(cast: Cast, record: Callable[..., LocalRule]) -> None:
    with pytest.raises(Invalid, match="The end must come after the start"):
        record("forwarded_opinion", 10, LimitUnit.WORKING_DAYS, valid_until=FROM)
    with pytest.raises(Invalid, match="The end must come after the start"):
        record_regulation(cast, number="2/QĐ", valid_until=date(2026, 6, 1))


@pytest.mark.parametrize(
    "period",
    [
        {"valid_from": date(2026, 6, 30)},
        {"valid_from": date(2026, 8, 1), "valid_until": None},
        {"valid_until": date(2027, 1, 2)},
    ],
)
def test_a_rule_holds_only_while_its_regulation_does(
    regulation: LocalRegulation, record: Callable[..., LocalRule], period: dict[str, Any]
) -> None:
    regulation.valid_until = date(2027, 1, 1)
    regulation.save()

    with pytest.raises(Invalid, match="holds only while its regulation does"):
        record("forwarded_opinion", 10, LimitUnit.WORKING_DAYS, **period)


def test_an_ended_rule_no_longer_holds_and_its_end_is_not_put_off(
    cast: Cast, record: Callable[..., LocalRule]
) -> None:
    rule = record("forwarded_opinion", 10, LimitUnit.WORKING_DAYS)

    law.end_local_rule(rule=rule, valid_until=date(2026, 9, 1), by=cast.legal, at=DECIDED)

    for later in (date(2026, 9, 1), date(2026, 10, 1)):
        with pytest.raises(NotAllowedNow, match="already ends on 01/09/2026"):
            law.end_local_rule(rule=rule, valid_until=later, by=cast.legal, at=DECIDED)
    assert queries.local_rule(rule.key, agency=cast.agency, on=date(2026, 8, 31)) == rule
    assert queries.local_rule(rule.key, agency=cast.agency, on=date(2026, 9, 1)) is None
    assert entry(events.LOCAL_RULE_ENDED).data["valid_until"] == "2026-09-01"


def test_a_regulation_has_a_number_and_a_title_and_is_recorded_once(
    cast: Cast, regulation: LocalRegulation
) -> None:
    for given in ({"number": " "}, {"title": " ", "number": "3/QĐ"}, {"number": regulation.number}):
        with pytest.raises(Invalid):
            record_regulation(cast, **given)

    assert LocalRegulation.objects.count() == 1


def test_local_rules_are_kept_by_those_with_the_right_in_the_agency(
    cast: Cast, record: Callable[..., LocalRule]
) -> None:
    rule = record("forwarded_opinion", 10, LimitUnit.WORKING_DAYS)

    for person in (cast.head, cast.specialist, cast.stranger):
        with pytest.raises(MissingRole):
            record("reply_on_press", 10, LimitUnit.DAYS, by=person)
        with pytest.raises(MissingRole):
            law.end_local_rule(rule=rule, valid_until=date(2026, 9, 1), by=person, at=DECIDED)
