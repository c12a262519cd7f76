"""Reading the decision trail: as one story for people, and whole for checking its chains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import triggers
from core.enums import (
    Capacity,
    ChangeKind,
    CrisisPart,
    DeadlineOutcome,
    DutyKind,
    InquiryOutcome,
    LateResult,
    MandateKind,
    PaperKind,
    RecipientPart,
    ReminderStage,
    Role,
    RungKind,
    StartingEvent,
    StatementForm,
)
from core.events import EVENTS, Event
from core.models import Case, Mandate, TrailEntry, TrailHead
from core.rules.mandates import in_words
from core.rules.trail import ChainCheck, Finding, Problem

Labels = Mapping[str, Mapping[str, str | Promise]]

CHUNK = 2000
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")
STREAMS_AT_ONCE = 500
AREAS: Mapping[str, str | Promise] = {
    "account": gettext_lazy("Account"),
    "advice": gettext_lazy("Advice upward"),
    "agency": gettext_lazy("Settings of the agency"),
    "assignment": gettext_lazy("Assignment"),
    "calendar": gettext_lazy("Working calendar"),
    "capacity": gettext_lazy("Signing capacity"),
    "case": gettext_lazy("Case"),
    "clock": gettext_lazy("Clock"),
    "contact": gettext_lazy("Contact of an agency"),
    "crisis": gettext_lazy("Crisis"),
    "crisis_report": gettext_lazy("Report of a crisis"),
    "crisis_setting": gettext_lazy("Settings of the agency"),
    "crisis_statement": gettext_lazy("Statement in a crisis"),
    "crisis_step": gettext_lazy("Step of a crisis"),
    "deadline": gettext_lazy("Deadline"),
    "delegation": gettext_lazy("Delegation to speak"),
    "directory": gettext_lazy("Directory"),
    "document": gettext_lazy("Document"),
    "draft": gettext_lazy("Draft"),
    "duty": gettext_lazy("Duty roster"),
    "event": gettext_lazy("Starting event"),
    "feed": gettext_lazy("Calendar feed"),
    "inquiry": gettext_lazy("Inquiry"),
    "job": gettext_lazy("Background job"),
    "joint_matter": gettext_lazy("Joint matter"),
    "local_regulation": gettext_lazy("Local regulation"),
    "local_rule": gettext_lazy("Local rule"),
    "mail": gettext_lazy("Mail"),
    "mandate": gettext_lazy("Mandate to speak"),
    "opinion": gettext_lazy("Opinion of a superior"),
    "order": gettext_lazy("Order of a superior"),
    "person": gettext_lazy("Post"),
    "playbook": gettext_lazy("Playbook"),
    "publication": gettext_lazy("Publication"),
    "question": gettext_lazy("Question"),
    "refusal": gettext_lazy("Refusal"),
    "refusals": gettext_lazy("Refusal"),
    "register": gettext_lazy("Public register"),
    "reply": gettext_lazy("Decision"),
    "role": gettext_lazy("Role"),
    "rule_set": gettext_lazy("Governing law"),
    "speech": gettext_lazy("Speech outside the system"),
    "statement": gettext_lazy("Statement"),
    "task": gettext_lazy("Step"),
    "verbatim": gettext_lazy("Verbatim text"),
}
CODES: Labels = {
    "capacity": dict(Capacity.choices),
    "form": dict(StatementForm.choices),
    "mandate_kind": dict(MandateKind.choices),
    "kind": {
        code: name
        for kinds in (StartingEvent, ChangeKind, DutyKind, PaperKind, RungKind)
        for code, name in kinds.choices
    },
    "outcome": {**dict(InquiryOutcome.choices), **dict(DeadlineOutcome.choices)},
    "part": {**dict(CrisisPart.choices), **dict(RecipientPart.choices)},
    "result": dict(LateResult.choices),
    "role": dict(Role.choices),
    "stage": dict(ReminderStage.choices),
}


@dataclass(frozen=True, kw_only=True)
class StoryLine:
    """One entry as people read it; `label` names the kind of thing, `what` follows the name of `who`."""

    seq: int
    code: str
    label: str
    who: str
    is_system: bool
    post: str
    unit: str
    mandate: str
    what: str
    why: str
    rule_set: str
    occurred_at: datetime
    recorded_at: datetime
    object_type: str
    object_id: int | None
    object_hash: str
    data: Mapping[str, Any]
    hash: str
    gesture_id: UUID
    procedure: str
    procedure_version: str


def latest_entry(event: Event, *, subject: Model) -> TrailEntry | None:
    """What the trail says last of the subject in this regard."""
    said = TrailEntry.objects.filter(
        type=event.code, object_type=subject._meta.label, object_id=subject.pk
    )  # fmt: skip
    return said.order_by("pk").last()


def has_entry(event: Event, *, subject: Model) -> bool:
    """Whether the trail already says this of the subject; for jobs that may run twice."""
    return TrailEntry.objects.filter(
        type=event.code, object_type=subject._meta.label, object_id=subject.pk
    ).exists()


def story(case: Case, *, labels: Labels | None = None) -> list[StoryLine]:
    """The trail of the case in order, in two queries however long it is.

    `labels` adds names for codes that core does not know, as {key: {code: name}}.
    """
    entries = list(TrailEntry.objects.filter(stream=f"case:{case.pk}").defer("body").order_by("seq"))
    mandates = Mandate.objects.in_bulk({entry.mandate_id for entry in entries if entry.mandate_id})
    names = {**CODES, **(labels or {})}
    return [_line(entry, mandates.get(entry.mandate_id or 0), names) for entry in entries]


def _line(entry: TrailEntry, mandate: Mandate | None, names: Labels) -> StoryLine:
    is_system = entry.actor_id is None
    return StoryLine(
        seq=entry.seq,
        code=entry.type,
        label=str(AREAS.get(entry.type.partition(".")[0], "")),
        who=_("The system") if is_system else entry.actor_name,
        is_system=is_system,
        post=entry.actor_post,
        unit=entry.actor_unit,
        mandate=_mandate_text(mandate) if mandate else "",
        what=sentence(entry.type, entry.data, names),
        why=entry.reason,
        rule_set=entry.rule_set,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        object_type=entry.object_type,
        object_id=entry.object_id,
        object_hash=entry.object_hash,
        data=entry.data,
        hash=entry.hash,
        gesture_id=entry.gesture_id,
        procedure=entry.procedure,
        procedure_version=entry.procedure_version,
    )


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str, data: Mapping[str, Any], names: Labels = CODES) -> str:
    """What an entry says; the bare code when the vocabulary no longer has it."""
    event = EVENTS.get(code)
    if event is None:
        return code
    facts = _Facts(
        (key, names.get(key, {}).get(value, _readable(value)))
        for key, value in data.items()
        if _is_fact(value)
    )
    return str(event.sentence) % facts


def _readable(value: str | int) -> str | int:
    """An instant as the agencies write it; every other fact as it is."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return value
    return in_words(datetime.fromisoformat(value))


