"""Two people, or two windows, at the same moment: one act happens, the other is told who was quicker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connections

from core.actions import casefile
from core.enums import CrisisLevel
from core.errors import Conflict, DomainError, NotAllowedNow
from core.models import Crisis, TrailEntry
from core.queries.trail import Verification
from tests.faults.test_races import at_once
from tests.walk import START, make_cast
from workflows import base
from workflows.crisis.actions import activating, levels, opening, playbooks
from workflows.crisis.models import CrisisStep, LevelChange, PlaybookVersion
from workflows.locks import held_case

from .running_walk import RunningWalk
from .walk import make_playbook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walk(transactional_db: None, set_clock: Callable[[datetime], None]) -> RunningWalk:
    return RunningWalk(make_cast(), set_clock).begin().assess()


def activate(walk: RunningWalk, by: Any) -> Callable[[], base.Step]:
    task = walk.tasks("activate")[0].pk
    return lambda: base.execute(
        task,
        by=by,
        perform=lambda step: activating.activate(process=step.process, by=step.by, at=step.at),
    )


def test_activated_twice_at_once_it_runs_once_and_the_other_is_told(walk: RunningWalk) -> None:
    cast = walk.cast

    results = at_once(activate(walk, cast.head), activate(walk, cast.deputy))

    (lost,) = [result for result in results if isinstance(result, Conflict)]
    assert "already completed the step" in str(lost)
    assert CrisisStep.objects.filter(crisis=walk.crisis).count() == 5
    assert TrailEntry.objects.filter(type="crisis.activated").count() == 1
    assert walk.nodes() == ["carry_out", "carry_out", "report", "stand_down"]
    assert list(Verification().findings()) == []
    connections.close_all()


def test_no_crisis_begins_in_a_case_that_is_closed_at_the_same_moment(
    transactional_db: None, set_clock: Callable[[datetime], None]
) -> None:
    cast = make_cast()
    set_clock(START)
    case = casefile.open_case(agency=cast.agency, title="Đề thi", by=cast.contact, at=START)
    noticed = opening.Noticed(title="Tin (giả định)", detected_at=START, case=case)

    def close() -> None:
        with held_case(case) as at:
            casefile.close(case=case, reason="Hết việc.", by=cast.head, at=at)

    results = at_once(close, lambda: opening.detect(agency=cast.agency, noticed=noticed, by=cast.contact))

    case.refresh_from_db()
    assert len([result for result in results if isinstance(result, NotAllowedNow)]) == 1
    assert (case.closed_at is None) == Crisis.objects.filter(case=case).exists()
    connections.close_all()


def test_a_draft_is_opened_while_the_only_one_is_dropped(
    transactional_db: None, set_clock: Callable[[datetime], None]
) -> None:
    cast, example = make_cast(), make_playbook()
    set_clock(START)
    facts: dict[str, Any] = {"by": cast.chief, "at": START}
    only = playbooks.open_draft(example, agency=cast.agency, **facts)

    results = at_once(
        lambda: playbooks.drop_draft(only, **facts),
        lambda: playbooks.open_draft(example, agency=cast.agency, **facts),
    )

    assert results[0] is None
    opened = PlaybookVersion.objects.filter(playbook__agency=cast.agency).count()
    assert opened == int(not isinstance(results[1], playbooks.DraftExists))
    connections.close_all()


def test_raised_twice_at_once_the_steps_come_once(walk: RunningWalk) -> None:
    walk.activate()

    def rise() -> LevelChange:
        return levels.change(
            crisis=type(walk.crisis).objects.get(),
            new=CrisisLevel.SPREADING,
            reason="Lan.",
            by=walk.cast.chief,
        )

    results = at_once(rise, rise)

    assert len([result for result in results if isinstance(result, DomainError)]) == 1
    assert LevelChange.objects.count() == 1
    assert CrisisStep.objects.filter(crisis=walk.crisis, code="briefing").count() == 1
    connections.close_all()
