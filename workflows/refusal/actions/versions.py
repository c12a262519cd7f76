"""Numbered versions of why a question is not answered; none is ever changed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import permissions
from core.actions import trail
from core.errors import Conflict, NotAllowedNow
from core.models import Person
from core.queries import organisation
from workflows.refusal import queries
from workflows.refusal.models import Outcome, Refusal, RefusalVersion, VersionStep
from workflows.refusal.rules import proposals
from workflows.refusal.rules.proposals import Proposal


def checked(proposal: Proposal, *, refusal: Refusal, at: datetime) -> Proposal:
    """The proposal as the law of this instant lets it stand. Raises Invalid, NotAllowedNow between two laws."""
    permissions.check_law_is_settled(refusal.inquiry, at=at)
    cleaned = proposals.checked(proposal, queries.offer(refusal.inquiry, at=at))
    if cleaned.outcome == Outcome.REDIRECTED:
        organisation.check_still_exists(cleaned.redirected_to, at=at)
    return cleaned


def write(
    proposal: Proposal, *, refusal: Refusal, step: VersionStep, author: Person, at: datetime
) -> RefusalVersion:
    """Keep a checked proposal under the next number."""
    last = refusal.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return RefusalVersion.objects.create(
        refusal=refusal, number=last + 1, step=step, author=author, at=at,
        rule_set=queries.governing(refusal.inquiry, at=at), outcome=proposal.outcome, ground=proposal.ground,
        facts=dict(proposal.facts), reason=proposal.reason, redirected_to=proposal.redirected_to,
        watch_kind=proposal.watch_kind or "", watch_what=proposal.watch_what, watch_on=proposal.watch_on,
        sha256=proposal.sha256(),
    )  # fmt: skip


def seen(refusal: Refusal, sha256: str) -> RefusalVersion:
    """The latest version, provided it is still the one that was read. Raises Conflict."""
    version = queries.latest_version(refusal)
    if version is None:
        raise NotAllowedNow(_("Nothing has been proposed yet."))
    if version.sha256 != sha256:
        raise Conflict(
            _(
                "The proposal changed while you were reading: version %(version)s by %(author)s is the latest. "
                "Nothing was decided; read it and decide again."
            )
            % {"version": version.number, "author": version.author.full_name}
        )
    return version


def facts(version: RefusalVersion) -> dict[str, trail.Value]:
    """What the trail may say of a version: its number, outcome and ground, and a hash that a purge can silence."""
    return {
        "version": version.number,
        "outcome": str(version.outcome),
        "ground": version.ground.citation if version.ground else "",
        "text_hash": trail.keyed_hash(version, Proposal.of(version).canonical()),
    }


def watched(version: RefusalVersion) -> dict[str, trail.Value]:
    return {
        "redirected_to": version.redirected_to,
        "watch_kind": version.watch_kind,
        "watch_on": version.watch_on.isoformat() if version.watch_on else None,
    }
