"""Every entry of this procedure names its refusal, its version and the law of its instant the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.errors import Invalid
from core.models import Mandate, Person, TrailEntry
from core.queries import law
from workflows import base
from workflows.refusal.models import Refusal

PROCEDURE = "refusal"


def record(
    event: events.Event,
    *,
    refusal: Refusal,
    by: Person | None,
    at: datetime,
    data: Mapping[str, trail.Value] | None = None,
    reason: str = "",
    mandate: Mandate | None = None,
    occurred_at: datetime | None = None,
) -> TrailEntry:
    """Write an entry about a refusal into the stream of its case."""
    inquiry = refusal.inquiry
    rule_set = law.governing(inquiry, at=at)
    about: dict[str, trail.Value] = {
        "inquiry": inquiry.pk,
        "reference": inquiry.reference,
        "refusal": refusal.pk,
        "question": refusal.question.number,
    }
    return trail.record(
        event, case=inquiry.case, by=by, at=at, subject=refusal, data=about | dict(data or {}), reason=reason,
        mandate=mandate, occurred_at=occurred_at, rule_set=rule_set.code if rule_set else "",
        procedure=PROCEDURE, procedure_version=pinned_version(refusal),
    )  # fmt: skip


def pinned_version(refusal: Refusal) -> str:
    """The version of the procedure under which the refusal's latest run was started, or is being started."""
    process = refusal.processes.order_by("-pk").first()
    return str(process.definition_version) if process else base.procedure(PROCEDURE).version


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )
