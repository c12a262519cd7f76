"""The fictional agencies and people of a demonstration. Their rows are marked and may be loaded again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import demo_directory, law, mandates, people
from core.actions.reference import (
    PERIOD,
    Change,
    Row,
    Tally,
    by_code,
    column_values,
    load_agencies,
    load_press_agencies,
    read_rows,
    unusable,
    upsert,
)
from core.enums import Capacity, LimitUnit, MandateKind, PostKind, Role, StartingEvent
from core.models import (
    Agency,
    Journalist,
    LocalRegulation,
    LocalRule,
    Mandate,
    Person,
    Post,
    PressAgency,
    RoleAssignment,
    SigningCapacity,
    Unit,
)
from core.queries import law as law_queries

PUBLISHED_AFTER = timedelta(hours=2)


@transaction.atomic
def load(folder: Path, *, password: str, at: datetime) -> list[Tally]:
    """Write the demonstration's agencies, press and people, or nothing. All accounts share the password."""
    agencies = read_rows(folder / "agencies.json")
    accounts = read_rows(folder / "people.json")
    hashed = _shared_hash(password)
    return [
        load_agencies(agencies, is_demo=True),
        _tally("units", (_load_unit(row["code"], unit) for row in agencies for unit in row["units"])),
        load_press_agencies(read_rows(folder / "press_agencies.json")),
        _tally("journalists", map(_load_journalist, read_rows(folder / "journalists.json"))),
        _tally("people", (_load_person(row, hashed=hashed) for row in accounts)),
        _tally("posts", (_load_post(*each, at=at) for each in _each(accounts, "posts"))),
        _tally("roles held", (_load_role(*each, at=at) for each in _each(accounts, "roles"))),
        _tally("mandates", (_load_mandate(*each, at=at) for each in _each(accounts, "standing_mandates"))),
        _tally(
            "capacities", (_load_capacity(*each, at=at) for each in _each(accounts, "signing_capacities"))
        ),
        _tally(
            "local rules",
            (
                _load_local_rule(row, rule, at=at)
                for row in read_rows(folder / "local_rules.json")
                for rule in row["rules"]
            ),
        ),
        *demo_directory.load(folder, at=at),
    ]


def _tally(kind: str, changes: Iterable[Change]) -> Tally:
    return Tally(kind, Counter(changes))


def _each(accounts: Iterable[Row], what: str) -> Iterable[tuple[Person, Row]]:
    for row in accounts:
        person = Person.objects.get(username=row["username"])
        yield from ((person, held) for held in row[what])


def _shared_hash(password: str) -> str:
    # One slow hash for all accounts, kept as long as the password does not change.
    known = Person.objects.filter(is_demo=True).values_list("password", flat=True).first()
    return known if known and check_password(password, known) else make_password(password)


def _load_unit(agency: str, row: Row) -> Change:
    key = {"agency": by_code(Agency, agency), "code": row["code"]}
    return upsert(Unit, key=key, values=column_values(Unit, row, ("name", "symbol", *PERIOD)))[1]


def _load_journalist(row: Row) -> Change:
    key = {"name": row["name"], "press_agency": by_code(PressAgency, row["press_agency"])}
    return upsert(Journalist, key=key, values=column_values(Journalist, row, ("email", "phone")))[1]


def _load_person(row: Row, *, hashed: str) -> Change:
    values = column_values(Person, row, ("full_name", "email", "phone"))
    administers = any(role["role"] == Role.ADMINISTRATOR for role in row["roles"])
    values |= {"password": hashed, "is_demo": True, "is_active": True, "is_staff": administers}
    if Person.objects.filter(username=row["username"], is_demo=False).exists():
        raise unusable(row["username"], _("the user name belongs to a real account"))
    return upsert(Person, key={"username": row["username"]}, values=values)[1]


