"""Whether a page says what the register says, however it writes it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from core.rules import register
from core.rules import register_reading as reading

PERSON = {
    "role": "standing", "name": "Nguyễn Văn An", "post": "Chánh Văn phòng", "phone": "024 3825 1234",
    "email": "an@snv.example", "valid_from": "2026-07-01T00:00:00+07:00", "valid_until": None,
}  # fmt: skip
OURS = {"agency": {"code": "SNV", "name": "Sở Mẫu"}, "people": [PERSON]}
ABSENT = {
    "name": "SNV: Nguyễn Văn An (Standing spokesperson): the name is not on the page",
    "phone": "SNV: Nguyễn Văn An (Standing spokesperson): the phone is not on the page",
    "email": "SNV: Nguyễn Văn An (Standing spokesperson): the e-mail address is not on the page",
}


def page(name: str = "Nguyễn Văn An", phone: str = "024 3825 1234", email: str = "an@snv.example") -> str:
    return f"<html><head><title>x</title></head><body><table><tr><th>{name}</th><td>{phone}</td><td>{email}</td></tr>"


@pytest.mark.parametrize(
    "written",
    [
        page(),
        page(name="NGUYỄN&nbsp;VĂN\n  <b>An</b>"),
        page(name=unicodedata.normalize("NFD", "Nguyễn Văn An")),
        page(name="Nguyễn V\u00adăn\u200b An"),
        page(phone="(024) 3825.1234"),
        page(phone="024-38251234"),
        page(phone="+84 24 3825 1234"),
        page(phone="024 38251234 024 38251235"),
        page(email="<a href='mailto:x'>An@snv.example</a>."),
        "<dl><dt>Nguyễn Văn An</dt><dd>024 3825 1234</dd><dd>an@snv.example</dd></dl>",
        "<section>Nguyễn Văn An</section><section>02438251234</section><footer>an@snv.example</footer>",
    ],
)
def test_a_page_agrees_whatever_its_spaces_letters_forms_and_signs(written: str) -> None:
    assert list(reading.missing_from(written, OURS)) == []


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (page(name="Nguyễn Văn Anh"), "name"),
        (page(name="Nguyễn Van An"), "name"),
        (page(name="<!-- Nguyễn Văn An -->"), "name"),
        (page(name="<script>Nguyễn Văn An</script>"), "name"),
        (page(phone="024 3825 1235"), "phone"),
        (page(phone="024 3825 12345"), "phone"),
        (page(phone="3825 1234"), "phone"),
        (page(email="an@snv.example.com"), "email"),
        (page(email="van.an@snv.example"), "email"),
        (page(email=""), "email"),
    ],
)
def test_what_only_looks_alike_is_a_difference(written: str, what: str) -> None:
    assert list(reading.missing_from(written, OURS)) == [ABSENT[what]]


def test_a_phone_with_an_extension_is_found_part_by_part() -> None:
    ours = {**OURS, "people": [{**PERSON, "phone": "024 3825 1234 (máy lẻ 101)"}]}

    assert list(reading.missing_from(page(phone="024.38251234, máy lẻ 101"), ours)) == []
    assert list(reading.missing_from(page(phone="024.38251234"), ours)) == [ABSENT["phone"]]


def test_of_a_delegate_only_the_name_is_looked_for() -> None:
    ours = {**OURS, "people": [{**PERSON, "role": "delegated", "phone": None, "email": None}]}

    assert list(reading.missing_from("<p>Nguyễn Văn An</p>", ours)) == []


def told(**changes: Any) -> str:
    said = {**OURS, **changes}
    return json.dumps({**said, "as_of": "2026-07-13T08:00:00+07:00", "sha256": register.sha256(said)})


def differences(written: str) -> list[str]:
    theirs = reading.read(written)
    assert theirs is not None
    return list(reading.compared(theirs.registers[0], OURS))


def test_our_own_json_agrees_with_itself() -> None:
    assert differences(told()) == []


def test_our_own_json_is_compared_person_by_person_and_field_by_field() -> None:
    other = {**PERSON, "name": "Trần Bình"}

    found = differences(told(people=[{**PERSON, "phone": "1", "email": None}, other]))

    assert found == [
        "SNV: Nguyễn Văn An (Standing spokesperson): phone is “1” there and “024 3825 1234” here",
        "SNV: Nguyễn Văn An (Standing spokesperson): e-mail is “not given” there and “an@snv.example” here",
        "SNV: Trần Bình (Standing spokesperson) is listed there and no longer here",
    ]


def test_a_person_who_is_not_there_and_another_name_of_the_agency_are_differences() -> None:
    assert differences(told(agency={"code": "SNV", "name": "Sở Khác"}, people=[])) == [
        "SNV: the agency is named “Sở Khác” there and “Sở Mẫu” here",
        "SNV: Nguyễn Văn An (Standing spokesperson) is missing there",
    ]


def test_a_content_that_its_own_hash_does_not_fit_is_a_difference() -> None:
    tampered = json.dumps({**OURS, "sha256": "0" * 64})

    assert differences(tampered) == ["SNV: the hash there does not fit the content there"]


def test_lists_are_compared_agency_by_agency() -> None:
    other = {"agency": {"code": "SYT", "name": "Sở Y tế"}, "people": []}
    theirs = reading.read(json.dumps({"agencies": [json.loads(told())], "authority": {"code": "UBND"}}))
    assert theirs is not None

    assert (theirs.is_list, theirs.authority) == (True, "UBND")
    assert list(reading.all_compared(theirs.registers, [OURS, other])) == ["SYT: the agency is missing there"]
    assert list(reading.all_compared(theirs.registers, [])) == [
        "SNV: the agency is listed there and not here"
    ]


def test_what_another_writes_cannot_break_a_line_or_steer_a_terminal() -> None:
    found = differences(told(people=[{**PERSON, "post": "\x1b[2J\nGiám đốc"}]))

    assert found == [
        "SNV: Nguyễn Văn An (Standing spokesperson): post is “[2J Giám đốc” there and “Chánh Văn phòng” here"
    ]


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "[]",
        "7",
        '{"agency": 1}',
        '{"agencies": [1]}',
        '{"agency": {"code": "A", "name": "B"}, "people": [{}]}',
    ],
)
def test_json_of_another_kind_is_refused(written: str) -> None:
    with pytest.raises(reading.NotARegister, match="not with a register"):
        reading.read(written)


def test_a_page_for_people_is_no_json_however_deep_it_nests() -> None:
    assert reading.read("<html>") is None
    assert reading.read("[" * 100_000) is None
