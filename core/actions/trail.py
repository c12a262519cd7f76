"""Writing the decision trail: one entry for each step and decision, in the transaction of the decision."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import DateTimeField, Func, Model
from django.db.transaction import TransactionManagementError

from core import request_context
from core.events import EVENTS, Event
from core.models import Agency, Case, Mandate, Person, Post, TextKey, TrailEntry, TrailHead
from core.rules import trail as rules

Value = str | int | bool | None | list[Any] | datetime

GLOBAL = "global"
PERSON = "person"
SYSTEM = "system"
MAX_VALUE_LENGTH = 500
KEY_BYTES = 32


class TrailMisuse(ValueError):
    """A programming error: the code tried to record what the vocabulary does not declare."""


class DatabaseClock(Func):
    """The instant at which the database reads this, not the one at which the transaction began."""

    template = "%(function)s()"
    function = "CLOCK_TIMESTAMP"
    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'now')", **context
        )


def stream_of(case: Case | None) -> str:
    return GLOBAL if case is None else f"case:{case.pk}"


def record(
    event: Event,
    *,
    case: Case | None,
    by: Person | None,
    at: datetime,
    subject: Model | None = None,
    data: Mapping[str, Value] | None = None,
    reason: str = "",
    mandate: Mandate | None = None,
    object_hash: str = "",
    occurred_at: datetime | None = None,
    rule_set: str = "",
    procedure: str = "",
    procedure_version: str = "",
) -> TrailEntry:
    """Append an entry to the stream of the case, or to the global one; `by` None is the system itself.

    Must run inside the transaction of the decision: no entry, no decision. The head of the stream stays
    locked until that transaction ends, so take it last: process, mandate, number series, stream head.
    """
    _require_transaction()
    context = request_context.current()
    facts = {
        "entry_id": uuid4(),
        "gesture_id": context.gesture,
        "type": event.code,
        "occurred_at": occurred_at or at,
        "mandate_id": mandate.pk if mandate else None,
        "on_behalf_of_id": None,
        "rule_set": rule_set,
        "reason": reason,
        "object_hash": object_hash,
        "data": _checked(event, data or {}, subject=subject),
        "request": context.as_data(),
        "procedure": procedure,
        "procedure_version": procedure_version,
        "format_version": rules.FORMAT_VERSION,
        **_object_facts(subject),
        **_actor_facts(by, agency=_agency(case, subject, mandate), at=at),
    }
    return _append(case, facts)


def keyed_hash(subject: Model, text: str) -> str:
    """A digest that proves the text as long as its subject's key exists, and nothing once it is gone."""
    key = _key(subject)
    digest = hmac.digest(key, unicodedata.normalize("NFC", text).encode(), "sha256")
    return f"hmac-sha256:{digest.hex()}"


def destroy_key(subject: Model) -> None:
    """Make every digest taken under this subject's key unprovable; part of purging its text."""
    TextKey.objects.filter(object_type=subject._meta.label, object_id=subject.pk).delete()


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("A trail entry is written inside the transaction of its decision.")


def _checked(event: Event, data: Mapping[str, Value], *, subject: Model | None) -> dict[str, Any]:
    if EVENTS.get(event.code) is not event:
        raise TrailMisuse(f"The event {event.code} is not registered in core.events.")
    unknown = data.keys() - event.keys - event.personal
    if unknown:
        raise TrailMisuse(f"{event.code} does not declare {', '.join(sorted(unknown))}.")
    return {
        key: _digested(key, value, subject) if key in event.personal else _short(key, value)
        for key, value in data.items()
    }


def _digested(key: str, value: Value, subject: Model | None) -> str | None:
    if subject is None:
        raise TrailMisuse(f"{key} is personal and needs a subject whose key hides it.")
    return keyed_hash(subject, str(value)) if value not in (None, "") else None


def _short(key: str, value: Value) -> Any:
    """A fact is short. What is longer is a text, and no text may enter the trail."""
    fact = rules.plain(value)
    for part in fact if isinstance(fact, list) else [fact]:
        if isinstance(part, str) and len(part) > MAX_VALUE_LENGTH:
            raise TrailMisuse(f"{key} is longer than {MAX_VALUE_LENGTH} characters: record its hash instead.")
    return fact


def _agency(case: Case | None, subject: Model | None, mandate: Mandate | None) -> Agency | None:
    if case is not None:
        return case.agency
    if isinstance(subject, Agency):
        return subject
    agency = getattr(subject, "agency", None) or (mandate.agency if mandate else None)
    return agency if isinstance(agency, Agency) else None


def _object_facts(subject: Model | None) -> dict[str, Any]:
    if subject is None:
        return {"object_type": "", "object_id": None}
    return {"object_type": subject._meta.label, "object_id": subject.pk}


def _actor_facts(by: Person | None, *, agency: Agency | None, at: datetime) -> dict[str, Any]:
    """Names and posts are copied as they are at this instant: an entry outlives whatever it speaks of."""
    code = agency.code if agency else ""
    facts = {"agency_code": code, "actor_kind": SYSTEM, "actor_id": None}
    facts |= {"actor_name": "", "actor_post": "", "actor_unit": ""}
    if by is None:
        return facts
    posts = (
        list(Post.objects.at(at).filter(person=by, agency=agency).select_related("unit")) if agency else []
    )
    units = dict.fromkeys(post.unit.name for post in posts if post.unit)
    return facts | {
        "actor_kind": PERSON,
        "actor_id": by.pk,
        "actor_name": by.full_name,
        "actor_post": "; ".join(dict.fromkeys(post.title for post in posts)),
        "actor_unit": "; ".join(units),
    }


def _append(case: Case | None, facts: Mapping[str, Any]) -> TrailEntry:
    head, read_at = _locked_head(case)
    recorded_at = max(read_at, head.recorded_at or read_at)
    place = {"stream": head.stream, "seq": head.seq + 1, "recorded_at": recorded_at, "prev_hash": head.hash}
    fields = {**facts, **place}
    body = rules.canonical(fields)
    texts = {name: rules.plain(value) for name, value in fields.items() if isinstance(value, str | dict)}
    entry = TrailEntry.objects.create(**{**fields, **texts}, body=body, hash=rules.digest(body))
    TrailHead.objects.filter(pk=head.pk).update(seq=entry.seq, hash=entry.hash, recorded_at=recorded_at)
    return entry


def _locked_head(case: Case | None) -> tuple[TrailHead, datetime]:
    """The locked head of the stream, made if missing, and the database's clock read in the same statement."""
    stream = stream_of(case)
    heads = TrailHead.objects.select_for_update().annotate(read_at=DatabaseClock()).filter(stream=stream)
    head = heads.first()
    if head is None:
        TrailHead.objects.bulk_create([TrailHead(stream=stream, case=case)], ignore_conflicts=True)
        head = heads.get()
    return head, head.read_at


def _key(subject: Model) -> bytes:
    identity = {"object_type": subject._meta.label, "object_id": subject.pk}
    kept = TextKey.objects.filter(**identity).first()
    if kept is None:
        fresh = TextKey(**identity, key=secrets.token_bytes(KEY_BYTES))
        TextKey.objects.bulk_create([fresh], ignore_conflicts=True)
        kept = TextKey.objects.get(**identity)
    return bytes(kept.key)
