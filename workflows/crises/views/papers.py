"""What is done about the paper of a report outside its steps: the number from the office's own document system."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.enums import Codename
from core.errors import NotAllowedNow, NotFound
from core.models import Case
from documents.actions.issuing import EnteredNumber
from workflows.case_acts import CaseAct
from workflows.crisis.actions import papers
from workflows.crisis.forms.papers import PaperNumberForm
from workflows.crisis.models import ReportPaper
from workflows.crisis.queries import papers as queries


class EnterPaperNumber(CaseAct):
    form_class = PaperNumberForm
    template_name = "workflows/crises/paper_number.html"
    codename = Codename.ENTER_NUMBER
    title = gettext_lazy("Enter the number of the paper")
    lead = gettext_lazy(
        "The report went out at once; its paper waits for the number from the office's own document system. "
        "With it the document is made and goes to be signed."
    )
    submit = gettext_lazy("Enter the number")
    done_message = gettext_lazy("The number is entered; the document is being made.")
    paper: ReportPaper

    def find_case(self, pk: int) -> Case:
        rows = ReportPaper.objects.select_related(
            "report__crisis__case__agency__parent", "report__crisis__agency", "signer"
        )
        paper = rows.filter(pk=pk).first()
        if paper is None:
            raise NotFound(_("There is no such paper, or it is not open to you."))
        self.paper = paper
        return paper.case

    def check_situation(self) -> None:
        if queries.waiting_for_its_number(self.paper) is None:
            raise NotAllowedNow(_("This paper waits for no number. Nothing was entered."))

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "issued_on": self.at.astimezone(clock.ZONE).date()}

    def perform(self, form: Any) -> None:
        entered = EnteredNumber(**form.cleaned_data)
        papers.enter_number(paper=self.paper, entered=entered, by=self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"paper": self.paper, "crisis": self.paper.crisis}
