from datetime import date

import pytest

from core.errors import Invalid
from documents.kinds.reply import ReplyFacts, ReplyItem, ReplyLetter


def reply(*items: ReplyItem) -> ReplyFacts:
    return ReplyFacts(addressee="Báo Thử nghiệm", request_date=date(2026, 3, 2), items=items)


def test_facts_carry_each_question_with_its_number_answer_or_competent_agency() -> None:
    facts = ReplyLetter.facts(
        reply(
            ReplyItem(number=1, question="Một?", answer="Có.\nHai năm."),
            ReplyItem(number=3, question="Ba?", redirect_to="Sở Y tế"),
        )
    )
    assert facts["items"] == [
        {"number": 1, "question": ["Một?"], "answer": ["Có.", "Hai năm."], "redirect_to": ""},
        {"number": 3, "question": ["Ba?"], "answer": [], "redirect_to": "Sở Y tế"},
    ]
    assert facts["request_day"] == "ngày 02 tháng 3 năm 2026"
    assert facts["requester"] == "Báo Thử nghiệm"


@pytest.mark.parametrize("items", [(), (ReplyItem(number=1, question="Một?", answer="  \n"),)])
def test_letter_that_leaves_a_question_open_is_refused(items: tuple[ReplyItem, ...]) -> None:
    with pytest.raises(Invalid):
        ReplyLetter.facts(reply(*items))


def test_answered_question_is_not_redirected_as_well() -> None:
    facts = ReplyLetter.facts(reply(ReplyItem(number=1, question="?", answer="Có.", redirect_to="Sở Y tế")))
    assert facts["items"][0]["redirect_to"] == ""


def test_no_law_is_cited_unless_it_is_given_as_a_fact() -> None:
    assert (
        ReplyLetter.facts(reply(ReplyItem(number=1, question="?", redirect_to="Sở Y tế")))["duty_citation"]
        == ""
    )
