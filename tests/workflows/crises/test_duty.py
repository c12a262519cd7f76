"""The page of the duty roster: who is on duty, two weeks of it, and its keeping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import duty
from core.actions.duty import Shift
from core.enums import DutyKind
from core.models import DutyShift, Person
from tests.desk import at
from tests.walk import Cast, make_cast

NOW = at("2026-08-10T19:00")
TYPED = {
    "kind": "duty_officer", "starts_at": "2026-08-10T17:00", "ends_at": "2026-08-11T07:30", "in_a_row": "1",
    "phone": "0000 000 199", "token": "",
}  # fmt: skip


@pytest.fixture
def cast(db: None, set_clock: Callable[[datetime], None]) -> Cast:
    set_clock(NOW)
    return make_cast()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, *args: object, status: int = 200) -> str:
    response = signed_in(person).get(reverse("duty_roster_of" if args else "duty_roster", args=args))
    assert response.status_code == status
    return response.content.decode()


def add(cast: Cast, by: Person, **given: object) -> HttpResponse:
    data = {
        **TYPED,
        "on_duty": str(cast.specialist.pk),
        **{name: str(value) for name, value in given.items()},
    }
    response = signed_in(by).post(reverse("duty_roster"), data)
    assert isinstance(response, HttpResponse)
    return response


def shift(cast: Cast, person: Person, hours: float, *, length: float = 12) -> DutyShift:
    """One that begins so many hours from now."""
    starts_at = NOW + timedelta(hours=hours)
    given = Shift(
        kind=DutyKind.OFFICER, person=person, starts_at=starts_at, ends_at=starts_at + timedelta(hours=length)
    )
    return duty.record(agency=cast.agency, shift=given, by=cast.chief, at=NOW)[0]


def test_whoever_works_in_the_agency_reads_who_is_on_duty_now_and_how_to_phone(cast: Cast) -> None:
    assert "Nobody is on duty at this hour" in page(cast.specialist)
    add(cast, cast.chief)

    seen = page(cast.specialist)

    assert cast.specialist.full_name in seen
    assert "tel:0000000199" in seen
    assert "Nobody is on duty at this hour" not in seen


def test_a_row_of_nights_is_entered_at_once_and_a_form_sent_twice_once(cast: Cast) -> None:
    token = "6f1c1d0e-6f0e-4a57-9d0b-0a6b6d3c9a11"

    codes = [add(cast, cast.clerk, in_a_row=5, token=token).status_code for _twice in range(2)]

    assert codes == [302, 302]
    assert DutyShift.objects.count() == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ends_at": "2026-08-10T17:00"}, "The end must come after the start."),
        ({"ends_at": "2026-08-10T18:00"}, "already over"),
        ({"in_a_row": "99"}, "less than or equal to 31"),
        ({"on_duty": "abc"}, "no open account here"),
        ({"starts_at": "morgen"}, "Enter a valid date/time."),
        ({"kind": "sleep"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_is_kept(
    cast: Cast, given: dict[str, str], said: str
) -> None:
    response = add(cast, cast.chief, **given)

    shown = response.content.decode()
    assert response.status_code == 422
    assert said in shown
    assert "0000 000 199" in shown
    assert not DutyShift.objects.exists()


def test_a_person_of_another_agency_or_with_a_closed_account_is_not_offered(cast: Cast) -> None:
    Person.objects.filter(pk=cast.colleague.pk).update(is_active=False)

    for person in (cast.stranger, cast.colleague):
        assert add(cast, cast.chief, on_duty=person.pk).status_code == 422
        assert f'value="{person.pk}"' not in page(cast.chief)


def test_an_overlap_is_allowed_and_shown(cast: Cast) -> None:
    shift(cast, cast.specialist, 1)
    shift(cast, cast.clerk, 2)

    seen = page(cast.chief)

    assert f"At the same time as {cast.clerk.full_name}" in seen
    assert f"At the same time as {cast.specialist.full_name}" in seen


def test_a_shift_to_come_is_taken_off_and_one_that_has_begun_offers_no_button(cast: Cast) -> None:
    now, later = shift(cast, cast.specialist, -1), shift(cast, cast.clerk, 24)
    seen = page(cast.chief)
    assert reverse("duty_remove", args=[later.pk]) in seen
    assert reverse("duty_remove", args=[now.pk]) not in seen

    codes = [
        signed_in(cast.chief).post(reverse("duty_remove", args=[row.pk])).status_code
        for row in (later, now, later)
    ]

    assert codes == [302, 409, 404]
    assert list(DutyShift.objects.all()) == [now]


def test_who_keeps_no_roster_reads_why_and_changes_nothing(cast: Cast) -> None:
    later = shift(cast, cast.clerk, 24)
    seen = page(cast.specialist)
    assert "Your roles at" in seen
    assert reverse("duty_remove", args=[later.pk]) not in seen

    assert add(cast, cast.specialist).status_code == 403
    assert signed_in(cast.specialist).post(reverse("duty_remove", args=[later.pk])).status_code == 403
    assert list(DutyShift.objects.all()) == [later]


def test_another_agencys_roster_is_not_found_and_who_works_in_two_chooses(cast: Cast) -> None:
    other = make_cast(code="SNV-Y")
    shift(cast, cast.specialist, 1)

    for code in ("SNV-Y", "NOWHERE"):
        assert "There is no such roster" in page(cast.chief, code, status=404)
    page(other.chief, other.agency.code)
    foreign = signed_in(other.chief).post(reverse("duty_remove", args=[DutyShift.objects.get().pk]))
    assert foreign.status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_roster(cast: Cast) -> None:
    counts = []
    for number in (1, 12):
        for each in range(number):
            shift(cast, cast.specialist, each * 24 + number)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(cast.chief)
        counts.append(len(captured))

    assert counts[0] == counts[1]
