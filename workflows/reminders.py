"""Reminders of deadlines: before, at and after, to the person, the unit's head, the head; each of them once.

The sweep may run twice, late, or not for a day. What a stage owes is computed from the deadline itself, so nothing is
forgotten; a row for each person and stage is unique, so nothing is sent twice. A moved deadline is told anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils import translation

from core import events, jobs
from core.actions import mail, trail
from core.actions.deadlines import holding
from core.enums import ReminderStage
from core.errors import Conflict
from core.models import Deadline, Person, Reminder
from core.models.law import MOST_HOURS
from core.queries import deadlines as queries
from core.rules.deadlines import due_in_words
from workflows import deadlines, locks
from workflows.crisis.actions import mails

log = logging.getLogger(__name__)

TEXT = "workflows/deadlines/mail/reminder.txt"
# For orders, which follow no rule of their own.
BEFORE_HOURS, AFTER_HOURS = 48, 24
LONGEST = timedelta(hours=MOST_HOURS)


def sweep(*, at: datetime) -> int:
    """Tell everybody who is to be told by now; how many were told."""
    return jobs.for_each(_candidates(at=at), lambda pk: _remind(pk, at=at))


def _candidates(*, at: datetime) -> list[int]:
    rows = Deadline.objects.open().filter(due__isnull=False, due__lte=at + LONGEST)
    rows = rows.exclude(reminded=ReminderStage.OVERDUE).exclude(
        pauses__isnull=False, pauses__resumed_at__isnull=True
    )
    found = queries.with_words(rows).order_by("pk")
    return [deadline.pk for deadline in found if any(_owed(deadline, at=at))]


def _remind(deadline_id: int, *, at: datetime) -> int:
    """One deadline in one transaction, what it is owed on held; a second sweep waits here and finds nothing owed."""
    deadline = Deadline.objects.select_related("inquiry", "crisis").get(pk=deadline_id)
    try:
        with locks.held_for(deadline):
            return _tell_all(deadline_id, at=at)
    except Conflict:
        log.warning("The deadline %s is busy; its reminders go out at the next run.", deadline_id)
        return 0


def _tell_all(deadline_id: int, *, at: datetime) -> int:
    rows = queries.with_words(Deadline.objects.select_for_update(of=("self",), no_key=True))
    deadline = queries.with_subject(rows).select_related("inquiry__lead_unit").get(pk=deadline_id)
    if not deadline.is_open:
        return 0
    count = 0
    for stage in list(_owed(deadline, at=at)):
        for person in deadlines.to_be_told(deadline, stage, at=at):
            count += _tell(person, deadline, stage, at=at)
        deadline.reminded = stage
    deadline.save(update_fields=["reminded"])
    return count


def _owed(deadline: Deadline, *, at: datetime) -> Iterator[ReminderStage]:
    """The stages whose moment has come and of which nobody was told yet, in their order."""
    stages = list(ReminderStage)
    told = stages.index(ReminderStage(deadline.reminded)) + 1 if deadline.reminded else 0
    for stage in stages[told:]:
        moment = moment_of(stage, deadline)
        if moment is not None and moment <= at:
            yield stage


def moment_of(stage: ReminderStage, deadline: Deadline) -> datetime | None:
    """When a stage comes; never for a stage the rule leaves out, or one already past when the deadline began."""
    if deadline.due is None:
        return None
    before, after = BEFORE_HOURS, AFTER_HOURS
    if deadline.key is not None:
        before, after = deadline.key.remind_before_hours or 0, deadline.key.remind_after_hours or 0
    if stage == ReminderStage.DUE:
        return deadline.due
    if stage == ReminderStage.OVERDUE:
        return deadline.due + timedelta(hours=after) if after else None
    moment = deadline.due - timedelta(hours=before)
    return moment if before and moment > deadline.created_at else None


def _tell(person: Person, deadline: Deadline, stage: ReminderStage, *, at: datetime) -> bool:
    assert deadline.due is not None
    _row, is_new = Reminder.objects.get_or_create(
        deadline=deadline, stage=stage, due=deadline.due, person=person, defaults={"reminded_at": at}
    )
    if not is_new:
        return False
    sent = _mail(person, deadline, stage, at=at) if person.email else None
    data = holding.about(deadline) | {
        "stage": stage.value,
        "due": deadline.due,
        "person": person.pk,
        "person_name": person.full_name,
        "mail": sent,
    }
    trail.record(events.DEADLINE_REMINDED, case=deadline.case, by=None, at=at, subject=deadline, data=data)
    return True


def _mail(person: Person, deadline: Deadline, stage: ReminderStage, *, at: datetime) -> int | None:
    """Put the mail in line. It names an inquiry by its reference alone: a subject may hold what is purged later."""
    assert deadline.due is not None
    with translation.override("vi"):
        said = due_in_words(deadline.due, inclusive=deadline.due_inclusive)
        facts = {
            "deadline": deadline,
            "person": person,
            "due": said,
            "is_late": deadline.is_late(at),
            "at": at,
        }
        body = render_to_string(TEXT, facts)
        subject = f"[{deadline.reference}] {stage.label}: {deadline.label}"
    key = f"deadline:{deadline.pk}:{deadline.due.timestamp():.0f}:{stage}:{person.pk}:reminder"
    if deadline.crisis is not None:
        sent = mails.queue(deadline.crisis, key=key, to=person.email, subject=subject, body=body, at=at)
        return sent.pk if sent else None
    matter = mail.Matter(
        agency=deadline.agency, reference=deadline.reference, case=deadline.case, inquiry=deadline.inquiry
    )
    message = mail.queue_about(matter, key=key, recipient=person.email, subject=subject, body=body, at=at)
    return message.pk
