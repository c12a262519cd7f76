from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import law as actions
from core.enums import LimitUnit, Role, RuleBound, StartingEvent
from core.models import LocalRegulation, LocalRule, Person, RuleKey, TrailEntry
from tests.law import load_law
from tests.walk import START, Cast, give, make_cast

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 1)
TYPED = {
    "key": "forwarded_opinion",
    "value": "10",
    "unit": "working_days",
    "article": "khoản 2 Điều 5",
    "statement": "Thông báo kết quả trong 10 ngày làm việc.",
    "valid_from": "2026-07-01",
}


@pytest.fixture(autouse=True)
def loaded_law(db: None, set_clock: Callable[[datetime], None]) -> None:
    load_law()
    set_clock(START)


@pytest.fixture
def regulation(cast: Cast) -> LocalRegulation:
    return record(cast, "15/QĐ-SNV")


def record(cast: Cast, number: str) -> LocalRegulation:
    return actions.record_regulation(
        agency=cast.agency, number=number, on=JULY, title="Quy chế phát ngôn (giả định)", by=cast.legal,
        at=START, valid_from=JULY,
    )  # fmt: skip


def add(regulation: LocalRegulation, code: str, value: int = 1) -> LocalRule:
    rule = actions.NewLocalRule(
        key=RuleKey.objects.get(code=code), value=value, unit=LimitUnit.WORKING_DAYS, article="Điều 6",
        statement="Bước này làm trong một ngày.", valid_from=JULY, start=StartingEvent.STEP_OPENED,
    )  # fmt: skip
    return actions.record_local_rule(regulation=regulation, rule=rule, by=None, at=START)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: int, status: int = 200) -> str:
    response = signed_in(person).get(reverse(name, args=args))
    assert response.status_code == status
    return unescape(response.content.decode())


def post(person: Person, name: str, *args: int, **data: Any) -> tuple[int, str]:
    response = signed_in(person).post(reverse(name, args=args), data)
    return response.status_code, unescape(response.content.decode())


# What is read


def test_a_regulation_is_shown_as_local_with_its_rules(cast: Cast, regulation: LocalRegulation) -> None:
    add(regulation, "step.draft")

    html = get(cast.contact, "local_rules")

    for fact in (
        "They are local and not law",
        "Local, not law",
        "15/QĐ-SNV ngày 01/07/2026",
        "1 working days",
        "Điều 6",
        "counted from: Opening of the step",
        "in force from 01/07/2026",
        "In force today",
        cast.legal.full_name,
    ):
        assert fact in html


def test_only_the_regulations_of_the_persons_agencies_are_shown(
    cast: Cast, regulation: LocalRegulation
) -> None:
    html = get(cast.stranger, "local_rules")

    assert regulation.number not in html
    assert "Your agencies have no regulation on record" in html


def test_only_keepers_get_the_links(cast: Cast, regulation: LocalRegulation) -> None:
    rule = add(regulation, "step.draft")
    links = [
        reverse("local_regulation_new"),
        reverse("local_rule_new", args=[regulation.pk]),
        reverse("local_rule_end", args=[rule.pk]),
    ]
    kept, read = (get(person, "local_rules") for person in (cast.legal, cast.contact))

    assert all(link in kept for link in links)
    assert not any(link in read for link in links)


def test_one_rule_and_three_ask_the_same_number_of_questions(cast: Cast, regulation: LocalRegulation) -> None:
    def asked() -> int:
        client = signed_in(cast.legal)
        client.get(reverse("local_rules"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("local_rules")).status_code == 200
        return len(captured)

    add(regulation, "step.draft")
    one = asked()
    add(regulation, "step.review")
    add(record(cast, "16/QĐ-SNV"), "step.clear")
    assert asked() == one


# Recording a regulation


def regulation_typed(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "agency": cast.agency.pk,
        "number": "20/QĐ-SNV",
        "on": "2026-07-05",
        "title": "Quy chế phát ngôn (giả định)",
        "valid_from": "2026-07-10",
        **changes,
    }


def test_a_keeper_records_a_regulation_of_the_agency(cast: Cast) -> None:
    status, _html = post(cast.legal, "local_regulation_new", **regulation_typed(cast))

    row = LocalRegulation.objects.get()
    assert status == 302
    assert (row.agency, row.number, row.date, row.valid_from, row.valid_until, row.recorded_by) == (
        cast.agency, "20/QĐ-SNV", date(2026, 7, 5), date(2026, 7, 10), None, cast.legal,
    )  # fmt: skip


def test_only_agencies_whose_rules_one_keeps_are_offered(cast: Cast) -> None:
    other = make_cast(code="SNV-Y")
    give(cast.legal, Role.CLERK, agency=other.agency)
    form = signed_in(cast.legal).get(reverse("local_regulation_new")).context["form"]

    status, html = post(cast.legal, "local_regulation_new", **regulation_typed(cast, agency=other.agency.pk))

    assert list(form.fields["agency"].queryset) == [cast.agency]
    assert form.initial["agency"] == cast.agency.pk
    assert status == 422
    assert "Choose one of the agencies offered." in html
    assert not LocalRegulation.objects.exists()


def test_who_keeps_no_local_rules_is_told_so_and_keeps_what_was_typed(cast: Cast) -> None:
    page = get(cast.clerk, "local_regulation_new")
    status, html = post(cast.clerk, "local_regulation_new", **regulation_typed(cast))

    assert "None of your roles includes this" in page
    assert status == 403
    assert 'value="20/QĐ-SNV"' in html
    assert not LocalRegulation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "15/QĐ-SNV"}, "is already recorded"),
        ({"valid_until": "2026-07-10"}, "The end must come after the start."),
        ({"number": " "}, "Write the number."),
        ({"on": "x"}, "Date of the document"),
        ({"title": ""}, "Write the title."),
    ],
)
def test_a_regulation_that_cannot_be_is_not_recorded_and_what_was_typed_is_kept(
    cast: Cast, regulation: LocalRegulation, changes: dict[str, str], sentence: str
) -> None:
    status, html = post(cast.legal, "local_regulation_new", **regulation_typed(cast, **changes))

    assert status == 422
    assert sentence in html
    assert 'value="2026-07-10"' in html
    assert LocalRegulation.objects.get() == regulation


