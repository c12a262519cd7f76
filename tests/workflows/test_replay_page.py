"""The auditors' page of the replay: both lists, both truths, and nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import mandates
from core.actions.mandates import Letter
from core.clock import ZONE
from core.enums import Circumstance, PostKind
from core.models import Case, Person, TrailEntry
from core.rules.delegations import Proposal
from tests import factories
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db

SIGNED = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
FILED = SIGNED + timedelta(hours=6)
NOW = datetime(2026, 7, 14, 9, 0, 30, tzinfo=ZONE)


@pytest.fixture
def case(cast: Cast, set_clock: Callable[[datetime], None]) -> Case:
    set_clock(NOW)
    made = factories.make_case(agency=cast.agency)
    mandates.delegate(
        proposal=Proposal(
            case=made, to=cast.unit_head, valid_from=SIGNED, valid_until=SIGNED + timedelta(days=2),
            circumstance=Circumstance.ASSIGNED, reason="Am hiểu.",
        ),
        letter=Letter(number="12/GUQ-SNV", on=SIGNED.date(), signed_at=SIGNED, is_on_paper=True),
        signed_by=cast.head, by=cast.clerk, at=FILED,
    )  # fmt: skip
    return made


def opened(person: Person, case: Case, **query: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("audit_speakers", args=[case.pk]), query)


def people_of(side: Any) -> tuple[set[Person], set[Person]]:
    return {told.answer.person for told in side.allowed}, {told.answer.person for told in side.excluded}


def test_without_a_question_it_says_who_may_speak_now(cast: Cast, case: Case) -> None:
    page = opened(cast.auditor, case)

    (side,) = page.context["sides"]
    assert side.replay.at == NOW
    assert people_of(side) == (
        {cast.head, cast.spokesperson, cast.unit_head},
        {*cast.everybody()} - {cast.head, cast.spokesperson, cast.unit_head, cast.stranger},
    )
    html = page.content.decode()
    for words in (
        "The delegation letter 12/GUQ-SNV",
        "Delegated, from 08:00 on 13/07/2026 until 08:00 on 15/07/2026",
        f"{cast.clerk.full_name} has no mandate to speak",
        "As known now",
    ):
        assert words in html
    assert "Differs" not in html


def test_both_truths_stand_side_by_side_and_whoever_differs_is_marked(cast: Cast, case: Case) -> None:
    page = opened(cast.auditor, case, at="2026-07-13T09:00:00", known_at="2026-07-13T13:59:59")

    then, now = page.context["sides"]
    assert (then.title, now.title) == ("As known at 13:59:59 on 13/07/2026", "As known now")
    assert (cast.unit_head in people_of(then)[1], cast.unit_head in people_of(now)[0]) == (True, True)
    marked = [
        told.answer.person for side in (then, now) for told in (*side.allowed, *side.excluded) if told.differs
    ]
    assert marked == [cast.unit_head, cast.unit_head] == page.context["differing"] * 2
    assert page.content.decode().count("Differs") == 2


def test_where_nothing_was_recorded_since_it_says_so(cast: Cast, case: Case) -> None:
    page = opened(cast.auditor, case, at="2026-07-13T09:00", known_at="2026-07-13T14:00")

    assert page.context["differing"] == []
    assert "Nothing recorded since then changes an answer." in page.content.decode()


@pytest.mark.parametrize(("at", "speaks"), [("2026-07-15T07:59:59", True), ("2026-07-15T08:00:00", False)])
def test_an_instant_is_asked_to_the_second(cast: Cast, case: Case, at: str, speaks: bool) -> None:
    (side,) = opened(cast.auditor, case, at=at).context["sides"]

    assert (cast.unit_head in people_of(side)[0]) is speaks


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"at": ""}, "Give the instant to look at."),
        ({"at": "yesterday"}, "Enter a valid date/time."),
        ({"at": "0001-01-01T00:00"}, "This date cannot be right."),
        ({"at": "2026-07-13T09:00", "known_at": "2026-07-14T09:00:31"}, "is not known yet"),
    ],
)
def test_what_cannot_be_read_is_said_and_stays_in_its_field(
    cast: Cast, case: Case, query: dict[str, str], sentence: str
) -> None:
    page = opened(cast.auditor, case, **query)

    assert (page.status_code, page.context["sides"]) == (200, [])
    html = page.content.decode()
    assert sentence in html
    assert all(f'value="{typed}"' in html for typed in query.values() if typed)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("auditor", 200),
        ("head", 403),
        ("chief", 403),
        ("unit_head", 403),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_only_an_auditor_of_the_agency_opens_it(cast: Cast, case: Case, who: str, status: int) -> None:
    assert opened(getattr(cast, who), case).status_code == status


def test_an_auditor_of_another_agency_finds_nothing(case: Case) -> None:
    assert opened(make_cast(code="SNV-Y").auditor, case).status_code == 404


def test_the_audit_page_of_the_case_leads_there_and_the_case_page_does_not(cast: Cast, case: Case) -> None:
    client = Client()
    client.force_login(cast.auditor)
    address = reverse("audit_speakers", args=[case.pk])

    assert address in client.get(reverse("audit_case", args=[case.pk])).content.decode()
    assert address not in client.get(reverse("case", args=[case.pk])).content.decode()


def test_looking_changes_nothing(cast: Cast, case: Case) -> None:
    before = TrailEntry.objects.count()

    opened(cast.auditor, case, at="2026-07-13T09:00", known_at="2026-07-13T14:00")

    assert TrailEntry.objects.count() == before


def test_the_queries_do_not_grow_with_the_people_nor_double_with_the_second_truth(
    cast: Cast, case: Case
) -> None:
    def count(**query: str) -> int:
        opened(cast.auditor, case)
        with CaptureQueriesContext(connection) as captured:
            assert opened(cast.auditor, case, **query).status_code == 200
        return len(captured)

    before = count(at="2026-07-14T09:00")
    for number in range(7):
        person = factories.make_person(full_name=f"Người {number}")
        factories.make_post(person=person, agency=cast.agency, kind=PostKind.STAFF)

    assert count(at="2026-07-14T09:00", known_at="2026-07-14T08:00") == count(at="2026-07-14T09:00") == before
