"""What nobody may do to a deadline: whitewash it, end it twice, begin it twice, end it before it began."""

from __future__ import annotations

from datetime import date

import pytest

from core.actions import deadlines
from core.enums import DeadlineOutcome, LimitUnit
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, RuleKey, TrailEntry
from core.queries import deadlines as queries
from tests.desk import Desk, at
from tests.walk import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk(make_cast())


def test_an_extension_does_not_undo_what_has_passed(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-09-01T09:00")

    with pytest.raises(NotAllowedNow, match="does not undo"):
        desk.extend(deadline, date(2026, 12, 1), at=at("2026-11-01T08:00"))

    assert deadline.extensions.count() == 0


def test_a_deadline_is_not_done_before_it_began(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-09-01T09:00")

    with pytest.raises(Invalid, match="before the deadline began"):
        deadlines.finish(
            deadline=deadline, done_at=at("2026-08-31T09:00"), by=desk.cast.contact, at=at("2026-09-02T09:00")
        )


def test_a_notice_before_a_planned_event_is_done_before_that_event(desk: Desk) -> None:
    (deadline,) = desk.record("press_conference_notice", "2026-12-01T09:00", "2026-11-20T08:00")

    deadlines.finish(
        deadline=deadline, done_at=at("2026-11-20T09:00"), by=desk.cast.contact, at=at("2026-11-20T09:00")
    )

    deadline.refresh_from_db()
    assert deadline.outcome == DeadlineOutcome.MET


def test_a_mistake_is_voided_with_its_reason_and_counts_nowhere(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-09-01T09:00")

    deadlines.void(
        deadline=deadline, reason="Nhập nhầm yêu cầu.", by=desk.cast.contact, at=at("2026-11-01T08:00")
    )

    deadline.refresh_from_db()
    entry = TrailEntry.objects.get(type="deadline.ended")
    assert (deadline.outcome, entry.reason) == (DeadlineOutcome.VOID, "Nhập nhầm yêu cầu.")
    assert counted(desk) == (0, 0, 0)


def test_voiding_needs_a_reason(desk: Desk) -> None:
    deadline = desk.one("reply_on_press", "2026-09-01T09:00")

    with pytest.raises(Invalid, match="reason is needed"):
        deadlines.void(deadline=deadline, reason="  ", by=desk.cast.contact, at=at("2026-09-02T08:00"))

    assert Deadline.objects.get(pk=deadline.pk).is_open


def test_what_ended_meanwhile_is_not_ended_again_with_another_verdict(desk: Desk) -> None:
    deadline = desk.one("forwarded_opinion", "2026-07-06T09:00")
    deadlines.end(deadline_id=deadline.pk, by=desk.cast.contact, at=at("2026-07-07T09:00"))

    late = at("2026-11-01T08:00")
    deadlines.end(deadline_id=deadline.pk, by=desk.cast.contact, at=late)
    deadlines.end_answered(
        inquiry=desk.inquiry, spoken_at=late, by=desk.cast.contact, at=late, keys=["forwarded_opinion"]
    )

    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.ended_at) == (DeadlineOutcome.MET, at("2026-07-07T09:00"))
    assert TrailEntry.objects.filter(type="deadline.ended").count() == 1


def test_a_step_done_while_its_clock_stands_is_in_time(desk: Desk) -> None:
    desk.local("step.draft", 4, LimitUnit.HOURS, start="step_opened", stops=True)
    deadline = desk.step("step.draft", "2026-11-10T08:00")
    deadlines.pause(inquiry=desk.inquiry, reason="Chờ làm rõ.", at=at("2026-11-10T09:00"))

    deadlines.end(deadline_id=deadline.pk, by=desk.cast.specialist, at=at("2026-11-11T14:00"))

    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.due) == (DeadlineOutcome.MET, at("2026-11-11T17:00"))


def test_the_statistics_leave_out_what_binds_the_press(desk: Desk) -> None:
    desk.one("press_answer_to_agency", "2026-09-01T09:00")
    desk.one("reply_on_press", "2026-09-01T09:00")

    assert counted(desk) == (0, 0, 1)


def test_a_rule_of_the_agency_alone_can_be_started(desk: Desk) -> None:
    agency = desk.cast.agency
    assert agency.parent is not None
    desk.local("step.follow_up", 6, LimitUnit.HOURS, start="publication")

    (deadline,) = desk.record("step.follow_up", "2026-11-10T08:00", "2026-11-10T09:00")

    assert (deadline.key, deadline.due) == (
        RuleKey.objects.get(code="step.follow_up"),
        at("2026-11-10T14:00"),
    )


def test_the_words_of_an_order_stay_out_of_the_trail(desk: Desk) -> None:
    deadline = desk.order(date(2026, 12, 1), task="Báo cáo nội dung rất riêng")
    desk.extend(deadline, date(2026, 12, 5), basis="Văn bản rất riêng", at=at("2026-11-11T08:00"))

    bodies = [bytes(entry.body).decode() for entry in TrailEntry.objects.all()]
    assert any("77/UBND" in body for body in bodies)
    assert not [body for body in bodies if "rất riêng" in body]


def counted(desk: Desk) -> tuple[int, int, int]:
    found = queries.legal_statistics(
        desk.cast.agency,
        since=at("2026-01-01T00:00"),
        until=at("2027-01-01T00:00"),
        at=at("2026-12-31T12:00"),
    )
    return found.met, found.late, found.overdue
