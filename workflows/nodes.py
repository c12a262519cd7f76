"""The project's own nodes: human steps with their limits, the queued job, the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol, Self

from django.db import transaction
from viewflow import this
from viewflow.workflow import flow, nodes
from viewflow.workflow.base import Edge
from viewflow.workflow.models import Process, Task
from viewflow.workflow.nodes.events import ConditionalCatchActivation
from viewflow.workflow.nodes.job import AbstractJobActivation
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.nodes.timer import TimerActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import STATUS

from core import clock, jobs
from core.enums import Codename, CrisisPart, DutyKind, Role
from core.models import Agency, Inquiry, Person, Unit
from core.queries import mandates
from workflows import deadlines
from workflows.engine.models import TaskAssignment

JOB_PATH = "workflows.tasks.run_job"


class RightOf(Protocol):
    def __call__(self, process: Any, /, *, at: datetime) -> Codename: ...


Right = Codename | RightOf


class StepActivation(ViewActivation):
    """A human task whose candidates are written down as columns when it is created."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> Any:
        activation = super().create(flow_task, prev_activation, token, data=data, seed=seed)
        matter = matter_of(activation.task)
        written = TaskAssignment.objects.create(task=activation.task, **flow_task.candidates(matter))
        written.took_part.set(flow_task.took_part(matter))
        deadlines.open_step(activation.task, matter=matter, node=flow_task.name, at=clock.now())
        return activation


def matter_of(task: Task) -> Any:
    """What a task is about: the row it was made for, or its process where the path makes one task of it."""
    return task.seed if task.seed is not None else task.process.coerced


def its_row(activation: Any) -> Any:
    """Hand the row a task was made for on to the next one (`task_seed`)."""
    return activation.task.seed


class StepNode(flow.View):
    """A step a person does. `Permission(codename, unit=…)` says who; `OnlyFor` names one person.

    What it is given asks what the step is about: its process, or the row its task was made for. The codename may be a
    function of that and the instant where it depends on whom the agency has. `InPart` narrows it to a role or a duty.
    """

    activation_class = StepActivation
    asks_who_took_part = False

    def __init__(self, view: Any, **kwargs: Any) -> None:
        super().__init__(view, **kwargs)
        self._codename: Right | None = None
        self._unit: Callable[[Any], Unit | None] | None = None
        self._agency: Callable[[Any], Agency] | None = None
        self._part: Callable[[Any], CrisisPart] | None = None
        self._form: Callable[[Any], str] | None = None
        self._only: Callable[[Any], Person | None] | None = None
        self._hold: Callable[[Any], None] | None = None

    def Permission(  # noqa: N802 - viewflow's fluent name
        self,
        codename: Right,
        *,
        unit: Callable[[Any], Unit | None] | None = None,
        agency: Callable[[Any], Agency] | None = None,
    ) -> Self:
        self._codename = codename
        self._unit = unit
        self._agency = agency
        return self

    def InPart(self, part: Callable[[Any], CrisisPart]) -> Self:  # noqa: N802
        """Only for whoever holds that role in the agency, or is on that duty there, at the instant of the act."""
        self._part = part
        return self

    def InForm(self, form: Callable[[Any], str]) -> Self:  # noqa: N802
        """In which form the step speaks, where no inquiry says it."""
        self._form = form
        return self

    def OnlyFor(self, person: Callable[[Any], Person | None]) -> Self:  # noqa: N802
        self._only = person
        return self.Assign(lambda activation: person(matter_of(activation.task)))

    def Holding(self, hold: Callable[[Any], None]) -> Self:  # noqa: N802
        """What the act needs locked besides its process, in the order of the house, before its instant is read."""
        self._hold = hold
        return self

    def hold(self, task: Task, *, by: Person) -> None:
        """Of a step that speaks the mandates of whoever acts, so that none ends under it; a drill speaks nothing."""
        if self._hold is not None:
            self._hold(matter_of(task))
        crisis = task.assignment.crisis
        if task.assignment.needs_mandate and not (crisis and crisis.is_drill):
            mandates.hold(by, agency=task.assignment.agency)

    def right(self, matter: Any) -> Codename:
        assert self._codename is not None, f"{self.name} has no permission"
        if isinstance(self._codename, Codename):
            return self._codename
        return self._codename(matter, at=clock.now())

    def candidates(self, matter: Any) -> dict[str, Any]:
        """The columns of the task's assignment: which right, where, who only, who not."""
        part = self._part(matter) if self._part else ""
        return {
            "case": matter.case,
            "inquiry": matter.inquiry,
            "crisis": getattr(matter, "crisis", None),
            "question": getattr(matter, "question", None),
            "agency": self._agency(matter) if self._agency else matter.agency,
            "unit": self._unit(matter) if self._unit else None,
            "codename": self.right(matter),
            "role": part if part in Role.values else "",
            "duty": part if part in DutyKind.values else "",
            "form": self._form(matter) if self._form else "",
            "only": self._only(matter) if self._only else None,
        }

    def took_part(self, matter: Any) -> Iterable[Person]:
        """Who has a part in what the step judges, and so may not do it."""
        return ()


