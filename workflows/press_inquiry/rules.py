"""What follows from the content of a reply and the outcomes of its questions. Pure: no clock, no database."""

from __future__ import annotations

import difflib
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.enums import InquiryKind, InquiryOutcome, QuestionOutcome

DIFFERENCE_CONTEXT = 2
# Which duty of the law a registered inquiry starts, by its kind.
DUTIES = {
    InquiryKind.INFORMATION: "press_request",
    InquiryKind.INTERVIEW: "press_request",
    InquiryKind.REPLY_ON_PRESS: "reply_on_press",
    InquiryKind.FORWARDED_OPINION: "forwarded_opinion",
    InquiryKind.FORWARDED_COMPLAINT: "complaint_acceptance",
    InquiryKind.FORWARDED_DENUNCIATION: "denunciation_acceptance",
}
REPLY_DUTIES = frozenset(DUTIES.values())


@dataclass(frozen=True)
class Answer:
    """What one question gets: its number in the inquiry and the text."""

    question: int
    text: str


@dataclass(frozen=True)
class Refused:
    """A question that is not answered: its number, the decision, and what the reply says of it."""

    question: int
    decision: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything an approval is bound to."""

    reply_form: str
    answers: tuple[Answer, ...]
    refusals: tuple[Refused, ...] = ()
    talking_points: str = ""
    questions_beforehand: str = ""

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        """The bytes the hash covers: sorted keys, no spaces, UTF-8, NFC."""
        content: dict[str, Any] = {
            "answers": [{"question": answer.question, "text": answer.text} for answer in self.answers],
            "questions_beforehand": self.questions_beforehand,
            "reply_form": str(self.reply_form),
            "talking_points": self.talking_points,
        }
        if self.refusals:  # absent where there are none: the hash of what was kept before stays what it was
            content["refusals"] = [asdict(refused) for refused in self.refusals]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return unicodedata.normalize("NFC", text).encode()

    @property
    def said(self) -> list[Answer | Refused]:
        """What each question gets, in the order of the questions."""
        parted: list[Answer | Refused] = [*self.answers, *self.refusals]
        return sorted(parted, key=lambda part: part.question)

    def as_text(self) -> str:
        """The reply as one plain text, as it is spoken, sent or put on the portal."""
        said = self.said
        parts = (
            [f"{part.question}. {part.text}" for part in said]
            if len(said) > 1
            else [part.text for part in said]
        )
        return "\n\n".join(part for part in (*parts, self.talking_points) if part)


def outcome_of(outcomes: Iterable[str]) -> InquiryOutcome:
    """The end an inquiry reaches, from the outcomes of its questions.

    Answered when every question was; likewise redirected or refused; partly refused when some were; withheld when
    some were and none was answered; otherwise partly answered.
    """
    reached = set(outcomes)
    if reached == {QuestionOutcome.ANSWERED}:
        return InquiryOutcome.ANSWERED
    if reached == {QuestionOutcome.REDIRECTED}:
        return InquiryOutcome.REDIRECTED
    if reached == {QuestionOutcome.REFUSED}:
        return InquiryOutcome.REFUSED
    if QuestionOutcome.REFUSED in reached:
        return InquiryOutcome.PARTLY_REFUSED
    if QuestionOutcome.WITHHELD in reached and QuestionOutcome.ANSWERED not in reached:
        return InquiryOutcome.WITHHELD
    return InquiryOutcome.PARTLY_ANSWERED


def difference(before: str, after: str) -> list[str]:
    """A unified difference of two texts, line by line, for auditors."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=DIFFERENCE_CONTEXT)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def missing_answers(expected: Sequence[int], answers: Sequence[Answer]) -> list[int]:
    """The numbers of the questions that have no answer text yet."""
    given = {answer.question for answer in answers if answer.text}
    return [number for number in expected if number not in given]
