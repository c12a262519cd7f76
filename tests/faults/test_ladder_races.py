"""Two workers at one ladder, two people at one report: each rung once, each confirmation kept."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest

from core.models import OutgoingMail
from tests.faults.test_one_after_the_other import during
from tests.walk import make_cast
from tests.workflows.crisis.reports_walk import MINISTRY, POLICE, ReportWalk, make_walk
from workflows.crisis.actions import ladder

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ["phone", "chief_of_office", "deputy_head", "head"]


@pytest.fixture
def walk(set_clock: Callable[[datetime], None]) -> ReportWalk:
    walk = make_walk(make_cast(), set_clock, [MINISTRY])
    walk.send()
    return walk


def test_two_workers_at_once_climb_each_rung_once(walk: ReportWalk) -> None:
    walk.pass_time(minutes=90)

    def first(begun: Event) -> int:
        begun.set()
        return ladder.advance(walk.crisis.pk, at=walk.at)

    counts = during(first, lambda: ladder.advance(walk.crisis.pk, at=walk.at))

    assert sorted(counts) == [0, 3]
    assert walk.climbed(walk.dispatch(walk.ministry)) == ["resend", "next_contact", "phone"]
    assert OutgoingMail.objects.filter(key__startswith="crisis-", key__endswith=":report").count() == 3
    assert walk.crisis.steps.filter(origin="phone").count() == 1


def test_two_workers_at_once_climb_each_rung_of_two_reports_once(
    set_clock: Callable[[datetime], None],
) -> None:
    walk = make_walk(make_cast(), set_clock, [MINISTRY, POLICE])
    walk.send()
    walk.pass_time(hours=4)

    def first(begun: Event) -> int:
        begun.set()
        return ladder.advance(walk.crisis.pk, at=walk.at)

    counts = during(first, lambda: ladder.advance(walk.crisis.pk, at=walk.at))

    assert min(counts) == 0 < max(counts)
    by_mail, by_phone = walk.dispatch(walk.ministry), walk.dispatch(walk.police)
    assert walk.climbed(by_mail) == ["resend", "next_contact", *OURS]
    assert walk.climbed(by_phone) == OURS
    entries = walk.entries("crisis_report.rung_climbed")
    climbed = [(entry.data["dispatch"], entry.data["rung"]) for entry in entries]
    assert len(climbed) == len(set(climbed)) == 10
    due = [entry.data["due"] for entry in entries[1:]]
    assert due == sorted(due)
    assert walk.crisis.steps.filter(origin="phone").count() == 2
    assert OutgoingMail.objects.filter(key__endswith=":report").count() == 3


def test_two_people_confirm_at_once_and_the_first_is_the_first(walk: ReportWalk) -> None:
    dispatch = walk.dispatch(walk.ministry)

    def first(begun: Event) -> object:
        begun.set()
        return walk.confirm(dispatch, name="Người A (giả định)")

    during(first, lambda: walk.confirm(dispatch, name="Người B (giả định)"))

    assert dispatch.acknowledgements.count() == 2
    told = [entry.data["first"] for entry in walk.entries("crisis_report.acknowledged")]
    assert told == [True, False]
