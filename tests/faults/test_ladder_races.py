"""Two workers at one ladder, two people at one report: each rung once, each confirmation kept."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest

from core.models import OutgoingMail
from tests.faults.test_one_after_the_other import during
from tests.walk import make_cast
from tests.workflows.crisis.reports_walk import MINISTRY, ReportWalk, make_walk
from workflows.crisis.actions import ladder

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_two_people_confirm_at_once_and_the_first_is_the_first(walk: ReportWalk) -> None:
    dispatch = walk.dispatch(walk.ministry)

    def first(begun: Event) -> object:
        begun.set()
        return walk.confirm(dispatch, name="Người A (giả định)")

    during(first, lambda: walk.confirm(dispatch, name="Người B (giả định)"))

    assert dispatch.acknowledgements.count() == 2
    told = [entry.data["first"] for entry in walk.entries("crisis_report.acknowledged")]
    assert told == [True, False]
