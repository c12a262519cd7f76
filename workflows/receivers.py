"""The engine's signals, and nothing else."""

from __future__ import annotations

import sys
from typing import Any

from django.dispatch import receiver
from viewflow.workflow.models import Task
from viewflow.workflow.signals import task_failed

from core import clock, events
from core.actions import trail


@receiver(task_failed)
def scrub_and_record(task: Task, **_kwargs: Any) -> None:
    """The engine keeps the failing frame's variables and the error's words, texts and secrets among them.

    Only the kind of error stays; it is sent while the error is being handled.
    """
    failure = sys.exc_info()[0]
    kind = failure.__name__ if failure else ""
    task.data = {**(task.data or {}), "_exception": {"title": kind}}
    task.save(update_fields=["data"])
    process = task.process.coerced
    inquiry, case = process.inquiry, process.case
    data = {
        "inquiry": inquiry.pk if inquiry else None,
        "reference": (inquiry or case).reference,
        "task": task.pk,
        "step": task.flow_task.name,
        "error": kind,
    }
    trail.record(events.JOB_FAILED, case=case, by=None, at=clock.now(), subject=inquiry or case, data=data)
