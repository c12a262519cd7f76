"""What auditors ask of crises: which clocks were met, what was ended in silence, whom no report reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy

from core.enums import DeadlineOutcome, DeadlineSource
from core.models import Agency, Crisis, Deadline
from core.queries import deadlines
from core.rules.deadlines import end_of
from workflows.crises.rows.board import CrisisView
from workflows.crises.rows.lines import DispatchRow
from workflows.crisis.models import Assessment, CrisisStatement, Dispatch, Report, Rung
from workflows.crisis.queries import board, unassessed

DAY = timedelta(days=1)
REAL, DRILLS, BOTH = "", "drill", "both"
Crises = QuerySet[Crisis]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the page is narrowed to; both days are included. Drills count nowhere unless they are asked for."""

    since: date | None = None
    until: date | None = None
    agency: str = ""
    drills: str = REAL
    show: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A group of crises that auditors look for by itself."""

    code: str
    title: Any
    tone: str
    icon: str


KINDS = (
    Kind(code="late", title=gettext_lazy("The law's clock was not met"), tone="danger", icon="clock-alert"),
    Kind(
        code="unassessed",
        title=gettext_lazy("Detected and not assessed in time"),
        tone="danger",
        icon="radar",
    ),
    Kind(
        code="forced",
        title=gettext_lazy("Stood down by force though the law asked for a statement and nothing was said"),
        tone="danger",
        icon="octagon-alert",
    ),
    Kind(
        code="silent",
        title=gettext_lazy("Stood down though nothing was said"),
        tone="warn",
        icon="volume-x",
    ),
    Kind(
        code="anew",
        title=gettext_lazy("Paragraph or starting event determined anew while its clock ran"),
        tone="warn",
        icon="scale",
    ),
    Kind(
        code="unconfirmed",
        title=gettext_lazy("A report that nobody has acknowledged"),
        tone="warn",
        icon="mail-question-mark",
    ),
    Kind(
        code="given_up",
        title=gettext_lazy("A report given up by the head without an acknowledgement"),
        tone="warn",
        icon="circle-slash",
    ),
    Kind(
        code="over_head",
        title=gettext_lazy("A report that went over a recipient's head"),
        tone="warn",
        icon="chevrons-up",
    ),
)


def of_agencies(agencies: QuerySet[Agency]) -> Crises:
    return Crisis.objects.filter(agency__in=agencies)


def narrowed(rows: Crises, asked: Asked, *, at: datetime) -> Crises:
    """The crises asked for, by the day they were detected."""
    if asked.since:
        rows = rows.filter(detected_at__gte=end_of(asked.since - DAY))
    if asked.until:
        rows = rows.filter(detected_at__lt=end_of(asked.until))
    if asked.agency:
        rows = rows.filter(agency=int(asked.agency))
    if asked.drills != BOTH:
        rows = rows.filter(is_drill=asked.drills == DRILLS)
    return rows.filter(_of_kind(at)[asked.show]) if asked.show else rows


def _of_kind(at: datetime) -> dict[str, Q]:
    """The condition of each of KINDS at this instant."""
    clocks = Deadline.objects.filter(crisis=OuterRef("pk"), due__isnull=False)
    assessed_late = clocks.filter(deadlines.missed(at), key__code=unassessed.KEY)
    said = CrisisStatement.objects.filter(
        crisis=OuterRef("pk"), released_at__lte=OuterRef("stand_down__ordered_at")
    )
    reports = Dispatch.objects.filter(report__crisis=OuterRef("pk"))
    waiting = reports.filter(sent_at__isnull=False, acknowledged_at__isnull=True, given_up_at__isnull=True)
    return {
        "late": Q(Exists(clocks.filter(deadlines.missed(at), source=DeadlineSource.LAW))),
        "unassessed": unassessed.waits_too_long(at) | Q(Exists(assessed_late)),
        "forced": Q(stand_down__is_forced=True),
        "silent": Q(stand_down__isnull=False) & ~Q(Exists(said)),
        "anew": Q(Exists(_while_a_clock_ran())),
        "unconfirmed": Q(Exists(waiting)),
        "given_up": Q(Exists(reports.filter(given_up_at__isnull=False))),
        "over_head": Q(Exists(reports.filter(over_head_of__isnull=False))),
    }


def _while_a_clock_ran() -> QuerySet[Assessment]:
    """Of a crisis what set a clock of the law aside: the two bear the same instant."""
    set_aside = Deadline.objects.filter(
        crisis=OuterRef("crisis"),
        source=DeadlineSource.LAW,
        outcome=DeadlineOutcome.VOID,
        ended_at=OuterRef("assessed_at"),
    )
    return Assessment.objects.filter(Exists(set_aside), crisis=OuterRef("pk"), is_anew=True)


def of_each_kind(rows: Crises, *, at: datetime) -> list[tuple[Kind, int]]:
    conditions = _of_kind(at)
    numbers = rows.order_by().aggregate(
        **{kind.code: Count("pk", filter=conditions[kind.code]) for kind in KINDS}
    )
    return [(kind, numbers[kind.code]) for kind in KINDS]


def listed(rows: Crises) -> Crises:
    """The latest detected first, with what a list says of each."""
    assessments = Assessment.objects.select_related("version", "assessed_by", "provision__instrument")
    dispatches = (
        Dispatch.objects.select_related("recipient", "given_up_by", "over_head_of__recipient")
        .prefetch_related("acknowledgements", Prefetch("rungs", Rung.objects.order_by("number")))
        .order_by("pk")
    )
    reports = Report.objects.prefetch_related(Prefetch("dispatches", dispatches)).order_by("number")
    return (
        board.listed(rows)
        .prefetch_related(
            Prefetch("assessments", assessments.order_by("-assessed_at", "-pk")),
            Prefetch("reports", reports),
            "crisis_statements",
        )
        .order_by(F("detected_at").desc(), "-pk")
    )


class AuditedCrisis(CrisisView):
    """One crisis as auditors read it."""

    @property
    def scenario(self) -> str:
        """The playbook of the latest assessment; none where it was no crisis or nobody has assessed it."""
        latest = next(iter(self.crisis.assessments.all()), None)
        return str(latest.version) if latest and latest.version else ""

    @property
    def redetermined(self) -> list[Assessment]:
        return [row for row in self.crisis.assessments.all() if row.is_anew]

    @property
    def dispatches(self) -> list[DispatchRow]:
        return [row for _report, rows in self.reports for row in rows]

    @property
    def unconfirmed(self) -> list[DispatchRow]:
        return [row for row in self.dispatches if row.dispatch.sent_at and not row.dispatch.is_settled]

    @property
    def given_up(self) -> list[DispatchRow]:
        return [row for row in self.dispatches if row.dispatch.given_up_at]

    @property
    def over_head(self) -> list[DispatchRow]:
        return [row for row in self.dispatches if row.dispatch.over_head_of]

    @property
    def was_silent(self) -> bool:
        """Whether it was stood down before anything was released."""
        ended = self.crisis.stood_down_at
        return ended is not None and not any(
            row.released_at and row.released_at <= ended for row in self.statements
        )


def rows_of(crises: Iterable[Crisis], *, at: datetime) -> list[AuditedCrisis]:
    return [AuditedCrisis(crisis, at=at, holders={}) for crisis in crises]
