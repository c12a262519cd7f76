"""What is proposed for a question: what stands, what is kept of it, and the hash that says whether it changed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.enums import GroundKind
from core.errors import Invalid
from workflows.refusal.models import Outcome, RefusalVersion, WatchKind
from workflows.refusal.rules import grounds, proposals
from workflows.refusal.rules.grounds import GroundNotInForce
from workflows.refusal.rules.proposals import Offer, Proposal

from . import lawbook
from .lawbook import FACTS, FIRST_DAY, LAST_DAY, NEW_LAW, NEW_SECRETS, OLD_LAW, REASON, offer, proposal

OLD_PLACES = lawbook.places(lawbook.grounds(OLD_LAW))


def refused(given_proposal: Proposal, given_offer: Offer | None = None) -> Invalid:
    with pytest.raises(Invalid) as error:
        proposals.checked(given_proposal, given_offer or offer())
    return error.value


def july(**changes: Any) -> Offer:
    grounds_of_the_day = grounds.usable(lawbook.grounds(NEW_LAW), on=FIRST_DAY)
    return offer(on=FIRST_DAY, grounds=grounds_of_the_day, secret_kinds=NEW_SECRETS, **changes)


# Refused on a ground


@pytest.mark.parametrize("place", OLD_PLACES)
def test_a_refusal_on_each_ground_of_2016_stands_on_its_last_day(place: str) -> None:
    assert proposals.checked(proposal(place), offer()) == proposal(place)


@pytest.mark.parametrize("place", lawbook.places(lawbook.grounds(NEW_LAW)))
def test_a_refusal_on_each_ground_of_2025_stands_from_its_first_day(place: str) -> None:
    assert proposals.checked(proposal(place), july()) == proposal(place)


@pytest.mark.parametrize("place", OLD_PLACES)
def test_the_same_refusal_does_not_stand_a_day_later_under_the_law_of_that_day(place: str) -> None:
    with pytest.raises(GroundNotInForce):
        proposals.checked(proposal(place), july())


def test_where_the_law_of_2016_was_chosen_only_the_draft_policy_falls_away_in_july() -> None:
    chosen = replace(july(), grounds=grounds.usable(lawbook.grounds(OLD_LAW), on=FIRST_DAY))

    stands = [place for place in OLD_PLACES if proposal(place).ground in chosen.grounds]

    assert stands == ["38.2.a", "38.2.b", "38.2.c"]
    assert "điểm d khoản 2 Điều 38" in str(refused(proposal("38.2.d"), chosen))


def test_a_refusal_without_a_ground_does_not_stand() -> None:
    assert set(refused(proposal(ground=None)).fields) == {"ground"}


@pytest.mark.parametrize("place", OLD_PLACES)
def test_a_refusal_without_facts_or_reason_does_not_stand(place: str) -> None:
    first = next(iter(FACTS[GroundKind(lawbook.provision(place).ground_kind)]))

    assert first in refused(proposal(place, facts={})).fields
    assert set(refused(proposal(place, reason=" ")).fields) == {"reason"}
    assert set(refused(proposal(place, reason=lawbook.provision(place).statement)).fields) == {"reason"}


def test_a_refusal_keeps_no_agency_to_redirect_to_and_only_the_facts_asked() -> None:
    kept = proposals.checked(
        proposal(redirected_to="Sở Y tế", facts={**FACTS[GroundKind.INSPECTION], "secret": "state"}), offer()
    )

    assert kept == proposal()


# The event to watch


@pytest.mark.parametrize("place", ["38.2.b", "38.2.c", "38.2.d"])
def test_a_ground_that_ends_by_an_event_is_watched(place: str) -> None:
    error = refused(proposal(place, watch_kind=None))

    kind = GroundKind(lawbook.provision(place).ground_kind)
    expected = lawbook.WATCHED[kind]
    assert set(error.fields) == {"watch_kind"}
    assert expected is not None
    assert str(expected.label) in str(error)


@pytest.mark.parametrize("place", OLD_PLACES)
@pytest.mark.parametrize("watch_kind", WatchKind)
def test_the_event_belongs_to_the_ground(place: str, watch_kind: WatchKind) -> None:
    kind = GroundKind(lawbook.provision(place).ground_kind)
    given_proposal = proposal(place, watch_kind=watch_kind, watch_what="Sự kiện giả định")

    if watch_kind in grounds.ends_with(kind, FACTS[kind]):
        assert proposals.checked(given_proposal, offer()).watch_kind == watch_kind
    else:
        assert set(refused(given_proposal).fields) == {"watch_kind"}


def test_an_inspection_is_not_watched_by_the_settlement_of_a_complaint() -> None:
    complaint = {**FACTS[GroundKind.INSPECTION], "matter": "complaint"}
    settled = proposal(facts=complaint, watch_kind=WatchKind.RESOLUTION)

    assert set(refused(proposal(watch_kind=WatchKind.RESOLUTION)).fields) == {"watch_kind"}
    assert set(refused(proposal(facts=complaint)).fields) == {"watch_kind"}
    assert proposals.checked(settled, offer()) == settled


def test_a_secret_needs_no_event_and_keeps_nothing_of_one_that_was_not_chosen() -> None:
    kept = proposals.checked(proposal("38.2.a", watch_what="Khi giải mật", watch_on=FIRST_DAY), offer())

    assert (kept.watch_kind, kept.watch_what, kept.watch_on) == (None, "", None)


@pytest.mark.parametrize("what", ["", "  ", "—"])
def test_another_event_is_named(what: str) -> None:
    error = refused(proposal("38.2.a", watch_kind=WatchKind.OTHER, watch_what=what))

    assert set(error.fields) == {"watch_what"}


@pytest.mark.parametrize("on", [date(1, 1, 1), LAST_DAY - timedelta(days=1)])
def test_an_event_expected_on_a_day_that_has_passed_is_asked_after(on: date) -> None:
    error = refused(proposal(watch_on=on))

    assert "Find out whether it has happened" in str(error)
    assert set(error.fields) == {"watch_on"}


@pytest.mark.parametrize("on", [None, LAST_DAY, LAST_DAY + timedelta(days=1)])
def test_an_event_may_be_expected_today_later_or_on_no_day(on: date | None) -> None:
    assert proposals.checked(proposal(watch_on=on), offer()).watch_on == on


def test_what_happens_then_is_one_composed_line_of_at_most_300_letters() -> None:
    typed = unicodedata.normalize("NFD", "  Kết luận\nthanh tra ")

    assert proposals.checked(proposal(watch_what=typed), offer()).watch_what == "Kết luận thanh tra"
    assert set(refused(proposal(watch_what="k" * 301)).fields) == {"watch_what"}


# Beyond competence


def test_a_redirect_keeps_the_agency_and_the_reason_and_nothing_of_a_refusal() -> None:
    kept = proposals.checked(
        proposal(outcome=Outcome.REDIRECTED, redirected_to="  Sở Y tế \n tỉnh Mẫu ", watch_on=FIRST_DAY),
        offer(),
    )

    assert kept == Proposal(outcome=Outcome.REDIRECTED, redirected_to="Sở Y tế tỉnh Mẫu", reason=REASON)


def test_a_redirect_needs_no_reason_of_its_own() -> None:
    bare = Proposal(outcome=Outcome.REDIRECTED, redirected_to="Sở Y tế")

    assert proposals.checked(bare, offer(grounds=[])) == bare


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "-", "?", "s" * 201])
def test_a_redirect_names_an_agency(name: str) -> None:
    error = refused(Proposal(outcome=Outcome.REDIRECTED, redirected_to=name))

    assert set(error.fields) == {"redirected_to"}


def test_the_reason_of_a_redirect_has_a_limit() -> None:
    long = Proposal(outcome=Outcome.REDIRECTED, redirected_to="Sở Y tế", reason="a" * 4_001)

    assert set(refused(long).fields) == {"reason"}


# Considered, not provided yet


def test_withholding_is_off_unless_the_agency_switched_it_on() -> None:
    withheld = Proposal(outcome=Outcome.WITHHELD, reason=REASON)

    error = refused(withheld)

    assert "has not switched on" in str(error)
    assert set(error.fields) == {"outcome"}
    assert proposals.checked(withheld, offer(may_withhold=True)) == withheld


@pytest.mark.parametrize("place", OLD_PLACES)
def test_what_is_withheld_rests_on_no_ground_facts_or_event(place: str) -> None:
    full = proposal(
        place,
        outcome=Outcome.WITHHELD,
        redirected_to="Sở Y tế",
        watch_kind=WatchKind.TRIAL,
        watch_on=FIRST_DAY,
    )

    assert proposals.checked(full, offer(may_withhold=True)) == Proposal(
        outcome=Outcome.WITHHELD, reason=REASON
    )


def test_what_is_withheld_has_its_reason_in_words() -> None:
    short = Proposal(outcome=Outcome.WITHHELD, reason="Chưa đến lúc.")

    assert set(refused(short, offer(may_withhold=True)).fields) == {"reason"}


# The hash


def decomposed(said: str) -> str:
    return unicodedata.normalize("NFD", said)


LINES = st.text(alphabet='aăâđêôơưạếộữ ,."\\-0', max_size=30)
FACT_SETS = st.dictionaries(st.sampled_from(["decision", "rule", "matter", "draft", "whose"]), LINES)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(FACT_SETS, LINES, LINES, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_facts_nor_the_form_of_the_letters_changes_the_hash(
    facts: dict[str, str], reason: str, what: str, random: Any
) -> None:
    one = proposal(facts=facts, reason=reason, watch_what=what)
    shuffled = [(name, decomposed(said)) for name, said in facts.items()]
    random.shuffle(shuffled)

    other = proposal(facts=dict(shuffled), reason=decomposed(reason), watch_what=decomposed(what))

    assert (one.canonical(), one.sha256()) == (other.canonical(), other.sha256())
    assert unicodedata.is_normalized("NFC", one.canonical())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(FACT_SETS, FACT_SETS, LINES, LINES)
def test_different_facts_or_reasons_have_different_hashes(
    facts: dict[str, str], others: dict[str, str], reason: str, other: str
) -> None:
    one, two = proposal(facts=facts, reason=reason), proposal(facts=others, reason=other)

    assert (one.sha256() == two.sha256()) == ((facts, reason) == (others, other))


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": Outcome.WITHHELD},
        {"ground": lawbook.provision("31.2.c")},
        {"ground": None},
        {"facts": {}},
        {"reason": REASON[:-1]},
        {"redirected_to": "Sở Y tế"},
        {"watch_kind": WatchKind.RESOLUTION},
        {"watch_what": "Kết luận"},
        {"watch_on": FIRST_DAY},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_hash_covers_each_part_of_a_proposal(change: dict[str, Any]) -> None:
    assert proposal(**change).sha256() != proposal().sha256()


@pytest.mark.parametrize("place", OLD_PLACES)
def test_a_version_read_back_has_the_hash_it_was_written_with(place: str) -> None:
    kept = proposals.checked(proposal(place), offer())
    version = RefusalVersion(
        outcome=str(kept.outcome), ground=kept.ground, facts=dict(kept.facts), reason=kept.reason,
        watch_kind=kept.watch_kind or "", watch_what=kept.watch_what, watch_on=kept.watch_on,
    )  # fmt: skip

    assert Proposal.of(version) == kept
    assert Proposal.of(version).sha256() == kept.sha256()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sampled_from(OLD_PLACES), st.dates(date(2017, 1, 1), date(2030, 1, 1)))
def test_what_stands_on_a_day_is_kept_on_a_ground_of_that_day(place: str, on: date) -> None:
    listed = grounds.usable(lawbook.every_ground(), on=on)
    try:
        kept = proposals.checked(proposal(place), offer(on=on, grounds=listed))
    except GroundNotInForce:
        assert (place, on >= FIRST_DAY) == ("38.2.d", True)
        return

    assert kept.ground in listed
    assert proposals.checked(kept, offer(on=on, grounds=listed)) == kept
