"""The working calendar: what is in force, year by year, and the publishing of the next version."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import permissions
from core.actions import calendar as actions
from core.enums import Codename, DayKind
from core.errors import DomainError, Invalid
from core.models import CalendarVersion, Deadline
from core.queries import calendar as queries
from core.queries import deadlines
from core.rules import calendars as rules
from core.rules.calendar import NoCalendar, SpecialDay, WorkCalendar
from core.rules.calendars import Content
from core.rules.deadlines import local_day
from workflows.act_page import reason_why_not
from workflows.calendar_forms import Changes, DecisionForm, decision_of
from workflows.signed_in import Page

SIGNS = {DayKind.HOLIDAY: "●", DayKind.SWAPPED: "⇄", DayKind.MAKE_UP: "+"}
WEEKDAYS = (
    gettext_lazy("Mo"),
    gettext_lazy("Tu"),
    gettext_lazy("We"),
    gettext_lazy("Th"),
    gettext_lazy("Fr"),
    gettext_lazy("Sa"),
    gettext_lazy("Su"),
)
SETTLED_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """A day of the table: its number, a sign, and the same in words for who does not see it."""

    number: int
    look: str
    sign: str
    words: str
    is_provisional: bool
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Month:
    first: date
    head: list[tuple[date, str | Promise]]
    weeks: list[list[DayCell | None]]


def months(work: WorkCalendar, year: int, *, today: date) -> list[Month]:
    weeks = calendar.Calendar()
    return [
        Month(
            first=date(year, month, 1),
            head=list(zip(weeks.monthdatescalendar(year, month)[0], WEEKDAYS, strict=True)),
            weeks=[
                [_cell(day, work, today) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _cell(day: date, work: WorkCalendar, today: date) -> DayCell:
    special = work.special.get(day)
    kind = DayKind(special.kind) if special else DayKind.ORDINARY
    is_provisional = work.is_provisional(day)
    look = kind.value if kind in SIGNS else ("work" if work.is_working(day) else "rest")
    sign = SIGNS.get(kind, "") + ("?" if special and special.is_provisional else "")
    return DayCell(
        number=day.day,
        look=look,
        sign=sign,
        words=_cell_words(day, special, work),
        is_provisional=is_provisional and bool(special),
        is_today=day == today,
    )


def _cell_words(day: date, special: SpecialDay | None, work: WorkCalendar) -> str:
    """Nothing for a plain day: the head of its column says which day of the week it is."""
    if special is None:
        return "" if work.is_working(day) else _("off")
    kind = "" if special.kind == DayKind.ORDINARY else str(DayKind(special.kind).label)
    unsettled = _("provisional") if work.is_provisional(day) else ""
    return ", ".join(filter(None, (kind, special.name, unsettled)))


@dataclass(frozen=True, kw_only=True)
class NamedDay:
    """A special day as the list and the preview say it."""

    day: date
    said: str
    name: str
    is_provisional: bool
    before: str = ""


def special_of(work: WorkCalendar, year: int) -> list[NamedDay]:
    return [
        NamedDay(day=day, said=_kind_of(day, each), name=each.name, is_provisional=work.is_provisional(day))
        for day, each in sorted(work.special.items())
        if day.year == year
    ]


def _kind_of(day: date, special: SpecialDay | None) -> str:
    if special is not None and special.kind != DayKind.ORDINARY:
        return str(DayKind(special.kind).label)
    return _("Weekly day off") if day.weekday() >= 5 else _("Working day")


class Calendar(Page):
    """The version in force. A year nobody published is said to be missing, never guessed."""

    template_name = "workflows/calendar/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = local_day(self.at)
        versions = list(CalendarVersion.objects.select_related("published_by").order_by("-number"))
        may_not = reason_why_not(permissions.check_right, self.person, Codename.PUBLISH_CALENDAR, at=self.at)
        context = super().get_context_data(**kwargs) | {
            "versions": versions,
            "current": versions[0] if versions else None,
            "why_not": may_not,
        }
        return context | (self.of_year(versions[0], today) if versions else {})

    def of_year(self, version: CalendarVersion, today: date) -> dict[str, Any]:
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
        years = range(version.first_year, version.last_year + 1)
        facts = {"year": year, "years": years, "provisional_years": version.provisional_years}
        if year not in years:
            return facts | {"missing": str(NoCalendar(year))}
        work = queries.calendar_of(version)
        special = special_of(work, year)
        return facts | {
            "months": months(work, year, today=today),
            "special": special,
            "is_provisional_year": year in version.provisional_years,
            "provisional_days": [each for each in special if each.is_provisional],
        }


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What publishing would do: days that change, days that are only settled, open deadlines touched."""

    changed: list[NamedDay]
    settled: Sequence[tuple[date, date]]
    new_years: list[int]
    touched: int


