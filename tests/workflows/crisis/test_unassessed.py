"""What was detected and never assessed within the local limit stands on a list."""

from __future__ import annotations

from core.enums import LimitUnit, StartingEvent
from tests.desk import local_rule
from workflows.crisis.queries.unassessed import KEY, unassessed

from .running_walk import RunningWalk


def listed(walk: RunningWalk) -> list[str]:
    return [crisis.title for crisis in unassessed([walk.cast.agency], at=walk.at)]


def test_without_a_local_limit_everything_unassessed_stands_there_until_it_is_assessed(
    walk: RunningWalk,
) -> None:
    walk.begin(title="Chưa đánh giá")
    assert listed(walk) == ["Chưa đánh giá"]

    walk.assess()
    assert listed(walk) == []

    walk.send_back()
    assert listed(walk) == ["Chưa đánh giá"]


def test_with_a_local_limit_only_what_is_beyond_it_and_the_longest_first(walk: RunningWalk) -> None:
    local_rule(walk.cast.agency, KEY, 2, LimitUnit.HOURS, start=StartingEvent.STEP_OPENED)
    walk.begin(title="Thứ nhất")
    walk.pass_time(hours=1)
    walk.detect(title="Thứ hai")
    assert listed(walk) == []

    walk.pass_time(hours=1)
    assert listed(walk) == []
    walk.pass_time(seconds=1)
    assert listed(walk) == ["Thứ nhất"]
    walk.pass_time(hours=1)
    assert listed(walk) == ["Thứ nhất", "Thứ hai"]


def test_another_agency_s_are_not_listed(walk: RunningWalk) -> None:
    walk.begin()

    assert list(unassessed([], at=walk.at)) == []
