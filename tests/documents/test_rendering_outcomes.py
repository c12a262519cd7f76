"""A letter neither loses nor contradicts the decisions it states: read back from the PDF."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import files
from core.models import Provision
from documents import fonts, rendering
from documents.actions import issuing
from documents.kinds import AdviceLetter, RefusalLetter, ReplyLetter, SecondLookLetter
from documents.kinds.outcomes import EarlierDocument, ReviewContact
from documents.kinds.reply import ReplyItem
from documents.rules.wording import cleaned
from tests.documents.conftest import MORNING, Office, make_reply, text_of
from tests.documents.letters import (
    CONTACT,
    DUTY,
    EARLIER,
    GROUND,
    REASON,
    missing,
    printed,
    redirected,
    refusal,
    refused,
    second_look,
    squeezed,
    squeezed_text_of,
    stating,
    withheld,
)

PRINT = Path(settings.BASE_DIR) / "documents" / "templates" / "documents" / "print"
REPLACES = (
    "Văn bản này thay thế nội dung đã trả lời về cùng câu hỏi "
    "tại Công văn số 17/SNV-VP ngày 03 tháng 7 năm 2026"
)
SIGNS = " \n0123456789.,;:!?()-/%\"'“”‘’…–&<>{}"
WORDING = st.text(alphabet=sorted(fonts.VIETNAMESE) + list(SIGNS), max_size=600)
DIFFICULT = {
    "one sentence": REASON,
    "several paragraphs": "Đoạn một, có lý do thứ nhất.\n\nĐoạn hai, có lý do thứ hai.\r\nĐoạn ba.",
    "quotes": "Theo \"Kết luận\" và “Đề án 'A'” – ‘mật’ <b>không</b> {{ facts }} &amp; 50%.",
    "decomposed letters": unicodedata.normalize("NFD", "Việc công bố ảnh hưởng đến quyền của người khác."),
    "words of 100 letters": f"{'x' * 100} {'ắ' * 100} rồi {'y' * 100} và {'z' * 250}.",
    "four pages": "\n".join(f"Lý do thứ {each}: " + "nội dung chưa có kết luận, " * 15 for each in range(40)),
}


def mixed(reason: str = REASON, *, citation: str = GROUND) -> Any:
    return make_reply(
        items=(
            ReplyItem(number=1, question="Bao nhiêu?", answer="Đã sắp xếp 42 đơn vị."),
            stating(refused(number=2, citation=citation, reason=reason)),
            stating(redirected(number=3, duty_citation=DUTY)),
            stating(withheld(number=4, reason=reason)),
        ),
        review_contact=CONTACT,
    )


def fonts_in(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        found = [
            each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        ]
        return {str(font["/BaseFont"]) for font in found}


@pytest.mark.parametrize("reason", DIFFICULT.values(), ids=DIFFICULT.keys())
def test_every_citation_and_reason_of_a_mixed_letter_is_found_in_its_text(reason: str) -> None:
    pdf = printed(ReplyLetter, mixed(reason)).pdf
    paragraphs = {f"reason {each}": cleaned(each) for each in reason.splitlines()}
    said = {"answer": "Đã sắp xếp 42 đơn vị.", "citation": f"Căn cứ: {GROUND}.", "duty": f"({DUTY})"}
    assert missing(pdf, {**said, "reason": f"Lý do: {cleaned(reason)}", **paragraphs}) == []
    assert squeezed_text_of(pdf).count(squeezed(f"Lý do: {cleaned(reason)}")) == 2
    assert "khiếu nại" not in text_of(pdf).casefold()


@hypothesis_settings(max_examples=12, deadline=None, derandomize=True)
@given(reason=WORDING.filter(lambda text: text.strip()), citation=WORDING.filter(lambda text: text.strip()))
def test_whatever_the_reason_and_the_citation_say_is_found_in_the_letter(reason: str, citation: str) -> None:
    pdf = printed(RefusalLetter, refusal(refused(reason=reason, citation=citation))).pdf
    said = {"citation": f"Căn cứ: {cleaned(citation)}.", "reason": f"Lý do: {cleaned(reason)}"}
    assert missing(pdf, said) == []


def test_each_outcome_of_a_mixed_letter_stands_under_its_own_question_with_its_own_basis() -> None:
    text = text_of(printed(ReplyLetter, mixed()).pdf)
    parts = [
        "Câu hỏi 1: Bao nhiêu?",
        "Trả lời: Đã sắp xếp 42 đơn vị.",
        "Câu hỏi 2: Ai được trợ cấp?",
        "Trả lời: Từ chối cung cấp thông tin.",
        f"Căn cứ: {GROUND}.",
        f"Lý do: {REASON}",
        "Câu hỏi 3: Học phí năm tới?",
        "Nội dung này không thuộc chức năng, nhiệm vụ, quyền hạn của Sở Nội vụ tỉnh Mẫu.",
        f"({DUTY})",
        "Đề nghị liên hệ Sở Giáo dục và Đào tạo là cơ quan có thẩm quyền",
        "Câu hỏi 4: Bao giờ công bố?",
        "Trả lời: Sở Nội vụ tỉnh Mẫu xem xét, chưa cung cấp thông tin về nội dung này.",
        f"Lý do: {REASON}",
        "đề nghị xem xét lại",
        "./.",
    ]
    rest = text
    for part in parts:
        before, found, rest = rest.partition(part)
        assert found == part, f"{part!r} does not follow in {before!r}"


def test_refusal_letter_says_what_is_refused_on_what_ground_why_and_where_to_ask() -> None:
    text = text_of(printed(RefusalLetter, refusal(refused())).pdf)
    parts = [
        "Số: 21/SNV-VP",
        "Kính gửi: Báo Thử nghiệm (giả định)",
        "Sau khi xem xét yêu cầu cung cấp thông tin ngày 02 tháng 7 năm 2026 của Báo Thử nghiệm (giả định)",
        "Câu hỏi 1: Ai được trợ cấp?",
        "Từ chối cung cấp thông tin",
        f"Căn cứ: {GROUND}. Việc từ chối được quyết định ngày 13 tháng 7 năm 2026.",
        f"Lý do: {REASON}",
        "Báo Thử nghiệm (giả định) có thể gửi đề nghị xem xét lại bằng văn bản hoặc thư điện tử",
        "đến Sở Nội vụ tỉnh Mẫu, địa chỉ: Số 1, đường Giả Định, tỉnh Mẫu, điện thoại: 0000 111 222",
        "thư điện tử: baochi@snv.example.",
        "./.",
        "- Như trên;",
        "- Lưu: VT",
        "Trần Thị Ví Dụ",
    ]
    places = [text.find(part) for part in parts]
    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_what_is_withheld_cites_no_press_law() -> None:
    assert "Luật" not in text_of(printed(RefusalLetter, refusal(withheld(duty_citation=DUTY))).pdf)


def test_redirect_is_not_called_a_refusal_and_says_nothing_of_a_second_look() -> None:
    text = text_of(
        printed(RefusalLetter, refusal(redirected(reason="Việc này do ngành giáo dục quản lý."))).pdf
    )
    assert "Lý do: Việc này do ngành giáo dục quản lý." in text
    assert "ừ chối" not in text
    assert "xem xét lại" not in text


def test_decided_redirect_reads_as_redirects_always_did() -> None:
    plain = ReplyItem(number=2, question="Học phí năm tới?", redirect_to="Sở Giáo dục và Đào tạo")
    before = printed(ReplyLetter, make_reply(items=(plain,), duty_citation=DUTY)).pdf
    decided = stating(redirected(duty_citation=DUTY))
    assert printed(ReplyLetter, make_reply(items=(decided,))).pdf == before


def test_only_ways_that_exist_are_offered_to_ask_for_a_second_look() -> None:
    contact = ReviewContact(name="Văn phòng Sở", address="Số 1, tỉnh Mẫu")
    text = text_of(printed(RefusalLetter, refusal(review_contact=contact)).pdf)
    assert "bằng văn bản, nêu rõ số và ngày của văn bản này" in text
    assert "đến Văn phòng Sở, địa chỉ: Số 1, tỉnh Mẫu." in text
    assert [word for word in ("thư điện tử", "điện thoại") if word in text] == []


def test_advice_to_a_superior_tells_nobody_where_to_ask() -> None:
    text = text_of(printed(AdviceLetter, mixed()).pdf)
    assert f"Căn cứ: {GROUND}." in text
    assert "xem xét lại" not in text


TOLD_BY_MAIL = EarlierDocument(symbol="", day=date(2026, 7, 5), has_number=False)
AS_IT_REFERS = {
    (EARLIER,): f"{REPLACES}.",
    (EARLIER, EarlierDocument(symbol="19/SNV-VP", day=date(2026, 7, 4)), TOLD_BY_MAIL): (
        f"{REPLACES}; Công văn số 19/SNV-VP ngày 04 tháng 7 năm 2026; ngày 05 tháng 7 năm 2026."
    ),
    (TOLD_BY_MAIL,): "nội dung đã trả lời về cùng câu hỏi ngày 05 tháng 7 năm 2026.",
}


@pytest.mark.parametrize(("earlier", "said"), AS_IT_REFERS.items())
def test_letter_that_refers_to_earlier_ones_prints_the_number_and_date_of_each(
    earlier: tuple[EarlierDocument, ...], said: str
) -> None:
    refusing = squeezed_text_of(printed(RefusalLetter, refusal(refers_to=earlier)).pdf)
    replying = squeezed_text_of(printed(ReplyLetter, make_reply(refers_to=earlier)).pdf)
    replaces = squeezed(said)
    assert (refusing.count(replaces), replying.count(replaces)) == (1, 1)
    assert "thay thế" not in text_of(printed(RefusalLetter, refusal()).pdf)


def test_second_look_upholds_by_number_and_date_with_citation_and_reason() -> None:
    given = second_look(
        refused(reason="Lần xem xét thứ hai không thấy tình tiết mới."), addressee="Nguyễn Phóng"
    )
    text = text_of(printed(SecondLookLetter, given).pdf)
    parts = [
        "Ngày 09 tháng 7 năm 2026, Sở Nội vụ tỉnh Mẫu nhận được đề nghị xem xét lại của Nguyễn Phóng",
        "tại Công văn số 17/SNV-VP ngày 03 tháng 7 năm 2026",
        "giữ nguyên nội dung đã trả lời",
        "Câu hỏi 1: Ai được trợ cấp?",
        "Kết quả xem xét lại: Giữ nguyên nội dung đã trả lời.",
        f"Căn cứ: {GROUND}.",
        "Lý do giữ nguyên: Lần xem xét thứ hai không thấy tình tiết mới.",
        "Trên đây là kết quả xem xét lại của Sở Nội vụ tỉnh Mẫu",
    ]
    places = [text.find(part) for part in parts]
    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)
    assert "thay thế" not in text


def test_no_letter_calls_a_request_to_look_again_a_complaint() -> None:
    templates = {path.name: path.read_text(encoding="utf-8").casefold() for path in PRINT.glob("*.html")}
    assert {"refusal.html", "second_look.html", "_review.html"} <= set(templates)
    assert [name for name, text in templates.items() if "khiếu nại" in text] == []
    for pdf in (printed(RefusalLetter, refusal()).pdf, printed(SecondLookLetter, second_look()).pdf):
        assert "khiếu nại" not in text_of(pdf).casefold()


def test_reason_that_is_about_somebodys_complaint_is_still_printed_whole() -> None:
    reason = "Đơn khiếu nại của ông A đang được giải quyết, chưa có kết luận chính thức."
    assert reason in text_of(printed(RefusalLetter, refusal(refused(reason=reason))).pdf)


def test_only_liberation_serif_is_in_the_letters() -> None:
    reason = "".join(sorted(fonts.VIETNAMESE)) + " 😀 中文 → ✓"
    letters = [
        printed(ReplyLetter, mixed(reason)),
        printed(RefusalLetter, refusal(refused(reason=reason))),
        printed(SecondLookLetter, second_look(refused(reason=reason))),
    ]
    assert [name for each in letters for name in fonts_in(each.pdf) if "Liberation-Serif" not in name] == []


def test_same_facts_give_the_same_bytes_in_any_language_and_after_they_were_stored() -> None:
    facts = {**RefusalLetter.facts(refusal(refused(), redirected(), withheld())), "symbol": "21/SNV-VP"}
    here = rendering.render(template=RefusalLetter.template, facts=facts).pdf
    with translation.override("en"):
        stored = rendering.render(template=RefusalLetter.template, facts=json.loads(json.dumps(facts))).pdf
    assert stored == here


@pytest.mark.parametrize(
    ("code", "citation"),
    [
        ("103/2016/QH13:38.2.d", "điểm d khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13"),
        ("126/2025/QH15:31.2.a", "điểm a khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15"),
    ],
)
def test_letter_stays_as_it_was_when_the_wording_of_its_ground_is_superseded(
    office: Office, code: str, citation: str
) -> None:
    ground = Provision.objects.select_related("instrument").get(code=code)
    given = refusal(refused(citation=ground.citation_in_full))
    document = office.number(key="refusal:1", facts=RefusalLetter.facts(given))
    before = files.read(issuing.render(document=document, at=MORNING).pdf_sha256)

    ground.instrument.title, ground.instrument.issued = "Luật khác", date(2030, 1, 1)
    ground.instrument.save()
    ground.point, ground.subject, ground.statement, ground.verbatim = "z", "Khác", "Khác", "Khác"
    ground.save()

    document.refresh_from_db()
    after = rendering.render(template=RefusalLetter.template, facts=document.facts).pdf
    assert citation not in ground.citation_in_full
    assert f"Căn cứ: {citation} ngày" in text_of(after)
    assert after == before


def test_same_outcome_is_one_letter_however_often_it_is_printed() -> None:
    given = refusal(refused(), withheld())
    assert printed(RefusalLetter, given).pdf == printed(RefusalLetter, replace(given)).pdf
