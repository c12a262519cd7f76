"""Letters issued before today keep their bytes: `frozen/` holds their facts and the page that was made of them.

A page in `frozen/` is never made anew because a template changed. It is what a release sent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from documents import rendering
from documents.kinds import LETTERS
from documents.kinds.outcomes import OutcomeKind

FROZEN = Path(__file__).parent / "frozen"


def frozen(name: str) -> tuple[dict[str, Any], str]:
    facts = json.loads((FROZEN / f"{name}.json").read_text(encoding="utf-8"))
    return facts, (FROZEN / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["reply", "advice", "reply_that_refuses", "refusal", "second_look"])
def test_letter_issued_before_still_has_the_bytes_it_had(name: str) -> None:
    facts, page = frozen(name)

    again = rendering.render(template=LETTERS[facts["letter"]].template, facts=facts)

    assert again.pdf == rendering.typeset(page).pdf


@pytest.mark.parametrize("name", ["reply", "advice"])
def test_letters_of_before_the_refusals_are_kept_with_the_facts_of_their_time(name: str) -> None:
    facts, _page = frozen(name)

    assert [key for key in ("review_contact", "refers_to") if key in facts] == []
    assert [item for item in facts["items"] if "outcome" in item] == []


def test_letters_of_the_refusals_are_kept_with_every_outcome_and_every_passage() -> None:
    letters = {name: frozen(name)[0] for name in ("reply_that_refuses", "refusal", "second_look")}

    kinds = {
        item["outcome"]["kind"] for facts in letters.values() for item in facts["items"] if "outcome" in item
    }
    assert kinds == set(OutcomeKind)
    assert {name: len(facts.get("refers_to", [])) for name, facts in letters.items()} == {
        "reply_that_refuses": 1,
        "refusal": 2,
        "second_look": 0,
    }
    assert [name for name, facts in letters.items() if facts.get("review_contact")] == [
        "reply_that_refuses",
        "refusal",
    ]
