"""What follows when a step is late: once for each, as the playbook says."""

from __future__ import annotations

from datetime import datetime

from viewflow.workflow.models import Task

from core import events
from core.actions import trail
from core.enums import CrisisPart, LateAct, Role, StepDeed
from core.models import Person
from core.queries import directory
from workflows.crisis import queries
from workflows.crisis.models import CrisisProcess, CrisisStep
from workflows.crisis.queries import running, team

from . import notices
from .recording import record


def follow_up(process: CrisisProcess, *, at: datetime) -> int:
    """Follow up every open step that is late and was not followed up yet, in the order in which they fell due.

    The process is held. The last instant is in time. Safe to run at any time; gives how many it was.
    """
    rows = queries.steps(process.crisis).filter(
        opened_at__isnull=False, settled_at__isnull=True, due__lt=at, late_noted_at__isnull=True
    )
    late = list(rows.order_by("due", "number"))
    for step in late:
        _follow_up(process, step, at=at)
    return len(late)


def _follow_up(process: CrisisProcess, step: CrisisStep, *, at: datetime) -> None:
    act = LateAct(step.on_late)
    step.late_noted_at = at
    if act == LateAct.HAND_UP:
        _hand_up(process, step, at=at)
    step.save(update_fields=["late_noted_at", "part"])
    told = _told(step, act, at=at)
    data: dict[str, trail.Value] = {
        "step": step.title,
        "code": step.code,
        "due": step.due,
        "act": str(act),
        "told": [person.pk for person in told],
    }
    record(events.CRISIS_STEP_LATE, crisis=step.crisis, by=None, at=at, subject=step, data=data)
    for person in told:
        notices.step_late(step, act=act, to=person, at=at)


def _told(step: CrisisStep, act: LateAct, *, at: datetime) -> list[Person]:
    """Whom it reaches: whoever can do it, the chief of office, or the head, and while there is none a deputy.

    Where nobody is there to be reminded the head is told, so that no late step reaches nobody.
    """
    agency = step.crisis.agency
    found: list[Person] = []
    if act == LateAct.REMIND:
        found = list(team.holders(step, agency=agency, at=at))
    elif act == LateAct.TELL_CHIEF:
        found = list(directory.in_part(CrisisPart.CHIEF_OF_OFFICE, agency=agency, at=at))
    taker = team.taker(agency, at=at)
    if found or taker is None:
        return found
    return list(directory.in_part(taker, agency=agency, at=at))


def _hand_up(process: CrisisProcess, step: CrisisStep, *, at: datetime) -> None:
    """The step becomes the head's, its open task with it; what somebody else had taken is free for the head.

    A statement or a report stays with whoever has the right to make it; of those the head is told.
    """
    taker = team.taker(step.crisis.agency, at=at)
    if step.deed != StepDeed.TASK or taker in (None, step.part):
        return
    assert taker is not None
    step.part = taker
    task = running.task_of(process, step)
    if task is not None:
        _give_to(task, taker)


def _give_to(task: Task, part: CrisisPart) -> None:
    if task.owner_id is not None:
        task.flow_task.activation_class(task).unassign()
    assignment = task.assignment
    assignment.role, assignment.duty = Role(part), ""
    assignment.save(update_fields=["role", "duty"])
