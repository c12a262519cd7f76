"""The steps: draft, sign or register, stamp, publish; confirm after a change of the head."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.status import STATUS

from core import permissions
from core.models import Deadline, Mandate
from core.queries import mandates as mandate_queries
from workflows.base import Step
from workflows.delegation import queries
from workflows.delegation.actions import confirming, drafting, filing, issuing, publishing
from workflows.delegation.forms import drafting as draft_forms
from workflows.delegation.forms import signing as forms
from workflows.delegation.models import Delegation
from workflows.steps import StepView

STEPS: tuple[tuple[tuple[str, ...], str | Promise], ...] = (
    (("draft",), gettext_lazy("Draft the delegation")),
    (("sign", "register_paper"), gettext_lazy("Sign")),
    (("stamp",), gettext_lazy("Stamp")),
    (("publish",), gettext_lazy("Publish the delegation")),
)


class Progress(NamedTuple):
    title: str | Promise
    state: str


class DelegationStep(StepView):
    """A step of the delegation: the case, the draft, and what has become of it."""

    @property
    def delegation(self) -> Delegation:
        delegation: Delegation = self.process.delegation
        return delegation

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"case": self.case, "person": self.person, "at": self.at}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = self._progress()
        current = next((number for number, step in enumerate(steps, 1) if step.state == "current"), 0)
        return super().get_context_data(**kwargs) | {
            "delegation": self.delegation,
            "document": queries.letter(self.delegation),
            "steps": steps,
            "position": current,
            "current_title": steps[current - 1].title if current else "",
        }

    def _progress(self) -> list[Progress]:
        if self.process.new_head_id is not None:
            return []
        tasks = {task.flow_task.name: task for task in self.process.task_set.order_by("pk") if task.flow_task}
        return [Progress(title, self._state(names, tasks)) for names, title in STEPS]

    def _state(self, names: tuple[str, ...], tasks: dict[str, Any]) -> str:
        if self.task.flow_task.name in names:
            return "current"
        return (
            "done"
            if any(tasks[name].status == STATUS.DONE for name in names if name in tasks)
            else "upcoming"
        )


class Draft(DelegationStep):
    template_name = "workflows/delegation/draft.html"

    @property
    def drops(self) -> bool:
        return self.request.POST.get("action") == draft_forms.DROP

    def get_form_class(self) -> Any:
        return draft_forms.DropForm if self.drops else draft_forms.DraftForm

    def suggested(self) -> dict[str, Any]:
        delegation = self.delegation
        if not delegation.version:
            return {"valid_from": self.at}
        return {
            "to": delegation.to_id,
            "valid_from": delegation.valid_from,
            "valid_until": delegation.valid_until,
            "circumstance": delegation.circumstance,
            "reason": delegation.reason,
            "speaking_forms": delegation.forms,
            "questions": [question.pk for question in delegation.questions.all()],
            "outside_list_reason": delegation.outside_list_reason,
            "overlap_note": delegation.overlap_note,
            "way": draft_forms.PAPER if delegation.is_on_paper else draft_forms.SYSTEM,
        }

    def perform(self, step: Step, form: Any) -> None:
        facts = {"process": step.process, "by": step.by, "at": step.at}
        if self.drops:
            drafting.drop(reason=form.cleaned_data["reason"], **facts)
            return
        self.warning = drafting.hand_in(draft=form.given(), **facts)

    def form_valid(self, form: Form) -> HttpResponse:
        self.warning = ""
        response = super().form_valid(form)
        if response.status_code == 302:
            dropped = _("Given up. Nothing was signed.")
            messages.success(
                self.request, dropped if self.drops else _("Handed in. The signature comes next.")
            )
            if self.warning:
                messages.warning(self.request, self.warning)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        told: dict[str, Any] = {"case": self.case, "person": self.person, "at": self.at}
        return context | {
            "form": draft_forms.DraftForm(initial=self.get_initial(), **told) if self.drops else form,
            "drop_form": form if self.drops else draft_forms.DropForm(auto_id="drop_%s", **told),
            "drops": self.drops,
            "summary_form": form,
        }


class Sign(DelegationStep):
    """Two taps: read, and sign with the password."""

    template_name = "workflows/delegation/sign.html"
    form_class = forms.SignForm

    def _allowed(self) -> Mandate | None:
        """Who holds a mandate and would pass it on is told that, and not of the role that is missing too."""
        facts: dict[str, Any] = {"agency": self.case.agency, "at": self.at}
        if mandate_queries.mandates_of(self.person, agency=self.case.agency).exists():
            permissions.check_heads(self.person, **facts)
        super()._allowed()
        return permissions.check_heads(self.person, **facts)

    def perform(self, step: Step, form: Any) -> None:
        facts = {"process": step.process, "by": step.by, "at": step.at}
        if form.signs:
            issuing.sign(pdf_sha256=form.cleaned_data["pdf_sha256"], **facts)
        else:
            drafting.return_to_draft(reason=form.cleaned_data["reason"], **facts)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            signed = _("Signed. The delegation holds from its beginning; the clerk now stamps the letter.")
            messages.success(self.request, signed if form.signs else _("Sent back to be drafted anew."))
        return response


class Stamp(DelegationStep):
    template_name = "workflows/delegation/stamp.html"
    form_class = forms.StampForm
    done_message = gettext_lazy("The agency's signature is applied.")

    def perform(self, step: Step, form: Any) -> None:
        seen = form.cleaned_data["pdf_sha256"]
        issuing.stamp(process=step.process, pdf_sha256=seen, by=step.by, at=step.at)


class RegisterPaper(DelegationStep):
    template_name = "workflows/delegation/register_paper.html"
    done_message = gettext_lazy("Registered.")

    @property
    def returns(self) -> bool:
        return self.request.POST.get("action") == forms.RETURN

    def get_form_class(self) -> Any:
        return forms.ReturnForm if self.returns else forms.RegisterPaperForm

    def perform(self, step: Step, form: Any) -> None:
        facts = {"process": step.process, "by": step.by, "at": step.at}
        if self.returns:
            drafting.return_to_draft(reason=form.cleaned_data["reason"], **facts)
        else:
            filing.register_drafted(paper=form.paper(), **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        told: dict[str, Any] = {"case": self.case, "person": self.person, "at": self.at}
        return context | {
            "form": forms.RegisterPaperForm(**told) if self.returns else form,
            "return_form": form if self.returns else forms.ReturnForm(auto_id="return_%s", **told),
            "returns": self.returns,
            "summary_form": form,
        }


class Publish(DelegationStep):
    """Where the page of the deadline ended the clock already, nothing is asked a second time."""

    template_name = "workflows/delegation/publish.html"

    @cached_property
    def owed(self) -> list[Deadline]:
        return list(queries.open_publications(self.delegation))

    def get_form_class(self) -> Any:
        return forms.PublishForm if self.owed else draft_forms.CaseForm

    def suggested(self) -> dict[str, Any]:
        return {"published_at": self.at, "address": self.case.agency.portal}

    def perform(self, step: Step, form: Any) -> None:
        facts = {"process": step.process, "by": step.by, "at": step.at}
        if self.owed:
            publishing.publish(**facts, **form.cleaned_data)
        else:
            publishing.close(**facts)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            recorded = _("The publication is recorded.")
            messages.success(self.request, recorded if self.owed else _("The step is closed."))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        published = None if self.owed else queries.published(self.delegation)
        return super().get_context_data(**kwargs) | {"owed": self.owed, "published": published}


class Confirm(DelegationStep):
    template_name = "workflows/delegation/confirm.html"
    form_class = forms.ConfirmForm

    def perform(self, step: Step, form: Any) -> None:
        if form.cleaned_data["action"] == forms.REVOKE:
            confirming.revoke(process=step.process, reason=form.cleaned_data["reason"], by=step.by)
        else:
            confirming.confirm(process=step.process, by=step.by, at=step.at)