# Adding a rule


def test_what_the_law_has_fixed_is_not_offered_and_every_step_is(
    cast: Cast, regulation: LocalRegulation
) -> None:
    form = signed_in(cast.legal).get(reverse("local_rule_new", args=[regulation.pk])).context["form"]
    offered = {code for code, _title in form.fields["key"].choices if code}

    fixed = set(RuleKey.objects.filter(bound=RuleBound.FIXED).values_list("code", flat=True))
    assert "refusal_grounds" in fixed
    assert not offered & fixed
    assert {code for code in offered if code.startswith("step.")} == set(
        RuleKey.objects.filter(code__startswith="step.").values_list("code", flat=True)
    )
    assert form.initial["valid_from"] == JULY


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (10, "working_days", "receipt")),
        ({"value": "5", "unit": "days"}, (5, "days", "receipt")),
        ({"key": "step.draft", "value": "16", "unit": "hours"}, (16, "hours", "step_opened")),
        ({"key": "delegation_to", "value": "deputy_head, ", "unit": ""}, (["deputy_head"], "list", "")),
        (
            {"key": "speaker_types", "value": "head,delegated", "unit": "days"},
            (["head", "delegated"], "list", ""),
        ),
        ({"key": "press_conference_notice", "value": "48", "unit": "hours"}, (48, "hours", "planned_event")),
    ],
)
def test_a_stricter_rule_is_recorded_with_the_event_of_the_law(
    cast: Cast, regulation: LocalRegulation, changes: dict[str, str], expected: tuple[object, ...]
) -> None:
    status, html = post(cast.legal, "local_rule_new", regulation.pk, **{**TYPED, **changes})

    assert status == 302, html
    rule = LocalRule.objects.get()
    assert (rule.value, rule.unit, rule.start) == expected
    assert (rule.agency, rule.article, rule.stops_with_clock) == (cast.agency, "khoản 2 Điều 5", False)


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"value": "16"}, ("may be looser than the law's", "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP")),
        ({"unit": "months", "value": "1"}, ("may be looser than the law's",)),
        ({"start": "detection"}, ("The limit starts from another event than the law's",)),
        (
            {"key": "refusal_grounds", "value": "31.2.d", "unit": ""},
            ("cannot add or change a ground", "Điều 31"),
        ),
        ({"key": "refusal_grounds", "value": "1"}, ("cannot add or change a ground",)),
        ({"key": "feedback_rounds", "value": "1"}, ("A local regulation cannot settle",)),
        ({"key": "personal_remark", "value": "bất kỳ", "unit": ""}, ("A local regulation cannot settle",)),
        ({"key": "speaker_types", "value": "head, journalist"}, ("The law does not allow: journalist.",)),
    ],
)
def test_what_loosens_or_touches_the_law_is_refused_with_the_provision_and_everything_is_kept(
    cast: Cast, regulation: LocalRegulation, changes: dict[str, str], sentences: tuple[str, ...]
) -> None:
    entries = TrailEntry.objects.count()

    status, html = post(cast.legal, "local_rule_new", regulation.pk, **{**TYPED, **changes})

    assert status == 422
    assert html.count('id="pn-error-summary"') == 1
    assert all(sentence in html for sentence in sentences)
    assert "Nothing was saved; what you typed is kept." in html
    assert "The provision it would break:" in html
    for kept in (TYPED["article"], TYPED["statement"], {**TYPED, **changes}["value"]):
        assert kept in html
    assert (LocalRule.objects.count(), TrailEntry.objects.count()) == (0, entries)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "mười"}, "takes a whole number"),
        ({"value": "0"}, "takes a whole number"),
        ({"value": "-3"}, "takes a whole number"),
        ({"value": "2.5"}, "takes a whole number"),
        ({"value": "99999999999"}, "This is too large."),
        ({"unit": ""}, "Choose in what it is counted."),
        ({"unit": "list"}, "Counted in"),
        ({"key": "no_such_key"}, "There is no such rule."),
        ({"key": "delegation_to", "value": " , "}, "takes a list of what is allowed"),
        ({"valid_from": "2026-06-30"}, "The rule holds only while its regulation does."),
        ({"valid_until": "2026-06-01"}, "The end must come after the start."),
        ({"valid_from": ""}, "Write from which day it is in force."),
        ({"article": ""}, "Say where it stands in the regulation."),
    ],
)
def test_a_rule_that_cannot_be_read_is_not_recorded(
    cast: Cast, regulation: LocalRegulation, changes: dict[str, str], sentence: str
) -> None:
    status, html = post(cast.legal, "local_rule_new", regulation.pk, **{**TYPED, **changes})

    assert status == 422
    assert sentence in html
    assert TYPED["statement"] in html
    assert not LocalRule.objects.exists()


