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


@dataclass(frozen=True, kw_only=True)
class ReplyItem:
    """A question with its answer, or with the agency that is competent to answer it."""

    number: int
    question: str
    answer: str = ""
    redirect_to: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.answer.strip() or self.redirect_to.strip())


@dataclass(frozen=True, kw_only=True)
class ReplyFacts:
    """What the decision states; heading, number, date and signature are added when the number is given.

    The addressee is the first recipient (“Như trên”); `recipients` are the others; `archive` names the units
    that keep a copy, the drafting unit unless given. `duty_citation` is the provision that bounds the duty to
    inform, as in force on the day of the decision.
    """

    addressee: str
    request_date: date
    items: tuple[ReplyItem, ...]
    requester: str = ""
    recipients: tuple[str, ...] = ()
    archive: str = ""
    duty_citation: str = ""


class ReplyLetter:
    code: ClassVar[str] = "reply"
    kind_code: ClassVar[str] = "official_letter"
    template: ClassVar[str] = "documents/print/reply.html"

    @classmethod
    def facts(cls, reply: ReplyFacts) -> Mapping[str, Any]:
        if not reply.items or not all(item.is_complete for item in reply.items):
            raise Invalid(
                _("A reply letter answers or redirects every question it names. Complete the draft first.")
            )
        return {
            "letter": cls.code,
            "addressee": cleaned(reply.addressee),
            "requester": cleaned(reply.requester or reply.addressee),
            "request_day": day_in_words(reply.request_date),
            "items": [_item(item) for item in reply.items],
            "recipients": [cleaned(each) for each in reply.recipients],
            "archive": cleaned(reply.archive),
            "duty_citation": cleaned(reply.duty_citation),
        }


def _item(item: ReplyItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "question": paragraphs(item.question),
        "answer": paragraphs(item.answer),
        "redirect_to": "" if item.answer.strip() else cleaned(item.redirect_to),
    }
