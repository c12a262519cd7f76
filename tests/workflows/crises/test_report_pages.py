"""The pages of reports: sent, acknowledged in the system or by the link, received, and the acts on each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import AgencyKind
from core.models import AgencyContact, Crisis, DirectoryEntry, Person
from tests import factories
from tests.walk import Cast
from tests.workflows.crisis.reports_walk import COMMITTEE, LINES, MINISTRY, POLICE, ReportWalk, make_walk
from workflows.crisis.actions import acknowledging, dispatches, writing
from workflows.crisis.models import Acknowledgement, Dispatch, Report

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Người nhận (giả định)", "post": "Chuyên viên", "direction": ""}


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> ReportWalk:
    return make_walk(cast, set_clock, [COMMITTEE, MINISTRY])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def link(walk: ReportWalk, dispatch: Dispatch, contact: AgencyContact | None = None) -> str:
    address = writing.address_of(dispatch, contact=contact, rung=0, at=walk.at)
    return "/" + address.split("/", 3)[3]


def committee(walk: ReportWalk) -> Dispatch:
    assert walk.cast.agency.parent is not None
    return walk.dispatch(walk.cast.agency.parent)


def test_the_step_shows_who_gets_the_report_and_sends_it(walk: ReportWalk) -> None:
    client, task = signed_in(walk.cast.chief), walk.tasks("report")[0]
    DirectoryEntry.objects.filter(part=MINISTRY).delete()
    address = reverse("step", args=[task.pk])
    assert walk.cast.agency.parent is not None

    shown = client.get(address).content.decode()
    refused = client.post(address, vars(LINES))
    sent = client.post(address, {**vars(LINES), "left_out": [MINISTRY]})

    assert walk.cast.agency.parent.name in shown
    assert (refused.status_code, sent.status_code) == (422, 302)
    assert LINES.needed in refused.content.decode()
    assert [row.part for row in Report.objects.get().dispatches.all()] == [COMMITTEE]


def test_the_page_of_the_task_shows_the_report_and_nothing_of_the_case(walk: ReportWalk) -> None:
    walk.send()
    client, task = signed_in(walk.receiver), walk.tasks("acknowledge")[0]

    page = client.get(reverse("step", args=[task.pk]))

    html = page.content.decode()
    assert page.status_code == 200
    assert all(
        text in html for text in (*vars(LINES).values(), walk.cast.agency.name, walk.receiver.full_name)
    )
    assert reverse("case", args=[walk.crisis.case_id]) not in html
    assert walk.crisis.case.reference not in html
    assert 'value="Chuyên viên"' in html
    assert client.get(reverse("case", args=[walk.crisis.case_id])).status_code == 404


def test_opening_the_task_is_delivered_once_and_only_for_the_recipient(walk: ReportWalk) -> None:
    walk.send()
    address = reverse("step", args=[walk.tasks("acknowledge")[0].pk])
    assert signed_in(walk.cast.chief).get(address).status_code == 404
    assert committee(walk).delivered_at is None
    walk.pass_time(minutes=3)
    opened_at = walk.at

    signed_in(walk.receiver).get(address)
    walk.pass_time(minutes=3)
    signed_in(walk.receiver).get(address)

    assert committee(walk).delivered_at == opened_at
    assert [entry.data["how"] for entry in walk.entries("crisis_report.delivered")] == ["task"]


def test_acknowledging_leads_to_the_reports_received(walk: ReportWalk) -> None:
    walk.send()
    client = signed_in(walk.receiver)
    address = reverse("step", args=[walk.tasks("acknowledge")[0].pk])

    done = client.post(address, GIVEN, follow=True)

    assert done.redirect_chain == [(reverse("crisis_received"), 302)]
    assert GIVEN["name"] in done.content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, GIVEN).status_code == 409


def test_looking_at_the_link_confirms_nothing_and_the_form_with_name_and_post_does(walk: ReportWalk) -> None:
    walk.send()
    dispatch = walk.dispatch(walk.ministry)
    address = link(walk, dispatch)
    client = Client(enforce_csrf_checks=True)

    page = client.get(address)
    client.head(address)
    unread = walk.dispatch(walk.ministry)
    token = client.cookies["csrftoken"].value
    forged = client.post(address, GIVEN)
    blank = client.post(address, {**GIVEN, "post": "", "csrfmiddlewaretoken": token})
    sent = client.post(address, {**GIVEN, "csrfmiddlewaretoken": token})

    assert page.status_code == 200
    assert LINES.what in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert (unread.acknowledged_at, unread.delivered_at) == (None, None)
    assert (forged.status_code, blank.status_code, sent.status_code) == (403, 422, 302)
    assert [row.name for row in dispatch.acknowledgements.all()] == [GIVEN["name"]]
    assert walk.dispatch(walk.ministry).acknowledged_at == walk.at


def test_the_link_sent_twice_by_one_name_is_one_and_by_another_is_added(walk: ReportWalk) -> None:
    walk.send()
    address, client = link(walk, walk.dispatch(walk.ministry)), Client()
    for name in ("Người A (giả định)", "Người A (giả định)", "Người B (giả định)"):
        client.post(address, {**GIVEN, "name": name, "direction": "Họp ngay."})

    assert [row.name for row in Acknowledgement.objects.all()] == ["Người A (giả định)", "Người B (giả định)"]
    assert "Người A (giả định)" in client.get(address).content.decode()


def expire(walk: ReportWalk, _dispatch: Dispatch) -> None:
    walk.pass_time(hours=48, seconds=1)


def give_up(walk: ReportWalk, dispatch: Dispatch) -> None:
    with dispatches.held(dispatch) as held:
        acknowledging.give_up(
            process=held.process, dispatch=held.dispatch, reason="Đã gặp.", by=walk.cast.head, at=held.at
        )


def deactivate(_walk: ReportWalk, _dispatch: Dispatch) -> None:
    AgencyContact.objects.update(is_active=False)


def close(walk: ReportWalk, _dispatch: Dispatch) -> None:
    Crisis.objects.filter(pk=walk.crisis.pk).update(state="closed")


@pytest.mark.parametrize("end", [expire, give_up, deactivate, close])
def test_a_link_that_is_over_says_whom_to_phone_and_records_nothing(
    walk: ReportWalk, end: Callable[[ReportWalk, Dispatch], None]
) -> None:
    walk.send()
    dispatch = walk.dispatch(walk.ministry)
    address = link(walk, dispatch, dispatch.contact)
    assert Client().get(address).status_code == 200

    end(walk, dispatch)

    for answer in (Client().get(address), Client().post(address, GIVEN)):
        assert answer.status_code == 410
        assert walk.cast.agency.phone in answer.content.decode()
        assert LINES.what not in answer.content.decode()
    assert Acknowledgement.objects.count() == 0
    Crisis.objects.filter(pk=walk.crisis.pk).update(is_drill=True)
    assert "DIỄN TẬP" in Client().get(address).content.decode()


def test_an_altered_link_is_not_found_and_says_what_to_do(walk: ReportWalk) -> None:
    walk.send()
    address = link(walk, walk.dispatch(walk.ministry))

    for altered in (address[:-3] + "xx/", "/xac-nhan/x/"):
        answer = Client().post(altered, GIVEN)
        assert answer.status_code == 404
        assert "noindex" in answer["X-Robots-Tag"]
    assert Acknowledgement.objects.count() == 0


def test_the_page_of_received_reports_shows_those_of_every_sender_open_ones_first_in_so_many_queries(
    walk: ReportWalk, cast: Cast
) -> None:
    walk.send()
    client, address = signed_in(walk.receiver), reverse("crisis_received")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        page = client.get(address).content.decode()
    assert LINES.what in page
    assert reverse("step", args=[walk.tasks("acknowledge")[0].pk]) in page
    first = committee(walk)
    for number in (2, 3):
        report = Report.objects.create(
            crisis=walk.crisis, number=number, kind="update", level=1, prepared_by=cast.chief, prepared_at=walk.at,
            **{**vars(LINES), "what": f"Diễn biến {number}"},
        )  # fmt: skip
        Dispatch.objects.create(
            report=report, recipient=first.recipient, part=COMMITTEE, paper="report", means="task", minutes=30,
            prepared_at=walk.at, sent_at=walk.at + timedelta(minutes=number),
            acknowledged_at=walk.at + timedelta(minutes=9) if number == 3 else None,
        )  # fmt: skip

    with CaptureQueriesContext(connection) as three:
        page = client.get(address).content.decode()

    assert len(three) == len(one)
    assert page.index("Diễn biến 2") < page.index(LINES.what) < page.index("Diễn biến 3")


def test_nobody_else_sees_a_report_received_and_a_drill_is_not_shown_to_the_real_recipient(
    walk: ReportWalk, cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk.send()
    address = reverse("crisis_received")
    assert LINES.what not in signed_in(cast.chief).get(address).content.decode()
    Crisis.objects.filter(pk=walk.crisis.pk).update(is_drill=True)

    assert LINES.what not in signed_in(walk.receiver).get(address).content.decode()
    played = signed_in(cast.chief).get(address).content.decode()
    assert LINES.what in played
    assert "DIỄN TẬP" in played


def test_a_further_report_goes_out_beside_the_path(walk: ReportWalk) -> None:
    client, address = signed_in(walk.cast.contact), reverse("crisis_report", args=[walk.crisis.pk])

    shown = client.get(address)
    sent = client.post(address, {**vars(LINES), "kind": "update"})

    assert (shown.status_code, sent.status_code) == (200, 302)
    assert [(row.kind, row.prepared_by) for row in Report.objects.all()] == [("update", walk.cast.contact)]
    assert signed_in(walk.cast.clerk).post(address, {**vars(LINES), "kind": "update"}).status_code == 403
    assert signed_in(walk.receiver).get(address).status_code == 404


PHONE = {"name": "Trực ban (giả định)", "post": "Trực ban", "phone": "0000 000 113"}


@pytest.mark.parametrize(
    ("name", "given", "doer", "not_doer"),
    [
        ("dispatch_phone", {**PHONE, "acknowledged_at": "2026-07-13T08:00"}, "contact", "clerk"),
        (
            "dispatch_direction",
            {"direction": "Họp.", "from_name": "A", "from_post": "B", "received_at": "2026-07-13T08:00"},
            "chief",
            "clerk",
        ),
        ("dispatch_give_up", {"reason": "Đã gặp."}, "head", "deputy"),
        ("dispatch_over_head", {"reason": "Không ai trả lời."}, "head", "chief"),
    ],
)
def test_each_act_on_a_report_is_for_its_people_and_leads_back_to_the_crisis(
    walk: ReportWalk, name: str, given: dict[str, str], doer: str, not_doer: str
) -> None:
    walk.send()
    dispatch = committee(walk)
    if name == "dispatch_over_head":
        above = factories.make_agency(code="BO-Z", kind=AgencyKind.MINISTRY)
        given = {**given, "recipient": str(above.pk)}
    address = reverse(name, args=[dispatch.pk])

    refused = signed_in(getattr(walk.cast, not_doer)).post(address, given)
    shown = signed_in(getattr(walk.cast, doer)).get(address)
    done = signed_in(getattr(walk.cast, doer)).post(address, given)

    assert (refused.status_code, shown.status_code) == (403, 200)
    assert (done.status_code, done.headers.get("Location")) == (302, reverse("crisis", args=[walk.crisis.pk]))
    assert signed_in(walk.receiver).get(address).status_code == 404


def test_the_officer_on_duty_is_led_from_the_phone_task_to_recording_the_call(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = make_walk(cast, set_clock, [POLICE])
    walk.on_duty(cast.specialist)
    walk.send()
    address = reverse("dispatch_phone", args=[walk.dispatch(walk.police).pk])
    client = signed_in(cast.specialist)

    task = client.get(reverse("step", args=[walk.tasks("carry_out")[0].pk])).content.decode()
    shown = client.get(address)
    given = {**PHONE, "phone": "0000 000 777", "acknowledged_at": "2026-07-13T08:00"}
    assert client.get(reverse("crisis", args=[walk.crisis.pk])).status_code == 404
    done = client.post(address, given, follow=True)
    again = client.get(address).content.decode()

    # The case is not open to him until he acts; the way back then leads to his work.
    assert client.get(reverse("crisis", args=[walk.crisis.pk])).status_code == 200
    way_back = [reverse("crisis", args=[walk.crisis.pk]) in page for page in (shown.content.decode(), again)]
    assert way_back == [False, True]
    assert f'href="{reverse("work")}"' in shown.content.decode()
    assert "0000 000 777" in done.content.decode()
    assert f'href="{address}"' in task
    assert (shown.status_code, done.status_code) == (200, 200)
    assert done.redirect_chain == [(reverse("crisis", args=[walk.crisis.pk]), 302)]
    assert walk.tasks("carry_out") == []
    assert signed_in(cast.unit_head).get(address).status_code == 404
