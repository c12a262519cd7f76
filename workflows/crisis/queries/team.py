"""Who would get which step of a playbook at an instant, and who belongs to the team of a crisis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import QuerySet

from core.enums import Codename, CrisisPart, DutyKind, StepDeed
from core.models import Agency, Crisis, Person
from core.queries import directory, organisation

RIGHTS = {
    StepDeed.TASK: Codename.CARRY_OUT_STEP,
    StepDeed.INITIAL_STATEMENT: Codename.DRAFT_STATEMENT,
    StepDeed.REPORT: Codename.REPORT_CRISIS,
}


class Planned(Protocol):
    """A step of a playbook, or of a crisis."""

    title: str
    part: str
    deed: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """A step, and who can do it at the instant."""

    step: Planned
    people: list[Person]

    @property
    def part(self) -> CrisisPart:
        return CrisisPart(self.step.part)


def holders(step: Planned, *, agency: Agency, at: datetime) -> QuerySet[Person]:
    """Who can do a step as its node asks: a task is for its part alone, the two acts for whoever has their right."""
    able = organisation.people_with(RIGHTS[StepDeed(step.deed)], agency=agency, at=at).order_by("pk")
    if step.deed != StepDeed.TASK:
        return able
    return able.filter(pk__in=directory.in_part(CrisisPart(step.part), agency=agency, at=at).values("pk"))


def shares(steps: Iterable[Planned], *, agency: Agency, at: datetime) -> list[Share]:
    """Every step with its people. Asks the database once for each part."""
    known: dict[tuple[str, str], list[Person]] = {}
    found = []
    for step in steps:
        asked = (step.deed, step.part)
        if asked not in known:
            known[asked] = list(holders(step, agency=agency, at=at))
        found.append(Share(step=step, people=known[asked]))
    return found


def unheld(found: Iterable[Share]) -> list[CrisisPart]:
    """The parts that nobody holds, in the order in which the steps name them."""
    return list(dict.fromkeys(share.part for share in found if not share.people))


def taker(agency: Agency, *, at: datetime) -> CrisisPart | None:
    """Who takes what nobody holds: the head, and while there is none who could do it a deputy."""
    able = organisation.people_with(Codename.CARRY_OUT_STEP, agency=agency, at=at)
    for part in (CrisisPart.HEAD, CrisisPart.DEPUTY_HEAD):
        if able.filter(pk__in=directory.in_part(part, agency=agency, at=at).values("pk")).exists():
            return part
    return None


def members(crisis: Crisis, found: Iterable[Share], *, at: datetime) -> list[Person]:
    """The team: whoever has a step and both duties of the hour; of a drill its players, and nobody else."""
    if crisis.is_drill:
        return list(crisis.players.filter(is_active=True).order_by("pk"))
    people = {person.pk: person for share in found for person in share.people}
    for kind in DutyKind:
        for person in directory.in_part(CrisisPart(kind), agency=crisis.agency, at=at):
            people[person.pk] = person
    return list(people.values())
