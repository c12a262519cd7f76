"""Registering: who asks, what, when; the same journalist again; joining and moving."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.enums import Channel, Secrecy
from core.errors import Invalid, Refused
from core.models import Case, Inquiry, TrailEntry
from documents.models import IssuedDocument
from tests.walk import Cast, Walk, make_cast
from workflows.engine.models import TaskAssignment
from workflows.press_inquiry.actions import beside
from workflows.press_inquiry.actions.registering import PossibleDuplicate
from workflows.press_inquiry.flow import PressInquiryFlow

pytestmark = pytest.mark.django_db
SetClock = Callable[..., None]


@pytest.fixture
def walk(cast: Cast, set_clock: SetClock) -> Walk:
    return Walk(cast, set_clock)


def test_three_fields_suffice(walk: Walk) -> None:
    inquiry = walk.register(
        channel=Channel.PHONE,
        asker_email="",
        press_agency_name="",
        subject="",
        questions=["Vì sao chậm lương?"],
    )

    assert inquiry.is_registered
    assert inquiry.subject == "Vì sao chậm lương?"
    assert inquiry.registered_at == walk.at
    assert inquiry.due is None
    assert walk.steps == {"triage"}


@pytest.mark.parametrize("questions", [[], ["", "  \n\t "], ["\u200b"]])
def test_an_inquiry_without_a_real_question_is_not_registered(walk: Walk, questions: list[str]) -> None:
    with pytest.raises(Invalid, match="At least one question"):
        walk.register(questions=questions)

    assert not Inquiry.objects.exists()
    assert not Case.objects.exists()


def test_a_time_of_receipt_in_the_future_is_refused(walk: Walk) -> None:
    with pytest.raises(Invalid, match="future"):
        walk.register(received_at=walk.at + timedelta(seconds=1))


def test_a_time_of_receipt_before_the_agency_existed_is_refused(walk: Walk) -> None:
    with pytest.raises(Invalid, match="existed"):
        walk.register(received_at=walk.at - timedelta(days=4000))


def test_somebody_without_the_role_does_not_register(walk: Walk) -> None:
    with pytest.raises(Refused, match="register inquiries"):
        walk.register(by=walk.cast.specialist)

    assert not Inquiry.objects.exists()


def test_a_decomposed_question_is_stored_composed(walk: Walk) -> None:
    decomposed = "Bao giờ có kết quả thi tuyển công chức?"
    import unicodedata

    inquiry = walk.register(questions=[unicodedata.normalize("NFD", decomposed)])

    assert inquiry.questions.get().text == decomposed


def test_the_same_journalist_with_a_similar_subject_within_seven_days_is_asked_about(walk: Walk) -> None:
    first = walk.register(subject="Kết quả kỳ thi tuyển công chức năm 2026")
    walk.tick(days=6)

    with pytest.raises(PossibleDuplicate) as doubt:
        walk.register(subject="Kết quả thi tuyển công chức 2026", confirmed_new=False)

    assert doubt.value.duplicates == [first]
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"subject": "Tai nạn lao động tại khu công nghiệp"}, {"asker_email": "khac@bao.example"}],
    ids=["another subject", "another journalist"],
)
def test_something_else_is_not_taken_for_a_duplicate(walk: Walk, change: dict[str, Any]) -> None:
    walk.register(subject="Kết quả kỳ thi tuyển công chức năm 2026")

    walk.register(**{"subject": "Kết quả thi tuyển công chức 2026", "confirmed_new": False, **change})

    assert Inquiry.objects.count() == 2


def test_after_seven_days_it_is_not_taken_for_a_duplicate(walk: Walk) -> None:
    walk.register(subject="Kết quả kỳ thi tuyển công chức năm 2026")
    walk.tick(days=8)

    walk.register(subject="Kết quả thi tuyển công chức 2026", confirmed_new=False)

    assert Inquiry.objects.count() == 2


def test_a_follow_up_is_linked_and_recorded(walk: Walk) -> None:
    first = walk.register()

    second = walk.register(follows=first, confirmed_new=False, case=first.case)

    assert (second.follows, second.case) == (first, first.case)
    assert TrailEntry.objects.filter(type="inquiry.linked").count() == 1
    assert TrailEntry.objects.filter(type="inquiry.joined_case").count() == 1


def test_an_inquiry_moves_with_its_tasks_and_leaves_an_entry_in_both_streams(walk: Walk) -> None:
    first = walk.register()
    walk.register()
    moved, to = walk.inquiry, first.case
    old = moved.case

    walk.tick()
    beside.move_to_case(inquiry=moved, to=to, reason="Cùng một sự việc.", by=walk.cast.contact)

    assert set(TaskAssignment.objects.filter(inquiry=moved).values_list("case", flat=True)) == {to.pk}
    assert TrailEntry.objects.get(type="inquiry.moved_away").stream == f"case:{old.pk}"
    assert TrailEntry.objects.get(type="inquiry.moved_here").stream == f"case:{to.pk}"
    old.refresh_from_db()
    assert old.closed_at == walk.at


def test_a_restricted_case_is_not_told_by_a_likeness(walk: Walk) -> None:
    first = walk.register(subject="Kết quả kỳ thi tuyển công chức năm 2026", by=walk.cast.chief)
    first.case.secrecy = Secrecy.RESTRICTED
    first.case.save()

    walk.register(subject="Kết quả thi tuyển công chức 2026", confirmed_new=False)

    assert Inquiry.objects.count() == 2


def test_registering_by_hand_is_told_under_the_version_of_the_procedure(walk: Walk) -> None:
    walk.register()

    entry = TrailEntry.objects.get(type="inquiry.registered")
    assert (entry.procedure, entry.procedure_version) == ("press_inquiry", PressInquiryFlow.version)


def test_a_document_follows_its_inquiry_to_the_case_it_is_moved_to(inquiry_at: Callable[..., Walk]) -> None:
    walk = inquiry_at("sign")
    other = Walk(walk.cast, walk.set_clock, at=walk.at).register()
    document = IssuedDocument.objects.get()

    walk.tick()
    beside.move_to_case(inquiry=walk.inquiry, to=other.case, reason="Cùng sự việc.", by=walk.cast.contact)
    walk.inquiry.refresh_from_db()
    walk.sign()

    assert TrailEntry.objects.get(type="document.signed").stream == f"case:{other.case_id}"
    document.refresh_from_db()
    assert document.case_now == other.case


def test_an_inquiry_does_not_move_to_another_agencys_case(walk: Walk) -> None:
    inquiry = walk.register()
    foreign = Walk(make_cast(code="SNV-W"), walk.set_clock).register()

    with pytest.raises(Exception, match="no such case"):
        beside.move_to_case(inquiry=inquiry, to=foreign.case, reason="Nhầm.", by=walk.cast.contact)


def test_a_closed_case_takes_no_new_inquiry(walk: Walk) -> None:
    inquiry = walk.register()
    inquiry.case.closed_at = walk.at
    inquiry.case.save()

    with pytest.raises(Invalid, match="closed"):
        walk.register(case=inquiry.case)
