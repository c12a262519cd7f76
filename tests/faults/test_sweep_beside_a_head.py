"""The sweep beside a new head who is just judging: it waits for him, and what he decided stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from django.db import connections

from core.models import TrailEntry
from tests.walk import Cast
from tests.workflows.delegation.test_sweep import becomes_head
from tests.workflows.delegation.walk import MONDAY, WEDNESDAY, DelegationWalk
from workflows import base, delegations, locks
from workflows.delegation.actions import confirming
from workflows.delegation.models import DelegationProcess

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT, LONG = 0.7, 20


def swept() -> int:
    try:
        return delegations.sweep()
    finally:
        connections.close_all()


def test_the_sweep_waits_for_a_head_who_is_judging_and_leaves_what_he_decided(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = DelegationWalk(cast, set_clock)
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + timedelta(hours=1))
    becomes_head(walk, cast.deputy)
    delegations.sweep()
    task = walk.task("confirm")
    walk.now(WEDNESDAY + timedelta(hours=1))
    delegation = walk.delegation
    run = DelegationProcess.objects.get(new_head=cast.deputy)

    with ThreadPoolExecutor(1) as pool:
        with locks.locked(run.flow_class, run.pk):
            sweep = pool.submit(swept)
            Event().wait(A_MOMENT)
            waited = not sweep.done()
            base.execute(
                task.pk,
                by=cast.deputy,
                perform=lambda step: confirming.confirm(process=step.process, by=step.by, at=step.at),
            )
        sweep.result(timeout=LONG)

    run.refresh_from_db()
    ends = [each.flow_task.name for each in run.task_set.filter(flow_task_type="END")]
    assert waited
    assert ends == ["confirmed"]
    assert TrailEntry.objects.filter(type="delegation.confirmed").count() == 1
    assert not confirming.close_if_moot(delegation=delegation, at=walk.at)
