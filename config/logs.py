"""The log says what failed and where, never in the words of the error.

An error may repeat what it failed on: a mail's text, an address, the DETAIL of a database error with a whole row.
"""

from __future__ import annotations

import logging
import traceback
from copy import copy
from types import TracebackType
from typing import Any

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WordlessFormatter(logging.Formatter):
    """Writes an error as its kind and its places in the code, and its causes likewise."""

    def format(self, record: logging.LogRecord) -> str:
        wordless = copy(record)
        # A traceback that another formatter made is kept on the record.
        wordless.exc_text = None
        wordless.args = _without_words(record.args)
        return super().format(wordless)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


def _without_words(args: Any) -> Any:
    if isinstance(args, tuple):
        return tuple(_kind(each) if isinstance(each, BaseException) else each for each in args)
    return args


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _told(error: BaseException, *, seen: frozenset[int] = frozenset()) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = _told(cause, seen=seen | {id(error)}) if cause is not None and id(cause) not in seen else []
    places = [
        f"  {frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return [*before, f"{_kind(error)}, at (last call last):", *places]
