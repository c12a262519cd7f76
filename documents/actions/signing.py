"""Sign and stamp: recorded acts of a person on the exact bytes of a document.

They are not yet cryptographic signatures, and nothing is painted on the page in their place.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, files
from core.actions import trail
from core.errors import Conflict, NotAllowedNow, Refused
from core.models import Person
from core.queries.mandates import post_title
from documents.models import Endorsement, EndorsementKind, IssuedDocument


@transaction.atomic
def sign(*, document: IssuedDocument, by: Person, pdf_sha256: str, at: datetime) -> Endorsement:
    """The person named on the document signs these bytes (Decree 30/2020 art 13). Twice is once."""
    locked = _locked(document, pdf_sha256)
    if by.pk != locked.signer_id:
        raise Refused(
            _("Only %(signer)s, who decided and is named on the document, signs it. Nothing was changed.")
            % {"signer": locked.signer.full_name}
        )
    capacity = " / ".join(locked.signature_lines)
    authority, title = locked.signature_lines[:-1], locked.signature_lines[-1]
    return _endorse(
        locked, EndorsementKind.SIGN, by=by, capacity=capacity, at=at,
        data={"capacity": locked.capacity, "authority_line": " / ".join(authority), "title_line": title},
    )  # fmt: skip


@transaction.atomic
def stamp(*, document: IssuedDocument, by: Person, pdf_sha256: str, at: datetime) -> Endorsement:
    """The clerk in person applies the agency's signature to the signed bytes (Decree 30/2020 art 17).

    That `by` is the agency's clerk is checked by the caller.
    """
    locked = _locked(document, pdf_sha256)
    if not locked.is_signed:
        raise NotAllowedNow(
            _(
                "%(signer)s has not signed yet. The agency's signature follows the signature of the person "
                "in charge."
            )
            % {"signer": locked.signer.full_name}
        )
    post = post_title(by, agency=locked.agency, at=at)
    return _endorse(locked, EndorsementKind.STAMP, by=by, capacity=post, at=at, data={})


def _locked(document: IssuedDocument, pdf_sha256: str) -> IssuedDocument:
    """The document as it stands now, proved to be the bytes the person has seen."""
    documents = IssuedDocument.objects.select_for_update(of=("self",)).select_related("signer", "case")
    locked = documents.get(pk=document.pk)
    if not locked.is_rendered:
        raise NotAllowedNow(_("The document is still being made. Wait a moment and open the page again."))
    if pdf_sha256 != locked.pdf_sha256:
        raise Conflict(
            _(
                "What you have open is not the issued document %(symbol)s. Nothing was signed: open it again "
                "and read it."
            )
            % {"symbol": locked.mark}
        )
    files.read(locked.pdf_sha256)
    return locked


def _endorse(
    document: IssuedDocument,
    kind: EndorsementKind,
    *,
    by: Person,
    capacity: str,
    at: datetime,
    data: dict[str, str],
) -> Endorsement:
    existing = document.endorsements.filter(kind=kind).first()
    if existing:
        return _same(existing, by)
    made = Endorsement.objects.create(
        document=document, kind=kind, by=by, capacity=capacity, pdf_sha256=document.pdf_sha256, at=at
    )
    event = events.DOCUMENT_SIGNED if kind == EndorsementKind.SIGN else events.DOCUMENT_STAMPED
    facts = {
        "inquiry": document.inquiry_id,
        "reference": (document.inquiry or document.case).reference,
        "document": document.pk,
        "number": document.mark,
        "sha256": document.pdf_sha256,
    }
    trail.record(
        event, case=document.case_now, by=by, at=at, subject=document, data={**facts, **data},
        object_hash=document.pdf_sha256,
    )  # fmt: skip
    return made


def _same(existing: Endorsement, by: Person) -> Endorsement:
    if existing.by_id != by.pk:
        raise Conflict(
            _("%(person)s has already done this. Nothing was changed.") % {"person": existing.by.full_name}
        )
    return existing
