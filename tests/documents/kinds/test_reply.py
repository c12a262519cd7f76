from datetime import date

import pytest

from core.errors import Invalid
from documents.kinds.advice import AdviceLetter
from documents.kinds.reply import ReplyFacts, ReplyItem, ReplyLetter
from tests.documents.letters import CONTACT, EARLIER, redirected, refused, stating


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


def test_decided_outcome_stands_beside_the_answers_and_above_an_older_redirect() -> None:
    facts = ReplyLetter.facts(
        ReplyFacts(
            addressee="Báo Thử nghiệm",
            request_date=date(2026, 7, 2),
            items=(
                ReplyItem(number=1, question="Một?", outcome=refused(number=1), redirect_to="Sở Y tế"),
                ReplyItem(number=2, question="Hai?", answer="Có."),
                stating(redirected(number=3, question="Ba?")),
            ),
            review_contact=CONTACT,
            refers_to=(EARLIER,),
        )
    )
    assert [(item["number"], item["redirect_to"]) for item in facts["items"]] == [(1, ""), (2, ""), (3, "")]
    assert facts["items"][0]["outcome"] == refused().frozen()
    assert "outcome" not in facts["items"][1]
    assert facts["items"][2]["question"] == ["Ba?"]
    assert facts["review_contact"]["name"] == "Sở Nội vụ tỉnh Mẫu"
    assert [each["symbol"] for each in facts["refers_to"]] == ["17/SNV-VP"]


@pytest.mark.parametrize(
    "item",
    [
        ReplyItem(number=1, question="Một?", answer="Có.", outcome=refused(number=1)),
        ReplyItem(number=1, question="Một?", outcome=refused(number=2)),
    ],
)
def test_question_with_a_decided_outcome_states_nothing_else(item: ReplyItem) -> None:
    with pytest.raises(Invalid, match="Question 1 has a decided outcome"):
        ReplyLetter.facts(reply(item))


def test_reply_that_refuses_says_where_to_ask_and_advice_to_a_superior_need_not() -> None:
    item = stating(refused())
    with pytest.raises(Invalid, match="where to ask"):
        ReplyLetter.facts(reply(item))
    assert AdviceLetter.facts(reply(item))["review_contact"] == {}


def test_reply_that_answers_or_redirects_keeps_no_place_to_ask() -> None:
    items = (ReplyItem(number=1, question="Một?", answer="Có."), stating(redirected()))
    facts = ReplyFacts(addressee="Báo", request_date=date(2026, 7, 2), items=items, review_contact=CONTACT)
    assert ReplyLetter.facts(facts)["review_contact"] == {}
