from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from core import events
from core.actions import deadlines, mail
from core.enums import InquiryKind, LimitUnit
from core.models import Deadline, OutgoingMail, Person, Reminder, RuleKey, TrailEntry
from tests.desk import local_rule
from tests.walk import Cast, Walk
from workflows import base, reminders
from workflows.press_inquiry.actions import running

pytestmark = pytest.mark.django_db

INSTANT = timedelta(microseconds=1)
# Registered on 13/7/2026 as a forwarded opinion: 15 working days end at 24:00 of Monday 3/8.
DUE = datetime.fromisoformat("2026-08-04T00:00:00+07:00")
BEFORE, AFTER = DUE - timedelta(hours=48), DUE + timedelta(hours=24)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> Walk:
    """A forwarded opinion that waits for its drafter."""
    walk = Walk(cast, set_clock)
    walk.register(kind=InquiryKind.FORWARDED_OPINION)
    walk.to("draft")
    return walk


def told(at: datetime) -> list[tuple[str, Person]]:
    """Who is told of what by one sweep."""
    known = set(Reminder.objects.values_list("pk", flat=True))
    count = reminders.sweep(at=at)
    rows = Reminder.objects.exclude(pk__in=known).order_by("pk").select_related("person")
    assert count == len(rows)
    return [(row.stage, row.person) for row in rows]


def configure(code: str, *, before: int | None = None, after: int | None = None) -> None:
    RuleKey.objects.filter(code=code).update(remind_before_hours=before, remind_after_hours=after)


# Who is told when


def test_before_it_is_due_whoever_is_to_act_is_told_at_the_moment_of_the_rule(walk: Walk) -> None:
    assert told(BEFORE - INSTANT) == []
    assert told(BEFORE) == [("before", walk.cast.specialist)]


def test_when_it_is_due_the_unit_head_is_told_as_well_and_not_yet_the_head(walk: Walk) -> None:
    told(BEFORE)

    assert told(DUE - INSTANT) == []
    assert told(DUE) == [("due", walk.cast.specialist), ("due", walk.cast.unit_head)]


def test_after_it_was_due_the_head_is_told_as_well(walk: Walk) -> None:
    told(DUE)

    assert told(AFTER - INSTANT) == []
    assert set(told(AFTER)) == {
        ("overdue", person) for person in (walk.cast.specialist, walk.cast.unit_head, walk.cast.head)
    }


def test_each_is_told_once_however_often_the_sweep_runs(walk: Walk) -> None:
    stages = [told(at) for at in (BEFORE, DUE, AFTER)]

    again = [told(at) for at in (BEFORE, DUE, AFTER, AFTER + timedelta(days=3))]

    assert all(stages)
    assert again == [[], [], [], []]


def test_a_sweep_that_was_down_over_every_stage_forgets_none_and_repeats_none(walk: Walk) -> None:
    late = AFTER + timedelta(days=1)

    first, second = told(late), told(late)

    assert {stage for stage, _person in first} == {"before", "due", "overdue"}
    assert first[0] == ("before", walk.cast.specialist)
    assert len(set(first)) == len(first)
    assert second == []


def test_a_sweep_that_was_down_for_a_day_goes_on_where_it_stopped(walk: Walk) -> None:
    told(BEFORE)

    assert {stage for stage, _person in told(DUE + timedelta(hours=23))} == {"due"}
    assert {stage for stage, _person in told(AFTER)} == {"overdue"}


def test_a_step_that_nobody_holds_is_told_to_everybody_who_could_take_it_and_then_to_its_owner(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock)
    walk.register(kind=InquiryKind.FORWARDED_OPINION)
    Deadline.objects.update(created_at=walk.at)
    free = {person for _stage, person in told(BEFORE)}
    base.take(walk.task("triage").pk, by=cast.chief)
    Deadline.objects.update(reminded="")
    Reminder.objects.all().delete()

    assert free == {cast.chief, cast.head}
    assert told(BEFORE) == [("before", cast.chief)]


def test_where_nobody_is_left_to_act_the_next_rank_is_told(walk: Walk) -> None:
    walk.cast.specialist.is_active = False
    walk.cast.specialist.save()

    assert ("before", walk.cast.unit_head) in told(BEFORE)


def test_whoever_has_left_is_not_told(walk: Walk) -> None:
    Person.objects.filter(pk=walk.cast.unit_head.pk).update(is_active=False)

    assert walk.cast.unit_head not in {person for _stage, person in told(AFTER)}


# By rule


def test_how_long_before_and_after_is_configured_by_rule(walk: Walk) -> None:
    configure("forwarded_opinion", before=72, after=1)

    assert told(DUE - timedelta(hours=72) - INSTANT) == []
    assert told(DUE - timedelta(hours=72)) == [("before", walk.cast.specialist)]
    told(DUE)
    assert {stage for stage, _person in told(DUE + timedelta(hours=1))} == {"overdue"}


def test_a_rule_may_leave_out_the_reminders_before_and_after_but_not_the_one_at_it(walk: Walk) -> None:
    configure("forwarded_opinion")

    assert {stage for stage, _person in told(AFTER + timedelta(days=30))} == {"due"}


def test_a_moment_that_was_past_when_the_deadline_began_is_not_told(walk: Walk) -> None:
    configure("forwarded_opinion", before=24 * 40, after=24)

    assert {stage for stage, _person in told(DUE)} == {"due"}


def test_an_order_follows_no_rule_and_is_told_two_days_before(walk: Walk) -> None:
    Deadline.objects.all().delete()
    order(walk, before=date(2026, 7, 20))
    due = datetime.fromisoformat("2026-07-20T00:00:00+07:00")

    assert told(due - timedelta(hours=48) - INSTANT) == []
    assert told(due - timedelta(hours=48)) == [("before", walk.cast.specialist)]
    assert {stage for stage, _person in told(due + timedelta(hours=24))} == {"due", "overdue"}