def _place(row: Row) -> dict[str, Any]:
    agency = by_code(Agency, row["agency"])
    code = row.get("unit")
    return {"agency": agency, "unit": Unit.objects.get(agency=agency, code=code) if code else None}


def _period(row: Row) -> dict[str, Any]:
    return {name: datetime.fromisoformat(row[name]) if row.get(name) else None for name in PERIOD}


def _learned(period: dict[str, Any], *, at: datetime) -> datetime:
    # Fictional history was learned when it happened; else nobody could have spoken, as known then, before the loading.
    begun: datetime = period["valid_from"]
    return min(at, begun)


def _load_post(person: Person, row: Row, *, at: datetime) -> Change:
    place, period, kind = _place(row), _period(row), PostKind(row["kind"])
    at = _learned(period, at=at)
    same = Post.objects.filter(person=person, kind=kind, valid_from=period["valid_from"], **place)
    if same.exists():
        return Change.UNCHANGED
    people.appoint(person=person, kind=kind, title=row["title"], by=None, at=at, **place, **period)
    return Change.CREATED


def _load_role(person: Person, row: Row, *, at: datetime) -> Change:
    place, period, role = _place(row), _period(row), Group.objects.get(name=row["role"])
    at = _learned(period, at=at)
    same = RoleAssignment.objects.filter(person=person, group=role, valid_from=period["valid_from"], **place)
    if same.exists():
        return Change.UNCHANGED
    people.give_role(person=person, role=role, by=None, at=at, **place, **period)
    return Change.CREATED


def _load_mandate(person: Person, row: Row, *, at: datetime) -> Change:
    agency, number, period = by_code(Agency, row["agency"]), row["decision_number"], _period(row)
    same = Mandate.objects.filter(
        person=person, agency=agency, kind=MandateKind.STANDING, document_number=number
    )
    if same.exists():
        return Change.UNCHANGED
    published_at = period["valid_from"] + PUBLISHED_AFTER
    mandates.assign_standing_spokesperson(
        person=person,
        agency=agency,
        document_number=number,
        document_date=date.fromisoformat(row["decision_date"]),
        by=None,
        at=_learned(period, at=at),
        published_at=published_at if published_at <= at else None,
        **period,
    )
    return Change.CREATED


def _load_capacity(person: Person, row: Row, *, at: datetime) -> Change:
    agency, capacity, period = by_code(Agency, row["agency"]), Capacity(row["capacity"]), _period(row)
    same = SigningCapacity.objects.filter(
        person=person, agency=agency, capacity=capacity, valid_from=period["valid_from"]
    )
    if same.exists():
        return Change.UNCHANGED
    people.grant_capacity(
        person=person,
        agency=agency,
        capacity=capacity,
        authority_line=row["authority_line"],
        title_line=row["title_line"],
        document=row["document"],
        by=None,
        at=at,
        **period,
    )
    return Change.CREATED


def _load_local_rule(row: Row, rule: Row, *, at: datetime) -> Change:
    agency, key = by_code(Agency, row["agency"]), law_queries.rule_key(rule["key"])
    regulation = LocalRegulation.objects.filter(agency=agency, number=row["number"]).first()
    if regulation is None:
        regulation = law.record_regulation(
            agency=agency,
            number=row["number"],
            on=date.fromisoformat(row["date"]),
            title=row["title"],
            valid_from=date.fromisoformat(row["valid_from"]),
            by=None,
            at=at,
        )
    if LocalRule.objects.filter(regulation=regulation, key=key).exists():
        return Change.UNCHANGED
    given = law.NewLocalRule(
        key=key,
        value=rule["value"],
        unit=LimitUnit(rule["unit"]),
        start=StartingEvent(rule["start"]) if rule["start"] else None,
        article=rule["article"],
        statement=rule["statement"],
        valid_from=date.fromisoformat(row["valid_from"]),
    )
    law.record_local_rule(regulation=regulation, rule=given, by=None, at=at)
    return Change.CREATED
