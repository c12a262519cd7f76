"""A question that comes back does so right after the act, not only with the sweep of the minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from tests.walk import Walk, make_cast
from workflows.refusal.actions import watching
from workflows.refusal.models import BringBack, Result, State

from .walk import RefusalWalk

SetClock = Callable[[datetime], None]
pytestmark = pytest.mark.django_db


@pytest.fixture
def told(set_clock: SetClock, settings: Settings) -> RefusalWalk:
    """Told in a letter of its own; the queue does its jobs as soon as they are committed."""
    walk = Walk(make_cast(), set_clock, questions=("Đoàn thanh tra kết luận gì?",)).to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")
    walk.triage()
    refusal.propose(by=walk.cast.legal)
    refusal.review(by=walk.cast.chief)
    refusal.to("")
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "sync": True}
    return refusal


def its_ground_ends(refusal: RefusalWalk) -> State:
    happened = refusal.walk.tick(hours=1)
    watching.record_end_of_ground(
        refusal=refusal.refusal, happened_at=happened, note="Đã kết luận.", by=refusal.walk.cast.legal
    )
    return State.LAPSED


def a_second_look_wants_it_answered(refusal: RefusalWalk) -> State:
    refusal.ask_again()
    refusal.reconsider(Result.ANSWERED)
    return State.ANSWERED


@pytest.mark.parametrize("act", [its_ground_ends, a_second_look_wants_it_answered])
def test_a_question_comes_back_as_soon_as_the_act_is_committed(
    told: RefusalWalk, act: Callable[[RefusalWalk], State], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        state = act(told)

    assert told.refusal.state == state
    assert BringBack.objects.get().done_at == told.walk.at
    assert told.walk.steps == {"triage"}


def test_a_question_answered_instead_of_refused_anew_comes_back_too(
    told: RefusalWalk, django_capture_on_commit_callbacks: Any
) -> None:
    told.ask_again()
    told.reconsider(Result.CHANGED)
    assert told.steps == {"propose"}

    with django_capture_on_commit_callbacks(execute=True):
        told.to_answer("propose", by=told.walk.cast.specialist)

    assert told.refusal.state == State.ANSWERED
    assert told.walk.steps == {"triage"}


def test_what_happens_later_waits_for_its_time(
    told: RefusalWalk, django_capture_on_commit_callbacks: Any
) -> None:
    later = told.walk.tick(hours=1).replace(hour=23)

    with django_capture_on_commit_callbacks(execute=True):
        watching.record_end_of_ground(
            refusal=told.refusal, happened_at=later, note="Sẽ công bố.", by=told.walk.cast.legal
        )

    assert told.refusal.state == State.DECIDED
    assert BringBack.objects.get().done_at is None
