"""What was detected and not assessed in time: the clock of determining is not dodged by not determining."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.enums import CrisisState
from core.models import Agency, Crisis, Deadline
from core.queries import deadlines

KEY = "step.assess"


def unassessed(agencies: Iterable[Agency], *, at: datetime) -> QuerySet[Crisis]:
    """What waits to be assessed beyond the agency's own limit; where it set none, everything that waits.

    Drills are not among them. The longest waiting first.
    """
    rows = Crisis.objects.filter(waits_too_long(at), agency__in=list(agencies), is_drill=False)
    return rows.select_related("agency", "case").order_by("detected_at", "pk")


def waits_too_long(at: datetime) -> Q:
    """Of a crisis: it waits beyond its limit by the instant, or has none."""
    limits = Deadline.objects.open().filter(crisis=OuterRef("pk"), key__code=KEY, due__isnull=False)
    late = limits.filter(deadlines.overdue(at))
    return Q(state=CrisisState.DETECTED) & (Q(Exists(late)) | ~Q(Exists(limits)))
