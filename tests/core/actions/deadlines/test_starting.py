from __future__ import annotations

from datetime import date

import pytest

from core import events
from core.actions import deadlines
from core.enums import DeadlineSource, LimitUnit
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, OrderPaper, RecordedEvent, TrailEntry
from core.permissions import MissingRole
from core.rules.deadlines import NotATimeLimit
from core.rules.law import UnknownDuty
from tests.desk import Desk, at
from tests.walk import make_cast

pytestmark = pytest.mark.django_db

HOURS, WORKING_DAYS = LimitUnit.HOURS, LimitUnit.WORKING_DAYS


@pytest.fixture
def desk() -> Desk:
    return Desk(make_cast())


def entry(event: events.Event) -> TrailEntry:
    return TrailEntry.objects.get(type=event.code)


# Started


@pytest.mark.parametrize(
    ("received", "value", "unit", "last_day", "rule_set"),
    [
        ("2026-06-30T23:59", 30, "days", date(2026, 7, 30), "luat-bao-chi-2016"),
        ("2026-07-01T00:00", 15, "working_days", date(2026, 7, 22), "luat-bao-chi-2025"),
    ],
)
def test_a_clock_runs_under_the_law_of_the_day_of_its_event(
    desk: Desk, received: str, value: int, unit: str, last_day: date, rule_set: str
) -> None:
    deadline = desk.one("forwarded_opinion", received)

    assert deadline.rule_value is not None
    assert deadline.rule_set is not None
    assert (deadline.rule_value.value, deadline.rule_value.unit) == (value, unit)
    assert (deadline.last_day, deadline.rule_set.code) == (last_day, rule_set)


def test_a_clock_keeps_the_law_under_which_it_started_although_that_has_ended(desk: Desk) -> None:
    deadline = desk.one("delegation_publication", "2026-06-30T23:59:59")

    assert (deadline.due, deadline.due_inclusive) == (at("2026-07-01T11:59:59"), True)
    assert (str(deadline.rule_set), deadline.provision and deadline.provision.code) == (
        "Luật Báo chí 2016 và Nghị định 09/2017/NĐ-CP",
        "09/2017/NĐ-CP:3.6",
    )


def test_a_deadline_is_a_stored_computation_and_an_entry(desk: Desk) -> None:
    deadline = desk.one("forwarded_opinion", "2026-11-10T09:00")

    stored = Deadline.objects.get(pk=deadline.pk)
    assert (stored.due, stored.last_day) == (at("2026-12-03T00:00"), date(2026, 12, 2))
    assert (stored.original_due, stored.started_at, stored.start) == (
        stored.due,
        at("2026-11-10T09:00"),
        "receipt",
    )
    assert stored.calendar is not None
    assert (stored.calendar.number, stored.is_provisional) == (1, True)
    assert "ngày 1: thứ Tư 11/11/2026" in stored.steps
    written = entry(events.DEADLINE_STARTED)
    assert (written.rule_set, written.data["provision"]) == ("luat-bao-chi-2025", "237/2026/NĐ-CP:18.3")
    assert (written.data["due"], written.data["calendar"]) == ("2026-12-02T17:00:00.000000Z", 1)


