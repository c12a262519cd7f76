"""
Which runs a test belongs to when the suite runs on SQLite and on PostgreSQL side by side.

What asks the database runs on both. What asks none, or looks only at what leaves the product (a page in the
browser, a sentence), runs once, on SQLite, whose run is the quicker one. Outside `tests.both` everything runs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

VARIABLE = "TESTS_SIDE_BY_SIDE"
ASKS = {"db", "transactional_db", "live_server"}
LOOKS_AT_WHAT_LEAVES = ("tests/browser", "tests/house")


def databases(path: str, *, asks: bool) -> set[str]:
    """The databases on which a test of the file at `path`, from the root, runs; `asks`: whether it asks one."""
    if not asks or any(map(Path(path).is_relative_to, LOOKS_AT_WHAT_LEAVES)):
        return {"sqlite"}
    return {"sqlite", "postgresql"}


def asks_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not ASKS.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if VARIABLE not in os.environ:
        return
    elsewhere = [item for item in items if connection.vendor not in _databases(item)]
    config.hook.pytest_deselected(items=elsewhere)
    away = set(elsewhere)
    items[:] = [item for item in items if item not in away]


def _databases(item: pytest.Item) -> set[str]:
    return databases(item.path.relative_to(item.config.rootpath).as_posix(), asks=asks_database(item))
