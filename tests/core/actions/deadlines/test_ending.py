from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core import events
from core.actions import deadlines
from core.enums import DeadlineOutcome, LimitUnit
from core.errors import Invalid, NotAllowedNow, NotFound
from core.models import Deadline, TrailEntry
from core.permissions import MissingRole
from core.queries import deadlines as queries
from core.queries.deadlines import Statistics
from tests.desk import Desk, at
from tests.walk import make_cast

pytestmark = pytest.mark.django_db

WORKING_DAYS = LimitUnit.WORKING_DAYS
MET, LATE, VOID = DeadlineOutcome.MET, DeadlineOutcome.LATE, DeadlineOutcome.VOID
INSTANT = timedelta(microseconds=1)
LATER = at("2026-12-31T08:00")


@pytest.fixture
def desk() -> Desk:
    return Desk(make_cast())


def finish(desk: Desk, deadline: Deadline, done_at: datetime, now: datetime = LATER) -> Deadline:
    deadlines.finish(deadline=deadline, done_at=done_at, by=desk.cast.contact, at=now)
    return Deadline.objects.get(pk=deadline.pk)


# In time or late


@pytest.mark.parametrize(
    ("done", "outcome"),
    [
        (at("2026-09-01T23:29:59"), MET),
        (at("2026-09-01T23:30"), MET),
        (at("2026-09-01T23:30") + INSTANT, LATE),
    ],
)
def test_the_last_instant_of_an_hour_limit_is_in_time(
    desk: Desk, done: datetime, outcome: DeadlineOutcome
) -> None:
    deadline = desk.one("initial_statement_event", "2026-08-31T23:30")

    finished = finish(desk, deadline, done)

    assert (finished.outcome, finished.ended_at) == (outcome, done)


@pytest.mark.parametrize(
    ("done", "outcome"),
    [
        (at("2026-11-26T00:00") - INSTANT, MET),
        (at("2026-11-26T00:00"), LATE),
        (at("2026-11-25T08:00"), MET),
    ],
)
def test_a_day_limit_is_over_at_midnight(desk: Desk, done: datetime, outcome: DeadlineOutcome) -> None:
    deadline = desk.one("reply_on_press", "2026-10-25T09:00")

    assert finish(desk, deadline, done).outcome == outcome


def test_an_order_before_a_day_is_late_on_that_day(desk: Desk) -> None:
    deadline = desk.order(date(2026, 11, 16))

    assert finish(desk, deadline, at("2026-11-16T00:00")).outcome == LATE


def test_a_duty_without_a_limit_is_never_late(desk: Desk) -> None:
    deadline = desk.one("press_request", "2026-07-10T09:00")

    assert finish(desk, deadline, LATER).outcome == MET


