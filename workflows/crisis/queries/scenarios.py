"""How far the signs that were seen speak for each scenario of the day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from core.models import Crisis
from workflows.crisis.models import PlaybookSign
from workflows.crisis.rules import matching

from . import playbooks


def ranked(crisis: Crisis, *, ticked: Collection[PlaybookSign], on: date) -> list[dict[str, Any]]:
    """The scenarios in force, best first, as they are shown and kept; the topic is that of the inquiry, if any."""
    topic = crisis.inquiry.topic_id if crisis.inquiry else None
    return matching.rank(
        playbooks.scenarios(playbooks.in_force(crisis.agency, on)),
        ticked=[sign.pk for sign in ticked],
        topics=[topic] if topic else [],
    )
