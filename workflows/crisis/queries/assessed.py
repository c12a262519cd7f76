"""What a crisis was assessed to be, the clock that follows from it, and whether anything was said."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from core.enums import DeadlineOutcome, DeadlineSource
from core.models import Crisis, Deadline
from core.queries import deadlines
from workflows.crisis.models import Assessment, CrisisStatement, PlaybookVersion


def current(crisis: Crisis) -> Assessment | None:
    """The latest assessment by which it is a crisis."""
    rows = crisis.assessments.filter(is_crisis=True).select_related("version__playbook", "duty", "provision")
    return rows.order_by("-assessed_at", "-pk").first()


def playbook_of(crisis: Crisis) -> PlaybookVersion | None:
    """The version that a crisis runs; it keeps it whatever becomes of the playbook."""
    assessment = current(crisis)
    return assessment.version if assessment else None


def owes_words(crisis: Crisis, *, at: datetime) -> bool:
    """Whether a clock of the law runs, or was missed and then set aside, and nothing was said since its event.

    What was said before the event is no answer to it. A stand-down may not pass over it in silence.
    """
    clocks = Deadline.objects.filter(crisis=crisis, source=DeadlineSource.LAW)
    asked = Q(ended_at__isnull=True) | Q(outcome=DeadlineOutcome.VOID) & deadlines.missed(at)
    said = CrisisStatement.objects.filter(crisis=crisis, released_at__gte=OuterRef("started_at"))
    return clocks.filter(asked & ~Exists(said)).exists()