def test_the_entry_says_how_it_ended_and_when_it_was_done(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-10-25T09:00")

    finish(desk, deadline, at("2026-11-20T08:00"), now=at("2026-11-21T08:00"))

    written = TrailEntry.objects.get(type=events.DEADLINE_ENDED.code)
    assert (written.data["outcome"], written.occurred_at) == ("met", at("2026-11-20T08:00"))
    assert written.data["due"] == "2026-11-25T17:00:00.000000Z"
    assert written.actor_id == desk.cast.contact.pk


def test_what_is_not_done_yet_cannot_be_finished(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-10-25T09:00")

    with pytest.raises(Invalid, match="has not come yet"):
        finish(desk, deadline, at("2026-10-26T09:01"), now=at("2026-10-26T09:00"))

    assert Deadline.objects.get().is_open


def test_an_ended_deadline_stays_as_it_was(desk: Desk) -> None:
    deadline = finish(desk, desk.one("reply_on_press", "2026-10-25T09:00"), at("2026-11-20T08:00"))

    with pytest.raises(NotAllowedNow, match="stays as it was"):
        finish(desk, deadline, at("2026-11-30T08:00"))
    deadlines.end(deadline_id=deadline.pk, by=None, at=LATER)
    deadlines.end_answered(inquiry=desk.inquiry, spoken_at=LATER, by=None, at=LATER, keys=["reply_on_press"])

    assert Deadline.objects.values_list("outcome", "ended_at").get() == (MET, at("2026-11-20T08:00"))
    assert TrailEntry.objects.filter(type=events.DEADLINE_ENDED.code).count() == 1


def test_finishing_needs_the_right_and_sight_of_the_case(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-10-25T09:00")
    cast = desk.cast
    for person in (cast.specialist, cast.auditor, cast.stranger):
        with pytest.raises(MissingRole):
            deadlines.finish(deadline=deadline, done_at=LATER, by=person, at=LATER)
    desk.inquiry.case.secrecy = "restricted"
    desk.inquiry.case.save()

    with pytest.raises(NotFound):
        finish(desk, deadline, LATER)
    assert Deadline.objects.get().is_open


# Answered, or no longer owed


def test_an_answer_ends_the_clocks_of_the_duties_it_answers_and_no_others(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    legal, local = desk.start("forwarded_opinion", "2026-11-10T09:00")
    other, order = desk.one("complaint_conclusion", "2026-11-10T09:00"), desk.order(date(2026, 12, 24))
    spoken = at("2026-11-27T09:00")

    deadlines.end_answered(
        inquiry=desk.inquiry, spoken_at=spoken, by=desk.cast.head, at=LATER, keys=["forwarded_opinion"]
    )

    assert {row.pk: row.outcome for row in Deadline.objects.all()} == {
        legal.pk: MET,
        local.pk: LATE,
        other.pk: "",
        order.pk: "",
    }
    assert set(Deadline.objects.filter(ended_at__isnull=False).values_list("ended_at", flat=True)) == {spoken}


def test_a_duty_no_longer_owed_ends_without_a_verdict(desk: Desk) -> None:
    desk.one("forwarded_opinion", "2026-07-10T09:00")
    other = desk.one("reply_on_press", "2026-07-10T09:00")

    deadlines.end_void(inquiry=desk.inquiry, by=None, at=LATER, keys=["forwarded_opinion"])

    assert Deadline.objects.exclude(pk=other.pk).get().outcome == VOID
    assert Deadline.objects.get(pk=other.pk).is_open


# Statistics


def counted(
    desk: Desk, now: datetime, since: str = "2026-01-01T00:00", until: str = "2027-01-01T00:00"
) -> Statistics:
    return queries.legal_statistics(desk.cast.agency, since=at(since), until=at(until), at=now)


def test_only_the_legal_duties_of_the_agency_itself_are_counted(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    for hour in ("09", "10"):
        desk.start("forwarded_opinion", f"2026-08-10T{hour}:00")
    met, late = Deadline.objects.filter(source="law")
    finish(desk, met, at("2026-08-11T08:00"))
    finish(desk, late, at("2026-12-01T08:00"))
    local, _open = Deadline.objects.filter(source="local")
    finish(desk, local, at("2026-12-01T08:00"))
    desk.order(date(2026, 11, 16))
    desk.one("press_answer_to_agency", "2026-08-10T09:00")
    desk.one("reply_on_press", "2026-08-10T09:00")
    void = desk.one("complaint_acceptance", "2026-08-10T09:00")
    deadlines.end_void(inquiry=desk.inquiry, by=None, at=LATER, keys=["complaint_acceptance"])

    statistics = counted(desk, LATER)

    assert Deadline.objects.get(pk=void.pk).outcome == VOID
    assert (statistics, statistics.total) == (Statistics(met=1, late=1, overdue=1), 3)


def test_another_agencys_deadlines_are_not_counted(desk: Desk) -> None:
    other = Desk(make_cast(code="SNV-Y"))
    other.one("reply_on_press", "2026-08-10T09:00")

    assert counted(desk, LATER).total == 0
    assert counted(other, LATER).total == 1


def test_a_period_holds_its_beginning_and_not_its_end(desk: Desk) -> None:
    desk.one("reply_on_press", "2026-10-25T09:00")

    assert counted(desk, LATER, since="2026-11-26T00:00").overdue == 1
    assert counted(desk, LATER, until="2026-11-26T00:00").overdue == 0


def test_open_deadlines_are_overdue_from_the_instant_that_is_too_late(desk: Desk) -> None:
    desk.one("initial_statement_event", "2026-08-31T23:30")
    desk.one("reply_on_press", "2026-10-25T09:00")
    hours, midnight = at("2026-09-01T23:30"), at("2026-11-26T00:00")

    found = [counted(desk, now).overdue for now in (hours, hours + INSTANT, midnight - INSTANT, midnight)]

    assert found == [0, 1, 1, 2]
