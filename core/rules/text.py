"""What people and mails write, made safe to keep and compare: NFC, nothing invisible, within its limit."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.errors import Invalid

QUESTION_LIMIT = 10_000

_LINE_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

_NUMBERED = re.compile(
    r"^\s*(?:câu(?:\s+hỏi)?(?:\s+số)?\s*\d{1,3}\s*[:.)]|\d{1,2}\s*[.)/](?=\s|[^\W\d]))\s*", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*[-–—•*+]\s+(?=\S)")
_QUOTED = re.compile(r"^\s*>")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")

_REPLY_MARKS = re.compile(r"^(?:\s*(?:re|fw|fwd|tr|vv|v/v)\s*[:.])+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Words every request has say nothing about its matter.
_COMMON_WORDS = frozenset(
    {
        "de",
        "nghi",
        "yeu",
        "cau",
        "xin",
        "kinh",
        "gui",
        "cung",
        "cap",
        "thong",
        "tin",
        "tra",
        "loi",
        "phong",
        "van",
    }
    | {
        "bao",
        "chi",
        "vien",
        "noi",
        "dung",
        "hoi",
        "lien",
        "quan",
        "den",
        "ve",
        "viec",
        "cua",
        "va",
        "tai",
        "cho",
    }
    | {"mot", "so", "cac", "nhung", "voi", "trong", "theo"}
)
_SAME_MATTER = 0.6


def clean_line(text: str, *, limit: int, field: str = "") -> str:
    """One line of readable characters with single spaces; Invalid, at the field if named, when longer than `limit`."""
    return _within(limit, unicodedata.normalize("NFC", " ".join(_visible(text).split())), field)


def clean_text(text: str, *, limit: int, field: str = "") -> str:
    """Lines of readable characters without blanks around them; Invalid when longer than `limit`."""
    lines = (line.rstrip() for line in _visible(text).split("\n"))
    whole = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    return _within(limit, unicodedata.normalize("NFC", whole), field)


def _visible(text: str) -> str:
    text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    return "".join(character for character in text if character == "\n" or _is_visible(character))


def _is_visible(character: str) -> bool:
    """False for controls, surrogates, direction marks, zero-width joiners and letters drawn as nothing."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"} and character not in _INVISIBLE_LETTERS


def _within(limit: int, text: str, field: str) -> str:
    if len(text) > limit:
        sentence = _(
            "This text has %(length)s characters and at most %(limit)s are accepted. "
            "Nothing was saved or lost: shorten it, or attach the full text as a file, and send it again."
        ) % {"length": len(text), "limit": limit}
        raise Invalid(sentence, fields={field: sentence} if field else None)
    return text


def split_questions(text: str) -> list[str]:
    """The questions a mail seems to ask, for a person to correct; the whole text when none stands out.

    Numbered lines win over dashes, dashes over sentences that end in a question mark. Empty for a blank text.
    """
    visible = unicodedata.normalize("NFC", _visible(text))
    lines = [line for line in visible.split("\n") if not _QUOTED.match(line)]
    body = "\n".join(lines).strip() or visible.strip()
    if not body:
        return []
    return _items(lines, _NUMBERED) or _items(lines, _BULLET) or _asking_sentences(body) or [body]


def _items(lines: list[str], mark: re.Pattern[str]) -> list[str]:
    """Each marked line with the lines that continue it; a blank line ends an item."""
    items: list[list[str]] = []
    is_open = False
    for line in lines:
        if mark.match(line):
            items.append([mark.sub("", line).strip()])
            is_open = True
        elif is_open and line.strip():
            items[-1].append(line.strip())
        else:
            is_open = False
    return [item for item in ("\n".join(parts).strip() for parts in items) if item]


def _asking_sentences(body: str) -> list[str]:
    sentences = (sentence.strip() for sentence in _SENTENCE_END.split(_unwrapped(body)))
    return [sentence for sentence in sentences if sentence.endswith("?") and _WORD.search(sentence)]


def _unwrapped(body: str) -> str:
    """Lines that a mail program broke inside a sentence, joined: the next one goes on in lower case."""
    return re.sub(r"([^\n])\n(\w)", lambda at: at[1] + (" " if at[2].islower() else "\n") + at[2], body)


def similar(a: str, b: str) -> bool:
    """Whether two subjects seem to speak of one matter, whatever their accents, case and order of words."""
    words_a, words_b = _matter(a), _matter(b)
    if not words_a or not words_b:
        return bool(_folded(a)) and _folded(a) == _folded(b)
    shared, shorter = len(words_a & words_b), min(len(words_a), len(words_b))
    return shared >= min(2, shorter) and shared >= _SAME_MATTER * shorter


def _matter(subject: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_folded(subject))) - _COMMON_WORDS


def _folded(subject: str) -> str:
    return without_accents(_REPLY_MARKS.sub("", _visible(subject)))


def without_accents(text: str) -> str:
    """The letters alone, in lower case: what somebody in a hurry types."""
    bare = unicodedata.normalize("NFC", text).casefold().replace("đ", "d")
    return "".join(c for c in unicodedata.normalize("NFD", bare) if unicodedata.category(c) != "Mn").strip()
