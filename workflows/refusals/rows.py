"""The refusals of questions as pages list them: from rows fetched at once, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import Codename
from core.models import Inquiry, Question
from workflows.base import OPEN
from workflows.refusal import queries
from workflows.refusal.models import Refusal, RefusalDecision, RefusalProcess, State


class Look(NamedTuple):
    tone: str
    icon: str


LOOKS: dict[State, Look] = {
    State.OPEN: Look("info", "hourglass"),
    State.DECIDED: Look("done", "gavel"),
    State.TO_ANSWER: Look("neutral", "undo-2"),
    State.LAPSED: Look("warn", "undo-2"),
    State.ANSWERED: Look("warn", "undo-2"),
    State.REPLACED: Look("neutral", "replace"),
    State.WITHDRAWN: Look("neutral", "circle-slash"),
    State.OFF_SYSTEM: Look("danger", "lock"),
    State.REOPENED: Look("warn", "undo-2"),
}


@dataclass(frozen=True, kw_only=True)
class RefusalRow:
    """One refusal with the tasks of its latest run, as far as they were fetched."""

    refusal: Refusal
    tasks: Sequence[Task] = field(default=())
    processes: Sequence[RefusalProcess] = field(default=())

    @property
    def number(self) -> int:
        return self.refusal.question.number

    @property
    def look(self) -> Look:
        return LOOKS[State(self.refusal.state)]

    @property
    def decision(self) -> RefusalDecision | None:
        return getattr(self.refusal, "decision", None)

    @property
    def told_in(self) -> str:
        """The number of the document that told the press, or nothing."""
        stated = getattr(self.decision, "stated", None)
        return str(stated.statement.document_number) if stated else ""

    @property
    def is_told(self) -> bool:
        return self.decision is not None and self.decision.is_stated

    @property
    def steps(self) -> list[Task]:
        """The human steps that wait."""
        return [task for task in self.tasks if task.status in OPEN and hasattr(task, "assignment")]

    @property
    def failed_jobs(self) -> list[Task]:
        return [task for task in self.tasks if task.status == STATUS.ERROR]

    @property
    def waits(self) -> list[str]:
        """What it waits for, and for whom."""
        jobs = [task for task in self.tasks if task.status in (STATUS.SCHEDULED, STATUS.ERROR)]
        return [*map(waiting_for, self.steps), *(_("the system: %s") % _title(job) for job in jobs)]


def waiting_for(task: Task) -> str:
    """A step in words with who is to do it: whoever holds it, the one it is meant for, or a right."""
    assignment = task.assignment
    person = task.owner or assignment.only
    if person is not None:
        return f"{_title(task)} – {person.full_name}"
    right = Codename(assignment.codename).label
    if assignment.unit is not None:
        return _("%(step)s – whoever in %(unit)s may: %(right)s") % {
            "step": _title(task),
            "unit": assignment.unit.name,
            "right": right,
        }
    return _("%(step)s – whoever may: %(right)s") % {"step": _title(task), "right": right}


def _title(task: Task) -> str:
    return str(task.flow_task.task_title)


def rows_on(inquiry: Inquiry) -> list[RefusalRow]:
    """The refusals of one inquiry by question, the latest first, with the steps that wait; in two queries."""
    refusals = _in_order(inquiry.refusals.all())
    steps = queries.open_steps(refusals) if any(each.is_open for each in refusals) else {}
    return [RefusalRow(refusal=each, tasks=steps.get(each.pk, [])) for each in refusals]


def rows_from(refusals: Iterable[Refusal], tasks: Mapping[int, list[Task]]) -> list[RefusalRow]:
    """The same from tasks that were fetched already, by the refusal they belong to."""
    return [_with_tasks(each, tasks.get(each.pk, [])) for each in refusals]


def _with_tasks(refusal: Refusal, tasks: list[Task]) -> RefusalRow:
    processes = {task.process_id: task.process.refusalprocess for task in tasks}
    latest = max(processes, default=0)
    return RefusalRow(
        refusal=refusal,
        tasks=[task for task in tasks if task.process_id == latest],
        processes=list(processes.values()),
    )


def of_case(case: Any) -> list[Refusal]:
    return _in_order(Refusal.objects.filter(inquiry__case=case))


def _in_order(refusals: Any) -> list[Refusal]:
    return list(queries.with_words(refusals).order_by("question__number", "-opened_at", "-pk"))


class OnQuestion(NamedTuple):
    question: Question
    refusals: list[RefusalRow]


def by_question(questions: Iterable[Question], rows: Iterable[RefusalRow]) -> list[OnQuestion]:
    """Each question with its refusals, the latest first."""
    found: dict[int, list[RefusalRow]] = {}
    for row in rows:
        found.setdefault(row.refusal.question_id, []).append(row)
    return [OnQuestion(question, found.get(question.pk, [])) for question in questions]
