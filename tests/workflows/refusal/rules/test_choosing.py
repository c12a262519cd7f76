"""What whoever chooses a ground is told of it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.walk import ZONE
from workflows.refusal.rules import choosing


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (datetime(2026, 7, 1, 0, 0, tzinfo=ZONE), date(2025, 7, 1)),
        (datetime(2028, 2, 29, 12, 0, tzinfo=ZONE), date(2027, 2, 28)),
    ],
)
def test_twelve_months_go_back_to_the_same_day(day: datetime, before: date) -> None:
    assert choosing.a_year_before(day) == before


def test_a_family_is_everything_that_went_before_or_came_after() -> None:
    family = choosing.families({1: 2, 2: 3, 3: None, 4: None, 5: 99, 6: 2})

    assert {ground: sorted(kin) for ground, kin in family.items()} == {
        1: [1, 2, 3, 6],
        2: [1, 2, 3, 6],
        3: [1, 2, 3, 6],
        4: [4],
        5: [5],
        6: [1, 2, 3, 6],
    }


def test_the_same_topic_then_the_words_then_the_newest_come_first() -> None:
    rows = [
        ("newest", False, "Giá đất năm nay?"),
        ("alike", False, "Đoàn thanh tra kết luận gì?"),
        ("older and as alike", False, "Đoàn thanh tra kết luận gì?"),
        ("same topic", True, "Tuyển dụng bao giờ?"),
    ]

    found = choosing.most_alike(rows, question="Đoàn thanh tra đã kết luận gì?", most=3)

    assert found == ["same topic", "alike", "older and as alike"]
