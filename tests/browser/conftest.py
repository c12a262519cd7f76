from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.official import PASSWORD, Official
from tests.walk import START, Cast, Walk, make_cast

WIDE, NARROW, WALL = (1280, 800), (390, 844), (1920, 1080)

Engage = Callable[..., Official]


@pytest.fixture
def set_clock(settings: Settings) -> Callable[[datetime], None]:
    def set_(instant: datetime) -> None:
        settings.CLOCK = instant

    return set_


@pytest.fixture
def cast(transactional_db: None, set_clock: Callable[[datetime], None]) -> Cast:
    set_clock(START)
    made = make_cast()
    for person in made.everybody():
        person.set_password(PASSWORD)
        person.save()
    return made


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> Walk:
    return Walk(cast, set_clock)


@pytest.fixture
def engage(browser: Browser, live_server: LiveServer, settings: Settings) -> Iterator[Engage]:
    """An official at a browser of this size, in this language; nothing any page complained about is forgiven."""
    contexts: list[BrowserContext] = []
    officials: list[Official] = []

    def engage_(*, size: tuple[int, int] = WIDE, language: str = "en", **options: Any) -> Official:
        settings.LANGUAGE_CODE = language
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", reduced_motion="reduce", **options
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        officials.append(Official(context, address=live_server.url, language=language))
        return officials[-1]

    yield engage_
    for context in contexts:
        context.close()
    assert [complaint for official in officials for complaint in official.watch.complaints] == []
