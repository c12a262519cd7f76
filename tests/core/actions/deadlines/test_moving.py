from __future__ import annotations

from datetime import date, datetime

import pytest

from core import events
from core.actions import deadlines
from core.enums import ChangeKind, DayKind, LimitUnit
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, DeadlineChange, DeadlinePause, TrailEntry
from core.permissions import MissingRole
from core.queries import deadlines as queries
from core.rules.calendars import Change
from tests.desk import Desk, at
from tests.walk import make_cast

pytestmark = pytest.mark.django_db

HOURS, WORKING_DAYS = LimitUnit.HOURS, LimitUnit.WORKING_DAYS


@pytest.fixture
def desk() -> Desk:
    return Desk(make_cast())


def entry(event: events.Event) -> TrailEntry:
    return TrailEntry.objects.get(type=event.code)


# Computed anew under a new calendar


def test_only_open_deadlines_that_the_new_version_touches_move_each_with_its_entry(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    unmoved, moving = desk.start("forwarded_opinion", "2026-11-10T09:00")
    before = desk.one("complaint_conclusion", "2026-11-03T09:00")
    rolled = desk.one("reply_on_press", "2026-10-25T09:00")
    hours = desk.one("initial_statement_event", "2026-11-23T09:00")
    order = desk.order(date(2026, 11, 24))
    _legal, closed = desk.start("forwarded_opinion", "2026-11-10T10:00")
    deadlines.end(deadline_id=closed.pk, by=None, at=at("2026-11-11T08:00"))
    desk.publish()

    touched = queries.to_recompute()
    moved = desk.recompute("2026-11-12T08:01")

    assert touched == [unmoved.pk, moving.pk, _legal.pk]
    assert moved == 1
    change = DeadlineChange.objects.get()
    assert (change.deadline, change.kind) == (moving, ChangeKind.CALENDAR)
    assert (change.old_due, change.new_due) == (at("2026-11-26T00:00"), at("2026-11-27T00:00"))
    same = {row.pk: (row.due, row.calendar_id) for row in (before, rolled, hours, order)}
    assert {row.pk: (row.due, row.calendar_id) for row in Deadline.objects.filter(pk__in=same)} == same
    closed.refresh_from_db()
    assert (closed.due, closed.calendar and closed.calendar.number) == (at("2026-11-26T00:00"), 1)


def test_a_moved_deadline_names_the_decision_and_keeps_what_was_first_computed(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    _legal, moving = desk.start("forwarded_opinion", "2026-11-10T09:00")
    desk.publish()

    desk.recompute("2026-11-12T08:01")

    moving.refresh_from_db()
    written = entry(events.DEADLINE_MOVED)
    assert (moving.original_due, moving.due) == (at("2026-11-26T00:00"), at("2026-11-27T00:00"))
    assert moving.calendar is not None
    assert (moving.calendar.number, desk.due()) == (2, moving.due)
    assert "bỏ qua thứ Hai 23/11/2026: Hoán đổi" in moving.steps
    assert (written.data["decision"], written.data["kind"], written.data["calendar"]) == (
        "99/TB-BNV",
        "calendar",
        2,
    )
    assert [datetime.fromisoformat(written.data[key]) for key in ("old_due", "new_due")] == [
        moving.original_due,
        moving.due,
    ]


def test_computing_anew_twice_changes_nothing_more(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    desk.start("forwarded_opinion", "2026-11-10T09:00")
    desk.publish()
    desk.recompute("2026-11-12T08:01")
    entries = TrailEntry.objects.count()

    again = desk.recompute("2026-11-12T08:02")

    assert (again, queries.to_recompute()) == (0, [])
    assert (DeadlineChange.objects.count(), TrailEntry.objects.count()) == (1, entries)


def test_settling_days_as_they_are_moves_nothing_but_the_deadline_no_longer_says_provisional(
    desk: Desk,
) -> None:
    deadline = desk.one("forwarded_opinion", "2026-11-10T09:00")
    desk.publish([], settled_days=[date(2026, 11, day) for day in (21, 23, 28)])

    moved = desk.recompute("2026-11-12T08:01")

    before, deadline = deadline, Deadline.objects.get(pk=deadline.pk)
    assert (moved, before.is_provisional, deadline.is_provisional) == (0, True, False)
    assert not any("tạm tính" in step for step in deadline.steps)
    assert deadline.due == before.due


# Extended


def test_an_extension_is_recorded_with_its_basis_and_reason_and_moves_the_deadline(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-10-12T09:00")

    desk.extend(deadline, date(2026, 11, 29))

    assert (deadline.due, deadline.last_day) == (at("2026-11-30T00:00"), date(2026, 11, 29))
    assert (deadline.original_due, desk.due()) == (at("2026-11-12T00:00"), deadline.due)
    assert deadline.steps[-1] == "Được gia hạn đến 24 giờ 00 phút Chủ nhật 29/11/2026."
    assert (deadline.changes.get().kind, deadline.extensions.get().basis) == (ChangeKind.EXTENSION, "Điều 5")
    written = entry(events.DEADLINE_EXTENDED)
    assert (written.reason, "Điều 5" in str(written.data)) == ("Vụ việc phức tạp.", False)
    assert written.data["basis_hash"].startswith("hmac-sha256:")


@pytest.mark.parametrize("until", [date(2026, 11, 11), date(2026, 11, 10), date(2020, 1, 1)])
def test_an_extension_never_shortens(desk: Desk, until: date) -> None:
    deadline = desk.one("reply_on_press", "2026-10-12T09:00")

    with pytest.raises(Invalid, match="never shortens"):
        desk.extend(deadline, until)

    assert Deadline.objects.get().due == at("2026-11-12T00:00")


@pytest.mark.parametrize("missing", ["basis", "reason"])
def test_an_extension_needs_its_basis_and_its_reason(desk: Desk, missing: str) -> None:
    deadline = desk.one("reply_on_press", "2026-10-12T09:00")

    with pytest.raises(Invalid) as refused:
        desk.extend(deadline, date(2026, 11, 30), **{missing: " "})

    assert set(refused.value.fields) == {missing}
    assert not DeadlineChange.objects.exists()


def test_a_duty_without_a_limit_and_an_ended_deadline_are_not_extended(desk: Desk) -> None:
    undated, ended = (
        desk.one("press_request", "2026-10-12T09:00"),
        desk.one("reply_on_press", "2026-10-12T09:00"),
    )
    deadlines.end(deadline_id=ended.pk, by=None, at=at("2026-10-13T08:00"))

    with pytest.raises(Invalid, match="never shortens"):
        desk.extend(undated, date(2026, 11, 30))
    with pytest.raises(NotAllowedNow, match="ended"):
        desk.extend(ended, date(2026, 11, 30))


def test_the_later_of_extension_and_computation_holds_under_a_new_calendar(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    _legal, shorter = desk.start("forwarded_opinion", "2026-11-10T09:00")
    _legal, longer = desk.start("forwarded_opinion", "2026-11-10T10:00")
    desk.extend(shorter, date(2026, 11, 26))
    desk.extend(longer, date(2026, 12, 10))
    holidays = [Change(day=date(2026, 11, day), kind=DayKind.HOLIDAY, name="Nghỉ") for day in (23, 25, 26)]
    desk.publish(holidays)

    desk.recompute("2026-11-12T08:01")

    shorter.refresh_from_db()
    longer.refresh_from_db()
    assert (shorter.last_day, longer.last_day) == (date(2026, 11, 30), date(2026, 12, 10))


def test_an_extended_hour_limit_still_ends_with_its_day_after_the_clock_stood(desk: Desk) -> None:
    desk.local("step.draft", 4, HOURS, stops=True)
    deadline = desk.step("step.draft", "2026-11-10T08:00")
    desk.extend(deadline, date(2026, 11, 12), at=at("2026-11-10T08:30"))
    deadlines.pause(inquiry=desk.inquiry, reason="Chờ.", at=at("2026-11-10T09:00"))

    deadlines.resume(inquiry=desk.inquiry, at=at("2026-11-10T10:00"))

    deadline.refresh_from_db()
    assert (deadline.due, deadline.due_inclusive) == (at("2026-11-13T00:00"), False)
    assert deadline.last_day == date(2026, 11, 12)


# The clock stood


def test_a_stopped_clock_moves_local_limits_that_say_so_and_never_the_laws(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    desk.local("step.draft", 4, HOURS, stops=True)
    desk.local("step.review", 4, HOURS)
    legal, local = desk.start("forwarded_opinion", "2026-11-10T08:00")
    stopping, running = (
        desk.step("step.draft", "2026-11-10T08:00"),
        desk.step("step.review", "2026-11-10T08:00"),
    )

    for _twice in range(2):
        deadlines.pause(inquiry=desk.inquiry, reason="Chờ làm rõ.", at=at("2026-11-10T09:00"))
    deadlines.resume(inquiry=desk.inquiry, at=at("2026-11-10T11:30"))

    rows = {row.pk: row.due for row in Deadline.objects.all()}
    assert rows == {
        legal.pk: legal.due, local.pk: local.due, running.pk: running.due, stopping.pk: at("2026-11-10T14:30")
    }  # fmt: skip
    assert (DeadlinePause.objects.get().reason, stopping.changes.get().kind) == (
        "Chờ làm rõ.",
        ChangeKind.PAUSE,
    )
    assert stopping.original_due == at("2026-11-10T12:00")


def test_day_limits_move_by_the_days_on_which_the_clock_stood(desk: Desk) -> None:
    desk.local("forwarded_opinion", 5, WORKING_DAYS, stops=True, start="receipt")
    legal, local = desk.start("forwarded_opinion", "2026-07-13T08:00")

    deadlines.pause(inquiry=desk.inquiry, reason="Chờ.", at=at("2026-07-15T09:00"))
    deadlines.resume(inquiry=desk.inquiry, at=at("2026-07-17T09:00"))

    days = {row.pk: row.last_day for row in Deadline.objects.all()}
    assert days == {legal.pk: date(2026, 8, 3), local.pk: date(2026, 7, 22)}


def test_a_clock_stopped_twice_moves_by_both_times_together(desk: Desk) -> None:
    desk.local("step.draft", 4, HOURS, stops=True)
    deadline = desk.step("step.draft", "2026-11-10T08:00")

    for hour in ("09", "11"):
        deadlines.pause(inquiry=desk.inquiry, reason="Chờ.", at=at(f"2026-11-10T{hour}:00"))
        deadlines.resume(inquiry=desk.inquiry, at=at(f"2026-11-10T{hour}:30"))

    deadline.refresh_from_db()
    assert deadline.due == at("2026-11-10T13:00")
    assert deadline.changes.count() == 2


def test_a_deadline_that_ends_while_its_clock_stands_is_first_moved_by_the_time_it_stood(desk: Desk) -> None:
    desk.local("step.draft", 4, HOURS, stops=True)
    deadline = desk.step("step.draft", "2026-11-10T08:00")
    deadlines.pause(inquiry=desk.inquiry, reason="Chờ.", at=at("2026-11-10T09:00"))

    deadlines.end(deadline_id=deadline.pk, by=None, at=at("2026-11-10T10:00"))
    deadlines.resume(inquiry=desk.inquiry, at=at("2026-11-10T11:00"))

    deadline.refresh_from_db()
    assert (deadline.due, deadline.pauses.get().resumed_at) == (
        at("2026-11-10T13:00"),
        at("2026-11-10T10:00"),
    )


def test_extending_needs_the_right(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-10-12T09:00")

    for person in (desk.cast.specialist, desk.cast.stranger):
        with pytest.raises(MissingRole):
            desk.extend(deadline, date(2026, 11, 30), by=person)


def test_the_clocks_of_other_inquiries_run_on(desk: Desk) -> None:
    desk.local("step.draft", 4, HOURS, stops=True)
    other = Desk(desk.cast)
    stopping, running = (
        desk.step("step.draft", "2026-11-10T08:00"),
        other.step("step.draft", "2026-11-10T08:00"),
    )

    deadlines.pause(inquiry=desk.inquiry, reason="Chờ.", at=at("2026-11-10T09:00"))
    deadlines.resume(inquiry=desk.inquiry, at=at("2026-11-10T10:00"))

    due = {row.pk: row.due for row in Deadline.objects.all()}
    assert due == {stopping.pk: at("2026-11-10T13:00"), running.pk: at("2026-11-10T12:00")}
    assert DeadlinePause.objects.get().deadline == stopping


def test_a_deadline_that_has_passed_is_not_extended(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-10-12T09:00")

    with pytest.raises(NotAllowedNow, match="has passed"):
        desk.extend(deadline, date(2026, 11, 30), at=at("2026-11-12T00:00"))

    assert not DeadlineChange.objects.exists()
