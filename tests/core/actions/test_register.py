"""Editions of the register: one for each change of what it says, none for anything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import events, tasks
from core.actions import register as actions
from core.models import Agency, RegisterEdition, TrailEntry
from core.queries import register as queries
from core.rules import register as rules
from tests.register import AT, LATER, SECOND, call, delegated, telling_case
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    actions.publish_editions(at=AT)
    return cast


def numbers(agency: Agency) -> list[int]:
    return sorted(RegisterEdition.objects.filter(agency=agency).values_list("number", flat=True))


def test_an_edition_keeps_what_the_register_says_and_its_hash(cast: Cast) -> None:
    edition = RegisterEdition.objects.get(agency=cast.agency)

    said = queries.register_of(cast.agency, at=AT)
    assert (edition.number, edition.published_at) == (1, AT)
    assert (edition.content, edition.sha256) == (said.content, said.sha256)
    assert edition.sha256 == rules.sha256(edition.content)
    assert said.facts["edition"] == 1
    assert said.facts["last_changed"] == "2026-07-13T08:00:00+07:00"


def test_an_edition_is_told_in_the_global_trail_by_the_system(cast: Cast) -> None:
    entry = TrailEntry.objects.get(type=events.REGISTER_CHANGED.code, agency_code="SNV-X")

    edition = RegisterEdition.objects.get(agency=cast.agency)
    assert (entry.stream, entry.actor_kind, entry.object_id) == ("global", "system", edition.pk)
    assert entry.data == {"agency": "Agency SNV-X", "edition": 1, "sha256": edition.sha256}
    assert entry.object_hash == edition.sha256


def test_without_a_change_nothing_is_written_and_no_query_grows(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as seen:
        written = actions.publish_editions(at=LATER)

    assert written == 0
    assert numbers(cast.agency) == [1]
    assert len(seen) == 6


def test_another_phone_is_another_hash_and_only_then_another_edition(cast: Cast) -> None:
    before = queries.register_of(cast.agency, at=LATER).sha256
    cast.spokesperson.set_password("another")
    cast.spokesperson.save()
    same = actions.publish_editions(at=LATER)

    call(cast.spokesperson, "0000 000 102")
    changed = actions.publish_editions(at=LATER)

    assert (same, changed) == (0, 1)
    assert numbers(cast.agency) == [1, 2]
    assert queries.register_of(cast.agency, at=LATER).sha256 != before


def test_between_a_change_and_its_edition_the_register_tells_no_number(cast: Cast) -> None:
    call(cast.spokesperson, "0000 000 102")

    said = queries.register_of(cast.agency, at=LATER)

    assert (said.facts["edition"], said.facts["last_changed"]) == (None, None)
    assert said.sha256 != RegisterEdition.objects.get(agency=cast.agency).sha256


def test_what_says_again_what_an_earlier_edition_said_is_a_new_edition(cast: Cast) -> None:
    call(cast.spokesperson, "0000 000 102")
    actions.publish_editions(at=LATER)
    first_version = f"{RegisterEdition.objects.get(agency=cast.agency, number=1).sha256}.1"
    call(cast.spokesperson, "")
    actions.publish_editions(at=LATER + SECOND)

    said = queries.register_of(cast.agency, at=LATER + SECOND)
    assert numbers(cast.agency) == [1, 2, 3]
    assert said.sha256 == first_version[:-2]
    assert said.version != first_version


def test_a_delegation_of_an_agency_that_names_no_delegates_writes_no_edition(cast: Cast) -> None:
    delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)

    assert actions.publish_editions(at=LATER - SECOND) == 0


def test_an_agency_that_lost_its_last_speaker_says_so_in_an_edition(cast: Cast) -> None:
    for person in (cast.head, cast.spokesperson):
        person.is_active = False
        person.save()

    assert actions.publish_editions(at=LATER) == 1
    assert RegisterEdition.objects.get(agency=cast.agency, number=2).content["people"] == []


def test_who_comes_late_with_an_older_instant_takes_nothing_back(cast: Cast) -> None:
    call(cast.spokesperson, "0000 000 102")
    actions.publish_editions(at=LATER)
    call(cast.spokesperson, "0000 000 103")

    assert actions.publish_editions(at=LATER - timedelta(minutes=1)) == 0
    assert numbers(cast.agency) == [1, 2]


def test_the_job_writes_at_the_instant_of_the_clock(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    call(cast.spokesperson, "0000 000 102")
    set_clock(LATER)

    assert tasks.publish_registers() == 1
    assert RegisterEdition.objects.get(agency=cast.agency, number=2).published_at == LATER
