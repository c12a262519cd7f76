from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as base_settings
from viewflow.workflow.models import Task

from core.actions.reference import Change, read_rows
from core.models import Inquiry
from workflows import demo_cases

FOLDER = Path(base_settings.BASE_DIR) / "fixtures" / "demo"
pytestmark = pytest.mark.usefixtures("demonstration")


def standing(inquiry: Inquiry) -> str:
    """The step or gate an inquiry waits at, or the outcome it reached."""
    task = Task.objects.filter(process__in=inquiry.processes.all(), finished__isnull=True).first()
    return task.flow_task.name if task else inquiry.outcome


def test_each_demo_inquiry_stands_where_its_row_says() -> None:
    rows = [*read_rows(FOLDER / "cases.json"), *read_rows(FOLDER / "refusals.json")]
    expected = {row["subject"]: row["stage"] for row in rows}

    assert {inquiry.subject: standing(inquiry) for inquiry in Inquiry.objects.all()} == expected
    assert not Inquiry.objects.filter(is_demo=False).exists()


def test_joined_inquiries_share_a_case_and_loading_again_opens_none() -> None:
    rows = {row["code"]: row for row in read_rows(FOLDER / "cases.json")}
    first, joined = (Inquiry.objects.get(subject=rows[code]["subject"]) for code in ("demo-01", "demo-02"))

    again = demo_cases.load(FOLDER, at=first.created_at)

    assert first.case == joined.case
    assert again.changes == Counter({Change.UNCHANGED: len(rows)})
