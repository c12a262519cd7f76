"""The report and the coordination letter that follow the quick report on a crisis."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from core.clock import ZONE
from core.errors import Invalid
from documents import rendering
from documents.kinds import LETTERS, CoordinationLetter, CrisisReportLetter
from documents.kinds.crisis_report import CrisisFacts, Said
from tests.documents.letters import HEADING, missing, squeezed_text_of

BOTH = [CrisisReportLetter, CoordinationLetter]
NIGHT = datetime(2026, 9, 2, 2, 30, tzinfo=ZONE)
TITLES = {**HEADING, "kind": "Báo cáo", "subject": "tình hình vụ việc: Đề thi"}


def given(**changes: Any) -> CrisisFacts:
    facts: dict[str, Any] = {
        "reference": "KH-2026-0001", "title": "Đề thi", "what": "Đề thi bị phát tán.", "where": "Điểm thi số 1",
        "when": "01 giờ 10 phút", "said": "Chưa phát ngôn.", "needed": "Hỗ trợ xác minh.", "level": "Mức hai",
        "first_report": "KH-2026-0001/1", "first_at": NIGHT, "recipients": ("Bộ Nội vụ", "Công an tỉnh"),
    }  # fmt: skip
    return CrisisFacts(**{**facts, **changes})


def printed(letter: Any, **changes: Any) -> bytes:
    return rendering.render(template=letter.template, facts={**letter.facts(given(**changes)), **TITLES}).pdf


def test_issued_papers_find_their_templates_by_code() -> None:
    assert [LETTERS["crisis_report"], LETTERS["coordination"]] == BOTH


@pytest.mark.parametrize("letter", BOTH)
def test_both_state_the_five_lines_the_level_the_clock_what_was_said_and_the_first_report(
    letter: Any,
) -> None:
    pdf = printed(
        letter,
        duty="khoản 3 Điều 7 Nghị định số 0/2026/NĐ-CP",
        starts_at=NIGHT,
        due=NIGHT.replace(day=3),
        statements=(
            Said(at=NIGHT.replace(hour=4), form="Cổng thông tin", text="Đã tiếp nhận.\nĐang xác minh."),
        ),
    )

    said = {
        "what": "1. Sự việc: Đề thi bị phát tán.",
        "where": "2. Địa điểm: Điểm thi số 1",
        "when": "3. Thời gian: 01 giờ 10 phút",
        "said": "4. Nội dung đã phát ngôn: Chưa phát ngôn.",
        "statement": "04 giờ 30 phút ngày 02 tháng 9 năm 2026, Cổng thông tin: Đã tiếp nhận. Đang xác minh.",
        "needed": "Hỗ trợ xác minh.",
        "level": "6. Mức độ xử lý: Mức hai (cấp độ theo quy chế nội bộ của Sở Nội vụ tỉnh Mẫu, không phải do pháp luật "
        "quy định).",
        "clock": "thực hiện theo khoản 3 Điều 7 Nghị định số 0/2026/NĐ-CP; thời hạn tính từ 02 giờ 30 phút ngày 02 "
        "tháng 9 năm 2026, chậm nhất 02 giờ 30 phút ngày 03 tháng 9 năm 2026.",
        "first": "nhanh số KH-2026-0001/1 lúc 02 giờ 30 phút ngày 02 tháng 9 năm 2026",
    }
    assert missing(pdf, said) == []


@pytest.mark.parametrize("letter", BOTH)
def test_duty_without_a_time_limit_is_told_as_such(letter: Any) -> None:
    told = {"clock": "thực hiện theo khoản 2 Điều 7; quy định này không đặt thời hạn tính bằng giờ."}
    assert missing(printed(letter, duty="khoản 2 Điều 7"), told) == []


def test_report_goes_up_and_the_letter_asks_those_it_is_addressed_to() -> None:
    up = {
        "recipients": "Nơi nhận: - Bộ Nội vụ (để báo cáo); - Công an tỉnh (để báo cáo); - Lưu: VT.",
        "title": "BÁO CÁO",
    }
    assert missing(printed(CrisisReportLetter), up) == []
    beside = {
        "addressees": "Kính gửi: - Bộ Nội vụ; - Công an tỉnh.",
        "asked": "5. Nội dung đề nghị phối hợp: Hỗ trợ xác minh.",
        "recipients": "Nơi nhận: - Như trên; - Lưu: VT.",
    }
    assert missing(printed(CoordinationLetter), beside) == []
    alone = {"addressee": "Kính gửi: Công an tỉnh"}
    assert missing(printed(CoordinationLetter, recipients=("Công an tỉnh",)), alone) == []


@pytest.mark.parametrize("letter", BOTH)
def test_drill_is_printed_on_every_page_and_nothing_of_it_elsewhere(letter: Any) -> None:
    long = "\n".join(["Diễn biến (giả định)."] * 60)

    pages = PdfReader(BytesIO(printed(letter, what=long, is_drill=True))).pages

    assert len(pages) > 1
    assert all("DIỄN TẬP" in page.extract_text() for page in pages)
    assert pages[0].extract_text().count("DIỄN TẬP") == 2
    assert "DIỄNTẬP" not in squeezed_text_of(printed(letter))


@pytest.mark.parametrize("letter", BOTH)
@pytest.mark.parametrize(
    "lack",
    [{"what": " "}, {"where": ""}, {"when": "\n"}, {"said": ""}, {"needed": "\u200b"}, {"recipients": ()}],
)
def test_paper_that_lacks_a_line_or_goes_to_nobody_is_not_made(letter: Any, lack: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="no document was made"):
        letter.facts(given(**lack))


@pytest.mark.parametrize("letter", BOTH)
def test_markup_is_shown_as_text(letter: Any) -> None:
    attack = "<script>alert(1)</script>{{ facts }}"
    text = squeezed_text_of(printed(letter, what=attack, needed=attack, recipients=(attack, "Bộ Nội vụ")))
    assert text.count("<script>alert(1)</script>{{facts}}") == 3
