from __future__ import annotations

import pytest

from core.enums import InquiryOutcome, QuestionOutcome
from workflows.press_inquiry.rules import outcome_of

ANSWERED, REDIRECTED, REFUSED, WITHHELD = (
    QuestionOutcome.ANSWERED,
    QuestionOutcome.REDIRECTED,
    QuestionOutcome.REFUSED,
    QuestionOutcome.WITHHELD,
)


@pytest.mark.parametrize(
    ("outcomes", "end"),
    [
        ({ANSWERED}, InquiryOutcome.ANSWERED),
        ({REDIRECTED}, InquiryOutcome.REDIRECTED),
        ({REFUSED}, InquiryOutcome.REFUSED),
        ({WITHHELD}, InquiryOutcome.WITHHELD),
        ({WITHHELD, REDIRECTED}, InquiryOutcome.WITHHELD),
        ({WITHHELD, REFUSED}, InquiryOutcome.PARTLY_REFUSED),
        ({REDIRECTED, REFUSED}, InquiryOutcome.PARTLY_REFUSED),
        ({ANSWERED, REFUSED}, InquiryOutcome.PARTLY_REFUSED),
        ({ANSWERED, REFUSED, REDIRECTED, WITHHELD}, InquiryOutcome.PARTLY_REFUSED),
        ({ANSWERED, WITHHELD}, InquiryOutcome.PARTLY_ANSWERED),
        ({ANSWERED, REDIRECTED}, InquiryOutcome.PARTLY_ANSWERED),
        ({ANSWERED, REDIRECTED, WITHHELD}, InquiryOutcome.PARTLY_ANSWERED),
    ],
)
def test_an_inquiry_is_called_answered_only_as_far_as_something_was_answered(
    outcomes: set[QuestionOutcome], end: InquiryOutcome
) -> None:
    assert outcome_of(outcomes) == end
