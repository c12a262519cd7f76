"""The database refuses to change what is written once, whoever asks it."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import events, triggers
from core.actions import trail
from core.checks import written_once_is_protected
from core.enums import MandateKind, PostKind, StatementForm
from core.models import Case, Mandate, Statement, TrailEntry, TrailHead
from tests.factories import make_case, make_person, make_post
from tests.trail_plugin import drop_triggers

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own statement")


@pytest.fixture
def case(db: None) -> Case:
    case = make_case()
    for event in (events.CASE_OPENED, events.CASE_CLOSED):
        trail.record(event, case=case, by=None, at=AT)
    speaker = make_person()
    post = make_post(person=speaker, agency=case.agency, kind=PostKind.HEAD, title="Giám đốc")
    mandate = Mandate.objects.create(
        kind=MandateKind.EX_OFFICIO,
        agency=case.agency,
        person=speaker,
        post=post,
        valid_from=AT,
        recorded_at=AT,
    )
    Statement.objects.create(
        agency=case.agency,
        case=case,
        speaker=speaker,
        speaker_post="Giám đốc",
        mandate=mandate,
        form=StatementForm.DIRECT,
        text="…",
        content_sha256="0" * 64,
        spoken_at=AT,
        recorded_at=AT,
    )
    connection.check_constraints()
    return case


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as refusal:
        return triggers.REFUSAL in str(refusal)
    return False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_trailentry SET reason = 'forged'",
        "UPDATE core_trailentry SET seq = seq",
        "DELETE FROM core_trailentry",
        "DELETE FROM core_trailentry WHERE seq = 2",
        "UPDATE core_statement SET text = 'forged'",
        "DELETE FROM core_statement",
        "DELETE FROM core_trailhead",
        "UPDATE core_trailhead SET seq = 1",
        "UPDATE core_trailhead SET seq = 0, hash = ''",
        "UPDATE core_trailhead SET hash = 'forged'",
        "UPDATE core_trailhead SET stream = 'case:0', seq = seq + 1",
    ],
)
def test_change_and_removal_are_refused(case: Case, sql: str) -> None:
    assert refused(sql)


@only_sqlite
@pytest.mark.parametrize(
    "table_and_change",
    [
        ("core_trailentry", "reason", "'forged'"),
        ("core_statement", "text", "'forged'"),
        ("core_trailhead", "seq", "0"),
    ],
)
@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
def test_replacing_a_row_is_refused(
    case: Case, table_and_change: tuple[str, str, str], recursive_triggers: str
) -> None:
    table, column, value = table_and_change
    with connection.cursor() as cursor:
        names = [field.name for field in connection.introspection.get_table_description(cursor, table)]
        cursor.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    values = ", ".join(value if name == column else name for name in names)

    assert refused(f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}")  # noqa: S608


@only_sqlite
def test_replacing_an_entry_by_its_place_in_the_stream_is_refused(case: Case) -> None:
    with connection.cursor() as cursor:
        names = [
            field.name for field in connection.introspection.get_table_description(cursor, "core_trailentry")
        ]
    new = {"id": "id + 1000", "entry_id": "'0' || substr(entry_id, 2)"}
    values = ", ".join(new.get(name, name) for name in names)

    assert refused(
        f"INSERT OR REPLACE INTO core_trailentry ({', '.join(names)}) SELECT {values} FROM core_trailentry"  # noqa: S608
    )


@only_postgresql
@pytest.mark.parametrize("table", ["core_trailentry", "core_trailhead", "core_statement"])
def test_truncating_is_refused(case: Case, table: str) -> None:
    assert refused(f"TRUNCATE {table} CASCADE")


@only_postgresql
def test_switching_triggers_off_for_a_session_is_of_no_use(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")

    assert refused("DELETE FROM core_trailentry")


def test_the_orm_is_refused_as_well(case: Case) -> None:
    for change in (TrailEntry.objects.all().delete, lambda: TrailEntry.objects.update(reason="forged")):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            change()


def test_writing_on_still_works_beside_the_refusals(case: Case) -> None:
    trail.record(events.CASE_OPENED, case=case, by=None, at=AT)

    assert TrailHead.objects.get(case=case).seq == 3


def test_missing_trigger_is_reported_and_put_back_by_migrating(case: Case) -> None:
    assert written_once_is_protected(None, ["default"]) == []
    drop_triggers(connection, table="core_trailentry")

    errors = written_once_is_protected(None, ["default"])
    triggers.install(connection)

    assert {error.id for error in errors} == {"core.W001"}
    assert len(errors) == 3
    assert "core_trailentry_refuse_delete" in " ".join(error.msg for error in errors)
    assert written_once_is_protected(None, ["default"]) == []
    assert refused("DELETE FROM core_trailentry")


def test_trigger_replaced_by_a_harmless_one_is_reported(case: Case) -> None:
    drop_triggers(connection, table="core_statement")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER core_statement_refuse_delete BEFORE DELETE ON core_statement"
                " BEGIN SELECT 1; END"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER core_statement_refuse_delete BEFORE DELETE ON core_statement"
                " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            )
            cursor.execute("ALTER TABLE core_statement ENABLE ALWAYS TRIGGER core_statement_refuse_delete")

    absent = {trigger.name for trigger in triggers.missing(connection)}

    assert "core_statement_refuse_delete" in absent


@pytest.mark.django_db(transaction=True)
def test_migrating_restores_what_a_rebuilt_table_lost() -> None:
    drop_triggers(connection)
    assert triggers.missing(connection)

    call_command("migrate", verbosity=0, skip_checks=False, stderr=StringIO())

    assert triggers.missing(connection) == []
