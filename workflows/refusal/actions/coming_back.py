"""That a question comes back is recorded here alone; what is due is taken up at once after the commit."""

from __future__ import annotations

from datetime import datetime

from core import jobs
from core.models import Person
from workflows.refusal.models import BringBack, Cause, Refusal

# The sweep needs the inquiry's procedure, which this one does not know; every minute it runs anyway.
SWEEP = "workflows.tasks.bring_questions_back"


def with_its_ground(
    *, refusal: Refusal, happened_at: datetime, note: str, by: Person, at: datetime
) -> BringBack:
    """The question comes back when its ground has lapsed."""
    back = BringBack.objects.create(
        refusal=refusal,
        cause=Cause.LAPSED,
        happened_at=happened_at,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    jobs.enqueue(SWEEP)
    return back


def to_be_answered(*, refusal: Refusal, note: str, by: Person, at: datetime) -> BringBack:
    """The question is to be answered after all, from now on, also where its ground was to end later."""
    found = {
        "cause": Cause.RECONSIDERED, "happened_at": at, "note": note, "recorded_by": by, "recorded_at": at,
    }  # fmt: skip
    back, _created = BringBack.objects.update_or_create(refusal=refusal, defaults=found)
    jobs.enqueue(SWEEP)
    return back
