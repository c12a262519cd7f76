"""The five lines go out: to whom, by which means, with which paper; what the directory does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from core.enums import (
    AgencyKind,
    CrisisLevel,
    DispatchMeans,
    DutyKind,
    PaperKind,
    RecipientPart,
    ReportKind,
    Role,
)
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import Agency, AgencyContact, DirectoryEntry, OutgoingMail, Person, Succession
from core.rules.organisation import EndedAgency
from tests import factories
from tests.walk import START, Cast, give
from tests.workflows.crisis.reports_walk import COMMITTEE, LINES, MINISTRY, POLICE, ReportWalk, make_walk
from workflows.crisis.actions import dispatches, mails, reports
from workflows.crisis.models import Dispatch, LevelChange, Report
from workflows.crisis.queries import carriers
from workflows.crisis.queries import reports as queries
from workflows.locks import held_crisis

pytestmark = pytest.mark.django_db
ALL = (COMMITTEE, MINISTRY, POLICE)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> ReportWalk:
    return make_walk(cast, set_clock, ALL)


def test_first_report_reaches_everybody_by_task_mail_and_phone_with_the_paper_of_their_level(
    walk: ReportWalk,
) -> None:
    walk.on_duty(walk.cast.specialist)

    report = walk.send()

    found = {row.part: (row.means, row.paper, row.minutes) for row in report.dispatches.all()}
    assert found == {
        COMMITTEE: (DispatchMeans.TASK, PaperKind.REPORT, 30),
        MINISTRY: (DispatchMeans.MAIL, PaperKind.REPORT, 60),
        POLICE: (DispatchMeans.PHONE, PaperKind.COORDINATION, 20),
    }
    assert walk.nodes() == ["acknowledge", "carry_out", "stand_down"]
    assert walk.mails(walk.dispatch(walk.ministry)) == [("0:report", "truc@bo-x.example")]
    call = walk.tasks("carry_out")[0]
    assert (call.seed.origin, call.assignment.duty) == ("phone", DutyKind.OFFICER)
    assert "0000 000 113" in call.seed.what
    assert walk.climbed(walk.dispatch(walk.police)) == ["phone"]
    assert {entry.data["recipient"] for entry in walk.entries("crisis_report.sent")} == {
        row.recipient_id for row in report.dispatches.all()
    }


def test_text_of_a_report_is_in_the_mail_and_never_in_the_trail(walk: ReportWalk) -> None:
    walk.send()

    body = OutgoingMail.objects.get(recipient="truc@bo-x.example").body
    assert all(text in body for text in vars(LINES).values())
    assert "/xac-nhan/" in body
    assert not any(LINES.where in str(entry.body) for entry in walk.entries("crisis_report.prepared"))


def test_whoever_has_an_account_is_led_to_the_own_page_and_gets_no_link_that_works_without_it(
    walk: ReportWalk,
) -> None:
    Person.objects.filter(pk=walk.receiver.pk).update(email="nhan@ubnd.example")

    walk.send()

    body = OutgoingMail.objects.get(recipient="nhan@ubnd.example").body
    assert reverse("crisis_received") in body
    assert "/xac-nhan/" not in body


def test_a_part_from_a_higher_level_gets_the_report_when_the_level_goes_up(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, (COMMITTEE, MINISTRY), levels={MINISTRY: CrisisLevel.SPREADING})
    walk.send()
    assert [row.part for row in Dispatch.objects.all()] == [COMMITTEE]
    change = LevelChange(
        crisis=walk.crisis, old=1, new=2, reason="Lan rộng.", changed_by=cast.head, changed_at=walk.at
    )
    change.save()

    with held_crisis(walk.crisis) as held:
        held.crisis.level = CrisisLevel.SPREADING
        held.crisis.save()
        told = reports.notify_level(process=held.process, change=change, by=cast.head, at=held.at)

    assert told is not None
    assert (told.kind, told.level, told.number, told.where) == (ReportKind.LEVEL, 2, 2, LINES.where)
    assert [row.part for row in told.dispatches.all()] == [COMMITTEE, MINISTRY]
    assert "Lan rộng." in told.what
    assert queries.latest_report(walk.crisis) == told.crisis.reports.get(number=1)


def test_a_level_that_changes_before_the_first_report_has_nothing_to_tell(walk: ReportWalk) -> None:
    change = LevelChange(crisis=walk.crisis, old=1, new=2, reason="x")
    with held_crisis(walk.crisis) as held:
        told = reports.notify_level(process=held.process, change=change, by=walk.cast.head, at=held.at)

    assert told is None


@pytest.mark.parametrize(("day", "name"), [(date(2025, 2, 28), "Bộ A"), (date(2025, 3, 1), "Bộ B")])
def test_the_press_ministry_is_the_one_of_the_day(walk: ReportWalk, day: date, name: str) -> None:
    DirectoryEntry.objects.filter(part=MINISTRY).delete()
    turn = date(2025, 3, 1)
    for named, since, until in (("Bộ A", None, turn), ("Bộ B", turn, None)):
        agency = factories.make_agency(
            code=named, name=named, kind=AgencyKind.MINISTRY, valid_from=date(2000, 1, 1)
        )
        DirectoryEntry.objects.create(part=MINISTRY, recipient=agency, valid_from=since, valid_until=until)

    at = datetime(day.year, day.month, day.day, 9, tzinfo=START.tzinfo)
    found = {target.part: target.agency for target in queries.targets(walk.crisis, at=at)}

    ministry = found[MINISTRY]
    assert ministry is not None
    assert ministry.name == name


def test_an_unknown_part_holds_the_report_up_until_it_is_left_out_and_that_is_recorded(
    walk: ReportWalk,
) -> None:
    DirectoryEntry.objects.filter(part=POLICE).delete()

    with pytest.raises(Invalid) as refusal:
        walk.send()
    assert list(refusal.value.fields) == ["left_out"]
    assert Report.objects.count() == 0

    report = walk.send(left_out=[POLICE])

    assert [row.part for row in report.dispatches.all()] == [COMMITTEE, MINISTRY]
    assert walk.entries("crisis_report.prepared")[0].data["left_out"] == ["police"]


def test_a_dissolved_recipient_is_refused_and_its_heirs_are_named(walk: ReportWalk) -> None:
    heir = factories.make_agency(code="HEIR", name="Bộ kế thừa (giả định)", kind=AgencyKind.MINISTRY)
    walk.ministry.valid_until = walk.at.date()
    walk.ministry.save()
    Succession.objects.create(predecessor=walk.ministry, successor=heir, field="báo chí", on=walk.at.date())

    with pytest.raises(EndedAgency) as refusal:
        walk.send()

    assert heir.name in str(refusal.value)
    assert Report.objects.count() == 0


def test_five_lines_are_all_needed(walk: ReportWalk) -> None:
    with pytest.raises(Invalid) as refusal:
        walk.send(lines=reports.FiveLines(what="x", where=" ", when="x", said="x", needed="\u200b"))

    assert list(refusal.value.fields) == ["where", "needed"]


def test_a_late_report_says_why(walk: ReportWalk) -> None:
    walk.pass_time(minutes=31)
    with pytest.raises(Invalid):
        walk.send()

    report = walk.send(late_reason="Chờ xác minh.")

    step = walk.crisis.steps.get(code="report")
    assert (step.late_reason, step.note) == ("Chờ xác minh.", str(report))


def test_only_who_may_report_sends_a_report(walk: ReportWalk) -> None:
    with held_crisis(walk.crisis) as held, pytest.raises(Refused):
        reports.send(
            process=held.process, kind=ReportKind.UPDATE, lines=LINES, by=walk.cast.clerk, at=held.at
        )


def test_nothing_is_reported_of_a_crisis_that_does_not_run(walk: ReportWalk) -> None:
    walk.crisis.activated_at = None
    with pytest.raises(NotAllowedNow):
        reports.check_can_be_reported(walk.crisis)


def test_one_agency_that_plays_two_parts_gets_one_report_within_the_shorter_time(walk: ReportWalk) -> None:
    DirectoryEntry.objects.filter(part=POLICE).update(recipient=walk.ministry)

    report = walk.send()

    assert [(row.part, row.minutes) for row in report.dispatches.all()] == [(COMMITTEE, 30), (MINISTRY, 20)]


def test_only_our_head_goes_over_a_recipients_head(walk: ReportWalk) -> None:
    walk.send()
    above = factories.make_agency(code="BO-Y", kind=AgencyKind.MINISTRY)
    dispatch = walk.dispatch(walk.police)

    def go(by: Person, reason: str = "Không ai nghe máy.") -> Dispatch:
        with dispatches.held(dispatch) as held:
            return reports.over_head(
                process=held.process,
                dispatch=held.dispatch,
                recipient=above,
                reason=reason,
                by=by,
                at=held.at,
            )

    for person in (walk.cast.deputy, walk.cast.chief):
        with pytest.raises(Refused):
            go(person)
    with pytest.raises(Invalid):
        go(walk.cast.head, reason=" ")
    sent = go(walk.cast.head)

    assert (sent.over_head_of, sent.recipient, sent.part) == (dispatch, above, RecipientPart.FIELD_MINISTRY)
    assert walk.entries("crisis_report.over_head")[0].reason == "Không ai nghe máy."
    with pytest.raises(Invalid):
        go(walk.cast.head)


def test_whoever_is_reported_to_over_a_head_gets_the_numbered_paper_too(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, [POLICE])
    report = walk.send()
    assert [paper.kind for paper in report.papers.all()] == [PaperKind.COORDINATION]
    above = factories.make_agency(code="BO-Y", kind=AgencyKind.MINISTRY)

    with dispatches.held(walk.dispatch(walk.police)) as held:
        reports.over_head(
            process=held.process, dispatch=held.dispatch, recipient=above, reason="Không ai nghe máy.",
            by=cast.head, at=held.at,
        )  # fmt: skip

    assert {paper.kind for paper in report.papers.all()} == {PaperKind.COORDINATION, PaperKind.REPORT}


def test_an_address_that_cannot_be_written_to_holds_up_nobody_and_the_next_contact_is_tried_at_once(
    walk: ReportWalk,
) -> None:
    AgencyContact.objects.filter(email="truc@bo-x.example").update(email="truc tai bo-x")

    walk.send()
    walk.advance()

    dispatch = walk.dispatch(walk.ministry)
    assert walk.climbed(dispatch) == ["resend", "next_contact"]
    assert walk.mails(dispatch) == [("2:report", "vp@bo-x.example")]


def test_mails_of_a_drill_are_marked_and_whoever_began_it_stands_in_for_every_body_outside(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, ALL, is_drill=True)
    committee = walk.receiver.role_assignments.get().agency
    for name in ("mot", "hai"):
        there = factories.make_person(username=name, email=f"{name}@ubnd.example")
        give(there, Role.MINISTRY_PRESS_OFFICER, agency=committee)

    walk.send()
    walk.advance(minutes=400)

    sent = OutgoingMail.objects.all()
    to_bodies = sent.filter(key__endswith=":report")
    carried = [carriers.carrier_of(mail) for mail in to_bodies]
    told = Counter(each.dispatch_id for each in carried if each is not None)
    assert {mail.recipient for mail in sent} == {cast.contact.email, cast.chief.email}
    assert {mail.recipient for mail in to_bodies} == {cast.contact.email}
    assert told == {walk.dispatch(committee).pk: 2, walk.dispatch(walk.ministry).pk: 3}
    assert all(mail.subject.startswith(f"[{mails.DRILL}] ") for mail in sent)
    assert all(mail.body.startswith(mails.DRILL) for mail in sent)
    played = walk.tasks("acknowledge")[0]
    assert played.assignment.agency == cast.agency
    calls = walk.crisis.steps.filter(origin="phone")
    assert calls.exists()
    assert not calls.filter(what__contains="0000 000 113").exists()


def test_a_mail_to_a_player_of_the_drill_goes_to_that_player_alone(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, (COMMITTEE,), is_drill=True)
    address = cast.chief.email.upper()

    sent = mails.queue(walk.crisis, key="crisis-x:note", to=address, subject="S" * 300, body="B", at=walk.at)

    assert sent is not None
    assert sent.recipient == address
    assert (len(sent.subject), sent.subject[-2:]) == (300, "S…")


def test_where_whoever_began_a_drill_has_no_usable_address_the_first_player_who_has_one_stands_in(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, (MINISTRY,), is_drill=True)
    Person.objects.filter(pk=cast.contact.pk).update(email="dau moi")

    walk.send()

    assert [address for _key, address in walk.mails(walk.dispatch(walk.ministry))] == [cast.chief.email]


def test_where_no_player_of_a_drill_has_an_address_no_rung_says_that_anything_was_sent(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, (MINISTRY,), is_drill=True)
    walk.crisis.players.update(email="")

    walk.send()
    walk.advance()

    dispatch = walk.dispatch(walk.ministry)
    assert walk.mails(dispatch) == []
    climbed = dispatch.rungs.filter(climbed_at__isnull=False, kind__in=("resend", "next_contact"))
    assert [("Không còn đầu mối nào" in rung.to, rung.contact) for rung in climbed] == [(True, None)] * 2


def test_nothing_of_the_directory_stands_in_for_a_dissolved_body_our_head_chose_over_anothers_head(
    walk: ReportWalk,
) -> None:
    walk.send()
    heads, other = walk.dispatch(walk.ministry), walk.dispatch(walk.police)
    now = factories.make_agency(code="BO-Z", kind=AgencyKind.MINISTRY)
    DirectoryEntry.objects.filter(recipient=walk.ministry).update(recipient=now)
    Agency.objects.filter(pk=walk.ministry.pk).update(valid_until=walk.at.date())
    assert queries.stand_in_for(walk.dispatch(walk.ministry), at=walk.at) == [now]

    Dispatch.objects.filter(pk=heads.pk).update(over_head_of=other)

    assert queries.stand_in_for(walk.dispatch(walk.ministry), at=walk.at) == []
    Succession.objects.create(predecessor=walk.ministry, successor=now, field="*", on=walk.at.date())
    assert queries.stand_in_for(walk.dispatch(walk.ministry), at=walk.at) == [now]


def test_a_real_mail_is_not_marked(walk: ReportWalk) -> None:
    sent = mails.queue(walk.crisis, key="crisis-x:note", to="a@b.example", subject="S", body="B", at=walk.at)

    assert sent is not None
    assert (sent.subject, sent.body, sent.queued_at) == ("S", "B", walk.at)
    assert walk.at - START < timedelta(days=1)
