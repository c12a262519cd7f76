import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Barrier, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core import events, files, jobs
from core.actions import mail
from core.enums import Channel, MailStatus
from core.errors import Invalid
from core.models import Inquiry, OutgoingMail, TrailEntry
from core.tasks import send_pending_mail
from tests import factories

AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


class Post:
    """What the server behind the socket was given, and what it answers."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.received.append(envelope)
        return self.answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.content or b"", _class=EmailMessage, policy=policy.default)
            for envelope in self.received
            if isinstance(envelope.content, bytes)
        ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    handler = Post()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield handler
    server.stop()


@pytest.fixture
def inquiry(db: None) -> Inquiry:
    agency = factories.make_agency(name="Sở Nội vụ tỉnh Mẫu (giả định)", mailbox="baochi@snv-mau.example")
    case = factories.make_case(agency=agency)
    return Inquiry.objects.create(
        case=case,
        agency=agency,
        reference="YC-2026-0001",
        channel=Channel.EMAIL,
        received_at=AT,
        created_at=AT,
    )


def queue(inquiry: Inquiry, **changes: Any) -> OutgoingMail:
    given: dict[str, Any] = {
        "key": "press_inquiry:1:acknowledgement",
        "recipient": "ngan.do@bao.example",
        "subject": "[YC-2026-0001] Sở Nội vụ",
        "body": "Kính gửi bà Ngân,\n\nĐã nhận.\n",
        "at": AT,
    }
    return mail.queue(inquiry=inquiry, **{**given, **changes})


def trail_of(event: events.Event) -> list[TrailEntry]:
    return list(TrailEntry.objects.filter(type=event.code))


def test_a_queued_mail_reaches_the_journalist(inquiry: Inquiry, post: Post) -> None:
    queued = queue(inquiry, in_reply_to="<theirs@bao.example>")

    assert mail.send(queued.pk, at=AT + timedelta(seconds=2))
    sent = post.mails[0]
    assert post.received[0].rcpt_tos == ["ngan.do@bao.example"]
    assert post.received[0].mail_from == "baochi@snv-mau.example"
    assert sent["Subject"] == "[YC-2026-0001] Sở Nội vụ"
    assert sent["From"].addresses[0].display_name == "Sở Nội vụ tỉnh Mẫu (giả định)"
    assert (sent["Message-ID"], sent["In-Reply-To"], sent["References"]) == (
        queued.message_id,
        "<theirs@bao.example>",
        "<theirs@bao.example>",
    )
    assert sent["Date"].datetime == AT + timedelta(seconds=2)
    assert sent.get_content().splitlines() == ["Kính gửi bà Ngân,", "", "Đã nhận."]
    queued.refresh_from_db()
    assert (queued.status, queued.sent_at, queued.attempts) == (MailStatus.SENT, AT + timedelta(seconds=2), 1)


def test_an_acknowledgement_says_that_a_machine_wrote_it_and_an_answer_does_not(
    inquiry: Inquiry, post: Post
) -> None:
    mail.send(queue(inquiry).pk, at=AT)
    mail.send(queue(inquiry, key="press_inquiry:1:release").pk, at=AT)

    assert [sent["Auto-Submitted"] for sent in post.mails] == ["auto-replied", None]


def test_the_attached_document_arrives_as_its_stored_bytes(inquiry: Inquiry, post: Post) -> None:
    sha256 = files.store(b"%PDF-1.7 \r\n\xff")
    mail.send(queue(inquiry, attachment_sha256=sha256, attachment_name="12/SNV-VP.pdf").pk, at=AT)

    attached = next(post.mails[0].iter_attachments())
    assert (attached.get_filename(), attached.get_content_type()) == ("SNV-VP.pdf", "application/pdf")
    assert attached.get_content() == b"%PDF-1.7 \r\n\xff"


def test_a_sent_mail_is_not_sent_again(inquiry: Inquiry, post: Post) -> None:
    queued = queue(inquiry)

    assert [mail.send(queued.pk, at=AT + timedelta(days=day)) for day in range(3)] == [True, False, False]
    assert len(post.received) == 1


def test_the_same_key_queues_once_and_keeps_the_first_text(inquiry: Inquiry) -> None:
    first, second = queue(inquiry), queue(inquiry, body="Another text.")

    assert first.pk == second.pk
    assert OutgoingMail.objects.get().body == "Kính gửi bà Ngân,\n\nĐã nhận.\n"
    assert len(trail_of(events.MAIL_QUEUED)) == 1
    assert mail.is_queued(first.key)
    assert not mail.is_queued("press_inquiry:2:acknowledgement")


def test_the_message_id_follows_from_the_key_alone(inquiry: Inquiry) -> None:
    first = queue(inquiry)
    first_id = first.message_id
    first.delete()

    assert queue(inquiry, body="Another text.").message_id == first_id
    assert queue(inquiry, key="press_inquiry:1:release").message_id != first_id
    assert first_id.endswith("@snv-mau.example>")


def test_nobody_outside_can_work_out_a_message_id(inquiry: Inquiry, settings: Settings) -> None:
    first_id = queue(inquiry).message_id
    OutgoingMail.objects.all().delete()

    settings.SECRET_KEY = "another-key-" + "y" * 40
    assert queue(inquiry).message_id != first_id


def test_line_breaks_in_headers_are_not_headers(inquiry: Inquiry, post: Post) -> None:
    queued = queue(
        inquiry, subject="Trả lời\r\nBcc: all@so.example", in_reply_to="<a@b>\r\nBcc: all@so.example"
    )
    mail.send(queued.pk, at=AT)

    assert post.received[0].rcpt_tos == ["ngan.do@bao.example"]
    assert post.mails[0]["Bcc"] is None
    assert post.mails[0]["Subject"] == "Trả lời Bcc: all@so.example"
    assert post.mails[0]["In-Reply-To"] is None


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b.vn\nBcc: c@d.vn", "a@b.vn, c@d.vn"])
def test_an_address_nobody_could_write_to_is_refused(inquiry: Inquiry, recipient: str) -> None:
    with pytest.raises(Invalid, match="Nothing was sent: correct the address"):
        queue(inquiry, recipient=recipient)
    assert not OutgoingMail.objects.exists()


def test_a_failed_attempt_keeps_the_mail_waiting_and_the_next_succeeds(inquiry: Inquiry, post: Post) -> None:
    queued = queue(inquiry)
    post.answer = "451 try later"

    assert not mail.send(queued.pk, at=AT)
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (MailStatus.PENDING, 1)
    assert "try later" in queued.failure
    post.answer = "250 OK"
    assert mail.due_ids(at=AT + mail.WAITS[0] - timedelta(seconds=1)) == []
    assert not mail.send(queued.pk, at=AT + mail.WAITS[0] - timedelta(seconds=1))
    assert mail.due_ids(at=AT + mail.WAITS[0]) == [queued.pk]
    assert mail.send(queued.pk, at=AT + mail.WAITS[0])
    queued.refresh_from_db()
    assert (queued.status, queued.attempts, queued.failure) == (MailStatus.SENT, 2, "")


def test_five_failures_end_in_failed_and_the_trail_says_so_without_the_address(
    inquiry: Inquiry, post: Post
) -> None:
    queued = queue(inquiry)
    post.answer = "550 no such user ngan.do@bao.example"
    at = AT
    for _attempt in range(9):
        mail.send(queued.pk, at=at)
        at += timedelta(hours=3)

    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (MailStatus.FAILED, 5)
    failed = trail_of(events.MAIL_FAILED)
    assert [(entry.data["attempts"], entry.data["error"]) for entry in failed] == [(5, "SMTPDataError 550")]
    assert "ngan.do" not in bytes(failed[0].body).decode()
    assert mail.due_ids(at=at) == []


def test_a_server_that_is_away_is_a_failed_attempt(inquiry: Inquiry, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    queued = queue(inquiry)

    assert not mail.send(queued.pk, at=AT)
    queued.refresh_from_db()
    assert queued.failure.startswith("ConnectionRefusedError")


def test_a_purged_attachment_is_a_failed_attempt(inquiry: Inquiry, post: Post) -> None:
    queued = queue(inquiry, attachment_sha256="0" * 64, attachment_name="a.pdf")

    assert not mail.send(queued.pk, at=AT)
    assert post.received == []


def test_a_last_attempt_that_was_killed_counts_as_failed(inquiry: Inquiry, post: Post) -> None:
    queued = queue(inquiry)
    OutgoingMail.objects.filter(pk=queued.pk).update(attempts=mail.MAX_ATTEMPTS, tried_at=AT)

    assert not mail.send(queued.pk, at=AT + timedelta(minutes=1))
    assert OutgoingMail.objects.get().status == MailStatus.PENDING
    assert not mail.send(queued.pk, at=AT + mail.WAITS[-1])
    assert OutgoingMail.objects.get().status == MailStatus.FAILED
    assert post.received == []


def test_the_trail_tells_of_queueing_and_sending_without_text_or_address(
    inquiry: Inquiry, post: Post
) -> None:
    mail.send(queue(inquiry).pk, at=AT)

    entries = [*trail_of(events.MAIL_QUEUED), *trail_of(events.MAIL_SENT)]
    assert [entry.data["purpose"] for entry in entries] == ["acknowledgement", "acknowledgement"]
    assert {entry.stream for entry in entries} == {f"case:{inquiry.case_id}"}
    bodies = b"".join(bytes(entry.body) for entry in entries).decode()
    assert "Ngân" not in bodies
    assert "ngan.do" not in bodies


# The queue


@pytest.fixture
def sync_queue(settings: Settings) -> None:
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "sync": True}


def test_a_committed_mail_leaves_at_once(
    inquiry: Inquiry,
    post: Post,
    sync_queue: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue(inquiry)
        assert post.received == []

    assert len(post.received) == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_mail_never_leaves(inquiry: Inquiry, post: Post, sync_queue: None) -> None:
    with transaction.atomic():
        queue(inquiry)
        transaction.set_rollback(True)

    assert post.received == []
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_goes_to_the_queue_with_its_ids() -> None:
    from django_q.models import OrmQ

    with transaction.atomic():
        jobs.enqueue("core.tasks.send_mail", 7)
        assert not OrmQ.objects.exists()

    queued = OrmQ.objects.get()
    assert (queued.func(), queued.args()) == ("core.tasks.send_mail", (7,))


def test_the_sweep_sends_what_a_lost_job_left_behind(inquiry: Inquiry, post: Post) -> None:
    queue(inquiry)
    queue(inquiry, key="press_inquiry:1:release")

    send_pending_mail()
    send_pending_mail()

    assert len(post.received) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_see_the_same_mail_waiting_send_it_once(inquiry: Inquiry, post: Post) -> None:
    with transaction.atomic():
        queued = queue(inquiry)
    both_have_read, results = Barrier(2, timeout=20), []

    def meet(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and '"tried_at"' in sql:
            both_have_read.wait()
        return execute(sql, *rest)

    def work() -> None:
        with connection.execute_wrapper(meet):
            results.append(mail.send(queued.pk, at=AT))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(results) == [False, True]
    assert len(post.received) == 1
