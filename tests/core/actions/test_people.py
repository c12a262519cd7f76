"""Posts, roles, mandates and capacities: what is granted or ended stands in the trail."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group

from core.actions import people
from core.enums import Capacity, MandateKind, PostKind, Role
from core.models import Agency, Mandate, Person, TrailEntry
from tests import factories
from tests.walk import load_roles

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 13, 1, 0, tzinfo=UTC)
END = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)


@pytest.fixture
def agency() -> Agency:
    return factories.make_agency(code="SNV-Z")


@pytest.fixture
def person() -> Person:
    return factories.make_person(full_name="Người Mới")


def role(person: Person, agency: Agency) -> None:
    load_roles()
    group = Group.objects.get(name=Role.CLERK)
    given = people.give_role(person=person, role=group, agency=agency, valid_from=AT, by=None, at=AT)
    people.end_role(assignment=given, valid_until=END, by=None, at=AT)


def capacity(person: Person, agency: Agency) -> None:
    people.grant_capacity(
        person=person,
        agency=agency,
        capacity=Capacity.KT,
        title_line="PHÓ GIÁM ĐỐC",
        valid_from=AT,
        by=None,
        at=AT,
    )


def headship(person: Person, agency: Agency) -> None:
    post = people.appoint(
        person=person, agency=agency, kind=PostKind.HEAD, title="Giám đốc", valid_from=AT, at=AT, by=None
    )
    people.end_post(post=post, valid_until=END, by=None, at=AT, reason="Nghỉ hưu.")


@pytest.mark.parametrize(
    ("act", "types"),
    [
        (role, ["role.assigned", "role.ended"]),
        (capacity, ["capacity.granted"]),
        (headship, ["person.appointed", "mandate.recorded", "person.post_ended", "mandate.ended"]),
    ],
)
def test_each_act_leaves_its_entries(
    person: Person, agency: Agency, act: Callable[[Person, Agency], None], types: list[str]
) -> None:
    act(person, agency)

    entries = TrailEntry.objects.order_by("seq")
    assert [entry.type for entry in entries] == types
    assert {entry.data["person"] for entry in entries} == {person.pk}


def test_the_mandate_of_a_head_comes_and_ends_with_the_post(person: Person, agency: Agency) -> None:
    headship(person, agency)

    mandate = Mandate.objects.get(person=person)
    assert (mandate.kind, mandate.valid_from, mandate.valid_until) == (MandateKind.EX_OFFICIO, AT, END)
