"""A further statement on a crisis: an update, or something new to say."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename
from core.errors import NotFound
from core.models import Agency, Crisis
from workflows.act_page import ActPage
from workflows.crisis.actions import statements
from workflows.crisis.forms.statements import OpenForm


class OpenStatement(ActPage):
    template_name = "workflows/crises/joint_act.html"
    form_class = OpenForm
    codename = Codename.DRAFT_STATEMENT
    title = gettext_lazy("Open a further statement")
    lead = gettext_lazy(
        "An update, or something new to say. It is drafted, cleared and released like the first one."
    )
    submit = gettext_lazy("Open it")
    done_message = gettext_lazy("Opened. Drafting it is the next step.")
    crisis: Crisis

    def find(self, pk: int) -> None:
        crisis = Crisis.objects.select_related("agency", "case__agency").filter(pk=pk).first()
        if crisis is None:
            raise NotFound(_("There is no such crisis, or it is not open to you."))
        permissions.check_can_see(self.person, crisis.case, at=self.at)
        self.crisis = crisis

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    def check_situation(self) -> None:
        statements.check_can_be_opened(self.crisis)

    def perform(self, form: Any) -> None:
        statements.open_beside(crisis=self.crisis, form=form.cleaned_data["form"], by=self.person)

    def get_success_url(self) -> str:
        return reverse("case", args=[self.crisis.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "crisis": self.crisis,
            "eyebrow": self.crisis.reference,
            "back_url": self.get_success_url(),
        }
