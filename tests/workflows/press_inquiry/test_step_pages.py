"""The ten steps as people do them: through their pages, from the form to the next step."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from viewflow.workflow.models import Task

from core.enums import Codename, Competence, ReplyForm
from core.models import Inquiry, Person
from tests.factories import make_case
from tests.walk import START, Cast, Walk
from workflows import intake
from workflows.engine.models import SavedInput
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import VerdictKind

InquiryAt = Callable[..., Walk]


def page(walk: Walk, node: str, by: Person) -> Any:
    client = Client()
    client.force_login(by)
    return client.get(reverse("step", args=[walk.task(node).pk]))


def send(walk: Walk, node: str, by: Person, **typed: Any) -> Any:
    """Send the step's form as this person; the jobs that follow are done."""
    client = Client()
    client.force_login(by)
    walk.tick()
    answer = client.post(reverse("step", args=[walk.task(node).pk]), typed)
    walk.inquiry.refresh_from_db()
    walk.run_jobs()
    return answer


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def desk(cast: Cast, set_clock: Any) -> Callable[..., Any]:
    """The form for registering by hand, as the press contact."""

    def sent(by: Person | None = None, **typed: Any) -> Any:
        walk = Walk(cast, set_clock)
        client = Client()
        client.force_login(by or cast.contact)
        given = {
            "asker_name": "Phóng viên A (giả định)",
            "received_at": "2026-07-13T07:30",
            "channel": "phone",
            "kind": "information",
            "question_1": "Bao giờ công bố kết quả?",
            "token": "0f3c2a10-0000-4000-8000-000000000001",
        }
        del walk
        return client.post(reverse("register_by_hand"), {**given, **typed})

    return sent


# Register


def test_three_fields_are_enough_to_register_by_hand(desk: Any) -> None:
    answer = desk()

    inquiry = Inquiry.objects.get()
    assert answer.status_code == 302
    assert inquiry.is_registered
    assert [question.text for question in inquiry.questions.all()] == ["Bao giờ công bố kết quả?"]


def test_register_form_sent_twice_registers_once(desk: Any) -> None:
    assert desk(duplicate="new").status_code == 302
    assert desk(duplicate="new").status_code == 302

    assert Inquiry.objects.count() == 1


def test_more_boxes_keep_what_was_typed_and_register_nothing(desk: Any) -> None:
    answer = desk(question_2="Và bao nhiêu người?", add="1")

    assert answer.status_code == 200
    assert "Và bao nhiêu người?" in text_of(answer)
    assert 'name="question_5"' in text_of(answer)
    assert Inquiry.objects.count() == 0


def test_a_known_press_agency_is_recognised_and_an_unknown_one_kept_as_written(desk: Any) -> None:
    desk(press_agency="Báo Chưa Có (giả định)")

    inquiry = Inquiry.objects.get()
    assert inquiry.press_agency is None
    assert inquiry.press_agency_name == "Báo Chưa Có (giả định)"


def test_a_possible_duplicate_is_asked_about_before_it_is_registered(desk: Any) -> None:
    desk(asker_email="a@bao.example", subject="Kết quả kỳ thi")
    again = {"asker_email": "a@bao.example", "subject": "Kết quả kỳ thi tuyển", "token": ""}

    answer = desk(**again)
    first = Inquiry.objects.get()
    assert answer.status_code == 422
    assert first.reference in text_of(answer)

    assert desk(**again, duplicate=str(first.pk)).status_code == 302
    assert Inquiry.objects.latest("pk").follows == first


def test_somebody_without_the_role_cannot_register(desk: Any, cast: Cast) -> None:
    assert desk(by=cast.specialist).status_code == 403
    assert Inquiry.objects.count() == 0


@pytest.fixture
def mailed(cast: Cast, set_clock: Any) -> Callable[[], Task]:
    """A mail with two numbered questions waits to be registered."""
    raw = (
        "From: =?utf-8?q?L=C3=AA_B=C3=ACnh?= <binh@bao.example>\r\nTo: baochi@snv.example\r\n"
        "Subject: Ket qua ky thi\r\nDate: Mon, 13 Jul 2026 06:15:00 +0700\r\nMessage-ID: <1@bao.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        "1. Bao giờ công bố?\r\n2. <b>Có bao nhiêu</b> thí sinh?\r\n"
    )

    def waiting() -> Task:
        set_clock(START)
        intake.receive(agency=cast.agency, raw=raw.encode(), at=START)
        task: Task = Task.objects.get(assignment__codename=Codename.REGISTER_INQUIRY)
        return task

    return waiting


