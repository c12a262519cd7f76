"""Role by state by action: exactly these people may do each act of a refusal, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import pytest
from django.db import transaction

from core.enums import Numbering, ReplyForm
from core.errors import NotFound, Refused
from core.models import Person
from core.permissions import allowed
from documents.actions.issuing import EnteredNumber
from tests.walk import ZONE, Cast, Walk, make_cast
from tests.workflows.delegation.walk import FRIDAY_BEFORE, DelegationWalk
from workflows import permissions, queries
from workflows.press_inquiry.actions import purging, refusals
from workflows.refusal.actions import issuing, reconsidering, watching
from workflows.refusal.models import Refusal

from .walk import RefusalWalk

pytestmark = pytest.mark.django_db
SetClock = Callable[[datetime], None]
ROUND = ("propose", "review", "decide", "sign", "stamp", "release", "reconsider", "approve")
STEPS = {
    "specialist": {
        "propose": {"specialist", "colleague", "unit_head", "legal"},
        "review": {"legal"},
        "decide": {"head", "spokesperson", "colleague"},
        "sign": {"head"},
        "stamp": {"clerk"},
        "release": {"head", "spokesperson", "colleague"},
        "reconsider": {"chief", "deputy"},
        "approve": {"head", "spokesperson", "colleague"},
    },
    "legal": {
        "propose": {"specialist", "colleague", "unit_head", "legal"},
        "review": {"chief"},
        "decide": {"head", "spokesperson", "colleague"},
        "sign": {"head"},
        "stamp": {"clerk"},
        "release": {"head", "spokesperson", "colleague"},
        "reconsider": {"deputy"},
        "approve": {"head", "spokesperson", "colleague"},
    },
    "colleague": {
        "propose": {"specialist", "colleague", "unit_head", "legal"},
        "review": {"legal"},
        "decide": {"head", "spokesperson"},
        "sign": {"head"},
        "stamp": {"clerk"},
        "release": {"head", "spokesperson", "colleague"},
        "reconsider": {"chief", "deputy"},
        "approve": {"head", "spokesperson", "colleague"},
    },
}


def named(cast: Cast, found: Iterable[Person]) -> set[str]:
    pks = {person.pk for person in found}
    return {name for name, person in vars(cast).items() if isinstance(person, Person) and person.pk in pks}


def refused_alone(set_clock: SetClock, *, numbering: Numbering = Numbering.OWN_SERIES) -> RefusalWalk:
    """One question on a case for which the colleague is delegated; its refusal was asked for at review."""
    cast = make_cast(numbering=numbering)
    delegation = DelegationWalk(cast, set_clock, at=FRIDAY_BEFORE, to=cast.colleague)
    if numbering == Numbering.OWN_SERIES:
        delegation.signed()
    walk = Walk(cast, set_clock, questions=("Đoàn thanh tra kết luận gì?",))
    walk.register(case=delegation.case)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    return refusal


def may_do(refusal: RefusalWalk, node: str) -> tuple[set[str], set[str]]:
    """Who may do the step by the check, and who finds it in the work list."""
    task, at, cast = refusal.task(node), refusal.walk.tick(), refusal.walk.cast
    everybody = cast.everybody()
    by_check = [each for each in everybody if allowed(permissions.check_can_execute, each, task, at=at)]
    by_inbox = [each for each in everybody if queries.doable_by(each, at=at).filter(pk=task.pk).exists()]
    return named(cast, by_check), named(cast, by_inbox)


@pytest.mark.parametrize("proposer", STEPS)
def test_exactly_these_people_may_do_each_step_and_find_it_in_their_work(
    set_clock: SetClock, proposer: str
) -> None:
    refusal = refused_alone(set_clock)
    by_check, by_inbox = {}, {}

    for node in ROUND:
        if node == "reconsider":
            refusal.ask_again()
        by_check[node], by_inbox[node] = may_do(refusal, node)
        if node == "propose":
            refusal.propose(by=getattr(refusal.walk.cast, proposer))
        elif node == "review":
            (reviewer,) = by_check[node]
            refusal.review(by=getattr(refusal.walk.cast, reviewer))
        else:
            getattr(refusal, node)()

    assert by_check == STEPS[proposer]
    assert by_inbox == STEPS[proposer]


def test_before_a_unit_leads_the_legal_officer_proposes_and_the_chief_of_office_reviews(
    set_clock: SetClock,
) -> None:
    walk = Walk(make_cast(), set_clock).to("triage")
    refusal = RefusalWalk(walk)
    refusal.ask("triage")

    assert may_do(refusal, "propose") == ({"legal"}, {"legal"})
    refusal.propose(by=walk.cast.legal)
    assert may_do(refusal, "review") == ({"chief"}, {"chief"})


def test_who_approved_one_second_look_does_not_do_the_next(set_clock: SetClock) -> None:
    walk = Walk(make_cast(), set_clock, reply_form=ReplyForm.EMAIL).to("review")
    refusal, cast = RefusalWalk(walk), walk.cast
    refusal.ask()
    refusal.to("decide").decide(by=cast.spokesperson)
    walk.to("decide").decide(by=cast.spokesperson)
    walk.release(by=cast.spokesperson)
    refusal.ask_again()
    assert may_do(refusal, "reconsider") == ({"chief", "deputy", "head"}, {"chief", "deputy", "head"})
    refusal.reconsider(by=cast.chief)
    refusal.to("")

    refusal.ask_again()

    assert may_do(refusal, "reconsider") == ({"deputy"}, {"deputy"})


def doers(cast: Cast, act: Callable[[Person], object]) -> set[str]:
    """Who does the act; whatever it did is taken back. Anybody else hears that he may not, or of no such case."""
    done = []
    for person in cast.everybody():
        with transaction.atomic():
            try:
                act(person)
                done.append(person)
            except (Refused, NotFound):
                pass
            transaction.set_rollback(True)
    return named(cast, done)


ASK = {
    "triage": {"chief", "head"},
    "review": {"unit_head"},
    "clear": {"legal"},
    "decide": {"head", "spokesperson"},
}


def test_whoever_may_do_a_step_may_ask_there_for_a_refusal(set_clock: SetClock) -> None:
    walk = Walk(make_cast(), set_clock)
    found = {}
    for node in ASK:
        walk.to(node).tick()
        task, question = walk.task(node).pk, walk.inquiry.questions.get(number=1)

        def ask(by: Person, task: int = task, question: object = question) -> object:
            return refusals.ask(task, questions=[question], by=by)  # type: ignore[list-item]

        found[node] = doers(walk.cast, ask)
    assert found == ASK


BESIDE = {
    "end_of_ground": {"specialist", "colleague", "unit_head", "legal"},
    "ask_again": {"contact", "clerk", "chief"},
}


def test_exactly_these_people_do_the_acts_beside_a_refusal_that_was_told(set_clock: SetClock) -> None:
    refusal = refused_alone(set_clock)
    refusal.to("")
    walk, kept = refusal.walk, refusal.refusal
    walk.tick(hours=1)
    request = reconsidering.Request(received_at=walk.at, asked_by="Báo Mẫu (giả định)")

    found = {
        "end_of_ground": doers(
            walk.cast,
            lambda by: watching.record_end_of_ground(
                refusal=kept, happened_at=walk.at, note="Kết luận.", by=by
            ),
        ),
        "ask_again": doers(walk.cast, lambda by: reconsidering.ask(refusal=kept, request=request, by=by)),
    }

    assert found == BESIDE
    assert not hasattr(Refusal.objects.get(pk=kept.pk), "bring_back")


def test_exactly_the_clerk_enters_the_number_of_the_letter(set_clock: SetClock) -> None:
    refusal = refused_alone(set_clock, numbering=Numbering.ENTERED)
    refusal.to("decide").decide()
    walk = refusal.walk
    walk.tick()
    entered = EnteredNumber(number=41, issued_on=walk.at.astimezone(ZONE).date())

    found = doers(walk.cast, lambda by: issuing.enter_number(process=refusal.process, entered=entered, by=by))

    assert found == {"clerk"}
    assert refusal.steps == {"issue"}


def test_who_triages_or_clears_drafts_purges_a_question_that_is_being_refused(set_clock: SetClock) -> None:
    refusal = refused_alone(set_clock)
    refusal.to("decide")
    refusal.walk.tick()
    found = purging.Discovery(told="PA03 (giả định)", backups="Bản đêm", neutral_subject="Ngoài hệ thống")

    done = doers(
        refusal.walk.cast,
        lambda by: purging.purge_on_discovery(question=refusal.question, found=found, by=by),
    )

    assert done == {"chief", "head", "legal"}
