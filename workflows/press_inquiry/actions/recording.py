"""Every entry of this procedure names its inquiry, its version and the instant the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core import events
from core.actions import trail
from core.models import Inquiry, Mandate, Person, TrailEntry
from core.queries import law
from workflows import base

PROCEDURE = "press_inquiry"


def record(
    event: events.Event,
    *,
    inquiry: Inquiry,
    by: Person | None,
    at: datetime,
    version: str = "",
    data: Mapping[str, trail.Value] | None = None,
    reason: str = "",
    mandate: Mandate | None = None,
    object_hash: str = "",
    occurred_at: datetime | None = None,
) -> TrailEntry:
    """Write an entry about an inquiry into the stream of its case."""
    return trail.record(
        event,
        case=inquiry.case,
        by=by,
        at=at,
        subject=inquiry,
        data={"inquiry": inquiry.pk, "reference": inquiry.reference, **(data or {})},
        reason=reason,
        mandate=mandate,
        object_hash=object_hash,
        occurred_at=occurred_at,
        rule_set=_rule_set(inquiry, at=at),
        procedure=PROCEDURE,
        procedure_version=version or pinned_version(inquiry),
    )


def _rule_set(inquiry: Inquiry, *, at: datetime) -> str:
    """Every entry keeps the law it was made under."""
    rule_set = law.governing(inquiry, at=at)
    return rule_set.code if rule_set else ""


def pinned_version(inquiry: Inquiry) -> str:
    """The version of the procedure under which the inquiry's latest run was started, or is being started."""
    process = inquiry.processes.order_by("-pk").first()
    return process.definition_version if process else base.procedure(PROCEDURE).version
