from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import deadlines
from core.enums import DeadlineOutcome, DeadlineSource, LimitUnit, StartingEvent
from core.models import (
    Deadline,
    Inquiry,
    LocalRegulation,
    LocalRule,
    Person,
    RecordedEvent,
    RuleKey,
    TrailEntry,
)
from tests.law import load_law
from tests.walk import START, ZONE, Cast, Walk, make_cast
from workflows.views.acts import BESIDE

pytestmark = pytest.mark.django_db

CONCLUDED = datetime(2026, 7, 13, 7, 30, tzinfo=ZONE)
ORDER = {
    "number": "99/UBND-VX",
    "on": "2026-07-10",
    "issuer": "Chủ tịch UBND tỉnh Mẫu (giả định)",
    "task": "Báo cáo vụ việc",
    "before": "2026-07-20",
}
ACTS = ("deadline_extend", "deadline_done")


@pytest.fixture
def cast(db: None) -> Cast:
    load_law()
    return make_cast()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: object, status: int = 200, **query: str) -> str:
    response = signed_in(person).get(reverse(name, args=args), query)
    assert response.status_code == status
    return response.content.decode()


def post(person: Person, name: str, pk: int, **data: str) -> HttpResponse:
    response = signed_in(person).post(reverse(name, args=[pk]), data)
    assert isinstance(response, HttpResponse)
    return response


def key(code: str) -> RuleKey:
    return RuleKey.objects.get(code=code)


def started(walk: Walk, code: str = "complaint_conclusion", at: datetime = CONCLUDED) -> Deadline:
    found = deadlines.record_event(
        inquiry=walk.inquiry, key=key(code), occurred_at=at, by=walk.cast.contact, at=walk.at
    )
    return found[0]


def ordered(inquiry: Inquiry, by: Person, at: datetime, **given: Any) -> Deadline:
    fields = {
        "number": "9",
        "on": date(2026, 7, 1),
        "issuer": "UBND",
        "task": "Báo cáo",
        "before": date(2026, 7, 20),
    }
    return deadlines.record_order(inquiry=inquiry, by=by, at=at, **{**fields, **given})


def stricter(cast: Cast, code: str, value: int) -> LocalRule:
    regulation = LocalRegulation.objects.create(
        agency=cast.agency, number="15/QĐ", date=date(2026, 6, 29), title="Quy chế", recorded_at=START
    )
    return LocalRule.objects.create(
        regulation=regulation, agency=cast.agency, key=key(code), value=value, unit=LimitUnit.WORKING_DAYS,
        start=StartingEvent.CONCLUSION, article="Điều 3", statement="Ngắn hơn.", valid_from=date(2026, 7, 1),
    )  # fmt: skip


def queries_of(person: Person, address: str) -> int:
    client = signed_in(person)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# Starting


