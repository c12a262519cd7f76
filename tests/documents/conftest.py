"""One agency that numbers its own documents, the case of a reply, and who signs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core.clock import ZONE
from core.enums import Capacity, Channel
from core.models import Agency, Case, Inquiry, Person, SigningCapacity, Unit
from documents.actions import issuing, reference
from documents.kinds.reply import ReplyFacts, ReplyItem, ReplyLetter
from documents.models import IssuedDocument
from tests.factories import LONG_AGO, make_agency, make_case, make_person, make_unit

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "reference"
MORNING = datetime(2026, 3, 9, 9, 30, tzinfo=ZONE)
CONTENT = "a" * 64


def text_of(pdf: bytes) -> str:
    """What a reader's search or a screen reader finds, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def make_reply(**fields: Any) -> ReplyFacts:
    item = ReplyItem(number=1, question="Đã sắp xếp bao nhiêu đơn vị?", answer="Đã sắp xếp 42 đơn vị.")
    defaults = {"addressee": "Báo Thử nghiệm (giả định)", "request_date": date(2026, 3, 2), "items": (item,)}
    return ReplyFacts(**{**defaults, **fields})


@dataclass
class Office:
    """The cast of these tests: everything a document needs, and the shortest way to one."""

    agency: Agency
    unit: Unit
    case: Case
    inquiry: Inquiry
    signer: Person
    clerk: Person
    capacity: SigningCapacity
    reply: Callable[..., ReplyFacts] = field(default=make_reply)

    def number(self, *, key: str = "reply:1", at: datetime = MORNING, **fields: Any) -> IssuedDocument:
        facts = ReplyLetter.facts(fields.pop("reply", None) or make_reply())
        defaults = {
            "case": self.case,
            "inquiry": self.inquiry,
            "kind_code": "official_letter",
            "facts": facts,
            "subject": "trả lời Báo Thử nghiệm",
            "content_sha256": CONTENT,
            "signer": self.signer,
            "capacity": self.capacity,
            "drafting_unit": self.unit,
            "by": None,
        }
        return issuing.number(key=key, at=at, **{**defaults, **fields})

    def rendered(self, **fields: Any) -> IssuedDocument:
        return issuing.render(document=self.number(**fields), at=MORNING)


def make_office() -> Office:
    reference.load(FIXTURES)
    parent = make_agency(code="UBND-X", name="Ủy ban nhân dân tỉnh Mẫu", symbol="UBND")
    agency = make_agency(
        code="SNV-X", name="Sở Nội vụ tỉnh Mẫu", symbol="SNV", parent=parent, place_name="Tỉnh Mẫu"
    )
    signer = make_person(full_name="Trần Thị Ví Dụ")
    case = make_case(agency=agency)
    return Office(
        agency=agency,
        unit=make_unit(agency=agency, code="VP", symbol="VP"),
        case=case,
        inquiry=Inquiry.objects.create(
            case=case,
            agency=agency,
            reference="YC-1",
            channel=Channel.EMAIL,
            received_at=LONG_AGO,
            created_at=LONG_AGO,
        ),
        signer=signer,
        clerk=make_person(full_name="Lê Văn Thư"),
        capacity=SigningCapacity.objects.create(
            agency=agency,
            person=signer,
            capacity=Capacity.KT,
            authority_line="KT. GIÁM ĐỐC",
            title_line="Phó Giám đốc",
            valid_from=LONG_AGO,
        ),
    )


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def lasting_office(transactional_db: None) -> Office:
    """Committed, so that other threads see it."""
    return make_office()
