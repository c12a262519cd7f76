import base64
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from core.rules.mail import (
    AUTO_REPLY,
    DATE_UNREADABLE,
    ENCODING_BROKEN,
    FORWARDED,
    ID_MISSING,
    SENDER_UNREADABLE,
    SHORTENED,
    ParsedMail,
    defect_sentence,
    parse,
)

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "demo" / "mail").glob("*.eml"))
HEAD = (
    b"From: An <an@bao.example>\nTo: press@so.example\nMessage-ID: <1@bao.example>\n"
    b"Date: Mon, 16 Nov 2026 08:42:17 +0700\n"
)


def mail(body: bytes = b"hi", *, headers: bytes = b"") -> ParsedMail:
    return parse(HEAD + headers + b"\n" + body)


def test_a_plain_mail_is_read_whole() -> None:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "Đỗ Thu Ngân <Ngan.Do@Bao.example>"
    message["To"] = "Sở Nội vụ <press@so.example>, second@so.example"
    message["Cc"] = "Third@so.example"
    message["Subject"] = "Về kết quả tuyển dụng công chức năm 2026 của tỉnh, kèm theo câu hỏi của tòa soạn"
    message["Date"] = datetime(2026, 11, 16, 1, 42, 17, tzinfo=UTC)
    message["Message-ID"] = "<abc@bao.example>"
    message["In-Reply-To"] = "<b@x>"
    message["References"] = "<a@x> <b@x>"
    message.set_content("Kính gửi Sở,\n\nVì sao?\n")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Giấy giới thiệu.pdf")

    assert parse(bytes(message)) == ParsedMail(
        message_id="<abc@bao.example>",
        in_reply_to="<b@x>",
        references=("<a@x>", "<b@x>"),
        sender_name="Đỗ Thu Ngân",
        sender_email="ngan.do@bao.example",
        subject="Về kết quả tuyển dụng công chức năm 2026 của tỉnh, kèm theo câu hỏi của tòa soạn",
        text="Kính gửi Sở,\n\nVì sao?",
        dated_at=datetime(2026, 11, 16, 1, 42, 17, tzinfo=UTC),
        recipients=("press@so.example", "second@so.example", "third@so.example"),
        attachments=(("Giấy giới thiệu.pdf", b"%PDF-1.7"),),
    )


def test_the_nearest_answered_mail_comes_first() -> None:
    read = mail(headers=b"In-Reply-To: <c@x>\nReferences: <a@x> <b@x>\n <c@x>\n")

    assert read.answers == ("<c@x>", "<b@x>", "<a@x>")


# Headers


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Sở Nội vụ".encode(), "Sở Nội vụ"),
        (b"=?windows-1258?Q?S=F5=D2?=", "Sở"),
        (b"=?UTF-8?B?4bq?= =?UTF-8?B?v3Q=?=", "ết"),
        (b"=?UTF-8?B?4?= x", "=?UTF-8?B?4?= x"),
        (b"=?utf-8?Q?K=E1=BA?=\n =?utf-8?Q?=BFt_qu=E1=BA=A3?=", "Kết quả"),
        ("Về =?utf-8?Q?k=E1=BA=BFt?= quả".encode(), "Về kết quả"),
        (b"=?utf-8*vi?Q?S=E1=BB=9F?=", "Sở"),
        (b"=?x-viet-tcvn5712?Q?So?=", "So"),
        (b"=?utf-8?X?abc?= =?", "=?utf-8?X?abc?= =?"),
        (unicodedata.normalize("NFD", "Kết quả").encode(), "Kết quả"),
        (b"one\n\ttwo", "one two"),
        (b"a\0b\x1bc", "abc"),
    ],
)
def test_a_subject_is_readable_however_it_is_encoded(header: bytes, subject: str) -> None:
    assert mail(headers=b"Subject: " + header + b"\n").subject == subject


def test_a_line_break_smuggled_into_a_header_becomes_a_space() -> None:
    smuggled = base64.b64encode(b"hello\r\nBcc: all@so.example").decode()

    assert mail(headers=f"Subject: =?utf-8?B?{smuggled}?=\n".encode()).subject == "hello Bcc: all@so.example"


def test_an_overlong_subject_is_cut_and_says_so() -> None:
    read = mail(headers="Subject: {}\n".format("á" * 301).encode())

    assert read.subject == "á" * 300
    assert read.defects == (SHORTENED,)


@pytest.mark.parametrize("value", [b"", b"<>", b"nobody", b"An <an@>", b"undisclosed:;", b"@", b"(" * 5000])
def test_a_mail_without_a_readable_sender_is_read_all_the_same(value: bytes) -> None:
    read = parse(b"From: " + value + b"\nMessage-ID: <1@x>\nSubject: s\n\nVi sao?")

    assert read.sender_email == ""
    assert SENDER_UNREADABLE in read.defects
    assert (read.subject, read.text) == ("s", "Vi sao?")


