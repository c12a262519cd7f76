"""What people and machines send that nobody wants: a clear sentence, nothing lost, nothing half-written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import Attachment, Case, Inquiry, Question
from tests.walk import START, Cast
from workflows.press_inquiry.forms.registering import rows_for

Desk = Callable[..., Any]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def desk(cast: Cast, set_clock: Any) -> Desk:
    """The form for registering by hand, as the press contact."""
    set_clock(START)
    client = Client()
    client.force_login(cast.contact)

    def sent(**typed: Any) -> Any:
        given = {
            "asker_name": "Phóng viên A (giả định)",
            "received_at": "2026-07-13T07:30",
            "channel": "phone",
            "kind": "information",
            "question_1": "Bao giờ công bố kết quả?",
        }
        return client.post(reverse("register_by_hand"), {**given, **typed})

    return sent


def text_of(response: Any) -> str:
    return str(response.content.decode())


def nothing_is_written() -> bool:
    return not any(model._default_manager.exists() for model in (Inquiry, Case, Question, Attachment))


@pytest.mark.parametrize("blank", ["", "   ", "\n\t\n", "\u200b\u200e", "\x00\x07"])
def test_a_question_of_nothing_visible_is_no_question(desk: Desk, blank: str) -> None:
    answer = desk(question_1=blank)

    assert answer.status_code == 422
    assert "Write at least one question." in text_of(answer)
    assert nothing_is_written()


def test_a_question_of_100000_characters_is_refused_with_its_length_and_kept(desk: Desk) -> None:
    answer = desk(question_1="ữ" * 100_000)

    assert answer.status_code == 422
    assert "This text has 100000 characters and at most 10000 are accepted." in text_of(answer)
    assert "ữ" * 100_000 in text_of(answer)
    assert nothing_is_written()


def test_a_question_in_decomposed_letters_is_kept_composed(desk: Desk) -> None:
    desk(question_1=unicodedata.normalize("NFD", "Lương cơ sở mới áp dụng từ khi nào?"))

    assert Question.objects.get().text == "Lương cơ sở mới áp dụng từ khi nào?"


def test_control_characters_are_left_out(desk: Desk) -> None:
    desk(question_1="Bao\x00 giờ\x07 công\x1b[31m bố?", asker_name="Phóng\x0b viên\u202e B")

    assert Question.objects.get().text == "Bao giờ công[31m bố?"
    assert "\u202e" not in Inquiry.objects.get().asker_name


@pytest.mark.parametrize(
    ("received_at", "sentence"),
    [
        ("2026-07-13T23:59", "This time has not come yet."),
        ("9999-12-31T23:59", "This time has not come yet."),
        ("1999-01-01T08:00", "The agency did not exist yet."),
        ("0001-01-01T00:00", "This date cannot be right."),
        ("yesterday", "Enter a valid date/time."),
        ("", "Say when it was received."),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(desk: Desk, received_at: str, sentence: str) -> None:
    answer = desk(received_at=received_at)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Bao giờ công bố kết quả?" in text_of(answer)
    assert nothing_is_written()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5_000, "²", "x"])
def test_a_question_field_of_a_number_nobody_writes_makes_no_row(number: str) -> None:
    assert rows_for({f"question_{number}": "Câu hỏi lạc?"}) == rows_for({})


def test_an_unknown_press_agency_is_kept_as_given(desk: Desk) -> None:
    desk(press_agency="  Báo   Không Có Trong Danh Mục ")

    assert Inquiry.objects.get().press_agency_name == "Báo Không Có Trong Danh Mục"


def test_an_attachment_that_is_too_large_is_refused_and_the_rest_kept(desk: Desk, settings: Any) -> None:
    settings.MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024
    large = SimpleUploadedFile("so-lieu.txt", b"a" * (10 * 1024 * 1024 + 1))

    answer = desk(attachments=large)

    assert answer.status_code == 422
    assert "is larger than 10 MB" in text_of(answer)
    assert "Choose these files again" in text_of(answer)
    assert nothing_is_written()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cong-van.pdf", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("anh.png", b"<html><script>alert(1)</script></html>"),
        ("ghi-chu.txt", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
    ],
)
def test_an_attachment_is_judged_by_its_content_not_its_name(desk: Desk, name: str, content: bytes) -> None:
    answer = desk(attachments=SimpleUploadedFile(name, content))

    assert answer.status_code == 422
    assert "its content is not of an accepted type" in text_of(answer)
    assert nothing_is_written()


def test_several_attachments_are_kept(desk: Desk) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", f"Tệp {number}".encode()) for number in (1, 2)]

    assert desk(attachments=files).status_code == 302

    assert [attachment.name for attachment in Attachment.objects.all()] == ["1.txt", "2.txt"]


def test_markup_in_every_field_is_shown_as_text(desk: Desk) -> None:
    fields = ("asker_name", "press_agency", "subject", "asker_phone", "credential_number", "question_1")
    refused = desk(**{name: f"{SCRIPT}{name}" for name in fields}, asker_email=SCRIPT)
    kept = desk(**{name: f"{SCRIPT}{name}"[:60] for name in fields})

    assert refused.status_code == 422
    assert SCRIPT not in text_of(refused)
    assert "&lt;script&gt;" in text_of(refused)
    assert kept.status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "telepathy"),
        ("kind", ""),
        ("asker_email", "không phải thư"),
        ("asker_name", "x" * 200),
        ("case", "999999"),
        ("case", "abc"),
        ("credential", "both"),
        ("token", "not-a-token"),
        ("duplicate", "99999999999999999999"),
        ("duplicate", "١٢"),
    ],
)
def test_a_forged_or_impossible_value_is_told_and_never_a_crash(desk: Desk, field: str, value: str) -> None:
    answer = desk(**{field: value})

    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert nothing_is_written()


def test_a_case_of_another_agency_cannot_be_joined(desk: Desk, cast: Cast) -> None:
    from tests.factories import make_case

    foreign = make_case()

    answer = desk(case=str(foreign.pk))

    assert answer.status_code == 422
    assert not Inquiry.objects.exists()


def test_sixty_questions_are_taken_and_the_boxes_end_there(desk: Desk) -> None:
    answer = desk(**{f"question_{number}": f"Câu {number}?" for number in range(1, 200)}, add="1")

    assert answer.status_code == 200
    assert 'name="question_60"' in text_of(answer)
    assert 'name="question_61"' not in text_of(answer)
