"""What an administrator enters for crises: directory, contacts, the agency's own numbers; each on record."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.enums import AgencyKind, RecipientPart
from core.models import AgencyContact, DirectoryEntry, Person, TrailEntry
from tests.factories import make_agency
from tests.walk import Cast, make_cast
from workflows.crisis.models import CrisisSetting

pytestmark = pytest.mark.django_db
SETTING = {
    "rung_minutes": "10", "repeat_minutes": "45", "link_hours": "24", "office_opens": "07:00", "office_closes": "16:30",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Person.objects.filter(pk=made.administrator.pk).update(is_staff=True)
    return made


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.administrator)
    return client


def types() -> list[str]:
    rows = TrailEntry.objects.filter(object_type__in=["core.DirectoryEntry", "core.AgencyContact"])
    return list(rows.order_by("pk").values_list("type", flat=True))


def entry_form(cast: Cast, body: int, **given: str) -> dict[str, str]:
    form = {"part": RecipientPart.POLICE.value, "agency": str(cast.agency.pk), "recipient": str(body)}
    return {**form, "valid_from": "2026-07-01", "valid_until": "", "note": "", "province": "", **given}


def test_an_entry_of_the_own_agency_is_entered_and_ended_and_nothing_else_of_it_changes(
    cast: Cast, client: Client
) -> None:
    police = make_agency(kind=AgencyKind.BRANCH)
    form = entry_form(cast, police.pk)
    assert client.post(reverse("admin:core_directoryentry_add"), form).status_code == 302
    made = DirectoryEntry.objects.get()

    change = {"valid_until": "2026-09-01", "part": "neighbour"}
    response = client.post(reverse("admin:core_directoryentry_change", args=[made.pk]), change)

    made.refresh_from_db()
    assert (response.status_code, made.part, str(made.valid_until)) == (302, "police", "2026-09-01")
    assert types() == ["directory.entered", "directory.ended"]


@pytest.mark.parametrize("given", [{"agency": ""}, {"recipient": ""}, {"valid_until": "2026-06-01"}])
def test_what_the_act_would_refuse_is_said_in_the_form(
    cast: Cast, client: Client, given: dict[str, str]
) -> None:
    form = entry_form(cast, make_agency().pk, **given)

    assert client.post(reverse("admin:core_directoryentry_add"), form).status_code == 200
    assert not DirectoryEntry.objects.exists()


def test_a_second_entry_for_the_same_days_is_refused_in_the_form(cast: Cast, client: Client) -> None:
    form = entry_form(cast, make_agency().pk)
    client.post(reverse("admin:core_directoryentry_add"), form)

    again = client.post(reverse("admin:core_directoryentry_add"), form)

    assert "already holds on some of these days" in again.content.decode()
    assert DirectoryEntry.objects.count() == 1


def test_an_administrator_enters_nothing_for_a_province_and_a_superuser_does(
    cast: Cast, client: Client
) -> None:
    form = entry_form(cast, make_agency().pk, province="38")
    client.post(reverse("admin:core_directoryentry_add"), form)
    root = Client()
    root.force_login(Person.objects.create_superuser("root", "x", full_name="Root"))
    root.post(reverse("admin:core_directoryentry_add"), form | {"agency": ""})

    rows = DirectoryEntry.objects.order_by("pk")
    assert [(row.agency, row.province) for row in rows] == [(cast.agency, ""), (None, "38")]


def test_contacts_are_kept_for_the_own_agency_and_for_bodies_without_accounts_here(
    cast: Cast, client: Client
) -> None:
    ministry, served = make_agency(kind=AgencyKind.MINISTRY), make_cast(code="SNV-Y").agency
    form = {"rank": "1", "name": "Trực (giả định)", "phone": "0000 000 111", "email": "", "post": ""}
    address = reverse("admin:core_agencycontact_add")

    codes = [
        client.post(address, form | {"agency": row.pk}).status_code for row in (cast.agency, ministry, served)
    ]
    contact = AgencyContact.objects.get(agency=ministry)
    change = reverse("admin:core_agencycontact_change", args=[contact.pk])
    client.post(change, {"name": "Đổi tên"})

    contact.refresh_from_db()
    assert codes == [302, 302, 200]
    assert (contact.name, contact.is_active) == ("Trực (giả định)", False)
    assert types() == ["contact.entered", "contact.entered", "contact.closed"]


def test_the_numbers_of_the_agency_are_set_on_record_and_what_cannot_be_is_refused(
    cast: Cast, client: Client
) -> None:
    address = reverse("admin:workflows_crisissetting_add")

    nought = client.post(address, SETTING | {"agency": cast.agency.pk, "rung_minutes": "0"})
    backwards = client.post(address, SETTING | {"agency": cast.agency.pk, "office_closes": "07:00"})
    kept = client.post(address, SETTING | {"agency": cast.agency.pk})

    assert (nought.status_code, backwards.status_code, kept.status_code) == (200, 200, 302)
    assert list(backwards.context["adminform"].form.errors) == ["office_closes"]
    assert CrisisSetting.objects.get().rung_minutes == 10
    entry = TrailEntry.objects.get(type="crisis_setting.changed")
    assert (entry.agency_code, entry.data["office_opens"], entry.data["office_closes"]) == (
        cast.agency.code, "07:00", "16:30",
    )  # fmt: skip


@pytest.mark.parametrize("page", ["core_directoryentry", "core_agencycontact", "workflows_crisissetting"])
def test_its_pages_open_for_an_administrator_and_nobody_else(cast: Cast, client: Client, page: str) -> None:
    other = Client()
    other.force_login(cast.chief)

    for name in ("changelist", "add"):
        address = reverse(f"admin:{page}_{name}")
        assert client.get(address).status_code == 200
        assert other.get(address).status_code == 302
