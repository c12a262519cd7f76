"""A worker killed between two rungs of the ladder, as a process: after the restart nothing is repeated or forgotten."""

import signal
import subprocess
from collections.abc import Callable
from datetime import datetime

import pytest

from core.models import OutgoingMail
from core.queries.trail import Verification
from tests.walk import make_cast
from tests.workflows.crisis.reports_walk import MINISTRY, POLICE, ReportWalk, make_walk
from workflows.crisis.models import Rung
from workflows.tasks import advance_crises

pytestmark = pytest.mark.django_db(transaction=True)
Process = Callable[..., subprocess.CompletedProcess[str]]

# The schedule's own job. It dies after some rungs of this run, or once all of them are climbed and committed.
KILL_AFTER = """
import os, signal
from workflows import tasks
from workflows.crisis.actions import climbing
climb, left = climbing.climb, [{rungs}]
def die(rung, **given):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    climb(rung, **given)
climbing.climb = die
tasks.advance_crises()
os.kill(os.getpid(), signal.SIGKILL)
"""
OURS = ["phone", "chief_of_office", "deputy_head", "head"]


@pytest.fixture
def walk(set_clock: Callable[[datetime], None]) -> ReportWalk:
    """Two bodies were told, the police by phone at once; one more rung was climbed by an earlier run."""
    walk = make_walk(make_cast(), set_clock, [MINISTRY, POLICE])
    walk.send()
    walk.pass_time(minutes=30)
    advance_crises()
    return walk


@pytest.mark.parametrize(
    "rungs", [0, 1, 4, 99], ids=["at once", "after one", "after four", "after the commit"]
)
def test_a_worker_killed_as_a_process_repeats_nothing_and_forgets_nothing(
    walk: ReportWalk, in_another_process: Process, rungs: int
) -> None:
    before = state(walk)
    walk.pass_time(hours=3)

    killed = in_another_process(KILL_AFTER.format(rungs=rungs))

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if rungs < 99:
        assert state(walk) == before
    advance_crises()
    advance_crises()
    assert walk.climbed(walk.dispatch(walk.ministry)) == ["resend", "next_contact", *OURS]
    assert walk.climbed(walk.dispatch(walk.police)) == OURS
    entries = walk.entries("crisis_report.rung_climbed")
    assert len({(entry.data["dispatch"], entry.data["rung"]) for entry in entries}) == len(entries) == 10
    assert walk.crisis.steps.filter(origin="phone").count() == 2
    assert OutgoingMail.objects.filter(key__endswith=":report").count() == 3
    assert Rung.objects.filter(climbed_at__isnull=True, due_at__lte=walk.at).count() == 0
    assert list(Verification().findings()) == []


def state(walk: ReportWalk) -> tuple[int, int, int]:
    return (
        Rung.objects.filter(climbed_at__isnull=False).count(),
        OutgoingMail.objects.count(),
        len(walk.entries("crisis_report.rung_climbed")),
    )
