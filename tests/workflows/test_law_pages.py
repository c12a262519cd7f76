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
from core.enums import AgencyKind, DeadlineSource, InquiryKind, LimitUnit, Role, StartingEvent
from core.models import (
    Deadline,
    Instrument,
    LegalBasis,
    Person,
    Provision,
    RuleKey,
    RuleSet,
    RuleSetChoice,
    RuleValue,
    TrailEntry,
)
from core.queries import law as queries
from tests import factories
from tests.law import load_law
from tests.walk import START, ZONE, Cast, Walk, give, make_cast
from workflows import law_queries

pytestmark = pytest.mark.django_db

OLD, NEW = "2026-06-30", "2026-07-01"
TEXT = "Điều 31.\n\n2. Cơ quan, tổ chức, cá nhân có quyền từ chối (bản giả định dùng để thử)."
LABEL = "Paraphrase, not the text itself"


@pytest.fixture(autouse=True)
def loaded_law(db: None, set_clock: Callable[[datetime], None]) -> None:
    load_law()
    set_clock(START)


@pytest.fixture
def keeper(cast: Cast) -> Person:
    """A second legal officer."""
    person = factories.make_person(username="second.legal", full_name="Second legal officer")
    give(person, Role.LEGAL_OFFICER, agency=cast.agency)
    return person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: int, status: int = 200, **query: str | int) -> str:
    response = signed_in(person).get(reverse(name, args=args), query)
    assert response.status_code == status
    return unescape(response.content.decode())


def post(person: Person, name: str, *args: int, **data: Any) -> Any:
    return signed_in(person).post(reverse(name, args=args), data)


def context(person: Person, name: str, *args: int, **query: str | int) -> Any:
    return signed_in(person).get(reverse(name, args=args), query).context


def provision(code: str) -> Provision:
    return Provision.objects.get(code=code)


def enter(by: Person, code: str = "126/2025/QH15:31.2") -> Provision:
    row = provision(code)
    actions.enter_verbatim(provision=row, text=TEXT, by=by, at=START)
    row.refresh_from_db()
    return row


# The law of a day


def test_today_is_shown_unless_a_day_is_asked_for(cast: Cast) -> None:
    page = context(cast.contact, "law")

    assert (page["on"], page["bad_date"]) == (START.date(), False)
    assert page["rule_set"].code == "luat-bao-chi-2025"


@pytest.mark.parametrize(
    ("on", "rule_set", "grounds", "absent"),
    [
        (OLD, "Luật Báo chí 2016", ["38.2.a", "38.2.b", "38.2.c", "38.2.d"], "126/2025/QH15"),
        (NEW, "Luật Báo chí 2025", ["31.2.a", "31.2.b", "31.2.c"], "103/2016/QH13"),
    ],
)
def test_a_day_shows_its_own_law_and_nothing_of_the_other(
    cast: Cast, on: str, rule_set: str, grounds: list[str], absent: str
) -> None:
    html, page = get(cast.contact, "law", on=on), context(cast.contact, "law", on=on)

    assert page["rule_set"].title.startswith(rule_set)
    assert [ground.place for ground in page["grounds"]] == grounds
    numbers = {instrument.number for instrument in page["instruments"]}
    chapters = {chapter.instrument.number for chapter in page["chapters"]}
    assert absent not in numbers | chapters
    assert html.count(LABEL) == sum(len(chapter.provisions) for chapter in page["chapters"]) + len(grounds)
    assert "Seen in a source" in html


def test_an_instrument_shows_its_period_and_what_replaces_it(cast: Cast) -> None:
    html = get(cast.contact, "law", on=OLD)

    assert "in force from 01/01/2017" in html
    assert "no longer from 01/07/2026" in html
    assert "Nghị định số 244/2026/NĐ-CP" in html


def test_provisions_stand_in_place_order_within_their_instrument(cast: Cast) -> None:
    for chapter in context(cast.contact, "law", on=NEW)["chapters"]:
        places = [queries.place_order(row) for row in chapter.provisions]
        assert places == sorted(places)
        assert {row.instrument_id for row in chapter.provisions} == {chapter.instrument.pk}


