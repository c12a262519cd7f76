"""The board says everything of each running crisis, tells the law's clock from others, and grows by rows alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import CrisisPart, CrisisState, DispatchMeans, DutyKind, Role, Secrecy
from core.models import Crisis, DutyShift, Person
from tests import factories
from tests.walk import START, Cast, give
from tests.workflows.crises import rows
from workflows.crises.rows.lines import StepRow

SetClock = Callable[[datetime], None]
NOW = START + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_nine(set_clock: SetClock) -> None:
    set_clock(NOW)


def get(person: Person, address: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(address)


def board(person: Person) -> Any:
    return get(person, reverse("crisis_board"))


def full(cast: Cast, **fields: Any) -> Crisis:
    """A running crisis with something of everything."""
    crisis = rows.make_crisis(cast, **fields)
    rows.law_clock(crisis, due=START + timedelta(hours=24))
    rows.make_step(crisis, "xac-minh", settled_at=START + timedelta(minutes=20), settled_by=cast.contact)
    rows.make_step(crisis, "giu-dau-vet", part=CrisisPart.CLERK, due=NOW - timedelta(minutes=1))
    rows.make_step(crisis, "truc-may", part=CrisisPart.DUTY_OFFICER, due=NOW + timedelta(minutes=5))
    rows.make_step(crisis, "tong-ket", opened_at=None)
    rows.make_statement(
        crisis, "Sở đang xác minh.", cast=cast, released_at=START + timedelta(minutes=30), address="https://so.example/1"
    )  # fmt: skip
    assert cast.agency.parent is not None
    report = rows.make_report(crisis, cast=cast)
    rows.make_dispatch(report, cast.agency.parent)
    rows.acknowledge(
        rows.make_dispatch(report, factories.make_agency(name="Bộ Mẫu")), at=START + timedelta(minutes=25)
    )
    return crisis


def states(response: Any) -> dict[str, str]:
    found: list[StepRow] = [row for view in response.context["running"] for row in view.steps]
    return {row.step.code: row.state for row in found}


def test_it_says_clocks_steps_holders_reports_and_everything_said(cast: Cast) -> None:
    crisis = full(cast)
    rows.local_clock(crisis, due=NOW - timedelta(minutes=3), cast=cast)
    DutyShift.objects.create(
        agency=cast.agency, kind=DutyKind.OFFICER, person=cast.colleague, starts_at=START,
        ends_at=NOW + timedelta(hours=1),
    )  # fmt: skip

    response = board(cast.head)

    html = response.content.decode()
    assert states(response) == {
        "xac-minh": "done", "giu-dau-vet": "late", "truc-may": "running", "tong-ket": "waiting",
    }  # fmt: skip
    for fact in (
        crisis.title,
        "23 hours left",
        "Late by 3 minutes",
        "Local rule, not law",
        f"Clerk: {cast.clerk.full_name}",
        f"Officer on duty: {cast.colleague.full_name}",
        "Ông A (giả định)",
        "Nobody confirmed within 30 minutes.",
        "Sent again",
        "Sở đang xác minh.",
        cast.head.full_name,
    ):
        assert fact in html, fact
    assert "(bản đầu)" not in html


def test_it_says_where_nobody_is_on_the_duty_a_step_is_for(cast: Cast) -> None:
    full(cast)

    assert "Officer on duty: nobody at this hour" in board(cast.head).content.decode()


@pytest.mark.parametrize(("seconds", "state"), [(0, "running"), (1, "late")])
def test_the_last_instant_of_a_step_is_in_time(cast: Cast, seconds: int, state: str) -> None:
    rows.make_step(rows.make_crisis(cast), "buoc", due=NOW - timedelta(seconds=seconds))

    assert states(board(cast.head)) == {"buoc": state}


@pytest.mark.parametrize(
    ("fields", "stage"),
    [
        ({"sent_at": None}, "prepared"),
        ({}, "sent"),
        ({"delivered_at": NOW}, "delivered"),
        ({"bounced_at": NOW}, "bounced"),
        ({"bounced_at": NOW, "means": DispatchMeans.PHONE, "acknowledged_at": NOW}, "acknowledged"),
    ],
)
def test_a_report_is_as_far_as_its_latest_mark_says(cast: Cast, fields: Any, stage: str) -> None:
    report = rows.make_report(rows.make_crisis(cast), cast=cast)
    rows.make_dispatch(report, factories.make_agency(), **fields)

    ((_report, (row,)),) = board(cast.head).context["running"][0].reports

    assert (row.stage, row.next_rung is None) == (stage, stage == "acknowledged")


def test_a_drill_is_marked_and_stands_below_what_is_real(cast: Cast) -> None:
    rows.make_crisis(cast, title="Tập dượt", is_drill=True, activated_at=START)
    rows.make_crisis(cast, title="Thật", activated_at=NOW)

    response = board(cast.head)

    assert [view.crisis.title for view in response.context["running"]] == ["Thật", "Tập dượt"]
    assert response.content.decode().count("DIỄN TẬP") == 1


def test_only_what_the_case_opens_to_a_person_is_there(cast: Cast) -> None:
    rows.make_crisis(cast)
    secret = factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    rows.make_crisis(cast, case=secret)

    assert len(board(cast.chief).context["running"]) == 1
    assert len(board(cast.auditor).context["running"]) == 2
    assert board(cast.stranger).context["running"] == []
    assert Client().get(reverse("crisis_board")).status_code == 302


def test_what_waits_stands_in_its_list_and_what_passed_the_local_limit_is_marked(cast: Cast) -> None:
    late = rows.make_crisis(cast, state=CrisisState.DETECTED)
    rows.local_clock(late, due=NOW - timedelta(seconds=1), cast=cast)
    fresh = rows.make_crisis(cast, state=CrisisState.DETECTED)
    rows.local_clock(fresh, due=NOW, cast=cast)
    rows.make_crisis(cast, state=CrisisState.ASSESSED)
    rows.make_crisis(cast, state=CrisisState.STOOD_DOWN)
    rows.make_crisis(cast, state=CrisisState.CLOSED, closed_at=NOW - timedelta(days=29))
    rows.make_crisis(cast, state=CrisisState.CLOSED, closed_at=NOW - timedelta(days=31))

    response = board(cast.head)

    lists = {each["id"]: each["rows"] for each in response.context["lists"]}
    assert [len(found) for found in lists.values()] == [2, 1, 1, 1]
    assert [view.is_past_a_local_limit for view in lists["chua-danh-gia"]] == [True, False]
    assert response.content.decode().count("Past the agency") == 1


def test_a_committee_reads_the_reports_to_it_and_nothing_of_the_sender_s_case(cast: Cast) -> None:
    assert cast.agency.parent is not None
    crisis = full(cast, title="Tên vụ việc của sở")
    above = factories.make_person(full_name="Trực ban của Ủy ban")
    give(above, Role.CHIEF_OF_OFFICE, agency=cast.agency.parent)
    drill = rows.make_report(rows.make_crisis(cast, is_drill=True), cast=cast, what="Diễn")
    rows.make_dispatch(drill, cast.agency.parent)

    response = board(above)

    html = response.content.decode()
    assert [row.dispatch.report.crisis for row in response.context["reported"]] == [crisis]
    assert response.context["running"] == []
    for told in ("Lộ đề thi (giả định)", cast.agency.name):
        assert told in html
    for kept in (crisis.title, crisis.case.title, crisis.reference):
        assert kept not in html
    assert board(cast.head).context["reported"] == []
    assert get(above, reverse("crisis", args=[crisis.pk])).status_code == 404


def test_the_wall_screen_has_no_menu_and_a_browser_without_scripts_reads_it_anew(cast: Cast) -> None:
    usual = board(cast.head).content.decode()
    wall = get(cast.head, reverse("crisis_board") + "?man-hinh=1").content.decode()

    assert ("pn-nav" in usual, "pn-nav" in wall, "pn-wall" in wall) == (True, False, True)
    assert '<meta http-equiv="refresh" content="30">' in usual


def test_the_board_comes_again_only_where_it_says_anything_else(cast: Cast, set_clock: SetClock) -> None:
    step = rows.make_step(rows.make_crisis(cast), "buoc")
    version = board(cast.head).context["version"]
    live = reverse("crisis_board_live")

    set_clock(NOW + timedelta(seconds=15))
    same = get(cast.head, f"{live}?v={version}")
    step.settled_at = NOW
    step.save()
    changed = get(cast.head, f"{live}?v={version}")

    assert (same.status_code, same["X-Board-At"]) == (204, "09:00:15")
    assert (changed.status_code, "Done" in changed.content.decode()) == (200, True)
    assert f"?v={version}" not in changed.content.decode()
    assert Client().get(live).status_code == 401


def test_three_crises_ask_no_more_of_the_database_than_one(cast: Cast) -> None:
    full(cast)
    one = asked(cast.head)
    full(cast)
    full(cast)

    assert asked(cast.head) == one


def asked(person: Person) -> int:
    board(person)
    with CaptureQueriesContext(connection) as captured:
        assert board(person).status_code == 200
    return len(captured)
