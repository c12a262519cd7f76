"""What happens to mails besides the path shows in my work until somebody has seen to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.actions import mail as mails
from core.enums import Competence, MailStatus
from core.errors import NotAllowedNow, NotFound, Refused
from core.models import IncomingMail, Inquiry, OutgoingMail, Person, TrailEntry
from tests.walk import Cast, Walk
from workflows import intake, queries
from workflows.press_inquiry.actions import jobs, running
from workflows.press_inquiry.actions.triaging import Finding

pytestmark = pytest.mark.django_db

FIRST = b"""From: Phong vien <pv@bao.example>\r
To: bao.chi@snv-x.example\r
Subject: Hoi\r
Message-ID: <hoi-1@bao.example>\r
\r
1. Bao gio?\r
"""
ANSWER = FIRST.replace(b"hoi-1@", b"hoi-2@").replace(
    b"\r\n\r\n", b"\r\nIn-Reply-To: <hoi-1@bao.example>\r\n\r\n"
)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[..., None]) -> Walk:
    walk = Walk(cast, set_clock)
    walk.inquiry = intake.receive(agency=cast.agency, raw=FIRST, at=walk.at)
    return walk


def answered(walk: Walk) -> IncomingMail:
    assert intake.receive(agency=walk.cast.agency, raw=ANSWER, at=walk.tick()) == walk.inquiry
    return IncomingMail.objects.latest("pk")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def new_mails(person: Person, walk: Walk) -> list[IncomingMail]:
    return list(queries.new_mails(person, at=walk.at))


# New mail on an inquiry


def test_a_mail_that_joins_an_inquiry_waits_in_my_work_and_on_the_case_until_it_is_read(walk: Walk) -> None:
    mail = answered(walk)
    client = signed_in(walk.cast.contact)
    work, case = reverse("work"), reverse("case", args=[walk.inquiry.case_id])
    assert "New mail on an inquiry" in client.get(work).content.decode()
    assert "nobody has read it yet" in client.get(case).content.decode()

    response = client.post(reverse("mail_read", args=[mail.pk]))

    assert response.status_code == 302
    assert "New mail on an inquiry" not in client.get(work).content.decode()
    assert "nobody has read it yet" not in client.get(case).content.decode()
    mail.refresh_from_db()
    assert (mail.read_by, mail.read_at) == (walk.cast.contact, walk.at)
    assert TrailEntry.objects.get(type="mail.read").data["mail"] == mail.pk


def test_a_mail_that_opened_an_inquiry_is_no_new_mail_on_it(walk: Walk) -> None:
    assert new_mails(walk.cast.contact, walk) == []


def test_a_mail_to_an_ended_inquiry_is_seen_too(walk: Walk) -> None:
    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    mail = answered(walk)

    assert new_mails(walk.cast.contact, walk) == [mail]


def test_new_mail_is_shown_to_those_who_register_in_that_agency(walk: Walk) -> None:
    mail = answered(walk)

    shown = [person for person in walk.cast.everybody() if new_mails(person, walk) == [mail]]
    assert shown == [walk.cast.contact, walk.cast.clerk, walk.cast.chief]
    for person in (walk.cast.specialist, walk.cast.stranger):
        with pytest.raises((Refused, NotFound)):
            mails.mark_read(mail=mail, by=person, at=walk.at)


def test_a_mail_read_twice_is_told_once(walk: Walk) -> None:
    mail = answered(walk)
    for by in (walk.cast.contact, walk.cast.clerk):
        mails.mark_read(mail=mail, by=by, at=walk.at)

    mail.refresh_from_db()
    assert mail.read_by == walk.cast.contact
    assert TrailEntry.objects.filter(type="mail.read").count() == 1


def test_a_mail_that_comes_after_a_purge_warns_and_leads_to_its_removal(walk: Walk) -> None:
    walk.act("register", walk.cast.contact, lambda step: _register(walk, step))
    secret = Finding(competence=Competence.STATE_SECRET, told="PA03", backups="Không có")
    ours = Finding(competence=Competence.OURS)
    walk.triage(findings={1: secret, 2: ours}, neutral_subject="Ngoài hệ thống")
    answered(walk)
    client = signed_in(walk.cast.chief)
    address = reverse("purge_again", args=[walk.inquiry.pk])

    html = client.get(reverse("work")).content.decode()
    assert "This mail may repeat it" in html
    assert address in html
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "PA03"}).status_code == 302
    assert not any(mail.text or mail.sha256 for mail in walk.inquiry.incoming_mails.all())
    assert (
        "in the mailbox and on its server"
        in client.get(reverse("case", args=[walk.inquiry.case_id])).content.decode()
    )


def _register(walk: Walk, step: object) -> None:
    from workflows.press_inquiry.actions import registering

    registering.register(
        inquiry=step.process.inquiry,  # type: ignore[attr-defined]
        registration=walk.registration(),
        by=walk.cast.contact,
        at=walk.at,
    )


# Mail that was not sent


@pytest.fixture
def failed(walk: Walk) -> OutgoingMail:
    walk.act("register", walk.cast.contact, lambda step: _register(walk, step))
    sent = OutgoingMail.objects.get()
    OutgoingMail.objects.update(
        status=MailStatus.FAILED, attempts=mails.MAX_ATTEMPTS, tried_at=walk.at, failure="SMTPDataError: 550"
    )
    return sent


def test_a_mail_that_no_server_took_waits_in_my_work_and_is_sent_again(
    walk: Walk, failed: OutgoingMail
) -> None:
    client = signed_in(walk.cast.contact)
    html = client.get(reverse("work")).content.decode()
    assert "Mails that could not be sent" in html
    assert "SMTPDataError: 550" in html

    assert client.post(reverse("mail_resend", args=[failed.pk])).status_code == 302

    assert "Mails that could not be sent" not in client.get(reverse("work")).content.decode()
    assert TrailEntry.objects.get(type="mail.resent").actor_name == walk.cast.contact.full_name
    assert mails.due_ids(at=walk.at) == [failed.pk]
    assert mails.send(failed.pk, at=walk.at + timedelta(minutes=1))
    failed.refresh_from_db()
    assert (failed.status, failed.message_id) == (MailStatus.SENT, OutgoingMail.objects.get().message_id)


def test_only_a_mail_that_failed_is_sent_again_and_only_by_those_who_register(
    walk: Walk, failed: OutgoingMail
) -> None:
    for person in (walk.cast.specialist, walk.cast.stranger):
        assert list(queries.failed_mails(person, at=walk.at)) == []
        with pytest.raises((Refused, NotFound)):
            mails.resend(mail=failed, by=person, at=walk.at)
    mails.resend(mail=failed, by=walk.cast.clerk, at=walk.at)

    with pytest.raises(NotAllowedNow, match="has not failed"):
        mails.resend(mail=failed, by=walk.cast.clerk, at=walk.at)


# Why nothing was acknowledged


def test_a_mail_sent_by_a_machine_is_not_acknowledged_and_the_trail_says_why(
    cast: Cast, set_clock: Callable[..., None]
) -> None:
    walk = Walk(cast, set_clock)
    raw = FIRST.replace(b"Subject:", b"Auto-Submitted: auto-generated\r\nSubject:")
    walk.inquiry = intake.receive(agency=cast.agency, raw=raw, at=walk.at)
    walk.act("register", cast.contact, lambda step: _register(walk, step))
    jobs.acknowledge(walk.process)

    types = list(TrailEntry.objects.values_list("type", flat=True))
    assert types.count("inquiry.acknowledgement_withheld") == 1
    assert "inquiry.acknowledgement_impossible" not in types
    assert not OutgoingMail.objects.exists()
    assert Inquiry.objects.get().asker_email