def test_a_mail_is_proposed_whole_and_shown_beside(mailed: Callable[[], Task], cast: Cast) -> None:
    client = Client()
    client.force_login(cast.clerk)

    shown = client.get(reverse("step", args=[mailed().pk]))

    form = shown.context["form"]
    assert form["asker_name"].value() == "Lê Bình"
    assert form["asker_email"].value() == "binh@bao.example"
    assert form["question_1"].value() == "Bao giờ công bố?"
    assert form["question_2"].value() == "<b>Có bao nhiêu</b> thí sinh?"
    assert "06:15 on 13/07/2026" in text_of(shown)
    assert "<b>Có bao nhiêu" not in text_of(shown)


def test_a_mail_is_registered_into_an_open_case(mailed: Callable[[], Task], cast: Cast) -> None:
    task = mailed()
    case = make_case(agency=cast.agency, opened_at=START)
    client = Client()
    client.force_login(cast.contact)
    typed = {
        "asker_name": "Lê Bình",
        "asker_email": "binh@bao.example",
        "received_at": "2026-07-13T07:00",
        "channel": "email",
        "kind": "information",
        "question_1": "Bao giờ công bố?",
        "case": case.pk,
    }

    answer = client.post(reverse("step", args=[task.pk]), typed)

    inquiry = Inquiry.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("case", args=[case.pk])
    assert inquiry.case == case
    assert inquiry.registered_by == cast.contact


# The way through


