"""Time limits of steps, and who is to be told of a deadline: the person, the unit's head, the head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from viewflow.workflow.models import Task

from core.actions import deadlines
from core.enums import HEADSHIP, Codename, PostKind, ReminderStage
from core.models import Agency, Deadline, Inquiry, Person, Post, RoleAssignment, RuleKey
from core.queries import deadlines as deadline_queries
from core.queries import organisation
from workflows import queries
from workflows.engine.models import TaskDeadline

SOON = timedelta(days=2)


def step_key(node: str) -> str:
    return f"step.{node}"


def open_step(task: Task, *, inquiry: Inquiry, node: str, at: datetime) -> None:
    """Start the clock of a step when its task opens, where the agency limits it by its own regulation."""
    key = RuleKey.objects.filter(code=step_key(node), local_rules__agency=inquiry.agency).first()
    started = deadlines.start_local(inquiry=inquiry, key=key, started_at=at, by=None, at=at) if key else None
    if started is None:
        return
    TaskDeadline.objects.create(task=task, deadline=started)
    standing = inquiry.clock_stops.filter(restarted_at__isnull=True).first()
    if standing is not None:
        deadlines.pause(inquiry=inquiry, reason=standing.reason, at=at)


def close_step(task: Task, *, by: Person | None, at: datetime) -> None:
    """The step was done: its clock ends, in time or late."""
    for limit in TaskDeadline.objects.filter(task=task, deadline__ended_at__isnull=True):
        deadlines.end(deadline_id=limit.deadline_id, by=by, at=at)


def drop_step(task: Task, *, at: datetime) -> None:
    """The step was cancelled: its clock ends without a verdict."""
    for limit in TaskDeadline.objects.filter(task=task, deadline__ended_at__isnull=True):
        deadlines.drop(deadline_id=limit.deadline_id, at=at)


def to_be_told(deadline: Deadline, stage: ReminderStage, *, at: datetime) -> list[Person]:
    """Whom a stage reaches: before, whoever is to act; at it, the unit's head too; after it, the head too.

    Where nobody holds the step everybody who could take it is to act; where a rank is not filled the next one up is
    told, so that no reminder reaches nobody.
    """
    reach = list(ReminderStage).index(stage) + 1
    told: dict[int, Person] = {}
    for place, rank in enumerate(_ranks(deadline, at=at)):
        if place < reach or not told:
            told |= {person.pk: person for person in rank()}
    return list(told.values())


def _ranks(deadline: Deadline, *, at: datetime) -> Iterator[Callable[[], list[Person]]]:
    """Of an inquiry: whoever acts, the unit's head, the head; of a mandate the chief of office for the unit's head."""
    inquiry, agency = deadline.inquiry, deadline.agency
    if inquiry is not None:
        yield partial(to_act, inquiry, at=at)
        yield partial(unit_heads, inquiry, at=at)
    else:
        yield partial(publishers, agency, at=at)
        yield partial(chiefs, agency, at=at)
    yield partial(heads, agency, at=at)


def publishers(agency: Agency, *, at: datetime) -> list[Person]:
    """Whoever makes public who speaks for the agency."""
    return list(organisation.people_with(Codename.PUBLISH_SPEAKERS, agency=agency, at=at).order_by("pk"))


def chiefs(agency: Agency, *, at: datetime) -> list[Person]:
    """Whoever triages, the head of the agency apart."""
    able = organisation.people_with(Codename.TRIAGE_INQUIRY, agency=agency, at=at)
    return list(able.exclude(pk__in=[head.pk for head in heads(agency, at=at)]).order_by("pk"))


def to_act(inquiry: Inquiry, *, at: datetime) -> list[Person]:
    """Who holds an open step of the inquiry, or could take one that nobody holds."""
    found: dict[int, Person] = {}
    for task in queries.open_tasks(inquiry):
        for person in _doers(task, at=at):
            found[person.pk] = person
    return [person for person in found.values() if person.is_active]


def _doers(task: Any, *, at: datetime) -> list[Person]:
    if task.owner is not None:
        return [task.owner]
    assignment = task.assignment
    if assignment.only is not None:
        return [assignment.only]
    able = organisation.people_with(
        assignment.codename, agency=assignment.agency, at=at, unit=assignment.unit
    )
    return list(able.exclude(pk=assignment.excluded_id) if assignment.excluded_id else able)


def unit_heads(inquiry: Inquiry, *, at: datetime) -> list[Person]:
    """The heads of the unit that leads, or where none leads yet whoever triages, the head of the agency apart."""
    if inquiry.lead_unit is None:
        return chiefs(inquiry.agency, at=at)
    posts = Post.objects.at(at).filter(unit=inquiry.lead_unit, kind=PostKind.UNIT_HEAD)
    roles = RoleAssignment.objects.at(at).filter(
        unit=inquiry.lead_unit, group__permissions__codename=Codename.ASSIGN_INQUIRY
    )
    held = Q(pk__in=posts.values("person_id")) | Q(pk__in=roles.values("person_id"))
    return list(Person.objects.filter(held, is_active=True))


def heads(agency: Agency, *, at: datetime) -> list[Person]:
    posts = Post.objects.at(at).filter(agency=agency, kind__in=HEADSHIP)
    return list(Person.objects.filter(is_active=True, pk__in=posts.values("person_id")))


def pressing(person: Person, *, at: datetime) -> list[Deadline]:
    """Those of a person's deadlines that are overdue or due within two days, the nearest first."""
    return [deadline for deadline in of_person(person, at=at) if deadline.due and deadline.due <= at + SOON]


def of_person(person: Person, *, at: datetime) -> list[Deadline]:
    """The open deadlines a person answers for: of a step they may do, of their unit, of their agency.

    Those of a mandate: whoever publishes who speaks for the agency.
    """
    rows = deadline_queries.visible_to(person, at=at).filter(due__isnull=False)
    led = Post.objects.at(at).filter(person=person, kind=PostKind.UNIT_HEAD, unit__isnull=False)
    headed = Post.objects.at(at).filter(person=person, kind__in=HEADSHIP)
    mine = queries.doable_by(person, at=at).values("assignment__inquiry_id")
    publishing = organisation.agencies_of(person, at=at, codename=Codename.PUBLISH_SPEAKERS)
    return list(
        rows.filter(
            Q(inquiry__in=mine)
            | Q(inquiry__lead_unit__in=led.values("unit_id"))
            | Q(agency__in=headed.values("agency_id"))
            | Q(mandate__isnull=False, agency__in=publishing)
        )
    )
