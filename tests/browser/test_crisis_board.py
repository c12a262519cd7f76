"""The board in a browser: it reads itself again, says when it cannot, and needs no JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.enums import CrisisPart
from tests.browser.conftest import NARROW, Engage
from tests.browser.pages_of_crises import of_crises, running
from tests.browser.test_accessibility import faults
from tests.walk import Walk
from tests.workflows.crises import rows

pytestmark = pytest.mark.browser


def test_the_board_reads_itself_again_and_says_so_when_it_cannot(engage: Engage, walk: Walk) -> None:
    crisis = running(walk)
    official = engage()
    official.page.clock.install()
    official.enter(walk.cast.head, reverse("crisis_board"))
    official.reads("Done: 1", "20 hours 15 minutes left", "As of")
    stamp = official.page.locator("[data-pn-board-at]")
    before = stamp.inner_text()

    walk.tick(seconds=15)
    crisis.steps.filter(part=CrisisPart.CLERK).update(settled_at=walk.at, due=walk.at)
    official.page.clock.run_for(16_000)

    official.reads("Done: 2")
    assert stamp.inner_text() != before
    alarm = official.page.locator("[data-pn-board-failed]")
    expect(alarm).to_be_hidden()

    official.watch.expected = {401}
    official.context.clear_cookies()
    official.page.clock.run_for(16_000)

    expect(alarm).to_be_visible()
    official.reads("Done: 2", "The board could not be read again.")
    assert {"401" in complaint for complaint in official.watch.complaints} == {True}
    official.watch.complaints.clear()


def test_the_board_works_without_javascript_by_reading_itself_as_a_whole(engage: Engage, walk: Walk) -> None:
    crisis = running(walk)
    official = engage(size=NARROW, java_script_enabled=False)
    official.enter(walk.cast.head, reverse("crisis_board"))
    official.reads("Done: 1")
    assert official.page.locator('meta[http-equiv="refresh"]').get_attribute("content") == "30"

    rows.make_step(crisis, "them", settled_at=walk.at)
    official.find("link", "Read again now").click()

    official.reads("Done: 2")


def test_the_pages_of_crises_have_no_fault_that_axe_knows_and_fit_a_phone(engage: Engage, walk: Walk) -> None:
    walk.register()
    walk.at += timedelta(minutes=1)
    official = engage(language="vi")
    found: list[str] = []
    for visit in of_crises(walk):
        official.visit(visit)
        found += faults(official, visit)
    assert found == []