class FreshEyesView(StepNode):
    """A step that looks again at what others did, and is done by somebody who took no part in it."""

    asks_who_took_part = True

    def __init__(self, view: Any, *, took_part: Callable[[Any], Iterable[Person]], **kwargs: Any) -> None:
        super().__init__(view, **kwargs)
        self._took_part = took_part

    def took_part(self, matter: Any) -> Iterable[Person]:
        return self._took_part(matter)


class FourEyesView(StepNode):
    """A step that judges somebody's work, and is never done by that somebody, nor by whoever else wrote at it."""

    def __init__(
        self,
        view: Any,
        *,
        not_by: Callable[[Any], Person | None] | None = None,
        nor_by: Callable[[Any], Iterable[Person]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(view, **kwargs)
        self._not_by, self._nor_by = not_by, nor_by
        self.asks_who_took_part = nor_by is not None

    def candidates(self, matter: Any) -> dict[str, Any]:
        excluded = self._not_by(matter) if self._not_by else None
        return super().candidates(matter) | {"excluded": excluded}

    def took_part(self, matter: Any) -> Iterable[Person]:
        return self._nor_by(matter) if self._nor_by else ()


class MandateView(FourEyesView):
    """A step that speaks for the agency: it needs a mandate for this case at the instant of the act."""

    def candidates(self, matter: Any) -> dict[str, Any]:
        return super().candidates(matter) | {"needs_mandate": True}


class TermActivation(TimerActivation):
    """Fires when its term is over by the house's clock, whatever the engine's sweep makes of it."""

    def is_over(self) -> bool:
        end: datetime | None = self.flow_task.end_of(self.process)
        return end is not None and end <= clock.now()

    @TimerActivation.status.transition(source=STATUS.SCHEDULED, target=STATUS.STARTED, conditions=[is_over])
    def start(self) -> None:
        self.task.started = clock.now()
        self.task.save()


class Term(flow.Timer):
    """Waits until a term is over. What ends it earlier fires it at once (`fire`), or the sweep does."""

    activation_class = TermActivation

    def __init__(self, end_of: Callable[[Any], datetime | None], **kwargs: Any) -> None:
        super().__init__(lambda activation: end_of(activation.process), **kwargs)
        self.end_of = end_of


def fire(task: Task) -> bool:
    """Let a locked process go on from a term that is over; whether it was."""
    activation = task.flow_task.activation_class(task)
    if not activation.start.can_proceed():
        return False
    activation.start()
    activation.execute()
    return True


class GateActivation(ConditionalCatchActivation):
    @ConditionalCatchActivation.status.super()
    def activate(self) -> None:
        """Pass at once where the condition holds; otherwise wait for the sweep or for whoever makes it true."""
        if self.condition_met():
            self.start()


class Gate(flow.ConditionalCatch):
    """Lets the path on when a condition over the process holds."""

    activation_class = GateActivation


class ForEachRowActivation(SplitActivation):
    @SplitActivation.status.super()
    def activate(self) -> None:
        self.rows = list(self.flow_task.open_rows(self.process, at=clock.now()))

    @SplitActivation.status.super()
    def create_next(self) -> Iterator[Any]:
        """A task for each row that is ready. The token is handed on as it is: these tasks never join."""
        for name, row in self.rows:
            node = self.flow_class.instance.node(name, no_obsolete=True)
            yield node._create(self, self.task.token, seed=row)
        if not self.rows:
            yield self.flow_task.otherwise._create(self, self.task.token)


class ForEachRow(flow.Split):
    """Makes a task of each row that has become ready, at the node the row asks for; with none it goes to `Otherwise`.

    `open_rows(process, at=…)` marks the rows as opened and gives them with the names of their nodes.
    """

    activation_class = ForEachRowActivation

    def __init__(self, open_rows: Callable[..., Iterable[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.open_rows = open_rows
        self.otherwise: Any = None

    def Otherwise(self, node: Any) -> Self:  # noqa: N802
        self.otherwise = node
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.otherwise = this.resolve(instance, self.otherwise)

    def _outgoing(self) -> Iterator[Edge]:
        yield from super()._outgoing()
        yield Edge(src=self, dst=self.otherwise, edge_class="default")


def pass_gates(inquiry: Inquiry) -> None:
    """Let the latest run of an inquiry, locked, go on from the gates whose condition holds by now."""
    process = inquiry.processes.order_by("-pk").first()
    if process is not None:
        pass_gates_of(process)


def pass_gates_of(process: Process) -> None:
    """Let a locked process go on from the gates whose condition holds by now."""
    for task in process.task_set.filter(status=STATUS.NEW).order_by("pk"):
        activation = task.flow_task.activation_class(task)
        if isinstance(task.flow_task, Gate) and activation.condition_met():
            activation.start()
            activation.complete()
            # Not `execute`, which would keep a failure on the task: here it undoes the act that opened the gate.
            activation.activate_next()


class QueuedJobActivation(AbstractJobActivation):
    @AbstractJobActivation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        self.task.save()
        if self.flow_task.is_ready(matter_of(self.task)):
            enqueue(self.task)

    @AbstractJobActivation.status.transition(
        source=[STATUS.NEW, STATUS.SCHEDULED, STATUS.STARTED, STATUS.ERROR], target=STATUS.CANCELED
    )
    def cancel(self) -> None:
        self.task.finished = clock.now()
        self.task.save()


class QueuedJob(
    flow.mixins.NodeDetailMixin, flow.mixins.NodeCancelMixin, flow.mixins.NodeReviveMixin, nodes.AbstractJob
):
    """A step the machine does, on django-q2. `job(process)` must be safe to run twice.

    With `ready` the job waits, scheduled but not queued, until somebody makes it true and calls `enqueue`. It is asked
    what the step is about (`matter_of`).
    """

    activation_class = QueuedJobActivation
    index_view_class = flow.views.IndexTaskView
    detail_view_class = flow.views.DetailTaskView
    cancel_view_class = flow.views.CancelTaskView
    revive_view_class = flow.views.ReviveTaskView

    def __init__(self, job: Any, *, ready: Callable[[Any], bool] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job
        self._ready_when = ready

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.job = this.resolve(instance, self.job)

    def run(self, activation: Any) -> None:
        self.job(activation.process)

    def is_ready(self, matter: Any) -> bool:
        return self._ready_when is None or self._ready_when(matter)


class RowJob(QueuedJob):
    """A queued job on the row its task was made for: `job(row)`, safe to run twice; `ready` is asked of the row too."""

    def run(self, activation: Any) -> None:
        self.job(activation.task.seed)


def enqueue(task: Task) -> None:
    """Queue a job's task after the commit; the worker recognises it by its id and its external id.

    `assigned`, which nobody ever is to a job, says when it was last queued.
    """
    task.assigned = clock.now()
    task.save(update_fields=["assigned"])
    task_id, external_id = task.pk, task.external_task_id
    transaction.on_commit(lambda: jobs.enqueue(JOB_PATH, task_id, external_id))
