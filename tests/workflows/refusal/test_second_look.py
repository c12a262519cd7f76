"""Đề nghị xem xét lại: whatever comes of it, the refusal that was looked at stays as it was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from core.enums import InquiryOutcome, QuestionOutcome, ReplyForm
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import Statement, TrailEntry
from documents.models import IssuedDocument
from tests.walk import Walk
from workflows import bringing_back
from workflows.press_inquiry.models import DraftVersion
from workflows.refusal import queries
from workflows.refusal.actions import reconsidering
from workflows.refusal.models import (
    Reconsideration,
    Refusal,
    RefusalDecision,
    RefusalVersion,
    Result,
    State,
    StatedOutcome,
)

from .walk import REASON, RefusalWalk, proposal

pytestmark = pytest.mark.django_db
WRITTEN: tuple[type[Model], ...] = (RefusalVersion, RefusalDecision, StatedOutcome, IssuedDocument, Statement)


def rows() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in WRITTEN}


def first_rows(before: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Of each table the rows that were there before, as they are now."""
    return {name: found[: len(before[name])] for name, found in rows().items()}


@pytest.fixture
def refusal(walk: Walk) -> RefusalWalk:
    """Refused in a letter of its own; asked to look again."""
    walk.questions = ("Kết luận thanh tra?",)
    walk.to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")
    walk.triage()
    refusal.propose(by=walk.cast.legal)
    refusal.review(by=walk.cast.chief)
    refusal.to("")
    return refusal


def test_upheld_it_is_told_by_a_letter_and_stands_as_it_was(refusal: RefusalWalk) -> None:
    before, kept = rows(), Refusal.objects.values().get()
    refusal.ask_again()

    refusal.to("")

    look = Reconsideration.objects.get()
    assert (refusal.end, look.result, look.judged_by) == ("upheld", Result.UPHELD, refusal.walk.cast.deputy)
    assert look.statement is not None
    assert look.statement.document_number == (queries.letter(refusal.process) or IssuedDocument()).symbol
    assert first_rows(before) == before
    assert Refusal.objects.values().get() == kept
    assert StatedOutcome.objects.count() == 1
    assert refusal.question.outcome == QuestionOutcome.REFUSED
    refusal.ask_again()
    assert refusal.steps == {"reconsider"}


def test_changed_another_refusal_follows_it_and_its_own_letter_tells_of_that_one(
    refusal: RefusalWalk,
) -> None:
    before, first = rows(), refusal.refusal
    refusal.ask_again()
    refusal.reconsider(Result.CHANGED)
    look_run = first.processes.latest("pk")
    assert [task.flow_task.name for task in look_run.task_set.filter(flow_task_type="END")] == ["replaced"]

    refusal.propose(proposal=proposal("investigation"))
    refusal.to("")

    second = refusal.refusal
    first.refresh_from_db()
    assert (first.state, first.followed_by, second.follows) == (State.REPLACED, second, first)
    assert refusal.end == "told_in_letter"
    assert first_rows(before) == before
    assert StatedOutcome.objects.count() == 2
    assert (second.state, refusal.question.outcome) == (State.DECIDED, QuestionOutcome.REFUSED)
    assert refusal.walk.inquiry.outcome == InquiryOutcome.REFUSED
    with pytest.raises(NotAllowedNow, match="still stands can be looked at again"):
        reconsidering.check_can_be_asked(first)


def test_answered_the_question_comes_back_and_is_answered(refusal: RefusalWalk) -> None:
    walk, before = refusal.walk, rows()
    refusal.ask_again()
    refusal.reconsider(Result.ANSWERED)
    assert refusal.end == "answered_after_all"

    assert [bringing_back.sweep(), bringing_back.sweep()] == [1, 0]

    assert refusal.refusal.state == State.ANSWERED
    assert walk.steps == {"triage"}
    walk.reply_form = ReplyForm.EMAIL
    walk.inquiry.refresh_from_db()
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
    assert refusal.question.outcome == QuestionOutcome.ANSWERED
    assert first_rows(before) == before
    assert DraftVersion.objects.latest("pk").refusals == []


def test_replaced_and_then_found_to_be_answered_it_comes_back(refusal: RefusalWalk) -> None:
    walk, before = refusal.walk, rows()
    refusal.ask_again()
    refusal.reconsider(Result.CHANGED)

    refusal.to_answer("propose")

    assert bringing_back.sweep() == 1
    assert walk.steps == {"triage"}
    assert refusal.question.outcome == QuestionOutcome.OPEN
    assert first_rows(before) == before


def test_who_took_part_does_not_look_again_and_one_look_goes_on_at_a_time(refusal: RefusalWalk) -> None:
    cast = refusal.walk.cast
    refusal.ask_again()

    with pytest.raises(NotAllowedNow, match="under way already"):
        refusal.ask_again()
    for person in (cast.chief, cast.legal, cast.head):
        with pytest.raises(Refused):
            refusal.reconsider(by=person)

    assert refusal.steps == {"reconsider"}
    assert Reconsideration.objects.get().result == ""


def test_only_what_the_press_was_told_is_looked_at_again(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    for node in ("propose", "decide"):
        refusal.to(node)
        with pytest.raises(NotAllowedNow, match="told to the press and still stands"):
            refusal.ask_again()
    refusal.decide()
    with pytest.raises(NotAllowedNow, match="told to the press and still stands"):
        refusal.ask_again()


def test_a_request_says_who_asks_and_a_finding_says_why(refusal: RefusalWalk) -> None:
    walk = refusal.walk
    told = Statement.objects.get().spoken_at
    walk.tick(hours=2)

    def fields(**changes: Any) -> set[str]:
        request = reconsidering.Request(**{"received_at": walk.at, "asked_by": "Báo Mẫu", **changes})
        with pytest.raises(Invalid) as refused:
            reconsidering.ask(refusal=refusal.refusal, request=request, by=walk.cast.contact)
        return set(refused.value.fields)

    assert fields(asked_by="  ") == {"asked_by"}
    assert fields(received_at=told.replace(hour=0)) == {"received_at"}
    assert fields(received_at=walk.at.replace(hour=23, minute=59)) == {"received_at"}
    refusal.ask_again()
    at, process = walk.at, refusal.process
    for reason in (" ", "Không được"):
        with pytest.raises(Invalid) as refused:
            reconsidering.judge(
                process=process, result=Result.UPHELD, reason=reason, by=walk.cast.deputy, at=at
            )
        assert set(refused.value.fields) == {"reason"}
    assert REASON not in "".join(TrailEntry.objects.values_list("reason", flat=True))
