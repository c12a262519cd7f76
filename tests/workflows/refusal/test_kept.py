"""The database itself keeps what was proposed, decided and told; a purge reaches the words alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core.enums import InquiryOutcome, PurgeRemains, QuestionOutcome, ReplyForm
from core.errors import Invalid, NotAllowedNow
from core.models import TrailEntry
from core.queries.trail import Verification
from tests.walk import Walk
from tests.workflows.press_inquiry.test_purging import everything_stored
from workflows import base, bringing_back
from workflows.press_inquiry.actions import purging
from workflows.refusal.actions import deciding, watching
from workflows.refusal.models import BringBack, RefusalVersion, State

from .walk import FACTS, REASON, RefusalWalk, proposal

pytestmark = pytest.mark.django_db
Commits = DjangoCaptureOnCommitCallbacks
VERSION, DECISION, STATED, BACK, LOOK = (
    f"workflows_{name}"
    for name in ("refusalversion", "refusaldecision", "statedoutcome", "bringback", "reconsideration")
)
CHANGES = {
    VERSION: (
        "reason = 'khác'", "outcome = 'withheld'", "author_id = author_id + 1", "at = '2020-01-01'",
        "redirected_to = 'khác'", "watch_on = '2020-01-01'", "number = 9", "sha256 = ''", "facts = '{}'",
    ),
    DECISION: (
        "citation = 'khác'", "decided_by_id = decided_by_id + 1", "decided_at = '2020-01-01'",
        "ground_id = ground_id + 1", "remark = 'khác'", "mandate_id = mandate_id + 1",
        "rule_set_id = rule_set_id + 1", "decider_post = ''",
    ),
    STATED: ("statement_id = statement_id + 1", "document_id = NULL"),
    BACK: (
        "happened_at = '2020-01-01'", "note = 'khác'", "recorded_at = '2020-01-01'", "done_at = NULL",
        "done_at = '2020-01-01'", "cause = 'reconsidered'", "recorded_by_id = recorded_by_id + 1",
    ),
    LOOK: (
        "result = 'changed'", "result = ''", "reason = 'khác'", "gist = 'khác'", "asked_by = 'khác'",
        "received_at = '2020-01-01'", "judged_by_id = judged_by_id + 1", "statement_id = NULL", "signer_id = NULL",
    ),
}  # fmt: skip


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "written once" in str(error)
    return False


def test_what_was_written_is_neither_changed_nor_removed_in_the_database(walk: Walk) -> None:
    walk.questions = walk.questions[:1]
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    refusal.ask_again()
    refusal.to("")
    walk.tick()
    watching.record_end_of_ground(
        refusal=refusal.refusal, happened_at=walk.at, note="Kết luận số 9.", by=walk.cast.legal
    )
    assert bringing_back.sweep() == 1
    connection.check_constraints()

    attacks = [f"UPDATE {table} SET {change}" for table, changes in CHANGES.items() for change in changes]  # noqa: S608
    attacks += [f"DELETE FROM {table}" for table in CHANGES]  # noqa: S608
    if connection.vendor == "postgresql":
        attacks += [f"TRUNCATE {table} CASCADE" for table in CHANGES]

    assert [sql for sql in attacks if not refused(sql)] == []


def test_until_it_is_done_only_a_second_look_lets_a_question_come_back_otherwise(walk: Walk) -> None:
    walk.to("review")
    refusal = RefusalWalk(walk)
    refusal.ask()
    refusal.to("")
    watching.record_end_of_ground(
        refusal=refusal.refusal,
        happened_at=walk.at + timedelta(days=9),
        note="Kết luận số 9.",
        by=walk.cast.legal,
    )
    changes = ("happened_at = '2020-01-01'", "note = 'khác'", "refusal_id = refusal_id + 1")

    assert [change for change in changes if not refused(f"UPDATE {BACK} SET {change}")] == []  # noqa: S608

    assert BringBack.objects.update(cause="reconsidered", happened_at=walk.at, note="Trả lời được.") == 1


# Purge

SECRET = "XYZ-TUYETMAT-77"
FOUND = purging.Discovery(
    told="PA03 (giả định)", backups="Bản sao lưu đêm", neutral_subject="Xử lý ngoài hệ thống"
)


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def secretive() -> object:
    return proposal(
        facts={**FACTS["inspection"], "decision": f"Quyết định thanh tra {SECRET}"},
        reason=f"{REASON} Nội dung {SECRET}.",
        watch_what=f"Kết luận {SECRET}",
    )


def test_a_purge_reaches_every_word_of_its_refusals_and_what_is_left_goes_on(
    walk: Walk, settings: Settings, django_capture_on_commit_callbacks: Commits
) -> None:
    walk.questions = (f"{SECRET} là gì?", "Đoàn kết luận gì?", "Bao nhiêu?")
    walk.to("review")
    secret, decided, typed = (RefusalWalk(walk, number=number) for number in (1, 2, 3))
    for refusal in (secret, decided, typed):
        refusal.ask()
    for refusal in (secret, decided):
        refusal.propose(proposal=secretive())
        refusal.review()
    decided.act(
        "decide",
        walk.cast.head,
        lambda step: deciding.decide(
            process=step.process, sha256=decided.sha256, by=step.by, at=step.at, remark=f"Như {SECRET[:3]}-X"
        ),
    )
    watching.record_end_of_ground(
        refusal=decided.refusal,
        happened_at=walk.at + timedelta(days=9),
        note=f"Kết luận {SECRET}",
        by=walk.cast.legal,
    )
    base.save_input(typed.task("propose").pk, by=walk.cast.specialist, data={"reason": [SECRET]}, at=walk.at)
    assert everything_stored(settings).count(SECRET) >= 8
    walk.tick()

    with django_capture_on_commit_callbacks(execute=True):
        tombstone = purging.purge_on_discovery(question=secret.question, found=FOUND, by=walk.cast.legal)

    assert SECRET not in everything_stored(settings)
    states = [each.refusal.state for each in (secret, decided, typed)]
    assert states == [State.OFF_SYSTEM, State.WITHDRAWN, State.OPEN]
    assert (secret.end, typed.steps) == ("off_system", {"propose"})
    reasons = [row["what"] for row in tombstone.remains if row["kind"] == PurgeRemains.REASON]
    remarked = TrailEntry.objects.get(type="refusal.decided")
    assert reasons == [f"{remarked.stream} #{remarked.seq}"]
    assert list(Verification().findings()) == []

    walk.at += timedelta(days=10)
    walk.set_clock(walk.at)
    assert bringing_back.sweep() == 0
    typed.to("")
    walk.reply_form = ReplyForm.EMAIL
    walk.to("")
    outcomes = walk.inquiry.questions.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == [QuestionOutcome.OFF_SYSTEM, QuestionOutcome.ANSWERED, QuestionOutcome.REFUSED]
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED
    assert list(Verification().findings()) == []


def test_a_proposal_that_lost_its_words_is_not_judged_but_proposed_anew(walk: Walk) -> None:
    walk.questions = (f"{SECRET} là gì?", "Đoàn kết luận gì?")
    walk.to("review")
    refusal = RefusalWalk(walk, number=2)
    refusal.ask()
    refusal.to("decide")
    walk.tick()
    purging.purge_on_discovery(question=walk.inquiry.questions.get(number=1), found=FOUND, by=walk.cast.legal)

    with pytest.raises(Invalid):
        refusal.decide()

    assert RefusalVersion.objects.get().sha256 == ""
    refusal.send_back("decide")
    refusal.to("")
    assert refusal.end == "told_in_letter"


@pytest.mark.parametrize("node", ["reconsider", "approve", "release"])
def test_a_second_look_beside_a_purge_loses_its_letter_and_can_be_asked_for_again(
    walk: Walk, node: str
) -> None:
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("decide")
    refusal.decide(at_once=True)
    refusal.to("")
    refusal.ask_again()
    refusal.to(node)
    walk.tick()

    purging.purge_on_discovery(question=walk.inquiry.questions.get(number=2), found=FOUND, by=walk.cast.legal)

    walk.inquiry.refresh_from_db()
    assert (walk.inquiry.outcome, walk.steps) == (InquiryOutcome.PARTLY_REFUSED, set())
    assert refusal.refusal.state == State.DECIDED
    if node == "reconsider":
        refusal.to("")
        assert refusal.end == "upheld"
    else:
        assert refusal.end == "given_up"
        refusal.ask_again()
        assert refusal.steps == {"reconsider"}
    assert list(Verification().findings()) == []


def test_a_refusal_that_was_told_of_a_question_purged_since_is_not_looked_at_again(walk: Walk) -> None:
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    walk.to("")
    refusal.ask_again()

    purging.purge_on_discovery(question=refusal.question, found=FOUND, by=walk.cast.legal)

    assert (refusal.end, refusal.refusal.state) == ("off_system", State.OFF_SYSTEM)
    assert refusal.question.outcome == QuestionOutcome.REFUSED
    with pytest.raises(NotAllowedNow, match="still stands can be looked at again"):
        refusal.ask_again()
