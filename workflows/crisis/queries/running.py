"""The tasks of a crisis under way."""

from __future__ import annotations

from django.db.models import QuerySet
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import StepOrigin
from core.models import Crisis
from workflows.crisis.models import CrisisProcess, CrisisStep

OPEN = (STATUS.NEW, STATUS.ASSIGNED)
# What ends with the handling; reports are pursued and their papers filed to the last.
OF_THE_HANDLING = (
    "carry_out",
    "draft_statement",
    "clear_statement",
    "release_statement",
    "report",
)


def steps_to_end(crisis: Crisis) -> QuerySet[CrisisStep]:
    """The open steps that end with the handling; a call about a report that nobody acknowledged is pursued on."""
    rows = CrisisStep.objects.filter(crisis=crisis, settled_at__isnull=True)
    return rows.exclude(origin=StepOrigin.PHONE)


def tasks_to_end(process: CrisisProcess) -> list[Task]:
    """The open tasks that end with the handling."""
    tasks = tasks_at(process, *OF_THE_HANDLING)
    return [task for task in tasks if getattr(task.seed, "origin", "") != StepOrigin.PHONE]


def tasks_at(process: CrisisProcess, *nodes: str) -> list[Task]:
    """The open tasks at these nodes."""
    rows = process.task_set.filter(status__in=OPEN).select_related("assignment", "process").order_by("pk")
    return [task for task in rows if task.flow_task is not None and task.flow_task.name in nodes]


def task_of(process: CrisisProcess, step: CrisisStep) -> Task | None:
    """The open task made of a step that is done and reported done."""
    return next((task for task in tasks_at(process, "carry_out") if task.seed == step), None)
