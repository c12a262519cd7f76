from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.actions import directory
from core.enums import RecipientPart
from core.errors import Invalid, NotAllowedNow
from core.models import AgencyContact, DirectoryEntry, TrailEntry
from core.rules.organisation import EndedAgency
from tests.desk import at
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db
NOW = at("2026-08-10T08:00")


def entry(**given: Any) -> DirectoryEntry:
    facts: dict[str, Any] = {"part": RecipientPart.POLICE, "valid_from": date(2026, 7, 1), **given}
    return DirectoryEntry(**facts)


def test_an_entry_is_entered_and_ended_once_on_record() -> None:
    police, admin = make_agency(code="CA"), make_person()
    made = directory.enter(entry(recipient=police, province="38"), by=admin, at=NOW)

    directory.end(made, valid_until=date(2026, 9, 1), by=admin, at=NOW)

    with pytest.raises(NotAllowedNow, match="its end already"):
        directory.end(made, valid_until=date(2026, 10, 1), by=admin, at=NOW)
    made.refresh_from_db()
    assert made.valid_until == date(2026, 9, 1)
    told = TrailEntry.objects.filter(object_type="core.DirectoryEntry").order_by("seq")
    assert [(row.type, row.stream, row.data["recipient"]) for row in told] == [
        ("directory.entered", "global", "CA"), ("directory.ended", "global", "CA"),
    ]  # fmt: skip


def test_an_end_before_the_start_is_refused() -> None:
    made = directory.enter(entry(recipient=make_agency()), by=None, at=NOW)

    with pytest.raises(Invalid, match="after the start"):
        directory.end(made, valid_until=date(2026, 7, 1), by=None, at=NOW)


def test_one_circle_has_one_recipient_on_any_day() -> None:
    first = directory.enter(entry(recipient=make_agency(), province="38"), by=None, at=NOW)

    with pytest.raises(Invalid, match="already holds"):
        directory.enter(
            entry(recipient=make_agency(), province="38", valid_from=date(2026, 9, 1)), by=None, at=NOW
        )
    directory.enter(entry(recipient=make_agency(), province="40"), by=None, at=NOW)
    directory.end(first, valid_until=date(2026, 9, 1), by=None, at=NOW)
    directory.enter(
        entry(recipient=make_agency(), province="38", valid_from=date(2026, 9, 1)), by=None, at=NOW
    )

    assert DirectoryEntry.objects.count() == 3


def test_an_entry_for_an_agency_and_a_province_or_for_an_ended_body_is_refused() -> None:
    ended = make_agency(valid_until=date(2026, 7, 1))

    with pytest.raises(Invalid, match="not for both"):
        directory.enter(entry(recipient=make_agency(), agency=make_agency(), province="38"), by=None, at=NOW)
    with pytest.raises(EndedAgency):
        directory.enter(entry(recipient=ended), by=None, at=NOW)


def test_a_contact_is_put_aside_and_the_trail_tells_no_address() -> None:
    agency, admin = make_agency(), make_person()
    contact = directory.enter_contact(
        AgencyContact(agency=agency, name="Nguyễn Văn Thử (giả định)", email="truc@so.example"),
        by=admin,
        at=NOW,
    )

    for _twice in range(2):
        directory.close_contact(contact, by=admin, at=NOW)

    assert not AgencyContact.objects.get().is_active
    told = TrailEntry.objects.filter(object_type="core.AgencyContact").order_by("seq")
    assert [row.type for row in told] == ["contact.entered", "contact.closed"]
    assert "Thử" not in str([row.data for row in told])
    assert "truc" not in str([row.data for row in told])


def test_a_contact_without_address_and_number_is_refused() -> None:
    with pytest.raises(Invalid, match="phone number"):
        directory.enter_contact(AgencyContact(agency=make_agency(), name="x"), by=None, at=NOW)
