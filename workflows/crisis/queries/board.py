"""The crises a person may follow, fetched with everything their pages say in a number of questions that never grows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, Q, QuerySet
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import events
from core.enums import Codename, CrisisPart, CrisisState, DeadlineSource
from core.models import Case, Crisis, Deadline, DutyShift, Person, RoleAssignment, Statement, TrailEntry
from core.queries import deadlines, mandates, organisation
from workflows.crisis.models import (
    Acknowledgement,
    Assessment,
    CrisisStatement,
    CrisisStep,
    Direction,
    Dispatch,
    DispatchReply,
    JointMatter,
    LevelChange,
    Report,
    ReportPaper,
    Rung,
    StatementText,
)

OPEN = (STATUS.NEW, STATUS.ASSIGNED)
RECENTLY = timedelta(days=30)
REPLIES = 20
PAPER_BOUNCED = events.CRISIS_REPORT_PAPER_BOUNCED.code


def visible_to(person: Person, *, at: datetime) -> QuerySet[Crisis]:
    """The crises of the cases open to the person; whoever is told of a crisis by a report sees the report alone."""
    return Crisis.objects.filter(case__in=Case.objects.visible_to(person, at=at))


def listed(rows: QuerySet[Crisis]) -> QuerySet[Crisis]:
    """With what a line of a list says: whose it is, how it was noticed, its clocks."""
    return rows.select_related("case", "agency", "detected_by", "stand_down__ordered_by").prefetch_related(
        _clocks()
    )


def whole(rows: QuerySet[Crisis]) -> QuerySet[Crisis]:
    """With everything the board says of each crisis."""
    return rows.select_related(
        "case", "agency", "duty", "provision__instrument", "detected_by", "inquiry", "process"
    ).prefetch_related(
        _clocks(),
        _redetermined(),
        Prefetch("steps", CrisisStep.objects.select_related("settled_by").order_by("number", "pk")),
        Prefetch("crisis_statements", _statements()),
        Prefetch("reports", _reports()),
        Prefetch("joint_matters", _matters()),
    )


def complete(rows: QuerySet[Crisis]) -> QuerySet[Crisis]:
    """With everything that is kept of a crisis, for its own page."""
    assessments = Assessment.objects.select_related(
        "version__playbook", "duty", "provision__instrument", "assessed_by"
    )
    return (
        whole(rows)
        .select_related("stand_down__ordered_by", "review__reviewed_by", "review__draft")
        .prefetch_related(
            "players",
            Prefetch("assessments", assessments.prefetch_related("signs")),
            Prefetch("level_changes", LevelChange.objects.select_related("changed_by")),
        )
    )


def _clocks() -> Prefetch[str, QuerySet[Deadline], str]:
    """Every open clock, and those of the law that have ended, the nearest first."""
    shown = Q(ended_at__isnull=True) | Q(source=DeadlineSource.LAW)
    rows = deadlines.with_words(Deadline.objects.filter(shown))
    return Prefetch(
        "deadlines",
        rows.order_by(F("ended_at").asc(nulls_first=True), F("due").asc(nulls_last=True), "pk"),
        to_attr="clocks",
    )


def _redetermined() -> Prefetch[str, QuerySet[Assessment], str]:
    """The paragraphs determined anew while the playbook ran, the latest first."""
    rows = Assessment.objects.filter(is_anew=True).select_related("assessed_by", "provision__instrument")
    return Prefetch("assessments", rows.order_by("-assessed_at", "-pk"), to_attr="redetermined")


def _statements() -> QuerySet[CrisisStatement]:
    texts = StatementText.objects.select_related("author").order_by("number")
    rows = CrisisStatement.objects.select_related("released_by", "cleared_by", "opened_by", "ledger", "step")
    return rows.prefetch_related(Prefetch("texts", texts)).order_by("number")


def _reports() -> QuerySet[Report]:
    papers = ReportPaper.objects.select_related("signer", "document__kind")
    rows = Report.objects.select_related("prepared_by").order_by("-number")
    return rows.prefetch_related(Prefetch("dispatches", _dispatches()), Prefetch("papers", papers))


def _dispatches() -> QuerySet[Dispatch]:
    acknowledged = Acknowledgement.objects.select_related("recorded_by").order_by("acknowledged_at", "pk")
    rows = Dispatch.objects.select_related("recipient", "given_up_by", "over_head_of__recipient")
    return rows.order_by("pk").prefetch_related(
        Prefetch("acknowledgements", acknowledged),
        Prefetch("rungs", Rung.objects.order_by("number")),
        _replies(),
        Prefetch("directions", Direction.objects.select_related("step").order_by("received_at", "pk")),
    )


def _replies() -> Prefetch[str, QuerySet[DispatchReply], str]:
    """The latest mails that answered it; one more than is shown, so that a line says that there are more."""
    rows = DispatchReply.objects.order_by("-received_at", "-pk")[: REPLIES + 1]
    return Prefetch("replies", rows, to_attr="latest_replies")


def _matters() -> QuerySet[JointMatter]:
    return JointMatter.objects.select_related("lead").prefetch_related("parties", "texts__voices")


def running(person: Person, *, at: datetime) -> QuerySet[Crisis]:
    rows = whole(visible_to(person, at=at).filter(state=CrisisState.RUNNING))
    return rows.order_by("is_drill", "-level", "activated_at", "pk")


def beside_the_board(person: Person, *, at: datetime) -> QuerySet[Crisis]:
    """Detected, waiting to be activated, under review, and ended within the last 30 days; the oldest first."""
    waiting = (CrisisState.DETECTED, CrisisState.ASSESSED, CrisisState.STOOD_DOWN)
    ended = Q(state__in=(CrisisState.CLOSED, CrisisState.DISMISSED), closed_at__gte=at - RECENTLY)
    rows = visible_to(person, at=at).filter(Q(state__in=waiting) | ended)
    return listed(rows).order_by("is_drill", "detected_at", "pk")


def reported_to(person: Person, *, at: datetime) -> QuerySet[Dispatch]:
    """What was reported to the agencies where the person acknowledges: all unconfirmed, and the last 30 days.

    A drill of others reports to nobody outside; its recipients are played by its own people.
    """
    agencies = organisation.agencies_of(person, at=at, codename=Codename.ACKNOWLEDGE_REPORT)
    fresh = Q(acknowledged_at__isnull=True, given_up_at__isnull=True) | Q(prepared_at__gte=at - RECENTLY)
    rows = Dispatch.objects.filter(
        fresh, recipient__in=agencies, report__crisis__is_drill=False, sent_at__isnull=False
    )
    return (
        rows.select_related("recipient", "report__crisis__agency")
        .prefetch_related(Prefetch("acknowledgements", Acknowledgement.objects.order_by("acknowledged_at")))
        .order_by(F("acknowledged_at").asc(nulls_first=True), "-sent_at", "pk")
    )


def said_beside(cases: Iterable[int]) -> QuerySet[Statement]:
    """What was said on these cases otherwise than as a statement of a crisis: answers to the press among others."""
    here = Q(inquiry__case__in=cases) | Q(inquiry__isnull=True, case__in=cases)
    rows = Statement.objects.filter(here, crisis_statement__isnull=True)
    return rows.select_related("speaker", "inquiry").order_by("spoken_at")


def papers_back(cases: Iterable[int]) -> dict[int, list[TrailEntry]]:
    """By the key of a dispatch when its paper came back, and in the data whether it went to another contact."""
    streams = [f"case:{pk}" for pk in cases]
    rows = TrailEntry.objects.filter(stream__in=streams, type=PAPER_BOUNCED).defer("body").order_by("seq")
    found: dict[int, list[TrailEntry]] = {}
    for entry in rows:
        found.setdefault(entry.data["dispatch"], []).append(entry)
    return found


def open_tasks(crises: Iterable[int]) -> QuerySet[Task]:
    """The human tasks that wait in these crises; a statement's or a step's is known by its seed."""
    rows = Task.objects.filter(assignment__crisis__in=crises, status__in=OPEN)
    return rows.select_related(
        "owner",
        "seed_content_type",
        "assignment__agency",
        "assignment__case",
        "assignment__only",
        "assignment__unit",
    ).order_by("pk")


def holders(agencies: Iterable[int], *, at: datetime) -> dict[tuple[int, str], list[str]]:
    """Who holds each role, heads it and is on each duty in these agencies at the instant, by agency and part."""
    ids = set(agencies)
    roles = RoleAssignment.objects.at(at).filter(
        agency__in=ids, group__name__in=set(CrisisPart.values) - {CrisisPart.HEAD}, person__is_active=True
    )
    shifts = DutyShift.objects.filter(
        agency__in=ids, starts_at__lte=at, ends_at__gt=at, person__is_active=True
    )
    heads = mandates.heads_of(ids, at=at).items()
    found = {
        (agency, CrisisPart.HEAD.value): [person.full_name] for agency, person in heads if person.is_active
    }
    for agency, part, name in [
        *roles.order_by("pk").values_list("agency", "group__name", "person__full_name"),
        *shifts.order_by("pk").values_list("agency", "kind", "person__full_name"),
    ]:
        names = found.setdefault((agency, part), [])
        if name not in names:
            names.append(name)
    return found
