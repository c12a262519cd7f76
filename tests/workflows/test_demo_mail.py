"""The demo mails stay what mail programs write: exact bytes, and each the fault it stands for."""

from __future__ import annotations

import email
import unicodedata
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.conf import settings

MAILS = sorted((Path(settings.BASE_DIR) / "fixtures" / "demo" / "mail").glob("*.eml"))
BY_NAME = {path.stem[3:]: path for path in MAILS}


def read(name: str) -> EmailMessage:
    return email.message_from_bytes(BY_NAME[name].read_bytes(), policy=default)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_lines_end_as_on_the_wire(path: Path) -> None:
    content = path.read_bytes()

    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.splitlines())) <= 998


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_every_mail_names_itself_and_its_mailbox(path: Path) -> None:
    message = email.message_from_bytes(path.read_bytes(), policy=default)

    assert message["Message-ID"]
    assert ".example" in message["To"]


def test_the_reply_answers_the_first_mail() -> None:
    assert read("reply-in-thread")["In-Reply-To"] == read("gmail-two-questions")["Message-ID"]


def test_attachments_are_what_their_names_say() -> None:
    pdf, docx = (part.get_content() for part in read("outlook-attachments").iter_attachments())

    assert pdf.startswith(b"%PDF-1.4")
    assert docx.startswith(b"PK\x03\x04")


def test_the_html_mail_carries_a_script_and_a_tracking_image() -> None:
    content = read("html-only").get_content()

    assert "<script>" in content
    assert '<img src="https://' in content


@pytest.mark.parametrize("name", ["nfd-8bit", "windows-1258"])
def test_some_texts_arrive_decomposed(name: str) -> None:
    text = read(name).get_content()

    assert text != unicodedata.normalize("NFC", text)


def test_the_malformed_mail_never_closes_its_parts_and_breaks_its_bytes_and_date() -> None:
    content = BY_NAME["malformed"].read_bytes()

    assert b"----=_Part_06_KHONG_DONG--" not in content
    assert "45 Nov" in str(email.message_from_bytes(content)["Date"])
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_one_mail_has_no_address_to_answer() -> None:
    assert "@" not in str(read("no-sender")["From"])
