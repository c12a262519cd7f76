"""Calendars, reminders and deadlines when two workers or two people act at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.actions import calendar, deadlines
from core.enums import DayKind, DeadlineOutcome, InquiryKind, ReplyForm, Role, StatementForm
from core.models import CalendarVersion, Deadline, DeadlineChange, OutgoingMail, Reminder, TrailEntry
from core.rules.calendars import Change
from tests.faults.test_races import at_once
from tests.walk import START, ZONE, Walk, give
from workflows import base, recomputing, reminders
from workflows.press_inquiry.actions import releasing

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = date(2026, 7, 20)


@pytest.fixture
def asked(walk: Walk) -> Walk:
    """A forwarded opinion received on 13/7/2026: 15 working days, until 3/8/2026."""
    walk.register(kind=InquiryKind.FORWARDED_OPINION, received_at=START - timedelta(hours=1))
    return walk


def publishing(by: Any, day: date) -> Callable[[], CalendarVersion]:
    change = Change(day=day, kind=DayKind.SWAPPED, name="Nghỉ hoán đổi")
    decision = calendar.Decision(
        number=f"{day.day}/QĐ", on=START.date(), issuer="Bộ Nội vụ", changes=[change]
    )
    return lambda: calendar.publish(decision=decision, by=by, at=START)


def test_two_calendars_published_at_once_follow_each_other_and_lose_no_day(asked: Walk) -> None:
    first, second = asked.cast.administrator, asked.cast.chief
    give(second, Role.ADMINISTRATOR, agency=asked.cast.agency)

    results = at_once(publishing(first, MONDAY), publishing(second, MONDAY + timedelta(days=1)))

    assert sorted(version.number for version in results) == [2, 3]
    latest = CalendarVersion.objects.get(number=3)
    swapped = {row.day for row in latest.days.filter(kind=DayKind.SWAPPED, day__month=7)}
    assert swapped == {MONDAY, MONDAY + timedelta(days=1)}


def test_recomputing_twice_at_once_moves_a_deadline_once(asked: Walk) -> None:
    publishing(asked.cast.administrator, MONDAY)()

    results = at_once(*[recomputing.recompute_open] * 2)

    moved = Deadline.objects.get(inquiry=asked.inquiry)
    assert sum(results) == 1
    assert moved.last_day == date(2026, 8, 4)
    assert DeadlineChange.objects.filter(deadline=moved).count() == 1
    assert TrailEntry.objects.filter(type="deadline.moved").count() == 1


def test_a_deadline_ended_while_it_is_recomputed_is_either_moved_before_or_left_alone(asked: Walk) -> None:
    publishing(asked.cast.administrator, MONDAY)()
    deadline = Deadline.objects.get(inquiry=asked.inquiry)
    done = datetime(2026, 7, 14, 9, tzinfo=ZONE)

    at_once(
        recomputing.recompute_open,
        lambda: deadlines.end(deadline_id=deadline.pk, by=asked.cast.chief, at=done),
    )

    deadline.refresh_from_db()
    told = list(
        TrailEntry.objects.filter(object_type="core.Deadline", object_id=deadline.pk)
        .order_by("seq")
        .values_list("type", flat=True)
    )
    assert deadline.outcome == DeadlineOutcome.MET
    assert told in (
        ["deadline.started", "deadline.ended"],
        ["deadline.started", "deadline.moved", "deadline.ended"],
    )
    assert deadline.last_day == (date(2026, 8, 4) if "deadline.moved" in told else date(2026, 8, 3))


def test_two_sweeps_at_once_remind_everybody_once(asked: Walk) -> None:
    late = datetime(2026, 8, 6, 9, tzinfo=ZONE)

    at_once(*[lambda: reminders.sweep(at=late)] * 2)

    told = list(Reminder.objects.values_list("stage", "person"))
    mails = OutgoingMail.objects.filter(key__endswith=":reminder")
    assert told
    assert len(told) == len(set(told))
    assert {stage for stage, _person in told} == {"before", "due", "overdue"}
    assert mails.count() == Reminder.objects.exclude(person__email="").count()
    assert reminders.sweep(at=late) == 0


def test_a_release_and_a_recomputation_at_once_do_not_lock_each_other_out(asked: Walk) -> None:
    """Both take the inquiry's deadline and the head of its trail, in another order; the run's lock comes first."""
    asked.reply_form = ReplyForm.EMAIL
    asked.to("release").tick()
    publishing(asked.cast.administrator, MONDAY)()
    task = asked.task("release").pk
    facts = releasing.ReleaseFacts(form=StatementForm.PRESS_RELEASE_OR_REPLY)

    results = at_once(
        recomputing.recompute_open,
        lambda: base.execute(
            task,
            by=asked.cast.head,
            perform=lambda step: releasing.release(process=step.process, facts=facts, by=step.by, at=step.at),
        ),
        lambda: reminders.sweep(at=datetime(2026, 8, 6, 9, tzinfo=ZONE)),
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert Deadline.objects.get(inquiry=asked.inquiry).outcome == DeadlineOutcome.MET
