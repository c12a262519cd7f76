"""Every entry of this procedure names its delegation, its version and the law of its instant the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.errors import Invalid
from core.models import Person, RuleSet, TrailEntry
from core.rules.deadlines import local_day
from workflows import base
from workflows.delegation.models import Delegation

PROCEDURE = "delegation"


def record(
    event: events.Event,
    *,
    delegation: Delegation,
    by: Person | None,
    at: datetime,
    data: Mapping[str, trail.Value] | None = None,
    reason: str = "",
    occurred_at: datetime | None = None,
) -> TrailEntry:
    """Write an entry about a delegation into the stream of its case."""
    case = delegation.case
    rule_set = RuleSet.objects.at(local_day(at)).first()
    about: dict[str, trail.Value] = {
        "case": case.pk,
        "reference": case.reference,
        "delegation": delegation.pk,
    }
    return trail.record(
        event, case=case, by=by, at=at, subject=delegation, data=about | dict(data or {}), reason=reason,
        occurred_at=occurred_at, rule_set=rule_set.code if rule_set else "", procedure=PROCEDURE,
        procedure_version=pinned_version(delegation),
    )  # fmt: skip


def pinned_version(delegation: Delegation) -> str:
    """The version of the procedure under which the delegation's latest run was started, or is being started."""
    process = delegation.processes.order_by("-pk").first()
    return str(process.definition_version) if process else base.procedure(PROCEDURE).version


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )
