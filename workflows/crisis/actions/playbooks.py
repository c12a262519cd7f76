"""Playbooks: a draft is opened, changed and approved; a version approved changes no more, only its use ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import trail
from core.enums import Codename
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Agency, Person, RuleSet, Topic
from core.rules.deadlines import local_day
from core.rules.text import clean_line, clean_text
from workflows import base
from workflows.crisis.models import Playbook, PlaybookSign, PlaybookStep, PlaybookVersion, ReportLine
from workflows.crisis.permissions import check_acts_as_head
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules import playbooks as rules
from workflows.crisis.rules.playbooks import Content

from .recording import PROCEDURE, check_reason

Row = PlaybookSign | PlaybookStep | ReportLine
TEXT_LIMIT = 4_000
# Every review adds to what a draft is to change.
CHANGE_LIMIT = 40_000
TITLE_LIMIT = 200
SIGN_LIMIT = 300


class DraftExists(NotAllowedNow):
    """The playbook has an open draft, and there is one at a time."""

    def __init__(self, draft: PlaybookVersion) -> None:
        self.draft = draft
        super().__init__(
            _("“%(title)s” has an open draft, version %(number)s. Work on that one; nothing was changed.")
            % {"title": draft.title, "number": draft.number}
        )


class CannotRun(Invalid):
    """The playbook as it stands cannot run; `problems` say why, each at its row."""

    def __init__(self, found: list[rules.Problem]) -> None:
        self.problems = found
        super().__init__(
            _("The playbook cannot run like this: %(why)s Nothing was saved; what you typed is kept.")
            % {"why": rules.sentences(found)}
        )


@dataclass(frozen=True, kw_only=True)
class Written:
    """A draft as somebody wrote it, whole; the rows are not saved and stand in their order."""

    title: str
    level: int
    content: Content
    description: str = ""
    change: str = ""
    topics: tuple[Topic, ...] = ()


def open_draft(
    source: PlaybookVersion, *, by: Person, at: datetime, change: str = "", agency: Agency | None = None
) -> PlaybookVersion:
    """The next version of the agency's own playbook, a whole copy of `source`, to be changed and approved.

    `source` may be an example, and then `agency` says for whom. Raises MissingRole, DraftExists.
    """
    owner = _owner(source, agency)
    with transaction.atomic():
        _check_may_open(by, owner, at=at)
        playbook = _held_own(owner, source.playbook.code)
        existing = queries.draft_of(playbook)
        if existing is not None:
            raise DraftExists(existing)
        draft = _copy(source, playbook, change=clean_text(change, limit=CHANGE_LIMIT), by=by, at=at)
        data: dict[str, trail.Value] = {"source": source.pk, "change_hash": _hash_of_change(draft)}
        _record(events.PLAYBOOK_DRAFTED, draft, by=by, at=at, data=data)
    return draft


def propose_change(
    source: PlaybookVersion, *, change: str, by: Person, at: datetime, agency: Agency | None = None
) -> PlaybookVersion:
    """What a review proposes: opens the next draft, or is added to the reasons of the one that is open."""
    owner = _owner(source, agency)
    with transaction.atomic():
        draft = queries.draft_of(_held_own(owner, source.playbook.code))
        if draft is None:
            return open_draft(source, change=change, by=by, at=at, agency=owner)
        _check_may_open(by, owner, at=at)
        draft.change = clean_text(f"{draft.change}\n\n{change}", limit=CHANGE_LIMIT)
        # Whoever has the draft open is told at the save, and does not write over the proposal.
        draft.written_by, draft.written_at = by, at
        draft.save(update_fields=["change", "written_by", "written_at"])
        data: dict[str, trail.Value] = {"change_hash": _hash_of_change(draft)}
        _record(events.PLAYBOOK_PROPOSED, draft, by=by, at=at, data=data)
    return draft


def change_draft(
    version: PlaybookVersion, *, written: Written, by: Person, at: datetime, seen: datetime | None = None
) -> PlaybookVersion:
    """Replace what a draft says, whole. `seen` is the instant of the text that was worked on.

    Raises CannotRun with every problem, Conflict where somebody else saved meanwhile, MissingRole, NotAllowedNow.
    """
    with transaction.atomic():
        draft = _held_draft(version)
        owner = _agency_of(draft)
        permissions.check_role(by, Codename.KEEP_PLAYBOOKS, agency=owner, at=at)
        if seen is not None and draft.written_at != seen:
            raise Conflict(
                _("%(person)s saved this draft while you worked on it. Look at it before you save; yours is kept.")
                % {"person": draft.written_by}
            )  # fmt: skip
        _number(written.content)
        _check_runs(written.content, agency=owner, on=local_day(at), at=at)
        _rewrite(draft, written, by=by, at=at)
        data: dict[str, trail.Value] = {
            "signs": len(written.content.signs),
            "steps": len(written.content.steps),
            "lines": len(written.content.lines),
            "text_hash": _hash_of_text(draft),
        }
        _record(events.PLAYBOOK_CHANGED, draft, by=by, at=at, data=data)
    return draft


def approve(version: PlaybookVersion, *, valid_from: date, by: Person, at: datetime) -> PlaybookVersion:
    """The head approves a draft from a day on; the version before ends that day. Crises under way keep theirs.

    Raises CannotRun, Invalid for the day, MissingRole, NotAllowedNow.
    """
    with transaction.atomic():
        draft = _held_draft(version)
        owner = _agency_of(draft)
        check_acts_as_head(by, Codename.APPROVE_PLAYBOOK, agency=owner, at=at)
        _check_day(valid_from, at=at, field="valid_from")
        _check_runs(queries.content_of(draft), agency=owner, on=valid_from, at=at)
        replaced = _end_before(draft, valid_from)
        draft.valid_from, draft.approved_by, draft.approved_at = valid_from, by, at
        draft.approved_by_name = by.full_name
        draft.save()
        data: dict[str, trail.Value] = {
            "valid_from": valid_from.isoformat(),
            "replaced": replaced.pk if replaced else None,
            "text_hash": _hash_of_text(draft),
        }
        _record(events.PLAYBOOK_APPROVED, draft, by=by, at=at, data=data)
    return draft


def end(version: PlaybookVersion, *, on: date, reason: str, by: Person, at: datetime) -> PlaybookVersion:
    """From a day on the version is no longer offered. Raises Invalid, MissingRole, NotAllowedNow."""
    with transaction.atomic():
        _held(version.playbook_id)
        row = queries.versions().get(pk=version.pk)
        check_acts_as_head(by, Codename.APPROVE_PLAYBOOK, agency=_agency_of(row), at=at)
        if row.is_draft or row.valid_until is not None:
            raise NotAllowedNow(_("This version is a draft or has an end already. Nothing was changed."))
        _check_day(on, at=at, field="on")
        if row.valid_from is not None and on <= row.valid_from:
            raise _unusable_day(_("The end must come after the day the version began."), "on")
        why = check_reason(clean_text(reason, limit=TEXT_LIMIT))
        row.valid_until = on
        row.save(update_fields=["valid_until"])
        _record(
            events.PLAYBOOK_ENDED, row, by=by, at=at, data={"valid_until": on.isoformat()}, reason=why
        )  # fmt: skip
    return row


def drop_draft(version: PlaybookVersion, *, by: Person, at: datetime) -> None:
    """Remove a draft; a playbook that never had a version goes with it. Raises MissingRole, NotAllowedNow."""
    with transaction.atomic():
        draft = _held_draft(version)
        permissions.check_role(by, Codename.KEEP_PLAYBOOKS, agency=_agency_of(draft), at=at)
        _record(events.PLAYBOOK_DRAFT_DROPPED, draft, by=by, at=at)
        playbook = draft.playbook
        draft.delete()
        if not playbook.versions.exists():
            playbook.delete()


def _owner(source: PlaybookVersion, agency: Agency | None) -> Agency:
    """For whom a draft is opened: the agency named, or whose the source is. Raises NotAllowedNow for another's."""
    owner = agency or source.playbook.agency
    if owner is None:
        raise NotAllowedNow(_("An example is not changed. Open a version of your agency's own from it."))
    if source.playbook.agency_id not in (None, owner.pk):
        raise NotAllowedNow(_("This playbook is another agency's. Nothing was changed."))
    return owner


