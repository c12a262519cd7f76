"""Playbooks in the browser: the list, a version with its order, the form of a draft that loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Person
from tests.walk import START, Cast, make_cast
from tests.workflows.crisis.walk import make_playbook
from workflows.crisis.actions import playbooks as actions
from workflows.crisis.forms import playbooks as forms
from workflows.crisis.models import PlaybookVersion
from workflows.crisis.queries import playbooks as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def example(cast: Cast, set_clock: Callable[[datetime], None]) -> PlaybookVersion:
    set_clock(START)
    return make_playbook(signs=("Đề thi lan truyền",), topics=("T-1",))


@pytest.fixture
def draft(cast: Cast, example: PlaybookVersion) -> PlaybookVersion:
    return actions.open_draft(example, agency=cast.agency, by=cast.contact, at=START)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(page: str) -> str:
    """What the summary of mistakes says."""
    return unescape(page.partition('id="pn-error-summary"')[2].partition("</ul>")[0])


def get(person: Person, name: str, *args: int, status: int = 200) -> str:
    response = signed_in(person).get(reverse(name, args=args))
    assert response.status_code == status
    return " ".join(unescape(response.content.decode()).split())


def post(person: Person, name: str, pk: int, data: dict[str, Any], status: int = 302) -> str:
    response = signed_in(person).post(reverse(name, args=[pk]), data)
    assert response.status_code == status, told(response.content.decode())
    return " ".join(unescape(response.content.decode()).split())


def filled(draft: PlaybookVersion) -> dict[str, Any]:
    """What a browser sends back of the untouched form."""
    data: dict[str, Any] = dict(forms.initial_head(draft))
    for name, rows in forms.initial_rows(draft).items():
        data |= {f"{name}-TOTAL_FORMS": len(rows) + 1, f"{name}-INITIAL_FORMS": len(rows)}
        data |= {f"{name}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    empty = {
        "deed": "task",
        "part": "",
        "min_level": 1,
        "counted_from": "ready",
        "document": "none",
    }
    data |= {f"steps-6-{key}": value for key, value in {**empty, "on_late": "remind"}.items()}
    return data | {"lines-1-min_level": 1}


def test_the_list_parts_drafts_own_examples_and_ended_ones(cast: Cast, draft: PlaybookVersion) -> None:
    make_playbook(code="strike")
    shown = get(cast.specialist, "playbooks")
    assert shown.index("Drafts") < shown.index("Examples") < shown.index("Scenario strike")
    assert "In force at your agencies" not in shown

    actions.approve(draft, valid_from=START.date(), by=cast.head, at=START)
    assert "In force at your agencies" in get(cast.specialist, "playbooks")


def test_the_list_asks_no_more_for_more_playbooks(cast: Cast, example: PlaybookVersion) -> None:
    def asked() -> int:
        client = signed_in(cast.contact)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("playbooks"))
        return len(captured)

    with_one = asked()
    for number in range(3):
        actions.open_draft(
            make_playbook(code=f"more-{number}"), agency=cast.agency, by=cast.contact, at=START
        )
    assert asked() == with_one


def test_a_version_shows_its_signs_order_ways_and_that_it_is_an_example(
    cast: Cast, example: PlaybookVersion
) -> None:
    shown = get(cast.contact, "playbook", example.pk)
    for said in (
        "Đề thi lan truyền",
        "Do verify",
        "Verify → Statement",
        "270 of 24 hours",
        "from level 2",
        "are examples of an agency's own regulation, not law",
        "Only the 24 hours for the initial statement are law",
        "Provincial people's committee",
        "An example of the product",
    ):
        assert said in shown
    assert " style=" not in shown
    assert reverse("playbook_draft", args=[example.pk]) in shown
    assert reverse("playbook_draft", args=[example.pk]) not in get(cast.specialist, "playbook", example.pk)


def test_another_agencys_playbook_is_not_found(cast: Cast, draft: PlaybookVersion) -> None:
    stranger = make_cast(code="SNV-Y")
    for name in (
        "playbook",
        "playbook_edit",
        "playbook_approve",
        "playbook_end",
        "playbook_drop",
        "playbook_draft",
    ):
        get(stranger.contact, name, draft.pk, status=404)
    assert str(draft.title) in get(cast.contact, "playbook", draft.pk)


def test_a_draft_is_opened_from_an_example_once(cast: Cast, example: PlaybookVersion) -> None:
    asked = {"agency": cast.agency.pk, "change": "Thêm trực"}
    post(cast.contact, "playbook_draft", example.pk, asked)
    draft = PlaybookVersion.objects.get(playbook__agency=cast.agency)
    assert (draft.change, draft.steps.count()) == ("Thêm trực", 6)
    again = post(cast.contact, "playbook_draft", example.pk, asked, status=409)
    assert "has an open draft, version 1" in again
    assert "None of your roles" in post(cast.specialist, "playbook_draft", example.pk, asked, status=403)


def test_the_untouched_form_saves_what_was_there(cast: Cast, draft: PlaybookVersion) -> None:
    before = queries.plain(draft)
    get(cast.contact, "playbook_edit", draft.pk)
    post(cast.contact, "playbook_edit", draft.pk, filled(draft))
    draft.refresh_from_db()
    assert queries.plain(draft) == before


def test_rows_are_added_removed_and_put_in_another_order(cast: Cast, draft: PlaybookVersion) -> None:
    data = filled(draft) | {
        "signs-1-text": "Điểm sai", "signs-0-DELETE": "on", "steps-0-place": 2, "steps-1-place": 1,
        "steps-4-DELETE": "on", "steps-5-after": "verify, preserve report;statement",
    }  # fmt: skip
    post(cast.contact, "playbook_edit", draft.pk, data)
    assert [sign.text for sign in draft.signs.all()] == ["Điểm sai"]
    assert [row.code for row in draft.steps.all()] == ["preserve", "verify", "report", "statement", "wrap-up"]


def test_what_cannot_run_stands_at_its_step_and_nothing_typed_is_lost(
    cast: Cast, draft: PlaybookVersion
) -> None:
    data = filled(draft) | {
        "steps-1-after": "nowhere",
        "steps-1-what": "Giữ nguyên hiện trường",
        "title": "Tên mới",
    }
    shown = post(cast.contact, "playbook_edit", draft.pk, data, status=422)
    sentence = "“Preserve” comes after “nowhere”, which is no step here."
    assert shown.count(sentence) == 2
    assert 'href="#row-steps-1"' in shown
    assert shown.count("<details open>") == 2
    assert "Giữ nguyên hiện trường" in shown
    assert 'value="Tên mới"' in shown
    draft.refresh_from_db()
    assert draft.title == "Scenario exam"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "Write the title."),
        ("steps-0-code", "Xác minh", "Use small letters a to z"),
        ("steps-0-minutes", "0", "greater than or equal to 1"),
        ("steps-0-minutes", "", "Say how many minutes."),
        ("steps-0-part", "minister", "minister"),
        ("steps-0-what", "", "Say what to do."),
        ("lines-0-part", "", "Say to whom."),
        ("topics", "99999999999999999999999", "topics"),
        ("steps-TOTAL_FORMS", "x", "ManagementForm"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(
    cast: Cast, draft: PlaybookVersion, field: str, value: str, said: str
) -> None:
    shown = post(cast.contact, "playbook_edit", draft.pk, filled(draft) | {field: value}, status=422)
    assert said in shown
    draft.refresh_from_db()
    assert (draft.title, draft.steps.count()) == ("Scenario exam", 6)


def test_more_rows_come_without_saving_or_complaining(cast: Cast, draft: PlaybookVersion) -> None:
    data = filled(draft) | {"more": "steps", "title": "", "steps-0-what": "Đang viết dở"}
    shown = post(cast.contact, "playbook_edit", draft.pk, data, status=200)
    assert 'name="steps-8-title"' in shown
    assert "Đang viết dở" in shown
    assert "Please correct this" not in shown
    assert draft.signs.count() == 1


def test_a_save_over_somebody_elses_is_refused_with_the_text_kept(cast: Cast, draft: PlaybookVersion) -> None:
    data = filled(draft) | {"seen": "2020-01-01T00:00:00+07:00", "title": "Của tôi"}
    shown = post(cast.contact, "playbook_edit", draft.pk, data, status=409)
    assert "saved this draft while you worked on it" in shown
    assert 'value="Của tôi"' in shown


def test_the_acts_of_the_pages_are_refused_in_words_to_whoever_may_not(
    cast: Cast, draft: PlaybookVersion
) -> None:
    assert "Your roles at" in get(cast.specialist, "playbook_edit", draft.pk)
    assert "Your roles at" in post(
        cast.contact, "playbook_approve", draft.pk, {"valid_from": "2026-07-13"}, status=403
    )
    post(cast.head, "playbook_approve", draft.pk, {"valid_from": "2026-07-13"})
    assert "does not change any more" in get(cast.contact, "playbook_edit", draft.pk)
    assert "does not change any more" in post(cast.contact, "playbook_drop", draft.pk, {}, status=409)
    post(cast.head, "playbook_end", draft.pk, {"on": "2026-08-01", "reason": "Quy chế mới"})
    draft.refresh_from_db()
    assert str(draft.valid_until) == "2026-08-01"


def test_a_draft_is_dropped_and_the_list_comes_back(cast: Cast, draft: PlaybookVersion) -> None:
    post(cast.contact, "playbook_drop", draft.pk, {})
    assert "Drafts" not in get(cast.contact, "playbooks")


def test_a_draft_that_cannot_run_says_so_on_its_page_and_before_approval(
    cast: Cast, draft: PlaybookVersion
) -> None:
    draft.report_lines.all().delete()
    for name in ("playbook", "playbook_approve"):
        assert "Nobody is reported to from level 1" in get(cast.head, name, draft.pk)
    refused = post(cast.head, "playbook_approve", draft.pk, {"valid_from": "2026-07-13"}, status=422)
    assert "The playbook cannot run like this" in refused
