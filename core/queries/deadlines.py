"""Deadlines as pages, jobs and statistics need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Prefetch, Q

from core.enums import Codename, DeadlineOutcome, DeadlineSource
from core.models import Agency, CalendarVersion, Case, Crisis, Deadline, Inquiry, Person
from core.models.deadlines import DeadlineQuerySet
from core.queries import organisation
from core.rules import calendars

# Whoever holds one of these reads a clock that belongs to no case: that of a standing spokesperson's publication.
SEES_WITHOUT_CASE = (
    Codename.PUBLISH_SPEAKERS,
    Codename.DELEGATE_SPEAKING,
    Codename.AUDIT_CASES,
    Codename.VIEW_AGENCY_CASES,
)


def open_first() -> DeadlineQuerySet:
    """Open deadlines, the nearest first, with what their words need."""
    return with_words(Deadline.objects.open().nearest_first())


def with_words(rows: DeadlineQuerySet) -> DeadlineQuerySet:
    return rows.select_related(
        "key",
        "order",
        "local_rule__regulation",
        "provision__instrument",
        "rule_value__limit_from__instrument",
        "rule_set",
        "calendar",
    )


def with_subject(rows: DeadlineQuerySet) -> DeadlineQuerySet:
    """With what they are owed on, an inquiry, a mandate or a crisis, and its case."""
    return rows.select_related(
        "agency",
        "inquiry__case__agency",
        "mandate__case__agency",
        "mandate__person",
        "mandate__agency",
        "crisis__case__agency",
    )


def prefetch_open(path: str) -> Prefetch[str, DeadlineQuerySet, str]:
    """The open deadlines of many inquiries in one query, as `open_deadlines` of each."""
    return Prefetch(path, queryset=open_first(), to_attr="open_deadlines")


def all_with_history() -> DeadlineQuerySet:
    """Open ones first, the nearest leading, each with what moved it."""
    open_first_then_nearest = (F("ended_at").asc(nulls_first=True), F("due").asc(nulls_last=True), "pk")
    rows = Deadline.objects.order_by(*open_first_then_nearest)
    return with_words(rows).prefetch_related("changes__calendar", "extensions__extended_by", "pauses")


def nearest_due(inquiry: Inquiry) -> datetime | None:
    rows = Deadline.objects.open().filter(inquiry=inquiry, due__isnull=False)
    return rows.order_by("due").values_list("due", flat=True).first()


def legal_due(inquiry: Inquiry, *, keys: Iterable[str]) -> Deadline | None:
    """The nearest open deadline that the law itself sets for these duties, where it sets one."""
    rows = open_first().filter(inquiry=inquiry, source=DeadlineSource.LAW, due__isnull=False)
    return rows.filter(key__code__in=list(keys)).first()


def open_to(person: Person, *, at: datetime) -> Q:
    """The deadlines a person may see: those of a case open to the person, and without a case those of the agency."""
    if not person.is_active:
        return Q(pk__in=[])
    cases = Case.objects.visible_to(person, at=at)
    agencies = organisation.agencies_of(person, at=at, codename=SEES_WITHOUT_CASE)
    return (
        Q(inquiry__case__in=cases)
        | Q(crisis__case__in=cases)
        | Q(mandate__case__in=cases)
        | Q(mandate__isnull=False, mandate__case__isnull=True, agency__in=agencies)
    )


def visible_to(person: Person, *, at: datetime) -> DeadlineQuerySet:
    return with_subject(open_first()).filter(open_to(person, at=at))


def of_crisis(crisis: Crisis) -> DeadlineQuerySet:
    """What is owed on a crisis, open ones first, each with what moved it."""
    return with_subject(all_with_history()).filter(crisis=crisis)


def of_mandates(case: Case) -> DeadlineQuerySet:
    """What is owed on the delegations of a case, open ones first, each with what moved it."""
    return with_subject(all_with_history()).filter(mandate__case=case)


def touched(versions: Iterable[CalendarVersion], latest: CalendarVersion) -> Q:
    """Open deadlines that an older calendar computed over days a newer one settles otherwise, or could not compute."""
    condition = Q(missing_year__gte=latest.first_year, missing_year__lte=latest.last_year)
    for version in versions:
        days = [date.fromisoformat(day) for day in version.changed_days]
        for first, last in calendars.ranges(days):
            condition |= Q(calendar__number__lt=version.number, span_until__gte=first, span_from__lte=last)
    return condition


def to_recompute() -> list[int]:
    """The ids of the open deadlines that a newer calendar touches, in the order in which they are locked."""
    latest = CalendarVersion.objects.order_by("-number").first()
    if latest is None:
        return []
    versions = CalendarVersion.objects.exclude(changed_days=[]).order_by("number")
    rows = Deadline.objects.open().filter(touched(versions, latest))
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Legal deadlines of an agency that fell due in a period; local rules and orders are not counted."""

    met: int
    late: int
    overdue: int

    @property
    def total(self) -> int:
        return self.met + self.late + self.overdue


def overdue(at: datetime) -> Q:
    """The last instant of an hour limit is still in time; 24:00 of a day is not."""
    return Q(due__lt=at) | Q(due=at, due_inclusive=False)


def missed(at: datetime) -> Q:
    """Past before it ended, or open and past at the instant: as `Deadline.was_missed`."""
    after = Q(ended_at__gt=F("due")) | Q(ended_at=F("due"), due_inclusive=False)
    return Q(ended_at__isnull=True) & overdue(at) | after


def legal_statistics(agency: Agency, *, since: datetime, until: datetime, at: datetime) -> Statistics:
    """How many legal deadlines that fell due in [since, until) were met, done late, or are overdue at this instant.

    Of the agency's own duties: what binds the press towards it is not counted, and nothing of a drill.
    """
    rows = Deadline.objects.filter(
        agency=agency, source=DeadlineSource.LAW, key__binds_agency=True, due__gte=since, due__lt=until
    ).exclude(crisis__isnull=False, crisis__is_drill=True)
    counted = rows.aggregate(
        met=Count("pk", filter=Q(outcome=DeadlineOutcome.MET)),
        late=Count("pk", filter=Q(outcome=DeadlineOutcome.LATE)),
        overdue=Count("pk", filter=Q(ended_at__isnull=True) & overdue(at)),
    )
    return Statistics(**counted)
