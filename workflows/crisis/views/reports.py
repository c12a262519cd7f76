"""The five lines go out; a recipient in the system acknowledges."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename, ReportKind
from core.errors import Conflict
from core.models import Crisis
from core.queries.mandates import post_title
from core.rules.mandates import in_words
from workflows.base import Step
from workflows.crisis import queries
from workflows.crisis.actions import acknowledging, delivering, reports
from workflows.crisis.forms.reports import ConfirmForm, SendReportForm
from workflows.crisis.models import Dispatch
from workflows.crisis.queries.reports import latest_report

from .step import CrisisStepView


def proposed_lines(crisis: Crisis) -> dict[str, str]:
    """What the five lines propose: those of the last report, else what was noticed."""
    last = latest_report(crisis)
    if last is not None:
        return vars(reports.lines_of(last)).copy()
    seen = crisis.published_at or crisis.detected_at
    return {"what": crisis.title, "where": crisis.address, "when": in_words(seen)}


class SendReport(CrisisStepView):
    template_name = "workflows/crisis/report.html"
    form_class = SendReportForm
    done_message = gettext_lazy(
        "The report is sent. Until somebody there acknowledges, the ladder keeps us at it."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"crisis": self.crisis, "at": self.at}

    def suggested(self) -> dict[str, Any]:
        return proposed_lines(self.crisis)

    def perform(self, step: Step, form: Any) -> None:
        reports.send(
            process=step.process, kind=ReportKind.FIRST, lines=form.lines(), by=step.by, at=step.at,
            step=step.task.seed, late_reason=form.cleaned_data["late_reason"], left_out=form.parts_left_out(),
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        is_late = self.row.due is not None and self.at > self.row.due
        return context | {"targets": context["form"].targets, "is_late": is_late}


class Acknowledge(CrisisStepView):
    """Shows the report and from whom it is; the case, and all else of the crisis, stays the sender's."""

    template_name = "workflows/crisis/acknowledge.html"
    form_class = ConfirmForm
    done_message = gettext_lazy("Acknowledged. The agency that reported sees your name, post and time.")
    row: Dispatch

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._note_opened()
        return super().get(request, *args, **kwargs)

    def _note_opened(self) -> None:
        """The first time somebody of the recipient opens the task, the report counts as delivered."""
        if not self.is_open or self.row.delivered_at is not None:
            return
        agency = queries.recipient(self.row)
        may = permissions.allowed(
            permissions.check_role, self.person, Codename.ACKNOWLEDGE_REPORT, agency=agency, at=self.at
        )
        if may:
            try:
                delivering.open_task(self.row, by=self.person)
            except Conflict:
                return  # Somebody is at the crisis now; opened again, the page tells it then.

    def suggested(self) -> dict[str, Any]:
        post = post_title(self.person, agency=queries.recipient(self.row), at=self.at)
        return {"name": self.person.full_name, "post": post}

    def perform(self, step: Step, form: Any) -> None:
        acknowledging.by_task(
            process=step.process, task=step.task, dispatch=step.task.seed, confirmed=form.confirmed(), by=step.by,
            at=step.at,
        )  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("crisis_received")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dispatch = self.row
        return super().get_context_data(**kwargs) | {
            "dispatch": dispatch,
            "report": dispatch.report,
            "sender": dispatch.agency,
            "acknowledgements": list(dispatch.acknowledgements.all()),
            "eyebrow": _("Report of %(agency)s") % {"agency": dispatch.agency.name},
        }