def test_beside_the_law_runs_the_agencys_own_stricter_rule_and_is_told_as_such(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")

    legal, local = desk.start("forwarded_opinion", "2026-11-10T09:00")

    assert (legal.source, local.source) == (DeadlineSource.LAW, DeadlineSource.LOCAL)
    assert (legal.last_day, local.last_day) == (date(2026, 12, 2), date(2026, 11, 25))
    assert (local.provision, local.rule_set, local.rule_value) == (None, None, None)
    assert local.citation == "Điều 1 Quy chế (số 1/QĐ ngày 01/07/2026)"


def test_where_only_the_agency_knows_the_duty_its_rule_alone_runs(desk: Desk) -> None:
    desk.local("delegation_publication", 12, HOURS, start="signing")

    deadline = desk.one("delegation_publication", "2026-11-10T09:00")

    assert (deadline.source, deadline.due) == (DeadlineSource.LOCAL, at("2026-11-10T21:00"))


def test_a_duty_that_neither_knows_starts_nothing(desk: Desk) -> None:
    with pytest.raises(UnknownDuty, match="01/07/2026"):
        desk.start("delegation_publication", "2026-07-01T00:00")
    with pytest.raises(NotATimeLimit):
        desk.start("speaker_types", "2026-07-01T00:00")

    assert not Deadline.objects.exists()


def test_a_duty_without_a_limit_is_open_and_never_due(desk: Desk) -> None:
    deadline = desk.one("press_request", "2026-11-10T09:00")

    assert (deadline.due, deadline.original_due, deadline.is_open, desk.due()) == (None, None, True, None)
    assert deadline.steps == ["Quy định không đặt thời hạn cụ thể cho nghĩa vụ này."]


def test_a_year_without_a_calendar_stops_no_work_and_is_computed_once_it_is_published(desk: Desk) -> None:
    deadline = desk.one("forwarded_opinion", "2027-12-20T09:00")
    assert (deadline.due, deadline.missing_year, deadline.last_day) == (None, 2028, None)
    assert "chưa có lịch làm việc năm 2028" in deadline.steps[0]
    assert desk.recompute("2027-12-21T08:00") == 0

    desk.publish([], "2027-12-21T08:00", settled_years=[2028], number="5/TB-BNV")
    moved = desk.recompute("2027-12-21T08:01")

    deadline.refresh_from_db()
    assert (moved, deadline.missing_year) == (1, None)
    assert deadline.due == deadline.original_due == desk.due() == at("2028-01-12T00:00")
    assert (deadline.changes.get().old_due, deadline.changes.get().new_due) == (None, deadline.due)


# Recorded events


@pytest.mark.parametrize(
    ("code", "occurred", "kind"),
    [
        ("initial_statement_event", "2026-06-15T09:00", "occurrence"),
        ("initial_statement_event", "2026-07-15T09:00", "receipt_and_handling"),
        ("initial_statement_opinion", "2026-07-15T09:00", "determination"),
        ("complaint_conclusion", "2026-07-15T09:00", "conclusion"),
    ],
)
def test_an_event_is_recorded_as_the_rule_of_its_day_names_it_and_starts_its_clock(
    desk: Desk, code: str, occurred: str, kind: str
) -> None:
    (deadline,) = desk.record(code, occurred, "2026-07-16T09:00")

    recorded = RecordedEvent.objects.get()
    assert (recorded.kind, recorded.occurred_at, deadline.start) == (kind, at(occurred), kind)
    assert (recorded.recorded_at, recorded.recorded_by) == (at("2026-07-16T09:00"), desk.cast.contact)
    written = entry(events.EVENT_RECORDED)
    assert (written.data["kind"], written.occurred_at) == (kind, at(occurred))


def test_one_duty_with_two_triggers_runs_two_clocks(desk: Desk) -> None:
    desk.record("initial_statement_event", "2026-07-15T09:00", "2026-07-15T12:00")
    desk.record("initial_statement_opinion", "2026-07-15T11:00", "2026-07-15T12:00")

    due = Deadline.objects.order_by("due").values_list("due", "provision__code")
    assert list(due) == [
        (at("2026-07-16T09:00"), "244/2026/NĐ-CP:7.3"),
        (at("2026-07-16T11:00"), "244/2026/NĐ-CP:7.4"),
    ]


def test_what_has_not_happened_yet_is_not_recorded(desk: Desk) -> None:
    with pytest.raises(Invalid, match="has not come yet") as refused:
        desk.record("initial_statement_event", "2026-07-16T09:01", "2026-07-16T09:00")

    assert set(refused.value.fields) == {"occurred_at"}
    assert not RecordedEvent.objects.exists()


def test_a_planned_event_lies_in_the_future_and_counts_backwards(desk: Desk) -> None:
    (deadline,) = desk.record("press_conference_notice", "2026-09-03T08:30", "2026-08-28T09:00")

    assert (deadline.due, deadline.due_inclusive) == (at("2026-09-02T08:30"), True)
    assert entry(events.DEADLINE_STARTED).occurred_at == at("2026-08-28T09:00")


def test_an_event_of_a_duty_the_law_of_that_day_does_not_know_is_not_recorded(desk: Desk) -> None:
    with pytest.raises(UnknownDuty):
        desk.record("initial_statement_opinion", "2026-06-30T09:00", "2026-07-16T09:00")

    assert not RecordedEvent.objects.exists()


def test_events_and_orders_are_recorded_by_those_with_the_right(desk: Desk) -> None:
    for person in (desk.cast.specialist, desk.cast.stranger):
        desk.cast.contact = person
        with pytest.raises(MissingRole):
            desk.record("initial_statement_event", "2026-07-15T09:00", "2026-07-16T09:00")
        with pytest.raises(MissingRole):
            desk.order(date(2026, 11, 16))

    assert not Deadline.objects.exists()


# Orders of a superior


def test_an_order_before_a_day_is_due_at_midnight_of_the_day_before(desk: Desk) -> None:
    deadline = desk.order(date(2026, 11, 16))

    assert (deadline.due, deadline.last_day) == (at("2026-11-16T00:00"), date(2026, 11, 15))
    assert (deadline.due_inclusive, deadline.original_due) == (False, deadline.due)
    assert (deadline.source, deadline.title) == (DeadlineSource.ORDER, "Báo cáo")
    assert deadline.citation == "Văn bản số 77/UBND ngày 10/11/2026 của UBND tỉnh Mẫu"
    assert deadline.steps == [
        "Văn bản số 77/UBND ngày 10/11/2026 của UBND tỉnh Mẫu: thực hiện trước ngày 16/11/2026.",
        "Hết hạn lúc 24 giờ 00 phút Chủ nhật 15/11/2026.",
    ]
    data = entry(events.ORDER_RECORDED).data
    assert (data["number"], data["issuer"], data["before"]) == ("77/UBND", "UBND tỉnh Mẫu", "2026-11-16")


@pytest.mark.parametrize("before", [date(2026, 11, 10), date(2026, 11, 9)])
def test_an_order_that_ends_before_its_own_paper_is_refused(desk: Desk, before: date) -> None:
    with pytest.raises(Invalid, match="before the paper itself") as refused:
        desk.order(before)

    assert set(refused.value.fields) == {"before"}
    assert not OrderPaper.objects.exists()


@pytest.mark.parametrize("missing", ["number", "issuer", "task"])
def test_an_order_has_a_number_an_issuer_and_a_task(desk: Desk, missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.order(date(2026, 11, 16), on=date(2026, 11, 10), **{missing: " "})

    assert set(refused.value.fields) == {missing}
    assert not OrderPaper.objects.exists()


# The nearest


def test_the_inquiry_carries_the_nearest_open_deadline_whatever_its_source(desk: Desk) -> None:
    desk.local("forwarded_opinion", 10, WORKING_DAYS, start="receipt")
    desk.one("press_request", "2026-11-10T09:00")
    legal, local = desk.start("forwarded_opinion", "2026-11-10T09:00")
    order = desk.order(date(2026, 11, 16))
    nearest = [desk.due()]

    for deadline in (order, local, legal):
        deadlines.end(deadline_id=deadline.pk, by=None, at=at("2026-11-11T08:00"))
        nearest.append(desk.due())

    assert nearest == [order.due, local.due, legal.due, None]


def test_the_same_clock_does_not_run_twice_from_one_moment(desk: Desk) -> None:
    desk.one("reply_on_press", "2026-11-10T09:00")

    with pytest.raises(NotAllowedNow, match="already runs from that moment"):
        desk.one("reply_on_press", "2026-11-10T09:00")

    assert Deadline.objects.count() == 1
