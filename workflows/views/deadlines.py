"""The deadlines: what starts one, what moves it, what ends it, and the list of those that are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, permissions
from core.actions import deadlines
from core.actions.deadlines import holding
from core.enums import Codename
from core.errors import NotAllowedNow, NotFound
from core.models import Agency, Deadline, Person
from core.queries import deadlines as queries
from core.queries import organisation
from core.queries.deadlines import Statistics
from core.rules.deadlines import end_of, local_day
from workflows import deadline_forms as forms
from workflows import locks
from workflows.act_page import ActPage, reason_why_not
from workflows.signed_in import Page
from workflows.views.acts import Offer
from workflows.views.beside import BesidePage

PER_PAGE = 25
SOON = timedelta(days=3)


class Start(BesidePage):
    """“Compute first” shows the same form with the steps below and saves nothing."""

    template_name = "workflows/deadlines/start.html"
    form_class = forms.StartForm
    codename = Codename.KEEP_DEADLINES
    title = gettext_lazy("Start a deadline")
    lead = gettext_lazy(
        "Something has happened from which the law counts. The law of that day applies, and a stricter rule of the "
        "agency runs beside it."
    )
    submit = gettext_lazy("Record it and start the deadline")
    done_message = gettext_lazy("Recorded. The deadline runs and stands on the page of the case.")

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "occurred_at": self.at.astimezone(clock.ZONE).replace(second=0)}

    def form_valid(self, form: Form) -> HttpResponse:
        if "preview" not in self.request.POST:
            return super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=form, preview=self.computed(form)))

    def computed(self, form: Any) -> list[Deadline]:
        """What would be stored, as rows that are not."""
        data = form.cleaned_data
        return deadlines.preview(
            inquiry=self.inquiry,
            key=data["key"],
            started_at=data["occurred_at"],
            press_kind=data.get("press_kind", ""),
        )

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        with locks.beside(self.inquiry, by=self.person) as act:
            deadlines.record_event(
                inquiry=act.inquiry,
                key=data["key"],
                occurred_at=data["occurred_at"],
                note=data["note"],
                press_kind=data.get("press_kind", ""),
                by=act.by,
                at=act.at,
            )


class NewOrder(BesidePage):
    form_class = forms.OrderForm
    codename = Codename.KEEP_DEADLINES
    title = gettext_lazy("Record an order paper")
    lead = gettext_lazy(
        "A superior's paper sets a date. It runs beside the deadlines of the law and is always shown as an order."
    )
    submit = gettext_lazy("Record the order")
    done_message = gettext_lazy("The order is recorded and its date stands among the deadlines.")

    def perform(self, form: Any) -> None:
        with locks.beside(self.inquiry, by=self.person) as act:
            deadlines.record_order(inquiry=act.inquiry, by=act.by, at=act.at, **form.cleaned_data)


def find_deadline(pk: int, *, seen_by: Person, at: datetime) -> Deadline:
    """With what its page says of it; one that is not there is answered as one that is not open to the person."""
    rows = queries.with_subject(queries.all_with_history()).select_related("inquiry__agency__parent")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such deadline, or it is not open to you."))
    permissions.check_can_see_deadline(seen_by, found, at=at)
    return found


def owed_on(deadline: Deadline) -> dict[str, Any]:
    """What pages say of what a deadline is owed on: an inquiry, a crisis, or a mandate with or without a case."""
    return {
        "inquiry": deadline.inquiry,
        "mandate": deadline.mandate,
        "crisis": deadline.crisis,
        "case": deadline.case,
    }


class DeadlineAct(ActPage):
    """An act on one open deadline, whatever it is owed on."""

    template_name = "workflows/deadlines/act.html"
    codename = Codename.KEEP_DEADLINES
    deadline: Deadline

    def find(self, pk: int) -> None:
        self.deadline = find_deadline(pk, seen_by=self.person, at=self.at)

    @property
    def agency(self) -> Agency:
        return self.deadline.agency

    def check_situation(self) -> None:
        holding.check_open(self.deadline)

    def get_success_url(self) -> str:
        return reverse("deadline", args=[self.deadline.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"deadline": self.deadline, **owed_on(self.deadline)}
        return super().get_context_data(**kwargs) | shown


class Extend(DeadlineAct):
    form_class = forms.ExtendForm
    title = gettext_lazy("Extend the deadline")
    lead = gettext_lazy(
        "A longer limit, where a provision or a paper allows it. The first computed date is kept for reports."
    )
    submit = gettext_lazy("Extend")
    done_message = gettext_lazy("The deadline is extended; the earlier date stands among its changes.")

    def check_situation(self) -> None:
        super().check_situation()
        if self.deadline.due is None:
            raise NotAllowedNow(_("This deadline has no date, so there is nothing to extend."))

    def perform(self, form: Any) -> None:
        with locks.held_for(self.deadline) as at:
            deadlines.extend(deadline=self.deadline, by=self.person, at=at, **form.cleaned_data)


class Done(DeadlineAct):
    form_class = forms.DoneForm
    title = gettext_lazy("Record as done")
    lead = gettext_lazy("What this deadline asked for was done. It ends here and stays as it is.")
    submit = gettext_lazy("Record as done")
    done_message = gettext_lazy("The deadline has ended.")

    def check_situation(self) -> None:
        holding.check_no_publication(self.deadline)
        super().check_situation()

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "done_at": self.at.astimezone(clock.ZONE).replace(second=0)}

    def perform(self, form: Any) -> None:
        with locks.held_for(self.deadline) as at:
            deadlines.finish(deadline=self.deadline, by=self.person, at=at, **form.cleaned_data)


class Publish(DeadlineAct):
    """A mandate was made public; whoever publishes who speaks says when and where."""

    form_class = forms.PublishForm
    codename = Codename.PUBLISH_SPEAKERS
    title = gettext_lazy("Record the publication")
    lead = gettext_lazy(
        "Who speaks for the agency was made public. The deadline ends here, in time or late, and stays as it is."
    )
    submit = gettext_lazy("Record the publication")
    done_message = gettext_lazy("The publication is recorded and the deadline has ended.")

    def check_situation(self) -> None:
        holding.check_publication(self.deadline)
        super().check_situation()

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "published_at": self.at.astimezone(clock.ZONE).replace(second=0)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agency": self.agency}

    def perform(self, form: Any) -> None:
        with locks.held_for(self.deadline) as at:
            deadlines.publish(deadline=self.deadline, by=self.person, at=at, **form.cleaned_data)


class Void(DeadlineAct):
    form_class = forms.VoidForm
    title = gettext_lazy("Void the deadline")
    lead = gettext_lazy(
        "It was entered in error, or is not owed any more. It ends without a verdict and counts nowhere; "
        "the reason stands in the decision trail."
    )
    submit = gettext_lazy("Void the deadline")
    done_message = gettext_lazy("The deadline is void.")

    def perform(self, form: Any) -> None:
        reason = form.cleaned_data["reason"]
        with locks.held_for(self.deadline) as at:
            deadlines.void(deadline=self.deadline, reason=reason, by=self.person, at=at)


class DeadlinePage(Page):
    """One deadline in full: what it rests on, how it was computed, what moved it."""

    template_name = "workflows/deadlines/deadline.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deadline = find_deadline(kwargs["pk"], seen_by=self.person, at=self.at)
        shown = {"deadline": deadline, "offers": self.offers(deadline), **owed_on(deadline)}
        return super().get_context_data(**kwargs) | shown

    def offers(self, deadline: Deadline) -> Sequence[Offer]:
        """A publication is recorded where another deadline is recorded as done, each by its own right."""
        why = self.why_not(deadline, Codename.KEEP_DEADLINES)
        no_date = "" if deadline.due else _("This deadline has no date, so there is nothing to extend.")
        extend, void = (
            _offer("deadline_extend", deadline, label=_("Extend"), icon="calendar-plus", why=why or no_date),
            _offer("deadline_void", deadline, label=_("Void the deadline"), icon="circle-slash", why=why),
        )
        if deadline.mandate_id is not None:
            return self.publication(deadline), extend, void
        label = _("Record as done")
        return extend, _offer("deadline_done", deadline, label=label, icon="calendar-check", why=why), void

    def publication(self, deadline: Deadline) -> Offer:
        why = self.why_not(deadline, Codename.PUBLISH_SPEAKERS)
        label = _("Record the publication")
        return _offer("deadline_publish", deadline, label=label, icon="megaphone", why=why)

    def why_not(self, deadline: Deadline, codename: Codename) -> str:
        return reason_why_not(
            permissions.check_role, self.person, codename, agency=deadline.agency, at=self.at
        ) or reason_why_not(holding.check_open, deadline)


def _offer(name: str, deadline: Deadline, *, label: str, icon: str, why: str) -> Offer:
    return Offer(label=label, icon=icon, url=reverse(name, args=[deadline.pk]), why=why)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The legal statistics of one agency."""

    agency: Agency
    statistics: Statistics


