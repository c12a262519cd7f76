"""The whole procedure, from the question to what the press was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from core.enums import InquiryOutcome, QuestionOutcome
from tests.walk import Walk, make_cast
from workflows.press_inquiry.models import DraftVersion, VersionKind
from workflows.refusal.models import Outcome, State, StatedOutcome

from .walk import RefusalWalk, proposal

SetClock = Callable[[datetime], None]
pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(set_clock: SetClock) -> Walk:
    return Walk(make_cast(), set_clock)


def outcomes(walk: Walk) -> list[str]:
    return list(walk.inquiry.questions.order_by("number").values_list("outcome", flat=True))


def test_a_refusal_goes_into_the_reply_beside_the_answer(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    walk.to("await_refusals")

    refusal.to("")

    assert refusal.end == "told_in_reply"
    assert walk.steps == {"decide"}
    version = DraftVersion.objects.filter(inquiry=walk.inquiry).latest("pk")
    assert version.kind == VersionKind.OUTCOMES
    assert [answer["question"] for answer in version.answers] == [2]
    walk.to("")
    assert outcomes(walk) == [QuestionOutcome.REFUSED, QuestionOutcome.ANSWERED]
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED
    stated = StatedOutcome.objects.get()
    assert stated.decision.refusal == refusal.refusal
    assert stated.statement.text.startswith("1. Từ chối cung cấp thông tin. Căn cứ: điểm")


def test_everything_refused_is_told_in_a_letter_of_its_own(walk: Walk) -> None:
    walk.questions = ("Đoàn thanh tra kết luận gì?",)
    walk.to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")
    walk.triage()
    refusal.propose(by=walk.cast.legal)
    refusal.review(by=walk.cast.chief)

    refusal.to("")

    assert refusal.end == "told_in_letter"
    assert walk.steps == set()
    assert walk.inquiry.outcome == InquiryOutcome.REFUSED
    assert outcomes(walk) == [QuestionOutcome.REFUSED]


def test_a_question_sent_back_to_be_answered_is_answered(walk: Walk) -> None:
    walk.to("clear")
    refusal = RefusalWalk(walk)
    refusal.ask("clear")
    walk.clear()
    assert walk.steps == {"await_refusals"}
    refusal.propose()

    refusal.to_answer()

    assert refusal.end == "to_be_answered"
    assert refusal.refusal.state == State.TO_ANSWER
    walk.to("")
    assert outcomes(walk) == [QuestionOutcome.ANSWERED, QuestionOutcome.ANSWERED]


def test_asked_for_at_the_decision_the_reply_waits_at_its_gate(walk: Walk) -> None:
    walk.to("decide")
    refusal = RefusalWalk(walk)

    refusal.ask("decide")

    assert walk.steps == {"await_refusals"}
    refusal.to("")
    assert walk.steps == {"decide"}


def test_a_question_beyond_competence_is_redirected_and_cites_no_ground(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(
        walk,
        proposal=proposal(
            outcome=Outcome.REDIRECTED, ground=None, facts={}, redirected_to="Sở Y tế (giả định)"
        ),
    )
    refusal.ask()
    walk.to("await_refusals")

    refusal.to("")
    walk.to("")

    decision = refusal.refusal.decision
    assert (decision.ground, decision.citation) == (None, "")
    assert outcomes(walk) == [QuestionOutcome.REDIRECTED, QuestionOutcome.ANSWERED]
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_ANSWERED
