import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from core import events, files, mailboxes
from core.actions import mail as mail_actions
from core.enums import Channel, PressKind
from core.errors import NotFound
from core.models import (
    Agency,
    Attachment,
    Case,
    IncomingMail,
    Inquiry,
    Journalist,
    OutgoingMail,
    PressAgency,
    Question,
    TrailEntry,
)
from tests import factories
from workflows import intake

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "demo" / "mail"


@pytest.fixture
def agency(db: None) -> Agency:
    return factories.make_agency(code="SNV-MAU", mailbox="BaoChi@snv-mau.example")


def letter(
    *,
    message_id: str = "<1@bao.example>",
    sender: str = "Ngân <ngan@bao.example>",
    to: str = "baochi@snv-mau.example",
    subject: str = "Kết quả thi",
    text: str = "1. Vì sao?",
    attachments: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["Message-ID"], message["From"], message["To"], message["Subject"] = (
        message_id,
        sender,
        to,
        subject,
    )
    message["Date"] = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def receive(agency: Agency, raw: bytes) -> Inquiry:
    return intake.receive(agency=agency, raw=raw, at=AT)


def steps(inquiry: Inquiry) -> list[tuple[str, str]]:
    return [
        (task.flow_task.name, task.status)
        for process in inquiry.processes.all()
        for task in process.task_set.order_by("pk")
    ]


def trail_types() -> list[str]:
    return list(TrailEntry.objects.order_by("pk").values_list("type", flat=True))


def row_counts() -> dict[str, int]:
    models = (Agency, Attachment, Case, IncomingMail, Inquiry, Journalist, OutgoingMail, Question, TrailEntry)
    return {model.__name__: model.objects.count() for model in models}


def test_a_mail_opens_a_case_and_an_inquiry_that_waits_to_be_registered(agency: Agency) -> None:
    press = PressAgency.objects.create(
        code="bao", name="Báo Mẫu", kind=PressKind.ONLINE, domains=["bao.example"]
    )
    ngan = Journalist.objects.create(name="Ngân", email="Ngan@bao.example")

    inquiry = receive(agency, letter(sender="Đỗ Thu Ngân <ngan@bao.example>"))

    assert (inquiry.channel, inquiry.subject) == (Channel.EMAIL, "Kết quả thi")
    assert (inquiry.asker_name, inquiry.asker_email) == ("Đỗ Thu Ngân", "ngan@bao.example")
    assert (inquiry.press_agency, inquiry.journalist) == (press, ngan)
    assert (inquiry.received_at, inquiry.mail_dated_at) == (AT, datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    assert (inquiry.due, inquiry.registered_at, inquiry.case.title) == (None, None, "Kết quả thi")
    assert steps(inquiry) == [("receive", "DONE"), ("register", "NEW")]
    received = inquiry.incoming_mails.get()
    assert (received.text, received.sender) == ("1. Vì sao?", "Đỗ Thu Ngân <ngan@bao.example>")
    assert files.read(received.sha256) == letter(sender="Đỗ Thu Ngân <ngan@bao.example>")
    assert not inquiry.questions.exists()


def test_the_trail_tells_of_the_mail_without_its_words(agency: Agency) -> None:
    inquiry = receive(agency, letter())

    assert trail_types() == [events.CASE_OPENED.code, events.INQUIRY_RECEIVED.code, events.MAIL_RECEIVED.code]
    bodies = b"".join(bytes(entry.body) for entry in TrailEntry.objects.all()).decode()
    for word in (
        "Kết quả thi",
        "Vì sao",
        "ngan@bao.example",
        "1@bao.example",
        inquiry.incoming_mails.get().sha256,
    ):
        assert word not in bodies


def test_the_same_mail_again_changes_nothing(agency: Agency) -> None:
    first = receive(agency, letter(attachments=(("a.pdf", PDF),)))
    before = row_counts()

    assert receive(agency, letter(attachments=(("a.pdf", PDF),))) == first
    assert receive(agency, letter(text="The same Message-ID by another way.")) == first
    assert row_counts() == before


def test_the_same_mail_to_two_agencies_opens_one_inquiry_in_each(agency: Agency) -> None:
    other = factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")

    assert receive(agency, letter()).agency == agency
    assert receive(other, letter()).agency == other


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_twice_at_once_opens_one_inquiry(agency: Agency) -> None:
    start, received, faults = Barrier(4), [], []

    def work() -> None:
        start.wait()
        try:
            received.append(receive(agency, letter(attachments=(("a.pdf", PDF),))).pk)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test shows it
            faults.append(fault)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert faults == []
    assert received == [Inquiry.objects.get().pk] * 4
    assert (Case.objects.count(), IncomingMail.objects.count(), Attachment.objects.count()) == (1, 1, 1)
    assert len(steps(Inquiry.objects.get())) == 2


@pytest.mark.django_db(transaction=True)
def test_a_mail_whose_procedure_cannot_start_leaves_no_trace(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("the engine is away")

    monkeypatch.setattr("workflows.press_inquiry.actions.running.start_from_mail", broken)
    before = row_counts()

    with pytest.raises(RuntimeError):
        receive(agency, letter(attachments=(("a.pdf", PDF),)))

    assert row_counts() == before


# Answers


def queue_acknowledgement(inquiry: Inquiry) -> OutgoingMail:
    with transaction.atomic():
        return mail_actions.queue(
            inquiry=inquiry,
            key=f"press_inquiry:{inquiry.pk}:acknowledgement",
            recipient="ngan@bao.example",
            subject=f"[{inquiry.reference}] Sở",
            body="Đã nhận.",
            at=AT,
        )


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_an_answer_to_the_first_mail_joins_its_inquiry(agency: Agency, header: str) -> None:
    first = receive(agency, letter())
    answer = letter(
        message_id="<2@bao.example>", attachments=(("a.pdf", PDF),), **{header: "<1@bao.example>"}
    )

    assert receive(agency, answer) == first
    assert receive(agency, answer) == first
    assert Inquiry.objects.count() == 1
    assert [mail.message_id for mail in first.incoming_mails.order_by("pk")] == [
        "<1@bao.example>",
        "<2@bao.example>",
    ]
    assert first.attachments.get().name == "a.pdf"
    assert trail_types()[-1] == events.MAIL_JOINED.code
    assert len(steps(first)) == 2


def test_an_answer_to_our_mail_joins_its_inquiry(agency: Agency) -> None:
    first = receive(agency, letter())
    ours = queue_acknowledgement(first)

    answer = letter(message_id="<2@x>", sender="chief@bao.example", In_Reply_To=ours.message_id)
    assert receive(agency, answer) == first


def test_our_own_mail_coming_back_joins_its_inquiry(agency: Agency) -> None:
    first = receive(agency, letter())
    ours = queue_acknowledgement(first)

    assert receive(agency, letter(message_id=ours.message_id, sender="baochi@snv-mau.example")) == first


def test_an_answer_to_another_agencys_mail_opens_its_own_inquiry(agency: Agency) -> None:
    other = factories.make_agency(code="SNV-THU")
    first = receive(other, letter())

    assert receive(agency, letter(message_id="<2@x>", In_Reply_To="<1@bao.example>")) != first


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied", "In_Reply_To": "OURS"},
        {"Auto_Submitted": "auto-replied", "subject": "Vắng mặt: [YC-2026-0001] Sở"},
        {
            "Precedence": "bulk",
            "subject": "Automatic reply: [YC-2026-0001] Sở",
            "sender": "noreply@bao.example",
        },
    ],
)
def test_a_machines_reply_to_our_mail_opens_nothing(agency: Agency, headers: dict[str, Any]) -> None:
    first = receive(agency, letter())
    ours = queue_acknowledgement(first)
    given = {name: value.replace("OURS", ours.message_id) for name, value in headers.items()}

    assert receive(agency, letter(message_id="<auto@x>", **given)) == first
    assert Inquiry.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_person_who_only_names_our_reference_opens_an_inquiry(agency: Agency) -> None:
    first = receive(agency, letter())

    assert receive(agency, letter(message_id="<2@x>", subject=f"[{first.reference}] hỏi tiếp")) != first


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-generated"}, {"sender": "Sở <baochi@snv-mau.example>"}]
)
def test_a_mail_no_machine_may_answer_is_marked(agency: Agency, headers: dict[str, Any]) -> None:
    inquiry = receive(agency, letter(**headers))

    assert "auto_reply" in inquiry.incoming_mails.get().defects


