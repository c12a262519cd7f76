"""What a text is, for whoever agrees to it, clears it or speaks it: its paragraphs, and the hash of exactly these."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

TEXT_LIMIT = 20_000

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a cleaned text; blank lines part them, a line end stays inside one."""
    blocks = (block.strip() for block in _BLANK_LINES.split(text))
    return [block for block in blocks if block]


def as_text(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(paragraphs)


def sha256_of(text: str) -> str:
    """The hash that clearance, agreement and release refer to: of a draft and of a joint text the same function."""
    return hashlib.sha256(as_text(paragraphs_of(text)).encode()).hexdigest()
