"""The fictional directory, contacts and duty roster of a demonstration; they may be loaded again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from core import clock
from core.actions import directory, duty
from core.actions.reference import Change, Row, Tally, by_code, column_values, load_directory, read_rows
from core.enums import DutyKind
from core.models import Agency, AgencyContact, DutyShift, Person
from core.rules.calendar import DAY
from core.rules.deadlines import local_day

CONTACT_FIELDS = ("rank", "name", "post", "email", "phone", "is_duty")


def load(folder: Path, *, at: datetime) -> list[Tally]:
    """Write entries, contacts and the shifts around the instant; what is there already stays."""
    shifts = (
        _load_shift(row, starts_at, at=at)
        for row in read_rows(folder / "duty.json")
        for starts_at in _beginnings(row, at=at)
    )
    return [
        load_directory(read_rows(folder / "directory.json")),
        _tally("contacts", (_load_contact(row, at=at) for row in read_rows(folder / "contacts.json"))),
        _tally("duty shifts", shifts),
    ]


def _tally(kind: str, changes: Iterable[Change]) -> Tally:
    return Tally(kind, Counter(changes))


def _load_contact(row: Row, *, at: datetime) -> Change:
    agency = by_code(Agency, row["agency"])
    if AgencyContact.objects.filter(agency=agency, rank=row["rank"], email=row["email"]).exists():
        return Change.UNCHANGED
    contact = AgencyContact(agency=agency, **column_values(AgencyContact, row, CONTACT_FIELDS))
    directory.enter_contact(contact, by=None, at=at)
    return Change.CREATED


def _beginnings(row: Row, *, at: datetime) -> Iterator[datetime]:
    begins = time.fromisoformat(row["begins"])
    for number in range(-row["days_before"], row["days_after"] + 1):
        yield datetime.combine(local_day(at) + number * DAY, begins, clock.ZONE)


def _load_shift(row: Row, starts_at: datetime, *, at: datetime) -> Change:
    """The people of a row take turns by the day, so that another loading gives the same person the same day."""
    agency, kind = by_code(Agency, row["agency"]), DutyKind(row["kind"])
    if DutyShift.objects.filter(agency=agency, kind=kind, starts_at=starts_at).exists():
        return Change.UNCHANGED
    turn = local_day(starts_at).toordinal() % len(row["people"])
    shift = duty.Shift(
        kind=kind, person=Person.objects.get(username=row["people"][turn]), starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=row["minutes"]), phone=row["phone"],
    )  # fmt: skip
    duty.record(agency=agency, shift=shift, by=None, at=min(at, starts_at))
    return Change.CREATED
