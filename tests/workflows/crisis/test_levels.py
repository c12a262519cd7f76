"""The level goes up and down with a reason; a step is added by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.enums import CrisisLevel, CrisisPart, StepOrigin, StepStart
from core.errors import DomainError, Invalid, NotAllowedNow
from core.models import CaseParticipant, OutgoingMail, RoleAssignment, TrailEntry
from workflows.crisis.actions import levels
from workflows.crisis.models import LevelChange

from .running_walk import RunningWalk
from .walk import make_playbook, step

ROWS = (
    step("verify", 1),
    step("briefing", 2, CrisisPart.HEAD, min_level=CrisisLevel.SPREADING, after=["verify"]),
    step("legal", 3, CrisisPart.LEGAL_OFFICER, min_level=CrisisLevel.SPREADING),
    step("province", 4, CrisisPart.CHIEF_OF_OFFICE, min_level=CrisisLevel.GRAVE),
)


@pytest.fixture
def running(walk: RunningWalk) -> RunningWalk:
    return walk.begin(version=make_playbook(steps=ROWS)).assess().activate()


def open_codes(walk: RunningWalk) -> list[str]:
    return [task.seed.code for task in walk.tasks("carry_out")]


def test_up_adds_what_the_higher_level_adds_ready_steps_at_once(running: RunningWalk) -> None:
    row = running.change_level(CrisisLevel.SPREADING, reason="Báo trung ương đưa tin.")

    assert (row.old, row.new, running.crisis.level) == (1, 2, CrisisLevel.SPREADING)
    assert open_codes(running) == ["verify", "legal"]
    assert {running.step(code).origin for code in ("briefing", "legal")} == {StepOrigin.LEVEL}
    entry = TrailEntry.objects.get(type="crisis.level_changed")
    assert (entry.reason, len(entry.data["steps"])) == ("Báo trung ương đưa tin.", 2)
    running.do("verify", by=running.cast.contact)
    assert open_codes(running) == ["legal", "briefing"]


def test_down_adds_and_takes_away_nothing_and_up_again_adds_only_what_is_missing(
    running: RunningWalk,
) -> None:
    running.change_level(CrisisLevel.SPREADING)
    running.change_level(CrisisLevel.LOCAL, reason="Đã lắng.")
    assert open_codes(running) == ["verify", "legal"]

    running.change_level(CrisisLevel.GRAVE)

    assert open_codes(running) == ["verify", "legal", "province"]
    assert running.crisis.steps.count() == 4


def test_a_rise_waits_for_nobody_what_nobody_holds_is_the_heads(running: RunningWalk) -> None:
    RoleAssignment.objects.filter(person=running.cast.legal).delete()

    running.change_level(CrisisLevel.SPREADING)

    assert running.step("legal").part == CrisisPart.HEAD


@pytest.mark.parametrize(
    ("new", "reason", "field"),
    [(CrisisLevel.LOCAL, "Như cũ.", "level"), (CrisisLevel.GRAVE, "  ", "reason")],
)
def test_the_same_level_and_no_reason_are_refused(
    running: RunningWalk, new: CrisisLevel, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        running.change_level(new, reason=reason)

    assert list(refused.value.fields) == [field]
    assert not LevelChange.objects.exists()


def test_what_a_rise_brings_counts_from_it_though_it_counts_from_the_activation(walk: RunningWalk) -> None:
    late = step(
        "security", 2, CrisisPart.CLERK, min_level=CrisisLevel.GRAVE, counted_from=StepStart.ACTIVATION
    )
    walk.begin(version=make_playbook(steps=(step("verify", 1), late))).assess().activate()
    walk.pass_time(hours=5)

    walk.change_level(CrisisLevel.GRAVE)

    assert walk.step("security").due == walk.at + timedelta(minutes=30)


def test_whoever_gets_a_step_by_a_rise_is_told_once_and_sees_the_case(running: RunningWalk) -> None:
    told = OutgoingMail.objects.filter(key__endswith=f":{running.cast.legal.pk}:activated")
    seen = CaseParticipant.objects.filter(case=running.crisis.case, person=running.cast.legal)
    assert (told.count(), seen.exists()) == (0, False)
    everybody = OutgoingMail.objects.filter(key__endswith=f":{running.cast.contact.pk}:activated")

    running.change_level(CrisisLevel.SPREADING)
    running.change_level(CrisisLevel.GRAVE)

    assert (told.count(), seen.exists(), everybody.count()) == (1, True, 1)


def test_before_activation_there_is_no_level_to_change(walk: RunningWalk) -> None:
    walk.begin().assess()

    with pytest.raises(NotAllowedNow, match="not running"):
        walk.change_level(CrisisLevel.GRAVE)


def test_a_step_added_by_hand_is_a_task_with_its_time(running: RunningWalk) -> None:
    added = levels.Added(title="Gọi nhà trường", part=CrisisPart.CLERK, minutes=15)

    row = levels.add_step(crisis=running.crisis, added=added, by=running.cast.chief)

    row.refresh_from_db()
    assert (row.origin, row.due) == (StepOrigin.BY_HAND, running.pass_time(minutes=15))
    assert open_codes(running) == ["verify", row.code]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": levels.MOST_MINUTES + 1}, "minutes"),
        ({"part": CrisisPart.DUTY_LEADER}, "part"),
    ],
)
def test_a_step_that_says_nothing_or_waits_for_nobody_is_refused(
    running: RunningWalk, changes: dict[str, Any], field: str
) -> None:
    facts: dict[str, Any] = {"title": "Gọi nhà trường", "part": CrisisPart.CLERK, "minutes": None, **changes}

    with pytest.raises(DomainError) as refused:
        levels.add_step(crisis=running.crisis, added=levels.Added(**facts), by=running.cast.chief)

    assert isinstance(refused.value, Invalid)
    assert list(refused.value.fields) == [field]
