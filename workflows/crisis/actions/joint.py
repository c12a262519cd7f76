"""Agreeing the content of a joint statement: the lead proposes, the others agree or object (Decree 244/2026 art 7.2).

Whoever changes what is agreed holds the row of the matter, and so does the release: a text is released as it stands
agreed at that instant, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock, events, permissions
from core.actions import trail
from core.enums import Codename
from core.errors import Invalid, NotAllowedNow, NotFound
from core.models import Agency, Crisis, Person
from core.rules.deadlines import local_day
from core.rules.text import clean_line, clean_text
from workflows.crisis.models import JointMatter, JointText, JointVoice
from workflows.crisis.permissions import check_may_propose, check_may_voice, is_head
from workflows.crisis.queries import joint
from workflows.crisis.rules import content
from workflows.crisis.rules import joint as rules
from workflows.locks import held_crisis, only_so_long

from . import heads
from .recording import check_reason, record

TITLE_LIMIT, PAPER_LIMIT, OBJECTION_LIMIT = 300, 300, 2_000


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What the matter is, whom the Government assigned the lead, by which paper of which day, and the others."""

    title: str
    lead: Agency
    parties: Sequence[Agency]
    assigned_by: str
    assigned_on: date


def open_matter(*, crisis: Crisis, assigned: Assigned, by: Person) -> JointMatter:
    """Record a joint matter from one's own crisis about it. Raises NotFound, Invalid, MissingRole, NotAllowedNow."""
    with _own_crisis(crisis, by=by) as at:
        usable = _usable(assigned, own=crisis.agency, at=at)
        matter = JointMatter.objects.create(
            title=usable.title, lead=usable.lead, assigned_by=usable.assigned_by, assigned_on=usable.assigned_on,
            opened_by=by, opened_at=at,
        )  # fmt: skip
        matter.parties.set(usable.parties)
        matter.crises.add(crisis)
        data: dict[str, trail.Value] = {
            "parties": [party.code for party in usable.parties],
            "assigned_by": usable.assigned_by,
            "assigned_on": usable.assigned_on.isoformat(),
            "text_hash": trail.keyed_hash(matter, usable.title),
        }
        record_entry(events.JOINT_MATTER_OPENED, matter, agency=crisis.agency, by=by, at=at, data=data)
    return matter


def link(*, matter: JointMatter, crisis: Crisis, by: Person) -> None:
    """Say that one's own crisis is about a matter in which one's agency is the lead or one of the others."""
    with _own_crisis(crisis, by=by) as at, held(matter) as act:
        if not joint.linkable(crisis, at=at).filter(pk=matter.pk).exists():
            raise NotAllowedNow(
                _("%(agency)s is neither the lead nor one of the others in this matter. Nothing was linked.")
                % {"agency": crisis.agency.name}
            )
        act.matter.crises.add(crisis)
        record_entry(events.JOINT_MATTER_LINKED, act.matter, agency=crisis.agency, by=by, at=at)


def check_can_be_linked(crisis: Crisis) -> None:
    """Raise why the crisis can belong to no joint matter as things stand."""
    if crisis.is_drill:
        raise NotAllowedNow(
            _(
                "This is a drill: no other agency is told of it, so it has no joint matter. Nothing was recorded."
            )
        )
    if not crisis.is_open:
        raise NotAllowedNow(_("This crisis is closed. Nothing was recorded."))
    if joint.of_crisis(crisis) is not None:
        raise NotAllowedNow(_("This crisis belongs to a joint matter already. Nothing was recorded."))


def propose(*, matter: JointMatter, text: str, by: Person) -> JointText:
    """The lead proposes a version, written once. What was agreed of an earlier one stays agreed."""
    with held(matter) as act:
        check_may_propose(by, act.matter, at=act.at)
        words = clean_text(text, limit=content.TEXT_LIMIT, field="text")
        sha256 = content.sha256_of(words)
        _check_new(act.matter, words, sha256)
        row = JointText.objects.create(
            matter=act.matter, number=act.matter.texts.count() + 1, paragraphs=content.paragraphs_of(words),
            sha256=sha256, proposed_by=by, proposed_at=act.at,
        )  # fmt: skip
        data = about_text(row) | {"paragraphs": len(row.paragraphs)}
        data["text_hash"] = trail.keyed_hash(row, content.as_text(row.paragraphs))
        record_entry(
            events.JOINT_MATTER_TEXT_PROPOSED, act.matter, agency=act.matter.lead, by=by, at=act.at, data=data
        )
    return row


