"""One act on one case, on a page of its own, outside any step."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import permissions
from core.errors import NotFound
from core.models import Agency, Case
from workflows.act_page import ActPage


class CaseAct(ActPage):
    """`perform` may say where to go next; the case page otherwise."""

    template_name = "workflows/pages/case_act.html"
    case: Case
    next_address = ""

    def find(self, pk: int) -> None:
        self.case = self.find_case(pk)
        permissions.check_can_see(self.person, self.case, at=self.at)

    def find_case(self, pk: int) -> Case:
        case = Case.objects.select_related("agency__parent").filter(pk=pk).first()
        if case is None:
            raise NotFound(_("There is no such case, or it is not open to you."))
        return case

    @property
    def agency(self) -> Agency:
        return self.case.agency

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"case": self.case}

    def get_success_url(self) -> str:
        return self.next_address or reverse("case", args=[self.case.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"case": self.case}
