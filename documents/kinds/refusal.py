"""The letters of the refusal procedure (công văn): what is not answered and why, and a second look that upholds it."""

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
class RefusalFacts:
    """What the decisions state, question by question. `refers_to` are the documents whose answers this one replaces."""

    addressee: str
    request_date: date
    items: tuple[OutcomeItem, ...]
    review_contact: ReviewContact | None = None
    refers_to: tuple[EarlierDocument, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SecondLookFacts:
    """A second look that upholds what `refers_to` said: each item with its citation and the reason of upholding."""

    addressee: str
    received_date: date
    items: tuple[OutcomeItem, ...]
    refers_to: EarlierDocument


class RefusalLetter:
    """Nothing in it is answered. It never calls the request to look again a complaint (an open question of law)."""

    code: ClassVar[str] = "refusal"
    kind_code: ClassVar[str] = "official_letter"
    template: ClassVar[str] = "documents/print/refusal.html"

    @classmethod
    def facts(cls, given: RefusalFacts) -> Mapping[str, Any]:
        return {
            "letter": cls.code,
            **_common(given),
            "request_day": day_in_words(given.request_date),
            "review_contact": review(given.review_contact, of=given.items),
            "refers_to": [earlier(each) for each in given.refers_to],
        }


class SecondLookLetter:
    code: ClassVar[str] = "second_look"
    kind_code: ClassVar[str] = "official_letter"
    template: ClassVar[str] = "documents/print/second_look.html"

    @classmethod
    def facts(cls, given: SecondLookFacts) -> Mapping[str, Any]:
        if not all(cleaned(item.reason) for item in given.items):
            raise Invalid(
                _(
                    "A second look that upholds the outcome says why for every question. "
                    "Complete the reasons first."
                )
            )
        return {
            "letter": cls.code,
            **_common(given),
            "received_day": day_in_words(given.received_date),
            "upheld": earlier(given.refers_to),
        }


def _common(given: RefusalFacts | SecondLookFacts) -> dict[str, Any]:
    _check_each_once(given.items)
    return {
        "addressee": cleaned(given.addressee),
        "requester": cleaned(given.addressee),
        "items": [
            {"number": item.number, "question": paragraphs(item.question), "outcome": item.frozen()}
            for item in given.items
        ],
    }


def _check_each_once(items: tuple[OutcomeItem, ...]) -> None:
    if not items or len({item.number for item in items}) < len(items):
        raise Invalid(
            _(
                "The letter has to state the outcome of at least one question, and of each only once. "
                "Check the decisions; no document was made."
            )
        )
