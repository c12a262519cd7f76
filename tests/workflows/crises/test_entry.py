"""Where crises are met on other pages: triage, the case, the menu, and the work list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.token import Token

from core.enums import CrisisPart, CrisisState, Role
from core.models import Crisis, Person
from core.templatetags.pn_navigation import CRISIS_PLACES
from tests import factories
from tests.walk import START, Cast, Walk, give
from tests.workflows.crises import rows
from workflows import base
from workflows.crisis.flow import CrisisFlow
from workflows.crisis.models import CrisisProcess, CrisisStep

SetClock = Callable[[datetime], None]
pytestmark = pytest.mark.django_db


def get(person: Person, address: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(address)


def work(person: Person) -> Any:
    return get(person, reverse("work"))


def process_of(crisis: Crisis) -> CrisisProcess:
    """The run of a crisis, with the step behind it from which branches begin."""
    process: CrisisProcess = CrisisProcess.objects.create(
        flow_class=CrisisFlow, crisis=crisis, definition_version="1"
    )
    Task.objects.create(
        process=process, flow_task=CrisisFlow.instance.node("detect"), token=Token("start"), status="DONE"
    )
    return process


def task_of(row: Any, node: str, process: CrisisProcess) -> Task:
    """The task the flow makes of a row."""
    base.enter(process, node=node, row=row)
    kind = ContentType.objects.get_for_model(row)
    task: Task = Task.objects.filter(process=process, seed_content_type=kind, seed_object_id=row.pk).latest(
        "pk"
    )
    return task


def test_a_task_of_a_crisis_says_the_step_the_reference_the_due_time_and_that_it_is_a_drill(
    cast: Cast, set_clock: SetClock
) -> None:
    set_clock(START)
    crisis = rows.make_crisis(cast, is_drill=True)
    process = process_of(crisis)
    late, soon = (
        rows.make_step(crisis, code, due=START + timedelta(minutes=minutes))
        for code, minutes in (("xac-minh", -1), ("giu-dau-vet", 20))
    )
    statement = rows.make_statement(crisis, "Nháp", cast=cast, step=rows.make_step(crisis, "noi", due=START))
    tasks = [
        task_of(soon, "carry_out", process),
        task_of(statement, "draft_statement", process),
        task_of(late, "carry_out", process),
    ]

    response = work(cast.contact)

    assert response.context["free"] == [tasks[2], tasks[1], tasks[0]]
    html = response.content.decode()
    for fact in ("Xac-Minh", crisis.reference, "the initial statement", "DIỄN TẬP", "Level 2"):
        assert fact in html, fact
    assert [task.crisis_row.is_late for task in response.context["free"]] == [True, False, False]


def test_a_crisis_that_waits_to_be_assessed_comes_before_what_is_due_later(
    cast: Cast, set_clock: SetClock
) -> None:
    walk = Walk(cast, set_clock).to("triage")
    walk.inquiry.due = START + timedelta(hours=1)
    walk.inquiry.save()
    crisis = rows.make_crisis(cast, state=CrisisState.DETECTED)
    base.enter(process_of(crisis), node="assess")

    first, second = work(cast.chief).context["free"]

    assert (first.assignment.crisis, second.assignment.inquiry) == (crisis, walk.inquiry)


def test_a_report_to_acknowledge_names_its_sender_and_nothing_of_the_sender_s_case(cast: Cast) -> None:
    above = cast.agency.parent
    assert above is not None
    reader = factories.make_person(full_name="Trực ban của Ủy ban")
    give(reader, Role.CHIEF_OF_OFFICE, agency=above)
    crisis = rows.make_crisis(cast)
    dispatch = rows.make_dispatch(rows.make_report(crisis, cast=cast), above)
    task = task_of(dispatch, "acknowledge", process_of(crisis))

    response = work(reader)

    html = response.content.decode()
    assert response.context["free"] == [task]
    assert f"Report from {cast.agency.name}" in html
    for secret in (crisis.title, crisis.case.title, crisis.reference, reverse("case", args=[crisis.case_id])):
        assert secret not in html
    assert work(cast.chief).context["free"] == []


def test_several_tasks_of_crises_ask_no_more_of_the_database_than_one(cast: Cast) -> None:
    def more() -> None:
        crisis = rows.make_crisis(cast)
        process = process_of(crisis)
        task_of(rows.make_step(crisis, "buoc", part=CrisisPart.PRESS_CONTACT), "carry_out", process)
        task_of(rows.make_statement(crisis, "Nháp", cast=cast), "draft_statement", process)

    more()
    one = asked(cast.contact)
    more()
    more()

    assert (asked(cast.contact), len(work(cast.contact).context["free"])) == (one, 6)


def asked(person: Person) -> int:
    work(person)
    with CaptureQueriesContext(connection) as captured:
        assert work(person).status_code == 200
    return len(captured)


def test_a_step_is_taken_and_put_back_like_any_other(cast: Cast) -> None:
    crisis = rows.make_crisis(cast)
    step = rows.make_step(crisis, "xac-minh")
    task = task_of(step, "carry_out", process_of(crisis))
    client = Client()
    client.force_login(cast.contact)

    client.post(reverse("step_take", args=[task.pk]))
    held = work(cast.contact).context["mine"]
    client.post(reverse("step_put_back", args=[task.pk]))

    assert held == [task]
    assert work(cast.contact).context["free"] == [task]
    assert CrisisStep.objects.get(pk=step.pk).settled_at is None


def test_at_triage_and_beside_its_path_a_possible_crisis_is_noted_of_the_inquiry(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    noted = rows.make_crisis(walk.cast, case=walk.inquiry.case, inquiry=walk.inquiry)
    address = reverse("step", args=[walk.task("triage").pk])

    for place in (address, reverse("case", args=[walk.inquiry.case_id])):
        html = get(walk.cast.chief, place).content.decode()

        assert f"/khung-hoang/moi/?yeu-cau={walk.inquiry.pk}" in html
        assert reverse("crisis", args=[noted.pk]) in html


def test_a_case_shows_its_crises_and_lets_one_be_noted(cast: Cast) -> None:
    crisis = rows.make_crisis(cast)
    address = reverse("case", args=[crisis.case_id])

    html = get(cast.contact, address).content.decode()

    assert reverse("crisis", args=[crisis.pk]) in html
    assert f"/khung-hoang/moi/?vu-viec={crisis.case_id}" in html
    assert "/khung-hoang/moi/" not in get(cast.auditor, address).content.decode()


def test_the_menu_leads_to_the_board_whom_it_concerns(cast: Cast) -> None:
    link = f'href="{reverse("crisis_board")}"'

    assert link in work(cast.contact).content.decode()
    assert link in work(cast.auditor).content.decode()
    assert link not in work(cast.administrator).content.decode()


def test_the_board_leads_to_every_page_around_crises_that_concerns_the_person(cast: Cast) -> None:
    """Nobody reaches a drill, or the reports that came, who has to know the address."""
    give(cast.chief, Role.AUDITOR, agency=cast.agency)

    html = get(cast.chief, reverse("crisis_board")).content.decode()

    for place in CRISIS_PLACES:
        assert f'href="{reverse(place.url_name)}"' in html
    drill = f'href="{reverse("crisis_drill")}"'
    assert drill not in get(cast.clerk, reverse("crisis_board")).content.decode()
