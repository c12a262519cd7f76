"""The acts around a refusal: each its own page with a form and one action."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core import clock, permissions
from core.enums import Codename
from core.errors import NotAllowedNow, NotFound
from core.models import Agency, Case, Inquiry, Question
from documents.actions.issuing import EnteredNumber
from workflows import base
from workflows import permissions as task_permissions
from workflows.act_page import ActPage
from workflows.forms import NumberForm
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.actions import purging
from workflows.press_inquiry.actions import refusals as asking
from workflows.refusal import queries
from workflows.refusal.actions import issuing, reconsidering, watching
from workflows.refusal.models import Origin, Refusal, RefusalProcess
from workflows.refusals import forms
from workflows.refusals.views.page import not_found, refusal_or_404
from workflows.steps import assigned_task


class AroundRefusal(ActPage):
    """An act on one question of an inquiry, or on its refusal."""

    template_name = "workflows/refusals/act.html"
    inquiry: Inquiry
    question: Question | None = None
    refusal: Refusal | None = None

    @property
    def case(self) -> Case:
        return self.inquiry.case

    @property
    def agency(self) -> Agency:
        return self.inquiry.agency

    def check_seen(self) -> None:
        permissions.check_can_see(self.person, self.case, at=self.at)

    def get_success_url(self) -> str:
        if self.refusal is not None:
            return reverse("refusal", args=[self.refusal.pk])
        return reverse("case", args=[self.inquiry.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "inquiry": self.inquiry,
            "case": self.case,
            "question": self.question,
            "refusal": self.refusal,
            "back_url": self.get_success_url(),
        }


class AskRefusal(AroundRefusal):
    """At an open step of the inquiry: whoever may do the step may ask, and the step stays open."""

    form_class = forms.AskRefusalForm
    key_name = "task_id"
    title = gettext_lazy("Ask for a refusal")
    lead = gettext_lazy(
        "For each question chosen somebody proposes the ground and the reason, another person reviews it, and "
        "whoever has a mandate decides. The reply waits for it."
    )
    submit = gettext_lazy("Ask for the refusal")
    done_message = gettext_lazy(
        "Asked for. Proposing the ground comes next; the reply waits for the decision."
    )
    task: Task

    def find(self, pk: int) -> None:
        self.task = assigned_task(pk)
        if self.task.assignment.inquiry is None:
            raise NotFound(_("There is no such step."))
        self.inquiry = self.task.assignment.inquiry
        self.check_seen()

    def check_right(self) -> None:
        task_permissions.check_can_execute(self.person, self.task, at=self.at)

    def check_situation(self) -> None:
        if self.task.flow_task.name not in asking.ASKED_AT:
            raise NotAllowedNow(asking.not_asked_at())
        if self.task.status not in base.OPEN:
            raise NotAllowedNow(base.who_was_quicker(self.task, by=self.person))
        asking.check_is_replied_to(self.task.process.coerced)
        if not queries.open_questions(self.inquiry).exists():
            raise NotAllowedNow(
                _("Every question of this inquiry is answered, or its refusal is under way already.")
            )

    def check_possible(self) -> None:
        """A step that is done tells of that first, whoever asks."""
        self.check_situation()
        self.check_right()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"inquiry": self.inquiry}

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        asking.ask(self.task.pk, questions=list(given["questions"]), by=self.person, remark=given["remark"])

    def get_success_url(self) -> str:
        """Back to the step, which stays open; the decision alone goes back to its gate."""
        if self.task.flow_task.name == Origin.DECIDE and self.request.method == "POST":
            return reverse("case", args=[self.inquiry.case_id])
        return reverse("step", args=[self.task.pk])


class OnRefusal(AroundRefusal):
    refusal: Refusal

    def find(self, pk: int) -> None:
        self.refusal = refusal_or_404(pk)
        self.question, self.inquiry = self.refusal.question, self.refusal.inquiry
        self.check_seen()


class EndOfGround(OnRefusal):
    form_class = forms.EndOfGroundForm
    codename = Codename.PROPOSE_REFUSAL
    title = gettext_lazy("Record that the ground has ended")
    lead = gettext_lazy(
        "The event came with which the ground ends: a conclusion, a trial, a declassification. From that time on "
        "the refusal is not told to the press any more, and the question comes back to be answered."
    )
    submit = gettext_lazy("Record the end of the ground")
    done_message = gettext_lazy("Recorded. The question comes back from the time you gave.")

    def check_situation(self) -> None:
        watching.check_ground_can_end(self.refusal)

    def perform(self, form: Any) -> None:
        watching.record_end_of_ground(refusal=self.refusal, by=self.person, **form.cleaned_data)


class AskSecondLook(OnRefusal):
    form_class = forms.SecondLookForm
    codename = Codename.REGISTER_INQUIRY
    title = gettext_lazy("Record a request to look again")
    lead = gettext_lazy(
        "The journalist asks to look at the refusal again. Somebody who took no part in it does; the refusal "
        "itself is never edited."
    )
    submit = gettext_lazy("Record the request")
    done_message = gettext_lazy("Recorded. Somebody who took no part looks at it again.")

    def check_situation(self) -> None:
        reconsidering.check_can_be_asked(self.refusal)

    def get_initial(self) -> dict[str, Any]:
        return {
            **super().get_initial(),
            "asked_by": self.inquiry.asker_display,
            "received_at": self.at.replace(second=0, microsecond=0),
        }

    def perform(self, form: Any) -> None:
        reconsidering.ask(refusal=self.refusal, request=form.request(), by=self.person)


class EnterNumber(AroundRefusal):
    form_class = NumberForm
    codename = Codename.ENTER_NUMBER
    title = gettext_lazy("Enter the number of the letter of refusal")
    lead = gettext_lazy(
        "The refusal is decided and its letter waits for the number from the office's own document system. "
        "With it the document is made and goes to be signed."
    )
    submit = gettext_lazy("Enter the number")
    done_message = gettext_lazy("The number is entered; the document is being made.")
    process: RefusalProcess

    def find(self, pk: int) -> None:
        process = RefusalProcess.objects.filter(id=pk).first()
        if process is None:
            raise not_found()
        self.process = process
        self.refusal = refusal_or_404(process.refusal_id)
        self.question, self.inquiry = self.refusal.question, self.refusal.inquiry
        self.check_seen()

    def check_situation(self) -> None:
        if queries.waiting_for_its_number(self.process) is None:
            raise NotAllowedNow(_("No letter of this refusal waits for a number. Nothing was entered."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"inquiry": self.inquiry}

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "issued_on": self.at.astimezone(clock.ZONE).date()}

    def perform(self, form: Any) -> None:
        entered = EnteredNumber(**form.cleaned_data)
        issuing.enter_number(process=self.process, entered=entered, by=self.person)


class FoundSecret(AroundRefusal):
    """A state secret is found in a question past triage, where its form does it: purged at once."""

    form_class = forms.FoundSecretForm
    title = gettext_lazy("A state secret was found")
    lead = gettext_lazy(
        "The text of the question goes, with every mail, file, draft, remark and unreleased document of the "
        "inquiry; its other questions are drafted anew. It is handled off-system. This cannot be undone."
    )
    submit = gettext_lazy("Remove it now")
    done_message = gettext_lazy("Removed. What is left to clean by hand stands with the question.")
    question: Question

    def find(self, pk: int) -> None:
        rows = Question.objects.select_related("inquiry__case", "inquiry__agency__parent")
        question = rows.filter(pk=pk).first()
        if question is None:
            raise NotFound(_("There is no such question, or it is not open to you."))
        self.question, self.inquiry = question, question.inquiry
        self.check_seen()

    def check_right(self) -> None:
        purging.check_may_purge(self.person, self.inquiry, at=self.at)

    def check_situation(self) -> None:
        situations.check_secret_can_be_found(self.question)

    def perform(self, form: Any) -> None:
        purging.purge_on_discovery(question=self.question, found=form.discovery(), by=self.person)
