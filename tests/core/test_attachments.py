import io
import zipfile

import pytest
from pytest_django import Settings

from core.rules.attachments import NotAccepted, TooLarge, check, clean_name

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 13
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
DOC = OLE + "WordDocument".encode("utf-16-le")


def office(*parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.pdf", b"%PDF-1.7\n...", "application/pdf"),
        (
            "a.docx",
            office("word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "a.xlsx",
            office("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("a.doc", DOC, "application/msword"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        ("a.png", PNG, "image/png"),
        ("a.mp3", b"ID3\x04" + b"\0" * 20, "audio/mpeg"),
        ("a.mp3", b"\xff\xfb\x90\x64" + b"\0" * 20, "audio/mpeg"),
        ("a.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 20, "audio/mp4"),
        ("a.mp4", b"\0\0\0\x20ftypisom" + b"\0" * 20, "video/mp4"),
        ("a.mov", b"\0\0\0\x14ftypqt  " + b"\0" * 20, "video/quicktime"),
        ("a.3gp", b"\0\0\0\x18ftyp3gp4" + b"\0" * 20, "video/3gpp"),
        ("a.webm", b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 20, "video/webm"),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 20, "audio/wav"),
        ("a.opus", b"OggS\0\x02" + b"\0" * 20, "audio/ogg"),
        ("a.amr", b"#!AMR\n" + b"\0" * 20, "audio/amr"),
        ("a.aac", b"\xff\xf1\x50\x80" + b"\0" * 20, "audio/aac"),
        ("a.txt", "Câu hỏi: vì sao?\r\n".encode(), "text/plain"),
        ("a.txt", "Câu hỏi".encode("utf-16"), "text/plain"),
        ("a.csv", b"a;b\n1;2", "text/plain"),
        ("no-suffix", b"%PDF-1.4", "application/pdf"),
        ("Báo cáo v1.2 bản cuối", b"%PDF-1.4", "application/pdf"),
        ("picture.png", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_type_is_found_in_the_content(name: str, data: bytes, media_type: str) -> None:
    assert check(name, data) == media_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("program.exe", b"MZ\x90\0" + b"\0" * 60),
        ("program.pdf", b"MZ\x90\0" + b"\0" * 60),
        ("page.html", b"<html><script>alert(1)</script>"),
        ("page.txt", b"<!doctype html><p>hi"),
        ("page.txt", b"  hello <SCRIPT>alert(1)</SCRIPT>"),
        ("page.txt", "<svg onload=alert(1)>".encode("utf-16")),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("script.pdf", b"import os\nos.remove('x')\n"),
        ("script.bat", b"del *.*"),
        ("script.sh.txt", b"#!/bin/sh\n"),
        ("good.pdf.exe", b"%PDF-1.7"),
        ("good.html", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("archive.zip", office("anything.txt")),
        ("archive.docx", office("anything.txt")),
        ("macros.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("macros.doc", DOC + "_VBA_PROJECT".encode("utf-16-le")),
        ("table.doc", OLE + "Workbook".encode("utf-16-le")),
        ("cut.docx", office("word/document.xml")[:40]),
        ("sfx.docx", b"MZ" + office("word/document.xml")),
        ("binary.txt", b"abc\0def"),
        ("film.mkv", b"\x1a\x45\xdf\xa3\x01\0\0\0matroska"),
        ("picture.wav", b"RIFF\x24\0\0\0WEBPVP8 "),
        ("script.amr", b"#!/bin/sh\n"),
        ("empty.txt", b""),
        ("blank.txt", b" \n"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_not_accepted_is_refused_by_name(name: str, data: bytes) -> None:
    with pytest.raises(NotAccepted, match="its content is not of an accepted type") as refusal:
        check(name, data)
    assert f"“{name}”" in str(refusal.value)


def test_a_file_of_the_largest_size_passes_and_one_byte_more_does_not(settings: Settings) -> None:
    settings.MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
    largest = b"%PDF-1.7".ljust(20 * 1024 * 1024, b"\n")

    assert check("a.pdf", largest) == "application/pdf"
    with pytest.raises(TooLarge, match=r"“a\.pdf” is larger than 20 MB"):
        check("a.pdf", largest + b"\n")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Giấy giới thiệu.pdf", "Giấy giới thiệu.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\An\ảnh.jpg", "ảnh.jpg"),
        ("a\0b\r\nc\u202etxt.pdf", "abctxt.pdf"),
        ('a<b>:"c"|?*.pdf', "a b c .pdf"),
        ("", "attachment"),
        ("...", "attachment"),
        ("/", "attachment"),
    ],
)
def test_a_name_is_bare_and_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_end() -> None:
    assert clean_name("ơ" * 500 + ".pdf") == "ơ" * 196 + ".pdf"


def test_a_name_ends_as_its_content_wants() -> None:
    assert clean_name("picture.png", "image/jpeg") == "picture.png.jpg"
    assert clean_name("Photo.JPEG", "image/jpeg") == "Photo.JPEG"
    assert clean_name("note", "text/plain") == "note.txt"
    assert len(clean_name("a" * 300, "application/pdf")) == 200
