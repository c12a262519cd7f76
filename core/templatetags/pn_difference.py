"""What changed between two versions of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from django import template

register = template.Library()

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing word by word grows with the square of the length: longer passages are shown as replaced whole.
LONGEST_COMPARED = 6000


class Segment(NamedTuple):
    kind: str
    text: str


@register.simple_tag
def difference(before: str, after: str) -> list[Segment]:
    """Segments in reading order, each `same`, `removed` or `added`."""
    lines = _compared(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [segment for old, new in lines for segment in _refined(old, new)]


def _refined(old: str, new: str) -> Iterator[Segment]:
    if old == new or not old or not new or len(old) + len(new) > LONGEST_COMPARED:
        yield from _segments(old, new)
        return
    for old_words, new_words in _compared(WORDS.findall(old), WORDS.findall(new)):
        yield from _segments(old_words, new_words)


def _segments(old: str, new: str) -> Iterator[Segment]:
    if old == new:
        yield Segment("same", old)
        return
    if old:
        yield Segment("removed", old)
    if new:
        yield Segment("added", new)


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _tag, start, end, new_start, new_end in matcher.get_opcodes():
        yield "".join(before[start:end]), "".join(after[new_start:new_end])