def test_the_ten_steps_by_letter_go_through_their_pages(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage")
    ours = {f"competence_{number}": Competence.OURS.value for number in (1, 2)}
    assert page(walk, "triage", cast.chief).status_code == 200
    triage = {"exit": "handle", "urgency": "normal", "lead_unit": cast.division.pk, **ours}
    assert send(walk, "triage", cast.chief, **triage).status_code == 302
    assert page(walk, "assign", cast.unit_head).status_code == 200
    assert send(walk, "assign", cast.unit_head, person=cast.specialist.pk).status_code == 302
    assert page(walk, "draft", cast.specialist).status_code == 200
    draft = {"reply_form": "letter", "answer_1": "Ngày 20.", "answer_2": "120 người.", "action": "submit"}
    assert send(walk, "draft", cast.specialist, **draft).status_code == 302
    for node, by in (("review", cast.unit_head), ("clear", cast.legal), ("decide", cast.head)):
        assert walk.sha256 in text_of(page(walk, node, by))
        approval = {"sha256": walk.sha256, "action": "approve", "reason": ""}
        assert send(walk, node, by, **approval).status_code == 302
    for node, by in (("sign", cast.head), ("stamp", cast.clerk)):
        document = queries.reply_document(walk.process)
        assert document is not None
        assert document.pdf_sha256 in text_of(page(walk, node, by))
        assert send(walk, node, by, pdf_sha256=document.pdf_sha256, has_read="on").status_code == 302
    assert walk.email in text_of(page(walk, "release", cast.spokesperson))
    release = {"form": "press_release_or_reply", "recipient": "Báo Mẫu (giả định)"}
    assert send(walk, "release", cast.spokesperson, **release).status_code == 302
    assert page(walk, "follow_up", cast.contact).status_code == 200
    article = {
        "quotation": "correct",
        "address": "https://bao.example/1",
        "published_on": walk.at.date().isoformat(),
    }
    assert send(walk, "follow_up", cast.contact, **article).status_code == 302

    assert walk.inquiry.outcome == "answered"
    assert walk.inquiry.statements.get().recipient == "Báo Mẫu (giả định)"


def test_an_interview_goes_without_document_and_asks_whether_answers_were_shown(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("draft")
    draft = {"reply_form": "interview", "talking_points": "Ý chính.", "questions_beforehand": "Câu 1?"}
    send(walk, "draft", cast.specialist, action="submit", **draft)
    walk.to("release")
    assert "document_pdf" not in text_of(page(walk, "release", cast.head))
    spoken = {"form": "direct", "recipient": "Đài Mẫu", "spoken_at": walk.at.strftime("%Y-%m-%dT%H:%M")}
    assert send(walk, "release", cast.head, **spoken).status_code == 302
    article = {"quotation": "incorrect", "address": "https://bao.example/2", "shown_before": "no"}
    send(walk, "follow_up", cast.contact, published_on=walk.at.date().isoformat(), **article)

    assert walk.inquiry.publications.get().shown_before is False
    assert walk.inquiry.outcome == "answered"


def test_a_reply_on_the_portal_asks_for_its_address(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("release", reply_form=ReplyForm.PORTAL)

    without = send(walk, "release", cast.head, form="portal", recipient="Công chúng")
    given = send(
        walk, "release", cast.head, form="portal", recipient="Công chúng", address="https://snv.example/1"
    )

    assert without.status_code == 422
    assert "Give the address" in text_of(without)
    assert given.status_code == 302


def test_advice_upward_is_written_as_a_letter_only(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage")
    ours = {f"competence_{number}": "ours" for number in (1, 2)}
    send(walk, "triage", cast.chief, exit="advice", urgency="urgent", lead_unit=cast.division.pk, **ours)
    walk.to("draft")

    offered = text_of(page(walk, "draft", cast.specialist))

    assert 'value="letter"' in offered
    assert 'value="interview"' not in offered


def test_triage_out_of_the_procedure_needs_its_reason(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage")
    spam = {"exit": "not_a_request", "not_a_request": "spam", "urgency": "normal"}

    without = send(walk, "triage", cast.chief, **spam, reason="  ")
    given = send(walk, "triage", cast.chief, **spam, reason="Thư rác.")

    assert without.status_code == 422
    assert given.status_code == 302
    assert walk.inquiry.outcome == "not_a_request"


def test_triage_names_every_question_left_undecided(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage")

    answer = send(walk, "triage", cast.chief, exit="handle", urgency="normal", competence_1="other_agency")

    assert answer.status_code == 422
    assert "Decide whose question it is: 2." in text_of(answer)


def test_a_secret_question_is_purged_from_its_page(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage", questions=("Bí mật nhà nước ở đây?", "Bao giờ công bố?"))
    send(
        walk,
        "triage",
        cast.chief,
        exit="handle",
        urgency="normal",
        lead_unit=cast.division.pk,
        competence_1="state_secret",
        purge_confirmed="on",
        told_1="Ông A, cán bộ bảo mật",
        backups_1="Bản sao lưu tuần 28",
        neutral_subject="Một nội dung",
        competence_2="ours",
    )

    assert walk.inquiry.questions.get(number=1).text == ""
    assert "Bí mật nhà nước" not in text_of(page(walk, "assign", cast.unit_head))


def test_a_purge_that_is_not_confirmed_deletes_nothing(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage", questions=("Bí mật nhà nước ở đây?",))

    answer = send(
        walk,
        "triage",
        cast.chief,
        exit="handle",
        urgency="normal",
        competence_1="state_secret",
        told_1="Ông A, cán bộ bảo mật",
        backups_1="Bản sao lưu tuần 28",
        neutral_subject="Một nội dung",
    )

    assert answer.status_code == 422
    assert "Nothing was deleted yet" in text_of(answer)
    assert walk.inquiry.questions.get().text == "Bí mật nhà nước ở đây?"


@pytest.mark.parametrize(
    ("form", "asked"), [(ReplyForm.PORTAL, True), (ReplyForm.INTERVIEW, True), (ReplyForm.EMAIL, False)]
)
def test_the_time_of_speaking_is_asked_where_one_speaks_before_recording_it(
    inquiry_at: InquiryAt, cast: Cast, form: ReplyForm, asked: bool
) -> None:
    walk = inquiry_at("release", reply_form=form)

    assert ("spoken_at" in page(walk, "release", cast.head).context["form"].fields) is asked


def test_a_redirected_question_comes_with_a_sentence_in_vietnamese(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("draft", redirected=(2,))

    assert "Sở Y tế (giả định)" in page(walk, "draft", cast.specialist).context["form"]["answer_2"].value()


def test_a_released_text_answers_again_without_a_draft(inquiry_at: InquiryAt, cast: Cast) -> None:
    earlier = inquiry_at("follow_up", reply_form=ReplyForm.EMAIL).inquiry.statements.get()
    walk = inquiry_at("triage")
    walk.tick(hours=1)

    chosen = {"exit": "already_answered", "urgency": "normal", "answered_by": earlier.pk}
    assert send(walk, "triage", cast.chief, **chosen).status_code == 302

    assert walk.steps == {"release"}
    assert "Already released by" in text_of(page(walk, "release", cast.spokesperson))
    release = {"form": "press_release_or_reply", "recipient": "Báo Khác (giả định)"}
    assert send(walk, "release", cast.spokesperson, **release).status_code == 302
    assert walk.inquiry.statements.get().text == earlier.text


def test_whoever_decides_reads_under_which_mandate(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("decide")

    assert "10/QĐ-SNV-X" in text_of(page(walk, "decide", cast.spokesperson))
    assert "Head, ex officio" in text_of(page(walk, "decide", cast.head))
    assert "has no mandate to speak" in text_of(page(walk, "decide", cast.deputy))


# Back and forth


def test_a_drafter_accepts_or_gives_back_with_a_reason(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("draft")
    client = Client()
    client.force_login(cast.specialist)
    client.post(reverse("step_accept", args=[walk.task("draft").pk]))
    assert walk.process.accepted_at is not None

    silent = send(walk, "draft", cast.specialist, action="give_back", answer_1="Đã viết dở")
    assert silent.status_code == 422
    assert "Đã viết dở" in text_of(silent)
    assert (
        send(walk, "draft", cast.specialist, action="give_back", reason="Đang nghỉ phép").status_code == 302
    )

    assert walk.steps == {"assign"}
    assert "Đang nghỉ phép" in text_of(page(walk, "assign", cast.unit_head))


def test_the_people_to_choose_from_come_with_their_open_drafts(inquiry_at: InquiryAt, cast: Cast) -> None:
    inquiry_at("draft")
    walk = inquiry_at("assign")

    shown = text_of(page(walk, "assign", cast.unit_head))

    assert "Specialist of SNV-X – Công chức – 1 open draft" in shown
    assert "Colleague of SNV-X – Công chức – 0 open drafts" in shown
    assert "Legal of SNV-X – " not in shown


def test_a_returned_draft_comes_back_with_the_remarks_and_the_last_text(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("review")
    silent = send(walk, "review", cast.unit_head, sha256=walk.sha256, action="return", reason=" ")
    assert silent.status_code == 422
    send(walk, "review", cast.unit_head, sha256=walk.sha256, action="return", reason="Thiếu số liệu quý III.")

    draft = page(walk, "draft", cast.specialist)

    assert "Thiếu số liệu quý III." in text_of(draft)
    assert draft.context["form"]["answer_1"].value() == "Câu trả lời số 1."


def test_the_stepper_marks_the_step_that_sent_the_text_back(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("clear")
    send(walk, "clear", cast.legal, sha256=walk.sha256, action="return", reason="Sai tên đơn vị.")

    steps = page(walk, "draft", cast.specialist).context["steps"]

    assert [step.state for step in steps[:7]] == [
        "done",
        "done",
        "done",
        "current",
        "upcoming",
        "returned",
        "upcoming",
    ]


def test_only_the_head_corrects_and_approves_in_one_act(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("decide", reply_form=ReplyForm.EMAIL)
    correction = {
        "action": "correct",
        "sha256": walk.sha256,
        "reply_form": "email",
        "answer_1": "Bản của Giám đốc.",
        "answer_2": "Câu trả lời số 2.",
    }

    refused = send(walk, "decide", cast.spokesperson, **correction)
    assert refused.status_code == 403
    assert "Bản của Giám đốc." in text_of(refused)
    assert send(walk, "decide", cast.head, **correction).status_code == 302

    version = queries.latest_version(walk.inquiry)
    assert version is not None
    assert version.author == cast.head
    assert version.corrects is not None
    assert walk.steps == {"release"}


def test_the_head_skips_a_review_with_a_reason_and_nobody_else_does(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("review")
    address = reverse("step_skip", args=[walk.task("review").pk])
    client = Client()
    client.force_login(cast.unit_head)
    refused = client.post(address, {"reason": "Gấp"})
    client.force_login(cast.head)
    silent = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "Báo lên khuôn trong một giờ nữa."})

    assert (refused.status_code, silent.status_code, done.status_code) == (403, 422, 302)
    assert "Gấp" in text_of(refused)
    assert walk.steps == {"clear"}
    assert walk.inquiry.versions.get().verdicts.get().kind == VerdictKind.SKIPPED


def test_a_step_that_may_not_be_skipped_says_so(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("decide")
    client = Client()
    client.force_login(cast.head)

    assert (
        client.post(reverse("step_skip", args=[walk.task("decide").pk]), {"reason": "Gấp"}).status_code == 409
    )


# Who may not, and who comes too late

TYPED: dict[str, dict[str, str]] = {
    "triage": {"exit": "handle", "reason": "Chữ đã gõ"},
    "assign": {"person": "1"},
    "draft": {"reply_form": "letter", "answer_1": "Chữ đã gõ"},
    "review": {"action": "approve", "reason": "Chữ đã gõ"},
    "clear": {"action": "return", "reason": "Chữ đã gõ"},
    "decide": {"action": "approve", "reason": "Chữ đã gõ"},
    "sign": {"has_read": "on"},
    "stamp": {"has_read": "on"},
    "release": {"form": "press_release_or_reply", "recipient": "Chữ đã gõ"},
    "follow_up": {"quotation": "nothing", "note": "Chữ đã gõ"},
}


@pytest.mark.parametrize("node", TYPED)
def test_without_the_role_a_step_is_refused_and_what_was_typed_kept(
    inquiry_at: InquiryAt, cast: Cast, node: str
) -> None:
    walk = inquiry_at(node)

    opened = page(walk, node, cast.auditor)
    answer = send(walk, node, cast.auditor, **TYPED[node])

    assert opened.status_code == 200
    assert 'id="step-form"' not in text_of(opened)
    assert answer.status_code == 403
    assert "do not include this" in text_of(answer)
    assert ("Chữ đã gõ" in text_of(answer)) == ("Chữ đã gõ" in TYPED[node].values())
    assert walk.steps == {node}


@pytest.mark.parametrize("node", TYPED)
def test_a_step_of_another_agency_does_not_exist(inquiry_at: InquiryAt, cast: Cast, node: str) -> None:
    walk = inquiry_at(node)
    client = Client()
    client.force_login(cast.stranger)
    task = walk.task(node).pk

    assert page(walk, node, cast.stranger).status_code == 404
    assert send(walk, node, cast.stranger, **TYPED[node]).status_code == 404
    for name in ("step_take", "step_put_back", "step_save", "step_accept", "step_take_back", "step_skip"):
        assert client.post(reverse(name, args=[task])).status_code == 404


def test_a_stale_page_is_told_which_version_is_the_latest_and_keeps_the_remark(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("review")
    stale = walk.sha256
    send(walk, "review", cast.unit_head, sha256=stale, action="return", reason="Sửa lại.")
    walk.draft(answers={1: "Mới.", 2: "Mới."})

    answer = send(
        walk, "review", cast.unit_head, sha256=stale, action="approve", reason="Đồng ý với bản tôi đọc"
    )

    assert answer.status_code == 409
    assert "version 2" in text_of(answer)
    assert "Đồng ý với bản tôi đọc" in text_of(answer)
    assert f'name="sha256" value="{walk.sha256}"' in text_of(answer)
    assert walk.steps == {"review"}


def test_a_step_sent_twice_is_done_once_and_the_second_told_by_whom(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("review")
    approval = {"sha256": walk.sha256, "action": "approve", "reason": "Lời nhận xét"}

    first = send(walk, "review", cast.unit_head, **approval)
    second = send(walk, "review", cast.unit_head, **approval)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "You already completed the step" in text_of(second)
    assert "Lời nhận xét" in text_of(second)
    assert walk.inquiry.versions.get().verdicts.count() == 1


def test_a_closed_step_opens_and_says_who_did_it(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("clear")

    opened = page(walk, "review", cast.unit_head)

    assert opened.status_code == 200
    assert "already completed the step" in text_of(opened)


def test_other_bytes_than_those_shown_are_not_signed(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("sign")

    answer = send(walk, "sign", cast.head, pdf_sha256="0" * 64, has_read="on")

    assert answer.status_code == 409
    assert walk.steps == {"sign"}


def test_nothing_published_is_not_recorded_too_early(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("follow_up")

    early = send(walk, "follow_up", cast.contact, quotation="nothing")
    walk.tick(days=6)
    late = send(walk, "follow_up", cast.contact, quotation="nothing")

    assert (early.status_code, late.status_code) == (409, 302)


# Holding a step, and what is typed meanwhile


def test_a_step_taken_by_one_is_shown_to_others_and_can_be_put_back(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("triage")
    task = walk.task("triage").pk
    client = Client()
    client.force_login(cast.chief)
    client.post(reverse("step_take", args=[task]))
    assert "Chief of SNV-X holds this step." in text_of(page(walk, "triage", cast.head))

    client.post(reverse("step_put_back", args=[task]))

    assert "Nobody has taken this step yet." in text_of(page(walk, "triage", cast.chief))


def test_typing_is_saved_restored_and_gone_once_sent(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("draft")
    client = Client()
    client.force_login(cast.specialist)
    typing = {"answer_1": "Đang viết dở", "csrfmiddlewaretoken": "x", "sha256": "y"}
    assert client.post(reverse("step_save", args=[walk.task("draft").pk]), typing).status_code == 204
    assert set(SavedInput.objects.get().data) == {"answer_1"}

    again = page(walk, "draft", cast.specialist)
    assert "Đang viết dở" in text_of(again)
    assert "is back" in text_of(again)
    send(walk, "draft", cast.specialist, reply_form="letter", answer_1="Xong.", answer_2="Xong.")

    assert not SavedInput.objects.exists()


def test_typing_with_characters_no_database_keeps_is_saved_without_them(
    inquiry_at: InquiryAt, cast: Cast
) -> None:
    walk = inquiry_at("draft")
    client = Client()
    client.force_login(cast.specialist)

    client.post(reverse("step_save", args=[walk.task("draft").pk]), {"answer_1": "Trước\x00sau"})

    assert SavedInput.objects.get().data == {"answer_1": ["Trướcsau"]}


def test_two_forms_of_one_page_share_no_field_id(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("decide")

    ids = re.findall(r'\sid="([^"]+)"', text_of(page(walk, "decide", cast.head)))

    assert sorted(set(ids)) == sorted(ids)


def test_typing_of_somebody_without_the_role_is_not_kept(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("triage")
    client = Client()
    client.force_login(cast.auditor)

    assert (
        client.post(reverse("step_save", args=[walk.task("triage").pk]), {"reason": "x"}).status_code == 403
    )
    assert not SavedInput.objects.exists()


def test_whoever_is_not_signed_in_is_sent_to_sign_in(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("triage")

    for name in ("step", "step_skip"):
        answer = Client().get(reverse(name, args=[walk.task("triage").pk]))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("login"))


def test_markup_in_the_texts_of_a_reply_is_shown_as_text(inquiry_at: InquiryAt, cast: Cast) -> None:
    script = "<script>alert(1)</script>"
    walk = inquiry_at("draft", questions=(f"{script} hỏi?",), reply_form=ReplyForm.EMAIL)
    send(walk, "draft", cast.specialist, action="submit", reply_form="email", answer_1=script)
    send(walk, "review", cast.unit_head, sha256=walk.sha256, action="approve", reason=script)

    for node, by in (("clear", cast.legal), ("draft", cast.specialist)):
        shown = text_of(page(walk, node, by))
        assert script not in shown
        assert "&lt;script&gt;" in shown


def test_letters_that_no_official_letter_can_print_are_pointed_out(inquiry_at: InquiryAt, cast: Cast) -> None:
    walk = inquiry_at("draft", questions=("Khi nào?",))
    send(walk, "draft", cast.specialist, action="submit", reply_form="letter", answer_1="Tuần tới 😀")

    assert "cannot print these characters and shows □ instead: 😀" in text_of(
        page(walk, "review", cast.unit_head)
    )


def test_a_step_that_is_none_is_not_found(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.head)

    assert client.get(reverse("step", args=[999_999])).status_code == 404