@pytest.mark.parametrize(
    "typed", ["hôm qua", "2026-13-01", "31/02/2026x", "0", "\x00", "0001-01-01", "9999-12-31"]
)
def test_a_date_that_cannot_be_read_gives_today_and_says_so(cast: Cast, typed: str) -> None:
    html, page = get(cast.contact, "law", on=typed), context(cast.contact, "law", on=typed)

    assert page["on"] == START.date()
    assert "The date could not be read, so this is the law of today." in html


@pytest.mark.parametrize("on", ["2016-12-31", "1945-09-02"])
def test_a_day_before_all_law_is_answered_in_words(cast: Cast, on: str) -> None:
    html = get(cast.contact, "law", on=on)

    assert "No press law is on record for" in html
    assert "No ground for refusal is on record for this day." in html


@pytest.mark.parametrize("name", ["law", "law_compare", "law_texts", "local_rules"])
def test_without_a_rule_set_the_pages_still_answer(cast: Cast, name: str) -> None:
    RuleSet.instruments.through.objects.all().delete()
    RuleSet.objects.all().delete()

    assert get(cast.contact, name)


@pytest.mark.parametrize(
    "query",
    [
        {"instrument": "x"},
        {"instrument": "9" * 30},
        {"kind": "embassy"},
        {"q": "\x00"},
        {"on": "9999-12-31", "kind": "", "instrument": "", "q": ""},
    ],
)
def test_an_unreadable_filter_counts_as_not_said(cast: Cast, query: dict[str, str]) -> None:
    page = context(cast.contact, "law", **query)

    assert page["kind"] == AgencyKind.DEPARTMENT
    assert not page["is_filtered"]


def test_words_and_instrument_narrow_the_provisions(cast: Cast) -> None:
    decree = Instrument.objects.get(number="237/2026/NĐ-CP")

    by_instrument = context(cast.contact, "law", instrument=decree.pk)["chapters"]
    by_words = context(cast.contact, "law", q="ĐIỀU 18 237/2026")["chapters"]
    none = get(cast.contact, "law", q="không-có-chữ-này")

    assert [chapter.instrument for chapter in by_instrument] == [decree]
    assert {row.article for chapter in by_words for row in chapter.provisions} == {"18"}
    assert "No provision in force on this day fits" in none


def test_what_is_typed_stays_text(cast: Cast) -> None:
    response = signed_in(cast.contact).get(reverse("law"), {"q": "<script>alert(1)</script>"})

    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("on", "kind", "key", "expected"),
    [
        (OLD, "department", "forwarded_opinion", "30 days"),
        (NEW, "department", "forwarded_opinion", "15 working days"),
        (NEW, "department", "press_request", "no time limit"),
        (
            OLD,
            "department",
            "delegation_to",
            "Deputy in charge while the post of head is vacant, Deputy running daily work while the head is away",
        ),
        (OLD, "ministry", "delegation_to", "no restriction"),
        (NEW, "ministry", "annual_report", "before a date of the year: 20/12"),
    ],
)
def test_a_rule_is_said_for_the_kind_and_the_day(
    cast: Cast, on: str, kind: str, key: str, expected: str
) -> None:
    lines = context(cast.contact, "law", on=on, kind=kind)["lines"]

    assert [line.said for line in lines if line.value.key.code == key] == [expected]


def test_for_a_body_of_the_party_the_pages_of_the_law_open_and_list_no_rule(cast: Cast) -> None:
    shown = context(cast.contact, "law", on="2026-08-10", kind="party_body")

    assert (shown["kind"], list(shown["lines"])) == ("party_body", [])
    assert context(cast.contact, "law_compare", kind="party_body")["kind"] == "party_body"


def test_rules_of_the_press_are_told_apart_only_where_the_law_does(cast: Cast) -> None:
    lines = context(cast.contact, "law", on=NEW)["lines"]

    found = [
        (line.said, len(line.press_kinds))
        for line in lines
        if line.value.key.code == "press_publishes_answer"
    ]
    assert sorted(found) == [("10 working days", 3), ("15 working days", 1), ("in the next issue", 1)]


def test_a_local_rule_stands_beside_the_law_and_never_in_its_rows(cast: Cast) -> None:
    local_rule(cast, "forwarded_opinion", 7)

    html, page = get(cast.contact, "law"), context(cast.contact, "law")
    stranger = get(cast.stranger, "law")

    assert "Local rule, not law" in html
    assert "7 working days" not in [
        line.said for line in page["lines"] if line.value.key.code == "forwarded_opinion"
    ]
    assert html.index("Local rule, not law") > html.rindex("</table>")
    assert "Local rule, not law" not in stranger
    assert "The law alone applies." in stranger