def _check_new(matter: JointMatter, words: str, sha256: str) -> None:
    if not words:
        raise Invalid(
            _("There is no text to propose. What you typed is kept."), fields={"text": _("Write the text.")}
        )
    same = matter.texts.filter(sha256=sha256).first()
    if same is not None:
        raise Invalid(
            _("This is version %(number)s word for word. Nothing was proposed; what you typed is kept.")
            % {"number": same.number},
            fields={"text": _("Change the text, or leave it at the version that is there.")},
        )


def agree(*, text: JointText, agency: Agency, by: Person) -> JointVoice:
    """Agree for an agency to exactly this version."""
    return _voice(text, agency, {}, by=by)


def object_to(*, text: JointText, agency: Agency, objections: Mapping[int, str], by: Person) -> JointVoice:
    """Object for an agency to paragraphs of this version, counted from one, each with what is wrong."""
    given = clean_objections(objections)
    rules.check_objections(given, paragraphs=len(text.paragraphs))
    return _voice(text, agency, given, by=by)


def clean_objections(objections: Mapping[int, str]) -> dict[int, str]:
    """What is said of each paragraph as it is kept; nothing of those left empty."""
    said = {
        number: clean_text(words, limit=OBJECTION_LIMIT, field=f"paragraph_{number}")
        for number, words in objections.items()
    }
    return {number: words for number, words in said.items() if words}


def _voice(text: JointText, agency: Agency, objections: Mapping[int, str], *, by: Person) -> JointVoice:
    """The latest voice of an agency counts. Once the text is spoken, none is given on it any more."""
    with held(text.matter) as act:
        check_may_voice(by, act.matter, agency=agency, at=act.at)
        check_unspoken(text)
        voice = JointVoice.objects.create(
            text=text, agency=agency, agrees=not objections, is_head=is_head(by, agency=agency, at=act.at), given_by=by,
            objections={str(number): words for number, words in sorted(objections.items())}, given_at=act.at,
            stands_for=joint.stands_for(act.matter, agency, at=act.at),
        )  # fmt: skip
        data = about_text(text) | {"voice": voice.pk, "head": voice.is_head}
        if objections:
            data |= {
                "paragraphs": sorted(objections),
                "text_hash": trail.keyed_hash(voice, "\n".join(voice.objections.values())),
            }
        event = events.JOINT_MATTER_OBJECTED if objections else events.JOINT_MATTER_AGREED
        record_entry(event, act.matter, agency=agency, by=by, at=act.at, data=data, subject=voice)
    return voice


def check_nothing_typed(objections: Mapping[int, str]) -> None:
    """Whoever agrees objects to nothing. Raises Invalid, so that no objection is lost by the wrong button."""
    if objections:
        raise Invalid(
            _("You wrote an objection and pressed the button that agrees. Nothing was recorded; what you typed is "
              "kept. Object, or empty the field and agree.")
        )  # fmt: skip


def check_unspoken(text: JointText) -> None:
    """Raise why nothing more is said of a version once it was spoken."""
    spoken = joint.released(text)
    if spoken is not None:
        raise NotAllowedNow(
            _("The lead released version %(number)s already, so nothing is agreed or objected to on it any more. "
              "Ask the lead for a new version. What you typed is kept.")
            % {"number": text.number}
        )  # fmt: skip


def put_to_heads(*, matter: JointMatter, agency: Agency, reason: str, by: Person) -> None:
    """Nobody agrees any more below the heads: from here on they alone propose, agree and object."""
    with held(matter) as act:
        permissions.check_role(by, Codename.AGREE_CONTENT, agency=agency, at=act.at)
        check_can_be_deadlocked(act.matter)
        check_takes_part(act.matter, agency, at=act.at)
        why = check_reason(reason)
        act.matter.deadlocked_at, act.matter.deadlock_reason = act.at, why
        act.matter.save(update_fields=["deadlocked_at", "deadlock_reason"])
        told = heads.tell(act.matter, by=agency, at=act.at)
        data: dict[str, trail.Value] = {"told": [person.pk for person in told]}
        record_entry(
            events.JOINT_MATTER_DEADLOCKED, act.matter, agency=agency, by=by, at=act.at, data=data, reason=why
        )


