"""How a delegation begins: somebody reports or proposes, a letter on paper is filed, the head changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import casefile
from core.enums import Codename
from core.errors import Invalid, NotAllowedNow
from core.models import Case, Person
from core.rules import text
from workflows import base
from workflows.delegation import permissions as own_permissions
from workflows.delegation.models import Delegation, DelegationProcess, Origin

from .recording import PROCEDURE, record

REQUEST_LIMIT = 2_000


def report(*, case: Case, request: str, by: Person) -> Delegation:
    """A spokesperson who cannot speak reports it; the head then delegates somebody (Decree 244/2026 art 3.4)."""

    def perform(step: base.Step) -> None:
        mandate = own_permissions.check_can_report(by, case, at=step.at)
        _open(step, case, Origin.REPORT, request, data={"mandate": mandate.pk})

    return _started("report", by=by, perform=perform)


def propose(*, case: Case, request: str, by: Person) -> Delegation:
    """Somebody of the agency proposes that the head delegate."""
    return _started("propose", by=by, perform=lambda step: _open(step, case, Origin.PROPOSAL, request))


def _started(node: str, *, by: Person, perform: Any) -> Delegation:
    delegation: Delegation = base.start(PROCEDURE, node, by=by, perform=perform).process.delegation
    return delegation


def _open(
    step: base.Step, case: Case, origin: Origin, request: str, *, data: dict[str, Any] | None = None
) -> Delegation:
    if origin != Origin.REPORT:
        permissions.check_role(step.by, Codename.DRAFT_DELEGATION, agency=case.agency, at=step.at)
    wording = text.clean_text(request, limit=REQUEST_LIMIT)
    if origin == Origin.REPORT and not wording:
        raise Invalid(
            _("Say why you cannot speak. What you typed is kept."), fields={"request": _("Say why.")}
        )
    delegation = begin(step, case=case, origin=origin, request=wording)
    event = events.DELEGATION_REPORTED if origin == Origin.REPORT else events.DELEGATION_PROPOSED
    record(event, delegation=delegation, by=step.by, at=step.at, data=data, reason=wording)
    return delegation


def begin(step: base.Step, *, case: Case, origin: Origin, request: str = "", **facts: Any) -> Delegation:
    """Bind a new run to a new delegation of an open case that the person may see."""
    permissions.check_can_see(step.by, case, at=step.at)
    current = Case.objects.select_related("agency__parent").get(pk=case.pk)
    if not current.is_open:
        raise NotAllowedNow(
            _("The case %(reference)s is closed, so nobody is delegated for it.")
            % {"reference": current.reference}
        )
    delegation = Delegation.objects.create(
        case=current, origin=origin, opened_by=step.by, opened_at=step.at, request=request, **facts
    )
    bind(step.process, delegation)
    return delegation


def bind(process: Any, delegation: Delegation) -> None:
    """Pin the version of the procedure under which the run was started."""
    process.delegation = delegation
    process.definition_version = process.flow_class.version


def ask_new_head(activation: Any, *, delegation: Delegation, head: Person) -> DelegationProcess:
    """Start the run in which a new head judges a delegation of the earlier one. It stays in force meanwhile.

    The head takes part in the case from now on: he could not open the step of a restricted one otherwise.
    """
    process: DelegationProcess = activation.process
    bind(process, delegation)
    process.new_head = head
    process.save()
    casefile.involve(case=delegation.case, person=head)
    return process
