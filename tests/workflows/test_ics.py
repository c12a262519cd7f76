from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from core import events
from core.actions import deadlines, feeds
from core.enums import InquiryKind
from core.errors import Refused
from core.models import CalendarFeed, Deadline, Person, RuleKey, TrailEntry
from tests.walk import Cast, Walk
from workflows.press_inquiry.actions import running

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> Walk:
    """A forwarded opinion that waits for its drafter."""
    walk = Walk(cast, set_clock)
    walk.register(kind=InquiryKind.FORWARDED_OPINION)
    walk.to("draft")
    return walk


def answer(token: str) -> Any:
    """What anybody gets who knows the address, without signing in."""
    return Client().get(reverse("feed", args=[token]))


def feed(walk: Walk, person: Person) -> list[Any]:
    response = answer(feeds.open_feed(person=person, at=walk.at))
    assert response.status_code == 200
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def summaries(walk: Walk, person: Person) -> list[str]:
    return [str(event["summary"]) for event in feed(walk, person)]


# What it says


def test_a_day_limit_is_a_whole_day_its_last_one(walk: Walk) -> None:
    (event,) = feed(walk, walk.cast.specialist)

    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 8, 3), date(2026, 8, 4))
    assert event["summary"] == (
        "Hạn: Thông báo cách giải quyết ý kiến, kiến nghị, phản ánh, phê bình do báo chí chuyển"
        f" ({walk.inquiry.reference})"
    )
    assert "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP" in event["description"]


def test_an_hour_limit_ends_at_its_minute(walk: Walk) -> None:
    Deadline.objects.all().delete()
    occurred = walk.at - timedelta(hours=1)
    deadlines.record_event(
        inquiry=walk.inquiry, key=RuleKey.objects.get(code="initial_statement_event"), occurred_at=occurred,
        by=walk.cast.contact, at=walk.at,
    )  # fmt: skip

    (event,) = feed(walk, walk.cast.specialist)

    assert event["dtend"].dt == occurred + timedelta(hours=24)
    assert isinstance(event["dtstart"].dt, datetime)
    assert event["dtstart"].dt < event["dtend"].dt


def test_an_order_before_a_day_is_the_day_before_and_its_task_is_not_told(walk: Walk) -> None:
    Deadline.objects.all().delete()
    deadlines.record_order(
        inquiry=walk.inquiry, number="77/UBND", on=walk.at.date(), issuer="UBND tỉnh", task="Báo cáo vụ thi cử",
        before=date(2026, 7, 20), by=walk.cast.contact, at=walk.at,
    )  # fmt: skip

    (event,) = feed(walk, walk.cast.specialist)

    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 7, 19), date(2026, 7, 20))
    assert "77/UBND" in event["summary"]
    assert "thi cử" not in f"{event['summary']} {event['description']}"


def test_it_is_a_calendar_any_program_reads(walk: Walk) -> None:
    response = answer(feeds.open_feed(person=walk.cast.specialist, at=walk.at))

    parsed = Calendar.from_ical(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert (parsed["version"], parsed["method"]) == ("2.0", "PUBLISH")
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    assert {event["uid"] for event in parsed.walk("VEVENT")} == {f"han-{Deadline.objects.get().pk}@phat-ngon"}


def test_nothing_of_what_is_asked_or_of_who_asks_stands_in_it(walk: Walk) -> None:
    body = answer(feeds.open_feed(person=walk.cast.head, at=walk.at)).content.decode().replace("\r\n ", "")

    assert walk.inquiry.reference in body
    for secret in ("Kết quả kỳ thi", "Phóng viên A", "Báo Mẫu", walk.email, *walk.questions):
        assert secret not in body


# Whose deadlines


def test_it_holds_the_deadlines_of_what_its_owner_is_to_do_and_a_head_those_of_the_agency(walk: Walk) -> None:
    cast = walk.cast

    assert len(summaries(walk, cast.specialist)) == 1
    assert len(summaries(walk, cast.head)) == 1
    for other in (cast.colleague, cast.clerk, cast.administrator, cast.stranger):
        assert summaries(walk, other) == []


def test_a_deadline_stands_once_in_it_however_many_ways_lead_to_it(walk: Walk) -> None:
    walk.to("decide")

    assert len(feed(walk, walk.cast.head)) == 1


def test_an_ended_deadline_and_one_without_a_date_leave_it(walk: Walk) -> None:
    other = Walk(walk.cast, walk.set_clock, at=walk.at)
    other.to("draft")
    assert Deadline.objects.open().count() == 2
    assert len(feed(walk, walk.cast.head)) == 1

    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    assert Deadline.objects.open().count() == 1
    assert feed(walk, walk.cast.head) == []


# The address


def test_only_the_digest_of_the_token_is_kept(walk: Walk) -> None:
    token = feeds.open_feed(person=walk.cast.specialist, at=walk.at)

    row = CalendarFeed.objects.values().get()
    assert row["token_sha256"] == hashlib.sha256(token.encode()).hexdigest()
    assert not any(token in str(value) for value in row.values())
    assert not any(token in str(entry.data) for entry in TrailEntry.objects.all())
    assert len(token) >= 43


def test_a_wrong_a_revoked_and_a_replaced_address_are_not_found(walk: Walk) -> None:
    person = walk.cast.specialist
    first = feeds.open_feed(person=person, at=walk.at)
    second = feeds.open_feed(person=person, at=walk.at)
    assert [answer(token).status_code for token in (first, second, "x", second[:-1])] == [404, 200, 404, 404]

    assert feeds.revoke_feed(person=person, at=walk.at)

    assert answer(second).status_code == 404
    assert not feeds.revoke_feed(person=person, at=walk.at)


def test_the_digest_itself_is_no_token(walk: Walk) -> None:
    feeds.open_feed(person=walk.cast.specialist, at=walk.at)

    assert answer(CalendarFeed.objects.get().token_sha256).status_code == 404


def test_a_closed_account_has_no_feed_and_opens_none(walk: Walk) -> None:
    person = walk.cast.specialist
    token = feeds.open_feed(person=person, at=walk.at)
    person.is_active = False
    person.save()

    assert answer(token).status_code == 404
    with pytest.raises(Refused):
        feeds.open_feed(person=person, at=walk.at)


def test_opening_and_revoking_stand_in_the_trail(walk: Walk) -> None:
    feeds.open_feed(person=walk.cast.specialist, at=walk.at)
    feeds.revoke_feed(person=walk.cast.specialist, at=walk.at)

    types = TrailEntry.objects.filter(type__startswith="feed.").order_by("pk").values_list("type", "actor_id")
    assert list(types) == [
        (events.FEED_OPENED.code, walk.cast.specialist.pk),
        (events.FEED_REVOKED.code, walk.cast.specialist.pk),
    ]


def test_the_address_only_answers_reading(walk: Walk) -> None:
    token = feeds.open_feed(person=walk.cast.specialist, at=walk.at)

    assert Client().post(reverse("feed", args=[token])).status_code == 405


def test_the_page_shows_a_new_address_once_and_revokes_it(walk: Walk) -> None:
    client = Client()
    client.force_login(walk.cast.specialist)

    shown = client.post(reverse("own_feed"), follow=True).context["address"]
    again = client.get(reverse("own_feed")).context["address"]
    works = Client().get(shown).status_code
    client.post(reverse("own_feed"), {"revoke": "1"})

    assert shown.startswith("http://testserver/")
    assert (again, works, Client().get(shown).status_code) == ("", 200, 404)
