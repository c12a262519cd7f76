"""How a step of a crisis is settled, by whichever act: once, with who and when."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.errors import NotAllowedNow
from core.models import Person
from workflows.crisis.models import CrisisStep

from .recording import record


def settle(step: CrisisStep, *, note: str, by: Person, at: datetime) -> None:
    """Raises NotAllowedNow where it is settled already."""
    if step.is_settled:
        raise NotAllowedNow(_("This step is settled already. Nothing was changed."))
    step.settled_at, step.settled_by, step.note = at, by, note
    step.save()


def leave_out(step: CrisisStep, *, reason: str, by: Person, at: datetime) -> None:
    """Settle it without its being done; what comes after it opens."""
    step.is_skipped = True
    settle(step, note=reason, by=by, at=at)
    data: dict[str, trail.Value] = {"step": step.title, "code": step.code}
    record(
        events.CRISIS_STEP_SKIPPED, crisis=step.crisis, by=by, at=at, subject=step, data=data, reason=reason
    )
