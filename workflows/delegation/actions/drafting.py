"""The draft of a delegation letter, checked against the law of the day it is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import mandates
from core.enums import Circumstance, StatementForm
from core.errors import Invalid, NotAllowedNow
from core.models import Mandate, Person, Question
from core.queries import mandates as mandate_queries
from core.rules import delegations as rules
from core.rules import text
from core.rules.delegations import Proposal
from workflows.delegation.models import Delegation, DelegationProcess, Outcome

from .recording import check_reason, record

TEXT_LIMIT = 2_000


@dataclass(frozen=True, kw_only=True)
class DraftGiven:
    """What is typed into the draft; times are aware. No forms: every form; no questions: every question."""

    to: Person
    valid_from: datetime
    valid_until: datetime
    circumstance: Circumstance
    reason: str
    forms: Sequence[StatementForm] = ()
    questions: Sequence[Question] = ()
    outside_list_reason: str = ""
    overlap_note: str = ""
    is_on_paper: bool = False


def hand_in(*, process: DelegationProcess, draft: DraftGiven, by: Person, at: datetime) -> str:
    """Hand the draft in for signing. Refused where the head could not sign it now; returns the warning, if any.

    A letter that is signed on paper is judged by its own instant of signing, when it is registered.
    """
    delegation = process.delegation
    warning = ""
    if not draft.is_on_paper:
        head = head_or_refuse(delegation, by=by, at=at)
        _check_can_be_signed(head, delegation, at=at)
        proposed = replace(proposal(delegation, draft), handed_in_at=at)
        warning = mandates.check_proposal(proposed, signer=head.person, signed_at=at)
    write(delegation, draft, by=by, at=at)
    process.is_returned = False
    record(
        events.DELEGATION_DRAFTED, delegation=delegation, by=by, at=at, reason=delegation.reason,
        data={
            "person": draft.to.pk, "person_name": draft.to.full_name, "valid_from": draft.valid_from,
            "valid_until": draft.valid_until, "forms": [str(form) for form in draft.forms],
            "questions": [question.pk for question in draft.questions],
            "circumstance": str(draft.circumstance), "way": "paper" if draft.is_on_paper else "system",
        },
    )  # fmt: skip
    return warning


def _check_can_be_signed(head: Mandate, delegation: Delegation, *, at: datetime) -> None:
    try:
        permissions.check_may_sign(head.person, agency=delegation.agency, at=at)
    except permissions.NoSigningCapacity:
        raise NotAllowedNow(
            _(
                "No capacity to sign is recorded for %(head)s. Ask the administrator to record it; nothing was handed "
                "in and what you typed is kept."
            )
            % {"head": head.person.full_name}
        ) from None


def head_or_refuse(delegation: Delegation, *, by: Person, at: datetime) -> Mandate:
    """The head in office. Raises NotTheHead, naming the superior body, where there is none."""
    head = mandate_queries.head_at(delegation.agency, at=at)
    if head is None:
        raise rules.not_the_head(by, agency=delegation.agency, head=None, posts=(), mandates=(), at=at)
    return head


def proposal(delegation: Delegation, draft: DraftGiven) -> Proposal:
    handed_in_at = None if draft.is_on_paper else delegation.drafted_at
    return Proposal(
        case=delegation.case, to=draft.to, valid_from=draft.valid_from, valid_until=draft.valid_until,
        circumstance=draft.circumstance, reason=draft.reason, forms=draft.forms, questions=draft.questions,
        outside_list_reason=draft.outside_list_reason, overlap_note=draft.overlap_note,
        handed_in_at=handed_in_at,
    )  # fmt: skip


def drafted(delegation: Delegation) -> DraftGiven:
    """The draft as it stands in the rows."""
    assert delegation.to, "a draft was handed in"
    assert delegation.valid_from, "a draft has a term"
    assert delegation.valid_until, "a draft has a term"
    return DraftGiven(
        to=delegation.to, valid_from=delegation.valid_from, valid_until=delegation.valid_until,
        circumstance=Circumstance(delegation.circumstance), reason=delegation.reason,
        forms=[StatementForm(form) for form in delegation.forms],
        questions=list(delegation.questions.select_related("inquiry")),
        outside_list_reason=delegation.outside_list_reason, overlap_note=delegation.overlap_note,
        is_on_paper=delegation.is_on_paper,
    )  # fmt: skip


def write(delegation: Delegation, draft: DraftGiven, *, by: Person, at: datetime) -> None:
    """Keep what was typed, as the next version. Raises Invalid for a term that ends before it begins."""
    if draft.valid_until <= draft.valid_from:
        raise Invalid(
            _("The end must come after the start. Nothing was recorded; what you typed is kept."),
            fields={"valid_until": _("The end must come after the start.")},
        )
    delegation.to, delegation.forms = draft.to, [str(form) for form in draft.forms]
    delegation.valid_from, delegation.valid_until = draft.valid_from, draft.valid_until
    delegation.circumstance, delegation.is_on_paper = draft.circumstance, draft.is_on_paper
    for name in ("reason", "outside_list_reason", "overlap_note"):
        setattr(delegation, name, text.clean_text(getattr(draft, name), limit=TEXT_LIMIT))
    delegation.drafted_by, delegation.drafted_at = by, at
    delegation.version += 1
    delegation.signer = delegation.document = None
    delegation.save()
    delegation.questions.set(draft.questions)


def drop(*, process: DelegationProcess, reason: str, by: Person, at: datetime) -> None:
    """Give the delegation up before anything was signed."""
    check_reason(reason)
    delegation = process.delegation
    delegation.outcome = Outcome.DROPPED
    delegation.save(update_fields=["outcome"])
    process.is_dropped = True
    data = {"step": "draft"}
    record(events.DELEGATION_DROPPED, delegation=delegation, by=by, at=at, data=data, reason=reason.strip())


def return_to_draft(*, process: DelegationProcess, reason: str, by: Person, at: datetime) -> None:
    """Send it back to be drafted anew; a number already given stays used."""
    check_reason(reason)
    delegation = process.delegation
    process.is_returned = True
    document = delegation.document
    data = {"document": document.pk if document else None, "number": document.symbol if document else ""}
    record(events.DELEGATION_RETURNED, delegation=delegation, by=by, at=at, data=data, reason=reason.strip())
