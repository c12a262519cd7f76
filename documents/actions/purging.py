"""State secrets do not stay in a document either: its text and bytes go, its number stays in the register."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import purging, trail
from core.errors import NotAllowedNow
from core.models import Person, Statement
from documents.models import IssuedDocument

BLANKED = [
    "subject",
    "facts",
    "content_sha256",
    "pdf_sha256",
    "pages",
    "rendered_at",
    "renderer",
    "purged_at",
]


def was_released(document: IssuedDocument) -> bool:
    """Whether the ledger names it: then it was said in public, and saying stays said."""
    sha256 = document.pdf_sha256
    return bool(sha256) and Statement.objects.filter(document_sha256=sha256).exists()


@transaction.atomic
def purge(*, document: IssuedDocument, by: Person, at: datetime) -> None:
    """Blank what a document states that was never released (Law 117/2025). Once; its number is not given again."""
    locked = IssuedDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if locked.is_purged:
        return
    if was_released(locked):
        raise NotAllowedNow(
            _("The document %(symbol)s was released, so its text stays. Nothing was removed.")
            % {"symbol": locked.symbol}
        )
    if locked.pdf_sha256:
        purging.purge_file(locked.pdf_sha256, at=at)
    locked.subject, locked.facts, locked.content_sha256 = "", {}, ""
    locked.pdf_sha256, locked.pages, locked.rendered_at, locked.renderer = "", None, None, {}
    locked.purged_at = at
    locked.save(update_fields=BLANKED)
    _record(locked, by=by, at=at)


def _record(document: IssuedDocument, *, by: Person, at: datetime) -> None:
    inquiry = document.inquiry
    data: dict[str, trail.Value] = {
        "inquiry": inquiry.pk if inquiry else None,
        "reference": (inquiry or document.case).reference,
        "document": document.pk,
        "number": document.symbol,
    }
    trail.record(events.DOCUMENT_PURGED, case=document.case_now, by=by, at=at, subject=document, data=data)
