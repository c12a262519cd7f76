"""One crisis's page: everything noticed, assessed, done, said, reported and reviewed, and what can be done now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import permissions as core_permissions
from core.enums import Codename, CrisisState
from core.errors import NotFound
from core.models import Crisis
from workflows import permissions
from workflows.act_page import reason_why_not
from workflows.crises.rows.board import CrisisView, views_of
from workflows.crises.rows.flow import diagram_of
from workflows.crises.views import acts
from workflows.crisis.queries import board
from workflows.signed_in import Page
from workflows.views.acts import Offer, step_offer
from workflows.views.cases import said_on


class CrisisPage(Page):
    """For whoever sees the case; every version of every text is theirs to read."""

    template_name = "workflows/crises/crisis.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crisis = self.find(kwargs["pk"])
        (view,) = views_of([crisis], at=self.at)
        dispatches = [row for _report, rows in view.reports for row in rows]
        return super().get_context_data(**kwargs) | {
            "crisis": crisis,
            "case": crisis.case,
            "view": view,
            "diagram": diagram_of(crisis),
            "steps": self.steps(view),
            "beside": acts.on_crisis(self, crisis),
            "on_dispatches": acts.on_dispatches(self, dispatches),
            "statements": said_on(crisis.case) if not crisis.is_drill else [],
            "is_ended": crisis.state in (CrisisState.CLOSED, CrisisState.DISMISSED),
            "may_audit": self.may(Codename.AUDIT_CASES, crisis),
        }

    def find(self, pk: int) -> Crisis:
        crisis = board.complete(Crisis.objects.filter(pk=pk)).first()
        if crisis is None:
            raise NotFound(_("There is no such crisis, or it is not open to you."))
        core_permissions.check_can_see(self.person, crisis.case, at=self.at)
        return crisis

    def may(self, codename: Codename, crisis: Crisis) -> bool:
        return core_permissions.allowed(
            core_permissions.check_role, self.person, codename, agency=crisis.agency, at=self.at
        )

    def steps(self, view: CrisisView) -> list[Offer]:
        """The tasks that wait in this crisis here; a recipient's task to acknowledge is the recipient's."""
        return [
            step_offer(
                task,
                person=self.person,
                why=reason_why_not(permissions.check_can_execute, self.person, task, at=self.at),
            )
            for task in view.tasks
            if task.assignment.agency_id == task.assignment.case.agency_id
        ]
