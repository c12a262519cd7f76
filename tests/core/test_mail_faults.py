from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.rules.mail import STRUCTURE_BROKEN, TOO_MANY_PARTS, UNREADABLE, ParsedMail, parse

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "demo" / "mail").glob("*.eml"))
HEAD = (
    b"From: An <an@bao.example>\nTo: press@so.example\nMessage-ID: <1@bao.example>\n"
    b"Date: Mon, 16 Nov 2026 08:42:17 +0700\n"
)


def mail(body: bytes, *, headers: bytes) -> ParsedMail:
    return parse(HEAD + headers + b"\n" + body)


def test_a_body_never_closed_is_read_and_named() -> None:
    read = mail(b"--x\n\nVi sao?\n", headers=b"Content-Type: multipart/mixed; boundary=x\n")

    assert read.text == "Vi sao?"
    assert read.defects == (STRUCTURE_BROKEN,)


def test_a_mail_nested_beyond_reason_is_kept_as_text() -> None:
    nest = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000))
    read = parse(b"From: a@b.vn\nSubject: s\n" + nest)

    assert (read.sender_email, read.subject) == ("a@b.vn", "s")
    assert UNREADABLE in read.defects


def test_of_too_many_parts_the_first_are_read() -> None:
    read = mail(b"--x\n\nhi\n" * 2000, headers=b"Content-Type: multipart/mixed; boundary=x\n")

    assert read.text.startswith("hi")
    assert TOO_MANY_PARTS in read.defects


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"\n\n\n",
        b"Subject: " + b"=?utf-8?Q?a?= " * 50_000 + b"\n\nx",
        b"To: " + b"a@b.vn, " * 50_000 + b"\n\nx",
        b"X: y\n" * 50_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
        b"Content-Type: text/html\n\n" + b"<script" * 50_000,
        b"Content-Type: text/html\n\n" + b"<a '" * 50_000,
        b"Content-Type: text/plain; charset*=\n\nx",
        b"Content-Type: multipart/mixed\n\nx",
        b"Content-Type: multipart/mixed; boundary=\n\nx",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: a/b; name*0*=x''%ff; name*2=y\nContent-Disposition: attachment\n\nx",
        b"Content-Transfer-Encoding: uuencode\n\nbegin 6 x\n!!!",
        b"Message-ID: " + b"<" * 60_000,
    ],
)
def test_hostile_mails_are_read_quickly(raw: bytes) -> None:
    started = datetime.now(UTC)

    assert isinstance(parse(raw), ParsedMail)
    assert (datetime.now(UTC) - started).total_seconds() < 10


def storable(read: ParsedMail) -> bool:
    """Both databases take UTF-8 without NUL; columns have lengths."""
    texts = [
        read.message_id,
        read.in_reply_to,
        read.sender,
        read.subject,
        read.text,
        *read.references,
        *read.defects,
        *(name for name, _data in read.attachments),
    ]
    return (
        all("\0" not in text and text.encode() is not None for text in texts)
        and len(read.message_id) <= 255
        and len(read.in_reply_to) <= 255
        and len(read.sender) <= 255
        and len(read.sender_name) <= 120
        and len(read.sender_email) <= 254
        and len(read.subject) <= 300
        and (read.dated_at is None or read.dated_at.tzinfo is not None)
    )


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_make_a_mail_that_can_be_stored(raw: bytes) -> None:
    assert storable(parse(raw))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(FIXTURES).map(Path.read_bytes),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=40), st.integers(0, 200)), max_size=8),
)
def test_any_damage_to_a_real_mail_leaves_one_that_can_be_stored(
    raw: bytes, cuts: list[tuple[float, bytes, int]]
) -> None:
    for place, inserted, removed in cuts:
        at = int(place * len(raw))
        raw = raw[:at] + inserted + raw[at + removed :]

    assert storable(parse(raw))


HEADER_NAMES = [
    b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"In-Reply-To", b"Received",
    b"Content-Type", b"Content-Disposition", b"Content-Transfer-Encoding", b"Auto-Submitted",
]  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HEADER_NAMES), st.binary(max_size=80)), max_size=6),
    st.binary(max_size=200),
)
def test_any_headers_make_a_mail_that_can_be_stored(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    lines = [name + b": " + value.replace(b"\n", b" ") for name, value in headers]

    assert storable(parse(b"\n".join(lines) + b"\n\n" + body))
