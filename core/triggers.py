"""Triggers by which the database itself refuses to change what is written once: trail, heads, ledger.

`install` runs after every migrate, because SQLite drops the triggers of a table it rebuilds. A system check
and `manage.py trail verify` ask `missing`. There is no switch to suspend them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

WRITTEN_ONCE = {
    "core_trailentry": (
        "id = NEW.id",
        "entry_id = NEW.entry_id",
        "(stream = NEW.stream AND seq = NEW.seq)",
    ),
    "core_statement": ("id = NEW.id",),
    "core_calendarversion": ("id = NEW.id", "number = NEW.number"),
    "core_calendarday": ("id = NEW.id", "(version_id = NEW.version_id AND day = NEW.day)"),
    "core_rulesetchoice": ("id = NEW.id",),
    "core_legalbasis": ("id = NEW.id", "(entry_id = NEW.entry_id AND provision_id = NEW.provision_id)"),
    "core_deadlinechange": ("id = NEW.id",),
    "core_mandateend": ("id = NEW.id",),
    "core_mandateform": ("id = NEW.id", "(mandate_id = NEW.mandate_id AND form = NEW.form)"),
    "core_mandatequestion": (
        "id = NEW.id",
        "(mandate_id = NEW.mandate_id AND question_id = NEW.question_id)",
    ),
    "core_postend": ("id = NEW.id",),
    "core_laterecord": ("id = NEW.id", "statement_id = NEW.statement_id"),
    "core_laterecord_questions": (
        "id = NEW.id",
        "(laterecord_id = NEW.laterecord_id AND question_id = NEW.question_id)",
    ),
    "core_registeredition": ("id = NEW.id", "(agency_id = NEW.agency_id AND number = NEW.number)"),
}
# A value of the law is superseded: only an open end may be set, once.
SUPERSEDED = "core_rulevalue"
SETTLED = ("id", "scope_id", "value", "unit", "start", "provision_id", "limit_from_id", "note", "valid_from")
# Of a mandate only the end as known now changes, with the rows that ended it.
MANDATE = "core_mandate"
GRANTED = (
    "id", "kind", "agency_id", "person_id", "post_id", "case_id", "document_number", "document_date",
    "document_sha256", "signed_at", "signed_by_id", "circumstance", "reason", "rule_set_id", "valid_from",
    "granted_until", "recorded_at",
)  # fmt: skip
HEADS = "core_trailhead"
HEAD_ADVANCES = "NEW.stream = OLD.stream AND NEW.seq = OLD.seq + 1"
REFUSAL = "written once: change and removal are refused"
FUNCTION = "core_refuse_change"


@dataclass(frozen=True, kw_only=True)
class Trigger:
    table: str
    name: str
    sql: str
    is_constraint: bool = False
    asks_elsewhere: bool = False


_contributed: list[Callable[[str], Iterable[Trigger]]] = []


def contribute(source: Callable[[str], Iterable[Trigger]]) -> None:
    """Let a package above protect its own tables the same way: `source` gives its triggers for a vendor."""
    if source not in _contributed:
        _contributed.append(source)


def triggers(vendor: str) -> list[Trigger]:
    own = _on_postgresql() if vendor == "postgresql" else _on_sqlite()
    return [
        *own,
        *_on_the_law(vendor),
        *_on_mandates(vendor),
        *(trigger for source in _contributed for trigger in source(vendor)),
    ]


def refusing(table: str, verb: str, *, vendor: str, when: str = "") -> Trigger:
    """A trigger that refuses update, delete, insert or (PostgreSQL) truncate, always or only `when`."""
    return (_postgresql if vendor == "postgresql" else _sqlite)(table, verb, when=when)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create what is missing on the tables that exist; may run any number of times."""
    absent = missing(connection)
    if not absent:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION_SQL)
        for trigger in absent:
            cursor.execute(removal(trigger, connection.vendor))
            cursor.execute(trigger.sql)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take away, before a migration, those that ask another table: SQLite rebuilds no table a trigger elsewhere asks.

    `install` brings them back after it, like those of a table that was rebuilt.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for trigger in triggers(connection.vendor):
            if trigger.asks_elsewhere:
                cursor.execute(removal(trigger, connection.vendor))


def missing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that are not there, were altered or are switched off, on the tables that exist."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        sound = (_sound_on_postgresql if connection.vendor == "postgresql" else _sound_on_sqlite)(cursor)
    expected = [trigger for trigger in triggers(connection.vendor) if trigger.table in tables]
    return [trigger for trigger in expected if not sound(trigger)]


