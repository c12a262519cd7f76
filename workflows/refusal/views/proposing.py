"""The proposal: outcome, ground, facts and reason, or that the question is to be answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from workflows.base import Step
from workflows.refusal import queries
from workflows.refusal.actions import proposing
from workflows.refusal.forms.proposing import TO_ANSWER, ProposalForm, ToAnswerForm, initial_from

from .choosing import ChoosingStep


class Propose(ChoosingStep):
    template_name = "workflows/refusal/propose.html"

    @property
    def answers(self) -> bool:
        return self.request.POST.get("action") == TO_ANSWER

    def get_form_class(self) -> Any:
        return ToAnswerForm if self.answers else ProposalForm

    def get_form_kwargs(self) -> dict[str, Any]:
        told: dict[str, Any] = {"auto_id": "answer_%s"} if self.answers else self.proposal_kwargs()
        return super().get_form_kwargs() | told

    def suggested(self) -> dict[str, Any]:
        """What was sent back, to be mended."""
        version = queries.latest_version(self.refusal)
        return initial_from(version) if version and version.sha256 else {}

    def perform(self, step: Step, form: Any) -> None:
        facts = {"process": step.process, "by": step.by, "at": step.at}
        if self.answers:
            proposing.to_answer(step="propose", reason=form.cleaned_data["reason"], **facts)
        else:
            proposing.propose(proposal=form.proposal(), **facts)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            proposed = _("Proposed. Somebody else now reviews it.")
            messages.success(
                self.request, _("Sent back: the question is to be answered.") if self.answers else proposed
            )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        proposal = (
            ProposalForm(initial=self.get_initial(), **self.proposal_kwargs()) if self.answers else form
        )
        return context | {
            "form": proposal,
            "answer_form": form if self.answers else ToAnswerForm(auto_id="answer_%s"),
            "answers": self.answers,
            "summary_form": form,
            **self.chooser(proposal),
        }