# Defects


def test_a_mail_without_a_sender_is_received_and_says_so(agency: Agency) -> None:
    inquiry = receive(agency, b"To: baochi@snv-mau.example\nMessage-ID: <1@x>\nFrom: nobody\n\nVi sao?")

    assert inquiry.asker_email == ""
    assert "sender_unreadable" in inquiry.incoming_mails.get().defects
    assert steps(inquiry)[-1] == ("register", "NEW")


def test_an_attachment_that_may_not_be_kept_is_named_and_the_mail_received(
    agency: Agency, settings: Settings
) -> None:
    settings.MAX_ATTACHMENT_BYTES = 1000
    given = (("good.pdf", PDF), ("bad.pdf", b"MZ\x90\0"), ("page.html", b"<html>"), ("big.pdf", PDF * 200))
    inquiry = receive(agency, letter(attachments=given))

    assert [(kept.name, kept.media_type) for kept in inquiry.attachments.all()] == [
        ("good.pdf", "application/pdf")
    ]
    assert files.read(inquiry.attachments.get().sha256) == PDF
    assert inquiry.incoming_mails.get().defects == [
        "attachment_not_accepted:bad.pdf",
        "attachment_not_accepted:page.html",
        "attachment_too_large:big.pdf",
    ]


def test_a_mail_of_100000_characters_is_kept_whole(agency: Agency) -> None:
    inquiry = receive(agency, letter(text="ờ" * 100_000))

    assert inquiry.incoming_mails.get().text == "ờ" * 100_000


