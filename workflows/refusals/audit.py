"""What auditors ask of the decisions not to answer: how many by what, which are left standing, which cases they are."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.models import Agency
from core.rules.deadlines import end_of, local_day
from workflows.refusal.models import Cause, Outcome, Reconsideration, RefusalDecision, Result, State

NO_UNIT = "none"
DAY = timedelta(days=1)
Decisions = QuerySet[RefusalDecision]
Choices = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the page is narrowed to; both days are included, each of the others is empty or one choice."""

    since: date | None = None
    until: date | None = None
    agency: str = ""
    ground: str = ""
    person: str = ""
    unit: str = ""
    show: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A group of decisions that auditors look for by itself."""

    code: str
    title: Any
    about: Any
    tone: str
    icon: str


KINDS = (
    Kind(
        code="lapsed_waiting", tone="danger", icon="octagon-alert",
        title=gettext_lazy("Ground lapsed, question not brought back"),
        about=gettext_lazy(
            "The end of the ground is recorded and its time has come, but the question is not open again."
        ),
    ),
    Kind(
        code="day_passed", tone="warn", icon="calendar-clock",
        title=gettext_lazy("Expected day passed, nothing recorded"),
        about=gettext_lazy(
            "The ground was expected to end by now. Whether it has ended is not known here: somebody must find out."
        ),
    ),
    Kind(
        code="answer_waiting", tone="danger", icon="octagon-alert",
        title=gettext_lazy("To be answered after a second look, not brought back"),
        about=gettext_lazy("A second look wanted an answer, but the question is not open again."),
    ),
    Kind(
        code="brought_back", tone="done", icon="undo-2",
        title=gettext_lazy("Brought back to be answered"),
        about=gettext_lazy("The ground lapsed, or a second look wanted an answer, and the question was opened again."),
    ),
    Kind(
        code="withheld", tone="warn", icon="circle-pause",
        title=gettext_lazy("Considered, not provided yet"),
        about=gettext_lazy("No outcome of the Press Law: decided by the head alone, citing no provision."),
    ),
    Kind(
        code="look_open", tone="info", icon="scan-eye",
        title=gettext_lazy("Second look under way"),
        about=gettext_lazy("The journalist asked to look again; nobody has judged yet."),
    ),
    Kind(
        code="look_upheld", tone="neutral", icon="scan-eye",
        title=gettext_lazy("Second look: upheld"),
        about=gettext_lazy("Somebody who took no part looked again and kept the decision."),
    ),
    Kind(
        code="look_changed", tone="neutral", icon="scan-eye",
        title=gettext_lazy("Second look: changed"),
        about=gettext_lazy("Another decision on the same question took its place."),
    ),
    Kind(
        code="look_answered", tone="neutral", icon="scan-eye",
        title=gettext_lazy("Second look: to be answered"),
        about=gettext_lazy("The question was to be answered after all."),
    ),
)  # fmt: skip
LOOKS = {
    "look_upheld": Result.UPHELD,
    "look_changed": Result.CHANGED,
    "look_answered": Result.ANSWERED,
}
# The sweep marks as done also what was replaced, given up or removed meanwhile: that never came back.
CAME_BACK = (State.LAPSED, State.ANSWERED)
GROUNDLESS = (Outcome.REDIRECTED, Outcome.WITHHELD)


# Which decisions


def decided_in(agencies: QuerySet[Agency]) -> Decisions:
    """Every decision not to answer in the cases of these agencies, told to the press or not."""
    return RefusalDecision.objects.filter(refusal__inquiry__case__agency__in=agencies)


def narrowed(rows: Decisions, asked: Asked, *, at: datetime) -> Decisions:
    """The decisions asked for, each choice being one of `offered`."""
    if asked.since:
        rows = rows.filter(decided_at__gte=end_of(asked.since - DAY))
    if asked.until:
        rows = rows.filter(decided_at__lt=end_of(asked.until))
    if asked.agency:
        rows = rows.filter(refusal__inquiry__case__agency=int(asked.agency))
    if asked.person:
        rows = rows.filter(decided_by=int(asked.person))
    if asked.unit:
        unit = None if asked.unit == NO_UNIT else int(asked.unit)
        rows = rows.filter(refusal__inquiry__lead_unit=unit)
    if asked.ground:
        rows = rows.filter(_on_ground(asked.ground))
    return rows.filter(_of_kind(at)[asked.show]) if asked.show else rows


def _on_ground(ground: str) -> Q:
    """An outcome without a ground, or every decision with the same citation: a reworded provision is still itself."""
    if ground in GROUNDLESS:
        return Q(outcome=ground)
    return Q(citation__in=RefusalDecision.objects.filter(ground=int(ground)).values("citation"))


def _of_kind(at: datetime) -> dict[str, Q]:
    """The condition of each of KINDS at this instant."""
    back = "refusal__bring_back"
    waiting = Q(**{f"{back}__done_at__isnull": True, f"{back}__happened_at__lte": at})
    kinds = {
        "lapsed_waiting": waiting & Q(**{f"{back}__cause": Cause.LAPSED}),
        "answer_waiting": waiting & Q(**{f"{back}__cause": Cause.RECONSIDERED}),
        "brought_back": Q(refusal__state__in=CAME_BACK, **{f"{back}__done_at__isnull": False}),
        "withheld": Q(outcome=Outcome.WITHHELD),
        "day_passed": Q(
            refusal__state=State.DECIDED, version__watch_on__lt=local_day(at), **{f"{back}__isnull": True}
        ),
    }
    looks = Reconsideration.objects.filter(refusal=OuterRef("refusal"))
    under_way = looks.filter(result="", process__finished__isnull=True)
    kinds["look_open"] = Q(Exists(under_way), refusal__state=State.DECIDED)
    return kinds | {code: Q(Exists(looks.filter(result=result))) for code, result in LOOKS.items()}


def listed(rows: Decisions) -> Decisions:
    """The latest decided first, with what a list says of each."""
    looks = Reconsideration.objects.select_related("judged_by")
    related = (
        "refusal__question", "refusal__inquiry__case__agency", "refusal__inquiry__lead_unit", "refusal__bring_back",
        "version", "decided_by", "stated",
    )  # fmt: skip
    rows = rows.select_related(*related).prefetch_related(Prefetch("refusal__reconsiderations", looks))
    return rows.order_by("-decided_at", "-pk")


# How many


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One number: what it counts, and the choices that narrow the page to exactly these decisions."""

    label: str
    number: int
    choice: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The same decisions counted in five ways; each way adds up to all of them."""

    grounds: Sequence[Counted]
    agencies: Sequence[Counted]
    people: Sequence[Counted]
    units: Sequence[Counted]
    months: Sequence[Counted]


def counts(rows: Decisions, asked: Asked) -> Counts:
    return Counts(
        grounds=by_ground(rows),
        agencies=_by(
            rows, "agency", pk="refusal__inquiry__case__agency", name="refusal__inquiry__case__agency__name"
        ),
        people=_by(rows, "person", pk="decided_by", name="decided_by__full_name"),
        units=by_unit(rows),
        months=by_month(rows, asked),
    )


def _by(rows: Decisions, choice: str, *, pk: str, name: str) -> list[Counted]:
    found = rows.order_by().values(pk, name).annotate(number=Count("pk")).order_by("-number", name, pk)
    return [Counted(label=row[name], number=row["number"], choice={choice: str(row[pk])}) for row in found]


def by_ground(rows: Decisions) -> list[Counted]:
    """Each law's grounds by citation, the older law first; then the outcomes that rest on none, also where nought."""
    found = rows.order_by().values("outcome", "citation")
    found = found.annotate(number=Count("pk"), first=Min("ground"), issued=Min("ground__instrument__issued"))
    lines = [
        Counted(label=row["citation"], number=row["number"], choice={"ground": str(row["first"])})
        for row in found.filter(outcome=Outcome.REFUSED).order_by("issued", "citation")
    ]
    without = {row["outcome"]: row["number"] for row in found.exclude(outcome=Outcome.REFUSED)}
    return lines + [
        Counted(label=str(each.label), number=without.get(each, 0), choice={"ground": str(each)})
        for each in GROUNDLESS
    ]


