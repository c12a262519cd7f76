"""A crisis as the board and its own page show it: from rows already fetched, without asking the database again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core.enums import CrisisLevel, CrisisPart
from core.models import Crisis, Deadline, Statement, TrailEntry
from core.templatetags.pn_deadlines import Badge
from workflows.crises.rows import said
from workflows.crises.rows.lines import STEP_LOOKS, ClockRow, DispatchRow, StepRow
from workflows.crisis.models import (
    Assessment,
    CrisisStatement,
    CrisisStep,
    Dispatch,
    JointMatter,
    Report,
)
from workflows.crisis.queries import board

LEVELS = {
    CrisisLevel.LOCAL: Badge(tone="info", icon="signal-low", text=CrisisLevel.LOCAL.label),
    CrisisLevel.SPREADING: Badge(tone="warn", icon="signal-medium", text=CrisisLevel.SPREADING.label),
    CrisisLevel.GRAVE: Badge(tone="danger", icon="signal-high", text=CrisisLevel.GRAVE.label),
}
DRILL = Badge(tone="warn", icon="drama", text=gettext_lazy("Drill"))


class CrisisView:
    """One crisis with what surrounds it."""

    def __init__(
        self,
        crisis: Crisis,
        *,
        at: datetime,
        tasks: Iterable[Task] = (),
        holders: dict[tuple[int, str], list[str]],
        beside: Iterable[Statement] = (),
        papers_back: Mapping[int, Sequence[TrailEntry]] | None = None,
    ) -> None:
        self.crisis = crisis
        self.at = at
        self.tasks = list(tasks)
        self._holders = holders
        self._beside = list(beside)
        self._papers_back = papers_back or {}

    @property
    def level(self) -> Badge | None:
        return LEVELS[CrisisLevel(self.crisis.level)] if self.crisis.level else None

    @property
    def drill(self) -> Badge | None:
        return DRILL if self.crisis.is_drill else None

    @cached_property
    def clocks(self) -> list[ClockRow]:
        rows: list[Deadline] = getattr(self.crisis, "clocks", [])
        return [ClockRow(deadline=row, at=self.at) for row in rows]

    @property
    def legal_clocks(self) -> list[ClockRow]:
        return [row for row in self.clocks if row.is_legal]

    @property
    def is_without_legal_clock(self) -> bool:
        """Whether the paragraph chosen sets no time here, whatever became of the clocks of others before."""
        return self.crisis.duty is not None and self.crisis.started_at is None

    @property
    def is_headless(self) -> bool:
        """Whether nobody heads the agency, whose acts nobody else can do."""
        return (self.crisis.agency_id, CrisisPart.HEAD.value) not in self._holders

    @property
    def redetermined(self) -> list[Assessment]:
        rows: list[Assessment] = getattr(self.crisis, "redetermined", [])
        return rows

    @property
    def local_clocks(self) -> list[ClockRow]:
        return [row for row in self.clocks if not row.is_legal]

    @property
    def is_past_a_local_limit(self) -> bool:
        return any(row.is_late for row in self.local_clocks)

    @cached_property
    def steps(self) -> list[StepRow]:
        tasks = self._tasks_by_step()
        return [
            StepRow(
                step=step,
                task=tasks.get(step.pk),
                holders=self._holders.get((self.crisis.agency_id, step.part), []),
                at=self.at,
            )
            for step in self.crisis.steps.all()
        ]

    def _tasks_by_step(self) -> dict[int, Task]:
        """The task that waits for each step; that of the initial statement was made for the statement."""
        steps = {row.pk: row.step_id for row in self.crisis.crisis_statements.all()}
        found: dict[int, Task] = {}
        for task in self.tasks:
            model = _model_of(task)
            step = task.seed_object_id if model is CrisisStep else None
            if model is CrisisStatement:
                step = steps.get(task.seed_object_id)
            if step is not None:
                found[step] = task
        return found

    @property
    def step_counts(self) -> list[tuple[Badge, int]]:
        states = [row.state for row in self.steps]
        return [(look, states.count(name)) for name, look in STEP_LOOKS.items() if name in states]

    @cached_property
    def reports(self) -> list[tuple[Report, list[DispatchRow]]]:
        """The latest first, each with its recipients."""
        return [
            (report, [self._dispatch_row(row) for row in report.dispatches.all()])
            for report in self.crisis.reports.all()
        ]

    def _dispatch_row(self, dispatch: Dispatch) -> DispatchRow:
        return DispatchRow(dispatch=dispatch, at=self.at, papers_back=self._papers_back.get(dispatch.pk, ()))

    @property
    def statements(self) -> list[CrisisStatement]:
        return list(self.crisis.crisis_statements.all())

    @property
    def statements_under_way(self) -> list[CrisisStatement]:
        return [row for row in self.statements if row.released_at is None and not row.is_given_up]

    @cached_property
    def said(self) -> list[said.Said]:
        """Everything said so far in this matter, in the order it was said."""
        spoken = [said.of_crisis(row) for row in self.statements if row.released_at is not None]
        return sorted([*spoken, *map(said.of_ledger, self._beside)], key=lambda row: row.at)

    @property
    def matters(self) -> list[JointMatter]:
        return list(self.crisis.joint_matters.all())


def _model_of(task: Task) -> Any:
    return task.seed_content_type.model_class() if task.seed_content_type_id else None


def views_of(crises: Iterable[Crisis], *, at: datetime) -> list[CrisisView]:
    """The crises, fetched whole, with their open tasks, who holds which part now and what else was said."""
    rows = list(crises)
    holders = board.holders((row.agency_id for row in rows), at=at)
    tasks: dict[int, list[Task]] = {}
    for task in board.open_tasks(row.pk for row in rows):
        tasks.setdefault(task.assignment.crisis_id, []).append(task)
    beside: dict[int, list[Statement]] = {}
    for statement in board.said_beside([row.case_id for row in rows]):
        here = statement.inquiry.case_id if statement.inquiry else statement.case_id
        beside.setdefault(here, []).append(statement)
    papers_back = board.papers_back(row.case_id for row in rows)
    return [
        CrisisView(
            row,
            at=at,
            papers_back=papers_back,
            tasks=tasks.get(row.pk, []),
            holders=holders,
            beside=[] if row.is_drill else beside.get(row.case_id, []),
        )
        for row in rows
    ]
