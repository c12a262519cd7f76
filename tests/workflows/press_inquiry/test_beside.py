"""Beside the path: clock, opinion, number. Nothing there moves or blocks the inquiry."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.enums import Numbering, ReplyForm, Role
from core.errors import Invalid, NotAllowedNow, NotFound, Refused
from core.models import Person, TrailEntry
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument
from tests.walk import Walk, give, make_cast
from workflows import base
from workflows.permissions import OwnWork
from workflows.press_inquiry.actions import beside, issuing, running
from workflows.press_inquiry.models import VerdictStep

pytestmark = pytest.mark.django_db
InquiryAt = Callable[..., Walk]


def test_the_clock_is_stopped_and_restarted_with_reasons_and_no_date_changes(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("draft")
    walk.tick()
    beside.stop_clock(inquiry=walk.inquiry, reason="Chờ phóng viên làm rõ.", by=walk.cast.contact)
    stopped = walk.at

    walk.tick(hours=5)
    beside.restart_clock(inquiry=walk.inquiry, reason="Đã làm rõ.", by=walk.cast.contact)

    stop = walk.inquiry.clock_stops.get()
    assert (stop.stopped_at, stop.restarted_at) == (stopped, walk.at)
    assert walk.inquiry.due is None
    assert walk.steps == {"draft"}


def test_a_standing_clock_is_not_stopped_again_nor_a_running_one_restarted(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("draft")
    with pytest.raises(NotAllowedNow, match="running"):
        beside.restart_clock(inquiry=walk.inquiry, reason="Nhầm.", by=walk.cast.contact)
    beside.stop_clock(inquiry=walk.inquiry, reason="Chờ.", by=walk.cast.contact)

    with pytest.raises(NotAllowedNow, match="already stands"):
        beside.stop_clock(inquiry=walk.inquiry, reason="Chờ.", by=walk.cast.contact)


def test_stopping_the_clock_needs_a_reason_and_a_role(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("draft")

    with pytest.raises(Invalid, match="reason"):
        beside.stop_clock(inquiry=walk.inquiry, reason="  ", by=walk.cast.contact)
    with pytest.raises(Refused):
        beside.stop_clock(inquiry=walk.inquiry, reason="Chờ.", by=walk.cast.specialist)
    with pytest.raises((Refused, NotFound)):
        beside.stop_clock(inquiry=walk.inquiry, reason="Chờ.", by=walk.cast.stranger)

    assert not walk.inquiry.clock_stops.exists()


def test_an_opinion_is_asked_and_answered_without_blocking(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("review")
    superior = walk.cast.agency.parent
    assert superior is not None

    walk.tick()
    opinion = beside.ask_opinion(
        inquiry=walk.inquiry,
        of=superior,
        about="Số liệu đã được duyệt chưa?",
        by=walk.cast.unit_head,
    )
    walk.review()
    assert walk.steps == {"clear"}
    walk.tick()
    beside.record_opinion(
        opinion=opinion, answer="Đã duyệt.", answered_by="Văn phòng", answered_at=walk.at, by=walk.cast.unit_head,
    )  # fmt: skip

    opinion.refresh_from_db()
    assert opinion.answer == "Đã duyệt."
    assert [entry.type for entry in TrailEntry.objects.filter(type__startswith="opinion")] == [
        "opinion.asked", "opinion.answered"
    ]  # fmt: skip


def test_an_answer_older_than_its_question_is_refused(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("review")
    before = walk.at
    superior = walk.cast.agency.parent
    assert superior is not None
    walk.tick()
    opinion = beside.ask_opinion(inquiry=walk.inquiry, of=superior, about="?!", by=walk.cast.unit_head)

    with pytest.raises(Invalid, match="between the asking and now"):
        beside.record_opinion(
            opinion=opinion,
            answer="Có.",
            answered_by="VP",
            answered_at=before,
            by=walk.cast.unit_head,
        )


# The number of the office's own document system


@pytest.fixture
def waiting_for_its_number(set_clock: Callable[..., None], db: None) -> Walk:
    return Walk(make_cast(code="SNV-E", numbering=Numbering.ENTERED), set_clock).to("issue")


def enter_number(walk: Walk, by: Person | None = None) -> IssuedDocument:
    entered = EnteredNumber(number=217, issued_on=walk.at.date())
    return issuing.enter_number(inquiry=walk.inquiry, entered=entered, by=by or walk.cast.clerk)


def test_the_number_entered_sends_the_waiting_job_on_its_way(
    waiting_for_its_number: Walk, django_capture_on_commit_callbacks: Any
) -> None:
    from django_q.models import OrmQ

    walk = waiting_for_its_number
    OrmQ.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        document = enter_number(walk)

    assert document.number == 217
    (message,) = OrmQ.objects.all()
    assert message.task["args"] == (walk.task("issue").pk, walk.task("issue").external_task_id)


def test_a_number_is_entered_once_and_only_by_whoever_may(waiting_for_its_number: Walk) -> None:
    walk = waiting_for_its_number

    with pytest.raises(Refused):
        enter_number(walk, by=walk.cast.specialist)
    enter_number(walk)
    with pytest.raises(NotAllowedNow, match="already entered"):
        enter_number(walk)

    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "node"),
    [
        (ReplyForm.LETTER, "draft"),
        (ReplyForm.LETTER, "decide"),
        (ReplyForm.EMAIL, "release"),
        (ReplyForm.EMAIL, "the end"),
    ],
)
def test_no_number_is_entered_where_no_document_waits_for_one(
    set_clock: Callable[..., None], db: None, form: ReplyForm, node: str
) -> None:
    cast = make_cast(code="SNV-E", numbering=Numbering.ENTERED)
    walk = Walk(cast, set_clock, reply_form=form).to(node)

    with pytest.raises(NotAllowedNow, match="waits for a number"):
        enter_number(walk)

    assert not IssuedDocument.objects.exists()


def test_no_number_is_entered_for_a_withdrawn_inquiry(waiting_for_its_number: Walk) -> None:
    walk = waiting_for_its_number
    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    with pytest.raises(NotAllowedNow, match="waits for a number"):
        enter_number(walk)


# Steps whose holder cannot do them


def test_a_step_held_by_somebody_absent_is_put_back_by_the_chief_with_a_reason(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("clear")
    task, cast = walk.task("clear").pk, walk.cast
    base.take(task, by=cast.legal)

    with pytest.raises(Invalid, match="reason"):
        base.put_back(task, by=cast.chief)
    base.put_back(task, by=cast.chief, reason="Nghỉ ốm.")

    assert walk.task("clear").owner is None
    entry = TrailEntry.objects.get(type="task.put_back")
    assert (entry.actor_id, entry.reason) == (cast.chief.pk, "Nghỉ ốm.")


@pytest.mark.parametrize(
    ("node", "holder", "may"),
    [("review", "unit_head", {"chief", "head", "unit_head"}), ("clear", "legal", {"chief", "head", "legal"})],
)
def test_only_the_holder_and_those_who_direct_the_work_put_a_step_back(
    inquiry_at: InquiryAt, node: str, holder: str, may: set[str]
) -> None:
    walk = inquiry_at(node)
    task = walk.task(node).pk

    able = set()
    for name in ("contact", "clerk", "chief", "head", "unit_head", "specialist", "legal", "stranger"):
        base.take(task, by=getattr(walk.cast, holder))
        try:
            base.put_back(task, by=getattr(walk.cast, name), reason="Nghỉ ốm.")
        except Refused:
            continue
        able.add(name)

    assert able == may


def test_a_step_nobody_holds_is_not_put_back(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("clear")

    with pytest.raises(NotAllowedNow, match="Nobody"):
        base.put_back(walk.task("clear").pk, by=walk.cast.chief, reason="Nghỉ ốm.")


@pytest.mark.parametrize("who", ["unit_head", "chief", "head"])
def test_a_draft_is_taken_back_from_a_drafter_who_left_and_assigned_again(
    inquiry_at: InquiryAt, who: str
) -> None:
    walk = inquiry_at("draft")
    by = getattr(walk.cast, who)
    walk.cast.specialist.is_active = False
    walk.cast.specialist.save()
    task = walk.task("draft").pk

    with pytest.raises(Invalid, match="reason"):
        running.take_back(task, reason=" ", by=by)
    running.take_back(task, reason="Đã nghỉ hưu.", by=by)

    assert walk.steps == {"assign"}
    entry = TrailEntry.objects.get(type="assignment.returned")
    assert (entry.actor_id, entry.reason) == (by.pk, "Đã nghỉ hưu.")
    walk.assign(to=walk.cast.colleague)
    assert walk.task("draft").owner == walk.cast.colleague


@pytest.mark.parametrize("who", ["colleague", "contact", "legal", "stranger"])
def test_nobody_else_takes_a_draft_back(inquiry_at: InquiryAt, who: str) -> None:
    walk = inquiry_at("draft")

    with pytest.raises(Refused):
        running.take_back(walk.task("draft").pk, reason="Muốn tự soạn.", by=getattr(walk.cast, who))

    assert walk.steps == {"draft"}


def test_only_a_draft_is_taken_back(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("review")

    with pytest.raises(NotAllowedNow, match="Only a draft"):
        running.take_back(walk.task("review").pk, reason="Nghỉ ốm.", by=walk.cast.chief)


def test_the_page_of_a_step_held_by_another_offers_to_get_it_away_to_whoever_may(
    inquiry_at: InquiryAt,
) -> None:
    walk = inquiry_at("draft")
    task = walk.task("draft").pk
    client, other = Client(), Client()
    client.force_login(walk.cast.unit_head)
    other.force_login(walk.cast.contact)
    address = reverse("step_take_back", args=[task])

    assert address in client.get(reverse("step", args=[task])).content.decode()
    assert address not in other.get(reverse("step", args=[task])).content.decode()
    assert client.post(address, {"reason": "Nghỉ ốm."}).status_code == 302

    assert walk.steps == {"assign"}
    clear = walk.to("clear").task("clear").pk
    base.take(clear, by=walk.cast.legal)
    client.force_login(walk.cast.chief)
    address = reverse("step_put_back", args=[clear])
    assert address in client.get(reverse("step", args=[clear])).content.decode()
    assert client.post(address, {"reason": "Nghỉ ốm."}).status_code == 302
    assert walk.task("clear").owner is None


def test_the_author_of_a_draft_does_not_skip_its_review_even_as_a_spokesperson(inquiry_at: InquiryAt) -> None:
    walk = inquiry_at("assign")
    give(walk.cast.spokesperson, Role.SPECIALIST, agency=walk.cast.agency, unit=walk.cast.division)
    walk.assign(to=walk.cast.spokesperson)
    walk.draft(by=walk.cast.spokesperson)

    for step in (VerdictStep.REVIEW, VerdictStep.CLEAR):
        with pytest.raises(OwnWork):
            running.skip(walk.task(step).pk, step_skipped=step, reason="Hỏa tốc.", by=walk.cast.spokesperson)
        running.skip(walk.task(step).pk, step_skipped=step, reason="Hỏa tốc.", by=walk.cast.head)

    assert walk.steps == {"decide"}


def test_a_procedure_nobody_wrote_is_named_when_it_is_not_found() -> None:
    with pytest.raises(LookupError, match="no_such_procedure"):
        base.procedure("no_such_procedure")
