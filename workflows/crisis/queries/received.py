"""The reports that came to the agencies in which a person may acknowledge, whichever agency they are from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Q, QuerySet, Value, When
from viewflow.workflow.models import Task

from core.enums import Codename
from core.models import Person
from core.queries import organisation
from workflows.base import OPEN
from workflows.crisis.models import Dispatch


@dataclass(frozen=True, kw_only=True)
class Received:
    """One report to us, and the task by which it is acknowledged while that is open."""

    dispatch: Dispatch
    task: int | None


def received_by(person: Person, *, at: datetime) -> QuerySet[Dispatch]:
    """Those not settled first, then the latest. A drill's are its own agency's, which plays the recipients."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.ACKNOWLEDGE_REPORT)
    real = Q(report__crisis__is_drill=False, recipient__in=agencies)
    played = Q(report__crisis__is_drill=True, report__crisis__agency__in=agencies)
    waiting = When(acknowledged_at__isnull=True, given_up_at__isnull=True, then=Value(0))
    return (
        Dispatch.objects.filter(real | played)
        .annotate(place=Case(waiting, default=Value(1)))
        .select_related("report__crisis__agency", "report__prepared_by", "recipient")
        .prefetch_related("acknowledgements", "directions")
        .order_by("place", "-sent_at", "-pk")
    )


def with_tasks(dispatches: Iterable[Dispatch]) -> list[Received]:
    """The rows with their open tasks, in one query."""
    rows = list(dispatches)
    kind = ContentType.objects.get_for_model(Dispatch)
    tasks = Task.objects.filter(
        seed_content_type=kind, seed_object_id__in=[row.pk for row in rows], status__in=OPEN
    )
    found = dict(tasks.values_list("seed_object_id", "pk"))
    return [Received(dispatch=row, task=found.get(row.pk)) for row in rows]