def test_every_demonstration_mail_is_received(agency: Agency) -> None:
    for path in sorted(FIXTURES.glob("*.eml")):
        receive(agency, path.read_bytes())

    assert IncomingMail.objects.count() == len(list(FIXTURES.glob("*.eml")))
    assert Inquiry.objects.count() == IncomingMail.objects.count() - 1


# Whose mail it is


def agency_for(raw: bytes, code: str = "") -> Agency:
    return intake.agencies_for(raw, code=code, at=AT)[0]


def test_the_mailbox_it_was_sent_to_tells_the_agency_before_any_other_word(agency: Agency) -> None:
    other = factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")

    assert agency_for(letter()) == agency
    assert agency_for(letter(), code="SNV-THU") == agency
    assert agency_for(letter(Delivered_To="press@snv-thu.example")) == other


def test_without_its_mailbox_the_named_agency_receives_it_then_the_default(
    agency: Agency, settings: Settings
) -> None:
    other = factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")
    settings.DEFAULT_AGENCY = "SNV-MAU"

    assert agency_for(letter(to="x@y.vn"), code="SNV-THU") == other
    assert agency_for(letter(to="x@y.vn")) == agency


def test_the_only_agency_with_a_mailbox_is_the_default(agency: Agency, settings: Settings) -> None:
    settings.DEFAULT_AGENCY = ""
    factories.make_agency(code="BNV")
    assert agency_for(letter(to="x@y.vn")) == agency

    factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")
    with pytest.raises(NotFound, match="not addressed to the mailbox of any agency here"):
        agency_for(letter(to="x@y.vn"))


def test_an_agency_that_ended_receives_nothing_more(agency: Agency) -> None:
    agency.valid_until = date(2026, 11, 23)
    agency.save()
    successor = factories.make_agency(code="SNV-MOI", mailbox="press@snv-moi.example")

    assert agency_for(letter()) == successor


