"""What somebody proposes for a question, and whether it can stand."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from core.enums import GroundKind
from core.errors import Invalid
from core.models import Provision
from core.rules import text
from workflows.refusal.models import Outcome, RefusalVersion, WatchKind

from . import grounds, reasons

LINE_LIMIT = 300
NAME_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The outcome of one question with all it rests on. Facts are texts by the names of `grounds.FACTS`."""

    outcome: Outcome
    ground: Provision | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    redirected_to: str = ""
    watch_kind: WatchKind | None = None
    watch_what: str = ""
    watch_on: date | None = None

    @classmethod
    def of(cls, version: RefusalVersion) -> Proposal:
        return cls(
            outcome=Outcome(version.outcome),
            ground=version.ground,
            facts=version.facts,
            reason=version.reason,
            redirected_to=version.redirected_to,
            watch_kind=WatchKind(version.watch_kind) if version.watch_kind else None,
            watch_what=version.watch_what,
            watch_on=version.watch_on,
        )

    def canonical(self) -> str:
        """The text that the hash covers: sorted keys, NFC."""
        content = {
            "outcome": str(self.outcome),
            "ground": self.ground.code if self.ground else "",
            "facts": dict(self.facts),
            "reason": self.reason,
            "redirected_to": self.redirected_to,
            "watch": [str(self.watch_kind or ""), self.watch_what, str(self.watch_on or "")],
        }
        joined = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return unicodedata.normalize("NFC", joined)

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What may be decided on a day: the grounds in force, the secrets they protect, whether withholding is on."""

    on: date
    grounds: Sequence[Provision]
    secret_kinds: Sequence[str]
    may_withhold: bool = False


def checked(proposal: Proposal, offer: Offer) -> Proposal:
    """The proposal as it is kept: cleaned, without what its outcome does not need. Raises Invalid."""
    if proposal.outcome == Outcome.REFUSED:
        return _refused(proposal, offer)
    if proposal.outcome == Outcome.REDIRECTED:
        return _redirected(proposal)
    return _withheld(proposal, offer)


def _refused(proposal: Proposal, offer: Offer) -> Proposal:
    ground = grounds.check_offered(proposal.ground, offer.grounds, on=offer.on)
    kind = GroundKind(ground.ground_kind)
    facts = grounds.checked_facts(kind, proposal.facts, secret_kinds=offer.secret_kinds)
    return replace(
        _watched(proposal, kind, facts=facts, on=offer.on),
        facts=facts,
        reason=reasons.checked(proposal.reason, ground=ground),
        redirected_to="",
    )


def _watched(proposal: Proposal, kind: GroundKind, *, facts: Mapping[str, str], on: date) -> Proposal:
    """With the event to watch, where the ground ends by one."""
    if proposal.watch_kind is None and kind not in grounds.ALWAYS_WATCHED:
        return replace(proposal, watch_what="", watch_on=None)
    events = grounds.ends_with(kind, facts)
    if proposal.watch_kind not in events:
        raise Invalid(
            _(
                "This ground ends with an event. Choose which, so that the question comes back when it happens: "
                "%(events)s."
            )
            % {"events": "; ".join(str(event.label) for event in events)},
            fields={"watch_kind": _("Choose the event to watch.")},
        )
    what = text.clean_line(proposal.watch_what, limit=LINE_LIMIT, field="watch_what")
    if proposal.watch_kind == WatchKind.OTHER and not _says_something(what):
        raise Invalid(
            _("Say which event ends the ground: nobody can watch for one without a name."),
            fields={"watch_what": _("Say which event.")},
        )
    if proposal.watch_on is not None and proposal.watch_on < on:
        raise Invalid(
            _(
                "The event was expected on %(day)s, which has passed. Find out whether it has happened: then the "
                "ground has lapsed and the question is to be answered. Otherwise give a new day, or none."
            )
            % {"day": f"{proposal.watch_on:%d/%m/%Y}"},
            fields={"watch_on": _("This day has passed.")},
        )
    return replace(proposal, watch_what=what)


def _says_something(line: str) -> bool:
    return any(map(str.isalnum, line))


def _redirected(proposal: Proposal) -> Proposal:
    name = text.clean_line(proposal.redirected_to, limit=NAME_LIMIT, field="redirected_to")
    if not _says_something(name):
        raise Invalid(
            _("Name the competent agency: what is beyond competence is redirected, not refused."),
            fields={"redirected_to": _("Name the agency.")},
        )
    reason = text.clean_text(proposal.reason, limit=reasons.LIMIT, field="reason")
    return Proposal(outcome=Outcome.REDIRECTED, reason=reason, redirected_to=name)


def _withheld(proposal: Proposal, offer: Offer) -> Proposal:
    if not offer.may_withhold:
        raise Invalid(
            _(
                "This agency has not switched on “considered, not provided yet”. Refuse on a ground of the law, "
                "redirect, or answer."
            ),
            fields={"outcome": _("Choose another outcome.")},
        )
    return Proposal(outcome=Outcome.WITHHELD, reason=reasons.checked(proposal.reason, ground=None))
