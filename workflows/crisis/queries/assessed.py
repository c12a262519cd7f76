"""What a crisis was assessed to be, the clock that follows from it, and whether anything was said."""

from __future__ import annotations

from core.enums import DeadlineSource
from core.models import Crisis, Deadline
from workflows.crisis.models import Assessment, CrisisStatement, PlaybookVersion


def current(crisis: Crisis) -> Assessment | None:
    """The latest assessment by which it is a crisis."""
    rows = crisis.assessments.filter(is_crisis=True).select_related("version__playbook", "duty", "provision")
    return rows.order_by("-assessed_at", "-pk").first()


def playbook_of(crisis: Crisis) -> PlaybookVersion | None:
    """The version that a crisis runs; it keeps it whatever becomes of the playbook."""
    assessment = current(crisis)
    return assessment.version if assessment else None


def legal_clock(crisis: Crisis) -> Deadline | None:
    """The clock of the law that still runs, if any."""
    rows = Deadline.objects.open().filter(crisis=crisis, source=DeadlineSource.LAW)
    return rows.nearest_first().first()


def is_silent(crisis: Crisis) -> bool:
    """Whether nothing has been said yet."""
    return not CrisisStatement.objects.filter(crisis=crisis, released_at__isnull=False).exists()


def owes_words(crisis: Crisis) -> bool:
    """Whether the legal clock runs and nothing was said: what a stand-down may not pass over in silence."""
    return legal_clock(crisis) is not None and is_silent(crisis)
