"""Everybody can use every kind of page: no fault that axe knows, on a desk or on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_django import Settings

from tests.browser.conftest import NARROW, WIDE, Engage
from tests.browser.official import Official
from tests.browser.pages import every_kind
from tests.browser.visits import Visit
from tests.walk import Walk

pytestmark = pytest.mark.browser

OPTIONS = {"resultTypes": ["violations"]}


def faults(official: Official, visit: Visit) -> Iterator[str]:
    for width, height in (WIDE, NARROW):
        official.page.set_viewport_size({"width": width, "height": height})
        official.watch.look(official.page, visit.name)
        for violation in Axe().run(official.page, options=OPTIONS).response["violations"]:
            for node in violation["nodes"]:
                yield f"{visit.name} at {width} px: {violation['id']} ({violation['impact']}) {node['html'][:160]}"


def test_no_kind_of_page_has_a_fault_that_axe_knows(engage: Engage, walk: Walk, settings: Settings) -> None:
    """Here too every page of the product is looked at for scripts, styles and scrollbars it must not have."""
    settings.ROOT_URLCONF = "tests.browser.urls"
    official = engage(language="vi")
    found: list[str] = []
    for visit in every_kind(walk):
        official.visit(visit)
        found += faults(official, visit)
    assert found == []
