"""One delegation: what it says, where it stands, what can be done."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core import clock, permissions
from core.enums import Codename
from core.models import Person
from workflows.delegation import queries
from workflows.delegation.models import Delegation

from .acts import delegation_or_404


class DelegationPage(LoginRequiredMixin, TemplateView):
    template_name = "workflows/delegation/delegation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.at = clock.now()
        delegation = delegation_or_404(kwargs["pk"])
        permissions.check_can_see(self.person, delegation.case, at=self.at)
        steps = queries.open_steps(delegation.case).get(delegation.pk, [])
        return super().get_context_data(**kwargs) | {
            "delegation": delegation,
            "case": delegation.case,
            "agency": delegation.agency,
            "mandate": delegation.mandate,
            "ends": list(delegation.mandate.ends.select_related("recorded_by")) if delegation.mandate else [],
            "state": queries.state_of(delegation, at=self.at),
            "outcome_label": delegation.get_outcome_display() or _("Ended"),
            "document": queries.letter(delegation),
            "questions": list(delegation.questions.select_related("inquiry")),
            "steps": steps,
            "waits_for_number": queries.waiting_for_its_number(delegation) is not None,
            "may_number": self._may(Codename.ENTER_NUMBER, delegation),
            "may_revoke": self._may(Codename.DELEGATE_SPEAKING, delegation)
            and delegation.mandate is not None
            and not delegation.outcome,
        }

    @property
    def person(self) -> Person:
        return cast(Person, self.request.user)

    def _may(self, right: Codename, delegation: Delegation) -> bool:
        return permissions.allowed(
            permissions.check_role, self.person, right, agency=delegation.agency, at=self.at
        )
