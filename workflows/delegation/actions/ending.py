"""How a delegation ends: its term, a revocation, the case, the post. The mandate itself compares instants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock, events
from core.actions import mandates
from core.errors import NotAllowedNow
from core.models import Mandate, Person
from core.queries import mandates as mandate_queries
from workflows import base, locks, nodes
from workflows.delegation import queries
from workflows.delegation.models import Delegation, Outcome

from .recording import record


def conclude(activation: Any) -> None:
    """When the term is over, by whatever ended it: take the authority back and name the end. Safe to run twice."""
    delegation = Delegation.objects.select_related("mandate").get(pk=activation.process.delegation_id)
    mandate = delegation.mandate
    assert mandate is not None, "only a signed delegation has a term"
    mandates.lapse(mandate=mandate, at=clock.now())
    delegation.outcome = queries.outcome_of(mandate)
    delegation.save(update_fields=["outcome"])


def revoke(
    *, delegation: Delegation, reason: str, by: Person, effective_from: datetime | None = None
) -> None:
    """The head takes the delegation back. The mandate is held before the instant is read: a release waits or is first.

    Raises NotTheHead, Invalid without a reason, NotAllowedNow where it has ended.
    """
    term = queries.running(delegation, "in_force")
    if term is None:
        raise NotAllowedNow(_("This delegation is not in force; there is nothing to revoke."))
    with locks.locked(term.flow_task.flow_class, term.process_id):
        mandate = Mandate.objects.select_related("person", "agency").get(delegation=delegation)
        mandate_queries.hold(mandate.person, agency=mandate.agency)
        at = clock.now()
        mandates.revoke(mandate=mandate, by=by, at=at, reason=reason, effective_from=effective_from)
        settle(delegation)


def drop_with_case(*, delegation: Delegation, at: datetime) -> bool:
    """Give a delegation up that its closed case left unsigned, its run being locked; whether it was."""
    if delegation.is_signed or delegation.outcome or delegation.case.is_open:
        return False
    process = delegation.processes.earliest("pk")
    step = process.task_set.exclude(status__in=queries.CLOSED).order_by("pk").first()
    delegation.outcome = Outcome.DROPPED
    delegation.save(update_fields=["outcome"])
    process.is_dropped = True
    process.save(update_fields=["is_dropped"])
    data = {"step": step.flow_task.name if step else ""}
    reason = _("The case was closed before the delegation was signed.")
    record(events.DELEGATION_DROPPED, delegation=delegation, by=None, at=at, data=data, reason=reason)
    base.run_to_end(process, end="dropped")
    return True


def settle(delegation: Delegation) -> bool:
    """Let the locked run go on where its term is over; whether it was."""
    term = queries.running(delegation, "in_force")
    return term is not None and nodes.fire(term)
