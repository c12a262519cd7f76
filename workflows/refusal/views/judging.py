"""Legal review and the decision: each on one exact version."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import permissions
from workflows.act_page import reason_why_not
from workflows.base import Step
from workflows.refusal import queries
from workflows.refusal.actions import deciding, proposing
from workflows.refusal.forms.judging import CONFIRM, DECIDE, RETURN, DecisionForm, ReviewForm
from workflows.refusal.forms.proposing import CHANGE, TO_ANSWER, ProposalForm, initial_from
from workflows.refusal.models import Outcome, RefusalVersion

from .choosing import ChoosingStep
from .page import RefusalStep


class Judgement(RefusalStep):
    """Judge the version the page showed."""

    step: ClassVar[str]
    messages_by_action: ClassVar[dict[str, str | Promise]]

    def judge(self, action: str, facts: dict[str, Any], given: dict[str, Any]) -> None:
        """Do what only this step knows."""
        raise NotImplementedError

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        facts = {"process": step.process, "by": step.by, "at": step.at}
        action = self.request.POST.get("action", "")
        if action == RETURN:
            proposing.send_back(step=self.step, sha256=given["sha256"], reason=given["reason"], **facts)
        elif action == TO_ANSWER:
            proposing.to_answer(step=self.step, reason=given["reason"], **facts)
        else:
            self.judge(action, facts | {"sha256": given["sha256"]}, given)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, str(self.messages_by_action[self.request.POST["action"]]))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        latest = context["latest"]
        readable = latest is not None and not latest.version.is_purged
        return context | {"passage": self.passage(latest.version) if readable else ""}


class Review(Judgement, ChoosingStep):
    """Confirm, change, send back, or have the question answered."""

    template_name = "workflows/refusal/review.html"
    step = "review"
    messages_by_action = {
        CONFIRM: _("Confirmed. The decision comes next."),
        CHANGE: _("Changed, as a version of its own. The decision comes next."),
        RETURN: _("Sent back to be proposed anew, with your remarks."),
        TO_ANSWER: _("Sent back: the question is to be answered."),
    }

    @property
    def changes(self) -> bool:
        return self.request.POST.get("action") == CHANGE

    def get_form_class(self) -> Any:
        return ProposalForm if self.changes else ReviewForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | (self._change_kwargs() if self.changes else {})

    def _change_kwargs(self) -> dict[str, Any]:
        return self.proposal_kwargs() | {"remarks": True, "auto_id": "change_%s"}

    def perform(self, step: Step, form: Any) -> None:
        if not self.changes:
            super().perform(step, form)
            return
        given = form.cleaned_data
        proposing.change(
            process=step.process, sha256=given["sha256"], proposal=form.proposal(), remark=given["remark"],
            by=step.by, at=step.at,
        )  # fmt: skip

    def judge(self, action: str, facts: dict[str, Any], given: dict[str, Any]) -> None:
        proposing.confirm(remark=given["reason"], **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, latest = context["form"], context["latest"]
        change = form if self.changes else self._change_form(latest.version if latest else None)
        return context | {
            "form": ReviewForm(initial=self.get_initial()) if self.changes else form,
            "change_form": change,
            "changes": self.changes,
            "summary_form": form,
            **self.chooser(change),
        }

    def _change_form(self, version: RefusalVersion | None) -> ProposalForm:
        initial = initial_from(version) if version else {}
        return ProposalForm(initial=initial, **self._change_kwargs())


class Decide(Judgement):
    """Decide exactly this version, under a mandate, and say which document tells it."""

    template_name = "workflows/refusal/decide.html"
    form_class = DecisionForm
    step = "decide"
    messages_by_action = {
        DECIDE: _("Decided. The document that tells the press comes next."),
        RETURN: _("Sent back to be proposed anew, with your remarks."),
        TO_ANSWER: _("Sent back: the question is to be answered."),
    }

    def judge(self, action: str, facts: dict[str, Any], given: dict[str, Any]) -> None:
        deciding.decide(at_once=given["at_once"], remark=given["reason"], **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        agency, latest = self.inquiry.agency, context["latest"]
        told: dict[str, Any] = {"agency": agency, "at": self.at}
        is_head = permissions.allowed(permissions.check_heads, self.person, **told)
        return context | {
            "own_letter": queries.gets_own_letter(self.refusal),
            "follows": self.refusal.follows_id is not None,
            "others": [each.question.number for each in queries.told_besides(self.refusal)],
            "is_head": is_head,
            "needs_head": latest is not None and latest.version.outcome == Outcome.WITHHELD and not is_head,
            "why_not_sign": reason_why_not(permissions.check_may_sign, self.person, **told),
        }
