"""Two writers at one row: which errors of a database only mean that somebody else was there first."""

from __future__ import annotations

import sqlite3

from django.db import OperationalError

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"
# The low byte of SQLite's extended codes; the rest says in which part of the engine it happened.
PRIMARY_CODE = 0xFF


def is_contention(error: BaseException | None) -> bool:
    """Whether trying again later may succeed, as against a database that is full, gone or broken."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", "") in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED)
