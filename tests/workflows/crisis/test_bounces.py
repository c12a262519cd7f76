"""What comes back by mail of a report: a notice takes the delivery back, an answer is kept; neither is an inquiry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core import files
from core.actions import mail, purging, trail
from core.enums import CrisisState, MailStatus
from core.models import AgencyContact, Crisis, Inquiry, OutgoingMail, TrailEntry
from core.queries.trail import story
from tests.core.rules.test_bounces import notice
from tests.walk import Cast
from tests.workflows.crisis.papers_walk import PapersWalk
from tests.workflows.crisis.reports_walk import MINISTRY, ReportWalk, make_walk
from workflows import intake
from workflows.crisis.actions import ladder
from workflows.crisis.actions import paper_mails as sending
from workflows.crisis.models import Dispatch, DispatchReply, ReportPaper

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> ReportWalk:
    """The report was sent by mail and accepted."""
    walk = make_walk(cast, set_clock, [MINISTRY])
    walk.send()
    walk.pass_time(minutes=1)
    mail.send(sent(walk).pk, at=walk.at)
    walk.advance(minutes=1)
    return walk


def sent(walk: ReportWalk, rung: int = 0) -> OutgoingMail:
    return OutgoingMail.objects.get(key=f"crisis-{walk.dispatch(walk.ministry).pk}-{rung}:report")


def returned(walk: ReportWalk, rung: int = 0) -> bytes:
    return notice().replace(b"<abc@snv.example>", sent(walk, rung).message_id.encode())


def test_a_report_that_comes_back_is_delivered_no_more_and_its_next_rung_is_due_at_once(
    walk: ReportWalk,
) -> None:
    assert walk.dispatch(walk.ministry).delivered_at is not None
    walk.pass_time(minutes=1)

    opened = intake.receive_all(returned(walk), code=walk.cast.agency.code, at=walk.at)

    dispatch = walk.dispatch(walk.ministry)
    assert opened == []
    assert Inquiry.objects.count() == 0
    assert (dispatch.delivered_at, dispatch.bounced_at) == (None, walk.at)
    assert [entry.data["mail"] for entry in walk.entries("crisis_report.bounced")] == [sent(walk).pk]
    assert walk.advance() == 1
    assert walk.mails(dispatch)[-1] == ("1:report", "vp@bo-x.example")


def test_the_same_notice_again_changes_nothing(walk: ReportWalk) -> None:
    for _time in range(2):
        walk.pass_time(minutes=1)
        intake.receive_all(returned(walk), code=walk.cast.agency.code, at=walk.at)

    assert len(walk.entries("crisis_report.bounced")) == 1
    assert Inquiry.objects.count() == 0


def test_when_every_mail_came_back_our_own_rungs_follow_at_once(walk: ReportWalk) -> None:
    intake.receive_all(returned(walk), code=walk.cast.agency.code, at=walk.at)
    walk.advance()

    intake.receive_all(returned(walk, 1), code=walk.cast.agency.code, at=walk.at)
    walk.advance()

    assert walk.climbed(walk.dispatch(walk.ministry)) == ["resend", "next_contact", "phone"]


def test_a_mail_accepted_after_the_return_makes_it_delivered_again(walk: ReportWalk) -> None:
    intake.receive_all(returned(walk), code=walk.cast.agency.code, at=walk.at)
    walk.advance()
    walk.pass_time(minutes=1)
    mail.send(sent(walk, 1).pk, at=walk.at)

    walk.advance()

    assert walk.dispatch(walk.ministry).delivered_at == walk.at


def test_a_return_after_the_acknowledgement_hurries_nobody(walk: ReportWalk) -> None:
    walk.confirm(walk.dispatch(walk.ministry))

    intake.receive_all(returned(walk), code=walk.cast.agency.code, at=walk.at)

    assert walk.advance() == 0


def test_a_notice_about_another_mail_is_received_as_before(walk: ReportWalk) -> None:
    opened = intake.receive_all(notice(), code=walk.cast.agency.code, at=walk.at)

    assert len(opened) == 1


# Answers


def answer(to: OutgoingMail, *, message_id: str = "<tra-loi@bo-x.example>", headers: str = "") -> bytes:
    return (
        f"From: Trần Thị Trực <truc@bo-x.example>\nTo: bao.chi@snv.example\nMessage-ID: {message_id}\n"
        f"In-Reply-To: {to.message_id}\nSubject: Re: {to.subject}\n{headers}"
        "Content-Type: text/plain; charset=utf-8\n\nVăn phòng đã nhận, sẽ trình lãnh đạo.\n"
    ).encode()


def receive(walk: ReportWalk, raw: bytes) -> list[Inquiry]:
    return intake.receive_all(raw, code=walk.cast.agency.code, at=walk.at)


def told() -> list[str]:
    return sorted(OutgoingMail.objects.filter(key__endswith=":replied").values_list("recipient", flat=True))


def test_an_answer_to_a_report_is_kept_with_it_once_and_confirms_nothing(walk: ReportWalk) -> None:
    dispatch = walk.dispatch(walk.ministry)
    walk.pass_time(minutes=3)

    opened = [receive(walk, answer(sent(walk))) for _time in range(2)]

    assert opened == [[], []]
    assert Inquiry.objects.count() == 0
    reply = DispatchReply.objects.get()
    assert (reply.dispatch, reply.message_id, reply.sender, reply.received_at, reply.is_automatic) == (
        dispatch, "<tra-loi@bo-x.example>", "Trần Thị Trực <truc@bo-x.example>", walk.at, False,
    )  # fmt: skip
    (entry,) = walk.entries("crisis_report.replied")
    assert (entry.object_id, entry.occurred_at) == (dispatch.pk, walk.at)
    assert (entry.data["mail"], entry.data["reply"]) == (sent(walk).pk, reply.pk)
    assert entry.data["raw_sha256"] == trail.keyed_hash(reply, reply.sha256)
    body = bytes(entry.body).decode()
    assert not any(word in body for word in ("bo-x.example", "Trực", "trình lãnh đạo", reply.sha256))
    sentence = story(walk.crisis.case)[entry.seq - 1].what
    assert "kept a mail that answers report 1" in sentence
    assert sentence.endswith("its sender is not verified and it confirms nothing")
    assert walk.dispatch(walk.ministry).acknowledged_at is None
    assert walk.advance(minutes=60) == 1


def test_whoever_is_on_duty_and_whoever_sent_the_report_are_told_once_of_what_a_person_wrote(
    walk: ReportWalk,
) -> None:
    walk.on_duty(walk.cast.colleague)

    receive(walk, answer(sent(walk), headers="Auto-Submitted: auto-replied\n"))
    assert told() == []
    for _time in range(2):
        receive(walk, answer(sent(walk), message_id="<hai@bo-x.example>"))

    assert told() == sorted([walk.cast.colleague.email, walk.cast.chief.email])
    mail_to_them = OutgoingMail.objects.filter(key__endswith=":replied").first()
    assert mail_to_them is not None
    assert not any(word in mail_to_them.body for word in ("Trực", "bo-x.example", "trình lãnh đạo"))


def test_the_original_stays_when_the_same_bytes_are_purged_elsewhere(walk: ReportWalk) -> None:
    receive(walk, answer(sent(walk)))
    reply = DispatchReply.objects.get()

    with transaction.atomic():
        purging.purge_file(reply.sha256, at=walk.at)
    purging.carry_out(reply.sha256)

    assert files.read(reply.sha256) == answer(sent(walk))


def test_the_page_of_the_crisis_names_the_answer_its_own_page_shows_it_and_the_board_that_it_came(
    walk: ReportWalk,
) -> None:
    receive(walk, answer(sent(walk)))
    reply = DispatchReply.objects.get()
    client = Client()
    client.force_login(walk.cast.head)

    page = client.get(reverse("crisis", args=[walk.crisis.pk])).content.decode()
    board = client.get(reverse("crisis_board")).content.decode()
    own = client.get(reverse("crisis_reply", args=[reply.pk])).content.decode()
    original = client.get(reverse("crisis_reply_file", args=[reply.pk]))

    for shown in (page, board):
        assert "An answer came by mail; it confirms nothing by itself" in shown
        assert "sẽ trình lãnh đạo" not in shown
    assert "Trần Thị Trực &lt;truc@bo-x.example&gt;" in page
    assert reverse("crisis_reply", args=[reply.pk]) in page
    assert "sẽ trình lãnh đạo" in own
    assert "Its sender is not verified, and it confirms nothing." in own
    assert original.content == answer(sent(walk))
    assert original["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("role", "offered"), [("chief", True), ("auditor", False)])
def test_whoever_reports_is_led_from_the_answer_to_what_can_be_recorded_of_it(
    walk: ReportWalk, role: str, offered: bool
) -> None:
    receive(walk, answer(sent(walk)))
    reply = DispatchReply.objects.get()
    client = Client()
    client.force_login(getattr(walk.cast, role))

    page = client.get(reverse("crisis_reply", args=[reply.pk])).content.decode()

    for name in ("dispatch_phone", "dispatch_direction"):
        assert (reverse(name, args=[reply.dispatch_id]) in page) == offered


def test_whoever_may_not_read_the_crisis_reads_no_answer_to_its_reports(walk: ReportWalk) -> None:
    receive(walk, answer(sent(walk)))
    client = Client()
    client.force_login(walk.receiver)

    for name in ("crisis_reply", "crisis_reply_file"):
        pk = DispatchReply.objects.get().pk
        assert [client.get(reverse(name, args=[each])).status_code for each in (pk, pk + 1)] == [404, 404]


def test_the_pages_show_the_latest_twenty_answers_and_read_no_original(walk: ReportWalk) -> None:
    for number in range(22):
        receive(walk, answer(sent(walk), message_id=f"<{number}@bo-x.example>"))
    for sha256 in set(DispatchReply.objects.values_list("sha256", flat=True)):
        files.purge(sha256)
    client = Client()
    client.force_login(walk.cast.head)

    page = client.get(reverse("crisis", args=[walk.crisis.pk])).content.decode()

    assert page.count("Answer by mail of Trần Thị Trực") == 20
    assert "The latest answers are shown." in page
    own = client.get(reverse("crisis_reply", args=[DispatchReply.objects.latest("pk").pk])).content.decode()
    assert "The mail itself is no longer kept here." in own


def test_an_automatic_answer_says_so(walk: ReportWalk) -> None:
    receive(walk, answer(sent(walk), headers="Auto-Submitted: auto-replied\n"))

    assert DispatchReply.objects.get().is_automatic
    (entry,) = walk.entries("crisis_report.auto_replied")
    assert "kept an automatic mail" in story(walk.crisis.case)[entry.seq - 1].what
    assert walk.entries("crisis_report.replied") == []


def test_after_the_end_of_the_crisis_an_answer_is_received_as_any_other_mail(walk: ReportWalk) -> None:
    receive(walk, answer(sent(walk)))
    Crisis.objects.filter(pk=walk.crisis.pk).update(state=CrisisState.CLOSED, closed_at=walk.at)

    assert receive(walk, answer(sent(walk))) == []
    assert len(receive(walk, answer(sent(walk), message_id="<sau@bo-x.example>"))) == 1
    assert DispatchReply.objects.count() == 1


def test_an_answer_to_another_mail_is_received_as_before(walk: ReportWalk) -> None:
    other = OutgoingMail(message_id="<khac@bao.example>", subject="x")

    assert len(receive(walk, answer(other))) == 1
    assert walk.entries("crisis_report.replied") == []


# The paper that follows


@pytest.fixture
def papers(cast: Cast, set_clock: Callable[[datetime], None]) -> PapersWalk:
    """The paper went to the first of two contacts of the committee."""
    walk = PapersWalk(cast, set_clock)
    walk.begin()
    for rank, email in enumerate(("vp@ubnd.example", "truc@ubnd.example"), 1):
        AgencyContact.objects.create(agency=walk.committee, rank=rank, email=email)
    walk.report()
    walk.open_due()
    walk.run_jobs()
    walk.sign()
    walk.stamp()
    return walk


def paper_mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(key__endswith=":paper").order_by("pk"))


def test_a_paper_that_comes_back_goes_to_the_next_contact_and_is_no_inquiry(papers: PapersWalk) -> None:
    confirmed = papers.pass_time(minutes=1)
    Dispatch.objects.update(acknowledged_at=confirmed, delivered_at=confirmed)
    for place in (0, 0, 1):
        papers.pass_time(minutes=1)
        raw = notice().replace(b"<abc@snv.example>", paper_mails()[place].message_id.encode())
        assert intake.receive_all(raw, code=papers.cast.agency.code, at=papers.at) == []

    assert Inquiry.objects.count() == 0
    assert [mail.recipient for mail in paper_mails()] == ["vp@ubnd.example", "truc@ubnd.example"]
    assert all(mail.bounced_at is not None for mail in paper_mails())
    rows = TrailEntry.objects.filter(type="crisis_report.paper_bounced").order_by("seq")
    assert [entry.data["sent_again"] for entry in rows] == [True, False]
    dispatch = Dispatch.objects.get()
    assert (dispatch.delivered_at, dispatch.bounced_at) == (confirmed, None)
    client = Client()
    client.force_login(papers.cast.head)
    page = client.get(reverse("crisis", args=[papers.crisis.pk])).content.decode()
    assert "The paper came back and went to the next contact" in page
    assert "The paper came back, and no contact is left to be written to" in page


def test_an_answer_to_the_paper_is_kept_with_its_report(papers: PapersWalk) -> None:
    assert intake.receive_all(answer(paper_mails()[0]), code=papers.cast.agency.code, at=papers.at) == []

    entry = TrailEntry.objects.get(type="crisis_report.replied")
    assert entry.object_id == Dispatch.objects.get().pk


def test_what_comes_back_of_a_paper_sent_by_an_earlier_version_finds_it_too(papers: PapersWalk) -> None:
    dispatch, paper = Dispatch.objects.get(), ReportPaper.objects.get()
    earlier = {"key": f"crisis-paper-{paper.pk}-{dispatch.pk}:paper", "message_id": "<earlier@snv.example>"}
    OutgoingMail.objects.filter(pk=paper_mails()[0].pk).update(**earlier)
    sent = paper_mails()[0]
    papers.pass_time(minutes=1)
    returned = notice().replace(b"<abc@snv.example>", sent.message_id.encode())

    for raw in (answer(sent), returned):
        assert intake.receive_all(raw, code=papers.cast.agency.code, at=papers.at) == []

    assert DispatchReply.objects.get().dispatch == dispatch
    assert TrailEntry.objects.get(type="crisis_report.paper_bounced").data["sent_again"] is True
    assert len(paper_mails()) == 2


def test_a_paper_whose_mail_failed_for_good_goes_on_to_the_next_contact_past_one_that_cannot_be_written_to(
    papers: PapersWalk,
) -> None:
    AgencyContact.objects.filter(email="truc@ubnd.example").update(email="truc tai ubnd")
    AgencyContact.objects.create(agency=papers.committee, rank=3, email="ba@ubnd.example")
    OutgoingMail.objects.filter(key__endswith=":paper").update(status=MailStatus.FAILED)

    for _time in range(2):
        papers.pass_time(minutes=1)
        ladder.advance(papers.crisis.pk, at=papers.at)
    assert [mail.recipient for mail in paper_mails()] == ["vp@ubnd.example", "ba@ubnd.example"]
    OutgoingMail.objects.filter(key__endswith=":paper").update(status=MailStatus.FAILED)
    ladder.advance(papers.crisis.pk, at=papers.at)

    assert len(paper_mails()) == 2
    rows = TrailEntry.objects.filter(type="crisis_report.paper_bounced")
    assert [entry.data["sent_again"] for entry in rows] == [True]


def test_a_paper_is_sent_once_to_each_recipient_and_says_whether_anybody_was_left(papers: PapersWalk) -> None:
    paper, dispatch = ReportPaper.objects.select_related("document").get(), Dispatch.objects.get()

    sending.send(paper, at=papers.at)
    assert [mail.recipient for mail in paper_mails()] == ["vp@ubnd.example"]

    assert sending.send_to(paper, dispatch, at=papers.at)
    AgencyContact.objects.create(agency=papers.committee, rank=3, email="ba tai ubnd")
    assert not sending.send_to(paper, dispatch, at=papers.at)
    assert [mail.recipient for mail in paper_mails()] == ["vp@ubnd.example", "truc@ubnd.example"]
