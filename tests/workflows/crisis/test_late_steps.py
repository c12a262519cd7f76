"""Steps done, skipped and late: the last instant is in time, and what follows lateness happens once."""

from __future__ import annotations

import pytest
from django.db import transaction

from core import permissions as core_permissions
from core.enums import CrisisPart, LateAct, StepDeed
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import OutgoingMail, Person, RoleAssignment, TrailEntry
from workflows import base, permissions, queries
from workflows.crisis.actions import lateness, steps
from workflows.locks import locked

from .running_walk import RunningWalk
from .walk import make_playbook, step

ROWS = (
    step("remind", 1, minutes=10, on_late=LateAct.REMIND),
    step("chief", 2, minutes=20, on_late=LateAct.TELL_CHIEF),
    step("head", 3, minutes=30, on_late=LateAct.TELL_HEAD),
    step("up", 4, minutes=40, on_late=LateAct.HAND_UP, may_skip=CrisisPart.HEAD),
    step("statement", 5, CrisisPart.SPOKESPERSON, minutes=50, on_late=LateAct.HAND_UP, deed=StepDeed.INITIAL_STATEMENT),
)  # fmt: skip


@pytest.fixture
def running(walk: RunningWalk) -> RunningWalk:
    return walk.begin(version=make_playbook(steps=ROWS)).assess().activate()


def follow_up(walk: RunningWalk) -> int:
    process = walk.process
    with locked(process.flow_class, process.pk):
        return lateness.follow_up(process, at=walk.at)


def told(walk: RunningWalk, code: str) -> set[str]:
    mails = OutgoingMail.objects.filter(key__startswith=f"crisis-step:{walk.step(code).pk}:")
    return set(mails.values_list("recipient", flat=True))


def test_the_last_instant_is_in_time_and_the_next_second_late(running: RunningWalk) -> None:
    cast = running.cast
    running.pass_time(minutes=10)
    assert follow_up(running) == 0
    with transaction.atomic():
        running.do("remind", by=cast.contact)
        assert running.step("remind").late_reason == ""
        transaction.set_rollback(True)

    running.pass_time(seconds=1)

    assert follow_up(running) == 1
    with pytest.raises(Invalid) as refused:
        running.do("remind", by=cast.contact)
    assert list(refused.value.fields) == ["late_reason"]
    running.do("remind", by=cast.contact, late_reason="Mất điện.")
    assert running.step("remind").late_reason == "Mất điện."
    entry = TrailEntry.objects.get(type="crisis_step.done")
    assert (entry.data["late"], entry.reason) == (True, "Mất điện.")


def test_each_late_step_is_followed_up_once_as_the_playbook_says(running: RunningWalk) -> None:
    cast = running.cast
    running.pass_time(minutes=51)

    assert (follow_up(running), follow_up(running)) == (5, 0)

    assert told(running, "remind") == {cast.contact.email}
    assert told(running, "chief") == {cast.chief.email}
    heads = {cast.head.email} - {""}
    assert told(running, "head") == told(running, "up") == told(running, "statement") == heads
    acts = (
        TrailEntry.objects.filter(type="crisis_step.late").order_by("seq").values_list("data__act", flat=True)
    )
    assert list(acts) == ["remind", "tell_chief", "tell_head", "hand_up", "hand_up"]


def test_a_step_handed_up_is_the_heads_alone_and_free_again(running: RunningWalk) -> None:
    cast = running.cast
    task = running.task_of("up")
    base.take(task.pk, by=cast.contact)
    running.pass_time(minutes=41)

    follow_up(running)

    task = running.task_of("up")
    assert (task.owner, running.step("up").part) == (None, CrisisPart.HEAD)
    doers = [
        person
        for person in cast.everybody()
        if core_permissions.allowed(permissions.check_can_execute, person, task, at=running.at)
    ]
    assert doers == [cast.head]
    assert queries.doable_by(cast.head, at=running.at).filter(pk=task.pk).exists()
    assert not queries.doable_by(cast.contact, at=running.at).filter(pk=task.pk).exists()


def test_where_nobody_is_there_to_be_reminded_the_head_is_told(running: RunningWalk) -> None:
    RoleAssignment.objects.filter(person=running.cast.contact).delete()
    Person.objects.filter(pk=running.cast.head.pk).update(email="giamdoc@snv-x.example")
    running.pass_time(minutes=11)

    follow_up(running)

    assert told(running, "remind") == {"giamdoc@snv-x.example"}


def test_a_step_that_is_the_heads_already_stays_with_the_head_who_took_it(walk: RunningWalk) -> None:
    rows = (step("order", 1, CrisisPart.HEAD, on_late=LateAct.HAND_UP),)
    walk.begin(version=make_playbook(steps=rows)).assess().activate()
    base.take(walk.task_of("order").pk, by=walk.cast.head)
    walk.pass_time(minutes=31)

    assert follow_up(walk) == 1

    assert walk.task_of("order").owner == walk.cast.head


def test_a_statement_handed_up_stays_with_whoever_drafts(running: RunningWalk) -> None:
    running.pass_time(minutes=51)

    follow_up(running)

    assert running.step("statement").part == CrisisPart.SPOKESPERSON
    assert running.tasks("draft_statement")[0].assignment.role == ""


def test_a_step_settled_in_time_or_without_limit_is_never_followed_up(running: RunningWalk) -> None:
    running.do("remind", by=running.cast.contact)
    running.crisis.steps.exclude(code="remind").update(due=None)
    running.pass_time(days=1)

    assert follow_up(running) == 0


def test_only_whom_the_playbook_names_skips_and_with_a_reason(running: RunningWalk) -> None:
    up, remind = running.step("up"), running.step("remind")
    facts = {"at": running.at}

    with pytest.raises(NotAllowedNow):
        steps.skip(step=remind, reason="Không cần.", by=running.cast.contact, **facts)
    with pytest.raises(Refused):
        steps.skip(step=up, reason="Không cần.", by=running.cast.contact, **facts)
    with pytest.raises(Invalid):
        steps.skip(step=up, reason="", by=running.cast.head, **facts)

    steps.skip(step=up, reason="Không cần.", by=running.cast.head, **facts)

    assert (running.step("up").is_skipped, running.step("up").note) == (True, "Không cần.")
    assert TrailEntry.objects.get(type="crisis_step.skipped").reason == "Không cần."
