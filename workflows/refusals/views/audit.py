"""The auditors' page of refusals: counted by ground, agency, person, unit and month; each number opens its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from workflows.refusals import audit as queries
from workflows.refusals.audit import Asked, Counted, Decisions, Kind
from workflows.refusals.audit_forms import RefusalFilterForm
from workflows.signed_in import Page
from workflows.views.audit import audited_agencies, check_audits_somewhere
from workflows.views.cases import PER_PAGE

LIST = "danh-sach"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A number with the address of the decisions behind it; a nought has none."""

    label: str
    number: int
    address: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """The decisions counted in one way."""

    title: str
    icon: str
    lines: Sequence[Line]


class Refusals(Page):
    """Every decision not to answer, in the cases of the agencies where the person audits."""

    template_name = "workflows/audit/refusals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        check_audits_somewhere(self)
        agencies = audited_agencies(self).order_by("name")
        everything = queries.decided_in(agencies)
        offered = queries.offered(everything, agencies)
        filters = RefusalFilterForm(self.request.GET, offered=offered)
        shown = self.found(everything, filters.asked) if filters.is_valid() else {}
        return super().get_context_data(**kwargs) | {"filters": filters, **shown}

    def found(self, everything: Decisions, asked: Asked) -> dict[str, Any]:
        rows = queries.narrowed(everything, asked, at=self.at)
        page = Paginator(queries.listed(rows), PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "query": self.narrowed_by({}),
            "is_narrowed": asked != Asked(),
            "tables": self.tables(queries.counts(rows, asked)),
            "kinds": [self.kind(*each) for each in queries.of_each_kind(rows, at=self.at)],
        }

    def tables(self, counts: queries.Counts) -> list[Table]:
        return [
            Table(title=_("By ground or outcome"), icon="scale", lines=self.lines(counts.grounds)),
            Table(title=_("By agency"), icon="landmark", lines=self.lines(counts.agencies)),
            Table(title=_("By who decided"), icon="user", lines=self.lines(counts.people)),
            Table(title=_("By lead unit"), icon="users", lines=self.lines(counts.units)),
            Table(title=_("By month of the decision"), icon="calendar-days", lines=self.lines(counts.months)),
        ]

    def lines(self, counted: Sequence[Counted]) -> list[Line]:
        return [
            Line(label=each.label, number=each.number, address=self.address(each.number, each.choice))
            for each in counted
        ]

    def kind(self, kind: Kind, number: int) -> dict[str, Any]:
        return {"kind": kind, "number": number, "address": self.address(number, {"show": kind.code})}

    def address(self, number: int, choice: Mapping[str, str]) -> str:
        return f"?{self.narrowed_by(choice)}#{LIST}" if number else ""

    def narrowed_by(self, choice: Mapping[str, str]) -> str:
        """What the page is narrowed to already, and this choice, as it stands in an address."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in choice.items():
            query[name] = value
        return query.urlencode()
