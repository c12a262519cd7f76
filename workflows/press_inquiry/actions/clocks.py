"""The clocks of an inquiry: they start with its registration and end with the answer, under the law of their start."""

from __future__ import annotations

from datetime import datetime

from core.actions import deadlines, law
from core.enums import DeadlineOutcome, InquiryKind
from core.models import Deadline, Inquiry, Person, RuleKey, TrailEntry
from core.queries import law as law_queries
from core.rules.law import UnknownDuty
from workflows import locks
from workflows.press_inquiry.rules import DUTIES, REPLY_DUTIES

# On which rules a decision rests besides the duty that the inquiry started.
DECIDING = ("duty_to_inform",)
SPEAKING = ("speaker_types", "statement_forms")


def start(*, inquiry: Inquiry, by: Person | None, at: datetime) -> None:
    """Start the clock of the reply from the receipt, where the law of that day knows one for this kind of inquiry."""
    key = RuleKey.objects.filter(code=DUTIES[InquiryKind(inquiry.kind)]).first()
    if key is None:
        return
    try:
        deadlines.start(inquiry=inquiry, key=key, started_at=inquiry.received_at, by=by, at=at)
    except UnknownDuty:
        # Registering never fails because of the law: what it does not know starts no clock.
        return


def start_missing(*, at: datetime) -> int:
    """Start the clocks of inquiries that were registered before the law was loaded; how many. Safe to run twice."""
    waiting = Inquiry.objects.filter(
        registered_at__isnull=False, outcome="", answer_owed=True, deadlines__isnull=True
    )
    started = 0
    for inquiry in waiting.select_related("case", "agency").order_by("pk"):
        with locks.held(inquiry):
            start(inquiry=inquiry, by=None, at=at)
        started += inquiry.deadlines.exists()
    return started


def start_again(*, inquiry: Inquiry, by: Person | None, at: datetime) -> None:
    """On reopening: a duty that was given up is owed again from its receipt; one that was met stays met."""
    earlier = Deadline.objects.filter(inquiry=inquiry, key__code__in=REPLY_DUTIES)
    if not earlier.exclude(outcome=DeadlineOutcome.VOID).exists():
        start(inquiry=inquiry, by=by, at=at)


def end_with_answer(*, inquiry: Inquiry, spoken_at: datetime, by: Person | None, at: datetime) -> None:
    deadlines.end_answered(inquiry=inquiry, spoken_at=spoken_at, by=by, at=at, keys=REPLY_DUTIES)


def give_up(*, inquiry: Inquiry, by: Person | None, at: datetime) -> None:
    """Nothing is owed any more: withdrawn, no request, or handled elsewhere."""
    deadlines.end_void(inquiry=inquiry, by=by, at=at, keys=REPLY_DUTIES)


def rest_decision(entry: TrailEntry, *, inquiry: Inquiry, at: datetime, keys: tuple[str, ...]) -> None:
    """Keep on which provisions a decision rests."""
    rule_set = law_queries.governing(inquiry, at=at)
    if rule_set is not None:
        found = law_queries.provisions_for(inquiry, keys, rule_set=rule_set, at=at)
        law.rest_on(found, inquiry=inquiry, rule_set=rule_set, entry=entry, at=at)