def _sound_on_sqlite(cursor: CursorWrapper) -> Callable[[Trigger], bool]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = dict(cursor.fetchall())
    return lambda trigger: there.get(trigger.name) == trigger.sql


def _sound_on_postgresql(cursor: CursorWrapper) -> Callable[[Trigger], bool]:
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgqual IS NOT NULL FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgenabled = 'A' AND p.proname = %s AND p.prosrc = %s",
        [FUNCTION, _FUNCTION_BODY],
    )
    there = set(cursor.fetchall())
    cursor.execute(
        "SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) NOT LIKE %s"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'x'",
        ["EXCLUDE USING gist %daterange(valid_from, valid_until) WITH &&)"],
    )
    there |= set(cursor.fetchall())
    return lambda trigger: (trigger.table, trigger.name, " WHEN (" in trigger.sql) in there


def removal(trigger: Trigger, vendor: str) -> str:
    if trigger.is_constraint:
        return f"ALTER TABLE {trigger.table} DROP CONSTRAINT IF EXISTS {trigger.name}"
    on_table = f" ON {trigger.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}"


def protecting(table: str, *, vendor: str, changed: str = "", same: str) -> Iterator[Trigger]:
    """Refuse every change of a table's rows, or those in which `changed` holds, and every removal.

    `same` finds the row that an insert would replace on SQLite.
    """
    yield refusing(table, "update", vendor=vendor, when=changed)
    yield refusing(table, "delete", vendor=vendor)
    if vendor == "postgresql":
        yield refusing(table, "truncate", vendor=vendor)
    else:
        # INSERT OR REPLACE removes the old row without asking the delete trigger.
        yield refusing(table, "insert", vendor=vendor, when=_exists(table, same))


def differ(columns: Iterable[str], vendor: str) -> str:
    """The condition that an update changes one of these columns."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in columns)


def _on_the_law(vendor: str) -> Iterator[Trigger]:
    ended_anew = f"(OLD.valid_until IS NOT NULL AND ({differ(['valid_until'], vendor)}))"
    changed = f"{differ(SETTLED, vendor)} OR {ended_anew}"
    same = "id = NEW.id OR (scope_id = NEW.scope_id AND valid_from = NEW.valid_from)"
    yield from protecting(SUPERSEDED, vendor=vendor, changed=changed, same=same)


def _on_mandates(vendor: str) -> Iterator[Trigger]:
    yield from protecting(MANDATE, vendor=vendor, changed=differ(GRANTED, vendor), same="id = NEW.id")


def _on_sqlite() -> Iterator[Trigger]:
    for table, same in WRITTEN_ONCE.items():
        yield _sqlite(table, "update")
        yield _sqlite(table, "delete")
        yield _sqlite(table, "insert", when=_exists(table, " OR ".join(same)))
    yield _sqlite(HEADS, "update", when=f"NOT ({HEAD_ADVANCES})")
    yield _sqlite(HEADS, "delete")
    yield _sqlite(HEADS, "insert", when=_exists(HEADS, "stream = NEW.stream OR case_id = NEW.case_id"))


def _exists(table: str, same: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608


def _sqlite(table: str, verb: str, *, when: str = "") -> Trigger:
    # INSERT OR REPLACE removes the old row without asking the delete trigger; the insert guard comes before.
    name = f"{table}_refuse_{verb}"
    condition = f" WHEN {when}" if when else ""
    sql = (
        f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is {REFUSAL}'); END"
    )
    return Trigger(table=table, name=name, sql=sql)


_FUNCTION_BODY = f"""
BEGIN
    RAISE EXCEPTION '% is {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
"""
_FUNCTION_SQL = (
    f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
)


def _on_postgresql() -> Iterator[Trigger]:
    for table in WRITTEN_ONCE:
        yield _postgresql(table, "update")
        yield _postgresql(table, "delete")
        yield _postgresql(table, "truncate")
    yield _postgresql(HEADS, "update", when=f"NOT ({HEAD_ADVANCES})")
    yield _postgresql(HEADS, "delete")
    yield _postgresql(HEADS, "truncate")


def _postgresql(table: str, verb: str, *, when: str = "") -> Trigger:
    name = f"{table}_refuse_{verb}"
    each = "STATEMENT" if verb == "truncate" else "ROW"
    condition = f" WHEN ({when})" if when else ""
    sql = (
        f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH {each}{condition}"
        f" EXECUTE FUNCTION {FUNCTION}();"
        f" ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    )
    return Trigger(table=table, name=name, sql=sql)
