"""A crisis walked by the people of an agency in told time: each step in its turn, each rung when it is due.

What is due between the steps is done by the action that the schedule runs. The clock is the caller's to set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import Codename, DispatchMeans
from core.errors import NotAllowedNow
from core.models import Agency, Crisis, Person
from core.permissions import allowed
from core.queries import directory, organisation
from workflows import base, tasks
from workflows.crisis.actions import acknowledging, dispatches, ladder
from workflows.crisis.models import CrisisStep, Dispatch, ReportPaper, Rung
from workflows.permissions import check_can_execute

from . import hands

# How late each further body acknowledges: some minutes after this rung of its ladder.
LATE_RUNGS = (2, 4, 6, 3)
A_CALL, A_LOOK = timedelta(minutes=5), timedelta(minutes=10)
SETTLED = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)


def _nothing_but_the_ladder() -> None:
    """It is due by itself; `advance` follows every act."""


class Stuck(NotAllowedNow):
    """A step that nobody in the agency may do."""


@dataclass
class Walk:
    """One crisis that was begun, the words for it, and the instant it has come to."""

    crisis: Crisis
    script: hands.Script
    at: datetime
    set_clock: Callable[[datetime], None]
    _seen: dict[int, datetime] = field(default_factory=dict)

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    def activate(self) -> None:
        """Assess and activate: from here on the playbook runs."""
        self._do_all("assess", "activate")

    def run(self, *, until: datetime | None = None) -> None:
        """Everything that comes, in the order of time, before the given instant or until nothing is left to come."""
        while (coming := self._next()) is not None and (until is None or coming[0] < until):
            self._set(max(coming[0], self.at))
            coming[2]()
            ladder.advance(self.crisis.pk, at=self.at)
            self._run_jobs()

    def end(self) -> None:
        """Stand down and review; reports and papers are pursued to the last."""
        self._do_all("stand_down", "review")
        self.run()

    # What happens next, in the order of time

    def _next(self) -> tuple[datetime, int, Callable[[], None]] | None:
        coming = [*self._steps_to_come(), *self._confirmations_to_come(), *self._due_to_come()]
        return min(coming, key=lambda each: each[:2], default=None)

    def _set(self, instant: datetime) -> None:
        self.at = instant
        self.set_clock(instant)

    def _steps_to_come(self) -> Iterable[tuple[datetime, int, Callable[[], None]]]:
        for task in self._open("carry_out", "report", *hands.STATEMENT, "sign_paper", "stamp_paper"):
            yield self._ready(task), task.pk, partial(self._do, task)

    def _ready(self, task: Task) -> datetime:
        """An ordinary step takes half its minutes, a look at somebody's work ten."""
        opened = self._seen.setdefault(task.pk, self.at)
        row = task.seed
        if isinstance(row, CrisisStep) and row.minutes:
            return opened + timedelta(minutes=row.minutes) / 2
        return opened + A_LOOK

    def _confirmations_to_come(self) -> Iterable[tuple[datetime, int, Callable[[], None]]]:
        waiting = Dispatch.objects.filter(
            report__crisis=self.crisis,
            sent_at__isnull=False,
            acknowledged_at__isnull=True,
            given_up_at__isnull=True,
        )
        for dispatch in waiting.select_related("report__crisis__agency", "recipient").order_by("pk"):
            yield self._confirms_at(dispatch), dispatch.pk, partial(self._confirm, dispatch)

    def _confirms_at(self, dispatch: Dispatch) -> datetime:
        rungs = list(dispatch.rungs.order_by("number"))
        before = dispatch.report.dispatches.filter(pk__lt=dispatch.pk).count()
        late = LATE_RUNGS[before % len(LATE_RUNGS)]
        return rungs[min(late, len(rungs)) - 1].due_at + A_CALL

    def _due_to_come(self) -> Iterable[tuple[datetime, int, Callable[[], None]]]:
        """Rungs, late steps and papers: the action that the schedule runs does them."""
        rungs = Rung.objects.filter(
            dispatch__report__crisis=self.crisis, climbed_at__isnull=True, dispatch__acknowledged_at__isnull=True,
            dispatch__given_up_at__isnull=True,
        ).values_list("due_at", flat=True)  # fmt: skip
        papers = ReportPaper.objects.filter(report__crisis=self.crisis, opened_at__isnull=True)
        for due in [*rungs, *papers.values_list("opens_at", flat=True)]:
            if due > self.at:
                yield due, 0, _nothing_but_the_ladder

    # Doing it

    def _open(self, *nodes: str) -> list[Task]:
        rows = Task.objects.filter(process=self.crisis.process).exclude(status__in=SETTLED).order_by("pk")
        return [task for task in rows if task.flow_task is not None and task.flow_task.name in nodes]

    def _do_all(self, *nodes: str) -> None:
        for node in nodes:
            for task in self._open(node):
                self._set(self.at + A_CALL)
                self._do(task)

    def _do(self, task: Task) -> None:
        name = task.flow_task.name
        perform = hands.HANDS[name]
        base.execute(task.pk, by=self._doer(task), perform=lambda step: perform(step, self.script))

    def _doer(self, task: Task) -> Person:
        for person in self._people(task.assignment.agency):
            if allowed(check_can_execute, person, task, at=self.at):
                return person
        raise Stuck(
            _("Nobody at %(agency)s may do the step “%(step)s”. The drill stopped there.")
            % {"agency": self.agency.name, "step": task.flow_task.task_title}
        )

    def _people(self, agency: Agency) -> list[Person]:
        """In a drill its players, who play every body; otherwise the people of the agency whose step it is."""
        if self.crisis.is_drill:
            return list(self.crisis.players.order_by("pk"))
        return list(directory.staff(agency, at=self.at))

    def _confirm(self, dispatch: Dispatch) -> None:
        """In the system where there is a task, played by our own people; otherwise to our official on the phone."""
        tasks_there = [task for task in self._open("acknowledge") if task.seed == dispatch]
        if dispatch.means == DispatchMeans.TASK and tasks_there:
            self._do(tasks_there[0])
            return
        caller = organisation.people_with(Codename.REPORT_CRISIS, agency=self.agency, at=self.at).order_by(
            "pk"
        )[0]
        call = acknowledging.Call(acknowledged_at=self.at, phone=hands.PHONE)
        with dispatches.held(dispatch) as held:
            acknowledging.by_phone(
                process=held.process, dispatch=held.dispatch, confirmed=self.script.confirmed, call=call, by=caller,
                at=self.at,
            )  # fmt: skip

    def _run_jobs(self) -> None:
        for task in self._open("issue_paper"):
            tasks.run_job(task.pk, task.external_task_id)
