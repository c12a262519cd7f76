"""What was said outside the system: recorded afterwards by whoever works there, and shown for what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from core import clock, files, permissions
from core.actions import speech
from core.errors import DomainError, Invalid, NotFound
from core.models import Agency, Case, LateRecord, Person
from core.queries import organisation
from core.rules.mandates import document
from workflows.fields import is_row_number
from workflows.once import once
from workflows.signed_in import Page, SignedIn
from workflows.speech_forms import RecordLateForm
from workflows.views.cases import download

if TYPE_CHECKING:
    RecordLateFormView = FormView[RecordLateForm]
else:
    RecordLateFormView = FormView

NOT_TYPED = ("csrfmiddlewaretoken", "look", "token")


class RecordLate(SignedIn, RecordLateFormView):
    """Who recorded twice by pressing twice has recorded once. What cannot be used is told, all else is taken."""

    template_name = "workflows/speech/record.html"
    form_class = RecordLateForm
    agencies: list[Agency]
    preselected: Case | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.at = clock.now()
        self.agencies = list(organisation.agencies_worked_in(self.person, at=self.at).order_by("name"))
        self.preselected = self._preselected()
        if not self.agencies and self.preselected is None:
            raise permissions.MissingRole(
                _("You hold no role in which you could record this. Ask somebody who works at the agency.")
            )
        return super().dispatch(request, *args, **kwargs)

    def _preselected(self) -> Case | None:
        given = self.request.GET.get("case", "")
        if not given:
            return None
        if not is_row_number(given):
            raise NotFound(_("There is no such case, or it is not open to you."))
        case = self.visible_case(int(given))
        permissions.check_may_record_speech(self.person, case=case, at=self.at)
        return case

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "person": self.person,
            "agencies": self.agencies,
            "preselected": self.preselected,
            "at": self.at,
        }

    def get_initial(self) -> dict[str, Any]:
        now = self.at.astimezone(clock.ZONE).replace(second=0, microsecond=0)
        return {"case": self.preselected, "spoken_at": now, "token": uuid4()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "look" in request.POST:
            return self._with_questions(request)
        return super().post(request, *args, **kwargs)

    def _with_questions(self, request: HttpRequest) -> HttpResponse:
        """The same page with the questions of the case chosen; nothing is judged yet."""
        typed = {name: request.POST[name] for name in request.POST if name not in NOT_TYPED}
        ticked = {"questions": request.POST.getlist("questions"), "token": uuid4()}
        kwargs = self.get_form_kwargs() | {"initial": typed | ticked, "data": None, "files": None}
        return self.render_to_response(self.get_context_data(form=RecordLateForm(**kwargs)))

    def form_valid(self, form: RecordLateForm) -> HttpResponse:
        try:
            record = self._record_once(form)
        except DomainError as error:
            return self.refused(form, error)
        return HttpResponseRedirect(reverse("late_record", args=[record.pk]))

    def _record_once(self, form: RecordLateForm) -> LateRecord:
        return once(
            lambda: self._record(form),
            what="recorded_late",
            token=form.cleaned_data["token"],
            by=self.person,
            among=LateRecord.objects.filter(recorded_by=self.person),
        )

    def _record(self, form: RecordLateForm) -> LateRecord:
        data = form.cleaned_data
        told: dict[str, Any] = {"speech": form.speech(), "by": self.person, "at": clock.now()}
        if data["case"]:
            return speech.record_late(case=data["case"], **told)
        agency = data.get("agency") or next(iter(self.agencies), None)
        if agency is None:
            raise Invalid(_("Choose a case. What you typed is kept."), fields={"case": _("Choose a case.")})
        return speech.record_late_on_new_case(agency=agency, title=data["title"], **told)

    def form_invalid(self, form: RecordLateForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refused(self, form: Form, error: DomainError) -> HttpResponse:
        fields = error.fields if isinstance(error, Invalid) else {}
        for field, sentence in fields.items():
            if field in form.fields:
                form.add_error(field, str(sentence))
        form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("case", args=[self.preselected.pk]) if self.preselected else reverse("work")
        return super().get_context_data(**kwargs) | {"back_url": back, "case": self.preselected}


def visible_record(pk: int, *, person: Person) -> LateRecord:
    """The record, or the same answer for one that is not there and one whose case is not open to the person."""
    rows = LateRecord.objects.select_related(
        "agency", "case__agency", "recorded_by", "statement__mandate__post", "statement__mandate__person"
    )
    record = rows.filter(pk=pk).first()
    if record is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    permissions.check_can_see(person, record.case, at=clock.now())
    return record


class LateRecordPage(Page):
    """Which of the two it became, how late it was recorded, and why."""

    template_name = "workflows/speech/late_record.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = visible_record(kwargs["pk"], person=self.person)
        statement = record.statement
        return super().get_context_data(**kwargs) | {
            "record": record,
            "questions": record.questions.select_related("inquiry"),
            "mandate": document(statement.mandate) if statement else "",
            "may_record": organisation.agencies_worked_in(self.person, at=self.at).exists(),
        }


@require_safe
@login_required
def recording(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a recording."""
    record = visible_record(pk, person=cast(Person, request.user))
    if not record.recording_sha256:
        raise NotFound(_("There is no such file, or it is not open to you."))
    return download(files.read(record.recording_sha256), name=record.recording_name)
