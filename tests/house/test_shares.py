"""Side by side, no test is lost between the two runs, and what asks a database is asked of both."""

from __future__ import annotations

import pytest

from tests import shares


def test_what_asks_a_database_runs_on_both() -> None:
    assert shares.databases("tests/core/actions/test_law.py", asks=True) == {"sqlite", "postgresql"}


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("folder", shares.LOOKS_AT_WHAT_LEAVES)
def test_what_looks_at_what_leaves_runs_once(folder: str, asks: bool, request: pytest.FixtureRequest) -> None:
    assert shares.databases(f"{folder}/test_something.py", asks=asks) == {"sqlite"}
    assert (request.config.rootpath / folder).is_dir()


def test_what_asks_none_runs_once() -> None:
    assert shares.databases("tests/core/rules/test_law.py", asks=False) == {"sqlite"}


@pytest.mark.django_db
def test_a_marked_test_asks(request: pytest.FixtureRequest) -> None:
    assert shares.asks_database(request.node)


def test_a_test_of_a_rule_does_not(request: pytest.FixtureRequest) -> None:
    assert not shares.asks_database(request.node)