def test_a_mail_without_message_id_is_known_by_the_hash_of_its_bytes() -> None:
    read = [parse(raw) for raw in (b"From: a@b.vn\n\nx", b"From: a@b.vn\n\nx", b"From: a@b.vn\n\ny")]

    assert read[0].message_id == read[1].message_id != read[2].message_id
    assert read[0].message_id.startswith("sha256:")
    assert ID_MISSING in read[0].defects


@pytest.mark.parametrize(
    "value", [b"Thu, 45 Nov 2026 99:61:00 +0700", b"yesterday", b"", b"1 Jan 1900 00:00 +0000"]
)
def test_a_date_that_cannot_be_read_is_left_out(value: bytes) -> None:
    read = parse(b"From: a@b.vn\nMessage-ID: <1@x>\nDate: " + value + b"\n\nx")

    assert read.dated_at is None
    assert read.defects == (DATE_UNREADABLE,)


@pytest.mark.parametrize("zone", ["-0000", ""])
def test_a_date_without_a_zone_is_utc(zone: str) -> None:
    read = parse(f"From: a@b.vn\nMessage-ID: <1@x>\nDate: Mon, 16 Nov 2026 08:42:17 {zone}\n\nx".encode())

    assert read.dated_at == datetime(2026, 11, 16, 8, 42, 17, tzinfo=UTC)


def test_the_box_that_took_the_mail_comes_before_those_it_names() -> None:
    read = parse(
        b"Received: from a by b for <Third@So.example>; Mon\nDelivered-To: first@so.example\n"
        b"To: second@so.example\n\nx"
    )

    assert read.recipients == ("first@so.example", "second@so.example", "third@so.example")


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated; x=y",
        b"Precedence: bulk",
        b"X-Autoreply: yes",
        b"Return-Path: <>",
        b"Content-Type: multipart/report; boundary=x",
    ],
)
def test_what_a_machine_sent_is_recognised(header: bytes) -> None:
    read = mail(headers=header + b"\n")

    assert read.is_auto_reply
    assert AUTO_REPLY in read.defects


@pytest.mark.parametrize(
    "header", [b"Auto-Submitted: no", b"Precedence: first-class", b"Return-Path: <a@b.vn>"]
)
def test_what_a_person_sent_is_not_taken_for_a_machine(header: bytes) -> None:
    assert not mail(headers=header + b"\n").is_auto_reply


def test_a_bounce_answers_the_mail_it_returns() -> None:
    bounce = MIMEMultipart("report")
    returned = EmailMessage()
    returned["Message-ID"] = "<ours@so.example>"
    bounce.attach(MIMEText("could not be delivered"))
    bounce.attach(MIMEMessage(returned))

    assert parse(bytes(bounce)).answers == ("<ours@so.example>",)


# Bodies


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "UTF-8*vi", "utf-7"])
def test_vietnamese_is_read_in_its_charset(charset: str) -> None:
    body = base64.b64encode("Sở Nội vụ: vì sao?".encode(charset.split("*", maxsplit=1)[0]))
    headers = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n"
    read = mail(body, headers=headers.encode())

    assert read.text == "Sở Nội vụ: vì sao?"
    assert read.defects == ()


def test_windows_1258_is_composed() -> None:
    read = mail(b"Ti\xd2nh M\xe2\xdeu", headers=b"Content-Type: text/plain; charset=windows-1258\n")

    assert read.text == "Tỉnh Mẫu"


@pytest.mark.parametrize(
    "charset", ["x-viet-tcvn5712", "viscii", "x-viet-vni", "unicode_escape", "hex", "idna"]
)
def test_a_charset_nobody_knows_is_guessed_and_said(charset: str) -> None:
    read = mail("Sở".encode(), headers=f'Content-Type: text/plain; charset="{charset}"\n'.encode("latin-1"))

    assert read.text == "Sở"
    assert len(read.defects) == 1
    assert read.defects[0].startswith("charset_")


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1"])
def test_utf8_under_a_western_name_is_read_as_utf8(charset: str) -> None:
    read = mail("Kết quả".encode(), headers=f"Content-Type: text/plain; charset={charset}\n".encode())

    assert read.text == "Kết quả"
    assert read.defects == ("charset_wrong",)


def test_utf8_with_broken_bytes_keeps_what_is_whole() -> None:
    read = mail(
        "Kết quả tuyển dụng ".encode() + b"\xff\xfe", headers=b"Content-Type: text/plain; charset=utf-8\n"
    )

    assert read.text.startswith("Kết quả tuyển dụng ")
    assert read.defects == ("charset_wrong",)


def test_broken_base64_is_read_as_far_as_it_goes() -> None:
    read = mail(b"VmkgU2FvPw===!!abc", headers=b"Content-Transfer-Encoding: base64\n")

    assert read.text.startswith("Vi Sao?")
    assert read.defects == (ENCODING_BROKEN,)