def test_the_duties_offered_are_those_of_this_law_and_agency_without_the_inquiry_s_own(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")

    field = (
        signed_in(walk.cast.contact)
        .get(reverse("deadline_start", args=[walk.inquiry.pk]))
        .context["form"]["key"]
    )
    choices = dict(field.field.choices)

    assert "complaint_conclusion" in choices
    assert "(Conclusion)" in choices["complaint_conclusion"]
    assert "press_conference_notice" in choices
    assert not {"press_request", "delegation_publication", "speaker_types", "personal_remark"} & set(choices)


def test_computing_first_shows_the_steps_keeps_the_form_and_saves_nothing(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    before = (Deadline.objects.count(), TrailEntry.objects.count())

    response = post(
        walk.cast.contact, "deadline_start", walk.inquiry.pk, preview="1", key="complaint_conclusion",
        occurred_at="2026-07-13T07:30", note="Kết luận số 5",
    )  # fmt: skip

    html = response.content.decode()
    assert response.status_code == 200
    assert "by the end of 20/07/2026" in html
    assert "ngày 5: thứ Hai 20/07/2026" in html
    assert "khoản 2 Điều 18 Nghị định số 237/2026/NĐ-CP" in html
    assert 'value="Kết luận số 5"' in html
    assert (Deadline.objects.count(), TrailEntry.objects.count()) == before


def test_a_stricter_local_rule_is_computed_beside_the_law_and_named_as_local(
    cast: Cast, inquiry_at: Callable[..., Walk]
) -> None:
    stricter(cast, "complaint_conclusion", 2)
    walk = inquiry_at("triage")
    data = {"key": "complaint_conclusion", "occurred_at": "2026-07-13T07:30"}

    shown = post(cast.contact, "deadline_start", walk.inquiry.pk, preview="1", **data).content.decode()
    post(cast.contact, "deadline_start", walk.inquiry.pk, **data)

    assert "by the end of 15/07/2026" in shown
    assert "Local rule, not law" in shown
    assert set(walk.inquiry.deadlines.filter(key__code=data["key"]).values_list("source", flat=True)) == {
        DeadlineSource.LAW,
        DeadlineSource.LOCAL,
    }


def test_recording_starts_the_clock_and_the_case_page_shows_how_it_was_computed(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")

    response = post(
        walk.cast.contact, "deadline_start", walk.inquiry.pk, key="complaint_conclusion",
        occurred_at="2026-07-13T07:30", note="Kết luận số 5",
    )  # fmt: skip

    assert response["Location"] == reverse("case", args=[walk.inquiry.case_id])
    event = RecordedEvent.objects.get()
    assert (event.kind, event.occurred_at, event.note) == (
        StartingEvent.CONCLUSION,
        CONCLUDED,
        "Kết luận số 5",
    )
    html = get(walk.cast.contact, "case", walk.inquiry.case_id)
    for fact in (
        "How it was computed",
        "ngày 5: thứ Hai 20/07/2026",
        "by the end of 20/07/2026",
        "Calendar version 1",
    ):
        assert fact in html


def test_a_time_to_come_is_refused_by_its_field_and_what_was_typed_is_kept(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")

    response = post(
        walk.cast.contact, "deadline_start", walk.inquiry.pk, key="complaint_conclusion",
        occurred_at="2026-07-30T07:30", note="Còn đây",
    )  # fmt: skip

    assert response.status_code == 422
    assert "This time has not come yet." in response.content.decode()
    assert "Còn đây" in response.content.decode()


def test_a_planned_event_may_lie_ahead_and_counts_backwards(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")

    response = post(
        walk.cast.contact, "deadline_start", walk.inquiry.pk, preview="1", key="press_conference_notice",
        occurred_at="2026-07-20T09:00",
    )  # fmt: skip

    assert "by 09:00 on 19/07/2026" in response.content.decode()


def test_a_law_that_did_not_know_the_duty_yet_answers_with_its_sentence(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")

    for button in ({"preview": "1"}, {}):
        response = post(
            walk.cast.contact, "deadline_start", walk.inquiry.pk, key="complaint_conclusion",
            occurred_at="2026-06-30T09:00", **button,
        )  # fmt: skip
        assert response.status_code == 422
        assert "The law in force on 30/06/2026 knows no rule" in response.content.decode()


def test_the_kind_of_press_is_asked_where_the_law_tells_kinds_apart(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    data = {"key": "press_publishes_answer", "occurred_at": "2026-07-13T07:30"}

    without = post(walk.cast.contact, "deadline_start", walk.inquiry.pk, **data)
    chosen = post(walk.cast.contact, "deadline_start", walk.inquiry.pk, press_kind="online", **data)

    assert without.status_code == 422
    assert "the law tells kinds of press apart" in without.content.decode()
    assert chosen.status_code == 302


def test_a_year_without_a_calendar_stops_no_recording_and_is_said(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock, at=datetime(2027, 12, 30, 9, 0, tzinfo=ZONE))
    walk.register()
    data = {"key": "complaint_conclusion", "occurred_at": "2027-12-30T08:00"}

    shown = post(cast.contact, "deadline_start", walk.inquiry.pk, preview="1", **data)
    saved = post(cast.contact, "deadline_start", walk.inquiry.pk, **data)

    assert "Waits for the calendar of 2028" in shown.content.decode()
    assert saved.status_code == 302
    assert "Waits for the calendar of 2028" in get(cast.contact, "case", walk.inquiry.case_id)


# Orders


def test_an_order_stands_among_the_deadlines_as_an_order(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")

    response = post(walk.cast.contact, "order_new", walk.inquiry.pk, **ORDER)

    assert response.status_code == 302
    html = get(walk.cast.contact, "case", walk.inquiry.case_id)
    for fact in ("Báo cáo vụ việc", "Order of a superior", "by the end of 19/07/2026", "99/UBND-VX"):
        assert fact in html
    work = get(walk.cast.chief, "work")
    assert "Báo cáo vụ việc" in work
    assert "Order of a superior" in work


def test_an_order_dated_after_its_day_is_refused_and_kept(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")

    response = post(walk.cast.contact, "order_new", walk.inquiry.pk, **{**ORDER, "before": "2026-07-01"})

    assert response.status_code == 422
    assert "lies before the paper itself" in response.content.decode()
    assert ORDER["issuer"] in response.content.decode()


# Moving and ending


def test_an_extension_keeps_the_first_date_and_says_what_allowed_it(inquiry_at: Callable[..., Walk]) -> None:
    deadline = started(walk := inquiry_at("triage"))

    response = post(
        walk.cast.contact, "deadline_extend", deadline.pk, until="2026-07-31", basis="Công văn 12/UBND",
        reason="Vụ việc phức tạp.",
    )  # fmt: skip

    assert response["Location"] == reverse("deadline", args=[deadline.pk])
    html = get(walk.cast.contact, "deadline", deadline.pk)
    for fact in (
        "by the end of 31/07/2026",
        "by the end of 20/07/2026",
        "Công văn 12/UBND",
        "Vụ việc phức tạp.",
        walk.cast.contact.full_name,
        "Extension",
    ):
        assert fact in html


def test_an_extension_never_shortens_and_what_was_typed_is_kept(inquiry_at: Callable[..., Walk]) -> None:
    deadline = started(walk := inquiry_at("triage"))

    response = post(
        walk.cast.contact,
        "deadline_extend",
        deadline.pk,
        until="2026-07-15",
        basis="Công văn",
        reason="Vì sao đó",
    )

    assert response.status_code == 422
    assert "An extension never shortens" in response.content.decode()
    assert "Vì sao đó" in response.content.decode()


@pytest.mark.parametrize(
    ("done_at", "outcome", "said"),
    [
        ("2026-07-20T23:59", DeadlineOutcome.MET, "Met in time"),
        ("2026-07-21T00:00", DeadlineOutcome.LATE, "Done late"),
    ],
)
def test_what_was_done_ends_a_deadline_in_time_or_late(
    inquiry_at: Callable[..., Walk], done_at: str, outcome: DeadlineOutcome, said: str
) -> None:
    deadline = started(walk := inquiry_at("triage"))
    walk.tick(days=10)

    response = post(walk.cast.contact, "deadline_done", deadline.pk, done_at=done_at)

    deadline.refresh_from_db()
    assert (response.status_code, deadline.outcome) == (302, outcome)
    assert said in get(walk.cast.contact, "deadline", deadline.pk)
    assert "stays as it was" in get(walk.cast.contact, "deadline", deadline.pk)


def test_an_ended_deadline_is_not_moved_again(inquiry_at: Callable[..., Walk]) -> None:
    deadline = started(walk := inquiry_at("triage"))
    post(walk.cast.contact, "deadline_done", deadline.pk, done_at=f"{walk.at:%Y-%m-%dT%H:%M}")

    again = post(walk.cast.contact, "deadline_done", deadline.pk, done_at=f"{walk.at:%Y-%m-%dT%H:%M}")

    assert again.status_code == 409
    assert "it stays as it was" in again.content.decode()


def test_a_duty_without_a_date_cannot_be_extended(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    deadline = started(walk, "press_request")

    page = get(walk.cast.contact, "deadline_extend", deadline.pk)

    assert "has no date, so there is nothing to extend" in page


# Who may


@pytest.mark.parametrize("name", ["deadline_start", "order_new", *ACTS])
def test_who_may_not_is_told_why_and_changes_nothing(inquiry_at: Callable[..., Walk], name: str) -> None:
    walk = inquiry_at("draft")
    deadline = started(walk)
    pk = deadline.pk if name in ACTS else walk.inquiry.pk
    data = {
        **ORDER, "key": "complaint_conclusion", "occurred_at": "2026-07-13T07:30", "until": "2026-07-31", "basis": "x",
        "reason": "Lý do còn đây", "done_at": "2026-07-13T08:00",
    }  # fmt: skip
    entries = TrailEntry.objects.count()

    page = get(walk.cast.specialist, name, pk)
    response = post(walk.cast.specialist, name, pk, **data)

    assert "Your roles at" in page
    assert response.status_code == 403
    assert TrailEntry.objects.count() == entries


@pytest.mark.parametrize("name", ["deadline_start", "order_new", "deadline", *ACTS])
def test_nothing_reaches_an_inquiry_of_another_agency(
    cast: Cast, set_clock: Callable[[datetime], None], name: str
) -> None:
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register(subject="Foreign matter")
    deadline = ordered(foreign.inquiry, foreign.cast.contact, foreign.at)
    pk = foreign.inquiry.pk if name in {"deadline_start", "order_new"} else deadline.pk

    there, nowhere = get(cast.chief, name, pk, status=404), get(cast.chief, name, 999_999, status=404)

    assert "Foreign matter" not in there
    if "deadline" in name and name != "deadline_start":
        assert "There is no such deadline" in there
        assert "There is no such deadline" in nowhere


def test_the_card_of_the_case_offers_the_acts_to_whoever_may(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("draft")
    deadline = started(walk)
    addresses = [reverse(name, args=[deadline.pk]) for name in ACTS]

    keeper, other = (
        get(person, "case", walk.inquiry.case_id) for person in (walk.cast.chief, walk.cast.specialist)
    )

    assert all(address in keeper for address in addresses)
    assert not any(address in other for address in addresses)
    assert reverse("deadline", args=[deadline.pk]) in other
    assert {"deadline_start", "order_new"} <= {act.url_name for act in BESIDE}


def test_markup_in_an_order_stays_text(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    deadline = ordered(walk.inquiry, walk.cast.contact, walk.at, task="<script>alert(1)</script>")

    for html in (
        get(walk.cast.contact, "case", walk.inquiry.case_id),
        get(walk.cast.contact, "deadline", deadline.pk),
        get(walk.cast.contact, "deadlines"),
    ):
        assert "&lt;script&gt;alert(1)" in html
        assert not re.search(r"<script>alert", html)


# The list


def test_the_list_is_nearest_first_and_holds_only_what_one_may_see(
    inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    walk = inquiry_at("triage")
    later, sooner = started(walk), ordered(walk.inquiry, walk.cast.contact, walk.at, before=date(2026, 7, 15))
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register()
    ordered(foreign.inquiry, foreign.cast.contact, foreign.at, task="Foreign order")

    page = signed_in(walk.cast.chief).get(reverse("deadlines"))

    rows = [row.pk for row in page.context["page"] if row.due]
    assert rows == [sooner.pk, later.pk]
    assert "Foreign order" not in page.content.decode()
    assert "No deadline is open" in get(walk.cast.administrator, "deadlines")


def test_the_list_is_narrowed_by_source_and_state(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    legal, order = started(walk), ordered(walk.inquiry, walk.cast.contact, walk.at, before=date(2026, 7, 15))

    def found(**query: str) -> set[int]:
        page = signed_in(walk.cast.chief).get(reverse("deadlines"), query).context["page"]
        return {row.pk for row in page if row.due}

    assert found(source="law") == {legal.pk}
    assert found(source="order") == {order.pk}
    assert found(state="soon") == {order.pk}
    assert found(state="overdue") == set()
    walk.tick(days=2)
    assert found(state="overdue") == {order.pk}
    assert found(agency=str(walk.cast.agency.pk)) == {legal.pk, order.pk}
    assert found(state="nonsense", agency="x") == {legal.pk, order.pk}
    assert "No open deadline fits" in get(walk.cast.chief, "deadlines", source="local")


def test_the_list_goes_on_over_pages_and_keeps_the_filter(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    for number in range(27):
        ordered(walk.inquiry, walk.cast.contact, walk.at, number=f"{number}")

    html = get(walk.cast.chief, "deadlines", source="order")

    assert "Open deadlines found: 27" in html
    assert "?source=order&amp;page=2" in html
    assert get(walk.cast.chief, "deadlines", source="order", page="2").count('class="pn-row"') == 2


@pytest.mark.parametrize("name", ["deadlines", "case"])
def test_one_deadline_and_three_ask_the_same_number_of_questions(
    inquiry_at: Callable[..., Walk], name: str
) -> None:
    walk = inquiry_at("triage")
    address = reverse(name, args=[walk.inquiry.case_id] if name == "case" else [])
    ordered(walk.inquiry, walk.cast.contact, walk.at)
    extend(started(walk), walk)
    one = queries_of(walk.cast.chief, address)

    for number in (1, 2):
        ordered(walk.inquiry, walk.cast.contact, walk.at)
        extend(started(walk, at=CONCLUDED + timedelta(minutes=number)), walk)

    assert queries_of(walk.cast.chief, address) == one


def extend(deadline: Deadline, walk: Walk) -> None:
    deadlines.extend(
        deadline=deadline,
        until=date(2026, 8, 20),
        basis="CV 1",
        reason="Phức tạp.",
        by=walk.cast.contact,
        at=walk.at,
    )


def test_only_legal_deadlines_of_the_period_are_counted(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    met, late, _open = (started(walk, at=CONCLUDED + timedelta(minutes=number)) for number in range(3))
    ordered(walk.inquiry, walk.cast.contact, walk.at)
    walk.tick(days=10)
    for deadline, done_at in ((met, walk.at - timedelta(days=8)), (late, walk.at)):
        deadlines.finish(deadline=deadline, done_at=done_at, by=walk.cast.contact, at=walk.at)

    def counted(**query: str) -> tuple[int, int, int]:
        found = signed_in(walk.cast.chief).get(reverse("deadlines"), query).context["counted"]
        assert [row.agency for row in found] == [walk.cast.agency]
        statistics = found[0].statistics
        return statistics.met, statistics.late, statistics.overdue

    assert counted() == (1, 1, 1)
    assert counted(since="2026-07-20", until="2026-07-20") == (1, 1, 1)
    assert counted(since="2026-07-21", until="2026-07-31") == (0, 0, 0)
    assert "local rules and orders are not" in get(walk.cast.chief, "deadlines")


def test_a_period_that_ends_before_it_begins_is_said(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    set_clock(START)

    assert "ends before it begins" in get(cast.chief, "deadlines", since="2026-07-21", until="2026-07-01")
    assert "Write the day." in get(cast.chief, "deadlines", since="x", until="")


def test_nobody_sees_deadlines_without_signing_in(cast: Cast) -> None:
    for name in ("deadlines", "working_calendar", "calendar_publish"):
        assert Client().get(reverse(name)).status_code == 302


def test_an_hour_limit_s_last_instant_is_not_overdue_on_the_list(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    deadline = started(walk, "initial_statement_event", at=walk.at)
    assert deadline.due is not None
    walk.tick(seconds=(deadline.due - walk.at).total_seconds())

    assert walk.at == deadline.due.astimezone(UTC)
    assert "0 minutes left" in get(walk.cast.chief, "deadlines")
    assert deadline.title not in get(walk.cast.chief, "deadlines", state="overdue").split("pn-search")[1]
