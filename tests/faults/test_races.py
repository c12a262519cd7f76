"""Two people, or two windows, at the same moment: one act happens, the other is told who was quicker."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from core.actions import mandates
from core.enums import MandateEndCause, ReplyForm, StatementForm
from core.errors import Conflict, DomainError, Refused
from core.models import Inquiry, Mandate, Statement, TrailEntry
from core.queries import trail as trail_queries
from documents.models import IssuedDocument
from tests.walk import Walk
from workflows import base
from workflows.press_inquiry.actions import judging, releasing, running
from workflows.press_inquiry.models import Verdict, VerdictStep

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; a DomainError is a result like any other."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_step_submitted_twice_at_once_is_done_once_and_the_loser_is_told(walk: Walk) -> None:
    walk.to("review").tick()
    task, sha256 = walk.task("review").pk, walk.sha256

    def approve() -> base.Step:
        return base.execute(
            task,
            by=walk.cast.unit_head,
            perform=lambda step: judging.approve(
                process=step.process, step=VerdictStep.REVIEW, sha256=sha256, by=step.by, at=step.at
            ),
        )

    results = at_once(approve, approve)

    (lost,) = [result for result in results if isinstance(result, Conflict)]
    assert "already completed the step" in str(lost)
    assert Verdict.objects.count() == 1
    assert walk.steps == {"clear"}
    assert walk.process.task_set.filter(flow_task=walk.process.flow_class.clear).count() == 1


def test_two_judges_at_once_cannot_both_decide(walk: Walk) -> None:
    walk.reply_form = ReplyForm.EMAIL
    walk.to("decide").tick()
    task, sha256 = walk.task("decide").pk, walk.sha256

    def decide_by(person: Any) -> Callable[[], base.Step]:
        return lambda: base.execute(
            task,
            by=person,
            perform=lambda step: judging.decide(process=step.process, sha256=sha256, by=step.by, at=step.at),
        )

    results = at_once(decide_by(walk.cast.head), decide_by(walk.cast.spokesperson))

    assert sum(isinstance(result, base.Step) for result in results) == 1
    assert Verdict.objects.filter(step=VerdictStep.DECIDE).count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_no_statement_is_later_than_the_end_of_its_mandate(walk: Walk, round_: int) -> None:
    walk.reply_form = ReplyForm.EMAIL
    walk.to("release").tick()
    task = walk.task("release").pk
    mandate = Mandate.objects.get(person=walk.cast.spokesperson)
    facts = releasing.ReleaseFacts(form=StatementForm.PRESS_RELEASE_OR_REPLY)

    def release() -> base.Step:
        return base.execute(
            task,
            by=walk.cast.spokesperson,
            perform=lambda step: releasing.release(process=step.process, facts=facts, by=step.by, at=step.at),
        )

    def end() -> None:
        mandates.end(
            cause=MandateEndCause.DECISION_ENDED,
            mandate=mandate,
            ends_at=walk.at,
            by=walk.cast.head,
            at=walk.at,
        )

    released, _ended = at_once(release, end)

    entries = {
        entry.type: entry
        for entry in TrailEntry.objects.filter(type__in=["statement.released", "mandate.ended"])
    }
    if isinstance(released, base.Step):
        assert entries["statement.released"].recorded_at <= entries["mandate.ended"].recorded_at
    else:
        assert isinstance(released, Refused)
        assert not Statement.objects.exists()


def test_many_inquiries_registered_at_once_get_gapless_references_and_an_unbroken_chain(walk: Walk) -> None:
    def register() -> Inquiry:
        return running.start_by_hand(
            agency=walk.cast.agency, registration=walk.registration(), by=walk.cast.contact
        )

    results = at_once(*[register] * 4)

    assert not [result for result in results if isinstance(result, Exception)]
    references = sorted(result.reference for result in results)
    assert references == [f"YC-{walk.at.year}-{number:04d}" for number in range(1, 5)]
    assert list(trail_queries.Verification().findings()) == []


def decide(sha256: str, step: base.Step) -> Verdict:
    return judging.decide(process=step.process, sha256=sha256, by=step.by, at=step.at)


def test_two_letters_issued_at_once_get_two_numbers_without_a_gap(walk: Walk) -> None:
    from workflows import tasks

    first, second = walk, Walk(walk.cast, walk.set_clock)
    jobs = []
    for each in (first, second):
        each.to("decide").tick()
        sha256 = each.sha256
        base.execute(
            each.task("decide").pk,
            by=each.cast.head,
            perform=partial(decide, sha256),
        )
        jobs.append(each.task("issue"))

    at_once(*[lambda task=task: tasks.run_job(task.pk, task.external_task_id) for task in jobs])

    assert list(IssuedDocument.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
