"""A refusal that follows another tells the press by a letter of its own; the inquiry's reply knows nothing of it."""

from __future__ import annotations

import pytest

from core.enums import InquiryOutcome, QuestionOutcome
from core.errors import Refused
from core.models import Statement
from tests.walk import Walk
from workflows.press_inquiry.actions import purging
from workflows.refusal.models import Result, State, StatedOutcome

from .walk import RefusalWalk, proposal

pytestmark = pytest.mark.django_db
FOUND = purging.Discovery(
    told="PA03 (giả định)", backups="Bản sao lưu đêm", neutral_subject="Xử lý ngoài hệ thống"
)


def told_at_once(walk: Walk) -> RefusalWalk:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("decide")
    refusal.decide(at_once=True)
    return refusal.to("")


def changed(refusal: RefusalWalk) -> RefusalWalk:
    """Asked again, and found to rest on another ground: the refusal that follows is to be proposed."""
    refusal.ask_again()
    refusal.reconsider(Result.CHANGED)
    refusal.proposal = proposal("investigation")
    assert refusal.steps == {"propose"}
    return refusal


@pytest.mark.parametrize(
    ("inquiry_at", "refusal_at"),
    [
        ("clear", "propose"),
        ("clear", "sign"),
        ("decide", "propose"),
        ("release", "propose"),
        ("release", "sign"),
    ],
)
def test_the_reply_neither_waits_for_it_nor_states_it(walk: Walk, inquiry_at: str, refusal_at: str) -> None:
    refusal = told_at_once(walk)
    walk.to(inquiry_at)
    changed(refusal).to(refusal_at)

    walk.to("")

    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED
    assert "Từ chối" not in Statement.objects.latest("pk").text
    refusal.to("")
    assert (refusal.end, refusal.refusal.state) == ("told_in_letter", State.DECIDED)
    assert refusal.question.outcome == QuestionOutcome.REFUSED
    assert StatedOutcome.objects.count() == 2


def test_its_letter_takes_nothing_else_along(walk: Walk) -> None:
    walk.questions = ("Kết luận?", "Thuốc nào?", "Bao nhiêu?")
    walk.redirected = (2,)
    refusal = told_at_once(walk)
    last = RefusalWalk(walk, number=3)
    last.ask()
    last.to("sign")

    changed(refusal).to("")

    assert Statement.objects.latest("pk").text.startswith("1. ")
    assert walk.inquiry.questions.get(number=2).outcome == QuestionOutcome.OPEN
    last.to("")
    assert walk.inquiry.questions.get(number=2).outcome == QuestionOutcome.REDIRECTED
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def test_whoever_decides_it_may_sign_and_has_a_mandate_for_its_question(walk: Walk) -> None:
    refusal = changed(told_at_once(walk)).to("decide")

    with pytest.raises(Refused, match="may not sign documents"):
        refusal.decide(by=walk.cast.spokesperson)

    refusal.decide()
    assert refusal.refusal.has_own_letter


def test_a_purge_gives_it_up_and_its_question_is_taken_up_with_the_others(walk: Walk) -> None:
    walk.questions = ("Kết luận?", "Bí mật?")
    refusal = changed(told_at_once(walk)).to("sign")
    walk.to("decide")
    walk.tick()

    purging.purge_on_discovery(question=walk.inquiry.questions.get(number=2), found=FOUND, by=walk.cast.legal)

    walk.inquiry.refresh_from_db()
    assert (refusal.end, refusal.refusal.state) == ("given_up", State.WITHDRAWN)
    assert refusal.question.outcome == QuestionOutcome.OPEN
    walk.to("")
    assert refusal.question.outcome == QuestionOutcome.ANSWERED
