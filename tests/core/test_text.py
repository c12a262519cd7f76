import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.rules.text import QUESTION_LIMIT, clean_line, clean_text, similar, split_questions

NFD = unicodedata.normalize("NFD", "Kết quả tuyển dụng")


def test_decomposed_letters_are_composed() -> None:
    assert clean_line(NFD, limit=100) == "Kết quả tuyển dụng"
    assert clean_text(NFD, limit=100) == "Kết quả tuyển dụng"


@pytest.mark.parametrize(
    "hidden",
    ["\0", "\x07", "\x1b", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\ud800", "\u3164", "\u2800"],
)
def test_what_nobody_can_see_is_removed(hidden: str) -> None:
    assert clean_line(f"gi{hidden}á", limit=10) == "giá"
    assert clean_text(f"gi{hidden}á", limit=10) == "giá"
    assert clean_text(hidden * 3, limit=10) == ""


def test_a_line_has_single_spaces_and_no_breaks() -> None:
    assert clean_line("  Sở\t Nội\r\nvụ\u00a0tỉnh \n", limit=50) == "Sở Nội vụ tỉnh"


def test_a_text_keeps_its_lines() -> None:
    assert clean_text(" một\t1 \r\nhai\rba\u2028bốn\n\n\n\nnăm\n", limit=50) == "một 1\nhai\nba\nbốn\n\nnăm"


def test_a_text_as_long_as_the_limit_passes_and_one_letter_more_does_not() -> None:
    assert len(clean_text("a" * QUESTION_LIMIT, limit=QUESTION_LIMIT)) == QUESTION_LIMIT
    with pytest.raises(Invalid) as refusal:
        clean_text("a" * (QUESTION_LIMIT + 1), limit=QUESTION_LIMIT)
    assert str(refusal.value).startswith("This text has 10001 characters and at most 10000 are accepted.")


def test_a_question_of_100000_characters_is_refused_with_its_length() -> None:
    with pytest.raises(Invalid, match="has 100000 characters"):
        clean_text("ờ" * 100_000, limit=QUESTION_LIMIT)


@given(st.text())
def test_clean_text_is_clean_already(text: str) -> None:
    clean = clean_text(text, limit=10_000)

    assert clean == clean_text(clean, limit=10_000)
    assert not [c for c in clean if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs"}]


@pytest.mark.parametrize(
    ("body", "questions"),
    [
        ("Kính gửi Sở,\n1. Vì sao hoãn?\n2. Bao giờ thi?\n\nTrân trọng", ["Vì sao hoãn?", "Bao giờ thi?"]),
        ("1) Vì sao\nhoãn thi?\n2) Ai quyết định?", ["Vì sao\nhoãn thi?", "Ai quyết định?"]),
        ("Câu 1: Bao nhiêu hồ sơ\nCâu hỏi 2. Khi nào chi trả", ["Bao nhiêu hồ sơ", "Khi nào chi trả"]),
        (unicodedata.normalize("NFD", "Câu 1: Bao nhiêu?"), ["Bao nhiêu?"]),
        ("Xin hỏi:\n- Kinh phí từ đâu?\n• Ai duyệt?", ["Kinh phí từ đâu?", "Ai duyệt?"]),
        ("1. Số liệu:\n- năm 2025\n- năm 2026", ["Số liệu:\n- năm 2025\n- năm 2026"]),
        ("Chào Sở. Vì sao kỳ thi\nbị hoãn? Cảm ơn.", ["Vì sao kỳ thi bị hoãn?"]),
        ("Bổ sung?\n> 1. Câu cũ?\n> 2. Câu cũ nữa?", ["Bổ sung?"]),
        ("Ngày 1.7.2026 đã có luật mới", ["Ngày 1.7.2026 đã có luật mới"]),
        ("Đề nghị cho xin báo cáo.", ["Đề nghị cho xin báo cáo."]),
        (" \u200b\n", []),
    ],
)
def test_questions_are_proposed_from_a_mail(body: str, questions: list[str]) -> None:
    assert split_questions(body) == questions


@given(st.text())
def test_any_text_with_something_in_it_proposes_a_question(text: str) -> None:
    assert bool(split_questions(text)) == bool(clean_text(text, limit=10_000))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Đề nghị cung cấp thông tin về lộ đề thi công chức", "Re: LỘ ĐỀ THI CÔNG CHỨC 2026"),
        ("Lo de thi cong chuc", "Lộ đề thi công chức"),
        ("Sáp nhập xã", "Sáp nhập xã"),
        (NFD, "Kết quả tuyển dụng"),
    ],
)
def test_subjects_of_one_matter_are_similar(a: str, b: str) -> None:
    assert similar(a, b)
    assert similar(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Đề nghị cung cấp thông tin về lộ đề thi", "Đề nghị cung cấp thông tin về lương hưu"),
        ("Đề nghị trả lời phỏng vấn", "Đề nghị cung cấp thông tin"),
        ("Tuyển dụng công chức", "Tai nạn lao động"),
        ("", ""),
        ("", "Lộ đề thi"),
    ],
)
def test_subjects_of_two_matters_are_not_similar(a: str, b: str) -> None:
    assert not similar(a, b)
