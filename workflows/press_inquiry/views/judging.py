"""Review, clearance and the decision: each on one exact text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions as core_permissions
from core.enums import ReplyForm
from core.errors import DomainError, NotAllowedNow
from core.models import Mandate
from workflows import permissions
from workflows.base import Step
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import judging, running
from workflows.press_inquiry.forms.drafting import initial_from
from workflows.press_inquiry.forms.judging import CORRECT, RETURN, CorrectionForm, SkipForm, VerdictForm
from workflows.press_inquiry.models import VerdictStep
from workflows.steps import assigned_task

from .page import VersionStep


class Judgement(VersionStep):
    """Approve or return the version the page showed."""

    form_class = VerdictForm
    step: VerdictStep
    approved_message: Any = ""
    returned_message: Any = gettext_lazy("Returned to the drafter with your remarks.")

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        facts = {
            "process": step.process,
            "step": self.step,
            "sha256": given["sha256"],
            "by": step.by,
            "at": step.at,
            "reason": given["reason"],
        }
        if given["action"] == RETURN:
            judging.return_to_drafter(**facts)
        else:
            judging.approve(**facts)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            returned = form.cleaned_data.get("action") == RETURN
            messages.success(self.request, str(self.returned_message if returned else self.approved_message))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"why_not_skip": self._why_not_skip()}

    def _why_not_skip(self) -> str:
        try:
            permissions.check_can_skip(self.person, self.task, at=self.at)
        except DomainError as refusal:
            return str(refusal)
        return ""


class Review(Judgement):
    template_name = "workflows/press_inquiry/review.html"
    step = VerdictStep.REVIEW
    approved_message = gettext_lazy("The content is approved. Clearance comes next.")


class Clear(Judgement):
    template_name = "workflows/press_inquiry/clear.html"
    step = VerdictStep.CLEAR
    approved_message = gettext_lazy("Cleared. The decision comes next.")


class Decide(Judgement):
    """Approve exactly this text, return it, or, as head, correct and approve it in one act."""

    template_name = "workflows/press_inquiry/decide.html"
    step = VerdictStep.DECIDE
    approved_message = gettext_lazy("Decided: this exact text is approved.")

    @property
    def corrects(self) -> bool:
        return self.request.POST.get("action") == CORRECT

    def get_form_class(self) -> Any:
        return CorrectionForm if self.corrects else VerdictForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | (self._correction_kwargs() if self.corrects else {})

    def _correction_kwargs(self) -> dict[str, Any]:
        return {"inquiry": self.inquiry, "is_advice": self.process.is_advice, "auto_id": "correct_%s"}

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        facts = {"process": step.process, "sha256": given["sha256"], "by": step.by, "at": step.at}
        if self.corrects:
            submission = form.submission()
            judging.correct_and_decide(submission=submission, reason=given["reason"], **facts)
        elif given["action"] == RETURN:
            judging.return_to_drafter(step=self.step, reason=given["reason"], **facts)
        else:
            judging.decide(reason=given["reason"], **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "form": VerdictForm(initial={"reason": form["reason"].value()}) if self.corrects else form,
            "summary_form": form,
            "correction": form if self.corrects else self._correction(context["version"]),
            "is_correcting": self.corrects,
            "is_head": self._is_head(),
            "why_not_sign": self._why_not_sign(context["version"]),
        }

    def _correction(self, version: Any) -> CorrectionForm:
        initial = initial_from(version, list(queries.questions_to_answer(self.inquiry)))
        return CorrectionForm(initial=initial, **self._correction_kwargs())

    def _is_head(self) -> bool:
        return core_permissions.allowed(
            core_permissions.check_heads, self.person, agency=self.inquiry.agency, at=self.at
        )

    def _why_not_sign(self, version: Any) -> str:
        if version is None or version.reply_form != ReplyForm.LETTER or self.obstacle is not None:
            return ""
        try:
            core_permissions.check_may_sign(self.person, agency=self.inquiry.agency, at=self.at)
        except DomainError as refusal:
            return str(refusal)
        return ""


class Skip(VersionStep):
    """Skip an open review or clearance when urgent: the head or a spokesperson, with a reason."""

    template_name = "workflows/press_inquiry/skip.html"
    form_class = SkipForm
    done_message = gettext_lazy("Skipped, with your reason in the decision trail.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        return super().dispatch(request, *args, task=assigned_task(kwargs["task_id"]), **kwargs)

    def _look_for_obstacle(self) -> None:
        if self.task.flow_task.name not in (VerdictStep.REVIEW, VerdictStep.CLEAR):
            raise NotAllowedNow(_("This step cannot be skipped."))
        super()._look_for_obstacle()

    def _allowed(self) -> Mandate | None:
        return permissions.check_can_skip(self.person, self.task, at=self.at)

    def _execute(self, form: Form) -> None:
        reason = form.cleaned_data["reason"]
        step = VerdictStep(self.task.flow_task.name)
        running.skip(self.task.pk, step_skipped=step, reason=reason, by=self.person)

    def get_initial(self) -> dict[str, Any]:
        return {}
