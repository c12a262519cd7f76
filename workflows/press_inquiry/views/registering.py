"""Registering: from a mail everything is proposed; by hand half a minute is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core import clock
from core.enums import Channel, Codename
from core.errors import DomainError, Invalid, Refused
from core.models import Agency, Inquiry, Person
from core.queries import organisation
from core.rules.text import split_questions
from core.templatetags.pn import local_datetime
from workflows.base import Step
from workflows.press_inquiry.actions import registering, running
from workflows.press_inquiry.actions.registering import PossibleDuplicate
from workflows.press_inquiry.forms.registering import RegisterByHandForm, RegisterForm

from .page import InquiryStep, mail_facts

if TYPE_CHECKING:
    ByHandFormView = FormView[RegisterByHandForm]
else:
    ByHandFormView = FormView

MORE_ROWS = 3
TOKEN_KEPT = 24 * 60 * 60
PROPOSED_AT_MOST = 20


def typed_rows(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as a proposal for the same form with more rows. Files cannot be kept by a page."""
    return {name: request.POST[name] for name in request.POST if name not in ("csrfmiddlewaretoken", "add")}


def rows_after_adding(initial: dict[str, Any]) -> int:
    return sum(name.startswith("question_") for name in initial) + MORE_ROWS


class Register(InquiryStep):
    """Register what came by mail."""

    template_name = "workflows/press_inquiry/register.html"
    form_class = RegisterForm

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.inquiry.mail_dated_at:
            shown = local_datetime(self.inquiry.mail_dated_at)
            form.fields["received_at"].help_text = _("The mail's own date: %(date)s.") % {"date": shown}
        return form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "agency": self.inquiry.agency,
            "person": self.person,
            "at": self.at,
        }

    def suggested(self) -> dict[str, Any]:
        inquiry = self.inquiry
        mails = list(inquiry.incoming_mails.all())
        proposed = split_questions(mails[0].text)[:PROPOSED_AT_MOST] if mails else []
        press = inquiry.press_agency or inquiry.press_agency_name
        questions = {f"question_{number}": question for number, question in enumerate(proposed, 1)}
        return questions | {
            "asker_name": inquiry.asker_name,
            "asker_email": inquiry.asker_email,
            "asker_phone": inquiry.asker_phone,
            "press_agency": str(press or ""),
            "subject": inquiry.subject,
            "kind": inquiry.kind,
            "channel": inquiry.channel or Channel.EMAIL,
            "received_at": inquiry.received_at,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "add" in request.POST and self.obstacle is None:
            return more_rows(self, request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, told(form.cleaned_data["asker_email"]))
        return response

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        return super().refused(with_duplicates(self, form, error), error)

    def perform(self, step: Step, form: Any) -> None:
        inquiry = step.process.inquiry
        registering.register(inquiry=inquiry, registration=form.registration(), by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"mails_shown": mail_facts(self.inquiry)}


def told(email: str) -> str:
    if email:
        return _("Registered. The journalist is told the reference and whom to call by mail.")
    return _("Registered. No e-mail address is known, so tell the journalist the reference yourself.")


def more_rows(view: Any, request: HttpRequest) -> HttpResponse:
    """The same page with more empty rows; nothing is judged yet."""
    initial = typed_rows(request)
    kwargs = view.get_form_kwargs() | {"initial": initial, "rows": rows_after_adding(initial)}
    form = view.get_form_class()(**{**kwargs, "data": None, "files": None})
    response: HttpResponse = view.render_to_response(view.get_context_data(form=form))
    return response


def with_duplicates(view: Any, form: Form, error: DomainError) -> Form:
    """The form again, asking which of the similar inquiries this one follows, if any."""
    if not isinstance(error, PossibleDuplicate):
        return form
    asking: Form = view.get_form_class()(**view.get_form_kwargs(), duplicates=error.duplicates)
    asking.full_clean()
    asking.add_error("duplicate", _("Link it or confirm that it is new."))
    return asking


class RegisterByHand(LoginRequiredMixin, ByHandFormView):
    """Register what came by letter, phone, in person or at a conference: the start of the procedure."""

    template_name = "workflows/press_inquiry/register_by_hand.html"
    form_class = RegisterByHandForm
    agencies: list[Agency]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.at = clock.now()
        self.person = request.user
        self.agencies = self._agencies()
        self.agency = self._chosen()
        return super().dispatch(request, *args, **kwargs)

    def _agencies(self) -> list[Agency]:
        found = list(organisation.agencies_of(self.person, at=self.at, codename=Codename.REGISTER_INQUIRY))
        if not found:
            raise Refused(
                _("None of your roles includes registering inquiries. Ask the press contact or the clerk.")
            )
        return found

    def _chosen(self) -> Agency:
        code = self.request.POST.get("agency") or self.request.GET.get("agency")
        return next((agency for agency in self.agencies if agency.code == code), self.agencies[0])

    def get_form_kwargs(self) -> dict[str, Any]:
        own = {"agency": self.agency, "agencies": self.agencies, "person": self.person, "at": self.at}
        return super().get_form_kwargs() | own

    def get_initial(self) -> dict[str, Any]:
        return {"received_at": self.at, "token": uuid4()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "add" in request.POST:
            return more_rows(self, request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: RegisterByHandForm) -> HttpResponse:
        try:
            inquiry = self._register_once(form)
        except DomainError as error:
            return self.refused(form, error)
        sentence = _("Registered as %(reference)s in the case %(case)s.")
        facts = {"reference": inquiry.reference, "case": inquiry.case.reference}
        messages.success(self.request, sentence % facts)
        return self._on_to(inquiry)

    def _register_once(self, form: RegisterByHandForm) -> Inquiry:
        """A form sent twice registers once: the person's row makes the second wait for the first."""
        key = f"registered:{self.person.pk}:{form.cleaned_data['token']}"
        with transaction.atomic():
            Person.objects.select_for_update(no_key=True).get(pk=self.person.pk)
            earlier = Inquiry.objects.filter(pk=cache.get(key, 0), agency=self.agency).first()
            if earlier is not None and form.cleaned_data["token"]:
                return earlier
            inquiry = running.start_by_hand(
                agency=self.agency, registration=form.registration(), by=self.person
            )
            cache.set(key, inquiry.pk, TOKEN_KEPT)
            return inquiry

    def _on_to(self, inquiry: Inquiry) -> HttpResponse:
        self.success_url = reverse("case", args=[inquiry.case_id])
        return super().form_valid(self.get_form())

    def form_invalid(self, form: RegisterByHandForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        asking = with_duplicates(self, form, error)
        fields = error.fields if isinstance(error, Invalid) else {}
        for field, sentence in fields.items():
            if field in asking.fields:
                asking.add_error(field, str(sentence))
        asking.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=asking), status=error.status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"agency": self.agency}
