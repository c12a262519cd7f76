"""What an issued PDF is, read back from its bytes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.utils import translation
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from documents import fonts, rendering
from documents.kinds.reply import ReplyItem, ReplyLetter
from documents.rendering import NothingFromOutside
from tests.documents.conftest import make_reply, text_of

HEADING = {
    "agency_name": "Sở Nội vụ tỉnh Mẫu",
    "parent_name": "Ủy ban nhân dân tỉnh Mẫu",
    "symbol": "05/SNV-VP",
    "subject": "trả lời Báo Thử nghiệm",
    "date_line": "Tỉnh Mẫu, ngày 09 tháng 3 năm 2026",
    "signature_lines": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
    "signer": "Trần Thị Ví Dụ",
}
MILLIMETRE = 72 / 25.4


def made(**fields: Any) -> rendering.Rendering:
    facts = {**ReplyLetter.facts(make_reply(**fields)), **HEADING}
    return rendering.render(template=ReplyLetter.template, facts=facts)


def answering(text: str, *, question: str = "Câu hỏi?") -> rendering.Rendering:
    return made(items=(ReplyItem(number=1, question=question, answer=text),))


def font_names(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        found = [
            each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        ]
        return {str(font["/BaseFont"]) for font in found}


def descriptors(pdf: bytes) -> list[bool]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return [
            "/FontFile2" in each or "/FontFile3" in each
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]


def test_only_liberation_serif_is_in_the_document_and_it_is_embedded() -> None:
    pdf = answering("".join(sorted(fonts.VIETNAMESE)) + " 😀 中文 Ω → ✓ العربية").pdf
    assert font_names(pdf)
    assert all("Liberation-Serif" in name for name in font_names(pdf))
    assert descriptors(pdf)
    assert all(descriptors(pdf))


def test_every_vietnamese_letter_is_found_by_search_and_read_aloud() -> None:
    letters = " ".join(sorted(fonts.VIETNAMESE))
    assert letters in text_of(answering(letters).pdf)


def test_letter_reads_in_the_order_of_the_decree() -> None:
    text = text_of(
        made(
            recipients=("UBND tỉnh (để báo cáo)",),
            archive="VP",
            items=(
                ReplyItem(number=1, question="Bao nhiêu?", answer="42 đơn vị."),
                ReplyItem(number=2, question="Học phí?", redirect_to="Sở Giáo dục và Đào tạo"),
            ),
        ).pdf
    )
    parts = [
        "ỦY BAN NHÂN DÂN TỈNH MẪU",
        "SỞ NỘI VỤ TỈNH MẪU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/SNV-VP",
        "V/v trả lời Báo Thử nghiệm",
        "Tỉnh Mẫu, ngày 09 tháng 3 năm 2026",
        "Kính gửi: Báo Thử nghiệm (giả định)",
        "Trả lời yêu cầu cung cấp thông tin ngày 02 tháng 3 năm 2026 của Báo Thử nghiệm (giả định)",
        "Câu hỏi 1: Bao nhiêu?",
        "Trả lời: 42 đơn vị.",
        "Câu hỏi 2: Học phí?",
        "không thuộc chức năng, nhiệm vụ, quyền hạn của Sở Nội vụ tỉnh Mẫu",
        "Sở Giáo dục và Đào tạo",
        "./.",
        "Nơi nhận:",
        "- Như trên;",
        "- UBND tỉnh (để báo cáo);",
        "- Lưu: VT, VP.",
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Trần Thị Ví Dụ",
    ]
    places = [text.find(part) for part in parts]
    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_no_law_stands_in_a_redirect_unless_it_was_given() -> None:
    item = ReplyItem(number=1, question="Học phí?", redirect_to="Sở Giáo dục và Đào tạo")
    assert "Luật" not in text_of(made(items=(item,)).pdf)
    cited = text_of(made(items=(item,), duty_citation="khoản 1 Điều 0 Luật Thử nghiệm").pdf)
    assert "(khoản 1 Điều 0 Luật Thử nghiệm)" in cited


def test_markup_in_a_question_or_answer_is_shown_as_text() -> None:
    attack = (
        "<script>alert(1)</script><img src=file:///etc/passwd><style>*{display:none}</style>{{ facts }} &amp;"
    )
    pdf = answering(attack, question=attack).pdf
    text = text_of(pdf)
    assert text.count("<script>alert(1)</script>") == 2
    assert text.count("{{ facts }} &amp;") == 2
    with pikepdf.open(BytesIO(pdf)) as document:
        images = [page.get_images() for page in document.pages]
    assert not any(images)


@pytest.mark.parametrize("url", ["https://example.org/x.css", "file:///etc/passwd", "data:text/css,a{}"])
def test_rendering_fetches_nothing(url: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        NothingFromOutside().fetch(url)


def test_same_facts_give_the_same_bytes_in_another_process_language_and_zone() -> None:
    here = made().pdf
    with translation.override("en"):
        assert made().pdf == here
    script = (
        "import django, hashlib; django.setup()\n"
        "from tests.documents.test_rendering import made\n"
        "print(hashlib.sha256(made().pdf).hexdigest())\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PATH": "/usr/bin:/bin",
        "TZ": "America/Lima",
        "LANG": "C",
        "PYTHONHASHSEED": "1",
    }
    run = [sys.executable, "-W", "ignore", "-c", script]
    there = subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    assert there == hashlib.sha256(here).hexdigest()


def test_file_claims_pdf_a_3a_and_pdf_ua_1_and_says_its_language_and_title() -> None:
    with pikepdf.open(BytesIO(made().pdf)) as document:
        root = document.Root
        with document.open_metadata() as metadata:
            claims = {name: metadata[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")}
        assert str(root["/Lang"]) == "vi"
        assert bool(root["/MarkInfo"]["/Marked"])
        assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
        assert "/StructTreeRoot" in root
        assert str(document.docinfo["/Title"]) == "05/SNV-VP trả lời Báo Thử nghiệm"
        assert "/OutputIntents" in root
    assert claims == {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def test_pages_are_a4_and_numbered_from_the_second_on() -> None:
    rendered = answering("\n".join(f"Đoạn thứ {each} của câu trả lời." for each in range(200)))
    pages = PdfReader(BytesIO(rendered.pdf)).pages
    numbers = [
        [line for line in page.extract_text().splitlines() if line.strip().isdigit()] for page in pages
    ]
    assert rendered.pages == len(pages) > 3
    assert numbers == [[], *([str(each)] for each in range(2, len(pages) + 1))]
    for page in pages:
        assert float(page.mediabox.width) == pytest.approx(210 * MILLIMETRE, abs=1)
        assert float(page.mediabox.height) == pytest.approx(297 * MILLIMETRE, abs=1)


def test_text_keeps_to_the_margins_of_the_decree() -> None:
    places: list[tuple[float, float]] = []

    def visit(text: str, page: list[float], line: list[float], _font: Any, _size: float) -> None:
        if text.strip() and not text.strip().isdigit():
            x, y = line[4], line[5]
            places.append((page[0] * x + page[2] * y + page[4], page[1] * x + page[3] * y + page[5]))

    for page in PdfReader(BytesIO(answering("chữ " * 3000).pdf)).pages:
        page.extract_text(visitor_text=visit)
    assert min(x for x, _y in places) >= 30 * MILLIMETRE - 1
    assert min(y for _x, y in places) >= 20 * MILLIMETRE
    assert max(y for _x, y in places) <= (297 - 20) * MILLIMETRE


def test_blank_lines_part_paragraphs_and_nothing_is_lost_between_them() -> None:
    assert "Một. Hai." in text_of(answering("Một.\n\n\nHai.").pdf)


def test_answer_of_100_000_characters_is_printed_whole_even_without_a_space() -> None:
    rendered = answering("x" * 20_000 + "\n" + ("từ " * 100 + "\n") * 267)
    text = text_of(rendered.pdf)
    assert (text.count("x"), text.count("từ")) == (20_000, 26_700)
    assert rendered.pages > 20
