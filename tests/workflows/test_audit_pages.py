from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import triggers
from core.enums import ReplyForm, Role, Secrecy
from core.models import Case, Person, RoleAssignment, TextKey, TrailEntry
from core.queries.trail import story
from core.templatetags.pn import local_datetime
from tests.trail_plugin import drop_triggers
from tests.walk import Cast, Walk, give, make_cast
from workflows.base import Step
from workflows.press_inquiry.actions import judging
from workflows.press_inquiry.models import DraftVersion
from workflows.views.audit import Told

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def audited(walk: Walk, person: Person | None = None) -> Any:
    client = signed_in(person or walk.cast.auditor)
    return client.get(reverse("audit_case", args=[walk.inquiry.case_id]))


def corrected_by_head(inquiry_at: Callable[..., Walk]) -> Walk:
    walk = inquiry_at("decide", reply_form=ReplyForm.PORTAL)
    seen = walk.sha256
    submission = walk.submission(answers={1: "Câu trả lời số 1.", 2: "Có 200 thí sinh."})

    def correct(step: Step) -> None:
        judging.correct_and_decide(
            process=step.process, sha256=seen, submission=submission, by=step.by, at=step.at
        )

    walk.act("decide", walk.cast.head, correct)
    return walk


def test_every_case_of_the_agency_is_listed_restricted_ones_too_and_none_of_another(
    cast: Cast, inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    open_one, restricted = inquiry_at("triage"), inquiry_at("triage")
    Case.objects.filter(pk=restricted.inquiry.case_id).update(secrecy=Secrecy.RESTRICTED)
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register(subject="Foreign matter")

    listed = {case.pk for case in signed_in(cast.auditor).get(reverse("audit")).context["page"]}

    assert listed == {open_one.inquiry.case_id, restricted.inquiry.case_id}


def test_an_auditor_elsewhere_lists_no_case_merely_opened_to_him(
    cast: Cast, inquiry_at: Callable[..., Walk]
) -> None:
    """A participant's access is no right to audit: the list follows from the role alone."""
    walk = inquiry_at("triage")
    give(cast.stranger, Role.SPECIALIST, agency=cast.agency)
    walk.inquiry.case.participants.create(person=cast.stranger)

    assert list(signed_in(cast.stranger).get(reverse("audit")).context["page"]) == []
    assert audited(walk, cast.stranger).status_code == 403


def test_the_auditor_of_another_agency_finds_nothing(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")

    assert audited(walk, walk.cast.stranger).status_code == 404
    assert audited(walk).status_code == 200


@pytest.mark.parametrize("role", ["chief", "head", "clerk", "specialist"])
def test_who_works_on_cases_does_not_read_the_auditors_pages(
    inquiry_at: Callable[..., Walk], role: str
) -> None:
    walk = inquiry_at("draft")
    person = getattr(walk.cast, role)

    assert audited(walk, person).status_code == 403
    assert [signed_in(person).get(reverse(name)).status_code for name in ("audit", "audit_corrections")] == [
        403,
        403,
    ]


def test_an_auditors_role_that_ended_opens_nothing(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    RoleAssignment.objects.filter(person=walk.cast.auditor).update(valid_until=walk.at)

    assert audited(walk).status_code == 404
    assert signed_in(walk.cast.auditor).get(reverse("audit")).status_code == 403


def test_the_story_says_who_in_what_post_under_which_mandate_what_and_when(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("the end", reply_form=ReplyForm.PORTAL)

    html = audited(walk).content.decode()

    for line in story(walk.inquiry.case):
        assert line.what in html
        assert line.hash[:12] in html
    for fact in (
        walk.cast.head.full_name,
        "Giám đốc Sở",
        "Under the mandate:",
        "Head, ex officio",
        "The system",
    ):
        assert fact in html


def test_the_lines_stand_in_the_order_of_the_trail(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("decide")

    told = audited(walk).context["told"]

    assert [each.line.seq for each in told] == list(range(1, len(told) + 1))


def test_what_was_claimed_and_what_was_recorded_stand_side_by_side_and_a_gap_is_marked(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    line = story(walk.inquiry.case)[-1]
    at_once = replace(line, recorded_at=line.occurred_at + timedelta(seconds=2))
    late = replace(line, recorded_at=line.occurred_at + timedelta(hours=2))

    html = render_to_string(
        "workflows/components/_told.html", {"line": late, "gap": Told(line=late, exact=None).gap}
    )

    assert Told(line=at_once, exact=None).gap is None
    assert "recorded 2 hours later" in html
    assert local_datetime(late.occurred_at) in html
    assert local_datetime(late.recorded_at) in html


def test_the_exact_text_stands_beside_each_approval_and_the_trail_proves_it(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.PORTAL)

    response = audited(walk)
    exact = {each.line.code: each.exact for each in response.context["told"] if each.exact}

    assert set(exact) == {
        "draft.submitted",
        "draft.approved_in_review",
        "draft.cleared",
        "reply.approved",
    }
    assert {(each.is_bound, each.is_proved) for each in exact.values()} == {(True, True)}
    assert "Câu trả lời số 1." in response.content.decode()
    assert walk.sha256 in response.content.decode()


def test_a_text_exchanged_after_the_approval_is_found(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.PORTAL)
    DraftVersion.objects.update(answers=[{"question": 1, "text": "Exchanged."}])

    response = audited(walk)

    exact = [each.exact for each in response.context["told"] if each.exact]
    assert {(each.is_bound, each.is_proved) for each in exact} == {(False, False)}
    assert "The text kept now is not the one this entry speaks of" in response.content.decode()


def test_reading_makes_no_key_and_says_nothing_once_a_purge_destroyed_it(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("clear")
    TextKey.objects.filter(object_type=DraftVersion._meta.label).delete()

    exact = [each.exact for each in audited(walk).context["told"] if each.exact]

    assert {each.is_proved for each in exact} == {None}
    assert not TextKey.objects.filter(object_type=DraftVersion._meta.label).exists()


def test_a_sound_chain_is_said_to_hold(inquiry_at: Callable[..., Walk]) -> None:
    response = audited(inquiry_at("draft"))

    assert response.context["findings"] == []
    assert "The chain of this case holds" in response.content.decode()


def test_a_changed_entry_breaks_the_chain_in_plain_sight(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("draft")
    drop_triggers(connection)
    entry = TrailEntry.objects.filter(stream=f"case:{walk.inquiry.case_id}", type="inquiry.triaged").get()
    TrailEntry.objects.filter(pk=entry.pk).update(actor_name="Somebody else")
    triggers.install(connection)

    response = audited(walk)

    assert [(finding.seq, finding.problem) for finding in response.context["findings"]] == [
        (entry.seq, "columns_differ")
    ]
    assert "The chain of this case is broken" in response.content.decode()


def test_corrections_by_the_head_are_listed_with_the_difference(inquiry_at: Callable[..., Walk]) -> None:
    walk = corrected_by_head(inquiry_at)
    inquiry_at("release", reply_form=ReplyForm.PORTAL)

    response = signed_in(walk.cast.auditor).get(reverse("audit_corrections"))
    html = response.content.decode()

    assert [version.inquiry for version, _before, _after in response.context["corrections"]] == [walk.inquiry]
    assert "<ins>" in html
    assert "200" in html
    assert walk.cast.head.full_name in html
    assert "What the head changed" in audited(walk).content.decode()


def test_corrections_in_another_agency_are_not_listed(
    inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    corrected_by_head(inquiry_at)
    other = make_cast(code="SNV-Y")

    assert signed_in(other.auditor).get(reverse("audit_corrections")).context["corrections"] == []


def test_the_auditor_opens_the_case_and_can_do_nothing_there(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("review")
    client = signed_in(walk.cast.auditor)
    before = TrailEntry.objects.count()

    page = client.get(reverse("case", args=[walk.inquiry.case_id]))
    offers = page.context["inquiries"][0]

    assert page.context["is_read_only"]
    assert "You read this case as an auditor." in page.content.decode()
    assert not any(offer.is_possible for offer in [*offers.steps, *offers.beside])
    for name in ("withdraw", "clock_stop", "opinion_ask", "move", "enter_number"):
        data = {
            "reason": "r",
            "of": walk.cast.agency.parent_id,
            "about": "a",
            "number": 1,
            "issued_on": "2026-07-13",
        }
        assert client.post(reverse(name, args=[walk.inquiry.pk]), data).status_code in (403, 422)
    assert TrailEntry.objects.count() == before


@pytest.mark.parametrize("name", ["audit", "audit_corrections"])
def test_the_auditors_pages_take_nothing_in(cast: Cast, name: str) -> None:
    assert signed_in(cast.auditor).post(reverse(name)).status_code == 405


def test_the_trail_of_a_long_case_asks_no_more_than_that_of_a_short_one(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    """Beyond one question per version for its proof."""
    walk = Walk(cast, set_clock, reply_form=ReplyForm.PORTAL).to("review")
    one = questions(walk)
    for _number in range(2):
        more = Walk(cast, set_clock, reply_form=ReplyForm.PORTAL)
        more.register(case=walk.inquiry.case)
        more.to("review")

    assert questions(walk) == one + 2


def questions(walk: Walk) -> int:
    client, address = signed_in(walk.cast.auditor), reverse("audit_case", args=[walk.inquiry.case_id])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
