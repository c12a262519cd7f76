"""Once a minute, at every hour: what is due in each crisis, in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime

from core import jobs
from core.errors import Conflict
from workflows.crisis.actions import ladder
from workflows.crisis.queries import reports as queries

log = logging.getLogger(__name__)


def sweep(*, at: datetime) -> int:
    """How much was done. A crisis that fails holds up no other; one that is busy comes in the next run."""
    return jobs.for_each(queries.advanced_by(at), lambda pk: _advance(pk, at=at))


def _advance(crisis_id: int, *, at: datetime) -> int:
    try:
        return ladder.advance(crisis_id, at=at)
    except Conflict:
        log.warning("The crisis %s is busy; what is due in it comes in the next run.", crisis_id)
        return 0
