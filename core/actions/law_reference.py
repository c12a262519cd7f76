"""The law from the fixture files: instruments, provisions, rule sets and the values of rules.

Wording may be mended by loading again. A rule's value may not: the law is superseded, never overwritten.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.actions.reference import PERIOD, Change, Row, Tally, column_values, read_rows, unusable, upsert
from core.enums import AgencyKind, LimitUnit, PressKind, StartingEvent
from core.models import Instrument, Provision, RuleKey, RuleScope, RuleSet, RuleValue
from core.rules.deadlines import DATED

INSTRUMENT_FIELDS = ("title", "kind", "issuer", "issued", "mark", "note")
PROVISION_FIELDS = (
    "article",
    "clause",
    "point",
    "subject",
    "statement",
    "is_ground",
    "ground_kind",
    "mark",
    *PERIOD,
)
KEY_FIELDS = ("title", "title_en", "bound", "binds_agency")
_DATE_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
REMINDERS = ("remind_before_hours", "remind_after_hours")


def load(folder: Path) -> list[Tally]:
    """Write the law files of the folder. Raises Invalid, naming the row, for what cannot be law."""
    return [
        _tally("instruments", _load_instruments(read_rows(folder / "instruments.json"))),
        _tally("provisions", _load_provisions(read_rows(folder / "provisions.json"))),
        _tally("rule sets", _load_rule_sets(read_rows(folder / "rule_sets.json"))),
        _tally("rules", map(_load_key, read_rows(folder / "rule_keys.json"))),
        _tally("rule values", _load_values(read_rows(folder / "rule_values.json"))),
    ]


def _tally(kind: str, changes: Iterable[Change]) -> Tally:
    return Tally(kind, Counter(changes))


def _load_instruments(rows: Sequence[Row]) -> Iterator[Change]:
    for row in rows:
        _check_period(row["number"], row["in_force_from"], row["in_force_until"])
        period = {"valid_from": _day(row["in_force_from"]), "valid_until": _day(row["in_force_until"])}
        values = {**column_values(Instrument, row, INSTRUMENT_FIELDS), **period}
        yield upsert(Instrument, key={"number": row["number"]}, values=values)[1]
    for row in rows:
        if row["replaced_by"]:
            successor = _instrument(row["replaced_by"])
            upsert(Instrument, key={"number": row["number"]}, values={"replaced_by": successor})


def _instrument(number: str) -> Instrument:
    found = Instrument.objects.filter(number=number).first()
    if found is None:
        raise unusable(number, _("no such instrument was loaded before it"))
    return found


def _load_provisions(rows: Sequence[Row]) -> Iterator[Change]:
    instruments = Instrument.objects.in_bulk(field_name="number")
    held = Provision.objects.in_bulk(field_name="code")
    for row in rows:
        _check_period(row["code"], row["valid_from"], row["valid_until"])
        if row["instrument"] not in instruments:
            raise unusable(row["code"], _("no such instrument was loaded before it"))
        values = column_values(Provision, row, PROVISION_FIELDS)
        _check_not_rewritten(row["code"], held.get(row["code"]), values)
        yield upsert(
            Provision,
            key={"code": row["code"]},
            values={**values, "instrument": instruments[row["instrument"]]},
        )[1]
    loaded = Provision.objects.in_bulk(field_name="code")
    for row in rows:
        successor = loaded.get(row["successor"]) if row["successor"] else None
        if row["successor"] and successor is None:
            raise unusable(row["code"], _("its successor is not in the file"))
        provision = loaded[row["code"]]
        if provision.successor_id != (successor.pk if successor else None):
            provision.successor = successor
            provision.save(update_fields=["successor"])


def _check_not_rewritten(code: str, known: Provision | None, values: dict[str, Any]) -> None:
    """Wording may be mended; when a provision held, whether it is a ground and what it protects is law."""
    if known is None:
        return
    begins, ends = known.valid_from != values["valid_from"], known.valid_until != values["valid_until"]
    ground = (known.is_ground, known.ground_kind) != (values["is_ground"], values["ground_kind"])
    if begins or (ends and known.valid_until is not None) or ground:
        raise unusable(
            code,
            _(
                "when it held, whether it is a ground and what the ground protects is already law and not changed"
            ),
        )


def _load_rule_sets(rows: Sequence[Row]) -> Iterator[Change]:
    # In the order of time: an older one is ended before the next begins.
    yield from map(_load_rule_set, sorted(rows, key=lambda row: str(row["valid_from"])))


def _load_rule_set(row: Row) -> Change:
    _check_period(row["code"], row["valid_from"], row["valid_until"])
    others = RuleSet.objects.exclude(code=row["code"]).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=row["valid_from"])
    )
    if row["valid_until"]:
        others = others.filter(valid_from__lt=row["valid_until"])
    if others.exists():
        raise unusable(row["code"], _("its period overlaps another rule set"))
    values = column_values(RuleSet, row, ("title", *PERIOD))
    rule_set, change = upsert(RuleSet, key={"code": row["code"]}, values=values)
    rule_set.instruments.set([_instrument(number) for number in row["instruments"]])
    return change


def _load_key(row: Row) -> Change:
    """Reminders are the deployment's own once the row is there."""
    values = column_values(RuleKey, row, KEY_FIELDS)
    if not RuleKey.objects.filter(code=row["code"]).exists():
        values |= column_values(RuleKey, row, REMINDERS)
    return upsert(RuleKey, key={"code": row["code"]}, values=values)[1]


