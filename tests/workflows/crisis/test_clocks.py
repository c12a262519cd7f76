"""The clock of a crisis on pages, in reminders and in the calendar feed, and under the lock of its run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from core.actions import calendar, deadlines, feeds
from core.enums import DayKind, LimitUnit, Role
from core.errors import NotFound
from core.models import Crisis, Deadline, OutgoingMail, Person, Reminder, RuleKey
from core.rules.calendars import Change
from tests.desk import at, local_rule
from tests.factories import make_crisis
from tests.walk import Cast, give
from tests.workflows.crisis.walk import CrisisWalk
from workflows import deadlines as clocks
from workflows import locks, recomputing, reminders

EVENT = "initial_statement_event"
TAKEN_UP = at("2026-08-10T07:40")
DUE = at("2026-08-11T07:40")


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> CrisisWalk:
    """A crisis noted at 07:45, of an event received and taken up at 07:40."""
    walk = CrisisWalk(cast, set_clock, at=at("2026-08-10T07:45"))
    walk.detect()
    return walk


def started(walk: CrisisWalk) -> Deadline:
    key = RuleKey.objects.get(code=EVENT)
    with locks.held_crisis(walk.crisis) as act:
        (deadline,) = deadlines.record_event_on(
            act.crisis, key=key, occurred_at=TAKEN_UP, by=walk.cast.contact, at=act.at
        )
    return deadline


def make_drill(walk: CrisisWalk, *players: Person) -> None:
    Crisis.objects.filter(pk=walk.crisis.pk).update(is_drill=True)
    walk.crisis.players.set(players)


def told(now: datetime) -> set[tuple[str, Person]]:
    known = set(Reminder.objects.values_list("pk", flat=True))
    reminders.sweep(at=now)
    return {(row.stage, row.person) for row in Reminder.objects.exclude(pk__in=known)}


def get(person: Person, name: str, *args: object) -> str:
    client = Client()
    client.force_login(person)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


# The lock


def test_the_held_crisis_is_read_again_with_its_run_and_one_instant(walk: CrisisWalk) -> None:
    Crisis.objects.filter(pk=walk.crisis.pk).update(title="Đổi tên")

    with locks.held_crisis(walk.crisis) as act:
        held = (act.crisis.title, act.process.pk, act.process.crisis, act.at)

    assert held == ("Đổi tên", walk.process.pk, walk.crisis, walk.at)


def test_a_deadline_of_a_crisis_is_held_at_its_run(walk: CrisisWalk) -> None:
    deadline = started(walk)

    with locks.held_for(deadline) as instant:
        assert instant == walk.at


def test_a_crisis_without_a_run_is_not_held(walk: CrisisWalk) -> None:
    bare = make_crisis(case=walk.crisis.case, by=walk.cast.contact)

    with pytest.raises(NotFound, match="no procedure"), locks.held_crisis(bare):
        raise AssertionError


# Who is told


def test_whoever_has_its_open_task_is_told_then_the_chief_of_office_then_the_head(walk: CrisisWalk) -> None:
    started(walk)
    cast = walk.cast
    able = {cast.contact, cast.chief, cast.head, cast.deputy, cast.spokesperson}
    to_act = {person for person in able if person in clocks.to_act_on(walk.crisis, at=walk.at)}

    assert cast.contact in to_act
    assert told(DUE - timedelta(hours=6)) == {("before", person) for person in to_act}
    assert told(DUE) == {("due", person) for person in to_act | {cast.chief}}
    assert told(DUE + timedelta(hours=2)) == {
        ("overdue", person) for person in to_act | {cast.chief, cast.head}
    }


def test_the_mail_names_it_by_reference_and_never_by_title(walk: CrisisWalk) -> None:
    Person.objects.filter(pk=walk.cast.contact.pk).update(email="lienlac@snv-x.example")
    started(walk)

    told(DUE)

    mail = OutgoingMail.objects.get(recipient="lienlac@snv-x.example", key__contains=":due:")
    assert mail.subject.startswith(f"[{walk.crisis.reference}]")
    assert f"Khủng hoảng truyền thông {walk.crisis.reference}" in mail.body
    assert walk.crisis.title not in mail.subject + mail.body


def test_a_drill_tells_its_players_alone_and_says_so(walk: CrisisWalk) -> None:
    make_drill(walk, walk.cast.head)
    Person.objects.filter(pk=walk.cast.head.pk).update(email="giamdoc@snv-x.example")
    started(walk)

    assert {person for _stage, person in told(DUE + timedelta(hours=2))} == {walk.cast.head}
    mails = OutgoingMail.objects.filter(key__endswith=":reminder")
    assert {mail.subject.startswith(f"[DIỄN TẬP] [{walk.crisis.reference}]") for mail in mails} == {True}
    assert {mail.body.splitlines()[0].startswith("DIỄN TẬP") for mail in mails} == {True}


def test_it_presses_whoever_acts_and_the_head_and_of_a_drill_the_players_alone(walk: CrisisWalk) -> None:
    deadline = started(walk)
    everybody = (walk.cast.contact, walk.cast.head, walk.cast.clerk)

    assert [clocks.pressing(person, at=walk.at) for person in everybody] == [[deadline], [deadline], []]

    make_drill(walk, walk.cast.contact)
    assert [clocks.pressing(person, at=walk.at) for person in everybody] == [[deadline], [], []]


# Pages and feed


def test_its_page_and_the_lists_name_the_crisis_and_mark_a_drill(walk: CrisisWalk) -> None:
    deadline = started(walk)
    contact = walk.cast.contact
    assert walk.crisis.title in get(contact, "deadline", deadline.pk)

    make_drill(walk, contact)

    for page in (get(contact, "deadline", deadline.pk), get(contact, "deadlines"), get(contact, "work")):
        assert walk.crisis.title in page
        assert "DRILL" in page


def test_the_feed_names_it_by_reference(walk: CrisisWalk) -> None:
    started(walk)
    token = feeds.open_feed(person=walk.cast.contact, at=walk.at)

    body = Client().get(reverse("feed", args=[token])).content

    event: Any
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert (
        event["summary"] == f"Hạn: Thông tin ban đầu về sự kiện, vấn đề quan trọng ({walk.crisis.reference})"
    )
    assert event["dtend"].dt == DUE


def test_whoever_keeps_deadlines_voids_one_of_a_crisis_by_its_page(walk: CrisisWalk) -> None:
    deadline = started(walk)
    client = Client()
    client.force_login(walk.cast.contact)

    response = client.post(reverse("deadline_void", args=[deadline.pk]), {"reason": "Ghi nhầm."})

    deadline.refresh_from_db()
    assert (response.status_code, deadline.outcome) == (302, "void")


# Local limits of its steps


def test_the_agencys_own_limit_of_assessing_runs_from_the_opening_of_the_step(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    local_rule(cast.agency, "step.assess", 2, LimitUnit.HOURS, start="step_opened")
    walk = CrisisWalk(cast, set_clock, at=at("2026-08-10T07:45"))

    walk.detect()

    deadline = walk.crisis.deadlines.get()
    assert (deadline.due, deadline.is_open) == (at("2026-08-10T09:45"), True)
    walk.execute(walk.tasks("assess")[0], lambda _step: None, by=cast.contact)
    deadline.refresh_from_db()
    assert deadline.outcome == "met"


def test_the_limit_of_reviewing_a_draft_is_none_of_the_after_action_review() -> None:
    assert clocks.step_key("review") == "step.review"
    assert clocks.step_key("review", of_crisis=True) == "step.after_action"
    assert clocks.step_key("assess", of_crisis=True) == "step.assess"


def test_a_new_calendar_moves_a_clock_of_a_crisis_under_its_lock(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    local_rule(cast.agency, "step.assess", 2, LimitUnit.WORKING_DAYS, start="step_opened")
    walk = CrisisWalk(cast, set_clock, at=at("2026-08-10T07:45"))
    walk.detect()
    decision = calendar.Decision(
        number="1/QĐ", on=date(2026, 8, 10), issuer="Bộ Nội vụ",
        changes=[Change(day=date(2026, 8, 11), kind=DayKind.SWAPPED, name="Hoán đổi")],
    )  # fmt: skip
    give(cast.chief, Role.ADMINISTRATOR, agency=cast.agency)
    calendar.publish(decision=decision, by=cast.chief, at=walk.at)

    assert recomputing.recompute_open() == 1
    assert walk.crisis.deadlines.get().last_day == date(2026, 8, 13)