def test_what_a_list_may_hold_is_told_beside_the_form(cast: Cast, regulation: LocalRegulation) -> None:
    response = signed_in(cast.legal).get(reverse("local_rule_new", args=[regulation.pk]))

    listed = {entry.code: entry.said for row in response.context["lists"] for entry in row["entries"]}
    assert (listed["deputy_head"], listed["briefing"]) == (
        "Deputy head",
        "Direct exchange at a press briefing",
    )
    assert "*" not in listed


def test_two_rules_for_one_matter_do_not_overlap(cast: Cast, regulation: LocalRegulation) -> None:
    add(regulation, "step.draft")

    status, html = post(
        cast.legal, "local_rule_new", regulation.pk, **{**TYPED, "key": "step.draft", "value": "2"}
    )

    assert status == 422
    assert "The agency already has a local rule for" in html
    assert LocalRule.objects.count() == 1


def test_a_rule_needs_the_right_in_the_agency_of_its_regulation(
    cast: Cast, regulation: LocalRegulation
) -> None:
    page = get(cast.clerk, "local_rule_new", regulation.pk)
    status, html = post(cast.clerk, "local_rule_new", regulation.pk, **TYPED)

    assert "do not include this: record the agency's own regulations" in page
    assert status == 403
    assert TYPED["statement"] in html
    assert not LocalRule.objects.exists()


def test_nothing_reaches_the_regulation_of_another_agency(cast: Cast, regulation: LocalRegulation) -> None:
    rule = add(regulation, "step.draft")

    for name, pk in (("local_rule_new", regulation.pk), ("local_rule_end", rule.pk)):
        get(cast.stranger, name, pk, status=404)
        assert post(cast.stranger, name, pk, **TYPED, valid_until="2026-08-01")[0] == 404
        get(cast.legal, name, 999_999, status=404)
        assert Client().get(reverse(name, args=[pk])).status_code == 302
    rule.refresh_from_db()
    assert rule.valid_until is None


# Ending a rule


def test_a_rule_ends_on_a_day_and_is_kept(cast: Cast, regulation: LocalRegulation) -> None:
    rule = add(regulation, "step.draft")

    page = get(cast.legal, "local_rule_end", rule.pk)
    status, _html = post(cast.legal, "local_rule_end", rule.pk, valid_until="2026-07-13")

    assert rule.statement in page
    rule.refresh_from_db()
    assert (status, rule.valid_until) == (302, date(2026, 7, 13))
    html = get(cast.legal, "local_rules")
    assert "Ended" in html
    assert reverse("local_rule_end", args=[rule.pk]) not in html


@pytest.mark.parametrize(
    ("day", "expected", "sentence"),
    [
        ("2026-07-01", 422, "The end must come after the start."),
        ("2026-08-01", 409, "The rule already ends on 01/08/2026"),
        ("", 422, "Write the day."),
        ("x", 422, "No longer in force from"),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    cast: Cast, regulation: LocalRegulation, day: str, expected: int, sentence: str
) -> None:
    rule = add(regulation, "step.draft")
    actions.end_local_rule(rule=rule, valid_until=date(2026, 8, 1), by=cast.legal, at=START)

    status, html = post(cast.legal, "local_rule_end", rule.pk, valid_until=day)

    assert (status, sentence in html) == (expected, True)


def test_only_a_keeper_ends_a_rule(cast: Cast, regulation: LocalRegulation) -> None:
    rule = add(regulation, "step.draft")

    status, _html = post(cast.clerk, "local_rule_end", rule.pk, valid_until="2026-08-01")

    rule.refresh_from_db()
    assert (status, rule.valid_until) == (403, None)
