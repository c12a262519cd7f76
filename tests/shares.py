"""
Which runs a test belongs to when the suite runs on SQLite and on PostgreSQL side by side.

What asks the database runs on both. What asks none, or looks only at what leaves the product (a page in the
browser, a sentence, a letter's print), runs once; where is chosen so that both runs end at about the same time.
Without the share that `tests.both` names, everything runs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

VARIABLE = "TESTS_SIDE_BY_SIDE"
ASKS = {"db", "transactional_db", "live_server"}
ONCE = {
    "tests/browser": "postgresql",
    "tests/house": "sqlite",
}
WITHOUT_DATABASE = "sqlite"


def databases(path: str, *, asks: bool) -> set[str]:
    """The databases on which a test of the file at `path`, from the root, runs; `asks`: whether it asks one."""
    once = {vendor for folder, vendor in ONCE.items() if Path(path).is_relative_to(folder)}
    if once:
        return once
    return {"sqlite", "postgresql"} if asks else {WITHOUT_DATABASE}


def asks_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not ASKS.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if VARIABLE not in os.environ:
        return
    here = [item for item in items if connection.vendor in _databases(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(here)])
    items[:] = here


def _databases(item: pytest.Item) -> set[str]:
    return databases(item.path.relative_to(item.config.rootpath).as_posix(), asks=asks_database(item))
