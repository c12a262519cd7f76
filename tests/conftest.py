import shutil
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker, Settings

from tests.law import load_law
from tests.shares import pytest_collection_modifyitems
from tests.trail_plugin import triggers_give_way_to_the_flush

__all__ = ["pytest_collection_modifyitems", "triggers_give_way_to_the_flush"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The distribution's own Chromium, which as root, in a container, has no sandbox and no graphics card."""
    assert CHROMIUM, "Chromium is not installed: `make test` installs it, or says how."
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        "--metrics-recording-only",
        "--no-first-run",
    ]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The law and the calendar are there for every test, as in a deployment; a flush takes them away again."""
    with django_db_blocker.unblock():
        load_law()


@pytest.fixture
def set_clock(settings: Settings) -> Callable[[datetime], None]:
    def set_(instant: datetime) -> None:
        settings.CLOCK = instant

    return set_
