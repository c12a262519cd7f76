"""Time limits of steps, and who is to be told of a deadline: the person, the unit's head, the head."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from viewflow.workflow.models import Task

from core.actions import deadlines
from core.enums import HEADSHIP, Codename, CrisisPart, PostKind, ReminderStage
from core.models import Agency, Crisis, Deadline, Inquiry, Person, Post, RoleAssignment, RuleKey
from core.queries import deadlines as deadline_queries
from core.queries import directory, organisation
from workflows import queries
from workflows.engine.models import TaskDeadline

SOON = timedelta(days=2)


# The last step of a crisis shares the name of its node with the review of a draft, whose limit is another.
NAMED_OTHERWISE = {"review": "after_action"}


def step_key(node: str, *, of_crisis: bool = False) -> str:
    return f"step.{NAMED_OTHERWISE.get(node, node) if of_crisis else node}"


def open_step(task: Task, *, matter: Any, node: str, at: datetime) -> None:
    """Start the clock of a step when its task opens, where the agency limits it by its own regulation.

    Of a step on no inquiry and no crisis nobody keeps a clock.
    """
    inquiry: Inquiry | None = matter.inquiry
    owed_on: Inquiry | Crisis | None = inquiry or getattr(matter, "crisis", None)
    if owed_on is None:
        return
    code = step_key(node, of_crisis=inquiry is None)
    key = RuleKey.objects.filter(code=code, local_rules__agency=matter.agency).first()
    if key is None:
        return
    started = deadlines.start_local(owed_on, key=key, started_at=at, by=None, at=at)
    if started is None:
        return
    TaskDeadline.objects.create(task=task, deadline=started)
    if inquiry is None:
        return
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
    told, so that no reminder reaches nobody. Of a drill nobody is told but its players.
    """
    reach = list(ReminderStage).index(stage) + 1
    told: dict[int, Person] = {}
    for place, rank in enumerate(_ranks(deadline, at=at)):
        if place < reach or not told:
            told |= {person.pk: person for person in _taking_part(rank(), deadline)}
    return list(told.values())


def _taking_part(people: list[Person], deadline: Deadline) -> list[Person]:
    crisis = deadline.crisis
    if crisis is None or not crisis.is_drill:
        return people
    playing = set(crisis.players.values_list("pk", flat=True))
    return [person for person in people if person.pk in playing]


def _ranks(deadline: Deadline, *, at: datetime) -> Iterator[Callable[[], list[Person]]]:
    """Of an inquiry: whoever acts, the unit's head, the head; else the chief of office for the unit's head."""
    inquiry, agency = deadline.inquiry, deadline.agency
    if inquiry is not None:
        yield partial(to_act, inquiry, at=at)
        yield partial(unit_heads, inquiry, at=at)
    elif deadline.crisis is not None:
        yield partial(to_act_on, deadline.crisis, at=at)
        yield partial(chiefs, agency, at=at)
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
    return _all_doers(queries.open_tasks(inquiry), at=at)


def to_act_on(crisis: Crisis, *, at: datetime) -> list[Person]:
    """Who holds an open step of the crisis in its own agency, or could take one that nobody holds."""
    return _all_doers(queries.open_tasks_of(crisis).filter(assignment__agency=crisis.agency_id), at=at)


def _all_doers(tasks: Iterable[Any], *, at: datetime) -> list[Person]:
    found = {person.pk: person for task in tasks for person in _doers(task, at=at)}
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
    part = assignment.duty or assignment.role
    if part:
        able = able.filter(pk__in=directory.in_part(CrisisPart(part), agency=assignment.agency, at=at))
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
    return pressing_among(of_person(person, at=at), at=at)


def pressing_among(rows: Iterable[Deadline], *, at: datetime) -> list[Deadline]:
    """Those that are overdue or due within two days."""
    return [deadline for deadline in rows if deadline.due and deadline.due <= at + SOON]


def of_person(person: Person, *, at: datetime) -> list[Deadline]:
    """The open deadlines a person answers for: of a step they may do, of their unit, of their agency.

    Those of a mandate: whoever publishes who speaks for the agency. Those of a drill: its players alone.
    """
    rows = deadline_queries.visible_to(person, at=at).filter(due__isnull=False)
    others_drills = Crisis.objects.filter(is_drill=True).exclude(players=person)
    led = Post.objects.at(at).filter(person=person, kind=PostKind.UNIT_HEAD, unit__isnull=False)
    headed = Post.objects.at(at).filter(person=person, kind__in=HEADSHIP)
    mine = queries.doable_by(person, at=at)
    publishing = organisation.agencies_of(person, at=at, codename=Codename.PUBLISH_SPEAKERS)
    return list(
        rows.exclude(crisis__isnull=False, crisis__in=others_drills).filter(
            Q(inquiry__in=mine.values("assignment__inquiry_id"))
            | Q(crisis__in=mine.values("assignment__crisis_id"))
            | Q(inquiry__lead_unit__in=led.values("unit_id"))
            | Q(agency__in=headed.values("agency_id"))
            | Q(mandate__isnull=False, agency__in=publishing)
        )
    )
