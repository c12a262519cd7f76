"""The vocabulary of the trail: its codes are stored in rows that cannot be changed."""

import re

import pytest

from core import events
from core.events import EVENTS, Event

FROZEN_CODES = {
    "advice.sent",
    "assignment.accepted",
    "assignment.returned",
    "capacity.ended",
    "capacity.granted",
    "case.access_granted",
    "case.access_revoked",
    "case.closed",
    "case.opened",
    "clock.restarted",
    "clock.stopped",
    "document.issued",
    "document.number_entered",
    "document.numbered",
    "document.purged",
    "document.signed",
    "document.stamped",
    "draft.approved_in_review",
    "draft.clearance_skipped",
    "draft.cleared",
    "draft.returned_in_clearance",
    "draft.returned_in_review",
    "draft.review_skipped",
    "draft.submitted",
    "inquiry.acknowledged",
    "inquiry.acknowledgement_impossible",
    "inquiry.acknowledgement_withheld",
    "inquiry.assigned",
    "inquiry.ended",
    "inquiry.joined_case",
    "inquiry.linked",
    "inquiry.moved_away",
    "inquiry.moved_here",
    "inquiry.received",
    "inquiry.registered",
    "inquiry.reopened",
    "inquiry.triaged",
    "inquiry.withdrawn",
    "job.failed",
    "mail.failed",
    "mail.joined",
    "mail.queued",
    "mail.read",
    "mail.received",
    "mail.resent",
    "mail.sent",
    "mandate.ended",
    "mandate.recorded",
    "opinion.answered",
    "opinion.asked",
    "person.appointed",
    "person.post_ended",
    "publication.none_found",
    "publication.recorded",
    "question.purged",
    "refusals.settled",
    "reply.approved",
    "reply.corrected_and_approved",
    "reply.returned",
    "role.assigned",
    "role.ended",
    "statement.released",
    "task.put_back",
    "task.taken",
}


def test_no_stored_code_disappears_or_changes() -> None:
    assert set(EVENTS) >= FROZEN_CODES


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_constant_is_named_after_the_code(event: Event) -> None:
    assert getattr(events, event.code.upper().replace(".", "_")) is event


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_sentence_shows_declared_keys_and_no_personal_one(event: Event) -> None:
    shown = set(re.findall(r"%\((\w+)\)s", str(event.sentence)))

    assert shown <= event.keys
    assert not event.keys & event.personal


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_no_event_has_room_for_a_text(event: Event) -> None:
    assert not (event.keys | event.personal) & {"text", "body", "answer", "content", "subject", "title_text"}


def test_vocabulary_cannot_be_extended_from_outside() -> None:
    with pytest.raises(TypeError):
        EVENTS["case.forged"] = events.CASE_OPENED  # type: ignore[index]
