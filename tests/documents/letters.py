"""What the letters of these tests state, and how their text is read back without line and page breaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from documents import rendering
from documents.kinds.outcomes import EarlierDocument, OutcomeItem, OutcomeKind, ReviewContact
from documents.kinds.refusal import RefusalFacts, SecondLookFacts
from documents.kinds.reply import ReplyItem
from documents.rendering import Rendering

GROUND = "điểm a khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
DUTY = "khoản 1 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
REASON = "Hồ sơ nêu địa chỉ và bệnh án của từng người, công bố sẽ xâm phạm bí mật cá nhân của họ."
CONTACT = ReviewContact(
    name="Sở Nội vụ tỉnh Mẫu",
    address="Số 1, đường Giả Định, tỉnh Mẫu",
    phone="0000 111 222",
    email="baochi@snv.example",
)
EARLIER = EarlierDocument(symbol="17/SNV-VP", day=date(2026, 7, 3))
DECIDED = date(2026, 7, 13)
HEADING = {
    "agency_name": "Sở Nội vụ tỉnh Mẫu",
    "parent_name": "Ủy ban nhân dân tỉnh Mẫu",
    "symbol": "21/SNV-VP",
    "subject": "trả lời Báo Thử nghiệm",
    "date_line": "Tỉnh Mẫu, ngày 14 tháng 7 năm 2026",
    "signature_lines": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
    "signer": "Trần Thị Ví Dụ",
}


def refused(**fields: Any) -> OutcomeItem:
    defaults = {
        "number": 1,
        "question": "Ai được trợ cấp?",
        "citation": GROUND,
        "reason": REASON,
        "decided_on": DECIDED,
    }
    return OutcomeItem(kind=OutcomeKind.REFUSED, **{**defaults, **fields})


def redirected(**fields: Any) -> OutcomeItem:
    defaults = {"number": 2, "question": "Học phí năm tới?", "redirect_to": "Sở Giáo dục và Đào tạo"}
    return OutcomeItem(kind=OutcomeKind.REDIRECTED, **{**defaults, **fields})


def stating(outcome: OutcomeItem) -> ReplyItem:
    return ReplyItem(number=outcome.number, question=outcome.question, outcome=outcome)


def withheld(**fields: Any) -> OutcomeItem:
    defaults = {"number": 3, "question": "Bao giờ công bố?", "reason": "Số liệu còn đang được đối chiếu."}
    return OutcomeItem(kind=OutcomeKind.WITHHELD, **{**defaults, **fields})


def refusal(*items: OutcomeItem, **fields: Any) -> RefusalFacts:
    defaults = {
        "addressee": "Báo Thử nghiệm (giả định)",
        "request_date": date(2026, 7, 2),
        "review_contact": CONTACT,
        "items": items or (refused(),),
    }
    return RefusalFacts(**{**defaults, **fields})


def second_look(*items: OutcomeItem, **fields: Any) -> SecondLookFacts:
    defaults = {
        "addressee": "Báo Thử nghiệm (giả định)",
        "received_date": date(2026, 7, 9),
        "refers_to": EARLIER,
        "items": items or (refused(),),
    }
    return SecondLookFacts(**{**defaults, **fields})


def printed(letter: Any, given: Any) -> Rendering:
    return rendering.render(template=letter.template, facts={**letter.facts(given), **HEADING})


def squeezed(text: str) -> str:
    """The text without its spaces and breaks: where a line ends is no matter of what is said."""
    return "".join(text.split())


def squeezed_text_of(pdf: bytes) -> str:
    """The whole text of a document, squeezed, without the numbers at the head of its pages."""
    first, *others = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    numbered = enumerate(others, start=2)
    return squeezed(" ".join([first, *(_without_number(text, str(number)) for number, text in numbered)]))


def _without_number(text: str, number: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() != number)


def missing(pdf: bytes, said: Mapping[str, str]) -> list[str]:
    """The names of what is not found in the document."""
    text = squeezed_text_of(pdf)
    return [name for name, each in said.items() if squeezed(each) not in text]
