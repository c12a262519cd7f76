"""A worker that dies at the worst moment: the document is still issued exactly once."""

import signal
import subprocess
from collections.abc import Callable

import pytest
from viewflow.workflow.status import STATUS

from core.enums import Channel
from core.models import TrailEntry
from documents.models import DocumentKind, IssuedDocument, Series
from tests.walk import Walk
from workflows import tasks
from workflows.press_inquiry.actions import judging

pytestmark = pytest.mark.django_db(transaction=True)
Process = Callable[..., subprocess.CompletedProcess[str]]

KILL_BEFORE = """
import os, signal
from {module} import {owner}
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{owner}.{name} = die
from workflows.tasks import run_job
run_job({task}, "{external}")
"""


def decided(walk: Walk) -> Walk:
    """Decided, with the job queued and no worker to do it."""
    walk.to("decide").tick()
    from workflows import base

    sha256 = walk.sha256
    base.execute(
        walk.task("decide").pk,
        by=walk.cast.head,
        perform=lambda step: judging.decide(process=step.process, sha256=sha256, by=step.by, at=step.at),
    )
    assert walk.steps == {"issue"}
    return walk


@pytest.mark.parametrize(
    ("module", "owner", "name"),
    [
        ("documents.actions", "issuing", "number"),
        ("documents.actions", "issuing", "render"),
        ("workflows", "tasks", "_finish"),
    ],
    ids=["before the number", "between number and bytes", "after the bytes"],
)
def test_a_killed_worker_started_again_issues_exactly_once(
    walk: Walk, in_another_process: Process, module: str, owner: str, name: str
) -> None:
    task = decided(walk).task("issue")

    killed = in_another_process(
        KILL_BEFORE.format(
            module=module, owner=owner, name=name, task=task.pk, external=task.external_task_id
        )
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert walk.steps == {"issue"}
    assert tasks.run_job(task.pk, task.external_task_id) == "done"

    document = IssuedDocument.objects.get()
    assert (document.number, document.is_rendered) == (1, True)
    assert Series.objects.get().last == 1
    assert TrailEntry.objects.filter(type="document.numbered").count() == 1
    assert TrailEntry.objects.filter(type="document.issued").count() == 1
    assert walk.steps == {"sign"}


def test_a_job_delivered_again_after_it_was_done_does_nothing(walk: Walk) -> None:
    task = decided(walk).task("issue")

    assert tasks.run_job(task.pk, task.external_task_id) == "done"
    assert tasks.run_job(task.pk, task.external_task_id) == "nothing to do"

    assert IssuedDocument.objects.count() == 1


def test_a_job_whose_message_was_lost_is_queued_again_by_the_sweep(walk: Walk) -> None:
    from django_q.models import OrmQ

    task = decided(walk).task("issue")
    OrmQ.objects.all().delete()
    walk.tick(minutes=10)

    tasks.sweep_jobs()

    queued = [message.task for message in OrmQ.objects.all()]
    assert [(each["func"], each["args"]) for each in queued] == [
        ("workflows.tasks.run_job", (task.pk, task.external_task_id))
    ]


def test_a_long_queue_is_not_lengthened_by_the_sweep_every_minute(walk: Walk) -> None:
    from django_q.models import OrmQ

    decided(walk)
    OrmQ.objects.all().delete()
    queued = []
    for _minute in range(12):
        walk.tick(minutes=1)
        tasks.sweep_jobs()
        queued.append(OrmQ.objects.count())

    assert queued == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2]


def test_a_decision_that_is_rolled_back_queues_nothing(walk: Walk) -> None:
    from django_q.models import OrmQ

    walk.to("decide")
    OrmQ.objects.all().delete()

    with pytest.raises(RuntimeError):
        walk.act("decide", walk.cast.head, lambda step: _decide_then_fail(walk, step))

    assert not OrmQ.objects.exists()
    assert walk.steps == {"decide"}
    assert not TrailEntry.objects.filter(type="reply.approved").exists()


def _decide_then_fail(walk: Walk, step: object) -> None:
    judging.decide(
        process=step.process,  # type: ignore[attr-defined]
        sha256=walk.sha256,
        by=walk.cast.head,
        at=walk.at,
    )
    raise RuntimeError


def test_a_failing_job_leaves_no_variables_behind_and_says_so_in_the_trail(walk: Walk) -> None:
    decided(walk)
    DocumentKind.objects.all().delete()
    task = walk.task("issue")

    assert tasks.run_job(task.pk, task.external_task_id) == "failed"

    task.refresh_from_db()
    assert task.status == STATUS.ERROR
    assert task.data["_exception"] == {"title": "DoesNotExist"}
    assert TrailEntry.objects.get(type="job.failed").data["error"] == "DoesNotExist"
    assert walk.inquiry.channel == Channel.LETTER
