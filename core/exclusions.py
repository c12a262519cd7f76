"""Periods that must not overlap, held by the database: one value of a rule for one kind of agency on any day.

PostgreSQL has an exclusion constraint for it, over ranges of whole numbers and days, which needs no extension;
SQLite a pair of triggers. Both are made and restored after every migrate, together with the other triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.triggers import Trigger

OVERLAP = "overlaps another period"


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Rows of a table that agree in the `same` columns (whole numbers) never hold at the same time."""

    table: str
    same: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.table}_no_overlap"


EXCLUSIONS = (
    Exclusion(table="core_rulevalue", same=("scope_id",)),
    Exclusion(table="core_localrule", same=("agency_id", "key_id")),
    Exclusion(table="core_ruleset", same=()),
)


def triggers(vendor: str) -> Iterator[Trigger]:
    """What each database needs so as to refuse an overlap."""
    return _on_postgresql() if vendor == "postgresql" else _on_sqlite()


def _on_postgresql() -> Iterator[Trigger]:
    for exclusion in EXCLUSIONS:
        equal = [f"int8range({column}, {column}, '[]') WITH &&" for column in exclusion.same]
        parts = ", ".join([*equal, "daterange(valid_from, valid_until) WITH &&"])
        yield Trigger(
            table=exclusion.table,
            name=exclusion.name,
            sql=f"ALTER TABLE {exclusion.table} ADD CONSTRAINT {exclusion.name} EXCLUDE USING gist ({parts})",
            is_constraint=True,
        )


def _on_sqlite() -> Iterator[Trigger]:
    for exclusion in EXCLUSIONS:
        for verb in ("insert", "update"):
            yield _trigger(exclusion, verb)


def _trigger(exclusion: Exclusion, verb: str) -> Trigger:
    table, name = exclusion.table, f"{exclusion.name}_{verb}"
    conditions = [
        *(f"{column} = NEW.{column}" for column in exclusion.same),
        "id IS NOT NEW.id",
        "(valid_until IS NULL OR NEW.valid_from IS NULL OR NEW.valid_from < valid_until)",
        "(NEW.valid_until IS NULL OR valid_from IS NULL OR valid_from < NEW.valid_until)",
    ]
    # AFTER, because the id of a new row is not known before.
    overlapping = f"SELECT 1 FROM {table} WHERE {' AND '.join(conditions)}"  # noqa: S608
    sql = (
        f"CREATE TRIGGER {name} AFTER {verb.upper()} ON {table} FOR EACH ROW"
        f" WHEN EXISTS ({overlapping})"
        f" BEGIN SELECT RAISE(ABORT, '{table} {OVERLAP}'); END"
    )
    return Trigger(table=table, name=name, sql=sql)
