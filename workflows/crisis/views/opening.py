"""How a crisis begins: noted, assessed, activated; or begun as a drill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core import clock, permissions
from core.enums import Codename
from core.errors import DomainError, Invalid, NotFound, Refused
from core.models import Agency, Case, Crisis, Inquiry
from core.queries import organisation
from workflows.act_page import reason_why_not
from workflows.crisis import queries
from workflows.crisis.actions import opening
from workflows.crisis.forms.opening import DetectForm
from workflows.crisis.queries import running
from workflows.fields import is_row_number
from workflows.once import once

if TYPE_CHECKING:
    DetectFormView = FormView[DetectForm]
else:
    DetectFormView = FormView


class Detect(LoginRequiredMixin, DetectFormView):
    """Note a possible crisis: of an inquiry (`?yeu-cau=`), under a case (`?vu-viec=`), or by itself."""

    template_name = "workflows/crisis/detect.html"
    form_class = DetectForm
    inquiry: Inquiry | None = None
    case: Case | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.at, self.person = clock.now(), request.user
        self._find_matter()
        self.agencies = self._agencies()
        code = request.POST.get("agency") or request.GET.get("co-quan")
        self.agency = next((each for each in self.agencies if each.code == code), self.agencies[0])
        return super().dispatch(request, *args, **kwargs)

    def _find_matter(self) -> None:
        """Raises NotFound, also for what is not open to the person."""
        given = self.request.GET
        if "yeu-cau" in given:
            self.inquiry = self._seen(Inquiry, given["yeu-cau"], "agency", "case__agency")
            self.case = self.inquiry.case
        elif "vu-viec" in given:
            self.case = self._seen(Case, given["vu-viec"], "agency")
        if self.case is not None:
            permissions.check_can_see(self.person, self.case, at=self.at)

    def _seen(self, model: Any, pk: str, *related: str) -> Any:
        found = model.objects.select_related(*related).filter(pk=pk).first() if is_row_number(pk) else None
        if found is None:
            raise NotFound(_("There is no such case, or it is not open to you."))
        return found

    def _agencies(self) -> list[Agency]:
        """Where it may be noted. Raises Refused, MissingRole."""
        if self.case is not None:
            agency = self.case.agency
            permissions.check_role(self.person, Codename.DETECT_CRISIS, agency=agency, at=self.at)
            return [agency]
        found = organisation.agencies_of(self.person, at=self.at, codename=Codename.DETECT_CRISIS)
        if not found:
            raise Refused(
                _("None of your roles includes noting a crisis. Tell the press contact or the chief.")
            )
        return list(found.order_by("code"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agencies": self.agencies}

    def get_initial(self) -> dict[str, Any]:
        title = self.inquiry.subject if self.inquiry else ""
        return {"detected_at": self.at, "token": uuid4(), "title": title, "agency": self.agency.code}

    def form_valid(self, form: DetectForm) -> HttpResponse:
        try:
            crisis = self._detect_once(form)
        except DomainError as error:
            return self._refused(form, error)
        sentence = _("Noted as %(reference)s. Assessing it is the next step.")
        messages.success(self.request, sentence % {"reference": crisis.reference})
        return redirect(self._next(crisis))

    def _detect_once(self, form: DetectForm) -> Crisis:
        given = form.cleaned_data
        noticed = opening.Noticed(
            title=given["title"], note=given["note"], address=given["address"], detected_at=given["detected_at"],
            published_at=given["published_at"], inquiry=self.inquiry, case=self.case,
        )  # fmt: skip
        return once(
            lambda: opening.detect(agency=self.agency, noticed=noticed, by=self.person),
            what="crisis_detect",
            token=given["token"],
            by=self.person,
            among=Crisis.objects.filter(agency=self.agency, detected_by=self.person),
        )

    def _next(self, crisis: Crisis) -> str:
        """On to the assessment, where the person may make it."""
        process = queries.process_of(crisis)
        may: dict[str, Any] = {"agency": crisis.agency, "at": self.at}
        for task in running.tasks_at(process, "assess"):
            if not reason_why_not(permissions.check_role, self.person, Codename.ASSESS_CRISIS, **may):
                return reverse("step", args=[task.pk])
        return reverse("case", args=[crisis.case_id])

    def form_invalid(self, form: DetectForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _refused(self, form: Form, error: DomainError) -> HttpResponse:
        fields = error.fields if isinstance(error, Invalid) else {}
        for field, sentence in fields.items():
            if field in form.fields:
                form.add_error(field, str(sentence))
        form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "agency": self.agency,
            "inquiry": self.inquiry,
            "case": self.case,
        }