def _load_values(rows: Sequence[Row]) -> Iterator[Change]:
    keys = RuleKey.objects.in_bulk(field_name="code")
    provisions = Provision.objects.in_bulk(field_name="code")
    held = _held()
    # In the order of time: an older value is ended before the next begins.
    for row in sorted(rows, key=lambda row: str(row["valid_from"])):
        if row["key"] not in keys:
            raise unusable(row["key"], _("a value for a key that does not exist"))
        values = _checked(row, provisions)
        for agency_kind, press_kind in product(row["agency_kinds"], row["press_kinds"] or [""]):
            place = (
                keys[row["key"]].pk,
                AgencyKind(agency_kind),
                PressKind(press_kind) if press_kind else "",
            )
            if place not in held:
                scope = RuleScope(key_id=place[0], agency_kind=place[1], press_kind=place[2])
                scope.save()
                held[place] = Held(scope=scope, values=[])
            yield _load_value(held[place], row, values)


@dataclass
class Held:
    """A scope with the values it has, read once: the files name each many times."""

    scope: RuleScope
    values: list[RuleValue]


def _held() -> dict[tuple[int, str, str], Held]:
    scopes = RuleScope.objects.select_related("key").prefetch_related("values")
    return {
        (scope.key_id, scope.agency_kind, scope.press_kind): Held(
            scope=scope, values=list(scope.values.all())
        )
        for scope in scopes
    }


def _checked(row: Row, provisions: dict[str, Provision]) -> dict[str, Any]:
    """The columns of a value. Raises Invalid without a provision, with a reversed period or no limit."""
    name = f"{row['key']} {row['valid_from']}"
    provision = provisions.get(row.get("provision") or "")
    if provision is None:
        raise unusable(name, _("a rule rests on a provision, and none is given"))
    _check_period(name, row["valid_from"], row["valid_until"])
    unit = LimitUnit(row["unit"])
    if unit == LimitUnit.BEFORE_DATE and not _DATE_OF_YEAR.fullmatch(str(row["value"])):
        raise unusable(name, _("a date of the year is written as 12-20"))
    if unit in DATED and unit != LimitUnit.BEFORE_DATE and not isinstance(row["value"], int):
        raise unusable(name, _("a limit in hours or days has a whole number"))
    limit_from = provisions.get(row["limit_from"]) if row.get("limit_from") else None
    if row.get("limit_from") and limit_from is None:
        raise unusable(name, _("a rule rests on a provision, and none is given"))
    return {
        "value": row["value"],
        "unit": unit,
        "start": StartingEvent(row["start"]) if row["start"] else "",
        "provision": provision,
        "limit_from": limit_from,
        "note": row.get("note") or "",
    }


def _load_value(held: Held, row: Row, values: dict[str, Any]) -> Change:
    valid_from, valid_until = date.fromisoformat(row["valid_from"]), _day(row["valid_until"])
    known = next((value for value in held.values if value.valid_from == valid_from), None)
    if known is None:
        _check_free(held, valid_from, valid_until)
        created = RuleValue(scope=held.scope, valid_from=valid_from, valid_until=valid_until, **values)
        created.save()
        held.values.append(created)
        return Change.CREATED
    if any(getattr(known, name) != value for name, value in values.items()):
        raise unusable(
            str(held.scope),
            _("the value from that day is already law; supersede it with a new row from a later day"),
        )
    if known.valid_until == valid_until:
        return Change.UNCHANGED
    if known.valid_until is not None:
        raise unusable(str(held.scope), _("its end is already set; it is not moved"))
    known.valid_until = valid_until
    known.save(update_fields=["valid_until"])
    return Change.UPDATED


def _check_free(held: Held, valid_from: date, valid_until: date | None) -> None:
    for other in held.values:
        begins_before_the_end = valid_until is None or (other.valid_from or valid_from) < valid_until
        ends_after_the_start = other.valid_until is None or other.valid_until > valid_from
        if begins_before_the_end and ends_after_the_start:
            raise unusable(str(held.scope), _("its period overlaps another value of the same rule"))


def _check_period(name: str, valid_from: str | None, valid_until: str | None) -> None:
    if valid_from and valid_until and valid_until <= valid_from:
        raise unusable(name, _("its end lies before its beginning"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
