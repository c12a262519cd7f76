"""The acts beside the path: each its own page with a form and one action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from core import clock, permissions
from core.enums import Codename
from core.errors import NotFound
from core.models import Agency, Inquiry
from documents.actions.issuing import EnteredNumber
from workflows import base, forms, retrying
from workflows.act_page import ActPage
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.actions import beside, issuing, running
from workflows.press_inquiry.models import Opinion
from workflows.signed_in import SignedIn


class BesidePage(ActPage):
    """One act on one inquiry."""

    template_name = "workflows/pages/beside.html"
    form_class: type[Form] = forms.ReasonForm
    inquiry: Inquiry

    def find(self, pk: int) -> None:
        self.inquiry = self.find_inquiry(pk)
        permissions.check_can_see(self.person, self.inquiry.case, at=self.at)

    def find_inquiry(self, pk: int) -> Inquiry:
        inquiry = Inquiry.objects.select_related("case__agency", "agency__parent").filter(pk=pk).first()
        if inquiry is None:
            raise NotFound(_("There is no such inquiry, or it is not open to you."))
        return inquiry

    @property
    def agency(self) -> Agency:
        return self.inquiry.agency

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"inquiry": self.inquiry}

    def get_success_url(self) -> str:
        return reverse("case", args=[self.inquiry.case_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"inquiry": self.inquiry, "case": self.inquiry.case}


class Withdraw(BesidePage):
    codename = Codename.WITHDRAW_INQUIRY
    title = gettext_lazy("Record a withdrawal")
    lead = gettext_lazy(
        "The journalist no longer asks. The inquiry ends here as withdrawn, whatever step it stands at; "
        "open questions count as not answered. It can be reopened."
    )
    submit = gettext_lazy("Record the withdrawal")
    done_message = gettext_lazy("The withdrawal is recorded and the inquiry has ended.")

    def check_situation(self) -> None:
        situations.check_can_be_withdrawn(self.inquiry)

    def perform(self, form: Any) -> None:
        running.withdraw(inquiry=self.inquiry, reason=form.cleaned_data["reason"], by=self.person)


class Reopen(BesidePage):
    codename = Codename.REOPEN_INQUIRY
    title = gettext_lazy("Reopen the inquiry")
    lead = gettext_lazy(
        "A new run of the procedure begins at triage. What was done and said before stays as it was."
    )
    submit = gettext_lazy("Reopen")
    done_message = gettext_lazy("The inquiry is open again and waits for triage.")

    def check_situation(self) -> None:
        situations.check_can_be_reopened(self.inquiry)

    def perform(self, form: Any) -> None:
        running.reopen(inquiry=self.inquiry, reason=form.cleaned_data["reason"], by=self.person)


class StopClock(BesidePage):
    codename = Codename.STOP_CLOCK
    title = gettext_lazy("Stop the clock")
    lead = gettext_lazy(
        "While the journalist is asked to clarify. The stop is recorded with its reason. No law stops a legal "
        "deadline; a deadline of the agency's own regulation moves where that regulation says so."
    )
    submit = gettext_lazy("Stop the clock")
    done_message = gettext_lazy("The clock is stopped. Restart it when the journalist has answered.")

    def check_situation(self) -> None:
        situations.check_clock_can_stop(self.inquiry)

    def perform(self, form: Any) -> None:
        beside.stop_clock(inquiry=self.inquiry, reason=form.cleaned_data["reason"], by=self.person)


class RestartClock(BesidePage):
    codename = Codename.STOP_CLOCK
    title = gettext_lazy("Restart the clock")
    lead = gettext_lazy("The journalist has clarified, or will not. The clock runs again from now.")
    submit = gettext_lazy("Restart the clock")
    done_message = gettext_lazy("The clock runs again.")

    def check_situation(self) -> None:
        situations.check_clock_can_restart(self.inquiry)

    def perform(self, form: Any) -> None:
        beside.restart_clock(inquiry=self.inquiry, reason=form.cleaned_data["reason"], by=self.person)


class AskOpinion(BesidePage):
    form_class = forms.OpinionAskForm
    codename = Codename.ASK_OPINION
    title = gettext_lazy("Ask a superior's opinion")
    lead = gettext_lazy("Asking blocks nothing: the steps go on while the opinion is awaited.")
    submit = gettext_lazy("Record that it was asked")
    done_message = gettext_lazy("Recorded that the opinion was asked. Record the answer here when it comes.")

    def check_situation(self) -> None:
        situations.check_open(self.inquiry)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        beside.ask_opinion(inquiry=self.inquiry, of=data["of"], about=data["about"], by=self.person)


class RecordOpinion(BesidePage):
    form_class = forms.OpinionRecordForm
    codename = Codename.ASK_OPINION
    title = gettext_lazy("Record the opinion")
    lead = gettext_lazy(
        "What the superior body answered, by whom and when. It binds nobody's approval by itself."
    )
    submit = gettext_lazy("Record the answer")
    done_message = gettext_lazy("The opinion is recorded.")
    opinion: Opinion

    def find_inquiry(self, pk: int) -> Inquiry:
        rows = Opinion.objects.select_related(
            "inquiry__case__agency", "inquiry__agency", "asked_of", "asked_by"
        )
        opinion = rows.filter(pk=pk).first()
        if opinion is None:
            raise NotFound(_("There is no such opinion, or it is not open to you."))
        self.opinion = opinion
        return opinion.inquiry

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "answered_by": self.opinion.asked_of.name}

    def perform(self, form: Any) -> None:
        beside.record_opinion(opinion=self.opinion, by=self.person, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"opinion": self.opinion}


class Move(BesidePage):
    form_class = forms.MoveForm
    codename = Codename.MOVE_INQUIRY
    title = gettext_lazy("Move to another case")
    lead = gettext_lazy(
        "The inquiry belongs to another matter. Its steps move along; the trail of both cases says so, "
        "and what was written before stays where it is."
    )
    submit = gettext_lazy("Move the inquiry")
    done_message = gettext_lazy("The inquiry now stands under this case.")

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        beside.move_to_case(inquiry=self.inquiry, to=data["case"], reason=data["reason"], by=self.person)


class EnterNumber(BesidePage):
    form_class = forms.NumberForm
    codename = Codename.ENTER_NUMBER
    title = gettext_lazy("Enter the document number")
    lead = gettext_lazy(
        "The reply is approved and waits for the number from the office's own document system. "
        "With it the document is made and goes to be signed."
    )
    submit = gettext_lazy("Enter the number")
    done_message = gettext_lazy("The number is entered; the document is being made.")

    def check_situation(self) -> None:
        situations.check_number_awaited(self.inquiry)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "issued_on": self.at.astimezone(clock.ZONE).date()}

    def perform(self, form: Any) -> None:
        entered = EnteredNumber(**form.cleaned_data)
        issuing.enter_number(inquiry=self.inquiry, entered=entered, by=self.person)


class RetryJob(SignedIn, View):
    """Only a button, so only POST: the failed job runs again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = base.task_or_404(pk)
        case = task.process.coerced.case
        permissions.check_can_see(self.person, case, at=self.at)
        retrying.retry_job(task=task, by=self.person)
        messages.success(request, _("The job is in line to run again."))
        return HttpResponseRedirect(reverse("case", args=[case.pk]))
