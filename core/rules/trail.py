"""The form of the trail: canonical bytes, their hash, what a sound chain looks like. Knows no database."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from core.models import TrailEntry, TrailHead

FORMAT_VERSION = 1
COLUMNS = (
    "entry_id",
    "gesture_id",
    "stream",
    "seq",
    "type",
    "occurred_at",
    "recorded_at",
    "agency_code",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_post",
    "actor_unit",
    "mandate_id",
    "on_behalf_of_id",
    "rule_set",
    "reason",
    "object_type",
    "object_id",
    "object_hash",
    "data",
    "request",
    "procedure",
    "procedure_version",
    "format_version",
    "prev_hash",
)


def instant(value: datetime) -> str:
    """RFC 3339 in UTC with microseconds, always of the same length."""
    if value.tzinfo is None:
        raise ValueError("An instant without a time zone cannot be recorded.")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """The value in the forms whose bytes are certain: NFC text, whole numbers, true, false, null, lists."""
    if value is None or isinstance(value, bool):
        return value
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    raise TypeError(f"A {type(value).__name__} has no canonical form and cannot be recorded.")


def _text(value: str) -> str:
    text = str(value)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _object(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {_text(key): plain(item) for key, item in value.items()}


def _list(value: Sequence[Any]) -> list[Any]:
    return [plain(item) for item in value]


# The first kind that fits decides: an instant is also a date.
_FORMS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (str, _text),
    (int, int),
    (datetime, instant),
    (date, date.isoformat),
    (UUID, str),
    (Mapping, _object),
    ((list, tuple), _list),
)


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8. The same facts always give the same bytes."""
    text = json.dumps(
        plain(fields), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def body_of(entry: TrailEntry) -> bytes:
    """The bytes that the columns of the entry ask for."""
    return canonical({name: getattr(entry, name) for name in COLUMNS})


class Problem(TextChoices):
    """What is wrong with a stream. The values are read by programs and frozen."""

    SEQUENCE_BROKEN = "sequence_broken", _("the numbering has a gap or a double before this entry")
    CHAIN_BROKEN = "chain_broken", _("this entry does not carry the hash of the one before it")
    HASH_WRONG = "hash_wrong", _("the hash does not match the content of the entry")
    BODY_UNREADABLE = "body_unreadable", _("the stored bytes of the entry are not in canonical form")
    COLUMNS_DIFFER = "columns_differ", _("the columns of the entry say something else than its stored bytes")
    TIME_RUNS_BACK = "time_runs_back", _("the entry is recorded earlier than the one before it")
    HEAD_MISSING = "head_missing", _("the stream has entries but no head")
    HEAD_DIFFERS = (
        "head_differs",
        _("the head does not point at the last entry: entries were cut off or added"),
    )
    ENTRIES_MISSING = "entries_missing", _("the stream has a head but no entries")
    CASE_MISSING = "case_missing", _("the stream belongs to no case, or to another than its name says")
    STREAM_MISSING = "stream_missing", _("the case has no trail")
    UNPROTECTED = "unprotected", _("the database no longer refuses changes: triggers are missing")


@dataclass(frozen=True, kw_only=True)
class Finding:
    stream: str
    problem: Problem
    seq: int | None = None

    @property
    def sentence(self) -> str:
        place = f"{self.stream} #{self.seq}" if self.seq is not None else self.stream
        return f"{place}: {self.problem.label}"


class ChainCheck:
    """Goes over the entries of one stream in order, holding no more than the last."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.seq = 0
        self.hash = ""
        self.recorded_at: datetime | None = None

    def step(self, entry: TrailEntry) -> Iterator[Finding]:
        for problem in (*self._order_problems(entry), *_content_problems(entry)):
            yield Finding(stream=self.stream, seq=entry.seq, problem=problem)
        self.seq, self.hash, self.recorded_at = entry.seq, entry.hash, entry.recorded_at

    def end(self, head: TrailHead | None) -> Iterator[Finding]:
        """To be asked after the last entry, with the head as it is stored."""
        if head is None:
            yield Finding(stream=self.stream, problem=Problem.HEAD_MISSING)
        elif (head.seq, head.hash, head.recorded_at) != (self.seq, self.hash, self.recorded_at):
            yield Finding(stream=self.stream, seq=self.seq, problem=Problem.HEAD_DIFFERS)

    def _order_problems(self, entry: TrailEntry) -> Iterator[Problem]:
        if entry.seq != self.seq + 1:
            yield Problem.SEQUENCE_BROKEN
        if entry.prev_hash != self.hash:
            yield Problem.CHAIN_BROKEN
        if self.recorded_at is not None and entry.recorded_at < self.recorded_at:
            yield Problem.TIME_RUNS_BACK


def _content_problems(entry: TrailEntry) -> Iterator[Problem]:
    body = bytes(entry.body)
    if digest(body) != entry.hash:
        yield Problem.HASH_WRONG
    if body != body_of(entry):
        yield Problem.COLUMNS_DIFFER if _is_canonical(body) else Problem.BODY_UNREADABLE


def _is_canonical(body: bytes) -> bool:
    try:
        said = json.loads(body)
        return isinstance(said, dict) and canonical(said) == body
    except (ValueError, TypeError):
        return False
