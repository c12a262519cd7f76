"""The steps of the paper of a report: signed by whom it names, stamped by the clerk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.base import Step
from workflows.crisis.actions import papers
from workflows.crisis.forms.papers import EndorseForm
from workflows.crisis.models import ReportPaper

from .step import CrisisStepView


class PaperStep(CrisisStepView):
    """Exactly the bytes whose hash the page showed are signed or stamped."""

    form_class = EndorseForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ReportPaper.objects.select_related("report", "document", "signer")
        paper = rows.prefetch_related("document__endorsements__by", "report__dispatches__recipient").get(
            pk=self.row.pk
        )
        told = [each.recipient for each in paper.report.dispatches.all() if each.paper == paper.kind]
        return super().get_context_data(**kwargs) | {
            "paper": paper,
            "report": paper.report,
            "document": paper.document,
            "recipients": told,
        }


class SignPaper(PaperStep):
    template_name = "workflows/crisis/sign_paper.html"
    done_message = _("Signed. The clerk now applies the agency's signature.")

    def perform(self, step: Step, form: Any) -> None:
        papers.sign(paper=self.row, pdf_sha256=form.cleaned_data["pdf_sha256"], by=step.by, at=step.at)


class StampPaper(PaperStep):
    template_name = "workflows/crisis/stamp_paper.html"
    done_message = _("The agency's signature is applied. The paper goes to its recipients.")

    def perform(self, step: Step, form: Any) -> None:
        seen = form.cleaned_data["pdf_sha256"]
        papers.stamp(process=step.process, paper=self.row, pdf_sha256=seen, by=step.by, at=step.at)
