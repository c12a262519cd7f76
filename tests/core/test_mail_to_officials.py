"""Mails to officials about a mandate: about no inquiry, told in the stream of the case or in the global one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from core import events
from core.actions import mail
from core.enums import MailStatus
from core.errors import NotAllowedNow, NotFound
from core.models import Case, OutgoingMail, Person, TrailEntry
from core.permissions import MissingRole
from tests.bureau import Bureau, make_bureau
from tests.core.test_outgoing_mail import free_port
from tests.desk import at
from workflows import queries

pytestmark = pytest.mark.django_db

NOW = at("2026-06-15T08:00")


@pytest.fixture
def bureau(set_clock: Callable[[datetime], None]) -> Bureau:
    set_clock(NOW)
    return make_bureau()


def queue(bureau: Bureau, case: Case | None, **changes: Any) -> OutgoingMail:
    matter = mail.Matter(agency=bureau.agency, reference="12/GUQ-SNV", case=case)
    given: dict[str, Any] = {
        "key": "deadline:1:2:due:3:reminder",
        "recipient": "contact@snv-b.example",
        "subject": "[12/GUQ-SNV] Đến hạn",
        "body": "Kính gửi\n",
        "at": NOW,
    }
    return mail.queue_about(matter, **{**given, **changes})


def fail(queued: OutgoingMail, settings: Settings) -> datetime:
    """Let every attempt fail; the instant after the last."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    now = NOW
    for _attempt in range(mail.MAX_ATTEMPTS):
        assert not mail.send(queued.pk, at=now)
        now += timedelta(hours=3)
    queued.refresh_from_db()
    return now


def told(event: events.Event) -> tuple[str, dict[str, Any]]:
    entry = TrailEntry.objects.get(type=event.code)
    return entry.stream, entry.data


@pytest.mark.parametrize("on_case", [True, False])
def test_it_is_sent_and_each_act_on_it_told_where_it_was_put_in_line(
    bureau: Bureau, mailoutbox: list[EmailMessage], on_case: bool
) -> None:
    queued = queue(bureau, bureau.case if on_case else None)

    assert mail.send(queued.pk, at=NOW)

    assert mailoutbox[0].to == ["contact@snv-b.example"]
    for event in (events.MAIL_QUEUED, events.MAIL_SENT):
        stream, data = told(event)
        assert stream == (f"case:{bureau.case.pk}" if on_case else "global")
        assert (data["mail"], data["reference"], data["purpose"]) == (queued.pk, "12/GUQ-SNV", "reminder")
        assert "inquiry" not in data


@pytest.mark.parametrize("on_case", [True, False])
def test_it_fails_and_is_put_in_line_again_in_the_same_stream(
    bureau: Bureau, settings: Settings, on_case: bool
) -> None:
    queued = queue(bureau, bureau.case if on_case else None)
    now = fail(queued, settings)
    assert queued.status == MailStatus.FAILED

    mail.resend(mail=queued, by=bureau.contact, at=now)

    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (MailStatus.PENDING, 0)
    for event in (events.MAIL_FAILED, events.MAIL_RESENT):
        stream, data = told(event)
        assert stream == (f"case:{bureau.case.pk}" if on_case else "global")
        assert data["reference"] == "12/GUQ-SNV"
    with pytest.raises(NotAllowedNow):
        mail.resend(mail=queued, by=bureau.contact, at=now)


def test_only_whoever_handles_mail_and_sees_the_case_puts_it_in_line_again(
    bureau: Bureau, settings: Settings
) -> None:
    queued = queue(bureau, bureau.case)
    now = fail(queued, settings)
    bureau.restrict()

    for person, refusal in ((bureau.contact, NotFound), (bureau.bystander, MissingRole)):
        with pytest.raises(refusal):
            mail.resend(mail=queued, by=person, at=now)

    queued.refresh_from_db()
    assert queued.status == MailStatus.FAILED


def failed(person: Person, now: datetime) -> set[int]:
    return set(queries.failed_mails(person, at=now).values_list("pk", flat=True))


def test_it_stands_among_the_failed_ones_of_whoever_may_put_it_in_line_again(
    bureau: Bureau, settings: Settings
) -> None:
    of_case = queue(bureau, bureau.case)
    of_none = queue(bureau, None, key="deadline:9:2:due:3:reminder")
    now = max(fail(each, settings) for each in (of_case, of_none))

    assert failed(bureau.contact, now) == {of_case.pk, of_none.pk}
    assert failed(bureau.bystander, now) == failed(bureau.stranger, now) == set()
    bureau.restrict()
    assert failed(bureau.contact, now) == {of_none.pk}


def test_my_work_shows_it_and_its_button_works(bureau: Bureau, settings: Settings) -> None:
    queued = queue(bureau, None)
    fail(queued, settings)
    client = Client()
    client.force_login(bureau.contact)
    assert "[12/GUQ-SNV] Đến hạn" in client.get(reverse("work")).content.decode()

    response = client.post(reverse("mail_resend", args=[queued.pk]))

    queued.refresh_from_db()
    assert (response.status_code, queued.status) == (302, MailStatus.PENDING)
