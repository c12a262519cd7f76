"""Beside the path: the stopped clock, a superior's opinion, another case.

Each act holds the latest run of the inquiry, as every step does, and reads the instant under that lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core import permissions as core_permissions
from core.actions import casefile, deadlines, trail
from core.enums import Codename
from core.errors import Invalid, NotAllowedNow
from core.models import Agency, Case, Inquiry, Person
from core.rules import text
from workflows import locks
from workflows.engine.models import TaskAssignment
from workflows.press_inquiry import permissions
from workflows.press_inquiry.models import ClockStop, Opinion

from .ending import check_reason
from .recording import record

TEXT_LIMIT = 10_000


@contextmanager
def _act(inquiry: Inquiry, *, by: Person, right: Codename) -> Iterator[datetime]:
    """The instant of an act, its inquiry held and read again, whoever acts checked."""
    with locks.beside(inquiry, by=by) as act:
        core_permissions.check_role(by, right, agency=inquiry.agency, at=act.at)
        core_permissions.check_can_see(by, inquiry.case, at=act.at)
        yield act.at


def stop_clock(*, inquiry: Inquiry, reason: str, by: Person) -> ClockStop:
    """The clock stands while the journalist is asked to clarify.

    No law lets it: a legal deadline stays where it is, a local one moves where its regulation says so.
    """
    with _act(inquiry, by=by, right=Codename.STOP_CLOCK) as at:
        permissions.check_clock_can_stop(inquiry)
        check_reason(reason)
        stop = ClockStop.objects.create(inquiry=inquiry, stopped_at=at, stopped_by=by, reason=reason.strip())
        data = {"stop": stop.pk}
        record(events.CLOCK_STOPPED, inquiry=inquiry, by=by, at=at, data=data, reason=reason.strip())
        deadlines.pause(inquiry=inquiry, reason=reason.strip(), at=at)
    return stop


def restart_clock(*, inquiry: Inquiry, reason: str, by: Person) -> ClockStop:
    with _act(inquiry, by=by, right=Codename.STOP_CLOCK) as at:
        check_reason(reason)
        permissions.check_clock_can_restart(inquiry)
        stop = inquiry.clock_stops.get(restarted_at__isnull=True)
        stop.restarted_at, stop.restarted_by = at, by
        stop.save(update_fields=["restarted_at", "restarted_by"])
        data = {"stop": stop.pk}
        record(events.CLOCK_RESTARTED, inquiry=inquiry, by=by, at=at, data=data, reason=reason.strip())
        deadlines.resume(inquiry=inquiry, at=at)
    return stop


def ask_opinion(*, inquiry: Inquiry, of: Agency, about: str, by: Person) -> Opinion:
    """Ask a superior body's opinion; it blocks nothing."""
    wording = text.clean_text(about, limit=TEXT_LIMIT)
    if not wording:
        raise Invalid(
            _("Say what is asked. What you typed is kept."), fields={"about": _("Say what is asked.")}
        )
    with _act(inquiry, by=by, right=Codename.ASK_OPINION) as at:
        permissions.check_open(inquiry)
        opinion = Opinion.objects.create(
            inquiry=inquiry, asked_of=of, asked_by=by, asked_at=at, about=wording
        )
        data: dict[str, trail.Value] = {
            "opinion": opinion.pk, "asked_agency": of.name, "text_hash": trail.keyed_hash(opinion, wording)
        }  # fmt: skip
        record(events.OPINION_ASKED, inquiry=inquiry, by=by, at=at, data=data)
    return opinion


def record_opinion(
    *, opinion: Opinion, answer: str, answered_by: str, answered_at: datetime, by: Person
) -> None:
    """Record what the superior body answered, and when it says it did. Sent twice, the first stands."""
    wording = text.clean_text(answer, limit=TEXT_LIMIT)
    if not wording:
        raise Invalid(
            _("Write what was answered. What you typed is kept."), fields={"answer": _("Write the answer.")}
        )
    inquiry = opinion.inquiry
    with _act(inquiry, by=by, right=Codename.ASK_OPINION) as at:
        asked = Opinion.objects.select_related("asked_of").get(pk=opinion.pk)
        _check_answerable(asked, answered_at, at=at)
        asked.answer, asked.answered_at, asked.recorded_by = wording, answered_at, by
        asked.answered_by = text.clean_line(answered_by, limit=160)
        # Only its own columns: the question itself may have been purged.
        asked.save(update_fields=["answer", "answered_at", "recorded_by", "answered_by"])
        data: dict[str, trail.Value] = {
            "opinion": asked.pk, "asked_agency": asked.asked_of.name, "text_hash": trail.keyed_hash(asked, wording)
        }  # fmt: skip
        record(events.OPINION_ANSWERED, inquiry=inquiry, by=by, at=at, data=data, occurred_at=answered_at)


def _check_answerable(opinion: Opinion, answered_at: datetime, *, at: datetime) -> None:
    if opinion.answered_at is not None:
        raise NotAllowedNow(_("The answer to this opinion is already recorded."))
    # Times are typed to the minute, the asking was stamped to the second.
    if not opinion.asked_at.replace(second=0, microsecond=0) <= answered_at <= at:
        raise Invalid(
            _("The answer lies between the asking and now."), fields={"answered_at": _("Correct the time.")}
        )


def move_to_case(*, inquiry: Inquiry, to: Case, reason: str, by: Person) -> None:
    """Move an inquiry to another open case; its open tasks move along. No step runs meanwhile."""
    with _act(inquiry, by=by, right=Codename.MOVE_INQUIRY) as at:
        core_permissions.check_can_see(by, to, at=at)
        casefile.move_inquiry(inquiry=inquiry, to=to, reason=reason.strip(), by=by, at=at)
        TaskAssignment.objects.filter(inquiry=inquiry).update(case=to)
