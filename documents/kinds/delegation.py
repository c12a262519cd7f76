"""The delegation letter (giấy ủy quyền, GUQ; Decree 30/2020): one case, one delegate, a limited term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from documents.rules.layout import instant_in_words
from documents.rules.wording import cleaned, paragraphs


@dataclass(frozen=True, kw_only=True)
class DelegationFacts:
    """What the letter states. No questions: the whole case; no forms: every form. Times are aware."""

    head: str
    head_post: str
    delegate: str
    delegate_post: str
    case_reference: str
    case_title: str
    valid_from: datetime
    valid_until: datetime
    circumstance: str
    reason: str
    bases: tuple[str, ...]
    questions: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


class DelegationLetter:
    code: ClassVar[str] = "delegation"
    kind_code: ClassVar[str] = "delegation_letter"
    template: ClassVar[str] = "documents/print/delegation.html"

    @classmethod
    def facts(cls, given: DelegationFacts) -> Mapping[str, Any]:
        return {
            "letter": cls.code,
            "head": cleaned(given.head),
            "head_post": cleaned(given.head_post),
            "delegate": cleaned(given.delegate),
            "delegate_post": cleaned(given.delegate_post),
            "case_reference": cleaned(given.case_reference),
            "case_title": cleaned(given.case_title),
            "questions": [cleaned(each) for each in given.questions],
            "forms": [cleaned(each) for each in given.forms],
            "begin": instant_in_words(given.valid_from),
            "end": instant_in_words(given.valid_until),
            "circumstance": cleaned(given.circumstance),
            "reason": paragraphs(given.reason),
            "bases": [cleaned(each) for each in given.bases],
            "recipients": [cleaned(given.delegate)],
            "archive": "",
        }
