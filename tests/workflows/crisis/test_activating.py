"""Activation: the playbook's steps at the level become tasks, the team is told, what nobody holds is named."""

from __future__ import annotations

import pytest

from core.enums import AgencyKind, CrisisLevel, CrisisPart, CrisisState, DutyKind, StepOrigin
from core.errors import Invalid
from core.models import CaseParticipant, DutyShift, OutgoingMail, RoleAssignment, TrailEntry
from workflows import queries
from workflows.crisis.actions import steps
from workflows.crisis.actions.activating import NobodyHolds
from workflows.crisis.models import CrisisStep

from .running_walk import RunningWalk
from .walk import make_playbook, step

DUTY_STEP = (*[step("verify", 1)], step("watch", 2, CrisisPart.DUTY_OFFICER))


def test_the_steps_of_the_level_are_the_crisis_s_own_and_tasks_at_once(walk: RunningWalk) -> None:
    walk.run()

    crisis = walk.crisis
    assert (crisis.state, crisis.activated_at) == (CrisisState.RUNNING, walk.at)
    copied = CrisisStep.objects.filter(crisis=crisis).order_by("number")
    assert [row.code for row in copied] == ["verify", "preserve", "report", "statement", "wrap-up"]
    assert {row.origin for row in copied} == {StepOrigin.PLAYBOOK}
    assert walk.nodes() == ["carry_out", "carry_out", "report", "stand_down"]


def test_the_team_is_told_by_mail_and_sees_the_case(walk: RunningWalk) -> None:
    cast = walk.cast
    walk.run()

    mails = OutgoingMail.objects.filter(key__endswith=":activated")
    told = {mail.recipient for mail in mails}
    assert {cast.contact.email, cast.specialist.email, cast.colleague.email, cast.chief.email} <= told
    assert cast.auditor.email not in told
    for mail in mails:
        assert walk.crisis.reference in mail.subject
        assert walk.crisis.title not in mail.subject + mail.body
    seen = CaseParticipant.objects.filter(case=walk.crisis.case)
    assert set(seen.values_list("person__email", flat=True)) >= told


def test_a_part_that_nobody_holds_is_named_and_the_head_is_offered(walk: RunningWalk) -> None:
    walk.begin(version=make_playbook(steps=DUTY_STEP)).assess()

    with pytest.raises(NobodyHolds) as refused:
        walk.activate()

    assert refused.value.parts == [CrisisPart.DUTY_OFFICER]
    assert str(CrisisPart.DUTY_OFFICER.label) in str(refused.value)
    assert list(refused.value.fields) == ["head_takes"]
    assert walk.crisis.state == CrisisState.ASSESSED
    assert not CrisisStep.objects.exists()
    assert not OutgoingMail.objects.filter(key__endswith=":activated").exists()

    walk.activate(head_takes=True)

    assert walk.step("watch").part == CrisisPart.HEAD
    assert walk.step("verify").part == CrisisPart.PRESS_CONTACT
    assert TrailEntry.objects.get(type="crisis.activated").data["taken_by_head"] == ["duty_officer"]
    watch = walk.task_of("watch")
    assert queries.doable_by(walk.cast.head, at=walk.at).filter(pk=watch.pk).exists()


def test_what_a_part_that_nobody_holds_lets_be_skipped_is_its_takers_to_skip(walk: RunningWalk) -> None:
    rows = (*DUTY_STEP, step("call", 9, CrisisPart.PRESS_CONTACT, may_skip=CrisisPart.DUTY_OFFICER))
    walk.begin(version=make_playbook(steps=rows)).assess()

    walk.activate(head_takes=True)

    assert walk.step("call").may_skip == CrisisPart.HEAD
    steps.skip(step=walk.step("call"), reason="Không cần.", by=walk.cast.head, at=walk.at)
    assert walk.step("call").is_skipped


def test_while_there_is_no_head_a_deputy_takes_what_nobody_holds(walk: RunningWalk) -> None:
    walk.begin(version=make_playbook(steps=DUTY_STEP)).assess()
    RoleAssignment.objects.filter(person=walk.cast.head).update(valid_until=walk.at)

    walk.activate(head_takes=True, by=walk.cast.deputy)

    assert walk.step("watch").part == CrisisPart.DEPUTY_HEAD


def test_whoever_is_on_duty_at_the_hour_gets_the_step_and_the_mail(walk: RunningWalk) -> None:
    cast = walk.cast
    DutyShift.objects.create(
        agency=cast.agency, kind=DutyKind.OFFICER, person=cast.clerk, starts_at=walk.at,
        ends_at=walk.at.replace(hour=20),
    )  # fmt: skip
    walk.begin(version=make_playbook(steps=DUTY_STEP)).assess().activate()

    watch = walk.task_of("watch")
    assert queries.doable_by(cast.clerk, at=walk.at).filter(pk=watch.pk).exists()
    assert OutgoingMail.objects.filter(recipient=cast.clerk.email, key__endswith=":activated").exists()


def test_sent_back_it_waits_to_be_assessed_with_the_reason(walk: RunningWalk) -> None:
    walk.begin().assess()

    walk.send_back(reason="Sai kịch bản.")

    assert (walk.crisis.state, walk.nodes()) == (CrisisState.DETECTED, ["assess"])
    assert TrailEntry.objects.get(type="crisis.returned").reason == "Sai kịch bản."


def test_sending_back_needs_a_reason(walk: RunningWalk) -> None:
    walk.begin().assess()

    with pytest.raises(Invalid):
        walk.send_back(reason=" ")

    assert walk.nodes() == ["activate"]


def test_a_higher_level_brings_its_steps_from_the_start(walk: RunningWalk) -> None:
    walk.run(level=CrisisLevel.SPREADING)

    assert walk.step("briefing").part == CrisisPart.HEAD
    assert walk.cast.agency.kind == AgencyKind.DEPARTMENT
