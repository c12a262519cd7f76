from datetime import date

import pytest

from core.enums import Capacity
from documents.rules import layout


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2026, 1, 5), "Tỉnh Mẫu, ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "Tỉnh Mẫu, ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "Tỉnh Mẫu, ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "Tỉnh Mẫu, ngày 10 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_take_a_leading_zero(day: date, line: str) -> None:
    assert layout.date_line(place="Tỉnh Mẫu", day=day) == line


def test_date_without_a_place_still_reads_as_a_line() -> None:
    assert layout.date_line(place="", day=date(2026, 3, 9)) == "Ngày 09 tháng 3 năm 2026"


@pytest.mark.parametrize(
    ("capacity", "authority", "title", "lines"),
    [
        (Capacity.DIRECT, "", "Giám đốc", ["GIÁM ĐỐC"]),
        (Capacity.TM, "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        (Capacity.TM, "Ủy ban nhân dân", "Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        (Capacity.Q, "", "Giám đốc", ["Q. GIÁM ĐỐC"]),
        (Capacity.KT, "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        (Capacity.TL, "Giám đốc", "Chánh Văn phòng", ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]),
        (Capacity.TUQ, "Giám đốc", "Chánh Văn phòng", ["TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]),
    ],
)
def test_signature_lines_say_under_whose_authority_one_signs(
    capacity: Capacity, authority: str, title: str, lines: list[str]
) -> None:
    assert layout.signature_lines(capacity=capacity, authority_line=authority, title_line=title) == lines
