"""A letter signed on paper: registered with its number, its scan and the claimed instant of signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core import files, permissions
from core.actions.mandates import Letter
from core.enums import Codename
from core.errors import Invalid
from core.models import Case, Mandate, Person
from core.rules import attachments
from core.rules.deadlines import local_day
from documents.actions.issuing import EnteredNumber
from workflows import base
from workflows.delegation import queries
from workflows.delegation.models import Delegation, DelegationProcess, Origin

from . import drafting, issuing, opening
from .drafting import DraftGiven
from .recording import PROCEDURE


@dataclass(frozen=True, kw_only=True)
class PaperLetter:
    """What the clerk reads off the paper; the scan is a name and its bytes. Times are aware."""

    entered: EnteredNumber
    signed_by: Person
    signed_at: datetime
    scan: tuple[str, bytes]


def file_paper(*, case: Case, draft: DraftGiven, paper: PaperLetter, by: Person) -> Delegation:
    """File a letter of which the system knew nothing. It counts as known from now."""

    def perform(step: base.Step) -> None:
        permissions.check_role(by, Codename.REGISTER_DELEGATION, agency=case.agency, at=step.at)
        delegation = opening.begin(step, case=case, origin=Origin.PAPER)
        drafting.write(delegation, draft, by=step.by, at=step.at)
        register(delegation=delegation, paper=paper, by=step.by, at=step.at)

    delegation: Delegation = base.start(
        PROCEDURE, "file_paper", by=by, perform=perform,
        hold=lambda: queries.hold_with_head(case, head=paper.signed_by),
    ).process.delegation  # fmt: skip
    return delegation


def register_drafted(*, process: DelegationProcess, paper: PaperLetter, by: Person, at: datetime) -> Mandate:
    """Register the paper of a draft that was made here."""
    process.is_returned = False
    return register(delegation=process.delegation, paper=paper, by=by, at=at)


def register(*, delegation: Delegation, paper: PaperLetter, by: Person, at: datetime) -> Mandate:
    """Number, scan and mandate in one transaction, the case and the signer's mandates held.

    Raises NotTheHead for a paper signed by anyone but the head in office at its signing, Invalid for a signing still
    to come, a letter dated before it, or a scan that cannot be read, and what `mandates.delegate` raises.
    """
    _check_signing(paper, at=at)
    head = permissions.check_heads(paper.signed_by, agency=delegation.agency, at=paper.signed_at)
    name, data = paper.scan
    delegation.scan_name = attachments.clean_name(name, attachments.check(name, data))
    delegation.is_on_paper, delegation.scan_sha256 = True, files.store(data)

    delegation.save(update_fields=["is_on_paper", "scan_name", "scan_sha256"])
    document = issuing.number(
        delegation=delegation, head=head, by=by, at=at, judged_at=paper.signed_at, entered=paper.entered,
        is_on_paper=True,
    )  # fmt: skip
    letter = Letter(
        number=document.symbol, on=document.issued_on, signed_at=paper.signed_at, sha256=delegation.scan_sha256,
        is_on_paper=True,
    )  # fmt: skip
    return issuing.grant(delegation, letter, signed_by=head.person, by=by, at=at)


def _check_signing(paper: PaperLetter, *, at: datetime) -> None:
    if paper.signed_at > at:
        raise Invalid(
            _("The instant of signing lies in the future. Nothing was registered; what you typed is kept."),
            fields={"signed_at": _("This time has not come yet.")},
        )
    if paper.entered.issued_on < local_day(paper.signed_at):
        raise Invalid(
            _("The letter is dated before it was signed. Nothing was registered; what you typed is kept."),
            fields={"issued_on": _("Before the day of signing.")},
        )