class Deadlines(Page):
    """Every open deadline the person may see, nearest first, and the legal statistics of the person's agencies."""

    template_name = "workflows/deadlines/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queries.visible_to(self.person, at=self.at)
        agencies = Agency.objects.filter(pk__in=rows.order_by().values("agency_id")).order_by("name")
        narrowed = forms.FilterForm(self.request.GET, agencies=agencies)
        narrowed.is_valid()
        page = Paginator(self.narrow(rows, **narrowed.cleaned_data), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "filters": narrowed,
            "query": query.urlencode(),
            "is_filtered": any(narrowed.cleaned_data.values()),
            **self.statistics(),
        }

    def narrow(
        self, rows: QuerySet[Deadline], *, source: str = "", state: str = "", agency: Agency | None = None
    ) -> QuerySet[Deadline]:
        late = queries.overdue(self.at)
        if source:
            rows = rows.filter(source=source)
        if agency:
            rows = rows.filter(agency=agency)
        if state == "overdue":
            return rows.filter(late)
        return rows.filter(Q(due__lte=self.at + SOON) & ~late) if state == "soon" else rows

    def statistics(self) -> dict[str, Any]:
        asked = self.request.GET if "since" in self.request.GET else None
        whole_year = forms.year_of(local_day(self.at))
        period = forms.PeriodForm(asked, initial=whole_year)
        if asked is None or period.is_valid():
            days = whole_year if asked is None else period.cleaned_data
            since, until = end_of(days["since"] - timedelta(days=1)), end_of(days["until"])
            return {"period": period, "counted": self.counted(since, until)}
        return {"period": period, "counted": []}

    def counted(self, since: datetime, until: datetime) -> list[Counted]:
        # 24:00 of the last day is 00:00 of the next: what is due then belongs to the period.
        moment = timedelta(microseconds=1)
        return [
            Counted(
                agency=agency,
                statistics=queries.legal_statistics(
                    agency, since=since + moment, until=until + moment, at=self.at
                ),
            )
            for agency in organisation.agencies_of(self.person, at=self.at).order_by("name")
        ]
