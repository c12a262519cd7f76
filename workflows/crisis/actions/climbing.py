"""One rung of the ladder, climbed once: what happens, to whom, its mail and its entry, in one transaction.

It climbs on our own side. Nothing here goes over the recipient's head; that is our head's own act (`over_head`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import CrisisPart, DispatchMeans, RungKind, StepOrigin
from core.models import Agency, AgencyContact, Person
from core.queries import directory
from workflows.crisis.models import CrisisProcess, CrisisStep, Dispatch, Rung
from workflows.crisis.queries import reports as queries
from workflows.crisis.rules import ladder as rules

from . import steps, writing
from .recording import record

TO_LIMIT, NAME_LIMIT = 300, 100
# Five lines and the numbers stay within what a step takes: nothing that stands in a directory holds up the ladder.
QUOTED, NUMBERS = 500, 1_000


@dataclass(frozen=True, kw_only=True)
class Climb:
    """One rung being climbed: the locked process and the instant."""

    rung: Rung
    process: CrisisProcess
    at: datetime

    @property
    def dispatch(self) -> Dispatch:
        return self.rung.dispatch


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Whom a rung reached, in words, and how; where it reached nobody the next rung is due at once.

    The words may hold a name, an address or a number and stand in the row alone; the trail gets the keys.
    """

    to: str
    contact: AgencyContact | None = None
    people: Sequence[Person] = ()
    step: CrisisStep | None = None
    is_somebody: bool = True


def climb(rung: Rung, *, process: CrisisProcess, at: datetime) -> None:
    """Climb a rung of a locked process that is due and not climbed; the dispatch is not settled."""
    dispatch = rung.dispatch
    with translation.override("vi"):
        reached = _ACTS[RungKind(rung.kind)](Climb(rung=rung, process=process, at=at))
    rung.climbed_at, rung.to = at, Truncator(reached.to).chars(TO_LIMIT)
    rung.contact, rung.step = reached.contact, reached.step
    rung.save(update_fields=["climbed_at", "to", "contact", "step"])
    data: dict[str, trail.Value] = {
        **about(dispatch),
        "rung": rung.number,
        "kind": rung.kind,
        "due": rung.due_at,
        "contact": rung.contact_id,
        "told": [person.pk for person in reached.people],
        "step": rung.step_id,
        "reached": reached.is_somebody,
    }
    record(
        events.CRISIS_REPORT_RUNG_CLIMBED, crisis=dispatch.crisis, by=None, at=at, subject=dispatch, data=data
    )
    if rung.kind == RungKind.HEAD:
        _plan_another(rung, at=at)
    elif not reached.is_somebody:
        hurry(dispatch, at=at)


def hurry(dispatch: Dispatch, *, at: datetime) -> None:
    """The next rung is due at once: the one before it reached nobody, or its mail came back."""
    waiting = dispatch.rungs.filter(climbed_at__isnull=True).order_by("number").first()
    if waiting is not None and waiting.due_at > at:
        waiting.due_at = at
        waiting.save(update_fields=["due_at"])


def about(dispatch: Dispatch) -> dict[str, trail.Value]:
    """What every entry about a dispatch says of it."""
    return {
        "report": dispatch.report_id,
        "number": dispatch.report.number,
        "dispatch": dispatch.pk,
        "recipient": dispatch.recipient_id,
        "recipient_name": dispatch.recipient.name,
    }


def _plan_another(rung: Rung, *, at: datetime) -> None:
    every = queries.setting_of(rung.dispatch.agency).repeat_minutes
    due_at = rules.told_again(rung.due_at, every=every, at=at)
    Rung.objects.create(dispatch=rung.dispatch, number=rung.number + 1, kind=RungKind.HEAD, due_at=due_at)


# Toward the recipient


def _resend(climb: Climb) -> Reached:
    """Again to the first contact whose mail did not come back; without one to whoever may do the task."""
    if queries.has_ended(climb.dispatch, at=climb.at):
        return _no_longer_there(climb)
    returned = queries.returned_contacts(climb.dispatch)
    return _written(climb, queries.first_to_write_to(climb.dispatch.recipient, but=returned))


def _next_contact(climb: Climb) -> Reached:
    """The next contact or duty number of the same recipient that was not tried yet."""
    dispatch = climb.dispatch
    if queries.has_ended(dispatch, at=climb.at):
        return _no_longer_there(climb)
    tried = {dispatch.contact_id, *dispatch.rungs.values_list("contact_id", flat=True)}
    contact = directory.contacts_of(dispatch.recipient).exclude(pk__in=[pk for pk in tried if pk]).first()
    if contact is None:
        return _nobody_there(dispatch)
    if contact.email:
        return _written(climb, contact)
    reached = _phone(climb)
    return replace(reached, to=f"{contact}; {reached.to}", contact=contact, is_somebody=True)


def _written(climb: Climb, contact: AgencyContact | None) -> Reached:
    addresses = writing.to_recipient(climb.dispatch, contact=contact, rung=climb.rung.number, at=climb.at)
    if not addresses:
        return _nobody_there(climb.dispatch)
    return Reached(to=str(contact) if contact else ", ".join(addresses), contact=contact)


