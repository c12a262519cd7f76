"""A new head judges what the earlier one delegated. Until then, and if nobody does, it stays in force."""

from __future__ import annotations

from datetime import datetime

from viewflow.workflow.status import STATUS

from core import clock, events, permissions
from core.actions import mandates
from core.models import Mandate, Person
from core.queries import mandates as mandate_queries
from workflows import base, locks
from workflows.delegation import queries
from workflows.delegation.models import Delegation, DelegationProcess

from .recording import PROCEDURE, record


def new_head(process: DelegationProcess) -> Person | None:
    return process.new_head


def confirm(*, process: DelegationProcess, by: Person, at: datetime) -> None:
    """The new head leaves the delegation in force, and says so."""
    delegation = process.delegation
    permissions.check_heads(by, agency=delegation.agency, at=at)
    mandate = delegation.mandate
    data = {"mandate": mandate.pk if mandate else None, "document_number": delegation.number}
    record(events.DELEGATION_CONFIRMED, delegation=delegation, by=by, at=at, data=data)


def revoke(*, process: DelegationProcess, reason: str, by: Person) -> None:
    """The new head takes it back; the instant is read once the mandate is held."""
    mandate = Mandate.objects.select_related("person", "agency").get(delegation=process.delegation)
    mandate_queries.hold(mandate.person, agency=mandate.agency)
    mandates.revoke(mandate=mandate, by=by, at=clock.now(), reason=reason)


def ask(*, delegation: Delegation, at: datetime) -> bool:
    """Give the head in office the task to judge a delegation that another head signed, until he has judged it."""
    mandate = delegation.mandate
    head = mandate_queries.head_at(delegation.agency, at=at)
    if mandate is None or _is_over(mandate, at=at) or head is None or head.person_id == mandate.signed_by_id:
        return False
    asked = queries.question_to(head.person, delegation)
    if asked is None:
        base.procedure(PROCEDURE).head_changed.run(delegation=delegation, head=head.person)
        return True
    return queries.is_superseded(asked) and _ask_again(asked)


def _ask_again(process: DelegationProcess) -> bool:
    """A head who comes back finds the question he had not answered open again, in its own run."""
    with locks.locked(process.flow_class, process.pk):
        current = DelegationProcess.objects.get(pk=process.pk)
        last = current.task_set.order_by("-pk").first()
        current.status, current.finished = STATUS.NEW, None
        current.save(update_fields=["status", "finished"])
        ended = last.flow_task.activation_class(last)
        node = current.flow_class.instance.node("confirm", no_obsolete=True)
        activation = node._create(ended, last.token)
        if activation.activate.can_proceed():
            activation.activate()
    return True


def close_if_moot(*, delegation: Delegation, at: datetime) -> bool:
    """End the question to a new head where nothing is left to confirm, or where another heads the agency now.

    Its run is held meanwhile; what the head decided in that moment stays.
    """
    task = queries.running(delegation, "confirm")
    if task is None:
        return False
    with locks.locked(task.flow_task.flow_class, task.process_id):
        process = DelegationProcess.objects.select_related("delegation__mandate").get(pk=task.process_id)
        if process.finished is not None or not _is_moot(process, at=at):
            return False
        base.run_to_end(process, end="superseded")
    return True


def _is_moot(process: DelegationProcess, *, at: datetime) -> bool:
    mandate = process.delegation.mandate
    if mandate is None or _is_over(mandate, at=at):
        return True
    head = mandate_queries.head_at(process.delegation.agency, at=at)
    return head is not None and head.person_id != process.new_head_id


def _is_over(mandate: Mandate, *, at: datetime) -> bool:
    return mandate.valid_until is not None and mandate.valid_until <= at
