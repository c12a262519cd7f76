"""Reference data: the rows of the fixture files, written by natural key. Nothing is deleted here."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.utils.translation import gettext as _

from core.enums import Codename, RecipientPart, Role
from core.errors import Invalid
from core.models import Agency, DirectoryEntry, PressAgency, Succession, Topic

M = TypeVar("M", bound=models.Model)
Row = Mapping[str, Any]
PERIOD = ("valid_from", "valid_until")
AGENCY_FIELDS = (
    "name",
    "short_name",
    "symbol",
    "kind",
    "province",
    "note",
    "place_name",
    "address",
    "phone",
    "mailbox",
    "portal",
    "numbering",
    "follow_up_days",
    "may_withhold",
    *PERIOD,
)
PRESS_FIELDS = ("name", "kind", "governing_body", "domains", "note", *PERIOD)
TOPIC_FIELDS = ("title", "title_en", "instrument", "note", *PERIOD)


class Change(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Tally:
    """What happened to the rows of one kind."""

    kind: str
    changes: Counter[Change]

    def __str__(self) -> str:
        return f"{self.kind}: " + ", ".join(f"{self.changes[change]} {change}" for change in Change)


@transaction.atomic
def load(folder: Path) -> list[Tally]:
    """Write every reference file of the folder, or none of them."""
    return [
        load_agencies(read_rows(folder / "agencies.json")),
        _load_successions(read_rows(folder / "successions.json")),
        load_press_agencies(read_rows(folder / "press_agencies.json")),
        _load_topics(read_rows(folder / "topics.json")),
        _load_roles(read_rows(folder / "roles.json")),
        load_directory(read_rows(folder / "directory.json")),
    ]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a fixture file in composed form; the first object may be a note to the reader."""
    try:
        rows = json.loads(unicodedata.normalize("NFC", path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise unusable(path.name, str(error)) from error
    return [row for row in rows if "_note" not in row]


def unusable(name: str, why: str) -> Invalid:
    return Invalid(
        _("%(name)s cannot be used: %(why)s. Nothing was loaded. Correct it and load again.")
        % {"name": name, "why": why}
    )


def upsert(model: type[M], *, key: Row, values: Row) -> tuple[M, Change]:
    """Write one row under its natural key; an equal row is left alone."""
    row = model._default_manager.filter(**key).first()
    if row is None:
        return model._default_manager.create(**key, **values), Change.CREATED
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row, Change.UNCHANGED
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=changed)
    return row, Change.UPDATED


def column_values(model: type[models.Model], row: Row, names: Iterable[str]) -> dict[str, Any]:
    """The columns the row states, in the types of the model. What it does not state stays as it is."""
    return {name: _column_value(model, name, row[name]) for name in names if name in row}


def _column_value(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    if value is None and not field.null:
        return field.get_default()
    return field.to_python(value)


def by_code(model: type[M], code: str) -> M:
    found = model._default_manager.filter(code=code).first()
    if found is None:
        raise unusable(code, _("no such code was loaded before it"))
    return found


def load_agencies(rows: Iterable[Row], *, is_demo: bool = False) -> Tally:
    """Agencies, superior bodies before their subordinates."""
    return Tally("agencies", Counter(_load_agency(row, is_demo=is_demo) for row in rows))


def _load_agency(row: Row, *, is_demo: bool) -> Change:
    parent = by_code(Agency, row["parent"]) if row["parent"] else None
    values = {**column_values(Agency, row, AGENCY_FIELDS), "parent": parent, "is_demo": is_demo}
    return upsert(Agency, key={"code": row["code"]}, values=values)[1]


def _load_successions(rows: Iterable[Row]) -> Tally:
    return Tally("successions", Counter(map(_load_succession, rows)))


def _load_succession(row: Row) -> Change:
    key = {
        "predecessor": by_code(Agency, row["predecessor"]),
        "successor": by_code(Agency, row["successor"]),
        "field": row["field"],
    }
    return upsert(Succession, key=key, values=column_values(Succession, row, ["on"]))[1]


def load_directory(rows: Iterable[Row]) -> Tally:
    """Entries of the directory. Which body one names is superseded by a later entry, never overwritten."""
    return Tally("directory", Counter(map(_load_entry, rows)))


def _load_entry(row: Row) -> Change:
    recipient = by_code(Agency, row["recipient"])
    values = column_values(DirectoryEntry, row, ["note", *PERIOD])
    key = {
        "part": RecipientPart(row["part"]).value,
        "agency": by_code(Agency, row["agency"]) if row["agency"] else None,
        "province": row["province"] or "",
        "valid_from": values.pop("valid_from"),
    }
    known = DirectoryEntry.objects.filter(**_null_as_such(key)).first()
    if known is None:
        DirectoryEntry.objects.create(**key, **values, recipient=recipient)
        return Change.CREATED
    if known.recipient_id != recipient.pk:
        raise unusable(
            str(known), _("whom an entry names is settled; supersede it with one from a later day")
        )
    # An end that an administrator set holds; only another end is a contradiction.
    if known.valid_until is not None and values.pop("valid_until") not in (None, known.valid_until):
        raise unusable(str(known), _("its end is already set; it is not moved"))
    return upsert(DirectoryEntry, key={"pk": known.pk}, values=values)[1]


def _null_as_such(key: Row) -> dict[str, Any]:
    return {
        f"{name}__isnull" if value is None else name: value is None or value for name, value in key.items()
    }


def load_press_agencies(rows: Iterable[Row]) -> Tally:
    return Tally("press agencies", Counter(_load_by_code(PressAgency, row, PRESS_FIELDS) for row in rows))


def _load_topics(rows: Iterable[Row]) -> Tally:
    return Tally("topics", Counter(_load_by_code(Topic, row, TOPIC_FIELDS) for row in rows))


def _load_by_code(model: type[models.Model], row: Row, names: Iterable[str]) -> Change:
    return upsert(model, key={"code": row["code"]}, values=column_values(model, row, names))[1]


def _load_roles(rows: Iterable[Row]) -> Tally:
    return Tally("roles", Counter(map(_load_role, rows)))


def _load_role(row: Row) -> Change:
    """A role is a group that carries codenames; whoever holds it, and where, is another row."""
    group, change = upsert(Group, key={"name": Role(row["code"]).value}, values={})
    wanted = {Codename(code).value for code in row["permissions"]}
    if set(group.permissions.values_list("codename", flat=True)) == wanted:
        return change
    rights = Permission.objects.filter(
        content_type__app_label="core", content_type__model="case", codename__in=wanted
    )
    group.permissions.set(rights)
    return change if change == Change.CREATED else Change.UPDATED
