"""Stand-down, review, and what stays of a crisis once it is closed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from core.actions import casefile
from core.enums import CrisisLevel, CrisisState, DeadlineOutcome, StatementForm
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, TrailEntry
from workflows import tasks
from workflows.crisis.actions import statements
from workflows.crisis.actions.closing import NothingSaid
from workflows.crisis.models import CrisisStatement, PlaybookVersion, Review, StandDown

from .running_walk import RunningWalk


def test_while_the_clock_runs_and_nothing_was_said_a_stand_down_needs_force(walk: RunningWalk) -> None:
    walk.run()

    with pytest.raises(NothingSaid) as refused:
        walk.stand_down()

    assert list(refused.value.fields) == ["is_forced"]
    assert walk.crisis.state == CrisisState.RUNNING
    walk.stand_down(is_forced=True, reason="Chỉ đạo không phát ngôn.")
    row = StandDown.objects.get()
    assert (row.is_forced, row.reason) == (True, "Chỉ đạo không phát ngôn.")
    assert Deadline.objects.open().filter(crisis=walk.crisis).count() == 1
    assert TrailEntry.objects.get(type="crisis.stood_down").data["forced"] is True


@pytest.mark.parametrize("duty", ["initial_statement_event", "speaks_joint_incident"])
def test_force_is_recorded_only_where_it_was_needed(walk: RunningWalk, duty: str) -> None:
    walk.run(duty=duty)
    if duty == "initial_statement_event":
        walk.say_something()

    walk.stand_down(is_forced=True)

    assert not StandDown.objects.get().is_forced


def test_what_is_open_is_left_undone_and_its_tasks_go(walk: RunningWalk) -> None:
    walk.run()
    walk.do("verify", by=walk.cast.contact)
    assert walk.nodes() == ["carry_out", "draft_statement", "report", "stand_down"]

    walk.stand_down(is_forced=True)

    assert walk.nodes() == ["review"]
    assert walk.crisis.state == CrisisState.STOOD_DOWN
    dropped = walk.crisis.steps.filter(is_dropped=True).values_list("code", flat=True)
    assert sorted(dropped) == ["preserve", "report", "statement", "wrap-up"]
    assert CrisisStatement.objects.get().is_given_up
    assert not walk.step("verify").is_dropped


def test_a_stand_down_needs_a_reason(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident")

    with pytest.raises(Invalid):
        walk.stand_down(reason="")

    assert not StandDown.objects.exists()


def test_the_review_keeps_what_was_late_and_why_from_the_trail(walk: RunningWalk) -> None:
    walk.run()
    walk.pass_time(minutes=45)
    walk.do("verify", by=walk.cast.contact, late_reason="Mất mạng.")
    walk.pass_time(hours=25)
    walk.stand_down(is_forced=True)

    walk.review()

    late = Review.objects.get().late
    verify, preserve = late[0], late[1]
    assert (verify["what"], verify["minutes"], verify["why"]) == ("Verify", 15, "Mất mạng.")
    assert verify["who"] == walk.cast.contact.full_name
    assert (preserve["what"], preserve["done"], preserve["dropped"]) == ("Preserve", "", True)
    clock = next(row for row in late if row["kind"] == "clock")
    assert (clock["done"], clock["minutes"]) == ("", 105)
    assert {row["what"] for row in late if row["kind"] == "step"} == {
        "Verify",
        "Preserve",
        "Report",
        "Statement",
    }


def test_what_was_in_time_is_not_among_what_was_late(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident")
    walk.pass_time(minutes=30)
    walk.do("verify", by=walk.cast.contact)
    walk.stand_down()

    walk.review()

    assert Review.objects.get().late == []


def test_a_proposed_change_opens_the_next_draft_and_a_second_one_is_added_to_it(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident").stand_down().review(proposed_change="Thêm bước gọi trường.")
    first = Review.objects.get()
    assert first.draft is not None
    assert first.draft.is_draft
    assert first.draft.playbook.agency == walk.cast.agency
    assert "Thêm bước gọi trường." in first.draft.change

    walk.detect(title="Đề thi lần hai (giả định)")
    walk.assess(duty="speaks_joint_incident").activate().stand_down()
    walk.review(proposed_change="Bớt phút.")

    second = Review.objects.latest("pk")
    assert second.draft == first.draft
    assert second.draft is not None
    assert "Bớt phút." in second.draft.change
    assert PlaybookVersion.objects.filter(approved_at__isnull=True).count() == 1


def test_a_long_proposal_is_taken_whole(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident").stand_down().review(proposed_change="x" * 10_000)

    draft = Review.objects.get().draft
    assert draft is not None
    assert draft.change.endswith("x" * 10_000)


def test_a_statement_opened_after_the_end_is_said_or_given_up_before_the_crisis_closes(
    walk: RunningWalk,
) -> None:
    walk.run(duty="speaks_joint_incident").stand_down()
    statements.open_beside(crisis=walk.crisis, form=StatementForm.DIRECT, by=walk.cast.contact)
    walk.review()
    assert walk.crisis.state == CrisisState.STOOD_DOWN

    walk.execute(
        walk.tasks("draft_statement")[0],
        lambda step: statements.give_up(statement=step.task.seed, reason="Thôi.", by=step.by, at=step.at),
        by=walk.cast.contact,
    )
    tasks.fire_timers()

    walk.crisis.refresh_from_db()
    assert walk.crisis.state == CrisisState.CLOSED


def test_a_review_without_lessons_is_refused_and_with_them_the_crisis_closes(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident").stand_down()
    with pytest.raises(Invalid) as refused:
        walk.review(lessons="")
    assert list(refused.value.fields) == ["lessons"]

    walk.review()

    assert (walk.crisis.state, walk.crisis.closed_at) == (CrisisState.CLOSED, walk.at)
    assert walk.nodes() == []
    assert TrailEntry.objects.filter(type="crisis.closed").count() == 1


def test_a_case_is_not_closed_while_its_crisis_is_open(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident")
    case, head = walk.crisis.case, walk.cast.head

    with pytest.raises(NotAllowedNow, match="crisis of this case is still open"):
        casefile.close(case=case, reason="Hết việc.", by=head, at=walk.at)

    walk.stand_down().review()
    casefile.close(case=case, reason="Hết việc.", by=head, at=walk.at)
    case.refresh_from_db()
    assert case.closed_at == walk.at


def test_a_clock_that_was_met_late_is_told_by_the_review(walk: RunningWalk) -> None:
    walk.run()
    walk.say_something()
    clock = Deadline.objects.open().get(crisis=walk.crisis)
    assert clock.due is not None
    late_by = clock.due.replace(minute=clock.due.minute + 5)
    Deadline.objects.filter(pk=clock.pk).update(ended_at=late_by, outcome=DeadlineOutcome.LATE)
    walk.stand_down().review()

    rows = [row for row in Review.objects.get().late if row["kind"] == "clock"]
    assert [(row["minutes"], row["citation"]) for row in rows] == [(5, clock.citation)]


def is_refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "written once" in str(error)
    return False


def test_the_database_itself_keeps_what_is_written_once(walk: RunningWalk) -> None:
    walk.run()
    walk.change_level(CrisisLevel.SPREADING)
    walk.stand_down(is_forced=True).review(proposed_change="Bớt phút.")

    changes = {
        "assessment": "reason = 'khác'", "levelchange": "new = 3", "standdown": "is_forced = false",
        "review": "lessons = 'khác'",
    }  # fmt: skip
    kept = {table: is_refused(f"UPDATE workflows_{table} SET {change}") for table, change in changes.items()}  # noqa: S608
    tables = (*changes, "assessment_signs")
    there = {table: is_refused(f"DELETE FROM workflows_{table}") for table in tables}  # noqa: S608

    assert kept == dict.fromkeys(changes, True)
    assert there == dict.fromkeys(tables, True)
    Review.objects.update(draft=None)
    assert Review.objects.get().draft is None
