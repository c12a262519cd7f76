"""The event with which a ground ends: from its instant on nothing tells the press, however late the sweep comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from core.enums import InquiryOutcome, Numbering, QuestionOutcome, ReplyForm
from core.errors import NotAllowedNow
from core.models import Statement, TrailEntry
from core.queries.trail import Verification
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument
from tests.walk import Walk, make_cast
from workflows import base, bringing_back
from workflows.press_inquiry.actions import running
from workflows.refusal.actions import deciding, issuing, watching
from workflows.refusal.models import BringBack, Outcome, Refusal, Result, State

from .walk import RefusalWalk, proposal

pytestmark = pytest.mark.django_db
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
LAPSED = "The ground for refusing question 1 has lapsed, so this is not told to the press any more"


def in_the_reply(walk: Walk) -> RefusalWalk:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("")
    return refusal


def by_letter(walk: Walk) -> RefusalWalk:
    """Everything refused at triage: the inquiry waits for the letter."""
    walk.questions = walk.questions[:1]
    walk.to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")
    walk.triage()
    refusal.propose(by=walk.cast.legal)
    refusal.review(by=walk.cast.chief)
    refusal.decide()
    return refusal


def end_of_ground(refusal: RefusalWalk, happened_at: datetime, note: str = "Kết luận số 9.") -> BringBack:
    refusal.walk.tick()
    return watching.record_end_of_ground(
        refusal=refusal.refusal, happened_at=happened_at, note=note, by=refusal.walk.cast.specialist
    )


def tells(act: Callable[[], object]) -> str:
    """What is said against the act, or nothing; whatever it did is taken back."""
    said = ""
    with transaction.atomic():
        try:
            act()
        except NotAllowedNow as error:
            said = str(error)
        transaction.set_rollback(True)
    return said


Prepared = tuple[RefusalWalk, Callable[[], object] | None]


def cleared(walk: Walk) -> Prepared:
    return in_the_reply(walk), None


def before_the_decision(walk: Walk) -> Prepared:
    refusal = in_the_reply(walk)
    walk.to("decide")
    return refusal, walk.decide


def reply_at(node: str) -> Callable[[Walk], Prepared]:
    def prepare(walk: Walk) -> Prepared:
        refusal = in_the_reply(walk)
        walk.to(node)
        return refusal, walk.release if node == "release" else None

    return prepare


def letter_at(node: str) -> Callable[[Walk], Prepared]:
    def prepare(walk: Walk) -> Prepared:
        refusal = by_letter(walk).to(node)
        return refusal, None if node == "stamp" else getattr(refusal, node)

    return prepare


def told(walk: Walk) -> Prepared:
    refusal = in_the_reply(walk)
    walk.to("")
    return refusal, None


def looked_at_again(walk: Walk) -> Prepared:
    refusal = by_letter(walk).to("")
    refusal.ask_again()
    refusal.to("release")
    return refusal, refusal.release


# What is prepared, at which step the inquiry stands once the question is back, and how the run of the refusal ended.
SITUATIONS: dict[str, tuple[Callable[[Walk], Prepared], str, str]] = {
    "the reply is being cleared": (cleared, "review", "told_in_reply"),
    "the reply waits for the decision": (before_the_decision, "draft", "told_in_reply"),
    "the reply is numbered": (reply_at("sign"), "triage", "told_in_reply"),
    "the reply is signed and stamped": (reply_at("release"), "triage", "told_in_reply"),
    "the reply has told of it": (told, "triage", "told_in_reply"),
    "its letter is numbered": (letter_at("sign"), "assign", "lapsed"),
    "its letter is signed": (letter_at("stamp"), "assign", "lapsed"),
    "its letter is stamped": (letter_at("release"), "assign", "lapsed"),
    "a second look was to uphold it": (looked_at_again, "triage", "told_in_letterlapsed"),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_with_the_worker_down_for_a_day_nothing_tells_of_it_and_then_the_question_comes_back_once(
    walk: Walk, situation: str
) -> None:
    prepare, stands_at, ended_at = SITUATIONS[situation]
    refusal, tell = prepare(walk)
    kept, spoken = refusal.refusal, Statement.objects.count()
    happens_at = walk.at + timedelta(hours=3)
    end_of_ground(refusal, happens_at)

    if tell is not None:
        assert tells(tell) == ""
        for instant in (happens_at, happens_at + A_DAY):
            walk.at = instant - A_MINUTE
            assert tells(tell).startswith(LAPSED)
    walk.at = happens_at + A_DAY
    walk.set_clock(walk.at)
    assert [bringing_back.sweep(), bringing_back.sweep()] == [1, 0]

    kept.refresh_from_db()
    assert (kept.state, kept.bring_back.done_at) == (State.LAPSED, walk.at)
    assert kept.question.outcome == QuestionOutcome.OPEN
    assert walk.steps == {stands_at}
    assert refusal.steps == set()
    ends = refusal.refusal.processes.order_by("pk")
    assert "".join(
        task.flow_task.name for run in ends for task in run.task_set.filter(flow_task_type="END")
    ) == ended_at  # fmt: skip
    assert TrailEntry.objects.filter(type="refusal.brought_back").count() == 1
    assert Statement.objects.count() == spoken
    walk.inquiry.refresh_from_db()
    walk.reply_form = ReplyForm.EMAIL
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED
    assert list(Verification().findings()) == []


def test_an_end_told_of_afterwards_is_known_from_then_on_and_not_recorded_twice(walk: Walk) -> None:
    refusal, tell = before_the_decision(walk)
    assert tell is not None
    happened_at = walk.at
    walk.tick(hours=5)

    end_of_ground(refusal, happened_at)

    assert tells(tell).startswith(LAPSED)
    with pytest.raises(NotAllowedNow, match="is already recorded"):
        end_of_ground(refusal, happened_at)
    assert bringing_back.sweep() == 1


def test_a_question_of_an_inquiry_that_was_withdrawn_does_not_come_back(walk: Walk) -> None:
    refusal, _tell = before_the_decision(walk)
    end_of_ground(refusal, walk.at + A_DAY)
    walk.tick()
    running.withdraw(inquiry=walk.inquiry, reason="Báo không hỏi nữa.", by=walk.cast.contact)
    walk.tick(days=2)

    assert bringing_back.sweep() == 0

    walk.inquiry.refresh_from_db()
    assert refusal.refusal.state == State.WITHDRAWN
    assert (walk.inquiry.outcome, walk.steps) == (InquiryOutcome.WITHDRAWN, set())
    assert not BringBack.objects.filter(done_at__isnull=True).exists()


def test_the_end_of_a_ground_that_was_replaced_brings_nothing_back(walk: Walk) -> None:
    refusal = by_letter(walk).to("")
    end_of_ground(refusal, walk.at + A_DAY)
    refusal.ask_again()
    refusal.reconsider(Result.CHANGED)
    first = Refusal.objects.earliest("pk")
    refusal.propose(proposal=proposal("investigation"))
    refusal.to("")
    walk.tick(days=2)

    assert bringing_back.sweep() == 0

    assert Refusal.objects.get(pk=first.pk).state == State.REPLACED
    assert (refusal.refusal.state, refusal.question.outcome) == (State.DECIDED, QuestionOutcome.REFUSED)


def test_a_second_look_lets_a_question_come_back_at_once_whose_ground_was_to_end_later(walk: Walk) -> None:
    refusal = by_letter(walk).to("")
    end_of_ground(refusal, walk.at + 20 * A_DAY)
    refusal.ask_again()

    refusal.reconsider(Result.ANSWERED)

    assert bringing_back.sweep() == 1
    assert (refusal.refusal.state, refusal.end) == (State.ANSWERED, "answered_after_all")
    assert walk.steps == {"triage"}


def test_the_lapse_of_one_question_leaves_the_second_look_at_another_of_its_letter(walk: Walk) -> None:
    walk.to("review")
    first, leader = RefusalWalk(walk, number=1), RefusalWalk(walk, number=2)
    for refusal in (first, leader):
        refusal.ask()
        refusal.to("decide")
    first.decide()
    leader.to("")
    leader.ask_again()

    end_of_ground(first, walk.at)
    assert bringing_back.sweep() == 1

    assert leader.steps == {"reconsider"}
    assert (first.refusal.state, leader.refusal.state) == (State.LAPSED, State.DECIDED)


def test_the_lapse_of_one_question_leaves_the_others_of_its_letter_to_the_reply(walk: Walk) -> None:
    walk.to("triage")
    first, leader = RefusalWalk(walk, number=1), RefusalWalk(walk, number=2)
    for refusal in (first, leader):
        refusal.ask("triage")
        refusal.propose(by=walk.cast.legal)
        refusal.review(by=walk.cast.chief)
    walk.triage()
    first.decide()
    leader.to("stamp")

    end_of_ground(first, walk.at)
    assert bringing_back.sweep() == 1

    assert (leader.end, leader.refusal.state, leader.refusal.letter_of) == ("lapsed", State.DECIDED, None)
    walk.reply_form = ReplyForm.EMAIL
    walk.to("")
    outcomes = walk.inquiry.questions.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == [QuestionOutcome.ANSWERED, QuestionOutcome.REFUSED]
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def test_what_was_redirected_has_no_ground_that_ends(walk: Walk) -> None:
    given: dict[str, Any] = {"ground": None, "facts": {}, "redirected_to": "Sở Y tế (giả định)"}
    walk.to("review")
    refusal = RefusalWalk(walk, proposal=proposal(outcome=Outcome.REDIRECTED, watch_kind=None, **given))
    refusal.ask()
    refusal.to("")

    with pytest.raises(NotAllowedNow, match="has a ground that can end"):
        end_of_ground(refusal, walk.at)


def test_a_letter_whose_ground_has_lapsed_gets_no_number(set_clock: Callable[[datetime], None]) -> None:
    walk = Walk(make_cast(numbering=Numbering.ENTERED), set_clock)
    refusal = by_letter(walk)
    assert refusal.steps == {"issue"}
    end_of_ground(refusal, walk.at)
    entered = EnteredNumber(number=41, issued_on=walk.at.date())

    with pytest.raises(NotAllowedNow, match="has lapsed"):
        issuing.enter_number(process=refusal.process, entered=entered, by=walk.cast.clerk)

    assert bringing_back.sweep() == 1
    assert (refusal.end, walk.steps) == ("lapsed", {"assign"})


def test_nor_from_our_own_series_when_the_job_comes_too_late(walk: Walk) -> None:
    walk.questions = walk.questions[:1]
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("decide")
    walk.tick()
    base.execute(
        refusal.task("decide").pk,
        by=walk.cast.head,
        perform=lambda step: deciding.decide(
            process=step.process, sha256=refusal.sha256, by=step.by, at=step.at
        ),
    )
    end_of_ground(refusal, walk.at)

    refusal.run_jobs()

    assert not IssuedDocument.objects.exists()
    assert refusal.process.task_set.filter(status="ERROR").count() == 0
    assert bringing_back.sweep() == 1
    assert (refusal.end, refusal.refusal.state) == ("lapsed", State.LAPSED)


WHY_NO_LONGER = {
    State.LAPSED: "The ground for refusing question 1 has lapsed",
    State.ANSWERED: "question 1 is to be answered",
    State.REPLACED: "replaced the refusal of question 1 by another",
    State.WITHDRAWN: "The refusal of question 1 was given up",
    State.OFF_SYSTEM: "Question 1 was removed",
    State.REOPENED: "The inquiry was reopened and question 1 with it",
}


def test_what_is_told_no_more_says_why(walk: Walk) -> None:
    kept = in_the_reply(walk).refusal
    deciding.check_still_holds(kept, at=walk.at)

    for state, why in WHY_NO_LONGER.items():
        kept.state = state
        with pytest.raises(NotAllowedNow, match=why):
            deciding.check_still_holds(kept, at=walk.at)


def test_a_question_that_is_to_be_answered_says_so_before_the_sweep_has_come_by(walk: Walk) -> None:
    refusal = by_letter(walk).to("")
    refusal.ask_again()

    refusal.reconsider(Result.ANSWERED)

    with pytest.raises(NotAllowedNow, match="question 1 is to be answered"):
        deciding.check_still_holds(refusal.refusal, at=walk.at)