def local_rule(cast: Cast, key: str, value: int) -> None:
    regulation = actions.record_regulation(
        agency=cast.agency, number=f"QC-{key}", on=date(2026, 7, 1), title="Quy chế phát ngôn", by=None,
        at=START, valid_from=date(2026, 7, 1),
    )  # fmt: skip
    rule = actions.NewLocalRule(
        key=RuleKey.objects.get(code=key), value=value, unit=LimitUnit.WORKING_DAYS, article="Điều 5",
        statement="Làm nhanh hơn.", valid_from=date(2026, 7, 1),
        start=StartingEvent.STEP_OPENED if key.startswith("step.") else StartingEvent.RECEIPT,
    )  # fmt: skip
    actions.record_local_rule(regulation=regulation, rule=rule, by=None, at=START)


def queries_of(person: Person, name: str, *args: int, **query: str | int) -> int:
    client, address = signed_in(person), reverse(name, args=args)
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    return len(captured)


def test_the_browser_asks_as_many_questions_for_one_row_as_for_many(cast: Cast) -> None:
    local_rule(cast, "step.draft", 3)
    first = queries_of(cast.contact, "law", q="16 29/2018", on="2026-01-05")
    one, few = queries_of(cast.contact, "law"), context(cast.contact, "law")["local_rules"]
    local_rule(cast, "step.review", 1)
    local_rule(cast, "step.clear", 1)

    page = context(cast.contact, "law")
    assert (len(few), len(page["local_rules"])) == (1, 3)
    assert sum(len(chapter.provisions) for chapter in page["chapters"]) > 90
    assert queries_of(cast.contact, "law") == one <= first + 1
    assert one < 20


def test_the_other_lists_do_not_ask_more_for_more_rows(cast: Cast, keeper: Person) -> None:
    assert queries_of(cast.contact, "law_compare", show="grounds") == queries_of(cast.contact, "law_compare")
    enter(cast.legal)
    one = queries_of(cast.legal, "law_texts", state="unchecked")
    for code in ("126/2025/QH15:31.1", "126/2025/QH15:31.2.a"):
        enter(cast.legal, code)
    assert queries_of(cast.legal, "law_texts", state="unchecked") == one


