"""Scenarios are ranked by the signs that were seen; a person chooses among them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from workflows.crisis.rules.matching import Scenario, rank

NONE: AbstractSet[int] = frozenset()


def scenario(version: int, code: str, signs: AbstractSet[int], topics: AbstractSet[int] = NONE) -> Scenario:
    return Scenario(
        version=version, code=code, title=code.title(), signs=frozenset(signs), topics=frozenset(topics)
    )


LEAK = scenario(1, "leak", {11, 12, 13, 14})
FORGERY = scenario(2, "forgery", {21, 22})
STRIKE = scenario(3, "strike", {31, 32, 33, 34}, {7})
BARE = scenario(4, "bare", set())


def order(*, ticked: AbstractSet[int], topics: AbstractSet[int] = NONE) -> list[str]:
    return [row["code"] for row in rank([BARE, STRIKE, LEAK, FORGERY], ticked=ticked, topics=topics)]


def test_the_larger_share_of_signs_comes_first() -> None:
    assert order(ticked={11, 21, 22})[:2] == ["forgery", "leak"]


def test_of_an_equal_share_the_larger_count_comes_first() -> None:
    assert order(ticked={21, 31, 32})[:2] == ["strike", "forgery"]


def test_a_tie_goes_to_the_topic_in_common_and_then_to_the_code() -> None:
    assert order(ticked={11, 31}, topics={7})[:2] == ["strike", "leak"]
    assert order(ticked={11, 31})[:2] == ["leak", "strike"]


def test_nothing_ticked_leaves_every_scenario_to_choose_from() -> None:
    assert order(ticked=set()) == ["bare", "forgery", "leak", "strike"]


def test_a_row_tells_what_was_shown() -> None:
    assert rank([STRIKE], ticked={31, 32, 33, 99}, topics={7}) == [
        {
            "version": 3,
            "code": "strike",
            "title": "Strike",
            "ticked": 3,
            "signs": 4,
            "percent": 75,
            "topic": True,
        }
    ]
