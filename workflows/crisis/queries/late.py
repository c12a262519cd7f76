"""What was late in a crisis and why, as the after-action review keeps it: read from the trail and the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from core import events
from core.enums import DeadlineOutcome
from core.models import Crisis, TrailEntry
from core.queries import deadlines
from workflows.crisis.models import CrisisStep, Dispatch

STEP, CLOCK, REPORT = "step", "clock", "report"


def of(crisis: Crisis, *, at: datetime) -> list[dict[str, Any]]:
    """Steps, clocks and acknowledgements that came too late by an instant, or not at all; in this order.

    Instants are ISO texts; `done` is empty for what never came, `minutes` is how late it was, or is by now.
    """
    return [*_steps(crisis, at=at), *_clocks(crisis, at=at), *_reports(crisis, at=at)]


def _row(
    kind: str, what: str, *, due: datetime, done: datetime | None, at: datetime, **more: Any
) -> dict[str, Any]:
    return {
        "kind": kind,
        "what": what,
        "due": due.isoformat(),
        "done": done.isoformat() if done else "",
        "minutes": int(((done or at) - due).total_seconds() // 60),
        "who": "",
        "why": "",
        **more,
    }


def _steps(crisis: Crisis, *, at: datetime) -> Iterator[dict[str, Any]]:
    """A step done in time tells nothing; one skipped or left undone tells so where its time was over by then."""
    done = _entries(crisis, events.CRISIS_STEP_DONE)
    followed_up = {entry.object_id for entry in _entries(crisis, events.CRISIS_STEP_LATE).values()}
    rows = CrisisStep.objects.filter(crisis=crisis, opened_at__isnull=False, due__isnull=False)
    for step in rows.select_related("settled_by").order_by("number"):
        assert step.due is not None
        if (step.settled_at or at) <= step.due:
            continue
        entry = done.get(step.pk)
        who = entry.actor_name if entry else ""
        yield _row(
            STEP, step.title, due=step.due, done=step.settled_at if step.is_done else None,
            at=step.settled_at or at, who=who, why=entry.reason if entry else step.note,
            skipped=step.is_skipped, dropped=step.is_dropped, followed_up=step.pk in followed_up,
        )  # fmt: skip


def _entries(crisis: Crisis, event: events.Event) -> dict[int | None, TrailEntry]:
    rows = TrailEntry.objects.filter(type=event.code, data__crisis=crisis.pk).order_by("seq")
    return {entry.object_id: entry for entry in rows}


def _clocks(crisis: Crisis, *, at: datetime) -> Iterator[dict[str, Any]]:
    """The clocks of the duty, the law's and the agency's own; those of steps of the procedure are among them.

    One that was past when it was set aside was missed: assessing anew does not undo that. Where the same clock began
    again from the same event later, that one tells it.
    """
    rows = crisis.deadlines.filter(due__isnull=False)
    again = rows.filter(
        pk__gt=OuterRef("pk"),
        key=OuterRef("key"),
        source=OuterRef("source"),
        started_at=OuterRef("started_at"),
    )
    told = rows.exclude(Exists(again), outcome=DeadlineOutcome.VOID)
    for deadline in deadlines.with_words(told.order_by("pk")):
        due = deadline.due
        assert due is not None
        if not deadline.was_missed(at):
            continue
        is_set_aside = deadline.outcome == DeadlineOutcome.VOID
        yield _row(
            CLOCK, deadline.label, due=due, done=None if is_set_aside else deadline.ended_at,
            at=deadline.ended_at or at, citation=deadline.citation, set_aside=is_set_aside,
        )  # fmt: skip


def _reports(crisis: Crisis, *, at: datetime) -> Iterator[dict[str, Any]]:
    """A report acknowledged after its minutes, or not at all, with how many rungs were climbed for it."""
    rungs = Counter(
        TrailEntry.objects.filter(
            type=events.CRISIS_REPORT_RUNG_CLIMBED.code, data__crisis=crisis.pk
        ).values_list("data__dispatch", flat=True)
    )
    rows = Dispatch.objects.filter(report__crisis=crisis, sent_at__isnull=False)
    for dispatch in rows.select_related("recipient", "report").order_by("report__number", "pk"):
        assert dispatch.sent_at is not None
        due = dispatch.sent_at + timedelta(minutes=dispatch.minutes)
        if (dispatch.acknowledged_at or dispatch.given_up_at or at) <= due:
            continue
        yield _row(
            REPORT, dispatch.recipient.name, due=due, done=dispatch.acknowledged_at,
            at=dispatch.given_up_at or at, why=dispatch.given_up_reason, number=dispatch.report.number,
            rungs=rungs[dispatch.pk],
        )  # fmt: skip
