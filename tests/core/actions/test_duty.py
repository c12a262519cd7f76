from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.actions import duty
from core.actions.duty import Shift
from core.enums import DutyKind
from core.errors import DomainError, Invalid, NotAllowedNow, NotFound
from core.models import DutyShift, Person, TrailEntry
from core.permissions import MissingRole
from core.queries import directory
from tests.desk import at
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db
NOW = at("2026-08-10T15:00")
EVENING, MORNING = at("2026-08-10T17:00"), at("2026-08-11T07:30")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def night(person: Person, **given: Any) -> Shift:
    facts: dict[str, Any] = {
        "kind": DutyKind.OFFICER,
        "person": person,
        "starts_at": EVENING,
        "ends_at": MORNING,
    }
    return Shift(**{**facts, **given})


def recorded(cast: Cast, shift: Shift, *, now: datetime = NOW) -> list[DutyShift]:
    return duty.record(agency=cast.agency, shift=shift, by=cast.chief, at=now)


def test_a_shift_is_recorded_and_stands_in_the_trail_without_the_number(cast: Cast) -> None:
    (row,) = recorded(cast, night(cast.specialist, phone=" 0000  000 199 "))

    assert (row.person, row.starts_at, row.ends_at, row.phone) == (
        cast.specialist, EVENING, MORNING, "0000 000 199",
    )  # fmt: skip
    entry = TrailEntry.objects.get(type="duty.recorded")
    assert (entry.stream, entry.agency_code, entry.actor_id) == ("global", cast.agency.code, cast.chief.pk)
    assert "0000 000 199" not in str(entry.data)


def test_a_row_of_nights_is_one_shift_for_each_day_at_the_same_hours(cast: Cast) -> None:
    rows = recorded(cast, night(cast.specialist, in_a_row=3))

    assert [row.starts_at for row in rows] == [EVENING + timedelta(days=number) for number in range(3)]
    assert [row.ends_at for row in rows] == [MORNING + timedelta(days=number) for number in range(3)]


def test_shifts_may_overlap_and_both_are_on_duty(cast: Cast) -> None:
    recorded(cast, night(cast.specialist))
    recorded(cast, night(cast.clerk, starts_at=EVENING + timedelta(hours=2)))

    both = directory.duty_people(DutyKind.OFFICER, agency=cast.agency, at=EVENING + timedelta(hours=3))

    assert set(both) == {cast.specialist, cast.clerk}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": EVENING}, "ends_at"),
        ({"starts_at": NOW - timedelta(hours=9), "ends_at": NOW}, "ends_at"),
        ({"ends_at": EVENING + timedelta(days=7, minutes=1)}, "ends_at"),
        ({"in_a_row": 0}, "in_a_row"),
        ({"in_a_row": 32}, "in_a_row"),
        ({"in_a_row": 2, "ends_at": EVENING + timedelta(hours=24, minutes=1)}, "in_a_row"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_at_its_field_and_nothing_is_recorded(
    cast: Cast, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid, match="what you typed is kept") as refused:
        recorded(cast, replace(night(cast.specialist), **given))

    assert list(refused.value.fields) == [field]
    assert not DutyShift.objects.exists()


def test_only_people_of_the_agency_with_an_open_account_are_put_on_duty(cast: Cast) -> None:
    Person.objects.filter(pk=cast.clerk.pk).update(is_active=False)

    for person in (cast.stranger, cast.auditor, cast.clerk):
        with pytest.raises(Invalid, match="no open account"):
            recorded(cast, night(person))


def test_a_shift_is_removed_as_long_as_it_has_not_begun(cast: Cast) -> None:
    (row,) = recorded(cast, night(cast.specialist))

    with pytest.raises(NotAllowedNow, match="has begun"):
        duty.remove(shift_id=row.pk, by=cast.chief, at=EVENING)
    duty.remove(shift_id=row.pk, by=cast.chief, at=EVENING - timedelta(seconds=1))

    assert not DutyShift.objects.exists()
    assert TrailEntry.objects.filter(type="duty.removed", object_id=row.pk).exists()
    with pytest.raises(NotFound, match="removed meanwhile"):
        duty.remove(shift_id=row.pk, by=cast.chief, at=NOW)


def test_who_keeps_no_roster_changes_none(cast: Cast) -> None:
    (row,) = recorded(cast, night(cast.specialist))

    for act in (
        lambda: duty.record(agency=cast.agency, shift=night(cast.specialist), by=cast.specialist, at=NOW),
        lambda: duty.remove(shift_id=row.pk, by=cast.specialist, at=NOW),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert isinstance(refused.value, MissingRole)

    assert list(DutyShift.objects.all()) == [row]
