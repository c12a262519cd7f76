from __future__ import annotations

import pytest

from core.errors import Invalid
from documents.kinds.outcomes import EarlierDocument, OutcomeItem, ReviewContact, earlier, review
from tests.documents.letters import CONTACT, DECIDED, DUTY, EARLIER, GROUND, redirected, refused, withheld


def test_refusal_keeps_its_citation_the_day_of_its_decision_and_its_reason() -> None:
    item = refused(reason="Một.\n\nHai.", duty_citation=DUTY)
    assert item.frozen() == {
        "kind": "refused",
        "citation": GROUND,
        "reason": ["Một.", "Hai."],
        "decided_day": "ngày 13 tháng 7 năm 2026",
        "redirect_to": "",
        "duty_citation": "",
    }


def test_redirect_keeps_the_competent_agency_and_the_duty_alone() -> None:
    assert redirected(duty_citation=DUTY, decided_on=DECIDED).frozen() == {
        "kind": "redirected",
        "citation": "",
        "reason": [],
        "decided_day": "",
        "redirect_to": "Sở Giáo dục và Đào tạo",
        "duty_citation": DUTY,
    }


def test_withheld_keeps_its_reason_and_no_provision_of_any_kind() -> None:
    kept = withheld(redirect_to="Sở Y tế", duty_citation=DUTY, decided_on=DECIDED).frozen()
    assert (kept["citation"], kept["duty_citation"], kept["redirect_to"]) == ("", "", "")
    assert kept["decided_day"] == ""
    assert kept["reason"] == ["Số liệu còn đang được đối chiếu."]


@pytest.mark.parametrize(
    "item",
    [
        refused(number=7, citation=""),
        refused(number=7, citation="\u200b"),
        refused(number=7, reason=" \n"),
        refused(number=7, reason="\u200b\u202e"),
        redirected(number=7, redirect_to=" "),
        redirected(number=7, citation=GROUND),
        withheld(number=7, reason=""),
        withheld(number=7, citation=GROUND),
    ],
)
def test_outcome_without_what_it_rests_on_or_with_a_ground_that_is_not_its_own_names_the_question(
    item: OutcomeItem,
) -> None:
    with pytest.raises(Invalid, match="Question 7 "):
        item.frozen()


def test_where_to_ask_is_kept_only_where_something_is_refused_or_withheld() -> None:
    asked = {
        "name": "Sở Nội vụ tỉnh Mẫu",
        "address": "Số 1, đường Giả Định, tỉnh Mẫu",
        "phone": "0000 111 222",
        "email": "baochi@snv.example",
    }
    assert review(CONTACT, of=[redirected(), refused()]) == asked
    assert review(CONTACT, of=[withheld()]) == asked
    assert review(CONTACT, of=[redirected()]) == {}
    assert review(None, of=[]) == {}


@pytest.mark.parametrize(
    "contact", [None, ReviewContact(name="Sở Nội vụ"), ReviewContact(name=" ", phone="1")]
)
def test_refusal_that_does_not_say_where_to_ask_is_no_letter(contact: ReviewContact | None) -> None:
    with pytest.raises(Invalid, match="where to ask"):
        review(contact, of=[refused()])


def test_earlier_document_is_kept_by_its_number_and_its_date_in_words() -> None:
    assert earlier(EARLIER) == {"symbol": "17/SNV-VP", "day": "ngày 03 tháng 7 năm 2026"}
    with pytest.raises(Invalid, match="no number yet"):
        earlier(EarlierDocument(symbol=" ", day=EARLIER.day))