def by_unit(rows: Decisions) -> list[Counted]:
    unit = "refusal__inquiry__lead_unit"
    columns = {"name": F(f"{unit}__name"), "agency": F(f"{unit}__agency__short_name")}
    found = rows.order_by().values(unit, **columns).annotate(number=Count("pk"))
    return [
        Counted(
            label=unit_label(row["name"], row["agency"]),
            number=row["number"],
            choice={"unit": str(row[unit] or NO_UNIT)},
        )
        for row in found.order_by("-number", "name", unit)
    ]


def unit_label(name: str | None, agency: str | None) -> str:
    if not name:
        return _("No unit led it yet")
    return f"{name} · {agency}" if agency else name


def by_month(rows: Decisions, asked: Asked) -> list[Counted]:
    month = TruncMonth("decided_at", tzinfo=clock.ZONE)
    found = (
        rows.order_by().annotate(month=month).values("month").annotate(number=Count("pk")).order_by("-month")
    )
    return [
        Counted(label=f"{row['month']:%m/%Y}", number=row["number"], choice=within_month(row["month"], asked))
        for row in found
    ]


def within_month(month: date, asked: Asked) -> dict[str, str]:
    """The days of a month that lie in the period asked for."""
    first = date(month.year, month.month, 1)
    last = first.replace(day=monthrange(month.year, month.month)[1])
    return {
        "since": max(first, asked.since or first).isoformat(),
        "until": min(last, asked.until or last).isoformat(),
    }


def of_each_kind(rows: Decisions, *, at: datetime) -> list[tuple[Kind, int]]:
    conditions = _of_kind(at)
    numbers = rows.aggregate(**{kind.code: Count("pk", filter=conditions[kind.code]) for kind in KINDS})
    return [(kind, numbers[kind.code]) for kind in KINDS]


# What may be chosen


@dataclass(frozen=True, kw_only=True)
class Offered:
    """The choices of the filters: what occurs among the decisions, whatever they are narrowed to."""

    agencies: Choices
    grounds: Choices
    people: Choices
    units: Choices


def offered(rows: Decisions, agencies: Iterable[Agency]) -> Offered:
    def chosen(counted: Iterable[Counted]) -> Choices:
        return [(next(iter(each.choice.values())), each.label) for each in counted]

    people = _by(rows, "person", pk="decided_by", name="decided_by__full_name")
    return Offered(
        agencies=[(str(agency.pk), agency.name) for agency in agencies],
        grounds=chosen(by_ground(rows)),
        people=sorted(chosen(people), key=lambda pair: pair[1]),
        units=sorted(chosen(by_unit(rows)), key=lambda pair: pair[1]),
    )
