"""A reason in words: mandatory, long enough to say something, and more than the ground said again.

The law asks for it since 1/7/2026 (Decree 244/2026 art 4.3); before, it is the product's own rule and not cited.
How long is enough is the product's own measure too.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from core.errors import Invalid
from core.models import Provision
from core.rules import text

LIMIT = 4_000
FEWEST_LETTERS = 30
FEWEST_WORDS = 6
SAME_AS_THE_GROUND = 0.85
FEWEST_OWN_WORDS = 3
# With which any refusal may be dressed up; they say nothing of the question.
FORMULA = (
    "căn cứ theo quy định của pháp luật hiện hành tại điểm khoản điều luật báo chí số ngày thì nên vì do lý "
    "cơ quan có quyền được từ chối không chưa xem xét cung cấp thông tin cho câu hỏi nội dung này thuộc trường hợp "
    "nêu trên là và các về"
)


def checked(reason: str, *, ground: Provision | None) -> str:
    """The reason, cleaned. Raises Invalid where it is missing, too short, or merely repeats the ground."""
    cleaned = text.clean_text(reason, limit=LIMIT, field="reason")
    words = _words(cleaned)
    if not words:
        raise _unfit(_("A refusal needs its reason in words. What you typed is kept."))
    if len(" ".join(words)) < FEWEST_LETTERS or len(set(words)) < FEWEST_WORDS:
        raise _too_short()
    if ground is None and _own_words(words, []) < FEWEST_OWN_WORDS:
        raise _too_short()
    if ground is not None and _repeats(words, ground):
        raise _unfit(
            _(
                "The reason only repeats the ground. Say why it applies to this question; what you typed is kept."
            )
        )
    return cleaned


def _too_short() -> Invalid:
    return _unfit(
        _(
            "The reason is too short to say why. Write in a sentence what would be harmed, or why now; "
            "what you typed is kept."
        )
    )


def _unfit(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"reason": _("Write the reason in your own words.")})


def _repeats(words: list[str], ground: Provision) -> bool:
    """Whether the reason is a text of the ground, nearly one, or several of them with the formulas of a refusal."""
    texts = [_words(said) for said in (ground.statement, ground.verbatim, ground.subject, ground.citation)]
    if _own_words(words, [word for said in texts for word in said]) < FEWEST_OWN_WORDS:
        return True
    return any(_stands_in(words, said) or _is_like(words, said) for said in texts if said)


def _own_words(words: list[str], of_the_ground: list[str]) -> int:
    """How many different words are neither the ground's nor those of any refusal."""
    return len(set(words) - set(of_the_ground) - set(_words(FORMULA)))


def _stands_in(words: list[str], said: list[str]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(said)} "


def _is_like(words: list[str], said: list[str]) -> bool:
    matcher = SequenceMatcher(None, words, said, autojunk=False)
    return matcher.quick_ratio() >= SAME_AS_THE_GROUND and matcher.ratio() >= SAME_AS_THE_GROUND


def _words(said: str) -> list[str]:
    """The words without case, accents and punctuation; a number alone is no word."""
    found = re.findall(r"[^\W_]+", text.without_accents(said))
    return [word for word in found if not word.isdigit()]
