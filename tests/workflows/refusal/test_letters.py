"""What the letters say, read back from their PDF: every outcome with its own basis."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core import files
from core.enums import InquiryOutcome, ReplyForm
from core.models import Agency, OutgoingMail, Statement
from documents.models import IssuedDocument
from tests.documents.conftest import text_of
from tests.documents.letters import missing, squeezed
from tests.walk import Walk
from workflows import bringing_back
from workflows.press_inquiry import queries as press_inquiry
from workflows.refusal import queries
from workflows.refusal.actions import watching
from workflows.refusal.models import Outcome, Result, StatedOutcome

from .walk import FACTS, REASON, RefusalWalk, proposal

pytestmark = pytest.mark.django_db
POINT_A = "điểm a khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
POINT_B = "điểm b khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
POINT_C = "điểm c khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
DUTY = (
    "chỉ trong phạm vi chức năng, nhiệm vụ, quyền hạn được giao "
    "(khoản 1 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025)."
)
REASONS = {
    "secret": "Hồ sơ nêu địa chỉ và bệnh án của từng người được trợ cấp, công bố sẽ làm hại cuộc sống của họ.",
    "investigation": "Công bố lời khai lúc này làm lộ hướng điều tra, người liên quan có thể bỏ trốn.",
    "withheld": "Số liệu của hai huyện cũ đang được đối chiếu lại sau sắp xếp, con số hiện có sai lệch nhiều.",
}
REDIRECTED: dict[str, Any] = {
    "outcome": Outcome.REDIRECTED, "ground": None, "facts": {}, "reason": "", "watch_kind": None,
    "redirected_to": "Sở Giáo dục và Đào tạo (giả định)",
}  # fmt: skip
WITHHELD: dict[str, Any] = {
    "outcome": Outcome.WITHHELD, "ground": None, "facts": {}, "watch_kind": None, "reason": REASONS["withheld"],
}  # fmt: skip


def pdf_of(document: IssuedDocument | None) -> bytes:
    assert document is not None
    return files.read(document.pdf_sha256)


def in_order(text: str, parts: list[str]) -> list[str]:
    """The parts that do not follow each other in the text."""
    lost, left = [], squeezed(text)
    for part in parts:
        _before, found, rest = left.partition(squeezed(part))
        if found:
            left = rest
        else:
            lost.append(part)
    return lost


def test_one_reply_answers_refuses_redirects_and_withholds_each_with_its_own_basis(walk: Walk) -> None:
    Agency.objects.filter(pk=walk.cast.agency.pk).update(may_withhold=True)
    walk.questions = (
        "Bao nhiêu đơn vị?",
        "Ai được trợ cấp?",
        "Vụ án A?",
        "Học phí?",
        "Giá thuốc?",
        "Tổng số?",
    )
    walk.redirected = (5,)
    walk.to("review")
    proposals = {
        2: proposal("secret", reason=REASONS["secret"]),
        3: proposal("investigation", reason=REASONS["investigation"]),
        4: proposal(**REDIRECTED),
        6: proposal(**WITHHELD),
    }
    for number, given in proposals.items():
        refusal = RefusalWalk(walk, number=number, proposal=given)
        refusal.ask()
        refusal.to("")

    walk.to("")

    pdf = pdf_of(press_inquiry.reply_document(walk.process))
    parts = [
        "Câu hỏi 1: Bao nhiêu đơn vị?", "Trả lời: Câu trả lời số 1.",
        "Câu hỏi 2: Ai được trợ cấp?", "Từ chối cung cấp thông tin.", f"Căn cứ: {POINT_A}.",
        f"Lý do: {REASONS['secret']}",
        "Câu hỏi 3: Vụ án A?", f"Căn cứ: {POINT_B}.", f"Lý do: {REASONS['investigation']}",
        "Câu hỏi 4: Học phí?", "không thuộc chức năng, nhiệm vụ, quyền hạn", DUTY, "Sở Giáo dục và Đào tạo (giả định)",
        "Câu hỏi 5: Giá thuốc?", "Trả lời: Câu trả lời số 5.",
        "Câu hỏi 6: Tổng số?", "xem xét, chưa cung cấp", f"Lý do: {REASONS['withheld']}",
        "đề nghị xem xét lại",
    ]  # fmt: skip
    assert in_order(text_of(pdf), parts) == []
    said = Statement.objects.get().text
    assert in_order(said, [POINT_A, REASONS["secret"], POINT_B, DUTY, "Xem xét, chưa cung cấp"]) == []
    for text in (text_of(pdf), said):
        assert "khiếu nại" not in text.casefold()
        assert text.count("khoản 2 Điều 31") == 2
    outcomes = list(walk.inquiry.questions.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["answered", "refused", "refused", "redirected", "redirected", "withheld"]
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def test_a_letter_of_its_own_tells_of_several_refusals_and_of_what_was_redirected_at_triage(
    walk: Walk,
) -> None:
    walk.questions = ("Kết luận thanh tra?", "Giá thuốc?", "Vụ án A?")
    walk.redirected = (2,)
    walk.to("review")
    first = RefusalWalk(walk, number=1)
    second = RefusalWalk(walk, number=3, proposal=proposal("investigation", reason=REASONS["investigation"]))
    for refusal in (first, second):
        refusal.ask()
        refusal.to("decide")
    first.decide()

    second.to("")
    walk.to("")

    pdf = pdf_of(queries.letter(second.process))
    parts = [
        "Câu hỏi 1: Kết luận thanh tra?", f"Căn cứ: {POINT_C}.", f"Lý do: {REASON}",
        "Câu hỏi 2: Giá thuốc?", "không thuộc chức năng, nhiệm vụ, quyền hạn", DUTY, "Sở Y tế (giả định)",
        "Câu hỏi 3: Vụ án A?", f"Căn cứ: {POINT_B}.", f"Lý do: {REASONS['investigation']}",
        "đề nghị xem xét lại", walk.cast.agency.name, walk.cast.agency.mailbox,
    ]  # fmt: skip
    assert in_order(text_of(pdf), parts) == []
    assert "khiếu nại" not in text_of(pdf).casefold()
    assert (first.end, second.end) == ("told_in_reply", "told_in_letter")
    assert {each.document for each in StatedOutcome.objects.all()} == {queries.letter(second.process)}
    assert StatedOutcome.objects.count() == 2
    assert walk.inquiry.outcome == InquiryOutcome.PARTLY_REFUSED


def test_the_facts_of_a_ground_are_not_told_to_the_press(walk: Walk) -> None:
    walk.questions = ("Kết luận thanh tra?",)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("sign")

    facts = {name: value for name, value in FACTS["inspection"].items() if len(value) > 12}

    assert missing(pdf_of(queries.letter(refusal.process)), facts) == list(facts)


def test_a_correction_is_another_letter_that_refers_to_the_one_before_and_leaves_it_as_it_was(
    walk: Walk,
) -> None:
    walk.questions = ("Kết luận thanh tra?",)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    walk.to("")
    first = queries.letter(refusal.process)
    assert first is not None
    before = IssuedDocument.objects.filter(pk=first.pk).values().get()
    refusal.ask_again()
    refusal.reconsider(Result.CHANGED)
    replacing = RefusalWalk(walk, proposal=proposal("investigation", reason=REASONS["investigation"]))
    replacing.propose()

    replacing.to("")

    second = queries.letter(replacing.process)
    assert second is not None
    assert second.pk != first.pk
    parts = [
        f"Căn cứ: {POINT_B}.",
        "Văn bản này thay thế",
        f"Công văn số {first.symbol} {day(first.issued_on)}",
    ]
    assert in_order(text_of(pdf_of(second)), parts) == []
    assert IssuedDocument.objects.filter(pk=first.pk).values().get() == before


def test_upheld_is_told_by_a_letter_that_names_the_one_before_its_ground_and_the_reason_of_upholding(
    walk: Walk,
) -> None:
    walk.questions = ("Kết luận thanh tra?",)
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    first = queries.letter(refusal.process)
    assert first is not None
    refusal.ask_again()

    refusal.to("")

    text = text_of(pdf_of(queries.letter(refusal.process)))
    parts = [
        "đề nghị xem xét lại", f"Công văn số {first.symbol} {day(first.issued_on)}", "Giữ nguyên nội dung đã trả lời",
        f"Căn cứ: {POINT_C}.", f"Lý do giữ nguyên: {REASON}",
    ]  # fmt: skip
    assert refusal.end == "upheld"
    assert in_order(text, parts) == []
    assert "khiếu nại" not in text.casefold()


@pytest.mark.parametrize("result", [Result.UPHELD, Result.CHANGED])
def test_what_was_told_without_a_document_is_referred_to_by_its_day(walk: Walk, result: Result) -> None:
    walk.reply_form = ReplyForm.EMAIL
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    walk.to("")
    refusal.ask_again()
    refusal.reconsider(result)

    refusal.to("")

    text = squeezed(text_of(pdf_of(queries.letter(refusal.process))))
    words = {
        Result.UPHELD: "đối với nội dung trả lời ngày 13 tháng 7 năm 2026. Sau khi xem xét lại",
        Result.CHANGED: "thay thế nội dung đã trả lời về cùng câu hỏi ngày 13 tháng 7 năm 2026.",
    }
    assert squeezed(words[result]) in text
    assert "Côngvănsố" not in text


def test_the_reply_to_a_question_brought_back_refers_to_the_letter_that_refused_it(walk: Walk) -> None:
    refusal = RefusalWalk(walk.to("review"))
    refusal.ask()
    refusal.to("")
    walk.to("")
    first = press_inquiry.reply_document(walk.process)
    assert first is not None
    watching.record_end_of_ground(
        refusal=refusal.refusal, happened_at=walk.tick(), note="Kết luận số 9 (giả định).", by=walk.cast.legal
    )
    bringing_back.sweep()

    walk.inquiry.refresh_from_db()
    walk.to("")

    reply = press_inquiry.reply_document(walk.process)
    text = squeezed(text_of(pdf_of(reply)))
    replaces = (
        f"thay thế nội dung đã trả lời về cùng câu hỏi tại Công văn số {first.symbol} {day(first.issued_on)}"
    )
    assert reply != first
    assert squeezed(replaces) in text
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED


def test_one_reply_that_replaces_what_two_documents_told_refers_to_both(walk: Walk) -> None:
    walk.questions = ("Kết luận thanh tra?", "Vụ án A?", "Bao nhiêu đơn vị?")
    walk.to("review")
    first = RefusalWalk(walk)
    second = RefusalWalk(walk, number=2, proposal=proposal("investigation", reason=REASONS["investigation"]))
    for refusal in (first, second):
        refusal.ask()
        refusal.to("decide")
    first.decide(at_once=True)
    first.to("")
    second.to("")
    walk.to("")
    letter, reply = queries.letter(first.process), press_inquiry.reply_document(walk.process)
    assert letter is not None
    assert reply is not None
    for refusal in (first, second):
        watching.record_end_of_ground(
            refusal=refusal.refusal, happened_at=walk.tick(), note="Đã xong (giả định).", by=walk.cast.legal
        )
    bringing_back.sweep()

    walk.inquiry.refresh_from_db()
    walk.to("")

    replaces = (
        f"thay thế nội dung đã trả lời về cùng câu hỏi tại Công văn số {letter.symbol} {day(letter.issued_on)}; "
        f"Công văn số {reply.symbol} {day(reply.issued_on)}."
    )
    assert squeezed(replaces) in squeezed(text_of(pdf_of(press_inquiry.reply_document(walk.process))))


@pytest.mark.parametrize("is_refused", [True, False])
def test_a_mail_that_refuses_without_a_document_says_where_to_ask_for_a_second_look(
    walk: Walk, is_refused: bool
) -> None:
    walk.reply_form = ReplyForm.EMAIL
    refusal = RefusalWalk(walk.to("review"), proposal=proposal(**({} if is_refused else REDIRECTED)))
    refusal.ask()
    refusal.to("")

    walk.to("")

    agency = walk.cast.agency
    said = (
        "Trường hợp không nhất trí với việc từ chối hoặc chưa cung cấp thông tin nêu trên, Quý vị có thể gửi đề nghị "
        f"xem xét lại bằng văn bản hoặc thư điện tử, nêu rõ mã số {walk.inquiry.reference}, câu hỏi cần xem xét lại, "
        f"đến {agency.name}"
    )
    mail = OutgoingMail.objects.latest("pk").body
    assert (said in mail, "xem xét lại" in mail) == (is_refused, is_refused)
    assert (f"thư điện tử: {agency.mailbox}.\n" in mail) == is_refused


def day(on: date) -> str:
    return f"ngày {on.day:02d} tháng {on.month} năm {on.year}"
