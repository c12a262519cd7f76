"""A reason in words says something, and more than the ground said again. Without a database."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from core.models import Provision
from workflows.refusal.rules import reasons

from . import lawbook
from .lawbook import REASON

VERBATIM = (
    "Thông tin thuộc danh mục giả định dùng để thử, do cấp có thẩm quyền ban hành trong từng thời kỳ "
    "và được giữ kín."
)
Writing = Callable[[str], str]
WRITINGS: dict[str, Writing] = {
    "as it stands": str,
    "upper case": str.upper,
    "decomposed": lambda said: unicodedata.normalize("NFD", said),
    "without punctuation": lambda said: said.replace(",", "").replace(".", " "),
    "other punctuation": lambda said: f"“{said.replace(' ', ' - ')}”!!!",
    "broken lines": lambda said: said.replace(" ", "\n"),
    "without accents": lambda said: "".join(
        letter
        for letter in unicodedata.normalize("NFD", said.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(letter)
    ),
    "twice": lambda said: f"{said}\n{said}",
    "dressed up": lambda said: (
        f"Theo quy định của pháp luật: {said} Vì vậy cơ quan từ chối cung cấp thông tin."
    ),
    "one word more": lambda said: f"{said} Rồi.",
}


def with_verbatim(ground: Provision) -> Provision:
    row = copy.copy(ground)
    row.verbatim = VERBATIM
    return row


def refused(reason: str, ground: Provision | None) -> Invalid:
    with pytest.raises(Invalid) as error:
        reasons.checked(reason, ground=ground)
    assert set(error.value.fields) == {"reason"}
    return error.value


@pytest.mark.parametrize("reason", ["", "   ", "\n\t\n", "\u200b\u3164", "....", "___ - ___", "12 3/4 56"])
def test_a_reason_of_nothing_is_missing(reason: str) -> None:
    assert "needs its reason in words" in str(refused(reason, lawbook.provision("38.2.c")))


@pytest.mark.parametrize(
    "reason",
    [
        "Chưa xong.",
        "a" * 10,
        "a" * 500,
        "Không " * 200,
        "Đang thanh tra tại đơn vị",
        "x y z x y z x y z x y z x y z",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 không",
    ],
)
def test_a_reason_of_ten_characters_or_of_the_same_words_is_too_short(reason: str) -> None:
    assert "too short to say why" in str(refused(reason, lawbook.provision("38.2.c")))


@pytest.mark.parametrize("place", lawbook.places(lawbook.every_ground()))
@pytest.mark.parametrize("name", ["statement", "verbatim", "subject"])
@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS.keys())
def test_the_ground_said_again_is_no_reason_however_it_is_written(
    place: str, name: str, writing: Writing
) -> None:
    ground = with_verbatim(lawbook.provision(place))

    error = refused(writing(getattr(ground, name)), ground)

    assert "only repeats the ground" in str(error)


@pytest.mark.parametrize("place", lawbook.places(lawbook.every_ground()))
@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS.keys())
def test_the_citation_alone_is_no_reason(place: str, writing: Writing) -> None:
    ground = lawbook.provision(place)

    refused(writing(ground.citation), ground)
    refused(writing(f"{ground.citation}: {ground.subject}"), ground)


@pytest.mark.parametrize("place", lawbook.places(lawbook.every_ground()))
def test_a_part_of_the_ground_is_no_reason(place: str) -> None:
    ground = lawbook.provision(place)

    half = " ".join(ground.statement.split()[: len(ground.statement.split()) * 2 // 3])

    assert "only repeats the ground" in str(refused(half, ground))


@pytest.mark.parametrize("place", lawbook.places(lawbook.every_ground()))
@pytest.mark.parametrize(
    "reason",
    [
        REASON,
        "Đoàn thanh tra theo Quyết định 12/QĐ-TTr làm việc đến 20/7; số liệu lúc này còn thay đổi.",
        "Vụ án đang do Viện kiểm sát tỉnh thụ lý; nêu tên người liên quan lúc này xâm phạm quyền bào chữa của họ.",
        "Bản dự thảo mới gửi lấy ý kiến nội bộ; Ủy ban nhân dân tỉnh họp xem xét vào tháng tới.",
        "Hồ sơ có kết luận giám định sức khỏe của một công chức chưa đồng ý cho nêu ra.",
    ],
)
def test_a_reason_that_says_why_is_kept(place: str, reason: str) -> None:
    ground = with_verbatim(lawbook.provision(place))

    assert reasons.checked(f"  {unicodedata.normalize('NFD', reason)}\r\n", ground=ground) == reason


def test_a_reason_may_cite_the_ground_and_go_on_to_say_why() -> None:
    ground = lawbook.provision("38.2.c")

    said = f"Theo {ground.citation}. {REASON}"

    assert reasons.checked(said, ground=ground) == said


def test_without_a_ground_the_formulas_of_a_refusal_are_no_reason() -> None:
    formula = "Căn cứ quy định của pháp luật, cơ quan xem xét, chưa cung cấp thông tin này cho báo chí."

    assert "too short to say why" in str(refused(formula, None))
    assert reasons.checked(REASON, ground=None) == REASON


def test_a_reason_that_is_too_long_is_refused_with_its_length() -> None:
    error = refused("Lý do này dài. " * 300, lawbook.provision("38.2.c"))

    assert "at most 4000 are accepted" in str(error)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from(lawbook.every_ground()),
    st.lists(st.integers(0, 400), min_size=1, max_size=200),
    st.sampled_from([" ", ", ", "\n", " – "]),
)
def test_no_order_of_the_grounds_own_words_makes_a_reason(
    ground: Provision, picked: list[int], between: str
) -> None:
    ground = with_verbatim(ground)
    words = (
        f"{ground.statement} {ground.verbatim} {ground.subject} {ground.citation} {reasons.FORMULA}".split()
    )

    with pytest.raises(Invalid):
        reasons.checked(between.join(words[at % len(words)] for at in picked), ground=ground)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_a_reason_that_stands_stands_again_as_it_was_kept(typed: str) -> None:
    ground = lawbook.provision("31.2.c")
    try:
        kept = reasons.checked(typed, ground=ground)
    except Invalid:
        return

    assert reasons.checked(kept, ground=ground) == kept
    assert kept == unicodedata.normalize("NFC", kept).strip()
