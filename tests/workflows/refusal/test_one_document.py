"""Exactly one document tells the press of each outcome, and the inquiry ends by what was told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core import files
from core.enums import InquiryOutcome, QuestionOutcome, ReplyForm
from core.errors import Invalid, NotAllowedNow
from core.models import Agency, OutgoingMail, Statement, TrailEntry
from tests.documents.conftest import text_of
from tests.walk import Walk
from workflows.press_inquiry import queries as press_inquiry
from workflows.press_inquiry.actions import running
from workflows.press_inquiry.models import NotARequest, TriageExit
from workflows.refusal.models import Outcome, StatedOutcome

from .walk import RefusalWalk, proposal

pytestmark = pytest.mark.django_db
REDIRECTED: dict[str, Any] = {
    "outcome": Outcome.REDIRECTED, "ground": None, "facts": {}, "redirected_to": "Sở Y tế (giả định)",
    "watch_kind": None,
}  # fmt: skip
WITHHELD: dict[str, Any] = {"outcome": Outcome.WITHHELD, "ground": None, "facts": {}, "watch_kind": None}


def outcomes(walk: Walk) -> list[str]:
    return list(walk.inquiry.questions.order_by("number").values_list("outcome", flat=True))


def test_the_head_sends_a_letter_at_once_and_the_reply_does_not_tell_of_it_again(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("decide")
    refusal.decide(at_once=True)
    walk.to("decide")

    refusal.to("")

    assert (refusal.end, walk.steps) == ("told_in_letter", {"decide"})
    assert outcomes(walk) == [QuestionOutcome.REFUSED, QuestionOutcome.OPEN]
    walk.to("")
    letter, reply = Statement.objects.order_by("pk")
    assert letter.text.startswith("1. Từ chối cung cấp thông tin.")
    assert "Từ chối" not in reply.text
    assert "Câu trả lời số 1" not in reply.text
    assert StatedOutcome.objects.get().statement == letter
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED
    assert OutgoingMail.objects.filter(attachment_sha256=letter.document_sha256).count() == 1


def test_a_letter_that_has_its_number_tells_of_no_question_redirected_since(walk: Walk) -> None:
    walk.questions = ("Kết luận gì?", "Bao nhiêu người?", "Học phí?")
    walk.redirected = (3,)
    walk.to("review")
    at_once, other = RefusalWalk(walk), RefusalWalk(walk, number=2, proposal=proposal("investigation"))
    at_once.ask()
    at_once.to("decide")
    at_once.decide(at_once=True)
    other.ask()
    other.to("sign")

    at_once.to("")
    other.to("")
    walk.to("")

    first, second = Statement.objects.order_by("pk")
    assert [row.decision.refusal.question.number for row in first.stated_refusals.all()] == [1]
    assert outcomes(walk) == [QuestionOutcome.REFUSED, QuestionOutcome.REFUSED, QuestionOutcome.REDIRECTED]
    assert [read_back(each).count("Sở Y tế (giả định)") > 0 for each in (first, second)] == [False, True]
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def read_back(statement: Statement) -> str:
    return " ".join(text_of(files.read(statement.document_sha256)).split())


def test_the_inquiry_stays_open_until_the_letter_sent_at_once_is_released(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("decide")
    refusal.decide(at_once=True)
    walk.to("follow_up")

    with pytest.raises(NotAllowedNow, match="has not been told to the press yet: 1"):
        walk.follow_up()

    refusal.to("")
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED
    assert StatedOutcome.objects.count() == 1


def test_the_database_takes_no_second_statement_of_a_decision(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("")
    walk.to("follow_up")
    first = StatedOutcome.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        StatedOutcome.objects.create(decision=first.decision, statement=first.statement)

    assert StatedOutcome.objects.get() == first


@pytest.mark.parametrize("form", [ReplyForm.EMAIL, ReplyForm.PORTAL, ReplyForm.INTERVIEW])
def test_a_reply_without_a_document_states_the_refusal_too(walk: Walk, form: ReplyForm) -> None:
    walk.reply_form = form
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("")

    walk.to("")

    stated = StatedOutcome.objects.get()
    assert (stated.document, stated.decision.refusal) == (None, refusal.refusal)
    assert stated.decision.citation in stated.statement.text
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def test_what_told_of_a_refusal_is_no_released_text_that_answers_another_inquiry(walk: Walk) -> None:
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    walk.to("")
    told = Statement.objects.get()
    another = Walk(walk.cast, walk.set_clock, at=walk.at)
    another.to("triage")

    with pytest.raises(Invalid, match="it tells of a refusal, which is decided anew for each question"):
        another.triage(exit=TriageExit.ALREADY_ANSWERED, answered_by=told, findings={}, lead_unit=None)

    assert told not in press_inquiry.released_texts(walk.cast.agency, before=another.at)
    assert another.steps == {"triage"}


ENDS = {
    "refused": ("", ""),
    "partly_refused": ("", "redirected"),
    "redirected": ("redirected", "redirected"),
    "withheld": ("withheld", "withheld"),
}


@pytest.mark.parametrize("end", ENDS)
def test_everything_refused_is_told_by_letters_and_the_inquiry_ends_by_what_they_told(
    walk: Walk, end: str
) -> None:
    Agency.objects.filter(pk=walk.cast.agency.pk).update(may_withhold=True)
    walk.to("triage")
    kinds: dict[str, dict[str, Any]] = {"": {}, "redirected": REDIRECTED, "withheld": WITHHELD}
    refusals = [
        RefusalWalk(walk, number=number, proposal=proposal(**kinds[kind]))
        for number, kind in enumerate(ENDS[end], start=1)
    ]
    for refusal in refusals:
        refusal.ask("triage")
    walk.triage()
    assert walk.steps == {"await_refusals"}
    first, last = refusals
    for refusal in refusals:
        refusal.propose(by=walk.cast.legal)
        refusal.review(by=walk.cast.chief)
    first.to("")
    assert walk.steps == {"await_refusals"}
    last.to("sign")
    assert walk.steps == {"await_letters"}

    last.to("")

    assert walk.steps == set()
    ends = [task.flow_task.name for task in walk.process.task_set.filter(flow_task_type="END")]
    assert ends == [end]
    assert walk.inquiry.outcome == end
    assert not walk.inquiry.answer_owed
    assert StatedOutcome.objects.count() == 2
    assert Statement.objects.count() == 1


def test_what_is_to_be_answered_after_all_ends_answered(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.propose()
    refusal.to_answer()

    walk.to("")

    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
    assert not StatedOutcome.objects.exists()


def test_a_withdrawn_inquiry_gives_up_what_the_press_was_not_told(walk: Walk) -> None:
    walk.to("review")
    open_one, signed = RefusalWalk(walk, number=1), RefusalWalk(walk, number=2)
    open_one.ask()
    signed.ask()
    signed.to("decide")
    signed.decide(at_once=True)
    walk.tick()

    running.withdraw(inquiry=walk.inquiry, reason="Báo không hỏi nữa.", by=walk.cast.contact)

    assert {each.state for each in walk.inquiry.refusals.all()} == {"withdrawn"}
    assert (open_one.end, signed.end) == ("given_up", "given_up")
    assert outcomes(walk) == [QuestionOutcome.NOT_ANSWERED] * 2
    assert TrailEntry.objects.filter(type="refusal.given_up").count() == 2
    assert not Statement.objects.exists()


def test_an_inquiry_that_ends_at_triage_gives_its_refusals_up(walk: Walk) -> None:
    walk.to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")

    walk.triage(
        exit=TriageExit.NOT_A_REQUEST,
        not_a_request=NotARequest.CITIZEN,
        reason="Là đơn của công dân.",
        findings={},
    )

    assert (refusal.end, refusal.refusal.state) == ("given_up", "withdrawn")
    assert walk.inquiry.outcome == InquiryOutcome.NOT_A_REQUEST


def test_a_text_released_before_does_not_answer_an_inquiry_of_which_a_question_is_being_refused(
    walk: Walk,
) -> None:
    walk.reply_form = ReplyForm.EMAIL
    earlier = Walk(walk.cast, walk.set_clock, reply_form=ReplyForm.EMAIL)
    earlier.to("follow_up")
    walk.at = earlier.at
    walk.to("triage")
    RefusalWalk(walk).ask("triage")

    with pytest.raises(Invalid, match="is being refused") as refused:
        walk.triage(exit=TriageExit.ALREADY_ANSWERED, answered_by=Statement.objects.get(), findings={})

    assert set(refused.value.fields) == {"exit"}
    assert walk.steps == {"triage"}


NO_REQUEST: dict[str, Any] = {
    "exit": TriageExit.NOT_A_REQUEST, "not_a_request": NotARequest.CITIZEN, "reason": "Là đơn của công dân.",
}  # fmt: skip
FOREIGN: dict[str, Any] = {"exit": TriageExit.FOREIGN_PRESS, "reason": "Hãng tin nước ngoài."}
ADVICE: dict[str, Any] = {"exit": TriageExit.ADVICE}


@pytest.mark.parametrize("chosen", [NO_REQUEST, FOREIGN, ADVICE])
def test_once_the_press_was_told_of_a_refusal_the_inquiry_does_not_end_without_a_reply(
    walk: Walk, chosen: dict[str, Any]
) -> None:
    walk.to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")
    if chosen is ADVICE:
        with pytest.raises(Invalid, match="no advice to a superior") as refused:
            walk.triage(**chosen)
        assert set(refused.value.fields) == {"exit"}
    refusal.propose(by=walk.cast.legal)
    refusal.review(by=walk.cast.chief)
    refusal.decide(at_once=True)
    refusal.to("")

    with pytest.raises(Invalid, match=r"was (already )?told") as refused:
        walk.triage(**chosen)

    assert set(refused.value.fields) == {"exit"}
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def test_what_goes_up_as_advice_is_not_refused_to_the_press(walk: Walk) -> None:
    walk.exit = TriageExit.ADVICE
    walk.to("review")

    with pytest.raises(NotAllowedNow, match="as advice to a superior"):
        RefusalWalk(walk).ask()

    assert not walk.inquiry.refusals.exists()
