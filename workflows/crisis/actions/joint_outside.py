"""What one of the others said of a joint text on paper or on the phone, written down by the lead.

An agency that has nobody here agrees all the same (Decree 244/2026 art 7.2). The row names who said it and how it came;
the entry says that the lead recorded it, and of which version by its hash. An agency that has people here speaks for
itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import VoiceMeans
from core.errors import Invalid, NotAllowedNow
from core.models import Agency, Person
from core.rules.text import clean_line
from workflows.crisis.models import JointMatter, JointText, JointVoice
from workflows.crisis.permissions import check_may_record_voice, check_speaks_as_head
from workflows.crisis.queries import joint
from workflows.crisis.rules import joint as rules

from .joint import PAPER_LIMIT, about_text, check_unspoken, clean_objections, held, record_entry

NAME_LIMIT, POST_LIMIT, PHONE_LIMIT = 120, 160, 40


@dataclass(frozen=True, kw_only=True)
class Said:
    """Who said it for the agency, when, and by which paper or from which number; without objections it agrees."""

    agency: Agency
    name: str
    post: str
    given_at: datetime
    paper: str = ""
    phone: str = ""
    is_head: bool = False
    objections: Mapping[int, str] = field(default_factory=dict)


def write_down(*, text: JointText, said: Said, by: Person) -> JointVoice:
    """Record what an agency said outside the system of exactly this version.

    Raises Invalid, NotAllowedNow, MissingRole, ForTheHeads.
    """
    with held(text.matter) as act:
        check_may_record_voice(by, act.matter, agency=said.agency, at=act.at)
        check_speaks_as_head(act.matter, agency=said.agency, is_head=said.is_head)
        check_unspoken(text)
        check_speaks_not_here(text, said.agency, at=act.at)
        usable = _usable(said, text, at=act.at)
        voice = JointVoice.objects.create(
            text=text, agency=usable.agency, agrees=not usable.objections, is_head=usable.is_head, given_by=by,
            objections={str(number): words for number, words in sorted(usable.objections.items())},
            stands_for=joint.stands_for(act.matter, usable.agency, at=usable.given_at), given_at=usable.given_at,
            means=VoiceMeans.PAPER if usable.paper else VoiceMeans.PHONE, name=usable.name, post=usable.post,
            paper=usable.paper, phone=usable.phone, recorded_at=act.at,
        )  # fmt: skip
        _record(voice, usable, matter=act.matter, by=by, at=act.at)
    return voice


def check_speaks_not_here(text: JointText, agency: Agency, *, at: datetime) -> None:
    """Nobody else's record takes the place of what the agency itself says here, or said. Raises NotAllowedNow."""
    if joint.answer_here([agency], at=at):
        raise NotAllowedNow(
            _("The people of %(agency)s answer here themselves, so nobody records it for them. Nothing was recorded; "
              "what you typed is kept.")
            % {"agency": agency.name}
        )  # fmt: skip
    if agency.pk in joint.have_spoken_here(text):
        raise NotAllowedNow(
            _("%(agency)s spoke of version %(number)s here itself. Nothing was recorded; it changes its word itself.")
            % {"agency": agency.name, "number": text.number}
        )  # fmt: skip


def _usable(said: Said, text: JointText, *, at: datetime) -> Said:
    name = clean_line(said.name, limit=NAME_LIMIT, field="name")
    post = clean_line(said.post, limit=POST_LIMIT, field="post")
    paper = clean_line(said.paper, limit=PAPER_LIMIT, field="paper")
    phone = clean_line(said.phone, limit=PHONE_LIMIT, field="phone")
    blank = [place for place, words in (("name", name), ("post", post)) if not words]
    if blank or bool(paper) == bool(phone):
        missing = {place: _("Write this.") for place in blank}
        if bool(paper) == bool(phone):
            missing["paper"] = _("Write the number of the paper, or the number of the call; one of them.")
        raise Invalid(
            _("It is not said who said it, or how it came. Nothing was recorded; what you typed is kept."),
            fields=missing,
        )
    if not text.proposed_at.replace(second=0, microsecond=0) <= said.given_at <= at:
        raise Invalid(
            _("This time lies in the future, or before the version was proposed. Nothing was recorded."),
            fields={"given_at": _("Correct the time.")},
        )
    objections = clean_objections(said.objections)
    if objections:
        rules.check_objections(objections, paragraphs=len(text.paragraphs))
    return replace(said, name=name, post=post, paper=paper, phone=phone, objections=objections)


def _record(voice: JointVoice, said: Said, *, matter: JointMatter, by: Person, at: datetime) -> None:
    data = about_text(voice.text) | {
        "voice": voice.pk,
        "head": voice.is_head,
        "means": voice.means,
        "sha256": voice.text.sha256,
        "of": said.agency.name,
        "source_hash": trail.keyed_hash(voice, f"{said.name}\n{said.post}\n{said.paper}\n{said.phone}"),
    }
    if said.objections:
        data["paragraphs"] = sorted(said.objections)
        data["text_hash"] = trail.keyed_hash(voice, "\n".join(voice.objections.values()))
    event = events.JOINT_MATTER_AGREED_OUTSIDE if voice.agrees else events.JOINT_MATTER_OBJECTED_OUTSIDE
    record_entry(
        event, matter, agency=matter.lead, by=by, at=at, data=data, subject=voice, occurred_at=said.given_at
    )