def check_can_be_deadlocked(matter: JointMatter) -> None:
    if matter.deadlocked_at is not None:
        raise NotAllowedNow(_("This matter is put to the heads already. Nothing was changed."))
    if not matter.texts.exists():
        raise NotAllowedNow(_("The lead has proposed no text yet, so there is nothing to disagree about."))


def check_takes_part(matter: JointMatter, agency: Agency, *, at: datetime) -> None:
    if agency not in joint.taking_part(matter, at=at):
        raise NotFound(_("There is no such joint matter, or it is not open to you."))


# Locks


@dataclass(frozen=True, kw_only=True)
class Held:
    """A joint matter as it is under the lock, and the instant, read once it is held."""

    matter: JointMatter
    at: datetime


@contextmanager
def held(matter: JointMatter) -> Iterator[Held]:
    """Hold a joint matter for one act, in one transaction; after the run of a crisis, before any mandate."""
    with only_so_long():
        rows = JointMatter.objects.select_for_update(of=("self",), no_key=True).select_related("lead")
        found = rows.get(pk=matter.pk)
        yield Held(matter=found, at=clock.now())


@contextmanager
def _own_crisis(crisis: Crisis, *, by: Person) -> Iterator[datetime]:
    """Hold the run of a crisis for whoever may agree for its agency, while it can be linked; gives the instant."""
    with held_crisis(crisis) as act:
        permissions.check_can_see(by, crisis.case, at=act.at)
        permissions.check_role(by, Codename.AGREE_CONTENT, agency=crisis.agency, at=act.at)
        check_can_be_linked(crisis)
        yield act.at


# What is recorded


def _usable(assigned: Assigned, *, own: Agency, at: datetime) -> Assigned:
    on = local_day(at)
    title = clean_line(assigned.title, limit=TITLE_LIMIT, field="title")
    paper = clean_line(assigned.assigned_by, limit=PAPER_LIMIT, field="assigned_by")
    if not title:
        raise Invalid(
            _("It is not said what the matter is."), fields={"title": _("Write what the matter is.")}
        )
    if not paper:
        raise Invalid(
            _("It is not said by which paper the Government assigned the lead."),
            fields={"assigned_by": _("Write number and issuer of the paper.")},
        )
    if assigned.assigned_on > on:
        raise Invalid(
            _("The paper that assigned the lead is dated in the future."),
            fields={"assigned_on": _("Correct the date.")},
        )
    parties = list(dict.fromkeys(assigned.parties))
    rules.check_agencies(assigned.lead, parties, own=own, on=on)
    return Assigned(
        title=title, lead=assigned.lead, parties=parties, assigned_by=paper, assigned_on=assigned.assigned_on
    )


def about_text(text: JointText) -> dict[str, trail.Value]:
    return {"version_id": text.pk, "version": text.number}


def record_entry(
    event: events.Event,
    matter: JointMatter,
    *,
    agency: Agency,
    by: Person,
    at: datetime,
    data: Mapping[str, trail.Value] | None = None,
    subject: JointVoice | None = None,
    reason: str = "",
    occurred_at: datetime | None = None,
) -> None:
    """One entry: into the case of the agency's own crisis about the matter, or where it has none the global stream."""
    about: dict[str, trail.Value] = {"matter": matter.pk, "lead": matter.lead.name, "agency": agency.name}
    facts = about | dict(data or {})
    crisis = joint.crisis_of(matter, agency)
    told: dict[str, Any] = {
        "by": by,
        "at": at,
        "subject": subject or matter,
        "data": facts,
        "reason": reason,
        "occurred_at": occurred_at,
    }
    if crisis is not None:
        record(event, crisis=crisis, **told)
    else:
        trail.record(event, case=None, **told)
