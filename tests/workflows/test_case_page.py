from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import files
from core.enums import Competence, ReplyForm, Role
from core.models import Attachment, Case, Inquiry, Person, TrailEntry
from tests import factories
from tests.walk import Cast, Walk, give, make_cast
from workflows import base
from workflows.press_inquiry.actions import triaging
from workflows.press_inquiry.models import ClockStop, Opinion, VerdictStep

pytestmark = pytest.mark.django_db

REASON = "Phóng viên cần làm rõ câu hỏi số 2."
BESIDE = ("withdraw", "reopen", "clock_stop", "clock_restart", "opinion_ask", "move")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, walk: Walk) -> str:
    response = signed_in(person).get(reverse("case", args=[walk.inquiry.case_id]))
    assert response.status_code == 200
    return response.content.decode()


def post(person: Person, name: str, pk: int, **data: object) -> object:
    return signed_in(person).post(reverse(name, args=[pk]), data)


def queries_of(person: Person, case: Case) -> int:
    client, address = signed_in(person), reverse("case", args=[case.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_says_what_it_is_what_was_decided_by_whom_and_what_was_said(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("the end", redirected=(2,))

    html = get(walk.cast.legal, walk)

    for fact in (
        walk.inquiry.reference,
        "Bao giờ công bố kết quả?",
        "Competent agency: Sở Y tế (giả định)",
        "Review of the content: Approved",
        "Decision: Approved",
        walk.cast.head.full_name,
        "Giám đốc Sở",
        walk.sha256,
        "01/SNV-TCBC",
        "Everything said so far on this case",
        "Câu trả lời số 1.",
        "Head, ex officio",
        "https://bao.example/bai-1",
        "Partly answered",
        "Waiting to be sent",
    ):
        assert fact in html
    assert reverse("document_pdf", args=[walk.inquiry.issued_documents.get().pk]) in html


def test_the_diagram_has_the_same_steps_as_its_list(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("review")

    html = get(walk.cast.chief, walk)

    assert html.count("pn-path__step--done") == html.count('"pn-flow__box pn-flow__box--done"') == 5
    assert html.count("pn-path__step--current") == html.count('"pn-flow__box pn-flow__box--current"') == 1
    assert 'aria-current="step"' in html
    assert "style=" not in html


def test_markup_in_what_people_typed_stays_text(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    walk = Walk(cast, set_clock, questions=("<script>alert(1)</script>",))
    walk.register(subject="<b>Đậm</b>", asker_name="<img src=x>")

    html = get(cast.chief, walk)

    assert "&lt;script&gt;alert(1)" in html
    assert not re.search(r"<script>alert|<b>Đậm|<img src=x", html)


def test_a_purged_question_shows_its_tombstone_and_nothing_of_its_text(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage", questions=("Câu hỏi thường", "Điều thuộc bí mật"))
    findings = {
        1: triaging.Finding(competence=Competence.OURS),
        2: triaging.Finding(
            competence=Competence.STATE_SECRET, told="Ông Bảo mật (giả định)", backups="Băng ngày 12/7"
        ),
    }
    walk.triage(findings=findings, neutral_subject="Chủ đề trung tính")

    html = get(walk.cast.legal, walk)

    assert "Câu hỏi thường" in html
    assert "Điều thuộc bí mật" not in html
    for fact in ("Ông Bảo mật (giả định)", "Băng ngày 12/7", walk.cast.chief.full_name):
        assert fact in html


def test_whoever_may_do_the_step_gets_its_button_and_the_others_the_sentence(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("decide")
    address = reverse("step", args=[walk.task("decide").pk])

    steps = {
        person: signed_in(person)
        .get(reverse("case", args=[walk.inquiry.case_id]))
        .context["inquiries"][0]
        .steps
        for person in (walk.cast.head, walk.cast.deputy, walk.cast.legal)
    }

    assert [(offer.url, offer.why) for offer in steps[walk.cast.head]] == [(address, "")]
    assert "has no mandate to speak for" in steps[walk.cast.deputy][0].why
    assert "do not include this: decide on replies" in steps[walk.cast.legal][0].why
    assert "has no mandate to speak for" in get(walk.cast.deputy, walk)


def test_a_step_somebody_took_says_who_holds_it(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("decide")
    base.take(walk.task("decide").pk, by=walk.cast.spokesperson)

    assert f"{walk.cast.spokesperson.full_name} has taken this step" in get(walk.cast.head, walk)


def test_one_inquiry_and_three_ask_the_same_number_of_questions(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock, reply_form=ReplyForm.PORTAL).to("decide")
    case = walk.inquiry.case
    one = queries_of(cast.legal, case)
    for _number in range(2):
        more = Walk(cast, set_clock, reply_form=ReplyForm.PORTAL)
        more.register(case=case)
        more.to("decide")

    assert Case.objects.get(pk=case.pk).inquiries.count() == 3
    assert queries_of(cast.legal, case) == one


@pytest.mark.parametrize("name", ["case", "audit_case"])
def test_a_case_of_another_agency_is_not_found_by_its_address(
    cast: Cast, set_clock: Callable[[datetime], None], name: str
) -> None:
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register(subject="Foreign matter")
    there, nowhere = (
        signed_in(cast.chief).get(reverse(name, args=[pk])) for pk in (foreign.inquiry.case_id, 999_999)
    )

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert "Foreign matter" not in there.content.decode()
    assert "There is no such case, or it is not open to you." in there.content.decode()


@pytest.mark.parametrize("name", [*BESIDE, "enter_number"])
def test_no_act_reaches_an_inquiry_of_another_agency(
    cast: Cast, set_clock: Callable[[datetime], None], name: str
) -> None:
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register()
    entries = TrailEntry.objects.count()

    assert signed_in(cast.chief).get(reverse(name, args=[foreign.inquiry.pk])).status_code == 404
    assert post(cast.chief, name, foreign.inquiry.pk, reason=REASON).status_code == 404  # type: ignore[attr-defined]
    assert TrailEntry.objects.count() == entries


def test_the_administrator_sees_no_content(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    client = signed_in(walk.cast.administrator)

    assert client.get(reverse("case", args=[walk.inquiry.case_id])).status_code == 404
    assert client.get(reverse("step", args=[walk.task("triage").pk])).status_code == 404
    assert client.get(reverse("audit_case", args=[walk.inquiry.case_id])).status_code == 404
    assert client.get(reverse("audit")).status_code == 403
    assert walk.inquiry.reference not in client.get(reverse("cases")).content.decode()


@pytest.mark.parametrize("name", BESIDE)
def test_who_may_not_do_an_act_is_told_why_and_changes_nothing(
    inquiry_at: Callable[..., Walk], name: str
) -> None:
    walk = inquiry_at("assign")
    entries = TrailEntry.objects.count()
    data = {"reason": REASON, "of": walk.cast.agency.parent_id, "about": REASON}
    if name == "move":
        data["case"] = inquiry_at("triage").inquiry.case_id
        entries = TrailEntry.objects.count()

    page = signed_in(walk.cast.legal).get(reverse(name, args=[walk.inquiry.pk]))
    response = signed_in(walk.cast.legal).post(reverse(name, args=[walk.inquiry.pk]), data)

    assert page.status_code == 200
    assert "Your roles at" in page.content.decode()
    assert response.status_code == 403
    assert REASON in response.content.decode()
    assert TrailEntry.objects.count() == entries


@pytest.mark.parametrize("name", ["withdraw", "clock_stop", "move"])
def test_an_act_without_a_reason_is_not_done_and_the_rest_is_kept(
    inquiry_at: Callable[..., Walk], name: str
) -> None:
    walk = inquiry_at("assign")
    entries = TrailEntry.objects.count()

    response = signed_in(walk.cast.contact).post(reverse(name, args=[walk.inquiry.pk]), {"reason": "  \n "})

    assert response.status_code == 422
    assert "Give the reason." in response.content.decode()
    assert TrailEntry.objects.count() == entries


def test_a_withdrawal_ends_the_inquiry_and_a_reopening_starts_it_at_triage(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("review")
    page = reverse("case", args=[walk.inquiry.case_id])

    withdrawn = signed_in(walk.cast.contact).post(
        reverse("withdraw", args=[walk.inquiry.pk]), {"reason": REASON}
    )
    walk.inquiry.refresh_from_db()
    assert (withdrawn.status_code, withdrawn["Location"], walk.inquiry.outcome) == (302, page, "withdrawn")

    reopened = signed_in(walk.cast.chief).post(reverse("reopen", args=[walk.inquiry.pk]), {"reason": REASON})
    walk.inquiry.refresh_from_db()
    assert (reopened.status_code, walk.inquiry.outcome, walk.steps) == (302, "", {"triage"})
    assert "Run 2: the inquiry was reopened" in get(walk.cast.chief, walk)


def test_the_clock_is_stopped_and_restarted_with_its_reason(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("assign")
    stop, restart = (reverse(name, args=[walk.inquiry.pk]) for name in ("clock_stop", "clock_restart"))
    client = signed_in(walk.cast.contact)

    assert client.post(restart, {"reason": REASON}).status_code == 409
    assert client.post(stop, {"reason": REASON}).status_code == 302
    assert "The clock is stopped" in get(walk.cast.contact, walk)
    again = client.post(stop, {"reason": REASON})
    assert again.status_code == 409
    assert REASON in again.content.decode()
    assert client.post(restart, {"reason": REASON}).status_code == 302
    assert ClockStop.objects.get().restarted_by == walk.cast.contact


def test_an_opinion_is_asked_of_the_parent_agency_by_default_and_its_answer_recorded(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("draft")
    client = signed_in(walk.cast.chief)
    ask = reverse("opinion_ask", args=[walk.inquiry.pk])

    assert client.get(ask).context["form"].initial["of"] == walk.cast.agency.parent_id
    client.post(ask, {"of": walk.cast.agency.parent_id, "about": "Có được nêu số liệu không?"})
    opinion = Opinion.objects.get()
    walk.tick()
    answer = {
        "answered_by": "Văn phòng UBND",
        "answered_at": f"{walk.at:%Y-%m-%dT%H:%M}",
        "answer": "Được nêu.",
    }
    response = client.post(reverse("opinion_record", args=[opinion.pk]), answer)

    assert response.status_code == 302
    opinion.refresh_from_db()
    assert (opinion.answer, opinion.answered_at, opinion.recorded_by) == (
        "Được nêu.",
        walk.at,
        walk.cast.chief,
    )
    assert walk.steps == {"draft"}
    for fact in ("Có được nêu số liệu không?", "Được nêu.", "Văn phòng UBND"):
        assert fact in get(walk.cast.chief, walk)


def test_an_inquiry_moves_only_to_an_open_case_the_person_may_see(
    inquiry_at: Callable[..., Walk], set_clock: Callable[[datetime], None]
) -> None:
    walk, target = inquiry_at("triage"), inquiry_at("triage")
    foreign = Walk(make_cast(code="SNV-Y"), set_clock)
    foreign.register()
    address = reverse("move", args=[walk.inquiry.pk])
    client = signed_in(walk.cast.chief)

    choices = {case.pk for case in client.get(address).context["form"].fields["case"].queryset}
    refused = client.post(address, {"case": foreign.inquiry.case_id, "reason": REASON})
    moved = client.post(address, {"case": target.inquiry.case_id, "reason": REASON})

    assert choices == {target.inquiry.case_id}
    assert refused.status_code == 422
    assert moved["Location"] == reverse("case", args=[target.inquiry.case_id])
    assert Inquiry.objects.get(pk=walk.inquiry.pk).case_id == target.inquiry.case_id
    assert Task.objects.get(pk=walk.task("triage").pk).assignment.case_id == target.inquiry.case_id


def test_a_failed_job_runs_again_only_by_whoever_may_and_only_when_it_failed(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    job = walk.task("acknowledge")
    address = reverse("retry_job", args=[job.pk])

    assert signed_in(walk.cast.chief).post(address).status_code == 409
    Task.objects.filter(pk=job.pk).update(status=STATUS.ERROR)
    assert signed_in(walk.cast.clerk).post(address).status_code == 403
    opened = signed_in(walk.cast.chief).get(address, follow=True)
    assert "nothing was done" in opened.content.decode()
    assert Task.objects.get(pk=job.pk).status == STATUS.ERROR
    assert signed_in(walk.cast.chief).post(address).status_code == 302
    assert Task.objects.get(pk=job.pk).status == STATUS.REVIVED


def attached(walk: Walk) -> Attachment:
    return Attachment.objects.create(
        inquiry=walk.inquiry, name="Công văn 12 <b>.html", media_type="text/plain", size=9,
        sha256=files.store(b"<script>x"), added_at=walk.at,
    )  # fmt: skip


def test_an_attachment_is_saved_and_never_shown(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("triage")
    row, client = attached(walk), signed_in(walk.cast.contact)

    response = client.get(reverse("attachment", args=[row.pk]))

    assert (response.status_code, response.content) == (200, b"<script>x")
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.post(reverse("attachment", args=[row.pk])).status_code == 405


def test_an_attachment_of_a_case_one_may_not_see_or_that_was_purged_is_not_found(
    inquiry_at: Callable[..., Walk],
) -> None:
    walk = inquiry_at("triage")
    row = attached(walk)
    address = reverse("attachment", args=[row.pk])

    assert signed_in(walk.cast.stranger).get(address).status_code == 404
    assert signed_in(walk.cast.administrator).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    Attachment.objects.filter(pk=row.pk).update(sha256="", name="")
    assert signed_in(walk.cast.chief).get(address).status_code == 404


def test_the_loop_back_to_the_drafter_stays_visible(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("clear")
    walk.give_back(VerdictStep.CLEAR, walk.cast.legal, reason="Bỏ tên thí sinh.")
    walk.draft()

    html = get(walk.cast.chief, walk)

    assert "Clearance: Returned" in html
    assert "Bỏ tên thí sinh." in html
    assert "Version 2 by" in html


def test_a_person_let_in_by_a_role_elsewhere_in_the_agency_may_still_not_act(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    other_unit = factories.make_unit(agency=cast.agency, code="TTRA")
    give(cast.legal, Role.UNIT_HEAD, agency=cast.agency, unit=other_unit)
    walk = Walk(cast, set_clock).to("assign")

    offer = (
        signed_in(cast.legal)
        .get(reverse("case", args=[walk.inquiry.case_id]))
        .context["inquiries"][0]
        .steps[0]
    )

    assert not offer.is_possible
