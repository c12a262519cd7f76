"""Text as an official document can carry it: composed letters, no control characters, lines as paragraphs."""

from __future__ import annotations

import re
import unicodedata

# An invisible character could hide or reorder what is signed.
KEPT = {"\n"}
LONGEST_WORD = 100
DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}


def paragraphs(text: str) -> list[str]:
    """One paragraph a line; blank lines fall away."""
    lines = _composed(text).split("\n")
    return [line for line in map(_single_spaced, lines) if line]


def cleaned(text: str) -> str:
    """The text on one line."""
    return _single_spaced(_composed(text))


def chunks(text: str) -> list[str]:
    """The text cut inside words longer than any line, which laid out whole would take minutes."""
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", "\\1\0", text).split("\0")


def _composed(text: str) -> str:
    broken = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    spaced = unicodedata.normalize("NFC", broken).replace("\t", " ")
    return "".join(
        each for each in spaced if each in KEPT or unicodedata.category(each) not in DROPPED_CATEGORIES
    )


def _single_spaced(line: str) -> str:
    return " ".join(line.split())