def _agency_of(version: PlaybookVersion) -> Agency:
    agency = version.playbook.agency
    if agency is None:
        raise NotAllowedNow(_("An example is not changed. Open a version of your agency's own from it."))
    return agency


def _check_may_open(by: Person, agency: Agency, *, at: datetime) -> None:
    """Whoever writes playbooks, or reviews crises and proposes what to change."""
    if not permissions.allowed(permissions.check_role, by, Codename.REVIEW_CRISIS, agency=agency, at=at):
        permissions.check_role(by, Codename.KEEP_PLAYBOOKS, agency=agency, at=at)


def _held_own(agency: Agency, code: str) -> Playbook:
    """The agency's own playbook, held. Where its only draft is dropped while this waits it goes, and is made anew."""
    while True:
        found, _is_new = Playbook.objects.get_or_create(agency=agency, code=code)
        held = _held(found.pk)
        if held is not None:
            return held


def _held(pk: int) -> Playbook | None:
    """The playbook with its row locked: who drafts, approves or drops waits for the one before."""
    return Playbook.objects.select_for_update(no_key=True).filter(pk=pk).first()


def _held_draft(version: PlaybookVersion) -> PlaybookVersion:
    """Raises NotAllowedNow where it was approved or dropped meanwhile."""
    _held(version.playbook_id)
    draft = queries.versions().filter(pk=version.pk, approved_at__isnull=True).first()
    if draft is None:
        raise NotAllowedNow(
            _("This version is no draft any more: it was approved or dropped. Nothing was changed.")
        )
    return draft


