"""The pages of joint matters: open to the people of its agencies, and telling nobody of another's case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.enums import AgencyKind
from core.models import Agency, Succession
from tests.factories import make_agency
from tests.walk import Cast
from tests.workflows.crisis.statements_walk import ADDRESS, JOINT, SAID, JointWalk, StatementWalk
from tests.workflows.crisis.test_statement_pages import at_step, client, read, send
from workflows.crisis.actions import joint as acts
from workflows.crisis.models import JointMatter, JointText, JointVoice

pytestmark = pytest.mark.django_db
SetClock = Callable[[datetime], None]


@pytest.fixture
def walk(cast: Cast, set_clock: SetClock) -> JointWalk:
    return JointWalk(cast, set_clock)


def page_of(walk: JointWalk) -> str:
    return reverse("joint_matter", args=[walk.matter.pk])


def voice(walk: JointWalk, cast: Cast, number: int = 1) -> str:
    return reverse("joint_voice", args=[walk.matter.pk, number, cast.agency.pk])


def test_a_matter_is_recorded_from_the_crisis_and_a_department_is_not_offered_as_lead(
    cast: Cast, set_clock: SetClock
) -> None:
    own = StatementWalk(cast, set_clock).run(JOINT)
    ministry = make_agency(kind=AgencyKind.MINISTRY, code="BO-C")
    address = reverse("joint_matter_open", args=[own.crisis.pk])
    given: dict[str, Any] = {
        "title": "Sự cố liên tỉnh (giả định)", "lead": ministry.pk, "parties": [cast.agency.pk],
        "assigned_by": "Công điện 01 (giả định)", "assigned_on": "2026-07-12",
    }  # fmt: skip

    assert read(cast.stranger, address, 404)
    assert "Your roles" in read(cast.contact, address)
    assert "This agency cannot lead" in send(cast.chief, address, 422, **(given | {"lead": cast.agency.pk}))
    wrongs: tuple[dict[str, Any], ...] = (
        {"parties": []},
        {"parties": ["9" * 40]},
        {"assigned_on": "30/02/2026"},
        {"title": ""},
    )
    for wrong in wrongs:
        assert "Công điện 01 (giả định)" in send(cast.chief, address, 422, **(given | wrong))
    assert "neither the lead nor" in send(
        cast.chief, address, 422, **(given | {"parties": [make_agency().pk]})
    )
    send(cast.chief, address, 302, **given)

    matter = JointMatter.objects.get()
    assert (matter.lead, list(matter.parties.all()), list(matter.crises.all())) == (
        ministry,
        [cast.agency],
        [own.crisis],
    )


def test_people_of_the_agencies_see_the_matter_and_not_each_others_cases(walk: JointWalk) -> None:
    own = StatementWalk(walk.department, walk.speaks.set_clock).run(JOINT)
    assert walk.matter.title in read(
        walk.department.chief, reverse("joint_matter_link", args=[own.crisis.pk])
    )
    send(
        walk.department.chief, reverse("joint_matter_link", args=[own.crisis.pk]), 302, matter=walk.matter.pk
    )
    lead, department = (reverse("case", args=[crisis.case_id]) for crisis in (walk.speaks.crisis, own.crisis))

    for cast, case in ((walk.lead, lead), (walk.department, department), (walk.province, "")):
        for person in (cast.chief, cast.head, cast.contact, cast.auditor):
            page = read(person, page_of(walk))
            shown = [address for address in (lead, department) if address in page]
            assert shown == ([case] if case else []), person.username
        for person in (cast.specialist, cast.clerk, cast.administrator, cast.stranger):
            assert read(person, page_of(walk), 404)
            assert walk.matter.title not in read(person, reverse("joint_matters"))
    assert client(walk.department.stranger).get(voice(walk, walk.department)).status_code == 404


def test_the_text_is_proposed_objected_to_by_paragraph_and_agreed_through_the_pages(walk: JointWalk) -> None:
    lead, department, province = walk.lead, walk.department, walk.province
    propose = reverse("joint_text_propose", args=[walk.matter.pk])
    assert "Your roles" in read(department.chief, propose)
    send(department.chief, propose, 403, text=SAID)
    send(lead.spokesperson, propose, 422, text=" ")
    send(lead.spokesperson, propose, 302, text=SAID)

    address = voice(walk, department)
    page = read(department.chief, address)
    assert "Kết quả xác minh" in page
    kept = send(department.chief, address, 422, paragraph_2="Chưa kiểm chứng.", action="agree")
    assert "Chưa kiểm chứng." in kept
    assert "pressed the button that agrees" in kept
    send(department.chief, address, 422, action="object")
    send(department.chief, address, 422, paragraph_1="x" * 2_001, action="object")
    send(department.chief, address, 302, paragraph_2="Chưa kiểm chứng.", action="object")
    send(province.chief, voice(walk, province), 302, action="agree")
    assert read(department.chief, voice(walk, department, 9), 404)
    assert read(department.chief, voice(walk, lead), 200).count("is not one of the agencies") == 1

    page = read(lead.chief, page_of(walk))
    assert "Chưa kiểm chứng." in page
    assert "Version 1 not agreed yet" in page
    assert propose in page
    assert propose not in read(lead.auditor, page_of(walk))

    send(lead.spokesperson, propose, 302, text=SAID + " (giả định)")
    for cast in (department, province):
        send(cast.chief, voice(walk, cast, 2), 302, action="agree")
    page = read(department.chief, page_of(walk))
    assert "Version 2 agreed" in page
    assert "What changed since the version before" in page
    assert (JointText.objects.count(), JointVoice.objects.count()) == (2, 4)


def test_the_lead_drafts_what_was_agreed_and_the_page_says_what_was_released(walk: JointWalk) -> None:
    walk.agree(walk.propose())
    draft = at_step(walk.speaks, "draft_statement")
    page = read(walk.lead.contact, draft)
    assert "Kết quả xác minh" in page
    assert "The text is one that all agreed to" in page
    walk.speaks.draft()
    walk.speaks.clear()
    release = at_step(walk.speaks, "release_statement")
    given = {"sha256": walk.speaks.sha256, "address": ADDRESS, "action": "release"}
    send(walk.lead.spokesperson, release, 302, **given)

    page = read(walk.department.chief, page_of(walk))
    assert f"Released by {walk.lead.spokesperson.full_name}" in page
    assert voice(walk, walk.department) not in page
    assert "released version 1 already" in read(walk.department.chief, voice(walk, walk.department))
    send(walk.department.chief, voice(walk, walk.department), 409, action="object", paragraph_1="Sai.")


def test_another_agency_reads_who_leads_before_it_types(walk: JointWalk) -> None:
    own = StatementWalk(walk.department, walk.speaks.set_clock).run(JOINT)
    acts.link(matter=walk.matter, crisis=own.crisis, by=walk.department.chief)
    own.draft()
    own.clear()

    page = read(walk.department.spokesperson, at_step(own, "release_statement"))

    assert f"{walk.lead.agency.name} was assigned the lead" in page
    assert page_of(walk) in page
    assert 'value="release"' not in page


def test_after_a_deadlock_the_pages_say_it_is_for_the_heads(walk: JointWalk) -> None:
    address = reverse("joint_put_to_heads", args=[walk.matter.pk, walk.department.agency.pk])
    assert "proposed no text yet" in read(walk.department.chief, address)
    walk.propose()
    send(walk.department.chief, address, 422, reason=" ")
    send(walk.lead.chief, address, 403, reason="Không thống nhất đoạn 2.")
    send(walk.department.chief, address, 302, reason="Không thống nhất đoạn 2.")

    page = read(walk.department.chief, page_of(walk))
    assert "For the heads" in page
    assert "Không thống nhất đoạn 2." in page
    assert voice(walk, walk.department) not in page
    assert voice(walk, walk.department) in read(walk.department.head, page_of(walk))
    send(walk.department.chief, voice(walk, walk.department), 403, action="agree")
    send(walk.department.head, voice(walk, walk.department), 302, action="agree")
    assert "only the head of" in read(walk.lead.chief, page_of(walk))


def test_the_list_asks_as_many_queries_for_ten_matters_as_for_one(walk: JointWalk) -> None:
    walk.agree(walk.propose())
    browser = Client()
    browser.force_login(walk.department.chief)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(reverse("joint_matters")).content.decode()
        assert page.count(walk.matter.title) == JointMatter.objects.count()
        return len(captured)

    asked()
    once = asked()
    for number in range(9):
        more = JointMatter.objects.create(
            title=walk.matter.title, lead=walk.lead.agency, assigned_by=f"Công điện {number}",
            assigned_on=walk.matter.assigned_on, opened_by=walk.lead.chief, opened_at=walk.matter.opened_at,
        )  # fmt: skip
        more.parties.set([walk.department.agency])
    assert asked() == once


def test_the_list_and_the_page_ask_as_many_queries_for_two_dissolved_agencies_as_for_one(
    walk: JointWalk,
) -> None:
    walk.agree(walk.propose())
    browser = Client()
    browser.force_login(walk.lead.chief)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    def dissolved(agency: Agency) -> list[int]:
        on = walk.speaks.at.date()
        Agency.objects.filter(pk=agency.pk).update(valid_until=on)
        Succession.objects.create(predecessor=agency, successor=walk.lead.agency, field="*", on=on)
        return [asked(address) for address in (reverse("joint_matters"), page_of(walk))]

    dissolved_one = dissolved(walk.province.agency)
    assert dissolved(walk.department.agency) == dissolved_one
