from __future__ import annotations

from datetime import date, datetime

import pytest

from core.clock import ZONE
from core.enums import AgencyKind, DutyKind, RecipientPart
from core.errors import NotFound
from core.models import AgencyContact, DirectoryEntry, DutyShift, Succession
from core.queries import directory
from core.rules.directory import NoRecipient
from core.rules.organisation import EndedAgency
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 10)
PRESS = RecipientPart.PRESS_DEPARTMENT


def test_the_provincial_committee_is_the_superior_body() -> None:
    committee = make_agency(kind=AgencyKind.PROVINCIAL_COMMITTEE)
    ours = make_agency(parent=committee)

    found = directory.recipient_of(RecipientPart.PROVINCIAL_COMMITTEE, agency=ours, on=DAY)

    assert found == committee


def test_an_entry_for_the_agency_goes_before_one_for_its_province() -> None:
    ours, theirs, own = make_agency(province="38"), make_agency(), make_agency()
    DirectoryEntry.objects.create(part=PRESS, province="38", recipient=theirs)
    entry = DirectoryEntry.objects.create(part=PRESS, agency=ours, recipient=own, valid_until=DAY)

    assert directory.recipient_of(PRESS, agency=ours, on=date(2026, 8, 9)) == own
    assert directory.recipient_of(PRESS, agency=ours, on=DAY) == theirs
    assert entry.covers(date(2026, 8, 9))


@pytest.mark.parametrize("part", [PRESS, RecipientPart.PROVINCIAL_COMMITTEE])
def test_where_nobody_is_named_that_is_said_with_part_and_day(part: RecipientPart) -> None:
    with pytest.raises(NoRecipient, match="on 10/08/2026") as refused:
        directory.recipient_of(part, agency=make_agency(), on=DAY)

    assert isinstance(refused.value, NotFound)
    assert str(part.label) in str(refused.value)


def test_a_recipient_that_has_ended_is_refused_with_its_successors() -> None:
    ours, heir = make_agency(), make_agency(code="HEIR")
    ended = make_agency(code="OLD", valid_until=date(2025, 3, 1))
    DirectoryEntry.objects.create(part=PRESS, recipient=ended)
    Succession.objects.create(predecessor=ended, successor=heir, field="báo chí", on=date(2025, 3, 1))

    with pytest.raises(EndedAgency, match="Agency HEIR") as refused:
        directory.recipient_of(PRESS, agency=ours, on=date(2025, 3, 1))

    assert [row.agency for row in refused.value.heirs] == [heir]
    assert directory.recipient_of(PRESS, agency=ours, on=date(2025, 2, 28)) == ended


def test_contacts_come_in_the_order_of_trying_without_those_put_aside() -> None:
    agency = make_agency()
    rows = [
        ("second", 2, False, True),
        ("duty", 3, True, True),
        ("gone", 1, False, False),
        ("first", 1, False, True),
    ]
    for name, rank, is_duty, is_active in rows:
        AgencyContact.objects.create(
            agency=agency, name=name, rank=rank, phone="0000", is_duty=is_duty, is_active=is_active
        )

    assert [row.name for row in directory.contacts_of(agency)] == ["first", "second", "duty"]
    assert [row.name for row in directory.duty_numbers(agency)] == ["duty"]


@pytest.mark.parametrize(
    ("hour", "names"),
    [(18, []), (19, ["first"]), (22, ["first", "second"]), (23, ["second"])],
)
def test_on_duty_are_those_whose_shift_covers_the_hour(hour: int, names: list[str]) -> None:
    agency, other = make_agency(), make_agency()
    for name, first, last, where in (
        ("first", 19, 23, agency),
        ("second", 22, 24, agency),
        ("x", 0, 24, other),
    ):
        DutyShift.objects.create(
            agency=where, kind=DutyKind.OFFICER, person=make_person(username=name),
            starts_at=_at(first), ends_at=_at(last),
        )  # fmt: skip
    left = make_person(is_active=False)
    DutyShift.objects.create(
        agency=agency, kind=DutyKind.OFFICER, person=left, starts_at=_at(0), ends_at=_at(24)
    )

    people = directory.duty_people(DutyKind.OFFICER, agency=agency, at=_at(hour))

    assert [person.username for person in people] == names


def _at(hour: int) -> datetime:
    return datetime(2026, 8, 10 + hour // 24, hour % 24, tzinfo=ZONE)
