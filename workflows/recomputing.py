"""After a calendar is published: the open deadlines it touches are computed anew, one by one."""

from __future__ import annotations

import logging

from core import jobs
from core.actions import deadlines
from core.errors import Conflict
from core.models import Deadline
from core.queries import deadlines as queries
from workflows import locks

log = logging.getLogger(__name__)


def recompute_open() -> int:
    """How many moved. Each in its own transaction, under the lock that people's acts on what it is owed on take.

    One that somebody is working on right now is left for the next run, a minute later.
    """
    return jobs.for_each(queries.to_recompute(), _recompute)


def _recompute(deadline_id: int) -> bool:
    deadline = Deadline.objects.select_related("inquiry", "crisis").get(pk=deadline_id)
    try:
        with locks.held_for(deadline) as at:
            return deadlines.recompute(deadline_id, at=at)
    except Conflict:
        log.warning("The deadline %s is busy; it is computed at the next run.", deadline_id)
        return False
