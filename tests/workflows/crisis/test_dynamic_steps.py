"""One node makes a task of each row of the crisis that becomes ready, parallel and in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core import permissions as core_permissions
from core.enums import CrisisLevel, CrisisPart, CrisisState, StepOrigin
from core.models import Provision, RuleKey
from tests.walk import Cast
from tests.workflows.crisis.walk import CrisisWalk, make_playbook
from workflows import permissions, queries
from workflows.base import Step
from workflows.crisis.actions import steps
from workflows.crisis.models import CrisisProcess
from workflows.locks import locked


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> CrisisWalk:
    """A crisis whose playbook runs at level 1."""
    walk = CrisisWalk(cast, set_clock)
    walk.detect()
    version = make_playbook()

    def activate(step: Step) -> None:
        crisis = walk.crisis
        crisis.level, crisis.state = CrisisLevel.LOCAL, CrisisState.RUNNING
        crisis.duty = RuleKey.objects.get(code="initial_statement_event")
        crisis.provision = Provision.objects.get(code="244/2026/NĐ-CP:7.3")
        crisis.activated_at = step.at
        crisis.save()
        rows = version.steps.filter(min_level__lte=crisis.level)
        steps.copy(rows, crisis=crisis, origin=StepOrigin.PLAYBOOK, at=step.at)

    walk.execute(walk.tasks("assess")[0], lambda _step: None, by=cast.chief)
    walk.execute(walk.tasks("activate")[0], activate, by=cast.head)
    return walk


def test_every_step_that_waits_for_none_becomes_a_task_at_once(walk: CrisisWalk) -> None:
    assert walk.nodes() == ["carry_out", "carry_out", "report", "stand_down"]
    assert [task.seed.code for task in walk.tasks("carry_out")] == ["verify", "preserve"]


def test_a_step_is_for_whoever_holds_its_role_in_the_node_and_in_the_work_list(walk: CrisisWalk) -> None:
    verify = walk.tasks("carry_out")[0]
    for person in walk.cast.everybody():
        listed = queries.doable_by(person, at=walk.at).filter(pk=verify.pk).exists()
        allowed = core_permissions.allowed(permissions.check_can_execute, person, verify, at=walk.at)
        assert listed == allowed == (person == walk.cast.contact), person.username


def test_a_step_opens_when_those_before_it_are_settled(walk: CrisisWalk) -> None:
    walk.pass_time(minutes=10)
    verify = walk.tasks("carry_out")[0]
    walk.execute(
        verify,
        lambda step: steps.do(step=verify.seed, note="Đã xác minh.", by=step.by, at=step.at),
        by=walk.cast.contact,
    )
    assert walk.nodes() == ["carry_out", "draft_statement", "report", "stand_down"]
    statement = walk.tasks("draft_statement")[0].seed
    assert statement.step.code == "statement"
    assert statement.step.due == walk.at + timedelta(minutes=240)


def test_a_step_added_to_a_running_crisis_becomes_a_task_at_once(walk: CrisisWalk) -> None:
    process = CrisisProcess.objects.get(crisis=walk.crisis)
    with locked(process.flow_class, process.pk):
        added = steps.add(
            process=process, origin=StepOrigin.DIRECTION, title="Giải trình", what="", part=CrisisPart.HEAD,
            minutes=60, by=walk.cast.chief, at=walk.at,
        )  # fmt: skip
    assert walk.tasks("carry_out")[-1].seed == added
