"""The demonstration's refusals: June 2026 on each ground of the Press Law 2016, and today's at different steps."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as base_settings
from viewflow.workflow.models import Task

from core import clock
from core.actions.reference import Change, read_rows
from core.models import Agency
from documents.models import IssuedDocument
from workflows import demo_refusals
from workflows.base import OPEN
from workflows.refusal.models import Reconsideration, Refusal, RefusalDecision

FOLDER = Path(base_settings.BASE_DIR) / "fixtures" / "demo"
OLD, NEW = "Luật Báo chí số 103/2016/QH13 ngày 05/04/2016", "Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(demonstration: datetime) -> dict[str, str]:
    """The codes of the demonstration's refusals by the subjects of their inquiries."""
    return {row["subject"]: row["code"] for row in read_rows(FOLDER / "refusals.json")}


def standing(refusal: Refusal) -> str:
    """What its run waits for, or what has become of it."""
    waiting = Task.objects.filter(
        process__refusalprocess__refusal=refusal, status__in=OPEN, assignment__isnull=False
    ).first()
    return waiting.flow_task.name if waiting else refusal.state


def of_june(decision: RefusalDecision) -> bool:
    local = decision.decided_at.astimezone(clock.ZONE)
    return (local.year, local.month) == (2026, 6)


def test_june_is_decided_on_each_ground_of_2016_and_today_stands_at_different_steps(
    rows: dict[str, str], demonstration: datetime
) -> None:
    refusals = {rows[each.inquiry.subject]: each for each in Refusal.objects.all()}
    decided = {rows[each.refusal.inquiry.subject]: each for each in RefusalDecision.objects.all()}

    assert {code: standing(refusal) for code, refusal in refusals.items()} == {
        "tu-choi-2016-a": "decided", "tu-choi-2016-b": "decided", "tu-choi-2016-c": "lapsed",
        "tu-choi-2016-d": "decided", "tu-choi-a": "review", "tu-choi-b": "decide", "tu-choi-c": "sign",
        "tu-choi-chuyen": "decided", "tu-choi-xem-xet": "decided",
    }  # fmt: skip
    june = {code: each.citation for code, each in decided.items() if of_june(each)}
    assert june == {f"tu-choi-2016-{point}": f"điểm {point} khoản 2 Điều 38 {OLD}" for point in "abcd"}
    assert {code: each.citation for code, each in decided.items() if not of_june(each)} == {
        "tu-choi-c": f"điểm c khoản 2 Điều 31 {NEW}", "tu-choi-chuyen": "", "tu-choi-xem-xet": "",
    }  # fmt: skip
    assert decided["tu-choi-xem-xet"].decided_by.username == "mau.giamdoc"
    back, look = refusals["tu-choi-2016-c"].bring_back, Reconsideration.objects.get()
    assert (back.done_at is not None, refusals["tu-choi-2016-c"].question.outcome) == (True, "answered")
    assert (look.refusal, look.result) == (refusals["tu-choi-2016-d"], "upheld")
    assert look.statement is not None
    own = {code for code, each in refusals.items() if each.has_own_letter}
    assert own == {"tu-choi-2016-b", "tu-choi-2016-d", "tu-choi-c", "tu-choi-xem-xet"}
    documents = IssuedDocument.objects.filter(agency__code="SNV-MAU", number__isnull=False)
    numbered = list(documents.order_by("number"))
    assert numbered == sorted(numbered, key=lambda document: (document.issued_on, document.number))
    assert {agency.code for agency in Agency.objects.filter(may_withhold=True)} == {"SNV-MAU"}
    assert clock.now() == demonstration

    again = [load(FOLDER, at=clock.now()) for load in (demo_refusals.load_past, demo_refusals.load_today)]

    assert [tally.changes for tally in again] == [
        Counter({Change.UNCHANGED: 4}), Counter({Change.UNCHANGED: 5}),
    ]  # fmt: skip


def test_before_june_is_over_nothing_of_it_is_told_and_the_clock_is_set_back_for_a_demonstration_alone(
    settings: Any,
) -> None:
    at = datetime.fromisoformat("2026-06-03T08:00:00+07:00")

    assert demo_refusals.load_past(FOLDER, at=at).changes == Counter()
    settings.DEMO = False
    with pytest.raises(RuntimeError, match="DEMO is off"), clock.told_back():
        pass


def test_the_days_of_june_are_told_in_office_hours_of_monday_to_friday() -> None:
    friday_evening = datetime.fromisoformat("2026-06-05T16:31:00+07:00")

    assert demo_refusals._in_office_hours(friday_evening).isoformat() == "2026-06-08T08:30:00+07:00"
