"""The duty roster of an agency: who is on duty now and in the next two weeks, and its keeping."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from core import clock
from core.actions import duty as actions
from core.enums import Codename
from core.errors import DomainError, NotFound
from core.models import Agency, DutyShift
from core.queries import directory, organisation
from core.rules import duty as rules
from core.rules.calendar import DAY
from core.rules.deadlines import end_of, local_day
from workflows.act_page import ActPage
from workflows.crises.forms.duty import ShiftForm
from workflows.once import once
from workflows.signed_in import SignedIn

DAYS = 14
EVENING, NIGHT = 17, timedelta(hours=14, minutes=30)


class Roster(ActPage):
    """Everybody of the agency reads it; whoever keeps it adds a shift here, or a row of nights."""

    template_name = "workflows/crises/duty.html"
    form_class = ShiftForm
    codename = Codename.KEEP_DUTY_ROSTER
    key_name = "code"
    title = gettext_lazy("Duty roster")
    lead = gettext_lazy(
        "Who leads and who sits on duty, by day and night. Steps of a crisis and reports go to whoever is on duty "
        "at that hour."
    )
    submit = gettext_lazy("Put on the roster")
    done_message = gettext_lazy("It stands on the roster.")

    def find(self, pk: Any) -> None:
        agencies = organisation.agencies_of(self.person, at=self.at).order_by("code")
        self.agencies = list(agencies)
        found = [agency for agency in self.agencies if agency.code == pk] if pk else self.agencies
        if not found:
            raise NotFound(_("There is no such roster, or it is not open to you."))
        self.found = found[0]

    @property
    def agency(self) -> Agency:
        return self.found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": directory.staff(self.agency, at=self.at)}

    def get_initial(self) -> dict[str, Any]:
        begins = self.at.astimezone(clock.ZONE).replace(hour=EVENING, minute=0, second=0, microsecond=0)
        return {**super().get_initial(), "starts_at": begins, "ends_at": begins + NIGHT, "token": uuid4()}

    def get_success_url(self) -> str:
        return reverse("duty_roster_of", args=[self.agency.code])

    def perform(self, form: Any) -> None:
        once(
            lambda: actions.record(agency=self.agency, shift=form.shift, by=self.person, at=self.at)[0],
            what="duty",
            token=form.cleaned_data["token"],
            by=self.person,
            among=DutyShift.objects.filter(agency=self.agency),
        )

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        """What the act says of the person belongs to the field of that name in the form."""
        fields = getattr(error, "fields", {})
        if "person" in fields:
            fields["on_duty"] = fields.pop("person")
        return super().refused(form, error)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = local_day(self.at)
        shifts = list(directory.roster(self.agency, since=self.midnight, until=self.midnight + DAYS * DAY))
        days = rules.by_day(shifts, since=today, days=DAYS, at=self.at)
        return super().get_context_data(**kwargs) | {
            "agency": self.agency,
            "agencies": self.agencies,
            "days": days,
            "may_keep": not self.why_not(),
            "now": [row for row in shifts if row.starts_at <= self.at < row.ends_at],
        }

    @property
    def midnight(self) -> datetime:
        return end_of(local_day(self.at) - DAY)


class RemoveShift(SignedIn, View):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        shift = (
            DutyShift.objects.filter(pk=pk, agency__in=organisation.agencies_of(self.person, at=self.at))
            .select_related("agency")
            .first()
        )
        if shift is None:
            raise NotFound(_("There is no such shift, or it was removed meanwhile."))
        actions.remove(shift_id=pk, by=self.person, at=self.at)
        messages.success(request, _("The shift is off the roster."))
        return HttpResponseRedirect(reverse("duty_roster_of", args=[shift.agency.code]))
