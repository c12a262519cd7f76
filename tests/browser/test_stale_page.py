"""Two people have the same step open; both send it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import NARROW, Engage
from tests.walk import Walk

pytestmark = pytest.mark.browser

REMARK = "Nhận xét dài mà tôi không muốn gõ lại (giả định)."


def test_the_second_sees_who_was_quicker_and_keeps_the_text(engage: Engage, walk: Walk) -> None:
    walk.to("review")
    path = f"/viec/{walk.task('review').pk}/"
    first, second = engage(), engage(size=NARROW)
    first.enter(walk.cast.unit_head, path)
    second.enter(walk.cast.unit_head, path)
    second.watch.expected = {409}

    first.leave("Approve the content", "review-first")
    second.type("Remarks", REMARK)
    second.leave("Approve the content", "review-second")

    second.reads("It changed meanwhile", "You already completed the step")
    assert second.page.locator("main textarea[readonly]").input_value() == REMARK
    assert walk.steps == {"clear"}
    assert walk.inquiry.versions.get().verdicts.count() == 1
