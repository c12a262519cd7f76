"""Which grounds hold on a day, and the facts each asks for by name. Without a database."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.enums import GroundKind
from core.errors import Invalid
from core.models import Instrument, Provision
from workflows.refusal.models import WatchKind
from workflows.refusal.rules import grounds as rules
from workflows.refusal.rules.grounds import GroundNotInForce

from . import lawbook
from .lawbook import FACTS, FIRST_DAY, LAST_DAY, NEW_LAW, NEW_SECRETS, OLD_LAW, OLD_SECRETS

SECRET, INVESTIGATION, INSPECTION, DRAFT_POLICY = GroundKind
DAYS = st.dates(date(2015, 1, 1), date(2032, 12, 31))


def checked(kind: GroundKind, facts: Any, *, secrets: tuple[str, ...] = OLD_SECRETS) -> dict[str, str]:
    return rules.checked_facts(kind, facts, secret_kinds=secrets)


def refused(kind: GroundKind, facts: Any, *, secrets: tuple[str, ...] = OLD_SECRETS) -> Invalid:
    with pytest.raises(Invalid) as error:
        checked(kind, facts, secrets=secrets)
    return error.value


# In force


@pytest.mark.parametrize(
    ("law", "on", "usable"),
    [
        (OLD_LAW, LAST_DAY, ["38.2.a", "38.2.b", "38.2.c", "38.2.d"]),
        (OLD_LAW, FIRST_DAY, ["38.2.a", "38.2.b", "38.2.c"]),
        (NEW_LAW, LAST_DAY, []),
        (NEW_LAW, FIRST_DAY, ["31.2.a", "31.2.b", "31.2.c"]),
        (OLD_LAW, date(2016, 12, 31), []),
    ],
)
def test_the_grounds_of_a_law_serve_as_far_as_the_law_of_the_day_has_them(
    law: str, on: date, usable: list[str]
) -> None:
    assert lawbook.places(rules.usable(lawbook.grounds(law), on=on)) == usable


@pytest.mark.parametrize(
    ("listed", "in_force", "usable"),
    [
        (OLD_SECRETS, OLD_SECRETS, ["state", "party", "private_life", "other"]),
        (OLD_SECRETS, NEW_SECRETS, ["state", "private_life", "other"]),
        (OLD_SECRETS, ("state", "family"), ["state", "private_life"]),
        (OLD_SECRETS, (), []),
        (NEW_SECRETS, NEW_SECRETS, ["state", "personal", "family", "other"]),
    ],
)
def test_the_secrets_of_a_law_serve_as_far_as_the_law_of_the_day_protects_them(
    listed: tuple[str, ...], in_force: tuple[str, ...], usable: list[str]
) -> None:
    assert rules.usable_secrets(listed, in_force=in_force) == usable


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(lawbook.every_ground())), DAYS)
def test_the_draft_policy_ground_is_gone_from_1_7_2026_whatever_list_is_shown(
    listed: list[Provision], on: date
) -> None:
    draft = lawbook.provision("38.2.d")

    usable = rules.usable([*listed, draft], on=on)

    assert (draft in usable) == (date(2017, 1, 1) <= on <= LAST_DAY)


@st.composite
def histories(draw: st.DrawFn) -> list[Provision]:
    """Provisions of any period, some of them grounds, each succeeded by any other or none: loops included."""
    instrument = Instrument(pk=1, number="1/2026", title="Luật", kind="law")
    kinds = st.sampled_from(["", *GroundKind.values])
    rows = []
    for pk in range(1, draw(st.integers(1, 6)) + 1):
        begins, kind = draw(DAYS), draw(kinds)
        ends = draw(st.none() | st.integers(1, 3000).map(lambda days: timedelta(days=days)))
        rows.append(
            Provision(
                pk=pk, code=str(pk), instrument=instrument, valid_from=begins, ground_kind=kind,
                valid_until=begins + ends if ends else None, is_ground=bool(kind),
            )
        )  # fmt: skip
    for row in rows:
        row.successor = draw(st.none() | st.sampled_from(rows))
    return rows


def later(row: Provision) -> list[Provision]:
    found: list[Provision] = []
    while row.successor is not None and row.successor not in found:
        row = row.successor
        found.append(row)
    return found


@settings(max_examples=300, deadline=None, derandomize=True)
@given(histories(), DAYS)
def test_what_no_law_of_the_day_lists_is_never_usable_and_what_one_lists_always_is(
    rows: list[Provision], on: date
) -> None:
    usable = rules.usable(rows, on=on)

    in_force = [row for row in rows if row.is_ground and row.covers(on)]
    for row in rows:
        alike = [each for each in later(row) if each in in_force and each.ground_kind == row.ground_kind]
        assert (row in usable) == (row in in_force or bool(row.is_ground and alike))


def test_a_successor_that_protects_something_else_does_not_keep_a_ground_alive() -> None:
    draft = Provision(
        pk=900, is_ground=True, ground_kind=DRAFT_POLICY, valid_until=FIRST_DAY,
        successor=lawbook.provision("31.2.a"),
    )  # fmt: skip

    assert rules.usable([draft], on=FIRST_DAY) == []


def test_a_refusal_without_a_ground_is_no_refusal() -> None:
    with pytest.raises(Invalid) as error:
        rules.check_offered(None, lawbook.grounds(NEW_LAW), on=FIRST_DAY)

    assert "A refusal needs a ground." in str(error.value)
    assert set(error.value.fields) == {"ground"}


def test_a_ground_that_is_not_in_force_is_named_with_those_that_are() -> None:
    offered = lawbook.grounds(NEW_LAW)

    with pytest.raises(GroundNotInForce) as error:
        rules.check_offered(lawbook.provision("38.2.d"), offered, on=FIRST_DAY)

    sentence = str(error.value)
    assert "điểm d khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13 is no ground" in sentence
    assert "on 01/07/2026" in sentence
    assert all(ground.citation in sentence for ground in offered)
    assert set(error.value.fields) == {"ground"}


@pytest.mark.parametrize("ground", [None, lawbook.provision("38.2.d")])
def test_where_no_ground_is_in_force_none_is_proposed(ground: Provision | None) -> None:
    with pytest.raises(GroundNotInForce) as error:
        rules.check_offered(ground, [], on=FIRST_DAY)

    assert "No ground for a refusal is in force on 01/07/2026." in str(error.value)
    assert "answer the question" in str(error.value)


def test_a_ground_of_the_day_is_taken() -> None:
    ground = lawbook.provision("31.2.b")

    assert rules.check_offered(ground, lawbook.grounds(NEW_LAW), on=FIRST_DAY) == ground


# Facts


def test_every_kind_of_ground_asks_facts_and_knows_how_it_ends() -> None:
    assert set(rules.FACTS) == set(rules.ENDS_WITH) == set(GroundKind)


@pytest.mark.parametrize("kind", GroundKind)
def test_the_facts_a_ground_asks_are_kept_and_others_fall_away(kind: GroundKind) -> None:
    given_facts = {**FACTS[kind], "invented": "Ở đâu ra", "whose": "không hỏi", "": "x" * 9_000}

    assert checked(kind, given_facts) == FACTS[kind]


ASKED = [(kind, name) for kind in GroundKind for name in FACTS[kind]]


@pytest.mark.parametrize(("kind", "name"), ASKED, ids=[f"{kind}-{name}" for kind, name in ASKED])
@pytest.mark.parametrize(
    "given_value", [None, "", "   ", "\n\t", "\u200b", "-", ". . .", 12, True, ["x"], {"x": 1}]
)
def test_each_missing_fact_is_named_and_nothing_else(kind: GroundKind, name: str, given_value: Any) -> None:
    error = refused(kind, {**FACTS[kind], name: given_value})

    said = {fact.name: str(fact.missing) for fact in rules.FACTS[kind]}
    assert error.fields == {name: said[name]}
    assert said[name] in str(error)
    assert "What you typed is kept." in str(error)


@pytest.mark.parametrize("kind", GroundKind)
def test_all_that_is_missing_is_named_at_once(kind: GroundKind) -> None:
    error = refused(kind, {})

    always = {fact.name for fact in rules.FACTS[kind] if fact.only_if is None}
    assert set(error.fields) == always


@pytest.mark.parametrize(
    ("secret", "secrets", "missing"),
    [
        ("state", OLD_SECRETS, {"list", "level"}),
        ("party", OLD_SECRETS, {"rule"}),
        ("private_life", OLD_SECRETS, {"whose"}),
        ("personal", NEW_SECRETS, {"whose"}),
        ("family", NEW_SECRETS, {"whose"}),
        ("other", NEW_SECRETS, {"law"}),
    ],
)
def test_each_kind_of_secret_asks_its_own_facts(
    secret: str, secrets: tuple[str, ...], missing: set[str]
) -> None:
    assert set(refused(SECRET, {"secret": secret}, secrets=secrets).fields) == missing


@pytest.mark.parametrize("level", ["", "confidential", "Mật", "SECRET"])
def test_a_state_secret_has_one_of_the_three_levels(level: str) -> None:
    assert set(refused(SECRET, {**FACTS[SECRET], "level": level}).fields) == {"level"}


@pytest.mark.parametrize(
    ("secret", "secrets"),
    [
        ("party", NEW_SECRETS),
        ("private_life", NEW_SECRETS),
        ("personal", OLD_SECRETS),
        ("family", OLD_SECRETS),
        ("state", ()),
    ],
)
def test_a_kind_of_secret_the_law_of_the_day_does_not_protect_is_refused_before_its_facts(
    secret: str, secrets: tuple[str, ...]
) -> None:
    error = refused(SECRET, {"secret": secret}, secrets=secrets)

    assert "does not protect this kind of secret" in str(error)
    assert set(error.fields) == {"secret"}


def test_a_kind_of_secret_that_nobody_knows_is_a_missing_fact() -> None:
    assert set(refused(SECRET, {**FACTS[SECRET], "secret": "working"}).fields) == {"secret"}


@pytest.mark.parametrize("said", ["no", "true", "on", "Yes", "YES"])
def test_a_confirmation_is_given_or_not(said: str) -> None:
    assert set(refused(INVESTIGATION, {**FACTS[INVESTIGATION], "no_help_needed": said}).fields) == {
        "no_help_needed"
    }


def test_a_fact_that_is_too_long_is_refused_at_its_field() -> None:
    error = refused(DRAFT_POLICY, {**FACTS[DRAFT_POLICY], "draft": "đ" * 501})

    assert "This text has 501 characters and at most 500 are accepted." in str(error)
    assert set(error.fields) == {"draft"}


def test_facts_are_kept_composed_on_one_line() -> None:
    typed = unicodedata.normalize("NFD", "  Dự thảo\r\n  Đề án\u200b B ")

    kept = checked(DRAFT_POLICY, {**FACTS[DRAFT_POLICY], "draft": typed})

    assert kept["draft"] == "Dự thảo Đề án B"


@pytest.mark.parametrize("kind", GroundKind)
def test_facts_that_stand_are_not_changed_by_standing_again(kind: GroundKind) -> None:
    once = checked(kind, FACTS[kind])

    assert checked(kind, once) == once


# An internal check is no inspection


@pytest.mark.parametrize("decision", [FACTS[INSPECTION]["decision"], "", "Quyết định kiểm tra số 5"])
def test_an_internal_check_named_as_the_matter_is_pointed_out(decision: str) -> None:
    error = refused(INSPECTION, {**FACTS[INSPECTION], "matter": "check", "decision": decision})

    assert "An internal check (kiểm tra) is not an inspection (thanh tra)" in str(error)
    assert set(error.fields) == {"matter"}


CHECKS = [
    "Quyết định kiểm tra số 5/QĐ-SNV ngày 02/6/2026",
    "QUYẾT ĐỊNH KIỂM TRA số 5",
    unicodedata.normalize("NFD", "Quyết định kiểm tra số 5"),
    "Quyết định kiểm  tra số 5",
    "Quyết định kiểm-tra số 5",
    "QD kiem tra so 5",
    "Kế hoạch kiểm tra nội bộ năm 2026",
    "Quyết định số 5 của Thanh tra tỉnh về kiểm tra công vụ",
    "Quyết định kiểm tra do Thanh tra Sở ban hành",
    "Quyết định kiểm tra của Chánh Thanh tra",
]


@pytest.mark.parametrize("decision", CHECKS)
def test_a_decision_that_names_only_a_check_is_refused_though_called_an_inspection(decision: str) -> None:
    error = refused(INSPECTION, {**FACTS[INSPECTION], "decision": decision})

    assert "An internal check (kiểm tra) is not an inspection (thanh tra)" in str(error)
    assert set(error.fields) == {"decision"}


@pytest.mark.parametrize(
    "decision",
    [
        "Quyết định thanh tra số 12/QĐ-TTr",
        "Quyết định thanh tra, kiểm tra số 12/QĐ-TTr",
        "QUYẾT ĐỊNH THANH TRA, KIỂM TRA SỐ 12",
        "Quyết định thanh tra, kiểm tra số 12 của Thanh tra tỉnh Mẫu",
        "Quyết định số 12 của Thanh tra Chính phủ",
        "Quyết định số 12/QĐ-TTr ngày 03/6/2026",
    ],
)
def test_a_decision_on_an_inspection_is_taken(decision: str) -> None:
    assert checked(INSPECTION, {**FACTS[INSPECTION], "decision": decision})["decision"] == decision


@pytest.mark.parametrize("matter", ["complaint", "denunciation", "dispute"])
def test_a_mere_check_does_not_pass_as_another_matter_either(matter: str) -> None:
    mere = {**FACTS[INSPECTION], "matter": matter, "decision": "Quyết định kiểm tra số 5"}
    named = {
        **mere,
        "decision": "Thông báo thụ lý tố cáo, khiếu nại số 7 sau kiểm tra; tranh chấp giữa hai sở",
    }

    assert set(refused(INSPECTION, mere).fields) == {"decision"}
    assert checked(INSPECTION, named) == named


# How a ground ends


@pytest.mark.parametrize(
    ("kind", "facts", "events"),
    [
        (SECRET, {"secret": "state"}, {WatchKind.DECLASSIFICATION, WatchKind.OTHER}),
        (SECRET, {"secret": "party"}, {WatchKind.DECLASSIFICATION, WatchKind.OTHER}),
        (SECRET, {"secret": "other"}, {WatchKind.DECLASSIFICATION, WatchKind.OTHER}),
        (SECRET, {"secret": "private_life"}, {WatchKind.OTHER}),
        (SECRET, {"secret": "personal"}, {WatchKind.OTHER}),
        (SECRET, {"secret": "family"}, {WatchKind.OTHER}),
        (INVESTIGATION, {}, {WatchKind.TRIAL}),
        (INSPECTION, {"matter": "inspection"}, {WatchKind.CONCLUSION}),
        (INSPECTION, {"matter": "complaint"}, {WatchKind.RESOLUTION}),
        (INSPECTION, {"matter": "denunciation"}, {WatchKind.RESOLUTION}),
        (INSPECTION, {"matter": "dispute"}, {WatchKind.RESOLUTION}),
        (INSPECTION, {}, {WatchKind.CONCLUSION, WatchKind.RESOLUTION}),
        (DRAFT_POLICY, {}, {WatchKind.APPROVAL}),
    ],
)
def test_a_ground_ends_with_the_event_of_its_own_matter(
    kind: GroundKind, facts: dict[str, str], events: set[WatchKind]
) -> None:
    assert set(rules.ends_with(kind, facts)) == events
    assert events <= set(rules.ENDS_WITH[kind])


# In words


def test_the_facts_are_read_in_the_order_in_which_they_are_asked() -> None:
    shuffled = dict(reversed(FACTS[INSPECTION].items()))

    assert rules.in_words(INSPECTION, shuffled) == [
        ("What is under way", "Inspection"),
        (
            "Decision on the inspection, acceptance of the complaint or denunciation, or paper of the dispute",
            FACTS[INSPECTION]["decision"],
        ),
        ("There is no official conclusion yet", "Confirmed"),
        ("Which rule does not allow publication yet", FACTS[INSPECTION]["rule"]),
    ]


def test_the_level_of_a_state_secret_is_read_as_papers_name_it() -> None:
    assert ("Level of secrecy", "Tối mật") in rules.in_words(SECRET, FACTS[SECRET])


def test_a_fact_of_an_older_version_that_is_no_choice_any_more_is_shown_as_it_stands() -> None:
    assert rules.in_words(SECRET, {"secret": "working"}) == [("Kind of secret", "working")]


def test_purged_facts_leave_nothing_to_read() -> None:
    assert rules.in_words(SECRET, {}) == []
