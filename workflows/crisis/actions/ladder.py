"""The one action that takes the instant: what is due in a crisis by then, once each. Schedule and drill run it."""

from __future__ import annotations

from datetime import datetime

from core.models import Crisis
from workflows.crisis.models import CrisisProcess
from workflows.crisis.queries import reports as queries
from workflows.crisis.rules import ladder as rules
from workflows.locks import held_crisis

from . import climbing, delivering, lateness, papers


def advance(crisis_id: int, *, at: datetime) -> int:
    """Do what is due by the instant; how much it was. Safe to run twice, at once, late, or after a crash.

    All of it is one transaction under the lock of the process: a rung is climbed with its mail and its entry or not at
    all, and what a worker that was down missed is caught up with, each rung once and in its order.
    """
    with held_crisis(Crisis.objects.get(pk=crisis_id)) as held:
        accepted = delivering.note_accepted(held.crisis, at=at)
        delivering.hurry_where_failed(held.crisis, at=at)
        return (
            accepted
            + delivering.pass_on_failed_papers(held.crisis, at=at)
            + climb_due(held.process, at=at)
            + lateness.follow_up(held.process, at=at)
            + papers.open_due(held.process, at=at)
        )


def climb_due(process: CrisisProcess, *, at: datetime) -> int:
    """Climb the rungs that are due, the one due first before the others; climbing may make another one due."""
    count = 0
    while (rung := rules.next_due(queries.due_rungs(process.crisis, at=at), at=at)) is not None:
        climbing.climb(rung, process=process, at=at)
        count += 1
    return count
