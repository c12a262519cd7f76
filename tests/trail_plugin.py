"""Lets the flush after a `transaction=True` test remove what the database refuses to remove.

The triggers go just before the flush, whose post_migrate puts them back. Nothing outside the tests
can do this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from core import triggers

MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}


def drop_triggers(connection: BaseDatabaseWrapper, *, table: str | None = None) -> None:
    """Do what an attacker with rights over the database would do."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for trigger in triggers.triggers(connection.vendor):
            if table in (None, trigger.table):
                cursor.execute(triggers.removal(trigger, connection.vendor))


def empty(connection: BaseDatabaseWrapper) -> None:
    """What the flush does, much quicker: PostgreSQL takes longer to truncate an empty table than to delete from it.

    What every migrate would put back, content types and permissions, stays.
    """
    tables = set(connection.introspection.django_table_names(only_existing=True)) - MADE_BY_MIGRATE
    deletions = "; ".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(deletions)
        cursor.execute("SET session_replication_role = DEFAULT")
    triggers.install(connection)


@pytest.fixture(autouse=True, scope="session")
def triggers_give_way_to_the_flush() -> Iterator[None]:
    flush = vars(TransactionTestCase)["_fixture_teardown"]

    def drop_then_flush(case: TransactionTestCase) -> None:
        for alias in connections:
            drop_triggers(connections[alias])
        if connections["default"].vendor == "postgresql":
            empty(connections["default"])
        else:
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", drop_then_flush)
        yield
