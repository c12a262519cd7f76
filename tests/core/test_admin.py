"""The administration site: who holds what, granted and ended on record, and no content of any case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from core.enums import MandateKind, PostKind, Role
from core.models import (
    Agency,
    Attachment,
    Case,
    IncomingMail,
    Inquiry,
    Mandate,
    OutgoingMail,
    Person,
    Post,
    Question,
    RoleAssignment,
    Statement,
    TrailEntry,
)
from tests import factories
from tests.walk import SINCE, Cast, make_cast

pytestmark = pytest.mark.django_db

UNTIL = {"valid_until_0": "", "valid_until_1": ""}


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    made.administrator.is_staff = True
    made.administrator.save()
    return made


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.administrator)
    return client


def recorded(code: str) -> TrailEntry:
    return TrailEntry.objects.filter(type=code).latest("seq")


def test_nothing_that_holds_the_content_of_a_case_is_administered() -> None:
    content = {Case, Inquiry, Question, Attachment, IncomingMail, OutgoingMail, Statement, TrailEntry}

    assert content.isdisjoint(admin.site._registry)


def test_a_post_is_given_on_record_and_makes_its_head_speak(cast: Cast, client: Client) -> None:
    newcomer = factories.make_person(username="newcomer")
    form = {
        "person": newcomer.pk, "agency": cast.agency.pk, "unit": "", "kind": PostKind.ACTING_HEAD,
        "title": "Quyền Giám đốc", "valid_from_0": "2026-07-20", "valid_from_1": "08:00:00", **UNTIL,
    }  # fmt: skip

    response = client.post(reverse("admin:core_post_add"), form)

    assert response.status_code == 302
    post = Post.objects.get(person=newcomer)
    assert Mandate.objects.get(post=post).kind == MandateKind.EX_OFFICIO
    assert recorded("person.appointed").actor_name == cast.administrator.full_name


def test_an_ended_post_ends_its_mandate_on_record_and_nothing_else_of_it_can_be_changed(
    cast: Cast, client: Client
) -> None:
    post = Post.objects.get(person=cast.head)
    form = {"title": "Somebody else", "valid_until_0": "2026-08-01", "valid_until_1": "00:00:00"}

    response = client.post(reverse("admin:core_post_change", args=[post.pk]), form)

    assert response.status_code == 302
    post.refresh_from_db()
    assert post.title == "Giám đốc Sở"
    assert post.valid_until is not None
    assert Mandate.objects.get(post=post).valid_until == post.valid_until
    assert recorded("person.post_ended").actor_name == cast.administrator.full_name


def test_a_role_is_given_and_ended_on_record(cast: Cast, client: Client) -> None:
    role = Group.objects.get(name=Role.CLERK)
    form = {
        "person": cast.legal.pk, "group": role.pk, "agency": cast.agency.pk, "unit": "",
        "valid_from_0": "2026-07-20", "valid_from_1": "08:00:00", **UNTIL,
    }  # fmt: skip

    assert client.post(reverse("admin:core_roleassignment_add"), form).status_code == 302
    given = RoleAssignment.objects.get(person=cast.legal, group=role)
    end = {"valid_until_0": "2026-08-20", "valid_until_1": "08:00:00"}
    assert client.post(reverse("admin:core_roleassignment_change", args=[given.pk]), end).status_code == 302

    assert recorded("role.assigned").data["role"] == recorded("role.ended").data["role"] == Role.CLERK


def test_a_standing_mandate_needs_its_decision(cast: Cast, client: Client) -> None:
    form = {
        "person": cast.deputy.pk, "agency": cast.agency.pk, "document_number": "", "document_date": "",
        "valid_from_0": "2026-07-20", "valid_from_1": "08:00:00", **UNTIL,
    }  # fmt: skip
    address = reverse("admin:core_mandate_add")

    assert client.post(address, form).status_code == 200
    assert not Mandate.objects.filter(person=cast.deputy).exists()
    decision = {"document_number": "12/QĐ-SNV", "document_date": "2026-07-20"}
    assert client.post(address, form | decision).status_code == 302
    assert Mandate.objects.get(person=cast.deputy).kind == MandateKind.STANDING


def test_nobody_is_deleted_and_no_grant_is(cast: Cast) -> None:
    superuser = Person.objects.create_superuser("root", "x", full_name="Root")
    client = Client()
    client.force_login(superuser)
    rows = (
        cast.head,
        Post.objects.first(),
        RoleAssignment.objects.first(),
        Mandate.objects.first(),
        cast.agency,
    )

    for row in rows:
        assert row is not None
        address = reverse(f"admin:core_{row._meta.model_name}_delete", args=[row.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
        assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_an_administrator_reaches_only_the_own_agency(cast: Cast, client: Client) -> None:
    other = make_cast(code="SNV-Y")
    foreign = Post.objects.get(person=other.head)

    listed = {
        person.username
        for person in client.get(reverse("admin:core_person_changelist")).context["cl"].result_list
    }
    change = client.get(reverse("admin:core_post_change", args=[foreign.pk]))
    choices = client.get(reverse("admin:core_post_add")).context["adminform"].form.fields["agency"].queryset

    assert cast.head.username in listed
    assert other.head.username not in listed
    assert change.status_code == 302
    assert list(choices) == [cast.agency]


def test_an_administrators_role_that_ended_opens_nothing(cast: Cast, client: Client) -> None:
    RoleAssignment.objects.filter(person=cast.administrator).update(valid_until=SINCE + timedelta(days=1))

    assert client.get(reverse("admin:core_person_changelist")).status_code == 403


def test_the_pages_of_the_site_open(client: Client) -> None:
    for model in ("agency", "unit", "person", "post", "roleassignment", "mandate", "signingcapacity"):
        assert client.get(reverse(f"admin:core_{model}_changelist")).status_code == 200
        if model != "agency":
            assert client.get(reverse(f"admin:core_{model}_add")).status_code == 200


@pytest.mark.parametrize("is_allowed", [True, False])
def test_whether_an_agency_may_withhold_is_switched_on_record(
    cast: Cast, client: Client, is_allowed: bool
) -> None:
    Agency.objects.filter(pk=cast.agency.pk).update(may_withhold=not is_allowed)
    address = reverse("admin:core_agency_change", args=[cast.agency.pk])
    form = client.get(address).context["adminform"].form
    unchanged = {name: form.initial[name] or "" for name in form.fields if name != "may_withhold"}
    entries = TrailEntry.objects.count()

    kept = client.post(address, unchanged | ({} if is_allowed else {"may_withhold": "on"}))
    assert (kept.status_code, TrailEntry.objects.count()) == (302, entries)
    switched = client.post(address, unchanged | ({"may_withhold": "on"} if is_allowed else {}))

    assert switched.status_code == 302
    assert Agency.objects.get(pk=cast.agency.pk).may_withhold is is_allowed
    entry = TrailEntry.objects.latest("pk")
    assert (entry.type, entry.actor_id, entry.data) == (
        "agency.withholding_allowed" if is_allowed else "agency.withholding_ended",
        cast.administrator.pk,
        {"agency": cast.agency.code},
    )
    assert TrailEntry.objects.count() == entries + 1
