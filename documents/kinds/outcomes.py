"""What a letter states of a question that is not answered, and where to ask for another look at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Invalid
from documents.rules.layout import day_in_words
from documents.rules.wording import cleaned, paragraphs


class OutcomeKind(StrEnum):
    REFUSED = "refused"
    REDIRECTED = "redirected"
    WITHHELD = "withheld"


@dataclass(frozen=True, kw_only=True)
class OutcomeItem:
    """The decided outcome of one question, as the press is told it.

    Only a refusal cites a ground of the Press Law, in full form. A redirect is no refusal: it cites at most the
    provision that bounds the duty to inform (`duty_citation`). What is withheld cites nothing. `decided_on` is told
    of a refusal: the law of that day governs, whatever day the letter bears.
    """

    number: int
    question: str
    kind: OutcomeKind
    citation: str = ""
    reason: str = ""
    decided_on: date | None = None
    redirect_to: str = ""
    duty_citation: str = ""

    @property
    def may_be_looked_at_again(self) -> bool:
        """Whether the letter says where to ask: what is redirected goes to the competent agency instead."""
        return self.kind != OutcomeKind.REDIRECTED

    def check(self) -> None:
        """Raises Invalid where the outcome lacks what it rests on, or rests on what it may not cite."""
        sentence = {
            OutcomeKind.REFUSED: self._lack_of_a_refusal,
            OutcomeKind.REDIRECTED: self._lack_of_a_redirect,
            OutcomeKind.WITHHELD: self._lack_of_withholding,
        }[self.kind]()
        if sentence:
            raise Invalid(sentence % {"number": self.number})

    def _lack_of_a_refusal(self) -> str:
        if cleaned(self.citation) and cleaned(self.reason):
            return ""
        return _(
            "Question %(number)s is refused, so the letter has to name the provision and the reason. "
            "Complete the decision first."
        )

    def _lack_of_a_redirect(self) -> str:
        if not cleaned(self.redirect_to):
            return _(
                "Question %(number)s is redirected, so the letter has to name the competent agency. "
                "Complete the decision first."
            )
        return self._ground_too_many()

    def _lack_of_withholding(self) -> str:
        if not cleaned(self.reason):
            return _(
                "Question %(number)s is not answered yet, so the letter has to give the reason. "
                "Complete the decision first."
            )
        return self._ground_too_many()

    def _ground_too_many(self) -> str:
        if not cleaned(self.citation):
            return ""
        return _(
            "Question %(number)s is not refused on a ground of the law, so the letter cites none. "
            "Check the decision; no document was made."
        )

    def frozen(self) -> dict[str, Any]:
        """As the facts of a document keep it. Raises Invalid where it is incomplete."""
        self.check()
        is_redirect = self.kind == OutcomeKind.REDIRECTED
        is_refused = self.kind == OutcomeKind.REFUSED
        return {
            "kind": str(self.kind),
            "citation": cleaned(self.citation),
            "reason": paragraphs(self.reason),
            "decided_day": day_in_words(self.decided_on) if is_refused and self.decided_on else "",
            "redirect_to": cleaned(self.redirect_to) if is_redirect else "",
            "duty_citation": cleaned(self.duty_citation) if is_redirect else "",
        }


@dataclass(frozen=True, kw_only=True)
class ReviewContact:
    """To whom and where a request to look again (đề nghị xem xét lại) is sent."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(cleaned(self.name) and any(map(cleaned, (self.address, self.phone, self.email))))


@dataclass(frozen=True, kw_only=True)
class EarlierDocument:
    """The issued document that this one corrects or follows, by its number and date.

    What was told without a document (by mail, on the portal, spoken) has the day alone.
    """

    symbol: str
    day: date
    has_number: bool = True


def review(contact: ReviewContact | None, *, of: Iterable[OutcomeItem]) -> dict[str, str]:
    """The contact as it is kept; nothing where nothing is refused or withheld. Raises Invalid where it is missing."""
    if not any(item.may_be_looked_at_again for item in of):
        return {}
    if contact is None or not contact.is_complete:
        raise Invalid(
            _(
                "The letter does not answer every question, so it has to say where to ask for another look. "
                "Enter the agency's address, telephone or mailbox first; no document was made."
            )
        )
    return {name: cleaned(value) for name, value in asdict(contact).items()}


def earlier(document: EarlierDocument) -> dict[str, str]:
    """The earlier document as it is kept. Raises Invalid where it has no number."""
    if document.has_number and not cleaned(document.symbol):
        raise Invalid(
            _(
                "The letter refers to an earlier document that has no number yet. Issue that one first; "
                "no document was made."
            )
        )
    return {"symbol": cleaned(document.symbol), "day": day_in_words(document.day)}
