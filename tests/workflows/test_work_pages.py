from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import InquiryKind, Numbering, ReplyForm, Secrecy
from core.models import Case, Person
from documents.models import IssuedDocument
from tests.walk import START, Cast, Walk, make_cast
from workflows import base, queries
from workflows.press_inquiry.models import TriageExit

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, name: str = "work", *args: object, **query: str) -> str:
    response = signed_in(person).get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def queries_of(person: Person, address: str) -> int:
    client = signed_in(person)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_root_leads_to_my_work(cast: Cast) -> None:
    response = signed_in(cast.chief).get("/")

    assert (response.status_code, response["Location"]) == (302, reverse("work"))


def test_nobody_sees_work_without_signing_in(cast: Cast) -> None:
    response = Client().get(reverse("work"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_a_row_says_the_step_the_reference_who_asks_and_that_the_law_sets_no_limit(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")

    html = page(walk.cast.chief)

    for fact in ("Triage", walk.inquiry.reference, "Kết quả kỳ thi", "Phóng viên A (giả định)"):
        assert fact in html
    assert "The law sets no time limit" in html
    assert reverse("step", args=[walk.task("triage").pk]) in html
    assert reverse("step_take", args=[walk.task("triage").pk]) in html


def test_what_i_took_moves_to_my_hands_and_leaves_the_lists_of_others(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("decide")
    base.take(walk.task("decide").pk, by=walk.cast.head)

    mine = signed_in(walk.cast.head).get(reverse("work")).context
    theirs = signed_in(walk.cast.spokesperson).get(reverse("work")).context

    assert ([task.pk for task in mine["mine"]], mine["free"]) == ([walk.task("decide").pk], [])
    assert (theirs["mine"], theirs["free"]) == ([], [])


def test_an_overdue_step_is_marked_with_words_and_comes_first(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    late = Walk(walk.cast, walk.set_clock, at=walk.at)
    late.register(kind=InquiryKind.FORWARDED_OPINION, received_at=START - timedelta(days=33))
    late.tick()

    response = signed_in(walk.cast.chief).get(reverse("work"))

    assert response.context["free"][0].assignment.inquiry == late.inquiry
    assert "Overdue by 2 days" in response.content.decode()
    assert "pn-row--overdue" in response.content.decode()


def test_nothing_to_do_is_said_kindly(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    set_clock(START)

    assert "Nothing waits for you" in page(cast.deputy)


def test_advice_given_leaves_an_answer_owed_on_the_list(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("the end", exit=TriageExit.ADVICE)
    walk.tick()

    assert walk.inquiry.outcome == "advice_given"
    assert [row.pk for row in signed_in(walk.cast.chief).get(reverse("work")).context["owed"]] == [
        walk.inquiry.pk
    ]
    assert "Answers we still owe" in page(walk.cast.chief)


def test_a_failed_job_is_offered_to_whoever_may_run_it_again_and_to_nobody_else(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    job = walk.task("acknowledge")
    Task.objects.filter(pk=job.pk).update(status=STATUS.ERROR)
    address = reverse("retry_job", args=[job.pk])

    assert address in page(walk.cast.chief)
    assert all(
        address not in page(person) for person in (walk.cast.clerk, walk.cast.legal, walk.cast.auditor)
    )


def test_a_number_to_enter_waits_for_the_clerk_until_it_is_entered(
    set_clock: Callable[[datetime], None],
) -> None:
    walk = Walk(make_cast(code="SNV-E", numbering=Numbering.ENTERED), set_clock).to("decide")
    walk.decide()
    address = reverse("enter_number", args=[walk.inquiry.pk])

    assert address in page(walk.cast.clerk)
    assert address not in page(walk.cast.contact)

    form = {"number": "45", "issued_on": walk.at.date().isoformat(), "notation": ""}
    response = signed_in(walk.cast.clerk).post(address, form)

    assert (response.status_code, response["Location"]) == (302, reverse("case", args=[walk.inquiry.case_id]))
    assert IssuedDocument.objects.get(inquiry=walk.inquiry).number == 45
    assert queries.numbers_to_enter(walk.cast.clerk, at=walk.at) == []


@pytest.mark.parametrize("role", ["chief", "clerk", "specialist", "auditor", "head"])
def test_my_work_asks_the_same_number_of_questions_for_one_step_and_for_three(
    inquiry_at: Callable[..., Walk], role: str
) -> None:
    steps = {
        "chief": "triage",
        "clerk": "triage",
        "specialist": "draft",
        "auditor": "triage",
        "head": "decide",
    }
    walk = inquiry_at(steps[role])
    person = getattr(walk.cast, role)
    one = queries_of(person, reverse("work"))

    inquiry_at(steps[role])
    inquiry_at(steps[role])

    assert queries_of(person, reverse("work")) == one


def test_the_list_of_cases_asks_the_same_number_of_questions_for_one_case_and_for_three(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    one = queries_of(walk.cast.chief, reverse("cases"))

    inquiry_at("triage")
    inquiry_at("assign")

    assert queries_of(walk.cast.chief, reverse("cases")) == one


def found(person: Person, **query: str) -> set[str]:
    page_of = signed_in(person).get(reverse("cases"), query).context["page"]
    return {case.title for case in page_of}


def test_cases_are_found_by_reference_title_and_asker_and_by_state(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    leak, wages = Walk(cast, set_clock), Walk(cast, set_clock, reply_form=ReplyForm.PORTAL)
    leak.register(subject="Lộ đề thi", asker_name="Hoàng Lan (giả định)")
    wages.register(subject="Tiền lương", asker_name="Minh Quân (giả định)")
    wages.to("the end")

    assert found(cast.chief) == {"Lộ đề thi", "Tiền lương"}
    assert found(cast.chief, q=leak.inquiry.case.reference) == {"Lộ đề thi"}
    assert found(cast.chief, q="lương") == {"Tiền lương"}
    assert found(cast.chief, q="Hoàng Lan") == {"Lộ đề thi"}
    assert found(cast.chief, q="Lan lương") == set()
    assert found(cast.chief, state="open") == {"Lộ đề thi"}
    assert found(cast.chief, state="closed") == {"Tiền lương"}
    assert found(cast.chief, state="nonsense") == {"Lộ đề thi", "Tiền lương"}


def test_a_search_without_result_says_what_to_try(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")

    assert "No case fits the search" in page(walk.cast.chief, "cases", q="<script>nothing")


def test_the_list_holds_no_case_of_another_agency_and_none_restricted(
    cast: Cast, inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    own = inquiry_at("triage")
    hidden = inquiry_at("triage")
    Case.objects.filter(pk=hidden.inquiry.case_id).update(
        secrecy=Secrecy.RESTRICTED, title="Restricted matter"
    )
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register(subject="Foreign matter")

    assert found(cast.legal) == {own.inquiry.case.title}
    assert found(cast.administrator) == set()
    assert "Foreign matter" in found(foreign.cast.chief)
