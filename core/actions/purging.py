"""Stored bytes leave after the commit of the decision that removes them, at the latest with the next sweep."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from core import files
from core.models import PendingPurge
from core.queries import keepers

log = logging.getLogger(__name__)


def forget_log() -> None:
    """Empty SQLite's write-ahead log, where purged text would stay readable; readers may delay it to the next sweep.

    PostgreSQL keeps its log for recovery: it is among the backups that are cleaned by hand.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def purge_file(sha256: str, *, at: datetime) -> None:
    """Remove these bytes once the present transaction is kept, unless another row still names them then.

    Must run inside that transaction: a rollback leaves the bytes, a crash after the commit does not.
    """
    PendingPurge.objects.get_or_create(sha256=sha256, defaults={"asked_at": at})
    transaction.on_commit(lambda: carry_out(sha256), robust=True)


def carry_out(sha256: str) -> None:
    """Remove the bytes of one pending purge and then the row that asked for it."""
    with transaction.atomic():
        pending = PendingPurge.objects.select_for_update().filter(sha256=sha256).first()
        if pending is None:
            return
        if not keepers.is_kept(sha256):
            files.purge(sha256)
        pending.delete()


def sweep() -> None:
    """Carry out what a killed process, a full disk or a reader of the log left undone."""
    forget_log()
    for sha256 in list(PendingPurge.objects.order_by("pk").values_list("sha256", flat=True)):
        try:
            carry_out(sha256)
        except OSError:
            log.exception(
                "Purged bytes could not be removed from the file store; tried again at the next sweep."
            )
