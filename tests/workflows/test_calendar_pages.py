from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core.actions import deadlines
from core.models import CalendarVersion, Deadline, Person, RuleKey
from core.queries import calendar as queries
from tests.law import load_law
from tests.walk import ZONE, Cast, Walk, make_cast

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=ZONE)
SWAP = (
    ("2026-11-23", "swapped", "Nghỉ hoán đổi"),
    ("2026-11-28", "make_up", "Làm bù cho 23/11"),
)


@pytest.fixture
def cast(db: None, set_clock: Callable[[datetime], None]) -> Cast:
    load_law()
    set_clock(NOW)
    return make_cast()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def calendar(person: Person, **query: str) -> str:
    response = signed_in(person).get(reverse("working_calendar"), query)
    assert response.status_code == 200
    return response.content.decode()


def decision(*changes: tuple[str, str, str], **given: Any) -> dict[str, Any]:
    rows = {
        f"days-{number}-{field}": value
        for number, change in enumerate(changes)
        for field, value in zip(("day", "kind", "name"), change, strict=True)
    }
    management = {"days-TOTAL_FORMS": "12", "days-INITIAL_FORMS": "0"}
    paper = {"number": "1234/TB-BNV (giả định)", "on": "2026-11-09", "issuer": "Bộ Nội vụ (giả định)"}
    return {**paper, **management, **rows, **given}


def send(person: Person, **data: Any) -> HttpResponse:
    response = signed_in(person).post(reverse("calendar_publish"), data)
    assert isinstance(response, HttpResponse)
    return response


def test_the_calendar_says_its_days_in_words_and_signs(cast: Cast) -> None:
    html = calendar(cast.specialist, year="2026")

    assert html.count("<caption>") == 12
    assert html.count('<th scope="col" abbr=') == 84
    for fact in (
        "Make-up working day",
        "Day off by swap",
        "Holiday",
        "●",
        "⇄",
        "2026-11-24" and "24/11/2026",
    ):
        assert fact in html
    assert "Days of this year that are still provisional: 3" in html


def test_a_provisional_year_is_said_plainly(cast: Cast) -> None:
    html = calendar(cast.specialist, year="2027")

    assert "2027 is provisional" in html


def test_a_year_without_a_calendar_is_named_with_who_can_publish_it(cast: Cast) -> None:
    html = calendar(cast.specialist, year="2031")

    assert "There is no working calendar for 2031" in html
    assert "<caption>" not in html


@pytest.mark.parametrize("year", ["x", "", "20266", "-1", "²⁰²⁶"])
def test_a_year_that_is_none_shows_the_present_one(cast: Cast, year: str) -> None:
    assert "Special days of 2026" in calendar(cast.specialist, year=year)


def test_without_any_version_the_page_says_what_to_do(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CalendarVersion, "objects", CalendarVersion.objects.none())
    person = cast.administrator

    assert "No working calendar is published yet" in calendar(person)
    assert signed_in(person).get(reverse("calendar_publish")).status_code == 422


def test_who_may_not_publish_is_told_why_and_what_was_typed_is_kept(cast: Cast) -> None:
    page = signed_in(cast.chief).get(reverse("calendar_publish")).content.decode()
    refused, looked = send(cast.chief, **decision(*SWAP)), send(cast.chief, preview="1", **decision(*SWAP))

    assert "None of your roles includes this: publish the working calendar" in page
    assert "None of your roles includes this" in calendar(cast.chief)
    assert (refused.status_code, looked.status_code) == (403, 403)
    assert "Nghỉ hoán đổi" in refused.content.decode()
    assert CalendarVersion.objects.count() == 1


def test_what_would_change_is_shown_first_with_the_open_deadlines_it_touches(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock, at=NOW)
    walk.register()
    deadlines.record_event(
        inquiry=walk.inquiry, key=RuleKey.objects.get(code="press_answer_to_agency"), occurred_at=NOW, by=cast.contact,
        at=walk.at,
    )  # fmt: skip

    response = send(cast.administrator, preview="1", **decision(*SWAP, settled_days=["2026-11-21"]))

    html = response.content.decode()
    assert response.status_code == 200
    for fact in (
        "23/11/2026",
        "Nghỉ hoán đổi",
        "Make-up working day",
        "21/11/2026 stays as it is and is settled",
    ):
        assert fact in html
    assert "Open deadlines that would be computed anew: 1" in html
    assert CalendarVersion.objects.count() == 1


