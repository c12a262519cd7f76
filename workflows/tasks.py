"""Background jobs: ids only, safe to run twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from viewflow.workflow import timers
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import clock, mailboxes
from core.jobs import job
from workflows import bringing_back, delegations, flows, intake, recomputing, reminders  # noqa: F401 - the sweeps read flow references back from rows
from workflows.crises import sweep as crises
from workflows.locks import locked
from workflows.nodes import QueuedJob, enqueue, matter_of

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=5)


@job
def run_job(task_id: int, external_id: str) -> str:
    """Do a queued job's work between two short holds of the process lock; delivered twice, it works once."""
    activation = _started(task_id, external_id)
    if activation is None:
        return "nothing to do"
    try:
        activation.flow_task.run(activation)
    except Exception as error:
        log.exception("Job %s of task %s failed", activation.flow_task.name, task_id)
        _finish(task_id, external_id, error=error)
        return "failed"
    _finish(task_id, external_id, error=None)
    return "done"


def _started(task_id: int, external_id: str) -> Any:
    task = Task.objects.filter(pk=task_id).first()
    if task is None or task.flow_task is None:
        return None
    with locked(task.flow_task.flow_class, task.process_id):
        activation = _current(task_id, external_id)
        if activation is None or not activation.start.can_proceed():
            return None
        activation.start()
        return activation


def _current(task_id: int, external_id: str) -> Any:
    task = Task.objects.select_related("process").get(pk=task_id)
    return task.flow_task.activation_class(task) if task.external_task_id == external_id else None


def _finish(task_id: int, external_id: str, *, error: Exception | None) -> None:
    task = Task.objects.get(pk=task_id)
    with locked(task.flow_task.flow_class, task.process_id):
        activation = _current(task_id, external_id)
        if activation is None or activation.status != STATUS.STARTED:
            return
        if error is None:
            activation.execute()
        else:
            activation.error(error)


@job
def fire_timers() -> None:
    """viewflow's timers and waiting gates, once a minute."""
    timers.fire_due_timers()
    timers.fire_due_conditions()


@job
def sweep_jobs() -> None:
    """Queue again what a crash lost: jobs queued long ago, and not since, that no worker finished."""
    before = clock.now() - LOST_AFTER
    lost = (
        Task.objects.filter(flow_task_type="JOB", status__in=[STATUS.SCHEDULED, STATUS.STARTED])
        .annotate(queued=Coalesce("assigned", "created"))
        .filter(queued__lt=before)
        .select_related("process")
    )
    for task in lost:
        node = task.flow_task
        if isinstance(node, QueuedJob) and node.is_ready(matter_of(task)):
            with transaction.atomic():
                enqueue(task)


@job
def fetch_mail() -> int:
    """Read the configured mailbox; a message leaves it only after the commit that keeps it."""
    count = 0
    for message in mailboxes.configured():
        intake.take_in(message)
        count += 1
    return count


@job
def recompute_deadlines() -> int:
    """After a calendar is published, and every minute: what it settles otherwise is computed anew."""
    return recomputing.recompute_open()


@job
def remind_of_deadlines() -> int:
    """Every minute: tell whoever is to be told of a deadline that nears, is due or is overdue, each once."""
    return reminders.sweep(at=clock.now())


@job
def settle_delegations() -> int:
    """Every minute: delegations whose term is over are concluded, and a new head is asked about the old ones."""
    return delegations.sweep()


@job
def bring_questions_back() -> int:
    """Every minute: questions whose ground has lapsed, or that a second look wants answered, come back."""
    return bringing_back.sweep()


@job
def advance_crises() -> int:
    """Every minute, day and night: what is due in a crisis, its ladders above all."""
    return crises.sweep(at=clock.now())
