"""Reports beside the path: a further one, what came back to it, and the page of those that came to us."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.enums import Codename
from core.errors import NotAllowedNow, NotFound
from core.models import Agency, Crisis
from workflows.act_page import ActPage, reason_why_not
from workflows.crisis import permissions as crisis_permissions
from workflows.crisis.actions import acknowledging, directions, dispatches, reports
from workflows.crisis.forms.reports import (
    DirectionForm,
    FurtherReportForm,
    GiveUpForm,
    OverHeadForm,
    PhoneForm,
)
from workflows.crisis.models import Dispatch
from workflows.crisis.queries import received
from workflows.crisis.views.reports import proposed_lines
from workflows.locks import held_crisis
from workflows.signed_in import Page

PER_PAGE = 25


class Received(Page):
    """All reports to the agencies in which the person may acknowledge, the open ones first."""

    template_name = "workflows/crises/received.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = received.received_by(self.person, at=self.at)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": received.with_tasks(page.object_list),
            "at": self.at,
        }


class FurtherReport(ActPage):
    template_name = "workflows/crises/report.html"
    form_class = FurtherReportForm
    codename = Codename.REPORT_CRISIS
    title = gettext_lazy("Report upward and beside")
    lead = gettext_lazy(
        "Five lines, to everybody the playbook names at this level. What was sent is never edited."
    )
    submit = gettext_lazy("Send the report")
    done_message = gettext_lazy(
        "The report is sent. Until somebody there acknowledges, the ladder keeps us at it."
    )
    crisis: Crisis

    def find(self, pk: int) -> None:
        rows = Crisis.objects.select_related("case", "agency__parent")
        crisis = rows.filter(pk=pk).first()
        if crisis is None:
            raise NotFound(_("There is no such crisis, or it is not open to you."))
        permissions.check_can_see(self.person, crisis.case, at=self.at)
        self.crisis = crisis

    @property
    def agency(self) -> Agency:
        return self.crisis.agency

    def check_situation(self) -> None:
        reports.check_can_be_reported(self.crisis)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"crisis": self.crisis}

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **proposed_lines(self.crisis)}

    def perform(self, form: Any) -> None:
        with held_crisis(self.crisis) as held:
            reports.send(
                process=held.process, kind=form.cleaned_data["kind"], lines=form.lines(), by=self.person, at=held.at,
                left_out=form.parts_left_out(),
            )  # fmt: skip

    def get_success_url(self) -> str:
        return reverse("crisis", args=[self.crisis.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "crisis": self.crisis,
            "targets": context["form"].targets,
            "back_url": self.get_success_url(),
        }


class OnDispatch(ActPage):
    """An act on one report to one recipient."""

    template_name = "workflows/crises/dispatch_act.html"
    codename = Codename.REPORT_CRISIS
    row: Dispatch

    def find(self, pk: int) -> None:
        rows = Dispatch.objects.select_related(
            "report__crisis__case", "report__crisis__agency__parent", "recipient__parent"
        )
        row = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound(_("There is no such report, or it is not open to you."))
        self.row = row
        self.check_open_to_person()

    def check_open_to_person(self) -> None:
        """Raises NotFound for whoever is not to know of it."""
        permissions.check_can_see(self.person, self.row.case, at=self.at)

    @property
    def agency(self) -> Agency:
        return self.row.agency

    def check_situation(self) -> None:
        if self.row.given_up_at is not None or not self.row.crisis.is_open:
            raise NotAllowedNow(_("Nobody waits for this report any more. Nothing was changed."))

    def sees_crisis(self) -> bool:
        """Whoever is on duty acts here before the case is open to him; the page of the crisis is then not his."""
        return not reason_why_not(permissions.check_can_see, self.person, self.row.case, at=self.at)

    def get_success_url(self) -> str:
        return reverse("crisis", args=[self.row.crisis.pk]) if self.sees_crisis() else reverse("work")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "dispatch": self.row,
            "crisis": self.row.crisis,
            "back_url": self.get_success_url(),
            "back_label": _("Back to the crisis") if self.sees_crisis() else _("Back to my work"),
        }


class AnswerToUs(OnDispatch):
    """What a body told us: recorded by whoever is on duty at that hour too, whom our own ladder has phone it."""

    def check_open_to_person(self) -> None:
        if not crisis_permissions.is_on_duty(self.person, agency=self.agency, at=self.at):
            super().check_open_to_person()

    def check_right(self) -> None:
        crisis_permissions.check_may_take_answers(self.person, agency=self.agency, at=self.at)


class AcknowledgedByPhone(AnswerToUs):
    form_class = PhoneForm
    title = gettext_lazy("Record an acknowledgement by phone")
    lead = gettext_lazy(
        "Who confirmed, in which post, when, and at which number. Another one is added, none replaced."
    )
    submit = gettext_lazy("Record the acknowledgement")
    done_message = gettext_lazy("Recorded. The ladder of this report has come to its end.")

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "acknowledged_at": self.at.replace(second=0, microsecond=0)}

    def perform(self, form: Any) -> None:
        with dispatches.held(self.row) as held:
            acknowledging.by_phone(
                process=held.process, dispatch=held.dispatch, confirmed=form.confirmed(), call=form.call(),
                by=self.person, at=held.at,
            )  # fmt: skip


class RecordDirection(AnswerToUs):
    form_class = DirectionForm
    title = gettext_lazy("Record a direction")
    lead = gettext_lazy(
        "What the recipient directed, from whom and when. It becomes a step of the chief of office."
    )
    submit = gettext_lazy("Record the direction")
    done_message = gettext_lazy("Recorded. The chief of office has it as a step.")

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "received_at": self.at.replace(second=0, microsecond=0)}

    def perform(self, form: Any) -> None:
        with dispatches.held(self.row) as held:
            directions.write_down(
                process=held.process, dispatch=held.dispatch, given=form.given(), by=self.person, at=held.at
            )


class ActOfTheHead(OnDispatch):
    """What our head alone may do about a recipient who does not acknowledge."""

    def check_right(self) -> None:
        permissions.check_heads(self.person, agency=self.agency, at=self.at)

    def check_situation(self) -> None:
        if self.row.is_settled:
            raise NotAllowedNow(_("Nobody waits for this report any more. Nothing was changed."))


class GiveUp(ActOfTheHead):
    form_class = GiveUpForm
    title = gettext_lazy("Give up waiting for an acknowledgement")
    lead = gettext_lazy(
        "The ladder ends here without a confirmation. The reason stands in the decision trail."
    )
    submit = gettext_lazy("Give up waiting")
    done_message = gettext_lazy("Recorded. Nobody is kept at this report any more.")

    def perform(self, form: Any) -> None:
        with dispatches.held(self.row) as held:
            acknowledging.give_up(
                process=held.process, dispatch=held.dispatch, reason=form.cleaned_data["reason"], by=self.person,
                at=held.at,
            )  # fmt: skip


class OverHead(ActOfTheHead):
    form_class = OverHeadForm
    title = gettext_lazy("Report over the recipient's head")
    lead = gettext_lazy(
        "The same five lines go to a body above. Nothing does this by itself; it is your own act."
    )
    submit = gettext_lazy("Report over its head")
    done_message = gettext_lazy(
        "The report is sent, with a ladder of its own. The recipient is still waited for."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"dispatch": self.row}

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        with dispatches.held(self.row) as held:
            reports.over_head(
                process=held.process, dispatch=held.dispatch, recipient=given["recipient"], reason=given["reason"],
                by=self.person, at=held.at,
            )  # fmt: skip