def _is_fact(value: Any) -> bool:
    return isinstance(value, str | int) and value != ""


def _mandate_text(mandate: Mandate) -> str:
    if mandate.document_date is None:
        return mandate.get_kind_display()
    return _("%(kind)s, by %(number)s of %(date)s") % {
        "kind": mandate.get_kind_display(),
        "number": mandate.document_number,
        "date": date_format(mandate.document_date, "d/m/Y"),
    }


class Verification:
    """Goes over every stream in one snapshot and flat memory; the counts stand when `findings` is through."""

    def __init__(self) -> None:
        self.entries = 0
        self.cases = 0

    def findings(self) -> Iterator[Finding]:
        for trigger in triggers.missing(connection):
            yield Finding(stream=trigger.table, problem=Problem.UNPROTECTED)
        with _snapshot():
            self.cases = Case.objects.count()
            yield from self._chain_findings()
            yield from _lost_streams()

    def _chain_findings(self) -> Iterator[Finding]:
        ended: list[ChainCheck] = []
        for stream, entries in groupby(_all_entries(), key=lambda entry: entry.stream):
            check = ChainCheck(stream)
            for entry in entries:
                self.entries += 1
                yield from check.step(entry)
            ended.append(check)
            if len(ended) == STREAMS_AT_ONCE:
                yield from _end_findings(ended)
                ended.clear()
        yield from _end_findings(ended)


def _all_entries() -> Iterator[TrailEntry]:
    return TrailEntry.objects.order_by("stream", "seq").iterator(chunk_size=CHUNK)


def _end_findings(checks: Sequence[ChainCheck]) -> Iterator[Finding]:
    heads = TrailHead.objects.in_bulk([check.stream for check in checks])
    for check in checks:
        head = heads.get(check.stream)
        yield from check.end(head)
        if head is not None and check.stream != _stream_name(head.case_id):
            yield Finding(stream=check.stream, problem=Problem.CASE_MISSING)


def _stream_name(case_id: int | None) -> str:
    return "global" if case_id is None else f"case:{case_id}"


def _lost_streams() -> Iterator[Finding]:
    of_head = TrailEntry.objects.filter(stream=OuterRef("stream"))
    for stream in TrailHead.objects.filter(~Exists(of_head)).values_list("stream", flat=True).iterator():
        yield Finding(stream=stream, problem=Problem.ENTRIES_MISSING)
    without_head = Case.objects.filter(trail_head__isnull=True).order_by("pk")
    for pk in without_head.values_list("pk", flat=True).iterator():
        yield Finding(stream=f"case:{pk}", problem=Problem.STREAM_MISSING)


@contextmanager
def _snapshot() -> Iterator[None]:
    """One consistent view of entries and heads while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with _reading_only(connection), transaction.atomic():
            yield


@contextmanager
def _reading_only(sqlite: Any) -> Iterator[None]:
    # The usual IMMEDIATE transaction would hold up every writer for as long as the check runs.
    usual = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = usual