def _copy(
    source: PlaybookVersion, playbook: Playbook, *, change: str, by: Person, at: datetime
) -> PlaybookVersion:
    last = playbook.versions.aggregate(last=Max("number"))["last"] or 0
    draft = PlaybookVersion.objects.create(
        playbook=playbook, number=last + 1, title=source.title, description=source.description,
        level=source.level, written_by=by, written_at=at, change=change,
    )  # fmt: skip
    draft.topics.set(source.topics.all())
    content = queries.content_of(source)
    write_rows(
        draft,
        Content(
            signs=[PlaybookSign(text=sign.text) for sign in content.signs],
            steps=[PlaybookStep(**queries.plain_step(step)) for step in content.steps],
            lines=[ReportLine(**queries.plain_line(line)) for line in content.lines],
        ),
    )
    return draft


def write_rows(version: PlaybookVersion, content: Content) -> None:
    """Give a draft its signs, steps and recipients, numbered in their order."""
    _number(content)
    rows: list[Row] = [*content.signs, *content.steps, *content.lines]
    for row in rows:
        row.version = version
    PlaybookSign.objects.bulk_create(content.signs)
    PlaybookStep.objects.bulk_create(content.steps)
    ReportLine.objects.bulk_create(content.lines)


def _number(content: Content) -> None:
    for rows in (content.signs, content.steps, content.lines):
        _number_rows(rows)


def _number_rows(rows: Sequence[Row]) -> None:
    for number, row in enumerate(rows, 1):
        row.number = number


def _rewrite(draft: PlaybookVersion, written: Written, *, by: Person, at: datetime) -> None:
    title = clean_line(written.title, limit=TITLE_LIMIT)
    if not title:
        raise Invalid(
            _("The playbook has no title. Nothing was saved; what you typed is kept."),
            fields={"title": _("Write the title.")},
        )
    draft.title, draft.level = title, written.level
    draft.description = clean_text(written.description, limit=TEXT_LIMIT)
    draft.change = clean_text(written.change, limit=CHANGE_LIMIT)
    draft.written_by, draft.written_at = by, at
    draft.save()
    draft.topics.set(written.topics)
    for rows in (draft.signs, draft.steps, draft.report_lines):
        rows.all().delete()
    write_rows(draft, written.content)


def _check_runs(content: Content, *, agency: Agency, on: date, at: datetime) -> None:
    found = rules.problems(content, queries.facts_for(agency, on=on, at=at))
    if found:
        raise CannotRun(found)


def _check_day(day: date, *, at: datetime, field: str) -> None:
    if day < local_day(at):
        raise _unusable_day(_("The day lies in the past."), field)


def _end_before(draft: PlaybookVersion, day: date) -> PlaybookVersion | None:
    """End what is in force from the day on. Raises Invalid where the day is before what was settled already."""
    earlier = draft.playbook.versions.filter(approved_at__isnull=False).order_by("-number").first()
    if earlier is None:
        return None
    if earlier.valid_from is not None and day <= earlier.valid_from:
        raise _unusable_day(_("The version before begins on that day or later."), "valid_from")
    if earlier.valid_until is None:
        earlier.valid_until = day
        earlier.save(update_fields=["valid_until"])
        return earlier
    if day < earlier.valid_until:
        raise _unusable_day(_("The version before is in force until a later day."), "valid_from")
    return None


def _unusable_day(sentence: str, field: str) -> Invalid:
    return Invalid(
        _("%(why)s Nothing was changed; choose another day.") % {"why": sentence},
        fields={field: _("Choose another day.")},
    )


def _hash_of_change(draft: PlaybookVersion) -> str:
    return trail.keyed_hash(draft, draft.change) if draft.change else ""


def _hash_of_text(version: PlaybookVersion) -> str:
    text = json.dumps(queries.plain(version), ensure_ascii=False, sort_keys=True)
    return trail.keyed_hash(version, text)


def _record(
    event: events.Event,
    version: PlaybookVersion,
    *,
    by: Person,
    at: datetime,
    data: dict[str, trail.Value] | None = None,
    reason: str = "",
) -> None:
    """Into the global stream: a playbook belongs to no case."""
    playbook = version.playbook
    rule_set = RuleSet.objects.at(local_day(at)).first()
    about: dict[str, trail.Value] = {
        "playbook": playbook.pk,
        "code": playbook.code,
        "version": version.pk,
        "number": version.number,
        "agency": playbook.agency.code if playbook.agency else "",
    }
    trail.record(
        event, case=None, by=by, at=at, subject=playbook, data=about | (data or {}), reason=reason,
        rule_set=rule_set.code if rule_set else "", procedure=PROCEDURE,
        procedure_version=base.procedure(PROCEDURE).version,
    )  # fmt: skip
