"""Where noting a possible crisis begins, and the crises a case has."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from core.models import Case, Crisis
from workflows.crises.rows.board import CrisisView
from workflows.crisis.queries import board


def detect_address(*, inquiry: int | None = None, case: int | None = None) -> str:
    """The page on which it is noted, of an inquiry or under a case."""
    about = {"yeu-cau": inquiry, "vu-viec": case}
    query = urlencode({name: pk for name, pk in about.items() if pk is not None})
    return f"{reverse('crisis_detect')}?{query}" if query else reverse("crisis_detect")


def of_case(case: Case, *, at: datetime) -> list[CrisisView]:
    """The crises of a case, the latest noticed first."""
    rows = board.listed(Crisis.objects.filter(case=case)).order_by("-detected_at", "-pk")
    return [CrisisView(row, at=at, holders={}) for row in rows]
