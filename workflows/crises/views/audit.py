"""The auditors' page of crises: clocks, stand-downs with their reasons, reports that nobody acknowledged."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from workflows.crises.forms.audit import CrisisFilterForm
from workflows.crises.rows import audit
from workflows.crises.rows.audit import Asked, Crises
from workflows.signed_in import Page
from workflows.views.audit import audited_agencies, check_audits_somewhere
from workflows.views.cases import PER_PAGE

LIST = "danh-sach"


class AuditedCrises(Page):
    """Every crisis of the agencies where the person audits; each number opens the crises behind it."""

    template_name = "workflows/audit/crises.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_audits_somewhere(self)
        agencies = audited_agencies(self).order_by("name")
        filters = CrisisFilterForm(self.request.GET, agencies=agencies)
        shown = self.found(audit.of_agencies(agencies), filters.asked) if filters.is_valid() else {}
        return super().get_context_data(**kwargs) | {"filters": filters, **shown}

    def found(self, everything: Crises, asked: Asked) -> dict[str, Any]:
        rows = audit.narrowed(everything, asked, at=self.at)
        page = Paginator(audit.listed(rows), PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "rows": audit.rows_of(page.object_list, at=self.at),
            "query": self.narrowed_by(),
            "is_narrowed": asked != Asked(),
            "kinds": [
                {"kind": kind, "number": number, "address": self.address(number, kind.code)}
                for kind, number in audit.of_each_kind(rows, at=self.at)
            ],
        }

    def address(self, number: int, show: str) -> str:
        return f"?{self.narrowed_by(show=show)}#{LIST}" if number else ""

    def narrowed_by(self, **choice: str) -> str:
        """What the page is narrowed to already, and this choice, as it stands in an address."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in choice.items():
            query[name] = value
        return query.urlencode()