def test_publishing_makes_the_next_version_under_the_decision(cast: Cast) -> None:
    response = send(cast.administrator, **decision(*SWAP, settled_days=["2026-11-21"], note="Theo thông báo"))

    assert (response.status_code, response["Location"]) == (302, reverse("working_calendar"))
    version = queries.require_version(NOW.date())
    work = queries.calendar_of(version)
    assert (version.number, version.decision_number, version.published_by) == (
        2,
        "1234/TB-BNV (giả định)",
        cast.administrator,
    )
    assert (work.is_working(date(2026, 11, 23)), work.is_working(date(2026, 11, 28))) == (False, True)
    html = calendar(cast.specialist)
    for fact in (
        "1234/TB-BNV (giả định)",
        "3 days changed",
        "Loaded with the system",
        cast.administrator.full_name,
    ):
        assert fact in html


def test_a_provisional_year_becomes_official_and_the_next_one_can_be_added(cast: Cast) -> None:
    form = signed_in(cast.administrator).get(reverse("calendar_publish")).context["form"]
    assert [year for year, _label in form.fields["settled_years"].choices] == [2027, 2028]

    shown = send(cast.administrator, preview="1", **decision(settled_years=["2027", "2028"]))
    assert "2028 is added, with its fixed holidays" in shown.content.decode()
    send(cast.administrator, **decision(settled_years=["2027", "2028"]))

    version = queries.require_version(NOW.date())
    assert (version.last_year, version.provisional_years) == (2028, [])
    assert "is provisional" not in calendar(cast.specialist, year="2028")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("2026-11-24", "swapped", "Hoán đổi"), "24/11/2026 is off already, so it cannot be swapped"),
        (("2026-11-25", "make_up", "Làm bù"), "is a working day already, so it cannot be a make-up day"),
        (("2030-01-01", "holiday", "Tết Dương lịch"), "The calendar would skip"),
    ],
)
@pytest.mark.parametrize("button", [{"preview": "1"}, {}])
def test_days_that_do_not_fit_are_refused_and_everything_typed_is_kept(
    cast: Cast, change: tuple[str, str, str], sentence: str, button: dict[str, str]
) -> None:
    response = send(cast.administrator, **decision(change, note="Ghi chú còn đây"), **button)

    html = response.content.decode()
    assert response.status_code == 422
    for fact in (sentence, change[0], change[2], "Ghi chú còn đây", "1234/TB-BNV (giả định)"):
        assert fact in html
    assert CalendarVersion.objects.count() == 1


def test_a_decision_that_changes_nothing_is_refused(cast: Cast) -> None:
    for button in ({"preview": "1"}, {}):
        response = send(cast.administrator, **decision(), **button)
        assert response.status_code == 422
        assert "changes no day and settles nothing" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("", "holiday", "Tên"), "Write the day of this row"),
        (("2026-11-30", "", "Tên"), "Choose what 30/11/2026 becomes"),
        (("2026-11-30", "holiday", " "), "Say what 30/11/2026 is off or worked for"),
        (("2026-11-31", "holiday", "Tên"), "valid date"),
    ],
)
def test_a_row_half_filled_is_named_and_kept(cast: Cast, change: tuple[str, str, str], sentence: str) -> None:
    response = send(cast.administrator, **decision(SWAP[0], change))

    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "Row 2:" in html
    assert "Nghỉ hoán đổi" in html


def test_an_incomplete_paper_is_refused_field_by_field(cast: Cast) -> None:
    response = send(cast.administrator, **decision(*SWAP, number=" ", issuer="", on=""))

    html = response.content.decode()
    assert response.status_code == 422
    assert html.count("This is needed.") >= 2
    assert "Write the date." in html
    assert Deadline.objects.count() == 0


def test_a_form_without_its_rows_is_refused_not_broken(cast: Cast) -> None:
    response = send(cast.administrator, number="1", on="2026-11-09", issuer="Bộ Nội vụ")

    assert response.status_code == 422
