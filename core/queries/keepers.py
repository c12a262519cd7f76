"""Which stored bytes a row still names. Packages above add the tables of their own."""

from __future__ import annotations

from collections.abc import Callable

from core.models import Attachment, IncomingMail, LateRecord, OutgoingMail, Statement

Keeper = Callable[[str], bool]

_contributed: list[Keeper] = []


def contribute(keeper: Keeper) -> None:
    """Let a package above say which bytes it needs: `keeper` answers whether a row of its names the hash."""
    if keeper not in _contributed:
        _contributed.append(keeper)


def is_kept(sha256: str) -> bool:
    """Whether any row names these bytes. The same bytes may have come to two inquiries, or be our own letter."""
    return (
        IncomingMail.objects.filter(sha256=sha256).exists()
        or Attachment.objects.filter(sha256=sha256).exists()
        or OutgoingMail.objects.filter(attachment_sha256=sha256).exists()
        or Statement.objects.filter(document_sha256=sha256).exists()
        or LateRecord.objects.filter(recording_sha256=sha256).exists()
        or any(keeper(sha256) for keeper in _contributed)
    )
