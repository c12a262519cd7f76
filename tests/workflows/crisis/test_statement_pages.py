"""The pages of a statement: what stands there before anybody types, right and wrong, nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.enums import StatementForm
from core.models import Person, Statement
from tests.walk import Cast
from tests.workflows.crisis.statements_walk import ADDRESS, JOINT, NATIONAL, SAID, StatementWalk

pytestmark = pytest.mark.django_db
DRAFTED: dict[str, Any] = {"form": StatementForm.DIRECT, "recipient": "", "text": SAID, "action": "hand_in"}


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> StatementWalk:
    return StatementWalk(cast, set_clock).run()


def client(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def at_step(walk: StatementWalk, node: str) -> str:
    return reverse("step", args=[walk.tasks(node)[-1].pk])


def read(person: Person, address: str, status: int = 200) -> str:
    response = client(person).get(address)
    assert response.status_code == status
    return response.content.decode()


def send(person: Person, address: str, status: int, /, **data: Any) -> str:
    response = client(person).post(address, data)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_a_statement_is_drafted_cleared_and_released_through_its_pages(walk: StatementWalk) -> None:
    draft = at_step(walk, "draft_statement")
    page = read(walk.cast.contact, draft)
    assert "The initial statement" in page
    assert all(label in page for label in map(str, StatementForm.labels))
    assert "Give it up" not in page
    send(walk.cast.contact, draft, 302, **DRAFTED)

    clear = at_step(walk, "clear_statement")
    page = read(walk.cast.legal, clear)
    assert "Kết quả xác minh" in page
    assert walk.sha256 in page
    send(walk.cast.legal, clear, 302, sha256=walk.sha256, action="clear")

    release = at_step(walk, "release_statement")
    page = read(walk.cast.spokesperson, release)
    assert "You act under your mandate" in page
    assert "no number, no seal and no PDF" in page
    assert 'name="address"' not in page
    assert 'name="late_reason"' not in page
    send(walk.cast.spokesperson, release, 302, sha256=walk.sha256, action="release")

    assert Statement.objects.get().form == StatementForm.DIRECT


def test_what_cannot_be_handed_in_comes_back_as_it_was_typed(walk: StatementWalk) -> None:
    draft = at_step(walk, "draft_statement")
    wrong: dict[str, dict[str, Any]] = {
        "a release to nobody": {"form": StatementForm.PRESS_RELEASE_OR_REPLY},
        "a form that is none": {"form": "rumour"},
        "nothing": {"text": " "},
        "no button": {"action": ""},
        "another button": {"action": "clear"},
        "the initial one given up": {"action": "give_up", "reason": "Thôi."},
    }

    for name, changes in wrong.items():
        status = 409 if "given up" in name else 422
        page = send(walk.cast.contact, draft, status, **(DRAFTED | changes))
        assert ("Sở đã nhận tin" in page) == ("text" not in changes), name

    assert walk.statement.texts.count() == 0


def test_what_was_typed_is_kept_and_a_late_sender_gets_it_back(walk: StatementWalk) -> None:
    draft = at_step(walk, "draft_statement")
    save = reverse("step_save", args=[walk.tasks("draft_statement")[-1].pk])
    assert client(walk.cast.contact).post(save, {"text": "Đang gõ dở."}).status_code == 204
    assert "Đang gõ dở." in read(walk.cast.contact, draft)
    walk.draft(by=walk.cast.colleague)

    page = send(walk.cast.contact, draft, 409, **(DRAFTED | {"text": "Bản của tôi."}))

    assert "already completed the step" in page
    assert "Bản của tôi." in page


def test_the_drafter_reads_why_it_was_sent_back_and_the_judge_what_changed(walk: StatementWalk) -> None:
    walk.draft()
    clear = at_step(walk, "clear_statement")
    send(walk.cast.legal, clear, 422, sha256=walk.sha256, action="return", reason=" ")
    send(walk.cast.legal, clear, 302, sha256=walk.sha256, action="return", reason="Bỏ giờ nhận tin.")

    page = read(walk.cast.contact, at_step(walk, "draft_statement"))
    assert "Bỏ giờ nhận tin." in page
    assert "Sở đã nhận tin" in page

    old = walk.sha256
    walk.draft("Sở đã nhận tin (giả định).")
    clear = at_step(walk, "clear_statement")
    assert "What changed since version 1" in read(walk.cast.legal, clear)
    page = send(walk.cast.legal, clear, 409, sha256=old, action="clear", reason="Được.")
    assert "not the latest version" in page
    assert "Được." in page


def test_the_portal_needs_its_address_and_lateness_its_reason(walk: StatementWalk) -> None:
    walk.draft()
    walk.clear()
    walk.pass_time(hours=9)
    release = at_step(walk, "release_statement")
    assert 'name="late_reason"' in read(walk.cast.head, release)
    given = {"sha256": walk.sha256, "action": "release", "address": ADDRESS, "late_reason": "Chờ xác minh."}

    assert "Chờ xác minh." in send(walk.cast.head, release, 422, **(given | {"address": ""}))
    assert ADDRESS in send(walk.cast.head, release, 422, **(given | {"late_reason": ""}))
    send(walk.cast.head, release, 422, **(given | {"address": "javascript:alert(1)"}))
    assert Statement.objects.count() == 0
    send(walk.cast.head, release, 302, **given)

    assert Statement.objects.get().address == ADDRESS


@pytest.mark.parametrize(
    ("duty", "sentence"),
    [
        (NATIONAL, "the Prime Minister or the Government spokesperson alone speaks"),
        (JOINT, "No joint matter is recorded yet"),
    ],
)
def test_who_may_speak_stands_on_the_page_before_anybody_types(
    cast: Cast, set_clock: Callable[[datetime], None], duty: str, sentence: str
) -> None:
    walk = StatementWalk(cast, set_clock).run(duty)
    assert sentence in read(cast.contact, at_step(walk, "draft_statement"))
    walk.draft()
    walk.clear()
    release = at_step(walk, "release_statement")

    page = read(cast.spokesperson, release)
    assert sentence in page
    assert 'value="release"' not in page
    assert (reverse("joint_matter_open", args=[walk.crisis.pk]) in page) == (duty == JOINT)
    given = {"sha256": walk.sha256, "address": ADDRESS}
    assert sentence in send(cast.spokesperson, release, 409, **given, action="release")
    send(cast.spokesperson, release, 302, **given, action="return", reason="Chờ bộ chủ trì.")

    assert (Statement.objects.count(), walk.statement.is_returned) == (0, True)


def test_a_further_statement_is_opened_from_its_page_and_given_up_with_a_reason(walk: StatementWalk) -> None:
    address = reverse("statement_open", args=[walk.crisis.pk])
    cast = walk.cast
    assert read(cast.stranger, address, 404)
    assert "Your roles" in read(cast.auditor, address)
    send(cast.auditor, address, 403, form=StatementForm.BRIEFING)
    send(cast.contact, address, 422, form="rumour")
    send(cast.contact, address, 302, form=StatementForm.BRIEFING)

    draft = at_step(walk, "draft_statement")
    assert "Give it up" in read(cast.contact, draft)
    send(cast.contact, draft, 422, action="give_up", reason="", text="Gõ dở.")
    send(cast.contact, draft, 302, action="give_up", reason="Không cần nữa.")

    assert (walk.statement.number, walk.statement.is_given_up) == (2, True)
