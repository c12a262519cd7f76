"""A version of a playbook that was approved never changes, nor do its signs, steps, recipients and topics.

A draft may change and go. From the approval on only the day its use ends may be set, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.triggers import Trigger, differ, refusing

VERSION = "workflows_playbookversion"
APPROVED = (
    "id", "playbook_id", "number", "title", "description", "level", "written_by_id", "written_at", "change",
    "approved_by_id", "approved_by_name", "approved_at", "valid_from",
)  # fmt: skip
# Rows of a version, with the column that names it.
PARTS = {
    "workflows_playbooksign": "version_id",
    "workflows_playbookstep": "version_id",
    "workflows_reportline": "version_id",
    "workflows_playbookversion_topics": "playbookversion_id",
}
FUNCTION = "workflows_playbook_is_approved"
# A condition of a PostgreSQL trigger may hold no query, but may call a function that asks.
_FUNCTION_SQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM {VERSION} WHERE id = $1 AND approved_at IS NOT NULL);
END
$$;
"""  # noqa: S608


def triggers(vendor: str) -> Iterator[Trigger]:
    ended_anew = f"OLD.valid_until IS NOT NULL AND ({differ(['valid_until'], vendor)})"
    changed = f"OLD.approved_at IS NOT NULL AND ({differ(APPROVED, vendor)} OR {ended_anew})"
    yield refusing(VERSION, "update", vendor=vendor, when=changed)
    yield refusing(VERSION, "delete", vendor=vendor, when="OLD.approved_at IS NOT NULL")
    if vendor == "postgresql":
        yield refusing(VERSION, "truncate", vendor=vendor)
    else:
        # INSERT OR REPLACE removes the old row without asking the delete trigger.
        same = "id = NEW.id OR (playbook_id = NEW.playbook_id AND number = NEW.number)"
        there = f"SELECT 1 FROM {VERSION} WHERE approved_at IS NOT NULL AND ({same})"  # noqa: S608
        yield refusing(VERSION, "insert", vendor=vendor, when=f"EXISTS ({there})")
    for table, column in PARTS.items():
        yield from _of_part(table, column, vendor)


def _of_part(table: str, column: str, vendor: str) -> Iterator[Trigger]:
    old, new = (_is_approved(f"{row}.{column}", vendor) for row in ("OLD", "NEW"))
    yield _asking(refusing(table, "update", vendor=vendor, when=f"{old} OR {new}"), vendor)
    yield _asking(refusing(table, "delete", vendor=vendor, when=old), vendor)
    if vendor == "postgresql":
        yield refusing(table, "truncate", vendor=vendor)
        yield _asking(refusing(table, "insert", vendor=vendor, when=new), vendor)
    else:
        replaced = f"SELECT {column} FROM {table} WHERE id = NEW.id"  # noqa: S608
        there = f"SELECT 1 FROM {VERSION} WHERE approved_at IS NOT NULL AND id IN ({replaced})"  # noqa: S608
        yield _asking(refusing(table, "insert", vendor=vendor, when=f"{new} OR EXISTS ({there})"), vendor)


def _is_approved(key: str, vendor: str) -> str:
    if vendor == "postgresql":
        return f"{FUNCTION}({key})"
    return f"EXISTS (SELECT 1 FROM {VERSION} WHERE id = {key} AND approved_at IS NOT NULL)"  # noqa: S608


def _asking(trigger: Trigger, vendor: str) -> Trigger:
    sql = _FUNCTION_SQL + trigger.sql if vendor == "postgresql" else trigger.sql
    return replace(trigger, sql=sql, asks_elsewhere=True)
