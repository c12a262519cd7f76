from __future__ import annotations

import pytest

from core.errors import Invalid
from documents.kinds import LETTERS, RefusalLetter, SecondLookLetter
from documents.kinds.outcomes import OutcomeItem
from tests.documents.letters import redirected, refusal, refused, second_look, withheld


def test_issued_letters_find_their_templates_by_code() -> None:
    assert LETTERS["refusal"] is RefusalLetter
    assert LETTERS["second_look"] is SecondLookLetter


def test_facts_carry_each_question_with_its_outcome() -> None:
    facts = RefusalLetter.facts(refusal(refused(question="Một?\nHai?"), withheld()))
    assert [(item["number"], item["question"]) for item in facts["items"]] == [
        (1, ["Một?", "Hai?"]),
        (3, ["Bao giờ công bố?"]),
    ]
    assert [item["outcome"]["kind"] for item in facts["items"]] == ["refused", "withheld"]
    assert facts["request_day"] == "ngày 02 tháng 7 năm 2026"
    assert facts["requester"] == "Báo Thử nghiệm (giả định)"
    assert (facts["refers_to"], facts["review_contact"]["phone"]) == ([], "0000 111 222")


@pytest.mark.parametrize("items", [(refused(), withheld(number=1)), (refused(), refused())])
def test_letter_states_one_outcome_of_each_question(items: tuple[OutcomeItem, ...]) -> None:
    with pytest.raises(Invalid, match="only once"):
        RefusalLetter.facts(refusal(*items))
    with pytest.raises(Invalid, match="only once"):
        SecondLookLetter.facts(second_look(*items))


def test_letter_without_a_question_is_refused() -> None:
    with pytest.raises(Invalid, match="at least one question"):
        RefusalLetter.facts(refusal(items=()))
    with pytest.raises(Invalid, match="at least one question"):
        SecondLookLetter.facts(second_look(items=()))


def test_incomplete_outcome_makes_no_letter() -> None:
    with pytest.raises(Invalid, match="Question 1 "):
        RefusalLetter.facts(refusal(refused(reason="")))


def test_letter_that_only_redirects_needs_nowhere_to_ask() -> None:
    assert RefusalLetter.facts(refusal(redirected(), review_contact=None))["review_contact"] == {}


def test_second_look_says_why_for_every_question_also_for_one_that_was_redirected() -> None:
    with pytest.raises(Invalid, match="says why for every question"):
        SecondLookLetter.facts(second_look(refused(), redirected()))


def test_second_look_keeps_what_it_upholds_and_replaces_nothing() -> None:
    facts = SecondLookLetter.facts(second_look())
    assert facts["upheld"] == {"symbol": "17/SNV-VP", "day": "ngày 03 tháng 7 năm 2026"}
    assert facts["received_day"] == "ngày 09 tháng 7 năm 2026"
    assert "refers_to" not in facts
