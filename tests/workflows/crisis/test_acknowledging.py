"""Who confirmed, by which way; what comes back apart from that; what ends with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.enums import AckMeans, Role
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import Case, Person
from tests.walk import Cast
from tests.workflows.crisis.reports_walk import COMMITTEE, MINISTRY, ReportWalk, make_walk
from workflows import base
from workflows.base import Step
from workflows.crisis.actions import acknowledging, directions, dispatches
from workflows.crisis.models import Acknowledgement, Dispatch

pytestmark = pytest.mark.django_db
CONFIRMED = acknowledging.Confirmed(name="Người nhận (giả định)", post="Chuyên viên")


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> ReportWalk:
    walk = make_walk(cast, set_clock, [COMMITTEE, MINISTRY])
    walk.send()
    walk.pass_time(minutes=10)
    return walk


def by_task(walk: ReportWalk, *, by: Person, direction: str = "") -> None:
    task = walk.tasks("acknowledge")[0]
    confirmed = acknowledging.Confirmed(name=CONFIRMED.name, post=CONFIRMED.post, direction=direction)

    def perform(step: Step) -> None:
        acknowledging.by_task(
            process=step.process,
            task=step.task,
            dispatch=step.task.seed,
            confirmed=confirmed,
            by=step.by,
            at=step.at,
        )

    walk.execute(task, perform, by=by)


def by_phone(
    walk: ReportWalk, dispatch: Dispatch, *, by: Person, at: datetime, phone: str = "0000 000 113"
) -> Acknowledgement:
    call = acknowledging.Call(acknowledged_at=at, phone=phone)
    with dispatches.held(dispatch) as held:
        return acknowledging.by_phone(
            process=held.process, dispatch=held.dispatch, confirmed=CONFIRMED, call=call, by=by, at=held.at
        )


def committee(walk: ReportWalk) -> Dispatch:
    assert walk.cast.agency.parent is not None
    return walk.dispatch(walk.cast.agency.parent)


def test_the_task_is_for_the_recipient_and_opens_no_case_of_ours(walk: ReportWalk) -> None:
    for person in (walk.cast.chief, walk.cast.head, walk.cast.stranger):
        with pytest.raises(Refused):
            by_task(walk, by=person)

    by_task(walk, by=walk.receiver)

    dispatch = committee(walk)
    row = dispatch.acknowledgements.get()
    assert (row.means, row.person, row.acknowledged_at) == (AckMeans.TASK, walk.receiver, walk.at)
    assert dispatch.acknowledged_at == walk.at
    assert walk.tasks("acknowledge") == []
    assert not Case.objects.visible_to(walk.receiver, at=walk.at).filter(pk=walk.crisis.case_id).exists()


def test_taking_the_task_opens_no_case_of_ours_either(walk: ReportWalk) -> None:
    base.take(walk.tasks("acknowledge")[0].pk, by=walk.receiver)

    assert not walk.crisis.case.participants.filter(person=walk.receiver).exists()


def test_a_confirmation_on_the_phone_ends_the_recipients_task_and_names_who_heard_it(
    walk: ReportWalk,
) -> None:
    dispatch = committee(walk)
    heard = walk.at - timedelta(minutes=2)

    row = by_phone(walk, dispatch, by=walk.cast.contact, at=heard)

    dispatch.refresh_from_db()
    assert (row.means, row.recorded_by, row.recorded_at) == (AckMeans.PHONE, walk.cast.contact, walk.at)
    assert dispatch.acknowledged_at == heard
    assert walk.tasks("acknowledge") == []
    told = walk.entries("crisis_report.acknowledged")[0]
    assert told.occurred_at == heard
    assert "0000 000 113" not in str(told.data)


@pytest.mark.parametrize("minutes", [-30, 1])
def test_a_call_before_the_sending_or_in_the_future_is_refused(walk: ReportWalk, minutes: int) -> None:
    with pytest.raises(Invalid) as refusal:
        by_phone(walk, committee(walk), by=walk.cast.contact, at=walk.at + timedelta(minutes=minutes))

    assert list(refusal.value.fields) == ["acknowledged_at"]
    assert Acknowledgement.objects.count() == 0


def test_a_call_needs_its_number_and_the_right_to_report(walk: ReportWalk) -> None:
    with pytest.raises(Invalid):
        by_phone(walk, committee(walk), by=walk.cast.contact, at=walk.at, phone=" ")
    with pytest.raises(Refused):
        by_phone(walk, committee(walk), by=walk.cast.specialist, at=walk.at)


def test_a_second_confirmation_is_added_and_replaces_nothing_and_the_same_name_is_one(
    walk: ReportWalk,
) -> None:
    dispatch = walk.dispatch(walk.ministry)
    first = walk.confirm(dispatch, name="Trần Thị Trực (giả định)")
    acknowledged_at = walk.at
    walk.pass_time(minutes=5)

    again = walk.confirm(dispatch, name="  trần thị trực (GIẢ ĐỊNH)")
    other = walk.confirm(dispatch, name="Lê Văn Phòng (giả định)")

    dispatch.refresh_from_db()
    assert again == first
    assert list(dispatch.acknowledgements.all()) == [first, other]
    assert dispatch.acknowledged_at == acknowledged_at
    assert [entry.data["first"] for entry in walk.entries("crisis_report.acknowledged")] == [True, False]


def test_whoever_is_on_duty_records_the_call_the_ladder_asks_for_and_takes_part_in_the_case(
    walk: ReportWalk,
) -> None:
    officer, dispatch = walk.cast.specialist, walk.dispatch(walk.ministry)
    shift = walk.on_duty(officer)

    row = by_phone(walk, dispatch, by=officer, at=walk.at)

    assert row.recorded_by == officer
    assert Case.objects.visible_to(officer, at=walk.at).filter(pk=walk.crisis.case_id).exists()
    shift.ends_at = walk.at
    shift.starts_at = walk.at - timedelta(hours=1)
    shift.save()
    with pytest.raises(Refused):
        by_phone(walk, committee(walk), by=officer, at=walk.at)


@pytest.mark.parametrize(("minutes", "late"), [(15, False), (16, True)])
def test_the_trail_tells_whether_the_call_was_answered_in_its_minutes(
    walk: ReportWalk, minutes: int, late: bool
) -> None:
    dispatch = walk.dispatch(walk.ministry)
    walk.advance(minutes=90)
    call = walk.crisis.steps.get(rung__dispatch=dispatch)
    walk.pass_time(minutes=minutes)

    walk.confirm(dispatch)

    told = {entry.data["code"]: entry.data["late"] for entry in walk.entries("crisis_step.done")}
    assert told[call.code] == late


def test_the_same_name_by_another_way_in_another_post_or_in_another_call_is_another_confirmation(
    walk: ReportWalk,
) -> None:
    dispatch, name = walk.dispatch(walk.ministry), CONFIRMED.name
    walk.confirm(dispatch, name=name)

    for phone in ("0000 000 113", "0000 000 113", "0000 000 114"):
        by_phone(walk, dispatch, by=walk.cast.contact, at=walk.at, phone=phone)
    with dispatches.held(dispatch) as held:
        acknowledging.by_link(
            process=held.process, dispatch=held.dispatch, confirmed=CONFIRMED, contact=None, at=held.at
        )

    found = [(row.means, row.post, row.phone) for row in dispatch.acknowledgements.order_by("pk")]
    assert found == [
        (AckMeans.LINK, "Trực ban", ""),
        (AckMeans.PHONE, CONFIRMED.post, "0000 000 113"),
        (AckMeans.PHONE, CONFIRMED.post, "0000 000 114"),
        (AckMeans.LINK, CONFIRMED.post, ""),
    ]


@pytest.mark.parametrize("with_directions", [False, True])
def test_a_link_that_somebody_plays_with_fills_no_tables(walk: ReportWalk, with_directions: bool) -> None:
    dispatch = walk.dispatch(walk.ministry)
    given = [
        {"direction": f"Ý kiến {number}"} if with_directions else {"name": f"Người {number} (giả định)"}
        for number in range(acknowledging.MOST_BY_LINK)
    ]
    for each in given:
        walk.confirm(dispatch, **each)

    with pytest.raises(NotAllowedNow, match="very often"):
        walk.confirm(dispatch, name="Người nữa (giả định)")

    by_phone(walk, dispatch, by=walk.cast.contact, at=walk.at)
    assert dispatch.acknowledgements.filter(means=AckMeans.PHONE).count() == 1


@pytest.mark.parametrize(("name", "post", "field"), [(" ", "x", "name"), ("x", "", "post")])
def test_a_confirmation_needs_name_and_post(walk: ReportWalk, name: str, post: str, field: str) -> None:
    confirmed = acknowledging.Confirmed(name=name, post=post)
    with pytest.raises(Invalid) as refusal, dispatches.held(walk.dispatch(walk.ministry)) as held:
        acknowledging.by_link(
            process=held.process, dispatch=held.dispatch, confirmed=confirmed, contact=None, at=held.at
        )

    assert list(refusal.value.fields) == [field]


def test_a_direction_is_a_fact_of_its_own_and_a_step_of_the_chief_of_office(walk: ReportWalk) -> None:
    by_task(walk, by=walk.receiver, direction="Báo cáo lại trước 10 giờ.")

    direction = committee(walk).directions.get()
    assert (direction.text, direction.from_name) == ("Báo cáo lại trước 10 giờ.", CONFIRMED.name)
    step = direction.step
    assert step is not None
    assert (step.origin, step.part, step.what) == ("direction", Role.CHIEF_OF_OFFICE, direction.text)
    assert [task.seed for task in walk.tasks("carry_out")] == [step]
    told = walk.entries("crisis_report.direction_received")[0]
    assert "10 giờ" not in str(told.body)


def test_an_official_records_a_direction_and_the_same_words_twice_are_one(walk: ReportWalk) -> None:
    given = directions.Given(
        text="Họp báo.", from_name="Chủ tịch (giả định)", from_post="Chủ tịch", received_at=walk.at
    )

    def write(by: Person, given: directions.Given = given) -> None:
        with dispatches.held(committee(walk)) as held:
            directions.write_down(
                process=held.process, dispatch=held.dispatch, given=given, by=by, at=held.at
            )

    write(walk.cast.contact)
    write(walk.cast.contact)
    with pytest.raises(Refused):
        write(walk.cast.clerk)
    future = directions.Given(
        text="x", from_name="x", from_post="x", received_at=walk.at + timedelta(minutes=1)
    )
    with pytest.raises(Invalid):
        write(walk.cast.contact, future)

    assert committee(walk).directions.count() == 1
    assert committee(walk).acknowledged_at is None
    walk.on_duty(walk.cast.specialist)
    write(walk.cast.specialist, replace(given, text="Gửi báo cáo bổ sung."))
    assert committee(walk).directions.count() == 2
    Dispatch.objects.update(given_up_at=walk.at, given_up_by=walk.cast.head)
    with pytest.raises(NotAllowedNow):
        write(walk.cast.contact, replace(given, text="Muộn."))


def test_only_the_head_gives_up_with_a_reason_and_then_nobody_is_kept_at_it(walk: ReportWalk) -> None:
    dispatch = committee(walk)

    def give_up(by: Person, reason: str) -> None:
        with dispatches.held(dispatch) as held:
            acknowledging.give_up(
                process=held.process, dispatch=held.dispatch, reason=reason, by=by, at=held.at
            )

    with pytest.raises(Refused):
        give_up(walk.cast.deputy, "Đã gặp trực tiếp.")
    with pytest.raises(Invalid):
        give_up(walk.cast.head, " ")
    give_up(walk.cast.head, "Đã gặp trực tiếp.")

    dispatch.refresh_from_db()
    assert (dispatch.given_up_by, dispatch.is_settled) == (walk.cast.head, True)
    assert walk.tasks("acknowledge") == []
    assert walk.entries("crisis_report.given_up")[0].reason == "Đã gặp trực tiếp."
    with pytest.raises(NotAllowedNow):
        give_up(walk.cast.head, "Lại.")
    with pytest.raises(NotAllowedNow):
        by_phone(walk, dispatch, by=walk.cast.contact, at=walk.at)


@pytest.mark.parametrize("way", ["link", "task", "phone"])
def test_the_last_confirmation_lets_a_crisis_that_was_reviewed_close(
    cast: Cast, set_clock: Callable[[datetime], None], way: str
) -> None:
    walk = make_walk(cast, set_clock, [COMMITTEE])
    walk.send()
    walk.execute(walk.tasks("stand_down")[0], lambda _step: None, by=cast.head)
    walk.execute(walk.tasks("review")[0], lambda _step: None, by=cast.chief)
    assert walk.nodes() == ["acknowledge", "await_acknowledgements"]

    if way == "task":
        by_task(walk, by=walk.receiver)
    elif way == "phone":
        by_phone(walk, committee(walk), by=cast.contact, at=walk.at)
    else:
        walk.confirm(committee(walk))

    assert walk.nodes() == []
    walk.crisis.refresh_from_db()
    assert walk.crisis.closed_at == walk.at
    assert walk.process.finished is not None
    with pytest.raises(NotAllowedNow):
        walk.confirm(committee(walk), name="Người sau (giả định)")
