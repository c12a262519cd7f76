"""Review, clearance and the decision: each bound to one version and the hash of its content."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core import permissions as core_permissions
from core.actions import trail
from core.enums import Codename, InquiryKind, ReplyForm
from core.errors import Conflict, Invalid, NotAllowedNow, Refused
from core.models import Inquiry, Mandate, Person
from core.queries import mandates as mandate_queries
from workflows.press_inquiry import queries, rules
from workflows.press_inquiry.models import (
    DraftVersion,
    PressInquiryProcess,
    Verdict,
    VerdictKind,
    VerdictStep,
    VersionKind,
)

from . import clocks, refusals, versions
from .drafting import Submission, content_from
from .ending import check_reason
from .recording import record

EVENTS = {
    (VerdictStep.REVIEW, VerdictKind.APPROVED): events.DRAFT_APPROVED_IN_REVIEW,
    (VerdictStep.REVIEW, VerdictKind.RETURNED): events.DRAFT_RETURNED_IN_REVIEW,
    (VerdictStep.REVIEW, VerdictKind.SKIPPED): events.DRAFT_REVIEW_SKIPPED,
    (VerdictStep.CLEAR, VerdictKind.APPROVED): events.DRAFT_CLEARED,
    (VerdictStep.CLEAR, VerdictKind.RETURNED): events.DRAFT_RETURNED_IN_CLEARANCE,
    (VerdictStep.CLEAR, VerdictKind.SKIPPED): events.DRAFT_CLEARANCE_SKIPPED,
    (VerdictStep.DECIDE, VerdictKind.RETURNED): events.REPLY_RETURNED,
}


def approve(
    *,
    process: PressInquiryProcess,
    step: VerdictStep,
    sha256: str,
    by: Person,
    at: datetime,
    reason: str = "",
) -> Verdict:
    """Review or clear the version whose hash the judge saw."""
    version = _version_seen(process.inquiry, sha256)
    process.is_returned = False
    return _judge(version, step=step, kind=VerdictKind.APPROVED, by=by, at=at, reason=reason)


def return_to_drafter(
    *, process: PressInquiryProcess, step: VerdictStep, sha256: str, reason: str, by: Person, at: datetime
) -> Verdict:
    """Send the version back with a reason; the history shows the loop."""
    check_reason(reason)
    version = _version_seen(process.inquiry, sha256)
    process.is_returned = True
    return _judge(version, step=step, kind=VerdictKind.RETURNED, by=by, at=at, reason=reason.strip())


def skip(
    *, process: PressInquiryProcess, step: VerdictStep, reason: str, by: Person, at: datetime
) -> Verdict:
    """Skip a review or clearance when urgent: only the head or a spokesperson, always with a reason."""
    inquiry = process.inquiry
    check_reason(reason)
    core_permissions.check_role(by, Codename.SKIP_REVIEW, agency=inquiry.agency, at=at)
    mandate = core_permissions.check_may_speak(
        by, agency=inquiry.agency, case=inquiry.case, form=inquiry.settled_form,
        questions=inquiry.questions_spoken_to, at=at, lock=True,
    )  # fmt: skip
    process.is_returned = False
    return _judge(
        _latest(inquiry),
        step=step,
        kind=VerdictKind.SKIPPED,
        by=by,
        at=at,
        reason=reason.strip(),
        mandate=mandate,
    )


def decide(
    *, process: PressInquiryProcess, sha256: str, by: Person, at: datetime, reason: str = ""
) -> Verdict:
    """Approve this exact text, bound to the hash of its content, under a mandate for this case."""
    version = _version_seen(process.inquiry, sha256)
    if version.author_id == by.pk:
        raise Refused(_("You wrote this draft, so somebody else must judge it. Nothing was changed."))
    return _approve(process, version, by=by, at=at, reason=reason)


def correct_and_decide(
    *,
    process: PressInquiryProcess,
    sha256: str,
    submission: Submission,
    by: Person,
    at: datetime,
    reason: str = "",
) -> Verdict:
    """The head corrects and approves in one act: a new version by the head, its difference kept for auditors."""
    inquiry = process.inquiry
    _check_is_head(by, inquiry, at=at)
    seen = _version_seen(inquiry, sha256)
    content = content_from(inquiry, submission)
    if content.sha256() == seen.sha256:
        raise Invalid(
            _("Nothing was corrected, so nothing was approved. To approve the text as it is, use Approve.")
        )
    inquiry.reply_form = submission.reply_form
    inquiry.save(update_fields=["reply_form"])
    version = versions.write(
        inquiry=inquiry, content=content, author=by, at=at, kind=VersionKind.CORRECTION, corrects=seen
    )
    return _approve(process, version, by=by, at=at, reason=reason)


def difference(version: DraftVersion) -> list[str]:
    """What the head changed, as a unified difference of the two texts."""
    if version.corrects is None:
        return []
    before, after = queries.content_of(version.corrects), queries.content_of(version)
    return rules.difference(before.as_text(), after.as_text())


def _approve(
    process: PressInquiryProcess, version: DraftVersion, *, by: Person, at: datetime, reason: str
) -> Verdict:
    inquiry = process.inquiry
    mandate = core_permissions.check_may_speak(
        by, agency=inquiry.agency, case=inquiry.case, form=inquiry.settled_form,
        questions=inquiry.questions_spoken_to, at=at, lock=True,
    )  # fmt: skip
    _check_form(process, version)
    refusals.check_still_hold(version, at=at)
    core_permissions.check_law_is_settled(inquiry, at=at)
    capacity = None
    if version.reply_form == ReplyForm.LETTER:
        capacity = core_permissions.check_may_sign(by, agency=inquiry.agency, at=at)
    verdict = _write(version, step=VerdictStep.DECIDE, kind=VerdictKind.APPROVED, by=by, at=at, reason=reason)
    process.is_returned = False
    process.decided_by = by
    content = queries.content_of(version)
    data = versions.facts(version, content) | {
        "approval": verdict.pk,
        "capacity": str(capacity.capacity) if capacity else "",
    }
    event = events.REPLY_APPROVED
    if version.kind == VersionKind.CORRECTION and version.corrects is not None:
        event = events.REPLY_CORRECTED_AND_APPROVED
        data["corrected_version"] = version.corrects.number
        data["difference_hash"] = trail.keyed_hash(version, "\n".join(difference(version)))
    entry = record(event, inquiry=inquiry, by=by, at=at, data=data, reason=reason.strip(), mandate=mandate)
    keys = (*clocks.DECIDING, rules.DUTIES[InquiryKind(inquiry.kind)])
    clocks.rest_decision(entry, inquiry=inquiry, at=at, keys=keys)
    return verdict


def _check_form(process: PressInquiryProcess, version: DraftVersion) -> None:
    if process.is_advice and version.reply_form != ReplyForm.LETTER:
        raise NotAllowedNow(
            _("Advice to a superior goes up as a document. Return the draft and ask for an official letter.")
        )
    if version.reply_form == ReplyForm.EMAIL and not process.inquiry.asker_email:
        raise NotAllowedNow(
            _(
                "No e-mail address of the journalist is known. Return the draft and choose another form of reply."
            )
        )


def _check_is_head(by: Person, inquiry: Inquiry, *, at: datetime) -> None:
    if not core_permissions.allowed(core_permissions.check_heads, by, agency=inquiry.agency, at=at):
        raise Refused(
            _("Only the head may correct and approve in one act. Return the draft with your remarks instead.")
        )


def _latest(inquiry: Inquiry) -> DraftVersion:
    version = queries.latest_version(inquiry)
    if version is None:
        raise NotAllowedNow(_("There is no draft yet."))
    return version


def _version_seen(inquiry: Inquiry, sha256: str) -> DraftVersion:
    """The latest version, provided it is still the text the judge read."""
    version = _latest(inquiry)
    if version.sha256 != sha256 or queries.content_of(version).sha256() != sha256:
        raise Conflict(
            _(
                "The draft changed while you were reading: version %(version)s by %(author)s is the latest. "
                "Nothing was decided; read it and decide again."
            )
            % {"version": version.number, "author": version.author.full_name}
        )
    return version


def _judge(
    version: DraftVersion,
    *,
    step: VerdictStep,
    kind: VerdictKind,
    by: Person,
    at: datetime,
    reason: str,
    mandate: Mandate | None = None,
) -> Verdict:
    verdict = _write(version, step=step, kind=kind, by=by, at=at, reason=reason)
    facts = versions.facts(version, queries.content_of(version))
    facts.pop("reply_form")
    record(
        EVENTS[step, kind],
        inquiry=version.inquiry,
        by=by,
        at=at,
        data=facts,
        reason=reason.strip(),
        mandate=mandate,
    )
    return verdict


def _write(
    version: DraftVersion, *, step: VerdictStep, kind: VerdictKind, by: Person, at: datetime, reason: str
) -> Verdict:
    post = mandate_queries.post_title(by, agency=version.inquiry.agency, at=at)
    return Verdict.objects.create(
        version=version, step=step, kind=kind, sha256=version.sha256, by=by, post=post, reason=reason, at=at
    )
