"""The publication of a delegation, where a rule of the agency asks for it: in time, late, or told elsewhere already."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.actions import deadlines
from core.enums import AgencyKind, DeadlineOutcome, LimitUnit
from core.errors import Invalid
from core.models import Deadline, TrailEntry
from tests.desk import local_rule
from tests.walk import Cast
from workflows.delegation.actions import publishing

from .walk import FRIDAY_BEFORE, MONDAY, DelegationWalk

pytestmark = pytest.mark.django_db
PAGE = "https://snv.example/uy-quyen/1"
HOUR = timedelta(hours=1)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> DelegationWalk:
    """Signed on Friday at 09:00, stamped, and to be published within six hours."""
    local_rule(cast.agency, "delegation_publication", 6, LimitUnit.HOURS, start="signing")
    walk = DelegationWalk(cast, set_clock)
    walk.signed()
    walk.stamp()
    assert "publish" in walk.steps
    return walk


def publish(
    walk: DelegationWalk, published_at: datetime, *, address: str = PAGE, is_posted: bool = False
) -> None:
    walk.act(
        "publish",
        walk.cast.contact,
        lambda step: publishing.publish(
            process=step.process,
            published_at=published_at,
            address=address,
            is_posted=is_posted,
            by=step.by,
            at=step.at,
        ),
    )


def told(walk: DelegationWalk) -> dict[str, object]:
    data = TrailEntry.objects.get(type="delegation.published", object_id=walk.delegation.pk).data
    return {name: data[name] for name in ("address", "published_at")}


@pytest.mark.parametrize(
    ("after", "outcome"),
    [(timedelta(hours=5), DeadlineOutcome.MET), (timedelta(hours=7), DeadlineOutcome.LATE)],
)
def test_the_step_ends_the_clock_in_time_or_late(
    walk: DelegationWalk, after: timedelta, outcome: DeadlineOutcome
) -> None:
    walk.now(MONDAY)

    publish(walk, FRIDAY_BEFORE + after)

    assert Deadline.objects.get(mandate=walk.mandate).outcome == outcome
    assert (walk.delegation.published_at, walk.delegation.published_address) == (FRIDAY_BEFORE + after, PAGE)
    assert walk.steps == {"in_force"}


def test_only_a_commune_posts_it_at_its_headquarters(walk: DelegationWalk) -> None:
    with pytest.raises(Invalid):
        publish(walk, walk.at, address="", is_posted=True)
    assert "publish" in walk.steps
    walk.cast.agency.kind = AgencyKind.COMMUNE
    walk.cast.agency.save()

    publish(walk, walk.at, address="", is_posted=True)

    assert (walk.delegation.published_at, walk.delegation.published_address) == (walk.at, "")


def test_what_the_page_of_the_deadline_told_counts_and_not_what_is_typed_into_the_step(
    walk: DelegationWalk,
) -> None:
    deadline = Deadline.objects.get(mandate=walk.mandate)
    published_at = FRIDAY_BEFORE + HOUR
    walk.now(published_at)
    deadlines.publish(
        deadline=deadline, published_at=published_at, address=PAGE, by=walk.cast.contact, at=walk.at
    )  # fmt: skip

    publish(walk, datetime(2036, 1, 1, tzinfo=MONDAY.tzinfo), address="javascript:alert(1)")

    assert (walk.delegation.published_at, walk.delegation.published_address) == (published_at, PAGE)
    assert told(walk) == {
        "address": PAGE,
        "published_at": published_at.strftime("2026-07-10T03:00:00.000000Z"),
    }
    assert walk.steps == {"in_force"}


def test_a_step_whose_publication_was_told_elsewhere_asks_nothing_and_is_closed(
    walk: DelegationWalk, client: Client
) -> None:
    deadline = Deadline.objects.get(mandate=walk.mandate)
    deadlines.publish(deadline=deadline, published_at=walk.at, address=PAGE, by=walk.cast.contact, at=walk.at)
    client.force_login(walk.cast.contact)
    address = reverse("step", args=[walk.task("publish").pk])

    page = client.get(address).content.decode()
    closed = client.post(address, {"published_at": "2036-01-01T00:00", "address": "javascript:alert(1)"})

    assert "recorded on the page of its deadline" in page
    assert 'name="published_at"' not in page
    assert closed.status_code == 302
    walk.delegation.refresh_from_db()
    assert (walk.delegation.published_at, walk.delegation.published_address) == (walk.at, PAGE)


def test_where_nothing_is_owed_any_more_the_step_closes_without_a_publication(
    walk: DelegationWalk, client: Client
) -> None:
    deadline = Deadline.objects.get(mandate=walk.mandate)
    deadlines.void(deadline=deadline, reason="Nhập nhầm.", by=walk.cast.contact, at=walk.at)
    client.force_login(walk.cast.contact)

    closed = client.post(reverse("step", args=[walk.task("publish").pk]), {"address": PAGE})

    walk.delegation.refresh_from_db()
    assert (closed.status_code, walk.steps) == (302, {"in_force"})
    assert (walk.delegation.published_at, walk.delegation.published_address) == (None, "")
    assert not TrailEntry.objects.filter(type="delegation.published").exists()


def test_the_step_refuses_an_instant_to_come_and_what_is_no_address_and_keeps_both(
    walk: DelegationWalk, client: Client
) -> None:
    client.force_login(walk.cast.contact)
    address = reverse("step", args=[walk.task("publish").pk])

    future = client.post(address, {"published_at": "2036-01-01T00:00", "address": PAGE})
    script = client.post(address, {"published_at": "2026-07-10T09:00", "address": "javascript:alert(1)"})

    assert (future.status_code, script.status_code) == (422, 422)
    assert PAGE in future.content.decode()
    assert "javascript:alert(1)" in script.content.decode()
    assert "publish" in walk.steps