def preview_of(version: CalendarVersion, decision: actions.Decision) -> Preview:
    """Raises UnusableCalendar as publishing would."""
    old = actions.content_of(version)
    new = actions.next_content(old, decision)
    days = rules.differing_days(old, new)
    real = [day for day in days if old.is_off(day) != new.is_off(day) or _name(day, old) != _name(day, new)]
    added = range(old.last_year + 1, new.last_year + 1)
    if not days and not added:
        raise rules.UnusableCalendar(
            _("The decision changes no day and settles nothing, so there is nothing to publish.")
        )
    return Preview(
        changed=[_changed(day, old, new) for day in real],
        settled=rules.ranges(set(days) - set(real))[:SETTLED_SHOWN],
        new_years=list(added),
        touched=touched(version, days, new),
    )


def _name(day: date, content: Content) -> str:
    special = content.special.get(day)
    return special.name if special and special.kind != DayKind.ORDINARY else ""


def _changed(day: date, old: Content, new: Content) -> NamedDay:
    return NamedDay(
        day=day,
        before=_kind_of(day, old.special.get(day)),
        said=_kind_of(day, new.special.get(day)),
        name=_name(day, new),
        is_provisional=new.is_provisional(day),
    )


def touched(version: CalendarVersion, days: Sequence[date], new: Content) -> int:
    """How many open deadlines the next version would have computed anew."""
    following = CalendarVersion(
        number=version.number + 1,
        changed_days=[f"{day}" for day in days],
        first_year=new.first_year,
        last_year=new.last_year,
    )
    condition = deadlines.touched([following], following)
    return Deadline.objects.open().filter(condition).count()


class Publish(Page):
    """The next version under a decision: first what would change, then publishing. What was typed is kept."""

    template_name = "workflows/calendar/publish.html"

    @cached_property
    def version(self) -> CalendarVersion:
        return queries.require_version(local_day(self.at))

    @property
    def why_not(self) -> str:
        return reason_why_not(permissions.check_right, self.person, Codename.PUBLISH_CALENDAR, at=self.at)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = actions.content_of(self.version)
        return self.show(DecisionForm(content=content), Changes(prefix="days"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST, content=actions.content_of(self.version))
        rows = Changes(request.POST, prefix="days")
        # Both are asked, so that a person sees every mistake at once.
        if not all([form.is_valid(), rows.is_valid()]):
            return self.show(form, rows, status=422)
        try:
            if "preview" in request.POST:
                permissions.check_right(self.person, Codename.PUBLISH_CALENDAR, at=self.at)
                return self.show(form, rows, preview=preview_of(self.version, decision_of(form, rows)))
            published = actions.publish(decision=decision_of(form, rows), by=self.person, at=self.at)
        except DomainError as error:
            return self.refused(form, rows, error)
        messages.success(request, self.done(published))
        return HttpResponseRedirect(reverse("working_calendar"))

    def done(self, published: CalendarVersion) -> str:
        return _(
            "Version %(number)s of the calendar is published. The open deadlines it touches are computed anew in a "
            "moment; each change is kept with this decision."
        ) % {"number": published.number}

    def refused(self, form: DecisionForm, rows: Any, error: DomainError) -> HttpResponse:
        for field, sentence in error.fields.items() if isinstance(error, Invalid) else ():
            if field in form.fields:
                form.add_error(field, str(sentence))
        form.add_error(None, str(error))
        return self.show(form, rows, status=error.status)

    def show(
        self, form: DecisionForm, rows: Any, *, preview: Preview | None = None, status: int = 200
    ) -> HttpResponse:
        at_first = 4
        shown = list(rows)
        more = shown[at_first:]
        context = self.get_context_data(
            form=form,
            rows=rows,
            first_rows=shown[:at_first],
            more_rows=more,
            is_more_open=any(row.has_changed() for row in more),
            version=self.version,
            preview=preview,
            why_not=self.why_not,
        )
        return self.render_to_response(context, status=status)
