"""What every procedure stands on: the flow base, the one helper that executes an activation, the step page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Protocol

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from viewflow.workflow.base import Flow
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from core import clock, events
from core.actions import casefile, trail
from core.errors import Conflict, Invalid, NotFound
from core.models import Person
from core.rules.mandates import in_words
from workflows import deadlines, permissions
from workflows.engine.models import SavedInput
from workflows.locks import ProcessLock, locked, only_so_long


class Authorise(Protocol):
    def __call__(self, person: Person, task: Task, /, *, at: datetime) -> object: ...


OPEN = (STATUS.NEW, STATUS.ASSIGNED)


class ProcedureFlow(Flow):
    """A procedure. `version` is pinned on each process and told by every trail entry of it.

    `side_by_side` names the steps that are open at the same time, each perhaps several times.
    """

    lock_impl: ProcessLock = ProcessLock()
    version = "1"
    code = ""
    side_by_side: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """One act on one task: the engine's activation, who acts and the instant, read after the lock is held."""

    activation: Any
    by: Person
    at: datetime

    @property
    def task(self) -> Task:
        return self.activation.task

    @property
    def process(self) -> Any:
        return self.activation.process


def task_or_404(task_id: int) -> Task:
    task = Task.objects.select_related("process", "owner", "assignment").filter(pk=task_id).first()
    if task is None or task.flow_task is None:
        raise NotFound(_("There is no such step."))
    return task


def procedure(code: str) -> type[ProcedureFlow]:
    """The flow class of a procedure; its acts reach it by code, because the flow knows them and not the reverse."""
    for flow_class in ProcedureFlow.__subclasses__():
        if flow_class.code == code:
            return flow_class
    raise LookupError(f"No procedure has the code {code!r}.")


def start(
    code: str,
    node: str,
    *,
    by: Person,
    perform: Callable[[Step], object],
    hold: Callable[[], None] | None = None,
) -> Step:
    """Start a procedure by hand at one of its start nodes, in one transaction.

    What `hold` locks is held before the instant is read.
    """
    flow_task = procedure(code).instance.node(node, no_obsolete=True)
    with only_so_long():
        if hold is not None:
            hold()
        activation = flow_task.activation_class.create(flow_task, None, None)
        activation.start(SimpleNamespace(user=by))
        step = Step(activation=activation, by=by, at=clock.now())
        perform(step)
        activation.execute()
    return step


def execute(
    task_id: int,
    *,
    by: Person,
    perform: Callable[[Step], object],
    authorise: Authorise = permissions.check_can_execute,
) -> Step:
    """Do a human step: lock its process, read the instant, check the person, perform, move the flow on.

    The decision, its trail entry and the next tasks are one transaction. Raises Conflict when the step was
    done meanwhile, Refused when the person may not do it, and whatever `perform` raises; then nothing is kept.
    """
    with _locked_task(task_id) as task:
        task.flow_task.hold(task, by=by)
        at = clock.now()
        _check_still_open(task, by=by)
        authorise(by, task, at=at)
        step = Step(activation=task.flow_task.activation_class(task), by=by, at=at)
        _hold(step)
        step.activation.start(None)
        _involve(task, by)
        perform(step)
        step.process.save()
        deadlines.close_step(task, by=by, at=at)
        step.activation.execute()
        SavedInput.objects.filter(task=task).delete()
    return step


def _involve(task: Task, by: Person) -> None:
    """Who does a step takes part in its case; a step given to another agency does not open our case to its people."""
    if task.assignment.agency_id == task.assignment.case.agency_id:
        casefile.involve(case=task.assignment.case, person=by)


def note(task_id: int, *, by: Person, perform: Callable[[Step], object]) -> Step:
    """Record something on an open step without completing it, under the same lock and checks."""
    with _locked_task(task_id) as task:
        at = clock.now()
        _check_still_open(task, by=by)
        permissions.check_can_execute(by, task, at=at)
        step = Step(activation=task.flow_task.activation_class(task), by=by, at=at)
        perform(step)
    return step


def _hold(step: Step) -> None:
    """Who does a step is its owner, also where another had taken it and somebody with the right steps in."""
    if step.task.status == STATUS.NEW:
        step.activation.assign(step.by)
    elif step.task.owner_id != step.by.pk:
        step.activation.reassign(step.by)


@contextmanager
def _locked_task(task_id: int) -> Iterator[Task]:
    found = task_or_404(task_id)
    with locked(found.flow_task.flow_class, found.process_id):
        yield task_or_404(task_id)


def _check_still_open(task: Task, *, by: Person) -> None:
    if task.status in OPEN:
        return
    raise Conflict(who_was_quicker(task, by=by))


