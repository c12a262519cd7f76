"""Two people, or two windows, at the same moment: one act happens, the other is told who was quicker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connections

from core.errors import Conflict, DomainError, NotAllowedNow
from core.models import TrailEntry
from core.queries.trail import Verification
from tests.faults.test_races import at_once
from tests.walk import Walk, make_cast
from workflows import base, bringing_back
from workflows.press_inquiry.actions import running
from workflows.refusal.actions import deciding, issuing, watching
from workflows.refusal.models import RefusalDecision, State

from .walk import RefusalWalk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walk(transactional_db: None, set_clock: Callable[[datetime], None]) -> Walk:
    return Walk(make_cast(), set_clock).to("review")


@pytest.fixture
def refusal(walk: Walk) -> RefusalWalk:
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("decide")
    walk.tick()
    return refusal


def decide(refusal: RefusalWalk, by: Any) -> Callable[[], base.Step]:
    task, sha256 = refusal.task("decide").pk, refusal.sha256
    return lambda: base.execute(
        task,
        by=by,
        perform=lambda step: deciding.decide(process=step.process, sha256=sha256, by=step.by, at=step.at),
    )


def test_two_people_at_once_decide_once_and_the_other_is_told(refusal: RefusalWalk) -> None:
    cast = refusal.walk.cast

    results = at_once(decide(refusal, cast.head), decide(refusal, cast.spokesperson))

    (lost,) = [result for result in results if isinstance(result, Conflict)]
    assert "already completed the step" in str(lost)
    assert RefusalDecision.objects.count() == 1
    assert TrailEntry.objects.filter(type="refusal.decided").count() == 1
    assert refusal.end == "told_in_reply"


def test_a_decision_beside_a_withdrawal_leaves_nothing_half_done(refusal: RefusalWalk) -> None:
    walk = refusal.walk

    decided, _withdrawn = at_once(
        decide(refusal, walk.cast.head),
        lambda: running.withdraw(inquiry=walk.inquiry, reason="Không hỏi nữa.", by=walk.cast.contact),
    )

    walk.inquiry.refresh_from_db()
    assert walk.inquiry.outcome == "withdrawn"
    assert refusal.refusal.state == State.WITHDRAWN
    assert refusal.steps == set()
    assert isinstance(decided, Conflict) == (not RefusalDecision.objects.exists())
    assert list(Verification().findings()) == []


def test_two_sweeps_beside_a_signature_bring_the_question_back_once(walk: Walk) -> None:
    walk.questions = walk.questions[:1]
    refusal = RefusalWalk(walk)
    refusal.ask()
    RefusalWalk(walk, number=2).ask()
    refusal.to("decide")
    refusal.decide(at_once=True)
    walk.tick()
    kept, task, sha256 = refusal.refusal, refusal.task("sign").pk, refusal.pdf

    def end() -> Any:
        return watching.record_end_of_ground(
            refusal=kept, happened_at=walk.at, note="Kết luận số 9.", by=walk.cast.legal
        )

    def sign() -> Any:
        return base.execute(
            task,
            by=walk.cast.head,
            perform=lambda step: issuing.sign(
                process=step.process, pdf_sha256=sha256, by=step.by, at=step.at
            ),
        )

    ended, signed = at_once(end, sign)
    assert not isinstance(ended, DomainError)
    assert isinstance(signed, base.Step | NotAllowedNow)

    counts = at_once(bringing_back.sweep, bringing_back.sweep)

    assert sorted(counts) == [0, 1]
    kept.refresh_from_db()
    assert kept.state == State.LAPSED
    assert TrailEntry.objects.filter(type="refusal.brought_back").count() == 1
    assert list(Verification().findings()) == []
    connections.close_all()
