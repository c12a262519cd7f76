"""Proposal and legal review: what it rests on, by two people."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import QuestionOutcome
from core.errors import Invalid, Refused
from core.models import Person
from workflows import nodes
from workflows.refusal.models import RefusalProcess, RefusalVersion, State, VersionStep
from workflows.refusal.rules.proposals import Proposal

from . import coming_back, versions
from .recording import check_reason, record


def propose(*, process: RefusalProcess, proposal: Proposal, by: Person, at: datetime) -> RefusalVersion:
    """Propose the outcome of the question, with its ground, facts and reason under the law of this instant."""
    refusal = process.refusal
    cleaned = versions.checked(proposal, refusal=refusal, at=at)
    version = versions.write(cleaned, refusal=refusal, step=VersionStep.PROPOSE, author=by, at=at)
    process.is_returned = False
    data = versions.facts(version) | versions.watched(version)
    record(events.REFUSAL_PROPOSED, refusal=refusal, by=by, at=at, data=data)
    return version


def confirm(*, process: RefusalProcess, sha256: str, by: Person, at: datetime, remark: str = "") -> None:
    """Confirm in legal review the version that was read, if the law of this instant still lets it stand."""
    refusal = process.refusal
    version = versions.seen(refusal, sha256)
    _check_another(version, by)
    versions.checked(Proposal.of(version), refusal=refusal, at=at)
    process.is_returned = False
    record(
        events.REFUSAL_CONFIRMED,
        refusal=refusal,
        by=by,
        at=at,
        data=versions.facts(version),
        reason=remark.strip(),
    )


def change(
    *, process: RefusalProcess, sha256: str, proposal: Proposal, by: Person, at: datetime, remark: str = ""
) -> RefusalVersion:
    """Change in legal review the ground, the facts or the outcome: another version; the proposal stays as it was."""
    refusal = process.refusal
    previous = versions.seen(refusal, sha256)
    _check_another(previous, by)
    cleaned = versions.checked(proposal, refusal=refusal, at=at)
    if cleaned.sha256() == previous.sha256:
        raise Invalid(_("Nothing was changed. To agree with the proposal as it is, use Confirm."))
    version = versions.write(cleaned, refusal=refusal, step=VersionStep.REVIEW, author=by, at=at)
    process.is_returned = False
    data = versions.facts(version) | versions.watched(version)
    data["previous_ground"] = previous.ground.citation if previous.ground else ""
    record(events.REFUSAL_GROUND_CHANGED, refusal=refusal, by=by, at=at, data=data, reason=remark.strip())
    return version


def send_back(
    *, process: RefusalProcess, step: str, sha256: str, reason: str, by: Person, at: datetime
) -> None:
    """Send the version back to be proposed anew, with the reason."""
    check_reason(reason)
    version = versions.seen(process.refusal, sha256)
    process.is_returned = True
    data: dict[str, trail.Value] = {"step": step, "version": version.number}
    record(events.REFUSAL_RETURNED, refusal=process.refusal, by=by, at=at, data=data, reason=reason.strip())


def to_answer(*, process: RefusalProcess, step: str, reason: str, by: Person, at: datetime) -> None:
    """The question is not to be refused: it goes back to be answered, and the inquiry goes on."""
    check_reason(reason)
    refusal = process.refusal
    last = refusal.versions.count()
    refusal.state = State.TO_ANSWER
    refusal.save(update_fields=["state"])
    process.is_returned = False
    data: dict[str, trail.Value] = {"step": step, "version": last or None}
    record(events.REFUSAL_TO_ANSWER, refusal=refusal, by=by, at=at, data=data, reason=reason.strip())
    if refusal.question.outcome != QuestionOutcome.OPEN:
        coming_back.to_be_answered(refusal=refusal, note=reason.strip(), by=by, at=at)
    nodes.pass_gates(refusal.inquiry)


def _check_another(version: RefusalVersion, by: Person) -> None:
    if version.author_id == by.pk:
        raise Refused(_("You proposed this, so somebody else must review it. Nothing was changed."))
