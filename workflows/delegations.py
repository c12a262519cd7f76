"""Once a minute: terms that are over, cases closed, heads that changed. Nothing depends on its being on time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from core import clock, jobs
from core.errors import Conflict
from workflows import locks
from workflows.delegation import queries
from workflows.delegation.actions import confirming, ending
from workflows.delegation.models import Delegation

log = logging.getLogger(__name__)


def sweep() -> int:
    """How many went on: each in transactions of its own under the lock of its run; a busy one waits a minute."""
    return jobs.for_each(queries.unsettled(at=clock.now()), _settle)


def _settle(delegation_id: int) -> int:
    try:
        return _went_on(delegation_id) + _closed_question(delegation_id) + _asked(delegation_id)
    except Conflict:
        log.warning("The delegation %s is busy; it is looked at in the next run.", delegation_id)
        return 0


def _went_on(delegation_id: int) -> int:
    with _held(delegation_id) as delegation:
        return ending.settle(delegation) + ending.drop_with_case(delegation=delegation, at=clock.now())


def _closed_question(delegation_id: int) -> int:
    """In a transaction of its own: a head who is judging holds that run first and the mandate afterwards."""
    return confirming.close_if_moot(delegation=Delegation.objects.get(pk=delegation_id), at=clock.now())


def _asked(delegation_id: int) -> int:
    with _held(delegation_id) as delegation:
        return confirming.ask(delegation=delegation, at=clock.now())


@contextmanager
def _held(delegation_id: int) -> Iterator[Delegation]:
    """The delegation as it is under the lock of its first run."""
    rows = Delegation.objects.select_related("mandate__signed_by", "case__agency__parent")
    run = rows.get(pk=delegation_id).processes.earliest("pk")
    with locks.locked(run.flow_class, run.pk):
        yield rows.get(pk=delegation_id)
