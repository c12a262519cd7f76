"""The letter of the delegation: its number, its text, the head's signature, the clerk's stamp."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, permissions
from core.actions import mandates
from core.actions.mandates import Letter
from core.enums import Codename
from core.errors import NotAllowedNow
from core.models import Mandate, Person
from core.queries import delegations as delegation_queries
from core.queries import mandates as mandate_queries
from documents.actions import issuing, signing
from documents.actions.issuing import EnteredNumber
from documents.kinds import DelegationLetter
from documents.kinds.delegation import DelegationFacts
from documents.models import IssuedDocument
from workflows import locks, nodes
from workflows.delegation import queries
from workflows.delegation.models import Delegation, DelegationProcess

from . import drafting
from .drafting import DraftGiven


def number(
    *,
    delegation: Delegation,
    head: Mandate,
    by: Person | None,
    at: datetime,
    judged_at: datetime | None = None,
    entered: EnteredNumber | None = None,
    is_on_paper: bool = False,
) -> IssuedDocument:
    """Give the draft its numbered letter, to be signed by the head; asked again, the same letter answers.

    `judged_at` is the instant whose law the letter cites: its signing on paper, otherwise now.
    """
    existing = queries.letter(delegation)
    if existing is not None:
        return existing
    draft = drafting.drafted(delegation)
    capacity = permissions.check_may_sign(head.person, agency=delegation.agency, at=judged_at or at)
    facts = DelegationLetter.facts(letter_facts(delegation, draft, head=head, at=judged_at or at))
    document = issuing.number(
        key=queries.letter_key(delegation),
        case=delegation.case,
        inquiry=None,
        kind_code=DelegationLetter.kind_code,
        facts=facts,
        subject=f"phát ngôn về vụ việc {delegation.case.reference}",
        content_sha256=content_sha256(delegation, draft),
        signer=head.person,
        capacity=capacity,
        drafting_unit=None,
        by=by,
        at=at,
        entered=entered,
        is_on_paper=is_on_paper,
    )
    delegation.signer, delegation.document = head.person, document
    delegation.save(update_fields=["signer", "document"])
    return document


def content_sha256(delegation: Delegation, draft: DraftGiven) -> str:
    """The hash of what is signed: canonical JSON, sorted keys, UTF-8, NFC."""
    content = {
        "case": delegation.case.pk,
        "to": draft.to.pk,
        "forms": sorted(map(str, draft.forms)),
        "questions": sorted(question.pk for question in draft.questions),
        "valid_from": draft.valid_from.isoformat(),
        "valid_until": draft.valid_until.isoformat(),
        "circumstance": str(draft.circumstance),
        "reason": draft.reason,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def letter_facts(
    delegation: Delegation, draft: DraftGiven, *, head: Mandate, at: datetime
) -> DelegationFacts:
    """What the letter states, in Vietnamese, under the law of the instant."""
    agency, case = delegation.agency, delegation.case
    bases = delegation_queries.bases(agency, at=at)
    with translation.override("vi"):
        return DelegationFacts(
            head=head.person.full_name,
            head_post=head.post.title if head.post else "",
            delegate=draft.to.full_name,
            delegate_post=mandate_queries.post_title(draft.to, agency=agency, at=at),
            case_reference=case.reference,
            case_title=case.title,
            questions=tuple(f"{each.number} ({each.inquiry.reference})" for each in draft.questions),
            forms=tuple(str(form.label) for form in draft.forms),
            valid_from=draft.valid_from,
            valid_until=draft.valid_until,
            circumstance=str(draft.circumstance.label),
            reason=draft.reason,
            bases=bases,
        )


def issue(*, process: DelegationProcess) -> None:
    """Number the draft and make its bytes; run again after a crash it goes on where it stopped."""
    at = clock.now()
    with locks.locked(process.flow_class, process.pk):
        delegation = _as_it_is(process.delegation_id)
        document = queries.letter(delegation)
        if document is None:
            head = drafting.head_or_refuse(delegation, by=delegation.opened_by, at=at)
            document = number(delegation=delegation, head=head, by=None, at=at)
    issuing.render(document=document, at=at)


def _as_it_is(pk: int) -> Delegation:
    """Read again under the lock of its run."""
    return Delegation.objects.select_related("case__agency__parent", "to").get(pk=pk)


def enter_number(*, delegation: Delegation, entered: EnteredNumber, by: Person) -> IssuedDocument:
    """The clerk enters the number of the office's own document system; the job that waits for it is queued."""
    waiting = queries.waiting_for_its_number(delegation)
    if waiting is None:
        raise NotAllowedNow(_("No letter of this delegation waits for a number. Nothing was entered."))
    with locks.locked(waiting.flow_task.flow_class, waiting.process_id):
        at = clock.now()
        current = _as_it_is(delegation.pk)
        permissions.check_role(by, Codename.ENTER_NUMBER, agency=current.agency, at=at)
        permissions.check_can_see(by, current.case, at=at)
        head = drafting.head_or_refuse(current, by=by, at=at)
        document = number(delegation=current, head=head, by=by, at=at, entered=entered)
        nodes.enqueue(waiting)
    return document


def sign(*, process: DelegationProcess, pdf_sha256: str, by: Person, at: datetime) -> Mandate:
    """The head in office signs exactly these bytes, and with the signature gives the delegation.

    The view has asked for the password again. The law is that of this instant.
    """
    delegation = process.delegation
    document = ready(delegation)
    permissions.check_heads(by, agency=delegation.agency, at=at)
    if document.signer_id != by.pk:
        raise NotAllowedNow(
            _(
                "This letter names %(signer)s, who no longer heads the agency. Send it back to be drafted anew; "
                "nothing was signed."
            )
            % {"signer": document.signer.full_name}
        )
    permissions.check_may_sign(by, agency=delegation.agency, at=at)
    signing.sign(document=document, by=by, pdf_sha256=pdf_sha256, at=at)
    letter = Letter(number=document.symbol, on=document.issued_on, signed_at=at, sha256=document.pdf_sha256)
    process.is_returned = False
    return grant(delegation, letter, signed_by=by, by=by, at=at)


def grant(delegation: Delegation, letter: Letter, *, signed_by: Person, by: Person, at: datetime) -> Mandate:
    """Give the mandate of a signed letter and tie it to its delegation."""
    proposal = drafting.proposal(delegation, drafting.drafted(delegation))
    mandate = mandates.delegate(proposal=proposal, letter=letter, signed_by=signed_by, by=by, at=at)
    delegation.mandate = mandate
    delegation.save(update_fields=["mandate"])
    return mandate


def stamp(*, process: DelegationProcess, pdf_sha256: str, by: Person, at: datetime) -> None:
    """The clerk applies the agency's signature to the signed letter (Decree 30/2020 art 17)."""
    signing.stamp(document=ready(process.delegation), by=by, pdf_sha256=pdf_sha256, at=at)


def ready(delegation: Delegation) -> IssuedDocument:
    document = queries.letter(delegation)
    if document is None or not document.is_rendered:
        raise NotAllowedNow(_("The document is not ready yet. Wait a moment and open this step again."))
    return document