def who_was_quicker(task: Task, *, by: Person) -> str:
    """What happened to a step that is no longer open, for the person who came too late, perhaps behind himself."""
    step = task.flow_task.task_title or task.flow_task.name
    if task.status == STATUS.DONE and task.owner_id == by.pk and task.finished:
        return _(
            "You already completed the step “%(step)s” at %(time)s. What you typed now was not sent; "
            "it is kept below so that you can copy it."
        ) % {"step": step, "time": in_words(task.finished)}
    if task.status == STATUS.DONE and task.owner and task.finished:
        return _(
            "%(person)s already completed the step “%(step)s” at %(time)s. What you typed was not sent; "
            "it is kept below so that you can copy it."
        ) % {"person": task.owner.full_name, "step": step, "time": in_words(task.finished)}
    return _(
        "The step “%(step)s” is no longer open. What you typed was not sent; it is kept below so that you can copy it."
    ) % {"step": step}


def take(task_id: int, *, by: Person) -> Task:
    """Take a task nobody holds, so that others see who is on it."""
    with _locked_task(task_id) as task:
        at = clock.now()
        _check_still_open(task, by=by)
        permissions.check_can_execute(by, task, at=at)
        if task.owner_id != by.pk:
            task.flow_task.activation_class(task).assign(by)
            _involve(task, by)
            _record_holding(events.TASK_TAKEN, task, by=by, at=at)
    return task


def put_back(task_id: int, *, by: Person, reason: str = "") -> Task:
    """Put a taken task back for others; one given to a person by name goes back inside its step, with a reason.

    What somebody else holds, and cannot put back being absent, is put back only with a reason.
    """
    with _locked_task(task_id) as task:
        at = clock.now()
        _check_still_open(task, by=by)
        if task.owner_id == by.pk:
            permissions.check_can_put_back(by, task)
        else:
            permissions.check_can_put_back_for_others(by, task, at=at)
            _check_reason(reason)
        task.flow_task.activation_class(task).unassign()
        _record_holding(events.TASK_PUT_BACK, task, by=by, at=at, reason=reason.strip())
    return task


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )


def _record_holding(event: events.Event, task: Task, *, by: Person, at: datetime, reason: str = "") -> None:
    inquiry = task.assignment.inquiry
    data = {
        "step": task.flow_task.name,
        "task": task.pk,
        "reference": inquiry.reference if inquiry else task.assignment.case.reference,
    }
    trail.record(event, case=task.assignment.case, by=by, at=at, subject=inquiry, data=data, reason=reason)


@transaction.atomic
def save_input(task_id: int, *, by: Person, data: dict[str, list[str]], at: datetime) -> None:
    """Keep what is being typed, while the step is open. Raises Conflict once it is not.

    Its own row, without the process lock, so that typing never waits for a step on another task. The task's row
    is held for that moment: a step being done now is waited for, and nothing typed outlives the step.
    """
    list(Task.objects.select_for_update(no_key=True).filter(pk=task_id))
    task = task_or_404(task_id)
    _check_still_open(task, by=by)
    permissions.check_can_execute(by, task, at=at)
    SavedInput.objects.update_or_create(task=task, person=by, defaults={"data": data, "saved_at": at})


def saved_input(task: Task, *, person: Person) -> SavedInput | None:
    return SavedInput.objects.filter(task=task, person=person).first()


def cancel_open_tasks(process: Process) -> None:
    """Cancel every task of a locked process that is still open, with what was typed into them."""
    closed = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
    for task in process.task_set.exclude(status__in=closed):
        task.flow_task.activation_class(task).cancel()
        deadlines.drop_step(task, at=clock.now())
    SavedInput.objects.filter(task__process=process).delete()


def cancel_about(process: Process, *, row: Model, but: Task | None = None) -> None:
    """Cancel the open human tasks of a locked process that were made for a row, with what was typed into them."""
    kind = ContentType.objects.get_for_model(row)
    rows = process.task_set.filter(seed_content_type=kind, seed_object_id=row.pk, status__in=OPEN)
    for task in rows.exclude(pk=but.pk if but else None):
        task.flow_task.activation_class(task).cancel()
        deadlines.drop_step(task, at=clock.now())
        SavedInput.objects.filter(task=task).delete()


def run_to_end(process: Process, *, end: str) -> None:
    """Take a locked process out of its path to a named end, whatever step it stands at (withdraw)."""
    activation = _put_at(process, end)
    activation.activate()
    activation.complete()


def go_back_to(process: Process, *, gate: str) -> None:
    """Take a locked process from whatever step it stands at back to a gate, and on from there where it is open."""
    activation = _put_at(process, gate)
    activation._activate_next({activation})


def enter(process: Process, *, node: str, row: Any = None) -> None:
    """Begin a branch of a locked process beside its open tasks, at a node, for a row where the node is about one."""
    last = process.task_set.order_by("-pk").first()
    previous = last.flow_task.activation_class(last)
    task_node = process.flow_class.instance.node(node, no_obsolete=True)
    activation = task_node._create(previous, last.token, seed=row)
    activation._activate_next({activation})


def _put_at(process: Process, name: str) -> Any:
    """A new task at a node in place of every open one; the node's activation."""
    last = process.task_set.order_by("-pk").first()
    cancel_open_tasks(process)
    previous = last.flow_task.activation_class(last)
    return process.flow_class.instance.node(name, no_obsolete=True)._create(previous, last.token)
