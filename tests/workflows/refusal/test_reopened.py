"""The inquiry is reopened: no earlier refusal stands, and what is told anew refers to what was told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import files
from core.enums import InquiryOutcome, QuestionOutcome
from core.errors import NotAllowedNow
from core.queries.trail import Verification
from documents.models import IssuedDocument
from tests.documents.conftest import text_of
from tests.documents.letters import squeezed
from tests.walk import Walk
from workflows import bringing_back
from workflows.press_inquiry import queries as press_inquiry
from workflows.press_inquiry.actions import running
from workflows.refusal import queries
from workflows.refusal.actions import watching
from workflows.refusal.models import Refusal, Result, State

from .walk import RefusalWalk, proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(walk: Walk) -> RefusalWalk:
    """Told in a letter of its own, because nothing else was asked; the inquiry has ended."""
    walk.questions = ("Kết luận thanh tra?",)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    walk.to("")
    return refusal


def end_of_ground(refusal: Refusal, walk: Walk, *, days: int = 0) -> None:
    watching.record_end_of_ground(
        refusal=refusal, happened_at=walk.at + timedelta(days=days), note="Kết luận số 9.", by=walk.cast.legal
    )


def reopen(walk: Walk) -> None:
    walk.tick()
    running.reopen(inquiry=walk.inquiry, reason="Báo bổ sung.", by=walk.cast.chief)
    walk.inquiry.refresh_from_db()


@pytest.mark.parametrize("anew", ["answered", "refused"])
def test_the_earlier_refusal_stands_no_longer_and_the_next_document_refers_to_it(
    told: RefusalWalk, anew: str
) -> None:
    walk, first, letter = told.walk, told.refusal, queries.letter(told.process)
    assert letter is not None
    if anew == "answered":
        end_of_ground(first, walk, days=2)

    reopen(walk)

    first.refresh_from_db()
    assert first.state == State.REOPENED
    if anew == "refused":
        with pytest.raises(NotAllowedNow, match="stands, has a ground that can end"):
            end_of_ground(first, walk)
    document = _told_anew(walk, anew)
    walk.to("")
    walk.tick(days=3)
    assert bringing_back.sweep() == 0
    assert f"Côngvănsố{letter.symbol}" in squeezed(text_of(files.read(document.pdf_sha256)))
    assert (walk.inquiry.outcome, walk.inquiry.questions.get().outcome) == (anew, anew)
    assert Refusal.objects.filter(state=State.DECIDED).count() == (anew == "refused")
    first.refresh_from_db()
    assert first.state == State.REOPENED
    assert list(Verification().findings()) == []


def _told_anew(walk: Walk, anew: str) -> IssuedDocument:
    if anew == "answered":
        walk.to("")
        document = press_inquiry.reply_document(walk.process)
    else:
        walk.to("review")
        refusal = RefusalWalk(walk, proposal=proposal("investigation"))
        refusal.ask()
        refusal.to("")
        document = queries.letter(refusal.process)
    assert document is not None
    return document


@pytest.mark.parametrize("result", ["", Result.UPHELD, Result.CHANGED, "to answer"])
def test_a_second_look_under_way_and_what_came_of_it_end_with_it(told: RefusalWalk, result: str) -> None:
    walk = told.walk
    told.ask_again()
    if result == "to answer":
        told.reconsider(Result.CHANGED)
        told.to_answer("propose")
    elif result:
        told.reconsider(Result(result))

    reopen(walk)

    standing = Refusal.objects.filter(state__in=(State.OPEN, State.DECIDED, State.TO_ANSWER))
    assert not standing.exists()
    assert told.steps == set()
    assert bringing_back.sweep() == 0
    assert walk.steps == {"triage"}
    assert told.question.outcome == QuestionOutcome.OPEN
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
