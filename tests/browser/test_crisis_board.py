"""The board in a browser: it reads itself again, says when it cannot, and needs no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Route, expect

from core.enums import CrisisPart
from tests.browser.conftest import NARROW, WALL, Engage
from tests.browser.pages_of_crises import of_crises, running
from tests.browser.test_accessibility import faults
from tests.walk import Cast, Walk
from tests.workflows.crises import rows
from tests.workflows.crisis.running_walk import RunningWalk

pytestmark = pytest.mark.browser

# Of every text that is seen: how high its letters stand, and which it is.
SMALLEST_TEXT = """() => {
    const seen = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let smallest = [Infinity, ""];
    while (seen.nextNode()) {
        const text = seen.currentNode.textContent.trim(), element = seen.currentNode.parentElement;
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (text && element.checkVisibility() && size < smallest[0]) { smallest = [size, text.slice(0, 60)]; }
    }
    return smallest;
}"""
READABLE_ON_A_WALL = 18


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

    official.page.route("**" + reverse("crisis_board"), hurry)
    official.find("link", "Read again now").click()
    rows.make_step(crisis, "nua", settled_at=walk.at)
    official.reads("Done: 3")


def hurry(route: Route) -> None:
    """The page as it is, but it reads itself again after a second: nobody waits here for thirty."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('content="30"', 'content="1"'))


def test_a_wall_screen_shows_all_of_it_readably_and_what_others_do_without_being_touched(
    engage: Engage, cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = RunningWalk(cast, set_clock).run()
    above = cast.agency.parent
    assert above is not None
    report = rows.make_report(walk.crisis, cast=cast)
    rows.acknowledge(rows.make_dispatch(report, above), at=walk.at)
    rows.make_dispatch(report, cast.stranger.posts.get().agency)
    rows.make_statement(walk.crisis, "Sở đang xác minh (giả định).", cast=cast, released_at=walk.at)
    walk.crisis.steps.filter(code="preserve").update(due=walk.at)
    walk.pass_time(minutes=10)
    wall = engage(size=WALL)
    wall.page.clock.install()
    wall.enter(cast.head, reverse("crisis_board") + "?man-hinh=1")
    wall.page.evaluate("window.pnWasNeverLeft = true")
    wall.watch.look(wall.page, "crisis-board-wall-full")

    wall.reads("23 hours 50 minutes left")
    wall.reads("Late: 1", "Being done: 2", "Waits for other steps: 2")
    wall.reads(cast.contact.full_name, cast.specialist.full_name, cast.chief.full_name)
    wall.reads("Report 1", above.name, "Ông A (giả định)", "Trực ban")
    wall.reads("Sở đang xác minh (giả định).")
    smallest = wall.page.evaluate(SMALLEST_TEXT)
    assert smallest[0] >= READABLE_ON_A_WALL, smallest

    another_session = Client()
    another_session.force_login(cast.contact)
    step = reverse("step", args=[walk.task_of("verify").pk])
    assert another_session.post(step, {"action": "do", "note": "Đã gọi."}).status_code == 302
    wall.page.clock.run_for(16_000)

    wall.reads("Done: 1")
    assert wall.page.evaluate("window.pnWasNeverLeft")


def test_the_pages_of_crises_have_no_fault_that_axe_knows_and_fit_a_phone(engage: Engage, walk: Walk) -> None:
    walk.register()
    walk.at += timedelta(minutes=1)
    official = engage(language="vi")
    found: list[str] = []
    for visit in of_crises(walk):
        official.visit(visit)
        found += faults(official, visit)
    assert found == []
