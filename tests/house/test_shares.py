"""Side by side, no test is lost between the two runs, and what asks a database is asked of both."""

from __future__ import annotations

import pytest

from tests import shares

BOTH = {"sqlite", "postgresql"}


def test_what_asks_a_database_runs_on_both() -> None:
    assert shares.databases("tests/core/actions/test_law.py", asks=True) == BOTH


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("folder", [*shares.ONCE, "tests/core/rules"])
def test_every_test_runs_somewhere(folder: str, asks: bool) -> None:
    assert shares.databases(f"{folder}/test_something.py", asks=asks) & BOTH


@pytest.mark.parametrize("folder", shares.ONCE)
def test_what_runs_once_is_there(folder: str, request: pytest.FixtureRequest) -> None:
    assert (request.config.rootpath / folder).exists()


@pytest.mark.django_db
def test_a_marked_test_asks(request: pytest.FixtureRequest) -> None:
    assert shares.asks_database(request.node)


def test_a_test_of_a_rule_does_not(request: pytest.FixtureRequest) -> None:
    assert not shares.asks_database(request.node)