def test_html_becomes_text_without_its_scripts() -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style><script>evil('<p>no</p>')</script></head>"
        "<body onload=\"x('>')\"><!-- <p>no</p> --><p>Kính&nbsp;gửi &lt;Sở&gt;,</p><ol><li>Một?<li>Hai?</ol>"
        "<ul><li>ba</ul>b<br>c<a href='javascript:x'>d</a></body></html>"
    )
    read = mail(html.encode(), headers=b"Content-Type: text/html; charset=utf-8\n")

    assert read.text == "Kính gửi <Sở>,\n\n1. Một?\n2. Hai?\n\n- ba\n\nb\ncd"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>never closed <p>x", ""),
        ("<!-- never closed <p>x", ""),
        ("a < b <p title=it's>c", "a < b\nc"),
        ("<![endif]><p>x", "x"),
        ("<p <p <p>x", "<p <p\nx"),
        ("&#0;&#x110000;&bogus;x", "\ufffd\ufffd&bogus;x"),
    ],
)
def test_broken_html_still_gives_its_words(html: str, text: str) -> None:
    assert mail(html.encode(), headers=b"Content-Type: text/html\n").text == text


@pytest.mark.parametrize(("plain", "read"), [("plain", "plain"), (" \n", "html")])
def test_of_alternatives_the_plain_one_is_read_unless_blank(plain: str, read: str) -> None:
    message = MIMEMultipart("alternative")
    message.attach(MIMEText(plain, "plain"))
    message.attach(MIMEText("<p>html</p>", "html"))

    assert parse(bytes(message)).text == read


def test_a_mail_inside_a_mail_is_read_after_it() -> None:
    inner = MIMEMultipart()
    inner["Subject"] = "inner"
    inner.attach(MIMEText("inner text"))
    inner.attach(MIMEApplication(b"%PDF-1.4", name="inner.pdf"))
    outer = MIMEMultipart()
    outer.attach(MIMEText("outer text"))
    outer.attach(MIMEMessage(inner))
    read = parse(bytes(outer))

    assert read.text == "outer text\n\ninner text"
    assert read.attachments == (("inner.pdf", b"%PDF-1.4"),)
    assert FORWARDED in read.defects


def test_an_attachment_without_a_name_and_a_text_with_one_are_attachments() -> None:
    message = MIMEMultipart()
    message.attach(MIMEText("text"))
    message.attach(MIMEApplication(b"data"))
    named = MIMEText("in a file")
    named.add_header("Content-Disposition", "inline", filename=("utf-8", "vi", "Câu hỏi.txt"))
    message.attach(named)
    encoded = MIMEApplication(b"old")
    encoded.add_header("Content-Disposition", 'attachment; filename="=?utf-8?Q?S=E1=BB=9F.pdf?="')
    message.attach(encoded)
    read = parse(bytes(message))

    assert read.text == "text"
    assert read.attachments == (("attachment-1", b"data"), ("Câu hỏi.txt", b"in a file"), ("Sở.pdf", b"old"))


def test_a_signature_is_no_attachment() -> None:
    message = MIMEMultipart("signed")
    message.attach(MIMEText("text"))
    message.attach(MIMEApplication(b"sig", "pkcs7-signature", name="smime.p7s"))

    assert parse(bytes(message)).attachments == ()


# The demonstration's own mails


def read_fixture(number: str) -> ParsedMail:
    return next(parse(path.read_bytes()) for path in FIXTURES if path.name.startswith(number))


@pytest.mark.parametrize(
    ("number", "claim"),
    [
        (
            "01",
            lambda read: (
                read.subject == "Đề nghị cung cấp thông tin về kết quả tuyển dụng công chức năm 2026"
            ),
        ),
        (
            "02",
            lambda read: [name for name, _ in read.attachments] == ["Giấy giới thiệu.pdf", "Câu hỏi.docx"],
        ),
        ("03", lambda read: "document.location" not in read.text and "\n1. Thông tin dừng chi" in read.text),
        ("04", lambda read: read.text == unicodedata.normalize("NFC", read.text)),
        ("05", lambda read: read.answers == (read_fixture("01").message_id,)),
        ("06", lambda read: read.dated_at is None and "Tạp chí Ví Dụ (giả định) xin hỏi" in read.text),
        ("07", lambda read: read.sender_email == "" and read.sender_name == "Bạn đọc quan tâm"),
        ("08", lambda read: "Tạp chí Ví Dụ (giả định) chuẩn bị chuyên đề" in read.text),
        ("09", lambda read: read.is_auto_reply),
    ],
)
def test_the_demonstration_mails_are_read(number: str, claim: Callable[[ParsedMail], bool]) -> None:
    assert claim(read_fixture(number))


def test_every_defect_has_its_sentence() -> None:
    codes = {defect for path in FIXTURES for defect in parse(path.read_bytes()).defects}

    assert codes
    assert not [code for code in codes if defect_sentence(code) == code]
    assert "“a: b.exe”" in defect_sentence("attachment_not_accepted:a: b.exe")