def test_a_mail_to_two_agencies_reaches_both_whoever_stands_first(agency: Agency) -> None:
    other = factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")
    raw = letter(Cc="Press <press@snv-thu.example>, BAOCHI@snv-mau.example")

    received = intake.receive_all(raw, code="", at=AT)

    assert [inquiry.agency for inquiry in received] == [agency, other]
    assert intake.receive_all(raw, code="", at=AT) == received
    assert Inquiry.objects.count() == 2


# The command


@pytest.fixture
def command(
    agency: Agency, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, Any]]:
    def run(raw: bytes, *options: str) -> dict[str, Any]:
        path = tmp_path / "mail.eml"
        path.write_bytes(raw)
        call_command("receive_mail", str(path), "--json", *options)
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return run


def test_the_command_answers_with_references_and_again_the_same(
    command: Callable[..., dict[str, Any]],
) -> None:
    answer = command(letter())
    inquiry = Inquiry.objects.get()

    assert answer == {
        "case": inquiry.case.reference,
        "inquiry": inquiry.pk,
        "reference": inquiry.reference,
        "due": None,
    }
    before = row_counts()
    assert command(letter()) == answer
    assert row_counts() == before


def test_the_command_names_the_inquiries_of_other_agencies_beside_the_first(
    command: Callable[..., dict[str, Any]],
) -> None:
    other = factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")

    answer = command(letter(Cc="press@snv-thu.example"))

    first, second = Inquiry.objects.order_by("pk")
    assert (first.agency.code, second.agency) == ("SNV-MAU", other)
    assert answer["inquiry"] == first.pk
    assert [row["inquiry"] for row in answer["others"]] == [second.pk]


def test_the_command_reads_standard_input(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(letter())))
    call_command("receive_mail", "-")

    inquiry = Inquiry.objects.get()
    assert (
        capsys.readouterr().out
        == f"Received: inquiry {inquiry.reference} of the case {inquiry.case.reference}.\n"
    )


def test_the_command_takes_the_agency_by_its_code(command: Callable[..., dict[str, Any]]) -> None:
    factories.make_agency(code="SNV-THU")
    command(letter(to="x@y.vn"), "--agency", "SNV-THU")

    assert Inquiry.objects.get().agency.code == "SNV-THU"


def test_the_command_refuses_with_a_sentence(command: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(
        CommandError, match="There is no agency with the code NOBODY, so nothing was received"
    ):
        command(letter(to="x@y.vn"), "--agency", "NOBODY")
    with pytest.raises(CommandError, match="cannot be read, so nothing was received"):
        call_command("receive_mail", "/nowhere.eml")


# The mailbox


@pytest.mark.django_db(transaction=True)
def test_a_message_leaves_its_box_once_it_is_kept_and_not_before(agency: Agency, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    factories.make_agency(code="SNV-THU", mailbox="press@snv-thu.example")
    (tmp_path / "new" / "1").write_bytes(letter(to="x@y.vn"))
    (tmp_path / "new" / "2").write_bytes(letter())

    taken = [intake.take_in(waiting) for waiting in mailboxes.read_new(str(tmp_path))]

    assert taken == [[], [Inquiry.objects.get()]]
    assert [waiting.raw for waiting in mailboxes.read_new(str(tmp_path))] == [letter(to="x@y.vn")]
    assert TrailEntry.objects.last().request["channel"] == "mail"  # type: ignore[union-attr]


def test_a_message_taken_in_by_a_killed_worker_is_taken_in_once(agency: Agency, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(letter())
    killed = next(mailboxes.read_new(str(tmp_path)))
    intake.take_in(mailboxes.Waiting(killed.raw, lambda: None))

    for waiting in mailboxes.read_new(str(tmp_path)):
        intake.take_in(waiting)

    assert Inquiry.objects.count() == 1
    assert list(mailboxes.read_new(str(tmp_path))) == []