@pytest.mark.parametrize("name", ["law", "law_compare", "law_texts", "local_rules", "local_regulation_new"])
def test_nobody_reads_the_pages_without_signing_in(name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302


# Old beside new


def test_old_stands_beside_new_and_gaps_are_said(cast: Cast) -> None:
    html = get(cast.contact, "law_compare")

    assert "Repealed without a successor." in html
    assert "New: no provision preceded it." in html
    groups = context(cast.contact, "law_compare")["groups"]
    pairs = {(row.old.code, row.new.code) for group in groups for row in group.rows if row.old and row.new}
    assert ("103/2016/QH13:39", "126/2025/QH15:32") in pairs or any(
        old.startswith("103/2016/QH13:39") for old, _new in pairs
    )


def test_only_the_grounds_or_the_time_limits_are_compared_when_asked(cast: Cast) -> None:
    everything, grounds, clocks = (
        [row for group in context(cast.contact, "law_compare", show=show)["groups"] for row in group.rows]
        for show in ("", "grounds", "clocks")
    )

    assert all(any(side.is_ground for side in (row.old, row.new) if side) for row in grounds)
    assert {row.old.place for row in grounds if row.old} == {"38.2.a", "38.2.b", "38.2.c", "38.2.d"}
    assert 0 < len(grounds) < len(clocks) < len(everything)
    assert any(row.new and row.new.code == "237/2026/NĐ-CP:18.3" for row in clocks)


def test_the_value_of_a_rule_stands_beside_its_old_one(cast: Cast) -> None:
    rules = {rule.title: rule for rule in context(cast.contact, "law_compare", kind="department")["rules"]}
    opinion = rules[law_queries.named(RuleKey.objects.get(code="forwarded_opinion"))]
    publication = rules[law_queries.named(RuleKey.objects.get(code="delegation_publication"))]

    assert (opinion.old.said, opinion.new.said, opinion.is_same) == ("30 days", "15 working days", False)
    assert (publication.old.said, publication.new) == ("12 hours", None)
    assert "The law knows no such rule." in get(cast.contact, "law_compare", kind="department")
    assert not any(rule.title.startswith("Number") for rule in rules.values())


# One provision


def test_a_provision_says_where_it_comes_from_and_what_follows_it(cast: Cast) -> None:
    old, new = provision("103/2016/QH13:38.2.a"), provision("126/2025/QH15:31.2.a")
    before, after = get(cast.contact, "provision", old.pk), get(cast.contact, "provision", new.pk)

    assert old.citation_in_full in before
    assert LABEL in before
    assert "Not in force today" in before
    assert reverse("provision", args=[old.successor_id]) in before
    assert "A ground for refusal" in before
    assert "Not yet entered." in after
    assert "In force today" in after


def test_a_provision_names_the_rules_that_rest_on_it_once_for_all_kinds(cast: Cast) -> None:
    row = provision("237/2026/NĐ-CP:18.3")
    lines = context(cast.contact, "provision", row.pk)["lines"]

    assert [(line.said, len(line.agency_kinds)) for line in lines] == [("15 working days", 5)]
    assert "15 working days" in get(cast.contact, "provision", row.pk)


def test_a_rule_whose_length_comes_from_a_provision_rests_on_it_too(cast: Cast) -> None:
    lines = context(cast.contact, "provision", provision("155/2026/NĐ-CP").pk)["lines"]

    assert {line.value.key.code for line in lines} == {"complaint_acceptance"}


def test_decisions_that_rest_on_it_are_shown_only_to_whom_the_case_is_open(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    row = provision("244/2026/NĐ-CP:7.5")
    walk = Walk(cast, set_clock)
    walk.register(subject="Vụ việc mở cho sở này")
    basis(walk, row)
    deadline(walk, row)

    seen, unseen = (get(person, "provision", row.pk) for person in (cast.chief, cast.stranger))

    assert reverse("case", args=[walk.inquiry.case_id]) in seen
    assert "Vụ việc mở cho sở này" in seen
    assert walk.inquiry.reference not in unseen
    assert "No deadline open to you was computed under this provision." in unseen
    assert "No reply open to you cites this provision." in unseen


def basis(walk: Walk, row: Provision) -> None:
    entry = TrailEntry.objects.latest("pk")
    LegalBasis.objects.create(
        inquiry=walk.inquiry, provision=row, rule_set=RuleSet.objects.latest("valid_from"),
        entry_id=entry.entry_id, decided_at=walk.at,
    )  # fmt: skip


def deadline(walk: Walk, row: Provision) -> None:
    if Deadline.objects.filter(inquiry=walk.inquiry, provision=row).exists():
        return
    value = RuleValue.objects.filter(provision=row, scope__agency_kind=walk.cast.agency.kind).get()
    Deadline.objects.create(
        inquiry=walk.inquiry, agency=walk.cast.agency, source=DeadlineSource.LAW,
        key=value.key, rule_value=value, provision=row, started_at=walk.at, created_at=walk.at,
    )  # fmt: skip


def test_the_page_of_a_provision_does_not_ask_more_for_more_decisions(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    row = provision("244/2026/NĐ-CP:7.5")

    def one_more() -> None:
        walk = Walk(cast, set_clock)
        walk.register()
        basis(walk, row)
        deadline(walk, row)

    one_more()
    one = queries_of(cast.chief, "provision", row.pk)
    one_more()
    one_more()
    assert queries_of(cast.chief, "provision", row.pk) == one


@pytest.mark.parametrize("name", ["provision", "law_text_enter"])
@pytest.mark.parametrize("pk", [999_999, 10**25])
def test_a_provision_that_is_not_there_is_not_found(cast: Cast, name: str, pk: int) -> None:
    assert "There is no such provision." in get(cast.legal, name, pk, status=404)


# Its text


def test_anyone_reads_the_list_of_texts_and_only_keepers_get_its_links(cast: Cast, keeper: Person) -> None:
    row = enter(cast.legal)
    link = reverse("law_text_enter", args=[provision("244/2026/NĐ-CP:3.1").pk])
    decree = row.instrument_id
    named = {"instrument": provision("244/2026/NĐ-CP:3.1").instrument_id}

    assert link in get(keeper, "law_texts", **named) + get(keeper, "law_texts", **named, page=2)
    assert "To do" not in get(cast.contact, "law_texts")
    assert "To do" in get(keeper, "law_texts")
    waiting = context(keeper, "law_texts", state="unchecked", instrument=decree)["page"]
    assert list(waiting) == [row]


def test_the_texts_are_counted_filtered_and_paged(cast: Cast, keeper: Person) -> None:
    total = Provision.objects.count()
    row = enter(cast.legal)
    actions.check_verbatim(provision=row, sha256=actions.text_sha256(row.verbatim), by=keeper, at=START)
    enter(cast.legal, "126/2025/QH15:31.1")

    page = context(cast.contact, "law_texts")
    assert page["counts"] == {"missing": total - 2, "unchecked": 1, "checked": 1}
    assert (len(page["page"]), page["page"].paginator.count) == (25, total)
    checked = get(cast.contact, "law_texts", state="checked")
    assert keeper.full_name in checked
    assert cast.legal.full_name in checked
    second = get(cast.contact, "law_texts", state="missing", page=2)
    assert "state=missing&page=3" in second
    assert get(cast.contact, "law_texts", page="x", state="burnt")


def test_a_text_is_entered_and_stands_on_the_page_with_who_entered_it(cast: Cast) -> None:
    row = provision("126/2025/QH15:31.2")

    response = post(cast.legal, "law_text_enter", row.pk, text=TEXT)

    assert (response.status_code, response["Location"]) == (302, reverse("provision", args=[row.pk]))
    html = get(cast.contact, "provision", row.pk)
    assert "bản giả định dùng để thử" in html
    assert f"Entered by {cast.legal.full_name}" in html
    assert "Entered, not yet checked" in html


@pytest.mark.parametrize(("text", "sentence"), [("  \n ", "Enter the text."), ("a" * 20_001, "20000")])
def test_a_text_that_is_empty_or_too_long_is_not_entered(cast: Cast, text: str, sentence: str) -> None:
    row = provision("126/2025/QH15:31.2")

    response = post(cast.legal, "law_text_enter", row.pk, text=text)

    assert response.status_code == 422
    assert sentence in response.content.decode().replace(".000", "000").replace(",000", "000")
    row.refresh_from_db()
    assert row.verbatim == ""


def test_who_does_not_keep_the_law_is_told_so_and_keeps_what_was_typed(cast: Cast) -> None:
    row = provision("126/2025/QH15:31.2")

    page = get(cast.contact, "law_text_enter", row.pk)
    response = post(cast.contact, "law_text_enter", row.pk, text="Chữ đã gõ")
    empty = post(cast.contact, "law_text_enter", row.pk, text="")

    assert "None of your roles includes this" in page
    assert "<textarea" not in page
    assert (response.status_code, empty.status_code) == (403, 403)
    assert "Chữ đã gõ" in response.content.decode()
    row.refresh_from_db()
    assert row.verbatim == ""


def test_another_legal_officer_confirms_the_text_that_was_shown(cast: Cast, keeper: Person) -> None:
    row = enter(cast.legal)
    shown = context(keeper, "provision", row.pk)["sha256"]

    response = post(keeper, "law_text_check", row.pk, sha256=shown)

    row.refresh_from_db()
    assert (response.status_code, row.checked_by) == (302, keeper)
    assert f"Checked against the gazette by {keeper.full_name}" in get(cast.contact, "provision", row.pk)


def test_whoever_entered_a_text_is_told_that_another_checks_it(cast: Cast) -> None:
    row = enter(cast.legal)
    page = get(cast.legal, "provision", row.pk)

    response = post(cast.legal, "law_text_check", row.pk, sha256=actions.text_sha256(row.verbatim))

    assert "You entered this text; another legal officer checks it." in page
    assert response.status_code == 403
    assert "Whoever entered the text does not check it." in response.content.decode()
    assert not Provision.objects.filter(pk=row.pk, checked_by__isnull=False).exists()


@pytest.mark.parametrize("sha256", ["", "0" * 64])
def test_a_text_other_than_the_one_shown_is_not_confirmed(cast: Cast, keeper: Person, sha256: str) -> None:
    row = enter(cast.legal)

    response = post(keeper, "law_text_check", row.pk, sha256=sha256)

    assert response.status_code == 409
    assert "The text was changed meanwhile." in response.content.decode()
    assert "bản giả định dùng để thử" in response.content.decode()


def test_a_confirmation_is_refused_without_the_right_and_by_reading_its_address(
    cast: Cast, keeper: Person
) -> None:
    row = enter(cast.legal)
    sha256 = actions.text_sha256(row.verbatim)

    assert "None of your roles includes this" in get(cast.contact, "provision", row.pk)
    assert post(cast.contact, "law_text_check", row.pk, sha256=sha256).status_code == 403
    assert post(keeper, "law_text_check", 999_999, sha256=sha256).status_code == 404
    assert signed_in(keeper).get(reverse("law_text_check", args=[row.pk])).status_code == 302
    assert Client().post(reverse("law_text_check", args=[row.pk])).status_code == 302
    assert not Provision.objects.filter(checked_by__isnull=False).exists()


# The law that governs


@pytest.fixture
def straddling(cast: Cast, set_clock: Callable[[datetime], None]) -> Walk:
    walk = Walk(cast, set_clock)
    received = datetime(2026, 6, 29, 9, 0, tzinfo=ZONE)
    walk.register(received_at=received, kind=InquiryKind.FORWARDED_OPINION)
    return walk


def test_both_laws_are_shown_and_the_one_in_force_is_proposed(straddling: Walk) -> None:
    page = context(straddling.cast.legal, "choose_law", straddling.inquiry.pk)
    html = get(straddling.cast.legal, "choose_law", straddling.inquiry.pk)

    assert [(offered.is_proposed, offered.said) for offered in page["laws"]] == [
        (False, "30 days"),
        (True, "15 working days"),
    ]
    assert "Proposed: in force at the time of the act" in html
    assert html.count('type="radio"') == 2
    assert " checked" not in html


def test_a_choice_is_recorded_with_its_reason_and_listed(straddling: Walk) -> None:
    old = RuleSet.objects.get(code="luat-bao-chi-2016")
    pk, legal = straddling.inquiry.pk, straddling.cast.legal

    response = post(legal, "choose_law", pk, rule_set=old.pk, reason="Nhận trước ngày luật mới.")

    assert response["Location"] == reverse("case", args=[straddling.inquiry.case_id])
    choice = RuleSetChoice.objects.get()
    assert (choice.chosen, choice.proposed.code, choice.chosen_by) == (old, "luat-bao-chi-2025", legal)
    html = get(legal, "choose_law", pk)
    assert "Nhận trước ngày luật mới." in html
    assert "Holds now" in html


def test_a_choice_needs_its_reason_and_one_of_the_laws_offered(straddling: Walk) -> None:
    new = RuleSet.objects.get(code="luat-bao-chi-2025")
    pk, legal = straddling.inquiry.pk, straddling.cast.legal

    without = post(legal, "choose_law", pk, rule_set=new.pk, reason=" ")
    forged = post(legal, "choose_law", pk, rule_set=999_999, reason="Lý do đã gõ")

    assert (without.status_code, forged.status_code) == (422, 422)
    assert "Give the reason." in without.content.decode()
    assert "Lý do đã gõ" in forged.content.decode()
    assert not RuleSetChoice.objects.exists()


def test_who_may_not_choose_is_told_why_and_nothing_is_chosen(straddling: Walk) -> None:
    new = RuleSet.objects.get(code="luat-bao-chi-2025")
    pk, clerk = straddling.inquiry.pk, straddling.cast.clerk

    page = get(clerk, "choose_law", pk)
    response = post(clerk, "choose_law", pk, rule_set=new.pk, reason="Lý do đã gõ")

    assert "do not include this: choose the law" in page
    assert response.status_code == 403
    assert "Lý do đã gõ" in response.content.decode()
    assert not RuleSetChoice.objects.exists()


def test_where_one_law_governs_the_page_says_so_and_offers_no_choice(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock)
    walk.register()
    law = RuleSet.objects.get(code="luat-bao-chi-2025")

    html = get(cast.legal, "choose_law", walk.inquiry.pk)
    response = post(cast.legal, "choose_law", walk.inquiry.pk, rule_set=law.pk, reason="Thử.")

    assert "One law governs" in html
    assert 'type="radio"' not in html
    assert response.status_code == 409
    assert "there is nothing to choose" in response.content.decode()


def test_no_choice_reaches_an_inquiry_of_another_agency(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register()

    assert get(cast.legal, "choose_law", foreign.inquiry.pk, status=404)
    assert post(cast.legal, "choose_law", foreign.inquiry.pk, reason="x").status_code == 404
