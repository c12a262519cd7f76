"""The demonstration has a crisis that is closed, one that runs, one that nobody assessed, and a drill."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from django.conf import settings as base_settings

from core.actions.reference import Change
from core.enums import CrisisState, DeadlineOutcome
from core.models import Crisis, OutgoingMail, Statement
from tests.walk import ZONE
from workflows import demo_crises
from workflows.crisis.models import Dispatch

FOLDER = Path(base_settings.BASE_DIR) / "fixtures" / "demo"


def test_crises_stand_where_their_rows_say_and_load_once(demonstration: datetime) -> None:
    found = Counter((crisis.state, crisis.is_drill) for crisis in Crisis.objects.all())
    assert found == {
        (CrisisState.CLOSED, False): 1,
        (CrisisState.RUNNING, False): 1,
        (CrisisState.RUNNING, True): 1,
        (CrisisState.DETECTED, False): 1,
    }
    closed = Crisis.objects.get(state=CrisisState.CLOSED)
    clock = closed.deadlines.get()
    assert (clock.citation, clock.due, clock.outcome) == (
        "điểm a khoản 3 Điều 6 Nghị định số 09/2017/NĐ-CP",
        datetime(2026, 5, 14, 6, 55, tzinfo=ZONE),
        DeadlineOutcome.MET,
    )
    assert not Dispatch.objects.filter(report__crisis=closed, acknowledged_at__isnull=True).exists()
    drill = Crisis.objects.get(is_drill=True)
    players = set(drill.players.values_list("email", flat=True))
    mails = OutgoingMail.objects.filter(subject__contains="DIỄN TẬP")
    assert set(mails.values_list("recipient", flat=True)) <= players
    assert not Statement.objects.filter(case=drill.case).exists()

    again = [
        demo_crises.load_past(FOLDER, at=demonstration),
        demo_crises.load_today(FOLDER, at=demonstration),
    ]
    assert [tally.changes for tally in again] == [
        Counter({Change.UNCHANGED: 1}), Counter({Change.UNCHANGED: 3}),
    ]  # fmt: skip
