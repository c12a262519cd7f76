"""The auditors' page of refusals: both laws, each number the number of the decisions that its address lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Inquiry, Person
from tests.walk import START, Cast, Walk, make_cast
from tests.workflows.refusal.walk import RefusalWalk, ground
from workflows.refusal.flow import RefusalFlow
from workflows.refusal.models import (
    BringBack,
    Cause,
    Outcome,
    Reconsideration,
    Refusal,
    RefusalDecision,
    RefusalProcess,
    RefusalVersion,
    Result,
    State,
)

SetClock = Callable[[datetime], None]
OLD_LAW = "103/2016/QH13"
JUNE = START.replace(month=6, day=30)
NOW = START + timedelta(days=30)
ADDRESSES = re.compile(r'href="(\?[^"#]*#danh-sach)">(\d+)<')
pytestmark = pytest.mark.django_db


def decided(cast: Cast, set_clock: SetClock) -> RefusalDecision:
    """A decision on 31.2.c, walked; the others are its like."""
    walk = Walk(cast, set_clock).to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("")
    set_clock(NOW)
    return refusal.refusal.decision


def another(like: RefusalDecision, **changes: Any) -> RefusalDecision:
    """A row of its own beside one that was walked, with its question and its version."""
    inquiry = changes.pop("inquiry", like.refusal.inquiry)
    question = inquiry.questions.create(number=inquiry.questions.count() + 1, text="Kết luận thế nào?")
    refusal = Refusal.objects.create(
        inquiry=inquiry, question=question, origin=like.refusal.origin, opened_by=like.refusal.opened_by,
        opened_at=like.refusal.opened_at, state=changes.pop("state", State.DECIDED),
    )  # fmt: skip
    point = changes.pop("ground", like.ground)
    outcome = Outcome.REFUSED if point else changes.pop("outcome")
    version = RefusalVersion.objects.get(pk=like.version_id)
    version.pk, version.refusal, version.ground, version.outcome = None, refusal, point, outcome
    version.watch_on = changes.pop("watch_on", None)
    version.save(force_insert=True)
    made = RefusalDecision.objects.get(pk=like.pk)
    made.pk, made.refusal, made.version, made.entry_id = None, refusal, version, uuid4()
    made.ground, made.outcome, made.citation = point, outcome, point.citation_in_full if point else ""
    for name, value in changes.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return made


def ended(
    decision: RefusalDecision, *, at: datetime, done: bool = False, cause: Cause = Cause.LAPSED
) -> None:
    BringBack.objects.create(
        refusal=decision.refusal, cause=cause, happened_at=at, recorded_by=decision.decided_by, recorded_at=at,
        done_at=at if done else None,
    )  # fmt: skip


def looked_at(decision: RefusalDecision, result: Result | None) -> None:
    judged = {"result": result, "judged_by": decision.decided_by, "judged_at": NOW} if result else {}
    Reconsideration.objects.create(
        refusal=decision.refusal, received_at=NOW, asked_by="Báo Mẫu (giả định)", recorded_by=decision.decided_by,
        recorded_at=NOW, **judged,
    )  # fmt: skip


def page(person: Person, query: str = "") -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("audit_refusals") + query)


def listed(response: Any) -> set[RefusalDecision]:
    return set(response.context["page"].object_list)


def counted(response: Any, table: int) -> dict[str, int]:
    return {line.label: line.number for line in response.context["tables"][table].lines}


def waiting(response: Any) -> dict[str, int]:
    return {row["kind"].code: row["number"] for row in response.context["kinds"] if row["number"]}


@pytest.fixture
def first(cast: Cast, set_clock: SetClock) -> RefusalDecision:
    return decided(cast, set_clock)


def test_both_laws_are_counted_by_citation_and_what_rests_on_no_ground_by_outcome(
    cast: Cast, first: RefusalDecision
) -> None:
    old, draft = ground("inspection", law=OLD_LAW), ground("draft_policy", law=OLD_LAW)
    another(first, ground=old, decided_at=JUNE)
    another(first, ground=old, decided_at=JUNE)
    another(first, ground=draft, decided_at=JUNE)
    another(first, ground=None, outcome=Outcome.WITHHELD)

    response = page(cast.auditor)

    assert list(counted(response, 0).items()) == [
        (old.citation_in_full, 2),
        (draft.citation_in_full, 1),
        (first.citation, 1),
        (str(Outcome.REDIRECTED.label), 0),
        (str(Outcome.WITHHELD.label), 1),
    ]
    assert old.citation_in_full.startswith("điểm c khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13")
    assert first.citation.startswith("điểm c khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15")


def test_they_are_counted_by_agency_person_unit_and_month_of_the_local_day(
    cast: Cast, first: RefusalDecision
) -> None:
    before_midnight = datetime.fromisoformat("2026-06-30T23:59:59+07:00")
    another(first, decided_at=before_midnight, decided_by=cast.spokesperson)
    another(first, decided_at=before_midnight + timedelta(seconds=1))
    elsewhere = Inquiry.objects.get(pk=first.refusal.inquiry_id)
    elsewhere.pk, elsewhere.reference, elsewhere.lead_unit = None, "YC-KHAC", None
    elsewhere.save(force_insert=True)
    another(first, inquiry=elsewhere)

    response = page(cast.auditor)

    assert [counted(response, table) for table in range(1, 5)] == [
        {cast.agency.name: 4},
        {cast.head.full_name: 3, cast.spokesperson.full_name: 1},
        {f"{cast.division.name} · {cast.agency.short_name}".removesuffix(" · "): 3, "No unit led it yet": 1},
        {"07/2026": 3, "06/2026": 1},
    ]


def test_what_is_left_standing_is_told_apart_from_what_only_should_have_happened(
    cast: Cast, first: RefusalDecision
) -> None:
    past, today = NOW.date() - timedelta(days=1), NOW.date()
    rows = {
        "lapsed_waiting": another(first),
        "answer_waiting": another(first),
        "brought_back": another(first, state=State.LAPSED),
        "day_passed": another(first, watch_on=past),
        "withheld": another(first, ground=None, outcome=Outcome.WITHHELD),
    }
    ended(rows["lapsed_waiting"], at=NOW - timedelta(minutes=1))
    ended(rows["answer_waiting"], at=NOW, cause=Cause.RECONSIDERED)
    ended(rows["brought_back"], at=NOW, done=True)
    ended(another(first, watch_on=past), at=NOW + timedelta(hours=1))
    another(first, watch_on=today)
    another(first, watch_on=past, state=State.WITHDRAWN)

    response = page(cast.auditor)

    assert waiting(response) == dict.fromkeys(rows, 1)
    for kind, row in rows.items():
        assert listed(page(cast.auditor, f"?show={kind}")) == {row}
    assert "Whether it has ended is not known here" in response.content.decode()


@pytest.mark.parametrize("state", [State.REPLACED, State.WITHDRAWN, State.OFF_SYSTEM])
def test_what_the_sweep_left_as_it_was_did_not_come_back(
    cast: Cast, first: RefusalDecision, state: State
) -> None:
    lapsed, answered = another(first, state=State.LAPSED), another(first, state=State.ANSWERED)
    for row in (lapsed, answered, another(first, state=state)):
        ended(row, at=NOW, done=True)

    assert waiting(page(cast.auditor)) == {"brought_back": 2}
    assert listed(page(cast.auditor, "?show=brought_back")) == {lapsed, answered}


def test_a_second_look_is_under_way_while_its_refusal_stands_and_its_run_goes_on(
    cast: Cast, first: RefusalDecision
) -> None:
    goes_on, has_ended, lapsed = another(first), another(first), another(first, state=State.LAPSED)
    for row, finished in ((goes_on, None), (has_ended, NOW), (lapsed, None)):
        looked_at(row, None)
        look = row.refusal.reconsiderations.get()
        RefusalProcess.objects.create(
            flow_class=RefusalFlow, refusal=row.refusal, reconsideration=look, finished=finished
        )

    assert waiting(page(cast.auditor)) == {"look_open": 1}
    assert listed(page(cast.auditor, "?show=look_open")) == {goes_on}


def test_second_looks_are_listed_by_their_result_and_one_looked_at_twice_in_both(
    cast: Cast, first: RefusalDecision
) -> None:
    looked_at(first, Result.UPHELD)
    looked_at(first, None)
    looked_at(changed := another(first), Result.CHANGED)

    response = page(cast.auditor)

    assert waiting(response) == {"look_upheld": 1, "look_open": 1, "look_changed": 1}
    assert listed(page(cast.auditor, "?show=look_open")) == {first}
    assert listed(page(cast.auditor, "?show=look_changed")) == {changed}
    assert "Báo Mẫu (giả định)" in response.content.decode()


def test_every_number_is_that_of_the_decisions_its_address_lists(cast: Cast, first: RefusalDecision) -> None:
    another(first, ground=ground("secret", law=OLD_LAW), decided_at=JUNE, decided_by=cast.spokesperson)
    another(first, ground=None, outcome=Outcome.REDIRECTED, watch_on=NOW.date() - timedelta(days=1))
    looked_at(first, Result.UPHELD)
    narrowed = [("", 11), ("?since=2026-06-30&until=2026-07-31", 11), (f"?person={cast.head.pk}", 8)]
    for query, links in narrowed:
        found = ADDRESSES.findall(page(cast.auditor, query).content.decode())

        assert len(found) == links
        for address, number in found:
            opened = page(cast.auditor, unescape(address).partition("#")[0])
            assert opened.context["page"].paginator.count == int(number)


def test_the_period_includes_both_its_days_and_the_other_filters_narrow_together(
    cast: Cast, first: RefusalDecision
) -> None:
    old = ground("inspection", law=OLD_LAW)
    june = another(first, ground=old, decided_at=JUNE.replace(hour=0, minute=0))
    by_spokesperson = another(first, ground=old, decided_at=JUNE, decided_by=cast.spokesperson)

    whole_day = page(cast.auditor, "?since=2026-06-30&until=2026-06-30")
    together = page(cast.auditor, f"?since=2026-06-30&ground={old.pk}&person={cast.spokesperson.pk}")

    assert listed(whole_day) == {june, by_spokesperson}
    assert listed(together) == {by_spokesperson}
    assert listed(page(cast.auditor, f"?unit={cast.division.pk}&agency={cast.agency.pk}")) == {
        first, june, by_spokesperson,
    }  # fmt: skip
    assert listed(page(cast.auditor, "?until=2026-06-29")) == set()


@pytest.mark.parametrize(
    "query",
    [
        "?since=2026-07-02&until=2026-07-01",
        "?since=x",
        "?ground=999999",
        "?person=1'--",
        "?show=x",
        "?unit=-",
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_counted(cast: Cast, query: str) -> None:
    response = page(cast.auditor, query)

    assert response.status_code == 200
    assert "page" not in response.context
    assert "pn-refusal-error" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["?since=0001-01-01", "?until=9999-12-31", "?since=1944-12-31&until=2200-01-01"]
)
def test_a_day_out_of_all_time_is_told_and_kept(cast: Cast, query: str) -> None:
    response = page(cast.auditor, query)

    assert response.status_code == 200
    assert "page" not in response.context
    assert "This date cannot be right." in response.content.decode()
    assert f'value="{query.rpartition("=")[2]}"' in response.content.decode()


def test_only_an_auditor_reads_it_and_only_of_the_own_agencies(cast: Cast, set_clock: SetClock) -> None:
    own = decided(cast, set_clock)
    other = make_cast(code="SNV-Y")
    theirs = decided(other, set_clock)

    assert listed(page(cast.auditor)) == {own}
    assert listed(page(other.auditor)) == {theirs}
    assert page(cast.auditor, f"?person={theirs.decided_by_id}").context["filters"].errors
    refused = [each for each in cast.everybody() if each not in (cast.auditor, cast.stranger)]
    assert {page(person).status_code for person in refused} == {403}
    assert reverse("audit_refusals") in visited(cast.auditor, reverse("audit"))


def visited(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()


def questions(person: Person, query: str = "") -> int:
    client = Client()
    client.force_login(person)
    address = reverse("audit_refusals") + query
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_many_decisions_ask_no_more_of_the_database_than_one_and_go_on_the_next_page(
    cast: Cast, set_clock: SetClock
) -> None:
    none = questions(cast.auditor)
    first = decided(cast, set_clock)
    one = questions(cast.auditor)
    for number in range(26):
        row = another(first, decided_at=JUNE - timedelta(days=number))
        looked_at(row, Result.UPHELD)
        ended(row, at=NOW)

    assert (none <= one, questions(cast.auditor)) == (True, one)
    second = page(cast.auditor, "?page=2&until=2026-07-31")
    assert second.context["page"].paginator.count == 27
    assert len(listed(second)) == 2
    assert "?until=2026-07-31&amp;page=1" in second.content.decode()


def test_the_page_takes_nothing_in_and_of_a_purged_question_says_so(
    cast: Cast, first: RefusalDecision
) -> None:
    question = first.refusal.question
    question.text = ""
    question.save(update_fields=["text"])
    client = Client()
    client.force_login(cast.auditor)

    response = page(cast.auditor)

    assert client.post(reverse("audit_refusals")).status_code == 405
    assert "The question was removed; its refusal stays" in response.content.decode()
    assert reverse("audit_case", args=[first.refusal.inquiry.case_id]) in response.content.decode()
