"""The duty roster: shifts recorded and, as long as they have not begun, removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import trail
from core.enums import Codename, DutyKind
from core.errors import Invalid, NotAllowedNow, NotFound
from core.models import Agency, DutyShift, Person
from core.queries import directory
from core.rules.text import clean_line

LONGEST = timedelta(days=7)
DAY = timedelta(days=1)
MOST_IN_A_ROW = 31


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Who is on which duty from when until when; `in_a_row` repeats it at the same hours on the days after."""

    kind: DutyKind
    person: Person
    starts_at: datetime
    ends_at: datetime
    phone: str = ""
    in_a_row: int = 1


@transaction.atomic
def record(*, agency: Agency, shift: Shift, by: Person | None, at: datetime) -> list[DutyShift]:
    """Put somebody of the agency on duty; shifts may overlap. Raises Invalid, MissingRole. The system needs no role."""
    if by is not None:
        permissions.check_role(by, Codename.KEEP_DUTY_ROSTER, agency=agency, at=at)
    _check(shift, agency=agency, at=at)
    phone = clean_line(shift.phone, limit=40)
    rows = []
    for starts_at, ends_at in _hours(shift):
        row = DutyShift.objects.create(
            agency=agency, kind=shift.kind, person=shift.person, starts_at=starts_at, ends_at=ends_at, phone=phone,
            recorded_by=by,
        )  # fmt: skip
        _record(events.DUTY_RECORDED, row, by=by, at=at)
        rows.append(row)
    return rows


def _hours(shift: Shift) -> Iterator[tuple[datetime, datetime]]:
    for number in range(shift.in_a_row):
        yield shift.starts_at + number * DAY, shift.ends_at + number * DAY


def _check(shift: Shift, *, agency: Agency, at: datetime) -> None:
    length = shift.ends_at - shift.starts_at
    if not directory.staff(agency, at=at).filter(pk=shift.person.pk).exists():
        raise _unusable(
            "person",
            _("%(person)s has no open account at %(agency)s, so no step could reach this person.")
            % {"person": shift.person.full_name, "agency": agency.name},
        )
    if length <= timedelta():
        raise _unusable("ends_at", _("The end must come after the start."))
    if shift.ends_at <= at:
        raise _unusable("ends_at", _("This shift is already over."))
    if length > LONGEST:
        raise _unusable("ends_at", _("A shift lasts a week at most."))
    if not 1 <= shift.in_a_row <= MOST_IN_A_ROW:
        raise _unusable("in_a_row", _("From 1 to 31 days in a row."))
    if shift.in_a_row > 1 and length > DAY:
        raise _unusable("in_a_row", _("Only a shift of a day at most is repeated on the days after."))


def _unusable(field: str, why: str) -> Invalid:
    return Invalid(
        _("%(why)s Nothing was recorded; what you typed is kept.") % {"why": why}, fields={field: why}
    )


@transaction.atomic
def remove(*, shift_id: int, by: Person, at: datetime) -> None:
    """Take a shift that has not begun off the roster. Raises NotFound, MissingRole, NotAllowedNow."""
    rows = DutyShift.objects.select_for_update(of=("self",), no_key=True).select_related("agency", "person")
    row = rows.filter(pk=shift_id).first()
    if row is None:
        raise NotFound(_("There is no such shift, or it was removed meanwhile."))
    permissions.check_role(by, Codename.KEEP_DUTY_ROSTER, agency=row.agency, at=at)
    if row.starts_at <= at:
        raise NotAllowedNow(
            _(
                "This shift has begun; it stays on the roster. Record whoever takes over as a shift of its own."
            )
        )
    _record(events.DUTY_REMOVED, row, by=by, at=at)
    row.delete()


def _record(event: events.Event, row: DutyShift, *, by: Person | None, at: datetime) -> None:
    data: dict[str, trail.Value] = {
        "shift": row.pk,
        "person": row.person_id,
        "person_name": row.person.full_name,
        "kind": DutyKind(row.kind).value,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }
    trail.record(event, case=None, by=by, at=at, subject=row, data=data)
