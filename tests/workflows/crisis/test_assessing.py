"""What a crisis is assessed to be, by the law of the day, and the clock that follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.enums import CrisisLevel, CrisisState, DeadlineOutcome, StartingEvent
from core.errors import Invalid
from core.models import Deadline, RecordedEvent, TrailEntry
from tests.walk import ZONE
from workflows.crisis.models import Assessment

from .running_walk import RunningWalk
from .walk import make_playbook

On = Callable[[datetime], RunningWalk]


def at(day: int, month: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=ZONE)


def only_clock(walk: RunningWalk) -> Deadline:
    return Deadline.objects.open().get(crisis=walk.crisis)


def test_an_assessment_stores_what_was_chosen_with_ranking_and_reason_and_starts_the_clock(
    walk: RunningWalk,
) -> None:
    walk.begin().assess()

    crisis, row = walk.crisis, Assessment.objects.get()
    assert (crisis.state, crisis.level) == (CrisisState.ASSESSED, CrisisLevel.LOCAL)
    assert (row.duty, row.provision, row.started_at) == (crisis.duty, crisis.provision, crisis.started_at)
    assert row.ranking == [
        {"version": walk.version.pk, "code": "exam", "title": "Scenario exam", "ticked": 1, "signs": 2,
         "percent": 50, "topic": False}
    ]  # fmt: skip
    assert [sign.number for sign in row.signs.all()] == [1]
    assert walk.nodes() == ["activate"]
    event = RecordedEvent.objects.get(crisis=crisis)
    assert (event.kind, event.occurred_at) == (StartingEvent.RECEIPT_AND_HANDLING, walk.at)
    entry = TrailEntry.objects.get(type="crisis.assessed")
    assert (entry.reason, entry.data["provision"]) == (row.reason, row.provision and row.provision.citation)


@pytest.mark.parametrize(
    ("noticed", "started_at", "due", "provision"),
    [
        (at(10, 8, 7, 40), at(10, 8, 7, 40), at(11, 8, 7, 40), "244/2026/NĐ-CP:7.3"),
        (at(10, 6, 7, 40), at(10, 6, 6, 55), at(11, 6, 6, 55), "09/2017/NĐ-CP:6.3.a"),
        # Noticed under the new law, but it occurred under the old one.
        (at(1, 7, 8), at(30, 6, 23, 59), at(1, 7, 23, 59), "09/2017/NĐ-CP:6.3.a"),
        (at(1, 7, 8), at(1, 7, 0), at(2, 7, 0), "244/2026/NĐ-CP:7.3"),
    ],
)
def test_the_clock_is_that_of_the_law_of_the_starting_event(
    walk_on: On, noticed: datetime, started_at: datetime, due: datetime, provision: str
) -> None:
    walk = walk_on(noticed).begin()

    walk.assess(started_at=started_at)

    clock = only_clock(walk)
    assert clock.due == due
    assert clock.provision is not None
    assert clock.provision.code == provision
    assert walk.crisis.provision == clock.provision
    assert (clock.is_late(due), clock.is_late(due + timedelta(seconds=1))) == (False, True)


@pytest.mark.parametrize(
    ("instant", "duty", "started_at"),
    [
        (at(10, 6, 8), "initial_statement_opinion", at(10, 6, 8)),
        (at(1, 7, 8), "initial_statement_opinion", at(30, 6, 23)),
        (at(10, 8, 8), "duty_to_inform", at(10, 8, 8)),
    ],
)
def test_a_duty_that_the_law_of_the_day_does_not_know_is_refused(
    walk_on: On, instant: datetime, duty: str, started_at: datetime
) -> None:
    walk = walk_on(instant).begin()

    with pytest.raises(Invalid) as refused:
        walk.assess(duty=duty, started_at=started_at)

    assert list(refused.value.fields) == ["duty"]
    assert walk.nodes() == ["assess"]
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("duty", ["speaks_national_incident", "speaks_joint_incident"])
@pytest.mark.parametrize("instant", [at(10, 6, 8), at(10, 8, 8)])
def test_where_somebody_else_alone_speaks_no_clock_runs_here(
    walk_on: On, instant: datetime, duty: str
) -> None:
    walk = walk_on(instant).begin()

    walk.assess(duty=duty)

    assert (walk.crisis.state, walk.crisis.started_at) == (CrisisState.ASSESSED, None)
    assert walk.crisis.duty is not None
    assert walk.crisis.duty.code == duty
    assert not Deadline.objects.filter(crisis=walk.crisis).exists()


@pytest.mark.parametrize(("instant", "runs"), [(at(10, 6, 8), False), (at(10, 8, 8), True)])
def test_only_the_old_law_asks_whether_information_is_needed_at_once(
    walk_on: On, instant: datetime, runs: bool
) -> None:
    walk = walk_on(instant).begin()

    walk.assess(needed_at_once=False)

    assert Deadline.objects.filter(crisis=walk.crisis).exists() == runs
    assert Assessment.objects.get().needed_at_once == runs


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"started_at": at(13, 7, 8, 1)}, "started_at"),
        ({"started_at": None}, "started_at"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_what_is_missing_or_lies_in_the_future_is_refused_at_its_field(
    walk: RunningWalk, changes: dict[str, Any], field: str
) -> None:
    walk.begin()

    with pytest.raises(Invalid) as refused:
        walk.assess(**changes)

    assert list(refused.value.fields) == [field]
    assert not Deadline.objects.filter(crisis=walk.crisis).exists()


def test_a_playbook_that_is_not_in_use_is_refused(walk: RunningWalk) -> None:
    walk.begin()
    ended = make_playbook(code="ended")
    type(ended).objects.filter(pk=ended.pk).update(valid_until=walk.at.date())

    with pytest.raises(Invalid, match="not in use today"):
        walk.assess(version=ended)


def test_assessed_anew_the_clock_that_is_wrong_ends_with_the_reason_and_the_right_one_starts(
    walk: RunningWalk,
) -> None:
    walk.begin().assess()
    first = only_clock(walk)
    walk.send_back()
    assert (walk.crisis.state, only_clock(walk)) == (CrisisState.DETECTED, first)
    walk.pass_time(hours=1)

    walk.assess(duty="initial_statement_opinion", reason="Là dư luận trái chiều.")

    first.refresh_from_db()
    assert first.outcome == DeadlineOutcome.VOID
    assert only_clock(walk).due == walk.at + timedelta(hours=24)
    ended = TrailEntry.objects.get(type="deadline.ended", object_id=first.pk)
    assert ended.reason == "Là dư luận trái chiều."
    assert walk.nodes() == ["activate"]


def test_assessed_anew_with_the_same_event_its_clock_runs_on(walk: RunningWalk) -> None:
    started_at = walk.begin().at
    walk.assess().send_back()
    first = only_clock(walk)
    walk.pass_time(hours=1)

    walk.assess(level=CrisisLevel.GRAVE, started_at=started_at)

    assert only_clock(walk) == first
    assert walk.crisis.level == CrisisLevel.GRAVE


def test_no_crisis_ends_the_procedure_and_a_clock_that_ran(walk: RunningWalk) -> None:
    walk.begin().assess()
    clock = only_clock(walk)
    walk.send_back()

    walk.dismiss(reason="Tin giả đã gỡ.")

    clock.refresh_from_db()
    assert (walk.crisis.state, walk.crisis.is_open) == (CrisisState.DISMISSED, False)
    assert clock.outcome == DeadlineOutcome.VOID
    assert walk.nodes() == []
    assert TrailEntry.objects.get(type="crisis.dismissed").reason == "Tin giả đã gỡ."


def test_no_crisis_needs_a_reason(walk: RunningWalk) -> None:
    walk.begin()

    with pytest.raises(Invalid):
        walk.dismiss(reason="")

    assert walk.nodes() == ["assess"]