def order(walk: Walk, before: date) -> Deadline:
    return deadlines.record_order(
        inquiry=walk.inquiry, number="77/UBND", on=walk.at.date(), issuer="UBND tỉnh", task="Báo cáo", before=before,
        by=walk.cast.contact, at=walk.at,
    )  # fmt: skip


def test_a_duty_without_a_limit_reminds_nobody(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    Walk(cast, set_clock).to("draft")
    configure("press_request", before=48, after=24)

    assert Deadline.objects.get().due is None
    assert told(AFTER + timedelta(days=300)) == []


# Moved, paused, ended


def test_a_moved_deadline_is_told_anew(walk: Walk) -> None:
    told(BEFORE)
    deadlines.extend(
        deadline=Deadline.objects.get(), until=date(2026, 8, 20), basis="Điều 5", reason="X",
        by=walk.cast.contact, at=BEFORE + timedelta(hours=1),
    )  # fmt: skip
    due = datetime.fromisoformat("2026-08-21T00:00:00+07:00")

    assert told(AFTER) == []
    assert told(due - timedelta(hours=48)) == [("before", walk.cast.specialist)]
    assert ("due", walk.cast.specialist) in told(due)


def local_limit(walk: Walk) -> Deadline:
    """A limit of eight hours on the drafting, of the agency's own, started now."""
    key = local_rule(walk.cast.agency, "step.draft", 8, LimitUnit.HOURS, stops=True).key
    started = deadlines.start_local(walk.inquiry, key=key, started_at=walk.at, by=None, at=walk.at)
    assert started is not None
    return started


def test_a_paused_deadline_is_silent_until_its_clock_runs_again(walk: Walk) -> None:
    limit, began = local_limit(walk), walk.at
    for hour in (1, 3):
        deadlines.pause(inquiry=walk.inquiry, reason="Chờ.", at=began + timedelta(hours=hour))
        silent = told(began + timedelta(hours=20))
        deadlines.resume(inquiry=walk.inquiry, at=began + timedelta(hours=hour + 1))
        assert silent == []

    limit.refresh_from_db()
    assert limit.due == began + timedelta(hours=10)
    assert told(began + timedelta(hours=9) - INSTANT) == []
    assert told(began + timedelta(hours=9)) == [("before", walk.cast.specialist)]


def test_beside_a_paused_deadline_the_others_are_still_told(walk: Walk) -> None:
    local_limit(walk)
    deadlines.pause(inquiry=walk.inquiry, reason="Chờ.", at=walk.at)

    assert told(BEFORE) == [("before", walk.cast.specialist)]
    assert Reminder.objects.get().deadline.source == "law"


def test_an_ended_deadline_is_silent(walk: Walk) -> None:
    told(BEFORE)
    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    assert not Deadline.objects.get().is_open
    assert told(AFTER) == []


# What is sent


def test_everybody_told_gets_one_mail_under_a_key_of_its_own_if_there_is_an_address(walk: Walk) -> None:
    OutgoingMail.objects.all().delete()

    told(AFTER)
    told(AFTER)

    mails = OutgoingMail.objects.filter(key__startswith="deadline:").values_list("recipient", flat=True)
    with_address = [row.person.email for row in Reminder.objects.all() if row.person.email]
    assert sorted(mails) == sorted(with_address)
    assert walk.cast.head in {row.person for row in Reminder.objects.all()}
    assert walk.cast.head.email == ""


def test_the_mail_says_that_a_machine_wrote_it(walk: Walk, mailoutbox: list[EmailMessage]) -> None:
    told(BEFORE)
    queued = OutgoingMail.objects.get(key__startswith="deadline:")

    assert mail.send(queued.pk, at=BEFORE)

    assert mailoutbox[-1].extra_headers["Auto-Submitted"] == "auto-generated"
    assert mailoutbox[-1].to == [walk.cast.specialist.email]


def test_the_mail_names_the_reference_the_rule_and_the_last_day_and_never_the_subject(walk: Walk) -> None:
    told(BEFORE)

    queued = OutgoingMail.objects.get(key__startswith="deadline:")
    whole = f"{queued.subject}\n{queued.body}"
    assert walk.inquiry.reference in queued.subject
    assert "24 giờ 00 phút thứ Hai 03/08/2026" in queued.body
    assert "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP" in queued.body
    assert walk.inquiry.subject == "Kết quả kỳ thi"
    for secret in ("Kết quả kỳ thi", "Phóng viên A", *walk.questions, str(walk.inquiry.case.title)):
        assert secret not in whole


@pytest.mark.parametrize(("at", "says"), [(DUE - INSTANT, False), (AFTER, True)])
def test_only_a_mail_after_the_deadline_says_that_it_is_overdue(walk: Walk, at: datetime, says: bool) -> None:
    told(at)

    last = OutgoingMail.objects.filter(key__startswith="deadline:").latest("pk")
    assert ("Đã quá hạn" in last.body) is says


def test_each_reminder_is_an_entry_that_names_the_person_and_the_stage(walk: Walk) -> None:
    told(BEFORE)

    entry = TrailEntry.objects.get(type=events.DEADLINE_REMINDED.code)
    assert (entry.data["stage"], entry.data["person"]) == ("before", walk.cast.specialist.pk)
    assert entry.data["mail"] == OutgoingMail.objects.get(key__startswith="deadline:").pk
    assert entry.data["due"] == "2026-08-03T17:00:00.000000Z"
