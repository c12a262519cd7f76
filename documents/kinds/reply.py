"""The reply to a press inquiry as an official letter (công văn)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from core.errors import Invalid
from documents.rules.layout import day_in_words
from documents.rules.wording import cleaned, paragraphs

from .outcomes import EarlierDocument, OutcomeItem, ReviewContact, earlier, review


@dataclass(frozen=True, kw_only=True)
class ReplyItem:
    """A question with its answer, with the agency that is competent to answer it, or with its decided outcome.

    The decided outcome stands above where the question was redirected before.
    """

    number: int
    question: str
    answer: str = ""
    redirect_to: str = ""
    outcome: OutcomeItem | None = None

    @property
    def is_complete(self) -> bool:
        return bool(self.outcome or self.answer.strip() or self.redirect_to.strip())

    @property
    def contradicts_itself(self) -> bool:
        """An answer beside the outcome, or the outcome of another question."""
        return self.outcome is not None and (bool(self.answer.strip()) or self.outcome.number != self.number)


@dataclass(frozen=True, kw_only=True)
class ReplyFacts:
    """What the decision states; heading, number, date and signature are added when the number is given.

    The addressee is the first recipient (“Như trên”); `recipients` are the others; `archive` names the units
    that keep a copy, the drafting unit unless given. `duty_citation` is the provision that bounds the duty to
    inform, as in force on the day of the decision. `review_contact` is printed where something is refused or
    withheld; `refers_to` are the documents whose answers this one replaces.
    """

    addressee: str
    request_date: date
    items: tuple[ReplyItem, ...]
    requester: str = ""
    recipients: tuple[str, ...] = ()
    archive: str = ""
    duty_citation: str = ""
    review_contact: ReviewContact | None = None
    refers_to: tuple[EarlierDocument, ...] = ()

    @property
    def outcomes(self) -> list[OutcomeItem]:
        return [item.outcome for item in self.items if item.outcome]


class ReplyLetter:
    code: ClassVar[str] = "reply"
    kind_code: ClassVar[str] = "official_letter"
    template: ClassVar[str] = "documents/print/reply.html"
    goes_to_the_press: ClassVar[bool] = True

    @classmethod
    def facts(cls, reply: ReplyFacts) -> Mapping[str, Any]:
        if not reply.items or not all(item.is_complete for item in reply.items):
            raise Invalid(
                _("A reply letter answers or redirects every question it names. Complete the draft first.")
            )
        _check_one_outcome(reply.items)
        return {
            "letter": cls.code,
            "addressee": cleaned(reply.addressee),
            "requester": cleaned(reply.requester or reply.addressee),
            "request_day": day_in_words(reply.request_date),
            "items": [_item(item) for item in reply.items],
            "recipients": [cleaned(each) for each in reply.recipients],
            "archive": cleaned(reply.archive),
            "duty_citation": cleaned(reply.duty_citation),
            "review_contact": review(
                reply.review_contact, of=reply.outcomes if cls.goes_to_the_press else ()
            ),
            "refers_to": [earlier(each) for each in reply.refers_to],
        }


def _check_one_outcome(items: tuple[ReplyItem, ...]) -> None:
    twice = next((item for item in items if item.contradicts_itself), None)
    if twice:
        raise Invalid(
            _(
                "Question %(number)s has a decided outcome, so the letter cannot state anything else for it. "
                "Take its answer out of the draft; no document was made."
            )
            % {"number": twice.number}
        )


def _item(item: ReplyItem) -> dict[str, Any]:
    is_answered = bool(item.answer.strip())
    kept = {
        "number": item.number,
        "question": paragraphs(item.question),
        "answer": paragraphs(item.answer),
        "redirect_to": "" if is_answered or item.outcome else cleaned(item.redirect_to),
    }
    return kept | {"outcome": item.outcome.frozen()} if item.outcome else kept