def _nobody_there(dispatch: Dispatch) -> Reached:
    sentence = _("No contact of %(agency)s is left to be written to; our own people go on at once.")
    named = sentence % {"agency": Truncator(dispatch.recipient.name).chars(NAME_LIMIT)}
    return Reached(to=named, is_somebody=False)


def _no_longer_there(climb: Climb) -> Reached:
    """Nobody writes to a body that was dissolved after the report went out; whom to turn to is for our own people."""
    recipient = climb.dispatch.recipient
    sentence = _("%(agency)s no longer exists and is written to no more; our own people go on at once.")
    said = [sentence % {"agency": Truncator(recipient.name).chars(NAME_LIMIT)}, *_in_its_place(climb)]
    return Reached(to=" ".join(said), is_somebody=False)


def _in_its_place(climb: Climb) -> list[str]:
    names = ", ".join(agency.name for agency in queries.stand_in_for(climb.dispatch, at=climb.at))
    return [_("In its place: %(agencies)s.") % {"agencies": names}] if names else []


# Our own people


def _phone(climb: Climb) -> Reached:
    """A phone task for our officer on duty, or the chief of office where nobody is; one at a time."""
    dispatch, at = climb.dispatch, climb.at
    on_duty = list(directory.in_part(CrisisPart.DUTY_OFFICER, agency=dispatch.agency, at=at))
    part = CrisisPart.DUTY_OFFICER if on_duty else CrisisPart.CHIEF_OF_OFFICE
    people = on_duty or list(directory.in_part(part, agency=dispatch.agency, at=at))
    step = None
    if not queries.open_phone_steps(dispatch).exists():
        step = steps.add(
            process=climb.process, origin=StepOrigin.PHONE, title=_call(dispatch), what=_what_to_say(climb),
            part=part, minutes=queries.setting_of(dispatch.agency).rung_minutes, by=None, at=at,
        )  # fmt: skip
    writing.to_our_own(dispatch, people, rung=climb.rung.number, at=at)
    return Reached(to=_named(part, people), people=people, step=step, is_somebody=bool(people))


def _call(dispatch: Dispatch) -> str:
    return _("Phone %(agency)s: report %(report)s is not acknowledged") % {
        "agency": Truncator(dispatch.recipient.name).chars(NAME_LIMIT),
        "report": dispatch.report,
    }


def _what_to_say(climb: Climb) -> str:
    report = climb.dispatch.report
    told = _("Read the five lines, then record who acknowledged: full name, post, time and number.")
    lines = [report.what, report.where, report.when, report.said, report.needed]
    said = [f"{place}. {line[:QUOTED]}" for place, line in enumerate(lines, 1)]
    return "\n".join([told, Truncator("\n".join(_called(climb))).chars(NUMBERS), "", *said])


def _called(climb: Climb) -> list[str]:
    """The numbers of the recipient, or of what took its place; in a drill nobody outside is to be phoned."""
    dispatch = climb.dispatch
    if dispatch.crisis.is_drill:
        return [_("This is a drill: phone nobody outside. One of the players answers for this body.")]
    if not queries.has_ended(dispatch, at=climb.at):
        return _numbers(dispatch.recipient)
    others = queries.stand_in_for(dispatch, at=climb.at)
    theirs = [f"{agency.name}: {number}" for agency in others for number in _numbers(agency)]
    return [_no_longer_there(climb).to, *theirs]


def _numbers(agency: Agency) -> list[str]:
    numbers = [str(contact) for contact in directory.contacts_of(agency).exclude(phone="")]
    return numbers or [agency.phone or _("No number is on record.")]


def _tell(part: CrisisPart) -> Callable[[Climb], Reached]:
    def tell(climb: Climb) -> Reached:
        dispatch, at = climb.dispatch, climb.at
        people = list(directory.in_part(part, agency=dispatch.agency, at=at))
        writing.to_our_own(dispatch, people, rung=climb.rung.number, at=at)
        return Reached(to=_named(part, people), people=people, is_somebody=bool(people))

    return tell


def _named(part: CrisisPart, people: Iterable[Person]) -> str:
    names = ", ".join(person.full_name for person in people)
    if names:
        return f"{part.label}: {names}"
    return _("%(part)s: nobody at this hour; the next rung comes at once.") % {"part": part.label}


_ACTS: dict[RungKind, Callable[[Climb], Reached]] = {
    RungKind.RESEND: _resend,
    RungKind.NEXT_CONTACT: _next_contact,
    RungKind.PHONE: _phone,
    RungKind.CHIEF_OF_OFFICE: _tell(CrisisPart.CHIEF_OF_OFFICE),
    RungKind.DEPUTY_HEAD: _tell(CrisisPart.DEPUTY_HEAD),
    RungKind.HEAD: _tell(CrisisPart.HEAD),
}


def plan(dispatch: Dispatch, *, at: datetime) -> list[Rung]:
    """Write down the rungs of a dispatch that was just sent, with their due times."""
    reachable = directory.contacts_of(dispatch.recipient)
    rows = rules.planned(
        sent_at=at,
        minutes=dispatch.minutes,
        apart=queries.setting_of(dispatch.agency).rung_minutes,
        means=DispatchMeans(dispatch.means),
        has_another=any(contact.pk != dispatch.contact_id for contact in reachable),
    )
    return Rung.objects.bulk_create(
        Rung(dispatch=dispatch, number=row.number, kind=row.kind, due_at=row.due_at) for row in rows
    )
