"""The page of one act with its form. A refused act answers with its sentence and the form as it was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.views.generic import FormView

from core import clock, permissions
from core.enums import Codename
from core.errors import DomainError, Invalid
from core.models import Agency
from workflows.signed_in import SignedIn

if TYPE_CHECKING:
    ActFormView = FormView[Form]
else:
    ActFormView = FormView


def reason_why_not(check: Callable[..., object], *args: Any, **kwargs: Any) -> str:
    """The sentence of a check, or nothing where it passes."""
    try:
        check(*args, **kwargs)
    except DomainError as refusal:
        return str(refusal)
    return ""


class ActPage(SignedIn, ActFormView):
    """One act on one thing, which `find` fetches or answers as not found, also where it is not open to the person."""

    codename: ClassVar[Codename]
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise]
    submit: ClassVar[str | Promise]
    done_message: ClassVar[str | Promise] = ""
    key_name: ClassVar[str] = "pk"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.at = clock.now()
        self.find(kwargs[self.key_name])
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: int) -> None:
        """Fetch what the act is on. Raises NotFound."""
        raise NotImplementedError

    @property
    def agency(self) -> Agency:
        """In which agency the right is needed."""
        raise NotImplementedError

    def check_right(self) -> None:
        """Raise why the act is not the person's."""
        permissions.check_role(self.person, self.codename, agency=self.agency, at=self.at)

    def check_situation(self) -> None:
        """Raise why the act is impossible as things stand."""

    def check_possible(self) -> None:
        self.check_right()
        self.check_situation()

    def perform(self, form: Any) -> None:
        """Do the one act, with what the form cleaned."""
        raise NotImplementedError

    def why_not(self) -> str:
        return reason_why_not(self.check_possible)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person, "at": self.at}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.check_possible()
        except DomainError as refusal:
            return self.turned_away(refusal)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.perform(form)
        except DomainError as error:
            return self.refused(form, error)
        if self.done_message:
            messages.success(self.request, str(self.done_message))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def turned_away(self, refusal: DomainError) -> HttpResponse:
        """The sentence alone: what is wrong in the form is of no use to somebody who cannot send it."""
        form = self.get_form()
        form.full_clean()
        form.errors.clear()
        return self.refused(form, refusal)

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        fields = error.fields if isinstance(error, Invalid) else {}
        for field, sentence in fields.items():
            if field in form.fields:
                form.add_error(field, str(sentence))
        form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": self.title,
            "lead": self.lead,
            "submit": self.submit,
            "why_not": self.why_not(),
        }
