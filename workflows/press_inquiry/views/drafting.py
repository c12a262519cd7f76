"""To whom the draft goes, and the draft."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import permissions as core_permissions
from core.enums import ReplyForm
from core.models import Person
from documents import fonts
from workflows import base, permissions
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import drafting, running
from workflows.press_inquiry.forms.drafting import AssignForm, DraftForm, initial_from
from workflows.press_inquiry.models import VerdictKind
from workflows.steps import given_reason, visible_task

from .page import InquiryStep, VersionStep


class Assign(InquiryStep):
    template_name = "workflows/press_inquiry/assign.html"
    form_class = AssignForm
    done_message = gettext_lazy("Assigned. The step now stands in that person's work.")

    def get_form_kwargs(self) -> dict[str, Any]:
        loads = queries.open_drafts(self.inquiry.agency)
        return super().get_form_kwargs() | {"inquiry": self.inquiry, "at": self.at, "loads": loads}

    def perform(self, step: base.Step, form: Any) -> None:
        drafting.assign(process=step.process, to=form.cleaned_data["person"], by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given_back = queries.given_back(self.inquiry) if self.process.is_returned else None
        return super().get_context_data(**kwargs) | {"given_back": given_back}


class Draft(VersionStep):
    template_name = "workflows/press_inquiry/draft.html"
    form_class = DraftForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"inquiry": self.inquiry, "is_advice": self.process.is_advice}

    def suggested(self) -> dict[str, Any]:
        questions = list(queries.questions_to_answer(self.inquiry))
        return initial_from(queries.latest_version(self.inquiry), questions)

    def perform(self, step: base.Step, form: Any) -> None:
        if form.gives_back:
            reason = form.cleaned_data["reason"]
            drafting.give_back(process=step.process, reason=reason, by=step.by, at=step.at)
        else:
            drafting.submit(process=step.process, submission=form.submission(), by=step.by, at=step.at)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            self._say(form)
        return response

    def _say(self, form: Any) -> None:
        if form.gives_back:
            messages.success(self.request, _("Given back. The unit's head assigns it again."))
            return
        messages.success(self.request, _("Handed in for review."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "remarks": remarks(context["versions"]),
            "is_accepted": self.process.accepted_at is not None,
            "letters_lost": lost_in(context["form"]),
            "can_take_back": self._can_take_back(),
        }

    def _can_take_back(self) -> bool:
        return self.task.owner_id != self.person.pk and core_permissions.allowed(
            permissions.check_can_direct, self.person, self.task, at=self.at
        )


def remarks(versions: list[Any]) -> list[Any]:
    """What was returned with a reason, the latest first; the first of them is what this draft must answer."""
    returned = [verdict for version in versions for verdict in version.verdicts.all()]
    returned = [verdict for verdict in returned if verdict.kind == VerdictKind.RETURNED]
    return sorted(returned, key=lambda verdict: verdict.at, reverse=True)


def lost_in(form: Form) -> list[str]:
    """The letters typed so far that an official letter cannot print."""
    if str(form["reply_form"].value() or ReplyForm.LETTER) != ReplyForm.LETTER:
        return []
    return fonts.unprintable(
        "".join(str(field.value() or "") for field in form if field.name.startswith("answer_"))
    )


@require_POST
@login_required
def accept(request: HttpRequest, task_id: int) -> HttpResponse:
    """Accept an assigned draft without handing anything in yet."""
    visible_task(request, task_id)

    def perform(step: base.Step) -> None:
        drafting.accept(process=step.process, by=step.by, at=step.at)

    base.note(task_id, by=cast(Person, request.user), perform=perform)
    messages.success(request, _("You have accepted the draft."))
    return redirect("step", task_id)


@require_POST
@login_required
def take_back(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a draft back from a drafter who cannot do it."""
    task = visible_task(request, task_id)
    running.take_back(task_id, reason=given_reason(request), by=cast(Person, request.user))
    messages.success(request, _("Taken back. The draft waits to be assigned again."))
    return redirect("case", task.assignment.case_id)
