"""The steps of a crisis: copied from the playbook, opened when ready, done, skipped, added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import CrisisPart, StepDeed, StepOrigin, StepStart
from core.errors import Invalid
from core.models import Crisis, Person
from core.rules.text import clean_line, clean_text
from workflows import base
from workflows.crisis import permissions, queries
from workflows.crisis.models import CrisisProcess, CrisisStep, PlaybookStep
from workflows.crisis.queries import running
from workflows.crisis.rules import readiness

from . import statements
from .recording import check_reason, record
from .settling import leave_out, settle

NOTE_LIMIT = 4_000
NODES = {
    StepDeed.TASK: "carry_out",
    StepDeed.INITIAL_STATEMENT: "draft_statement",
    StepDeed.REPORT: "report",
}


def copy(
    rows: Iterable[PlaybookStep],
    *,
    crisis: Crisis,
    origin: StepOrigin,
    at: datetime,
    instead: dict[str, CrisisPart] | None = None,
) -> list[CrisisStep]:
    """The crisis's own copy of steps of a playbook. `instead` names who takes over a part that nobody holds, what
    it does and what it lets be skipped."""
    parts = instead or {}
    return CrisisStep.objects.bulk_create(
        CrisisStep(
            crisis=crisis, code=row.code, number=row.number, origin=origin, playbook_step=row, title=row.title,
            what=row.what, part=parts.get(row.part, row.part), deed=row.deed, after=row.after,
            minutes=row.minutes, counted_from=row.counted_from, document=row.document,
            may_skip=parts.get(row.may_skip, row.may_skip), on_late=row.on_late, added_at=at,
        )
        for row in rows
    )  # fmt: skip


def open_ready(process: CrisisProcess, *, at: datetime) -> list[tuple[str, Any]]:
    """Open every step whose predecessors are settled; gives each row with the node that makes a task of it."""
    crisis = process.crisis
    return [_open(step, at=at) for step in readiness.ready(queries.steps(crisis))]


def _open(step: CrisisStep, *, at: datetime) -> tuple[str, Any]:
    step.opened_at = at
    step.due = _due(step, at=at)
    step.save(update_fields=["opened_at", "due"])
    data: dict[str, trail.Value] = {
        "step": step.title,
        "code": step.code,
        "part": step.part,
        "due": step.due,
        "origin": step.origin,
    }
    record(events.CRISIS_STEP_OPENED, crisis=step.crisis, by=None, at=at, subject=step, data=data)
    deed = StepDeed(step.deed)
    row = statements.open_initial(step, at=at) if deed == StepDeed.INITIAL_STATEMENT else step
    return NODES[deed], row


def _due(step: CrisisStep, *, at: datetime) -> datetime | None:
    """When the minutes of a step are over, counted from what the playbook says.

    What a higher level brings counts from that rise at the earliest: nobody is late with what was not there.
    """
    if step.minutes is None:
        return None
    counted = {
        StepStart.ACTIVATION.value: step.crisis.activated_at,
        StepStart.DETECTION.value: step.crisis.detected_at,
    }.get(step.counted_from)
    start = counted or at
    if step.origin == StepOrigin.LEVEL:
        start = max(start, step.added_at)
    return start + timedelta(minutes=step.minutes)


def do(*, step: CrisisStep, note: str, by: Person, at: datetime, late_reason: str = "") -> None:
    """Report a step done, with what was done. Late it needs the reason why. Raises Invalid."""
    why = clean_text(late_reason, limit=NOTE_LIMIT)
    if is_late(step, at=at) and not why:
        raise Invalid(
            _("This step is late. Say why; the review afterwards shows it. What you typed is kept."),
            fields={"late_reason": _("Say why it is late.")},
        )
    step.late_reason = why if is_late(step, at=at) else ""
    settle(step, note=clean_text(note, limit=NOTE_LIMIT), by=by, at=at)
    data: dict[str, trail.Value] = {
        "step": step.title,
        "code": step.code,
        "due": step.due,
        "late": is_late(step, at=at),
        "text_hash": trail.keyed_hash(step, step.note) if step.note else "",
    }
    record(
        events.CRISIS_STEP_DONE,
        crisis=step.crisis,
        by=by,
        at=at,
        subject=step,
        data=data,
        reason=step.late_reason,
    )


def skip(*, step: CrisisStep, reason: str, by: Person, at: datetime) -> None:
    """Skip a step, with the reason, as the playbook lets this person. Raises NotAllowedNow, MissingRole."""
    permissions.check_may_skip(by, step, at=at)
    leave_out(step, reason=check_reason(reason), by=by, at=at)


def is_late(step: CrisisStep, *, at: datetime) -> bool:
    """The last instant is still in time."""
    return step.due is not None and at > step.due


def add(
    *,
    process: CrisisProcess,
    origin: StepOrigin,
    title: str,
    what: str,
    part: CrisisPart,
    minutes: int | None,
    by: Person | None,
    at: datetime,
) -> CrisisStep:
    """Add a step to a crisis under its lock, ready at once, and make a task of it."""
    crisis = process.crisis
    named = clean_line(title, limit=200)
    if not named:
        raise Invalid(
            _("It is not said what is to be done. What you typed is kept."), fields={"title": _("Say what.")}
        )
    number = (queries.steps(crisis).aggregate(last=Max("number"))["last"] or 0) + 1
    step = CrisisStep.objects.create(
        crisis=crisis, code=f"{origin}-{number}", number=number, origin=origin, title=named,
        what=clean_text(what, limit=NOTE_LIMIT), part=part, minutes=minutes, counted_from=StepStart.READY,
        added_at=at,
    )  # fmt: skip
    data: dict[str, trail.Value] = {
        "step": step.title,
        "code": step.code,
        "part": str(part),
        "minutes": minutes,
        "origin": str(origin),
    }
    record(events.CRISIS_STEP_ADDED, crisis=crisis, by=by, at=at, subject=step, data=data)
    base.enter(process, node="open_steps")
    return step


def drop_open(crisis: Crisis, *, by: Person, at: datetime) -> int:
    """At the end of the handling: what is not settled is left undone, and counted."""
    return running.steps_to_end(crisis).update(settled_at=at, settled_by=by, is_dropped=True)
