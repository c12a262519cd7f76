"""Clocks of publication across procedures: reminders, recomputing, who sees them, and their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from core import events
from core.actions import calendar, feeds, mandates
from core.actions.calendar import Decision
from core.enums import Codename, DeadlineOutcome, LimitUnit
from core.models import Deadline, Mandate, OutgoingMail, Person, Reminder, TrailEntry
from core.queries import deadlines as queries
from tests.bureau import PAGE, Bureau, make_bureau, one
from tests.desk import SWAP, at, local_rule
from workflows import deadlines as clocks
from workflows import recomputing, reminders

pytestmark = pytest.mark.django_db

INSTANT = timedelta(microseconds=1)
SIGNED = "2026-06-15T08:00"
DUE = at("2026-06-15T20:00")
BEFORE, AFTER = DUE - timedelta(hours=3), DUE + timedelta(hours=2)


@pytest.fixture
def bureau(set_clock: Callable[[datetime], None]) -> Bureau:
    set_clock(at("2026-06-15T10:00"))
    return make_bureau()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: object, status: int = 200) -> str:
    response = signed_in(person).get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


def post(person: Person, deadline: Deadline, name: str = "deadline_publish", **data: str) -> HttpResponse:
    given = {"published_at": "2026-06-15T09:00", "address": PAGE, **data}
    response = signed_in(person).post(reverse(name, args=[deadline.pk]), given)
    assert isinstance(response, HttpResponse)
    return response


# Reminders


def told(now: datetime) -> set[tuple[str, str]]:
    """Who is told of what by one sweep."""
    known = set(Reminder.objects.values_list("pk", flat=True))
    count = reminders.sweep(at=now)
    rows = Reminder.objects.exclude(pk__in=known).select_related("person")
    assert count == len(rows)
    return {(row.stage, row.person.username.removeprefix("snv-b.")) for row in rows}


@pytest.fixture
def apart(bureau: Bureau) -> Bureau:
    """The chief of office triages and does not publish, so that the ranks are told apart."""
    role = bureau.chief.role_assignments.get().group
    role.permissions.remove(Permission.objects.get(codename=Codename.PUBLISH_SPEAKERS))
    return bureau


def test_whoever_publishes_is_told_before_then_the_chief_of_office_then_the_head_each_once(
    apart: Bureau,
) -> None:
    apart.delegate(SIGNED)
    publishers = ("contact", "clerk")

    assert told(BEFORE - INSTANT) == set()
    assert told(BEFORE) == {("before", name) for name in publishers}
    assert told(DUE - INSTANT) == set()
    assert told(DUE) == {("due", name) for name in (*publishers, "chief")}
    assert told(AFTER - INSTANT) == set()
    assert told(AFTER) == {("overdue", name) for name in (*publishers, "chief", "head")}
    assert [told(now) for now in (BEFORE, DUE, AFTER, AFTER + timedelta(days=3))] == [set()] * 4


def test_where_nobody_publishes_the_next_rank_is_told(apart: Bureau) -> None:
    apart.delegate(SIGNED)
    Person.objects.filter(pk__in=[apart.contact.pk, apart.clerk.pk]).update(is_active=False)

    assert told(BEFORE) == {("before", "chief")}


def test_a_letter_that_became_known_after_its_time_is_told_at_once(bureau: Bureau) -> None:
    bureau.delegate("2026-06-30T16:00", known="2026-07-01T09:00")

    assert {stage for stage, _who in told(at("2026-07-01T09:01"))} == {"due", "overdue"}


def test_what_was_published_is_silent_and_what_was_revoked_is_not(bureau: Bureau) -> None:
    published, owed = bureau.delegate(SIGNED), bureau.delegate(SIGNED, number="13/GUQ-SNV")
    bureau.publish(one(published), "2026-06-15T09:00")
    mandates.revoke(mandate=owed, by=bureau.head, at=at("2026-06-15T09:00"), reason="Đã về.")

    told(AFTER)

    assert {row.deadline.mandate_id for row in Reminder.objects.all()} == {owed.pk}


@pytest.mark.parametrize(("kind", "number"), [("delegate", "12/GUQ-SNV"), ("assign", "128/QĐ-SNV")])
def test_the_mail_is_about_the_letter_by_its_number_and_about_no_inquiry(
    bureau: Bureau, kind: str, number: str
) -> None:
    mandate = bureau.delegate(SIGNED) if kind == "delegate" else bureau.assign("2026-07-06")
    due = one(mandate).due
    assert due is not None

    told(due)

    queued = OutgoingMail.objects.filter(recipient=bureau.contact.email).latest("pk")
    entry = TrailEntry.objects.get(type=events.MAIL_QUEUED.code, object_id=queued.pk)
    reminder = TrailEntry.objects.filter(type=events.DEADLINE_REMINDED.code).latest("pk")
    stream = f"case:{bureau.case.pk}" if kind == "delegate" else "global"
    assert (queued.inquiry, queued.agency) == (None, bureau.agency)
    assert f"Văn bản {number}: Công bố" in queued.body
    assert "ghi nhận tại trang của thời hạn này" in queued.body
    assert queued.subject.startswith(f"[{number}]")
    assert bureau.case.title not in queued.subject + queued.body
    assert (entry.stream, reminder.stream) == (stream, stream)
    assert (entry.data["reference"], reminder.data["mandate"]) == (number, mandate.pk)


# A new calendar


def test_the_job_computes_a_clock_of_a_mandate_anew_once(
    bureau: Bureau, set_clock: Callable[[datetime], None]
) -> None:
    local_rule(bureau.agency, "delegation_publication", 10, LimitUnit.WORKING_DAYS, start="signing")
    deadline = one(bureau.delegate("2026-11-10T09:00"))
    role = bureau.clerk.role_assignments.get().group
    role.permissions.add(Permission.objects.get(codename=Codename.PUBLISH_CALENDAR))
    decision = Decision(number="99/TB-BNV", on=date(2026, 11, 12), issuer="Bộ Nội vụ", changes=SWAP)
    calendar.publish(decision=decision, by=bureau.clerk, at=at("2026-11-12T08:00"))
    set_clock(at("2026-11-12T09:00"))

    moved, again = recomputing.recompute_open(), recomputing.recompute_open()

    deadline.refresh_from_db()
    assert (moved, again, deadline.last_day) == (1, 0, date(2026, 11, 26))
    assert deadline.changes.get().changed_at == at("2026-11-12T09:00")


# Who sees it


def seers(bureau: Bureau, mandate: Mandate) -> set[str]:
    people = (
        bureau.head, bureau.deputy, bureau.contact, bureau.clerk, bureau.chief, bureau.auditor, bureau.bystander,
        bureau.stranger,
    )  # fmt: skip
    now = at("2026-06-15T10:00")
    by_list = {
        person.username.removeprefix("snv-b.")
        for person in people
        if queries.visible_to(person, at=now).filter(mandate=mandate).exists()
    }
    by_page = {
        person.username.removeprefix("snv-b.")
        for person in people
        if signed_in(person).get(reverse("deadline", args=[one(mandate).pk])).status_code == 200
    }
    assert by_list == by_page
    return by_list


def test_a_clock_without_a_case_is_seen_by_whoever_keeps_or_reads_who_speaks(
    bureau: Bureau, set_clock: Callable[[datetime], None]
) -> None:
    mandate = bureau.assign("2026-07-06")
    set_clock(at("2026-07-06T13:00"))

    assert seers(bureau, mandate) == {"head", "contact", "clerk", "chief", "auditor"}


def test_one_right_of_those_named_suffices_and_no_other(bureau: Bureau) -> None:
    mandate = bureau.assign("2026-07-06")
    role = bureau.bystander.role_assignments.get().group

    def sees(codename: Codename) -> bool:
        role.permissions.set([Permission.objects.get(codename=codename)])
        now = at("2026-07-06T13:00")
        return queries.visible_to(bureau.bystander, at=now).filter(mandate=mandate).exists()

    assert {codename for codename in Codename if sees(codename)} == {
        Codename.PUBLISH_SPEAKERS,
        Codename.DELEGATE_SPEAKING,
        Codename.AUDIT_CASES,
        Codename.VIEW_AGENCY_CASES,
    }


def test_a_clock_of_a_delegation_is_seen_as_its_case_is(bureau: Bureau) -> None:
    mandate = bureau.delegate(SIGNED)
    assert seers(bureau, mandate) == {"head", "deputy", "contact", "clerk", "chief", "auditor"}

    bureau.restrict()

    assert seers(bureau, mandate) == {"deputy", "auditor"}


def test_a_closed_account_sees_none(bureau: Bureau) -> None:
    bureau.assign("2026-07-06")
    bureau.contact.is_active = False

    assert not queries.visible_to(bureau.contact, at=at("2026-07-06T13:00")).exists()


def test_the_same_answer_for_what_is_hidden_and_what_is_not_there(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))

    for name in ("deadline", "deadline_publish", "deadline_extend", "deadline_void"):
        hidden = get(bureau.stranger, name, deadline.pk, status=404)
        nowhere = get(bureau.stranger, name, 999_999, status=404)
        assert "There is no such deadline, or it is not open to you." in hidden
        assert "There is no such deadline, or it is not open to you." in nowhere
        assert "12/GUQ-SNV" not in hidden


# My work and the calendar feed


def test_what_presses_is_shown_to_whoever_publishes_and_to_the_head(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))
    now = at("2026-06-15T10:00")

    for person in (bureau.contact, bureau.clerk, bureau.chief, bureau.head):
        assert clocks.pressing(person, at=now) == [deadline]
        assert f"12/GUQ-SNV · {bureau.deputy.full_name}" in get(person, "work")
    for person in (bureau.deputy, bureau.auditor, bureau.bystander, bureau.stranger):
        assert clocks.pressing(person, at=now) == []


def test_the_feed_names_the_letter_by_its_number_alone(bureau: Bureau) -> None:
    bureau.delegate(SIGNED)
    token = feeds.open_feed(person=bureau.contact, at=at("2026-06-15T10:00"))

    body = Client().get(reverse("feed", args=[token])).content
    event: Any
    (event,) = Calendar.from_ical(body).walk("VEVENT")

    assert event["dtend"].dt == DUE
    assert str(event["summary"]).endswith("(12/GUQ-SNV)")
    assert bureau.case.title not in body.decode()
    assert bureau.deputy.full_name not in body.decode()


# Pages


def test_the_page_of_a_delegation_names_the_delegate_and_leads_to_its_case(bureau: Bureau) -> None:
    html = get(bureau.contact, "deadline", one(bureau.delegate(SIGNED)).pk)

    for fact in ("12/GUQ-SNV", bureau.deputy.full_name, "Delegated", "20 giờ 00 phút", bureau.case.title):
        assert fact in html
    assert reverse("case", args=[bureau.case.pk]) in html


def test_the_page_of_a_standing_spokesperson_leads_to_no_case(
    bureau: Bureau, set_clock: Callable[[datetime], None]
) -> None:
    deadline = one(bureau.assign("2026-07-06"))
    set_clock(at("2026-07-06T13:00"))

    html = get(bureau.contact, "deadline", deadline.pk)

    for fact in ("128/QĐ-SNV", bureau.deputy.full_name, "Standing spokesperson", "Nghị định số 244/2026"):
        assert fact in html
    assert "Back to the case" not in html


def test_publishing_is_offered_to_whoever_may_and_the_others_are_told_why_not(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))
    address = reverse("deadline_publish", args=[deadline.pk])

    assert f'href="{address}"' in get(bureau.contact, "deadline", deadline.pk)
    other = get(bureau.auditor, "deadline", deadline.pk)
    assert f'href="{address}"' not in other
    assert "publish who speaks for the agency" in other
    assert reverse("deadline_done", args=[deadline.pk]) not in get(bureau.contact, "deadline", deadline.pk)


@pytest.mark.parametrize(
    ("kind", "when", "outcome", "said"),
    [
        ("delegate", "2026-06-15T20:00", DeadlineOutcome.MET, "Met in time"),
        ("delegate", "2026-06-15T20:01", DeadlineOutcome.LATE, "Done late"),
        ("assign", "2026-07-07T00:00", DeadlineOutcome.MET, "Met in time"),
        ("assign", "2026-07-07T00:01", DeadlineOutcome.LATE, "Done late"),
    ],
)
def test_the_publication_recorded_on_its_page_ends_it_in_time_or_late(
    bureau: Bureau, set_clock: Callable[[datetime], None], kind: str, when: str, outcome: str, said: str
) -> None:
    mandate = bureau.delegate(SIGNED) if kind == "delegate" else bureau.assign("2026-07-06")
    deadline = one(mandate)
    set_clock(at("2026-07-08T08:00"))
    assert "When it was published" in get(bureau.contact, "deadline_publish", deadline.pk)

    response = post(bureau.contact, deadline, published_at=when)

    deadline.refresh_from_db()
    assert response["Location"] == reverse("deadline", args=[deadline.pk])
    assert (deadline.outcome, deadline.ended_at) == (outcome, at(when))
    assert said in get(bureau.contact, "deadline", deadline.pk)


def test_what_was_typed_is_kept_where_the_address_is_missing(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))

    response = post(bureau.contact, deadline, address="")

    html = response.content.decode()
    assert response.status_code == 422
    assert "give the address of the page" in html
    assert 'value="2026-06-15T09:00"' in html
    assert "headquarters" not in html


def test_who_may_not_publish_is_told_and_changes_nothing(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))

    assert "Your roles at" in get(bureau.head, "deadline_publish", deadline.pk)
    assert post(bureau.head, deadline).status_code == 403
    assert Deadline.objects.get(pk=deadline.pk).is_open


def test_a_publication_is_not_recorded_as_done_by_the_other_page(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))

    assert "asks for a publication" in get(bureau.contact, "deadline_done", deadline.pk)
    assert post(bureau.contact, deadline, "deadline_done", done_at="2026-06-15T09:00").status_code == 409


def test_extending_and_voiding_have_their_pages_for_a_mandate_too(bureau: Bureau) -> None:
    deadline = one(bureau.assign("2026-07-06"))
    given = {"until": "2026-07-10", "basis": "CV 1", "reason": "Cổng hỏng."}

    extended = post(bureau.contact, deadline, "deadline_extend", **given)
    voided = post(bureau.contact, deadline, "deadline_void", reason="Nhập nhầm.")

    deadline.refresh_from_db()
    assert (extended.status_code, voided.status_code) == (302, 302)
    assert (deadline.due, deadline.outcome) == (at("2026-07-11T00:00"), DeadlineOutcome.VOID)


def test_the_list_shows_them_among_the_others(bureau: Bureau) -> None:
    bureau.delegate(SIGNED)
    bureau.assign("2026-07-06")

    html = get(bureau.contact, "deadlines")

    for fact in ("12/GUQ-SNV", "128/QĐ-SNV", bureau.deputy.full_name):
        assert fact in html
    assert "Open deadlines found: 2" in html
    assert "12/GUQ-SNV" not in get(bureau.stranger, "deadlines")


def test_the_case_page_shows_what_is_owed_on_its_delegations_and_nothing_where_there_is_none(
    bureau: Bureau,
) -> None:
    assert "Publication of the delegations" not in get(bureau.contact, "case", bureau.case.pk)

    bureau.publish(one(bureau.delegate(SIGNED)), "2026-06-15T09:00")

    html = get(bureau.contact, "case", bureau.case.pk)
    for fact in ("Publication of the delegations", f"12/GUQ-SNV · {bureau.deputy.full_name}", "Met in time"):
        assert fact in html


@pytest.mark.parametrize("name", ["deadlines", "case", "work"])
def test_one_mandate_and_three_ask_the_same_number_of_questions(bureau: Bureau, name: str) -> None:
    address = reverse(name, args=[bureau.case.pk] if name == "case" else [])
    bureau.delegate(SIGNED)
    bureau.assign("2026-07-06")
    first = questions(bureau.contact, address)

    for number in (1, 2):
        bureau.delegate(SIGNED, number=f"{number}/GUQ-SNV")
        bureau.assign("2026-07-06", number=f"{number}/QĐ-SNV")

    assert questions(bureau.contact, address) == first


def questions(person: Person, address: str) -> int:
    client = signed_in(person)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_of_the_provision_lists_them_for_whoever_may_see(bureau: Bureau) -> None:
    deadline = one(bureau.delegate(SIGNED))
    assert deadline.provision is not None

    shown = get(bureau.contact, "provision", deadline.provision.pk)
    hidden = get(bureau.stranger, "provision", deadline.provision.pk)

    assert "12/GUQ-SNV" in shown
    assert "12/GUQ-SNV" not in hidden
