"""An unacknowledged report keeps our own people at it, rung by rung, until somebody there confirms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction

from core.actions import mail
from core.enums import MailStatus, Role
from core.models import Agency, AgencyContact, OutgoingMail, Person, RoleAssignment, Succession
from core.queries.trail import story
from tests import factories
from tests.walk import START, Cast, give
from tests.workflows.crisis.reports_walk import COMMITTEE, LINES, MINISTRY, POLICE, ReportWalk, make_walk
from workflows.crisis.actions import closing, reports
from workflows.crisis.models import CrisisSetting, Direction, Rung
from workflows.tasks import advance_crises

pytestmark = pytest.mark.django_db
WHOLE = ["resend", "next_contact", "phone", "chief_of_office", "deputy_head", "head"]


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> ReportWalk:
    """A report to the ministry, by mail, to be acknowledged within an hour; two contacts there."""
    walk = make_walk(cast, set_clock, [MINISTRY])
    walk.send()
    return walk


def test_each_rung_is_climbed_at_its_time_to_its_people_and_once(walk: ReportWalk) -> None:
    dispatch, cast = walk.dispatch(walk.ministry), walk.cast

    assert [walk.advance(minutes=each) for each in (59, 1, 0, 15, 15, 15, 15, 15)] == [0, 1, 0, 1, 1, 1, 1, 1]

    rungs = list(dispatch.rungs.filter(climbed_at__isnull=False))
    assert [rung.kind for rung in rungs] == WHOLE
    assert [rung.climbed_at for rung in rungs] == [rung.due_at for rung in rungs]
    assert [address for _key, address in walk.mails(dispatch)] == [
        "truc@bo-x.example", "truc@bo-x.example", "vp@bo-x.example", cast.chief.email, cast.chief.email,
        cast.deputy.email,
    ]  # fmt: skip
    assert rungs[-1].to.endswith(cast.head.full_name)
    told = [entry.data["kind"] for entry in walk.entries("crisis_report.rung_climbed")]
    assert told == WHOLE
    again = dispatch.rungs.get(climbed_at__isnull=True)
    assert (again.kind, again.due_at) == ("head", rungs[-1].due_at + timedelta(minutes=60))


def test_what_the_ladder_tells_our_own_people_says_that_a_machine_wrote_it(
    walk: ReportWalk, mailoutbox: list[EmailMessage]
) -> None:
    walk.advance(minutes=90)
    told = OutgoingMail.objects.get(key__endswith=":unacknowledged")

    mail.send(told.pk, at=walk.at)

    assert mailoutbox[-1].extra_headers["Auto-Submitted"] == "auto-generated"


def test_no_night_and_no_holiday_delays_a_rung(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    walk = ReportWalk(cast, set_clock, at=START.replace(month=9, day=2, hour=1))
    walk.run(MINISTRY)
    walk.send()

    assert walk.advance(minutes=60) == 1


def test_a_worker_that_was_down_catches_up_in_order_and_tells_the_head_once(walk: ReportWalk) -> None:
    dispatch = walk.dispatch(walk.ministry)

    count = walk.advance(hours=30)

    assert count == len(WHOLE)
    assert walk.climbed(dispatch) == WHOLE
    waiting = dispatch.rungs.get(climbed_at__isnull=True)
    assert walk.at < waiting.due_at <= walk.at + timedelta(minutes=60)
    assert walk.advance() == 0


@pytest.mark.parametrize("survived", range(6))
def test_a_worker_killed_at_a_rung_leaves_nothing_half_done_and_repeats_nothing(
    walk: ReportWalk, survived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflows.crisis.actions import climbing, ladder

    dispatch, climb, done = walk.dispatch(walk.ministry), climbing.climb, list[int]()

    def killed(rung: Rung, **given: object) -> None:
        climb(rung, **given)  # type: ignore[arg-type]
        done.append(rung.pk)
        if len(done) > survived:
            raise KeyboardInterrupt

    walk.pass_time(hours=4)
    with monkeypatch.context() as patch:
        patch.setattr(climbing, "climb", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            ladder.advance(walk.crisis.pk, at=walk.at)
    assert walk.climbed(dispatch) == []
    assert len(walk.mails(dispatch)) == 1

    ladder.advance(walk.crisis.pk, at=walk.at)

    assert walk.climbed(dispatch) == WHOLE
    assert len(walk.entries("crisis_report.rung_climbed")) == len(WHOLE)
    assert len({key for key, _address in walk.mails(dispatch)}) == 6
    assert walk.crisis.steps.filter(origin="phone").count() == 1


def test_the_next_contact_is_tried_when_the_first_is_deactivated(walk: ReportWalk) -> None:
    AgencyContact.objects.filter(email="truc@bo-x.example").update(is_active=False)

    walk.advance(minutes=60)

    assert walk.mails(walk.dispatch(walk.ministry))[-1] == ("1:report", "vp@bo-x.example")


def test_a_mail_that_failed_for_good_brings_the_next_rung_at_once_and_once(walk: ReportWalk) -> None:
    dispatch = walk.dispatch(walk.ministry)
    OutgoingMail.objects.filter(key=f"crisis-{dispatch.pk}-0:report").update(status=MailStatus.FAILED)

    assert [walk.advance(minutes=1) for _time in range(2)] == [1, 0]
    assert walk.mails(dispatch)[-1] == ("1:report", "vp@bo-x.example")
    OutgoingMail.objects.filter(key=f"crisis-{dispatch.pk}-1:report").update(status=MailStatus.FAILED)

    assert [walk.advance(minutes=1) for _time in range(2)] == [2, 0]
    assert walk.climbed(dispatch) == ["resend", "next_contact", "phone"]


def test_with_no_contact_left_our_own_rungs_come_at_once_and_say_so(walk: ReportWalk) -> None:
    AgencyContact.objects.filter(agency=walk.ministry).update(is_active=False)
    dispatch = walk.dispatch(walk.ministry)

    walk.advance(minutes=60)

    assert walk.climbed(dispatch) == ["resend", "next_contact", "phone"]
    assert [rung.due_at for rung in dispatch.rungs.all()[:3]] == [walk.at] * 3
    assert walk.ministry.name in dispatch.rungs.all()[0].to
    assert len(walk.tasks("carry_out")) == 1


def test_the_only_person_who_may_acknowledge_deactivated_leads_to_the_contacts_or_our_own(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, [COMMITTEE])
    walk.send()
    assert cast.agency.parent is not None
    dispatch = walk.dispatch(cast.agency.parent)
    Person.objects.filter(pk=walk.receiver.pk).update(is_active=False)

    walk.advance(minutes=30)

    assert walk.climbed(dispatch) == ["resend", "phone"]


def test_a_duty_number_without_mail_is_phoned_by_our_people(walk: ReportWalk) -> None:
    AgencyContact.objects.filter(email="vp@bo-x.example").update(email="", phone="0000 000 911", is_duty=True)

    walk.advance(minutes=75)

    rung = walk.dispatch(walk.ministry).rungs.get(kind="next_contact")
    assert rung.contact is not None
    assert rung.contact.phone == "0000 000 911"
    assert rung.step is not None
    assert rung.step.part == "chief_of_office"
    walk.advance(minutes=15)
    assert walk.crisis.steps.filter(origin="phone").count() == 1


def test_however_many_numbers_a_body_has_and_however_long_the_lines_are_it_is_phoned(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, [POLICE])
    for rank in range(2, 22):
        walk.contact(walk.police, rank, name="N" * 120, post="P" * 160, phone="0" * 40)

    walk.send(lines=reports.FiveLines(**dict.fromkeys(vars(LINES), "D" * reports.LINE_LIMIT)))

    call = walk.crisis.steps.get(origin="phone")
    assert "0000 000 113" in call.what
    assert call.what.count("D" * 490) == 5


@pytest.mark.parametrize("has_heir", [True, False])
def test_a_body_dissolved_after_the_sending_is_written_to_no_more_and_our_own_go_on_at_once(
    walk: ReportWalk, has_heir: bool
) -> None:
    dispatch, heir = walk.dispatch(walk.ministry), factories.make_agency(name="Bộ mới (giả định)")
    walk.contact(heir, 1, phone="0000 000 222", email="truc@bo-moi.example")
    Agency.objects.filter(pk=walk.ministry.pk).update(valid_until=walk.at.date())
    if has_heir:
        Succession.objects.create(predecessor=walk.ministry, successor=heir, field="*", on=walk.at.date())

    assert walk.advance(minutes=60) == 3

    assert walk.mails(dispatch)[1:] == [
        ("3-" + str(walk.cast.chief.pk) + ":unacknowledged", walk.cast.chief.email)
    ]
    rungs = list(dispatch.rungs.filter(climbed_at__isnull=False))
    assert [rung.kind for rung in rungs] == ["resend", "next_contact", "phone"]
    assert all("không còn tồn tại" in rung.to for rung in rungs[:2])
    assert [heir.name in rung.to for rung in rungs] == [has_heir, has_heir, False]
    call = walk.crisis.steps.get(origin="phone").what
    assert ("không còn tồn tại" in call, "0000 000 222" in call) == (True, has_heir)
    assert [row.data["reached"] for row in walk.entries("crisis_report.rung_climbed")] == [False, False, True]
    assert walk.advance(hours=2) == 3


def test_the_trail_names_whom_a_rung_reached_by_key_and_the_row_in_words(walk: ReportWalk) -> None:
    AgencyContact.objects.filter(email="vp@bo-x.example").update(email="", phone="0000 000 911")
    walk.advance(hours=2)

    rungs = list(walk.dispatch(walk.ministry).rungs.filter(climbed_at__isnull=False))
    entries = walk.entries("crisis_report.rung_climbed")
    assert "truc@bo-x.example" in rungs[0].to
    assert "0000 000 911" in rungs[1].to
    assert [entry.data["contact"] for entry in entries] == [rung.contact_id for rung in rungs]
    assert entries[2].data["told"] == entries[3].data["told"] == [walk.cast.chief.pk]
    assert entries[1].data["step"] == rungs[1].step_id
    told = b"".join(bytes(entry.body) for entry in entries).decode()
    for words in (
        "bo-x.example",
        "0000 000 911",
        "Trực ban Bộ",
        walk.cast.chief.full_name,
        walk.cast.head.full_name,
    ):
        assert words not in told
    assert "Sent again" in story(walk.crisis.case)[entries[0].seq - 1].what


@pytest.mark.parametrize(
    ("role", "kind"), [(Role.CHIEF_OF_OFFICE, "chief_of_office"), (Role.DEPUTY_HEAD, "deputy_head")]
)
def test_a_part_nobody_holds_brings_the_next_rung_at_once(walk: ReportWalk, role: Role, kind: str) -> None:
    RoleAssignment.objects.filter(agency=walk.cast.agency, group__name=role).delete()
    dispatch = walk.dispatch(walk.ministry)
    before = dispatch.rungs.get(kind=kind)

    walk.advance(minutes=(before.due_at - walk.at).total_seconds() / 60)

    after = dispatch.rungs.get(number=before.number + 1)
    assert after.climbed_at == walk.at


def test_an_acknowledgement_ends_the_ladder(walk: ReportWalk) -> None:
    walk.advance(minutes=90)
    walk.confirm(walk.dispatch(walk.ministry))

    assert walk.advance(hours=10) == 0
    assert walk.tasks("carry_out") == []
    call = walk.crisis.steps.get(origin="phone")
    assert (call.settled_at, call.is_dropped) == (walk.at - timedelta(hours=10), False)


def test_a_stand_down_leaves_the_call_about_a_report_nobody_confirmed_to_be_made(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, [POLICE])
    walk.send()

    walk.execute(
        walk.tasks("stand_down")[0],
        lambda step: closing.stand_down(process=step.process, reason="Đã lắng.", by=step.by, at=step.at),
        by=cast.head,
    )

    assert walk.nodes() == ["carry_out", "review"]
    call = walk.crisis.steps.get(origin="phone")
    assert (call.settled_at, call.is_dropped) == (None, False)
    walk.confirm(walk.dispatch(walk.police))
    assert walk.nodes() == ["review"]


def test_minutes_between_rungs_are_the_agencys_own(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    CrisisSetting.objects.create(agency=cast.agency, rung_minutes=5, repeat_minutes=30)
    walk = make_walk(cast, set_clock, [MINISTRY])
    walk.send()

    assert walk.advance(minutes=85) == len(WHOLE)
    assert walk.advance(minutes=30) == 1


def test_a_mail_the_server_accepted_makes_the_report_delivered_once(walk: ReportWalk) -> None:
    dispatch = walk.dispatch(walk.ministry)
    sent = OutgoingMail.objects.get(key=f"crisis-{dispatch.pk}-0:report")
    assert sent.status == MailStatus.PENDING
    walk.pass_time(minutes=1)
    mail.send(sent.pk, at=walk.at)

    assert walk.advance(minutes=1) == 1
    assert walk.advance(minutes=1) == 0

    dispatch.refresh_from_db()
    assert dispatch.delivered_at == walk.at - timedelta(minutes=2)
    assert [entry.data["how"] for entry in walk.entries("crisis_report.delivered")] == ["mail"]


def test_the_schedule_advances_every_crisis_and_the_clock_says_until_when(walk: ReportWalk) -> None:
    walk.pass_time(minutes=60)

    assert advance_crises() == 1
    assert advance_crises() == 0


def test_a_phone_recipient_is_phoned_at_once_and_our_own_follow(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, [POLICE])
    give(cast.specialist, Role.CHIEF_OF_OFFICE, agency=cast.agency)
    walk.send()
    dispatch = walk.dispatch(walk.police)
    assert walk.climbed(dispatch) == ["phone"]

    walk.advance(minutes=20)

    assert walk.climbed(dispatch) == ["phone", "chief_of_office"]
    assert cast.specialist.full_name in dispatch.rungs.all()[1].to


def test_the_database_refuses_to_change_what_was_reported_confirmed_or_climbed(walk: ReportWalk) -> None:
    walk.advance(minutes=60)
    dispatch = walk.dispatch(walk.ministry)
    kept = walk.confirm(dispatch, direction="Báo cáo lại trước 10 giờ.")
    direction = Direction.objects.get(dispatch=dispatch)
    climbed = dispatch.rungs.all()[0]

    for row, change in (
        (dispatch.report, {"what": "x"}),
        (kept, {"name": "x"}),
        (direction, {"text": "x"}),
        (climbed, {"climbed_at": None}),
    ):
        rows = type(row)._default_manager.filter(pk=row.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
