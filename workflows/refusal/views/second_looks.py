"""Đề nghị xem xét lại: somebody who took no part looks again, and somebody with a mandate lets the press be told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core import permissions
from workflows.act_page import reason_why_not
from workflows.base import Step
from workflows.refusal.actions import reconsidering
from workflows.refusal.actions.releasing import said
from workflows.refusal.forms.judging import ApproveForm, ReconsiderForm
from workflows.refusal.models import Result

from .page import RefusalStep

DONE = {
    Result.UPHELD: _("Upheld. Somebody with a mandate now approves that the press is told."),
    Result.CHANGED: _("Recorded. The question is now proposed anew."),
    Result.ANSWERED: _("Recorded. The question comes back to be answered."),
}


class SecondLook(RefusalStep):
    """A step of the second look: what the press was told, and what is said against it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "look": self.process.reconsideration,
            "said": said(self.refusal),
            "stated": self.refusal.decision.stated,
        }


class Reconsider(SecondLook):
    template_name = "workflows/refusal/reconsider.html"
    form_class = ReconsiderForm

    def perform(self, step: Step, form: Any) -> None:
        reconsidering.judge(process=step.process, by=step.by, at=step.at, **form.cleaned_data)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, str(DONE[form.cleaned_data["result"]]))
        return response


class Approve(SecondLook):
    template_name = "workflows/refusal/approve.html"
    form_class = ApproveForm
    done_message = _("Approved. The letter is being made; you sign it.")

    def perform(self, step: Step, form: Any) -> None:
        reconsidering.approve(process=step.process, by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = {"agency": self.inquiry.agency, "at": self.at}
        return super().get_context_data(**kwargs) | {
            "why_not_sign": reason_why_not(permissions.check_may_sign, self.person, **told)
        }
