"""A task of a crisis in a list of tasks: named by the step, the statement or the report it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from core.enums import CrisisLevel
from core.models import Crisis
from core.templatetags.pn_deadlines import Badge
from workflows.crises.rows.board import DRILL, LEVELS
from workflows.crisis.models import CrisisStatement, CrisisStep, Dispatch, ReportPaper


def with_rows(tasks: Sequence[Task]) -> Sequence[Task]:
    """Fetch what the tasks are about, in one question for each kind of row."""
    rows = [
        CrisisStep.objects.select_related("crisis"),
        CrisisStatement.objects.select_related("crisis", "step"),
        Dispatch.objects.select_related("report__crisis__agency"),
        ReportPaper.objects.select_related("report__crisis"),
    ]
    prefetch_related_objects(tasks, GenericPrefetch("seed", rows))
    return tasks


def title_of(task: Task) -> str:
    """What is to be done. Of a report from another agency it says from whom, and nothing of the sender's case."""
    title = str(task.flow_task.task_title)
    question = task.assignment.question
    if question is not None:
        return _("%(step)s: question %(number)s") % {"step": title, "number": question.number}
    if task.seed_content_type_id is None or task.assignment.crisis_id is None:
        return title
    return _title_of_row(title, task.seed)


def _title_of_row(title: str, row: Any) -> str:
    match row:
        case CrisisStep():
            return row.title
        case CrisisStatement(is_initial=True):
            return _("%(step)s: the initial statement") % {"step": title}
        case CrisisStatement():
            return _("%(step)s: statement %(number)s") % {"step": title, "number": row.number}
        case Dispatch():
            return _("Report from %(agency)s") % {"agency": row.agency.name}
        case ReportPaper():
            return f"{title}: {row.get_kind_display()}"
    return title


@dataclass(frozen=True, kw_only=True)
class CrisisTaskRow:
    """A task of a crisis in the work list."""

    task: Task
    at: datetime

    @property
    def crisis(self) -> Crisis:
        crisis: Crisis = self.task.assignment.crisis
        return crisis

    @property
    def title(self) -> str:
        return title_of(self.task)

    @property
    def step_title(self) -> str:
        return str(self.task.flow_task.task_title)

    @property
    def is_report_to_us(self) -> bool:
        """It came from another agency: the sender's matter is the sender's."""
        return bool(self.task.assignment.agency_id != self.crisis.agency_id)

    @property
    def level(self) -> Badge | None:
        """As the report had it, for whoever got one."""
        level = self.task.seed.report.level if isinstance(self.task.seed, Dispatch) else self.crisis.level
        return LEVELS[CrisisLevel(level)] if level else None

    @property
    def drill(self) -> Badge | None:
        return DRILL if self.crisis.is_drill else None

    @property
    def due(self) -> datetime | None:
        due: datetime | None = getattr(self.task, "due", None)
        return due

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.at > self.due


def mark(tasks: Iterable[Task], *, at: datetime) -> None:
    """Give each task of a crisis its row, as `crisis_row`."""
    of_crises = [task for task in tasks if task.assignment.crisis_id is not None]
    for task in with_rows(of_crises):
        task.crisis_row = CrisisTaskRow(task=task, at=at)
