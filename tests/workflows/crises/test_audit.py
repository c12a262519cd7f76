"""The auditors' page of crises: each number is that of the crises its address lists, and each has its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import CrisisState
from core.models import Crisis, Person
from tests import factories
from tests.walk import START, Cast, make_cast
from tests.workflows.crises import rows

SetClock = Callable[[datetime], None]
NOW = START + timedelta(days=2)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_days_later(set_clock: SetClock) -> None:
    set_clock(NOW)


def page(person: Person, query: str = "") -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("audit_crises") + query)


def listed(response: Any) -> set[Crisis]:
    return {view.crisis for view in response.context["rows"]}


def crises_of_each_kind(cast: Cast) -> dict[str, Crisis]:
    """One crisis for each thing auditors look for, besides which nothing is wrong with it."""
    codes = ("late", "forced", "silent", "unconfirmed", "given_up", "over_head")
    made = {code: rows.make_crisis(cast) for code in codes}
    made["unassessed"] = rows.make_crisis(cast, state=CrisisState.DETECTED)
    rows.local_clock(made["unassessed"], due=START + timedelta(hours=1), cast=cast)
    rows.law_clock(made["late"], due=START, ended_at=START + timedelta(seconds=1), outcome="late")
    rows.stand_down(made["silent"], cast=cast, at=START)
    rows.make_statement(made["forced"], "Nói rồi.", cast=cast, released_at=START)
    rows.stand_down(made["forced"], cast=cast, at=START, is_forced=True)
    made["anew"] = rows.make_crisis(cast)
    rows.law_clock(made["anew"], due=NOW, ended_at=START, outcome="void")
    rows.redetermined(made["anew"], cast=cast, at=START)
    above = cast.agency.parent
    assert above is not None
    rows.make_dispatch(rows.make_report(made["unconfirmed"], cast=cast), above)
    given_up = rows.make_dispatch(rows.make_report(made["given_up"], cast=cast), above)
    given_up.given_up_at, given_up.given_up_by, given_up.given_up_reason = NOW, cast.head, "Mất liên lạc"
    given_up.save()
    report = rows.make_report(made["over_head"], cast=cast)
    passed = rows.make_dispatch(report, above, acknowledged_at=NOW)
    rows.make_dispatch(
        report, factories.make_agency(), acknowledged_at=NOW, over_head_of=passed, over_head_reason="Cấp trên im lặng"
    )  # fmt: skip
    return made


def test_each_thing_to_look_at_is_counted_and_its_address_lists_just_these(cast: Cast) -> None:
    made = crises_of_each_kind(cast)
    on_time = rows.make_crisis(cast)
    rows.law_clock(on_time, due=NOW, ended_at=NOW, outcome="met")
    rows.make_statement(on_time, "Nói kịp.", cast=cast, released_at=START)
    rows.stand_down(on_time, cast=cast, at=START)

    response = page(cast.auditor)

    assert {row["kind"].code: row["number"] for row in response.context["kinds"]} == dict.fromkeys(made, 1)
    for row in response.context["kinds"]:
        opened = page(cast.auditor, unescape(row["address"]).partition("#")[0])
        assert listed(opened) == {made[row["kind"].code]}
    html = response.content.decode()
    for reason in (
        "Thành việc khác (giả định)",
        "Mất liên lạc",
        "Cấp trên im lặng",
        "Dư luận đã lắng (giả định)",
    ):
        assert reason in html
    assert reverse("audit_case", args=[on_time.case_id]) in html


@pytest.mark.parametrize(("late", "is_listed"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_a_clock_that_was_past_when_it_was_set_aside_stays_missed(
    cast: Cast, late: timedelta, is_listed: bool
) -> None:
    crisis = rows.make_crisis(cast)
    rows.law_clock(crisis, due=START, ended_at=START + late, outcome="void")

    response = page(cast.auditor, "?show=late")

    assert (listed(response) == {crisis}) == is_listed
    assert ("Missed before it was set aside" in response.content.decode()) == is_listed


def test_what_was_determined_anew_after_its_clock_was_met_set_none_aside(cast: Cast) -> None:
    crisis = rows.make_crisis(cast)
    rows.law_clock(crisis, due=NOW, ended_at=START, outcome="met")
    rows.redetermined(crisis, cast=cast, at=START)

    assert listed(page(cast.auditor, "?show=anew")) == set()


def test_what_was_noticed_with_no_limit_set_and_not_assessed_is_listed_too(cast: Cast) -> None:
    waiting = rows.make_crisis(cast, state=CrisisState.DETECTED)
    in_time = rows.make_crisis(cast, state=CrisisState.DETECTED)
    rows.local_clock(in_time, due=NOW, cast=cast)

    assert listed(page(cast.auditor, "?show=unassessed")) == {waiting}


def test_a_drill_counts_only_where_it_is_asked_for(cast: Cast) -> None:
    real, drill = rows.make_crisis(cast), rows.make_crisis(cast, is_drill=True)

    found = [listed(page(cast.auditor, query)) for query in ("", "?drills=drill", "?drills=both")]

    assert found == [{real}, {drill}, {real, drill}]


def test_the_period_includes_both_its_days_by_local_time(cast: Cast) -> None:
    last = rows.make_crisis(cast, detected_at=datetime.fromisoformat("2026-07-13T23:59:59+07:00"))
    rows.make_crisis(cast, detected_at=datetime.fromisoformat("2026-07-14T00:00:00+07:00"))

    assert listed(page(cast.auditor, "?since=2026-07-13&until=2026-07-13")) == {last}


@pytest.mark.parametrize(
    "query", ["?since=2026-07-02&until=2026-07-01", "?since=x", "?agency=1'--", "?show=x"]
)
def test_what_cannot_be_read_is_said_and_nothing_is_counted(cast: Cast, query: str) -> None:
    response = page(cast.auditor, query)

    assert response.status_code == 200
    assert "page" not in response.context
    assert "pn-refusal-error" in response.content.decode()


def test_only_an_auditor_reads_it_and_only_of_the_own_agencies(cast: Cast) -> None:
    own = rows.make_crisis(cast)
    other = make_cast(code="SNV-Y")
    rows.make_crisis(other)

    assert listed(page(cast.auditor)) == {own}
    assert page(cast.auditor, f"?agency={other.agency.pk}").context["filters"].errors
    refused = [each for each in cast.everybody() if each not in (cast.auditor, cast.stranger)]
    assert {page(person).status_code for person in refused} == {403}


def test_many_crises_ask_no_more_of_the_database_than_one_of_each_kind(cast: Cast) -> None:
    crises_of_each_kind(cast)
    few = asked(cast.auditor)
    crises_of_each_kind(cast)
    crises_of_each_kind(cast)

    assert asked(cast.auditor) == few


def asked(person: Person) -> int:
    page(person)
    with CaptureQueriesContext(connection) as captured:
        assert page(person).status_code == 200
    return len(captured)
