"""The database itself keeps what was said, what was proposed to the others, and what each of them said of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from tests.walk import Cast
from tests.workflows.crisis.statements_walk import JointWalk
from tests.workflows.refusal.test_kept import refused

TEXT, JOINT_TEXT, VOICE = (f"workflows_{name}" for name in ("statementtext", "jointtext", "jointvoice"))
CHANGES = {
    TEXT: (
        "text = 'khác'",
        "sha256 = ''",
        "number = 9",
        "author_id = author_id + 1",
        "written_at = '2020-01-01'",
    ),
    JOINT_TEXT: ("paragraphs = '[]'", "sha256 = ''", "number = 9", "proposed_at = '2020-01-01'"),
    VOICE: (
        "agrees = NOT agrees",
        "objections = '{}'",
        "given_at = '2020-01-01'",
        "is_head = NOT is_head",
        "stands_for = '[1]'",
        "name = 'x'",
    ),
}


def test_texts_and_voices_are_neither_changed_nor_removed_in_the_database(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = JointWalk(cast, set_clock)
    walk.agree(walk.propose())
    walk.speaks.draft()
    connection.check_constraints()

    attacks = [f"UPDATE {table} SET {change}" for table, changes in CHANGES.items() for change in changes]  # noqa: S608
    attacks += [f"DELETE FROM {table}" for table in CHANGES]  # noqa: S608
    if connection.vendor == "postgresql":
        attacks += [f"TRUNCATE {table} CASCADE" for table in CHANGES]
    else:
        attacks += [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in CHANGES]  # noqa: S608

    assert [sql for sql in attacks if not refused(sql)] == []
