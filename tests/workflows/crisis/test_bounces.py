"""A notice that a report came back: no inquiry, delivered no more, the next rung at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from core.actions import mail
from core.models import Inquiry, OutgoingMail
from tests.core.rules.test_bounces import notice
from tests.walk import Cast
from tests.workflows.crisis.reports_walk import MINISTRY, ReportWalk, make_walk
from workflows import intake

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
