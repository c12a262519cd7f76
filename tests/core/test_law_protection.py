"""The database itself refuses overlapping law, and law, calendars and decisions that change after they were written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import exclusions, triggers
from core.actions import casefile
from core.checks import written_once_is_protected
from core.enums import ChangeKind, Channel, DeadlineSource
from core.models import (
    CalendarDay,
    CalendarVersion,
    Deadline,
    DeadlineChange,
    Inquiry,
    LegalBasis,
    LocalRegulation,
    LocalRule,
    Provision,
    RuleKey,
    RuleScope,
    RuleSet,
    RuleSetChoice,
    RuleValue,
)
from tests.factories import make_agency, make_person
from tests.trail_plugin import drop_triggers

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
JANUARY, APRIL, JULY, OCTOBER = (date(2030, month, 1) for month in (1, 4, 7, 10))
only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own statement")
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own statement")
pytestmark = pytest.mark.django_db

ONCE = {
    "core_calendarversion": "note = 'forged'",
    "core_calendarday": "name = 'forged'",
    "core_rulesetchoice": "reason = 'forged'",
    "core_legalbasis": "decided_at = '2020-01-01'",
    "core_deadlinechange": "kind = 'forged'",
}


def refused(sql: str, *, because: str = triggers.REFUSAL) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        refusal = str(error)
    else:
        return False
    assert because in refusal
    return True


def overlaps(sql: str) -> bool:
    because = exclusions.OVERLAP if connection.vendor == "sqlite" else "_no_overlap"
    return refused(sql, because=because)


@pytest.fixture
def value() -> RuleValue:
    """A value in force in the second quarter of 2030, of a rule that no file knows."""
    key = RuleKey.objects.create(code="probe", title="Probe", bound="at_most")
    scope = RuleScope.objects.create(key=key, agency_kind="department")
    return make_value(scope, APRIL, JULY)


def make_value(scope: RuleScope, valid_from: date, valid_until: date | None) -> RuleValue:
    provision = Provision.objects.order_by("pk")[0]
    return RuleValue.objects.create(
        scope=scope, value=5, unit="days", provision=provision, valid_from=valid_from, valid_until=valid_until
    )


def insert(value: RuleValue, valid_from: date, valid_until: date | None) -> str:
    until = f"'{valid_until}'" if valid_until else "NULL"
    return (
        "INSERT INTO core_rulevalue (scope_id, value, unit, start, provision_id, note, valid_from, valid_until)"  # noqa: S608
        f" VALUES ({value.scope_id}, '9', 'days', '', {value.provision_id}, '', '{valid_from}', {until})"
    )


@pytest.fixture
def inquiry() -> Inquiry:
    agency = make_agency()
    new = casefile.NewInquiry(channel=Channel.LETTER, received_at=AT)
    return casefile.open_inquiry(agency=agency, new=new, by=None, at=AT)


@pytest.fixture
def written(inquiry: Inquiry, value: RuleValue) -> None:
    """One row more in each table that is written once; the law and the calendar are there already."""
    rule_set = RuleSet.objects.order_by("pk")[0]
    RuleSetChoice.objects.create(
        inquiry=inquiry, act_at=AT, proposed=rule_set, chosen=rule_set, reason="x", chosen_by=make_person(),
        chosen_at=AT,
    )  # fmt: skip
    LegalBasis.objects.create(
        inquiry=inquiry, provision=value.provision, rule_set=rule_set, entry_id=uuid4(), decided_at=AT
    )
    deadline = Deadline.objects.create(
        inquiry=inquiry, agency=inquiry.agency, source=DeadlineSource.LAW, rule_value=value,
        provision=value.provision, started_at=AT, created_at=AT,
    )  # fmt: skip
    DeadlineChange.objects.create(deadline=deadline, kind=ChangeKind.CALENDAR, changed_at=AT)
    connection.check_constraints()


# Overlapping periods


@pytest.mark.parametrize(
    ("valid_from", "valid_until"),
    [
        (APRIL.replace(day=2), JULY.replace(day=2)),
        (date(2030, 3, 31), APRIL.replace(day=2)),
        (date(2030, 6, 30), OCTOBER),
        (date(2030, 5, 1), date(2030, 5, 2)),
        (JANUARY, None),
        (JANUARY, OCTOBER),
    ],
)
def test_an_overlapping_value_of_a_rule_is_refused(
    value: RuleValue, valid_from: date, valid_until: date | None
) -> None:
    assert overlaps(insert(value, valid_from, valid_until))


def test_adjacent_periods_are_half_open_and_do_not_overlap(value: RuleValue) -> None:
    assert not refused(insert(value, JANUARY, APRIL))
    assert not refused(insert(value, JULY, None))


def test_a_second_open_value_is_refused(value: RuleValue) -> None:
    make_value(value.scope, JULY, None)

    assert overlaps(insert(value, OCTOBER, None))


def test_the_same_time_of_another_kind_of_agency_does_not_overlap(value: RuleValue) -> None:
    other = RuleScope.objects.create(key=value.key, agency_kind="commune")

    make_value(other, APRIL, JULY)

    assert RuleValue.objects.filter(scope__key=value.key).count() == 2


def test_a_change_that_makes_two_values_overlap_is_refused(value: RuleValue) -> None:
    later = make_value(value.scope, OCTOBER, None)
    drop_triggers_of_settled_values()

    assert overlaps(f"UPDATE core_rulevalue SET valid_from = '2030-06-01' WHERE id = {later.pk}")  # noqa: S608


def drop_triggers_of_settled_values() -> None:
    """Leave the guard against overlaps alone on the table."""
    connection.check_constraints()
    settled = next(
        trigger
        for trigger in triggers.triggers(connection.vendor)
        if trigger.name == "core_rulevalue_refuse_update"
    )
    with connection.cursor() as cursor:
        cursor.execute(triggers.removal(settled, connection.vendor))


def test_an_overlapping_local_rule_is_refused_and_an_adjacent_one_is_not() -> None:
    first = make_local_rule(APRIL, JULY)
    make_another = (
        "INSERT INTO core_localrule (regulation_id, agency_id, key_id, value, unit, start, article, statement,"
        " stops_with_clock, valid_from, valid_until) SELECT regulation_id, agency_id, key_id, value, unit, start,"
        " article, statement, stops_with_clock, '{}', NULL FROM core_localrule"
    )

    assert overlaps(make_another.format("2030-06-30"))
    assert not refused(make_another.format("2030-07-01"))
    assert overlaps(f"UPDATE core_localrule SET valid_until = '2030-07-02' WHERE id = {first.pk}")  # noqa: S608


def make_local_rule(valid_from: date, valid_until: date | None) -> LocalRule:
    agency = make_agency()
    regulation = LocalRegulation.objects.create(
        agency=agency, number="1/QĐ", date=JANUARY, title="Quy chế", recorded_at=AT
    )
    return LocalRule.objects.create(
        regulation=regulation, agency=agency, key=RuleKey.objects.get(code="step.draft"), value=4, unit="hours",
        article="Điều 1", statement="x", valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip


def test_an_overlapping_rule_set_is_refused() -> None:
    insert_set = "INSERT INTO core_ruleset (code, title, valid_from, valid_until) VALUES ('x', 'X', '{}', {})"

    assert overlaps(insert_set.format("2030-01-01", "NULL"))
    assert overlaps(insert_set.format("2000-01-01", "'2017-01-02'"))
    assert overlaps("UPDATE core_ruleset SET valid_until = '2026-07-02' WHERE code = 'luat-bao-chi-2016'")
    assert not refused(insert_set.format("2000-01-01", "'2017-01-01'"))


def test_a_reversed_period_is_refused_by_the_database(value: RuleValue) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_value(value.scope, OCTOBER, OCTOBER)


# The law is superseded, never overwritten


@pytest.mark.parametrize(
    "change",
    [
        "value = '6'",
        "value = NULL",
        "unit = 'hours'",
        "start = 'receipt'",
        "note = 'forged'",
        "provision_id = provision_id + 1",
        "limit_from_id = provision_id",
        "valid_from = '2030-04-02'",
        "scope_id = scope_id - 1",
        "id = id + 1000",
        "valid_until = '2030-06-01'",
        "valid_until = '2030-08-01'",
        "valid_until = NULL",
    ],
)
def test_overwriting_a_value_of_the_law_is_refused(value: RuleValue, change: str) -> None:
    assert refused(f"UPDATE core_rulevalue SET {change} WHERE id = {value.pk}")  # noqa: S608


def test_an_open_end_is_set_once_and_never_moved_again(value: RuleValue) -> None:
    later = make_value(value.scope, JULY, None)
    set_end = f"UPDATE core_rulevalue SET valid_until = '{{}}' WHERE id = {later.pk}"  # noqa: S608

    assert not refused(set_end.format("2030-10-01"))
    assert refused(set_end.format("2030-11-01"))
    assert refused(set_end.format("2030-09-01"))
    assert RuleValue.objects.get(pk=later.pk).valid_until == OCTOBER


def test_setting_the_end_cannot_carry_another_change_along(value: RuleValue) -> None:
    later = make_value(value.scope, JULY, None)

    assert refused(
        f"UPDATE core_rulevalue SET valid_until = '2030-10-01', value = '6' WHERE id = {later.pk}"  # noqa: S608
    )


def test_removing_a_value_of_the_law_is_refused(value: RuleValue) -> None:
    assert refused(f"DELETE FROM core_rulevalue WHERE id = {value.pk}")  # noqa: S608
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        value.delete()


@only_sqlite
@pytest.mark.parametrize("same", ["id", "scope_id, valid_from"])
@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
def test_replacing_a_value_of_the_law_is_refused(
    value: RuleValue, same: str, recursive_triggers: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    new_id = value.pk if same == "id" else value.pk + 1000

    assert refused(
        "INSERT OR REPLACE INTO core_rulevalue (id, scope_id, value, unit, start, provision_id, note, valid_from)"  # noqa: S608
        f" SELECT {new_id}, scope_id, '9', unit, start, provision_id, note, valid_from FROM core_rulevalue"
        f" WHERE id = {value.pk}"
    )


# Written once


@pytest.mark.parametrize("table", ONCE)
def test_change_and_removal_of_what_is_written_once_are_refused(written: None, table: str) -> None:
    assert refused(f"UPDATE {table} SET {ONCE[table]}")  # noqa: S608
    assert refused(f"DELETE FROM {table}")  # noqa: S608


@only_sqlite
@pytest.mark.parametrize("table", ONCE)
@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
def test_replacing_what_is_written_once_is_refused(
    written: None, table: str, recursive_triggers: str
) -> None:
    with connection.cursor() as cursor:
        names = [field.name for field in connection.introspection.get_table_description(cursor, table)]
        cursor.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    columns = ", ".join(names)

    assert refused(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608


@only_sqlite
def test_replacing_a_day_of_a_calendar_by_its_version_and_date_is_refused() -> None:
    assert refused(
        "INSERT OR REPLACE INTO core_calendarday (version_id, day, kind, name, is_provisional)"
        " SELECT version_id, day, 'make_up', 'forged', is_provisional FROM core_calendarday"
    )


@only_postgresql
@pytest.mark.parametrize("table", [*ONCE, "core_rulevalue"])
def test_truncating_is_refused(written: None, table: str) -> None:
    assert refused(f"TRUNCATE {table} CASCADE")


@only_postgresql
def test_switching_triggers_off_for_a_session_is_of_no_use(value: RuleValue) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")

    assert refused(f"UPDATE core_rulevalue SET value = '6' WHERE id = {value.pk}")  # noqa: S608


def test_a_next_version_and_a_next_day_are_still_written() -> None:
    version = CalendarVersion.objects.create(
        number=99, first_year=2024, last_year=2024, sha256="0" * 64, published_at=AT
    )
    CalendarDay.objects.create(version=version, day=JANUARY, kind="holiday", name="X")

    assert CalendarDay.objects.filter(version=version).count() == 1


# A guard that is missing


GUARDED = [*ONCE, "core_rulevalue", "core_localrule", "core_ruleset"]


@pytest.mark.parametrize("table", GUARDED)
def test_missing_guards_of_a_table_are_reported_and_put_back(table: str) -> None:
    expected = {trigger.name for trigger in triggers.triggers(connection.vendor) if trigger.table == table}
    assert written_once_is_protected(None, ["default"]) == []
    drop_triggers(connection, table=table)

    absent = {trigger.name for trigger in triggers.missing(connection)}
    errors = written_once_is_protected(None, ["default"])
    triggers.install(connection)

    assert absent == expected != set()
    assert {error.id for error in errors} == {"core.W001"}
    assert all(any(name in error.msg for error in errors) for name in expected)
    assert triggers.missing(connection) == []


def test_overlaps_are_refused_again_once_the_guard_is_back(value: RuleValue) -> None:
    connection.check_constraints()
    drop_triggers(connection, table="core_rulevalue")

    triggers.install(connection)

    assert overlaps(insert(value, APRIL.replace(day=2), None))
    assert refused(f"DELETE FROM core_rulevalue WHERE id = {value.pk}")  # noqa: S608


def test_every_table_with_periods_has_its_exclusion() -> None:
    names = {trigger.name for trigger in triggers.triggers(connection.vendor)}
    suffixes = ("_insert", "_update") if connection.vendor == "sqlite" else ("",)

    assert {
        f"{table}_no_overlap{suffix}"
        for table in ("core_rulevalue", "core_localrule", "core_ruleset")
        for suffix in suffixes
    } <= names


@only_postgresql
def test_a_check_under_the_name_of_the_exclusion_constraint_is_no_guard() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_rulevalue DROP CONSTRAINT core_rulevalue_no_overlap")
        cursor.execute("ALTER TABLE core_rulevalue ADD CONSTRAINT core_rulevalue_no_overlap CHECK (id > 0)")

    assert "core_rulevalue_no_overlap" in {trigger.name for trigger in triggers.missing(connection)}


@pytest.mark.django_db(transaction=True)
def test_migrating_restores_the_guards_that_a_rebuilt_table_lost() -> None:
    drop_triggers(connection, table="core_rulevalue")
    assert triggers.missing(connection)

    call_command("migrate", verbosity=0, skip_checks=False, stderr=StringIO())

    assert triggers.missing(connection) == []
