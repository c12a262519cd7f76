"""Every entry of this procedure names its crisis, its version and the law of its instant the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.errors import Invalid
from core.models import Crisis, Mandate, Person, RuleSet, TrailEntry
from core.rules.deadlines import local_day
from workflows import base
from workflows.crisis.models import CrisisProcess

PROCEDURE = "crisis"


def record(
    event: events.Event,
    *,
    crisis: Crisis,
    by: Person | None,
    at: datetime,
    subject: Model | None = None,
    data: Mapping[str, trail.Value] | None = None,
    reason: str = "",
    mandate: Mandate | None = None,
    occurred_at: datetime | None = None,
) -> TrailEntry:
    """Write an entry about a crisis into the stream of its case; of a drill the entry says so."""
    rule_set = RuleSet.objects.at(local_day(at)).first()
    about: dict[str, trail.Value] = {
        "crisis": crisis.pk,
        "reference": crisis.reference,
        "drill": crisis.is_drill,
    }
    return trail.record(
        event, case=crisis.case, by=by, at=at, subject=subject or crisis, data=about | dict(data or {}),
        reason=reason, mandate=mandate, occurred_at=occurred_at, rule_set=rule_set.code if rule_set else "",
        procedure=PROCEDURE, procedure_version=pinned_version(crisis),
    )  # fmt: skip


def pinned_version(crisis: Crisis) -> str:
    """The version of the procedure under which the crisis is handled, or is being taken up."""
    process = CrisisProcess.objects.filter(crisis=crisis).first()
    return process.definition_version if process else base.procedure(PROCEDURE).version


def check_reason(reason: str) -> str:
    """The reason without its margins. Raises Invalid where there is none."""
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )
    return reason.strip()
