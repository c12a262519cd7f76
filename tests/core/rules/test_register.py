"""The bytes that the hash of a register covers, and how two states of it differ in words."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

from core.rules import register
from tests.register import AT


def line(name: str, **facts: Any) -> dict[str, Any]:
    said = {
        "role": "standing", "name": name, "post": "Chánh Văn phòng", "phone": "0000 000 101", "email": "a@b.example",
        "valid_from": "2026-07-01T00:00:00+07:00", "valid_until": None,
    }  # fmt: skip
    return {**said, **facts}


def content(*people: dict[str, Any], name: str = "Sở Mẫu") -> dict[str, Any]:
    return {"agency": {"code": "SNV", "name": name}, "people": list(people)}


def test_the_canonical_form_has_sorted_keys_no_spaces_and_nfc_letters_in_utf_8() -> None:
    said = {"people": [], "agency": {"name": unicodedata.normalize("NFD", "Sở"), "code": "SNV"}}

    body = register.canonical(said)

    assert body == '{"agency":{"code":"SNV","name":"Sở"},"people":[]}'.encode()
    assert register.sha256(said) == hashlib.sha256(body).hexdigest()


def test_a_name_is_shown_on_one_line_without_what_nobody_sees() -> None:
    assert register.one_line("Trần\u200b\x0bAn\n(giả định)") == "Trần An (giả định)"


def test_an_instant_is_told_with_the_offset_of_vietnam() -> None:
    assert register.local(AT) == "2026-07-13T08:00:00+07:00"
    assert register.local(None) is None


def test_the_first_edition_adds_everybody() -> None:
    assert list(register.in_words(None, content(line("An")))) == [
        "Added: An (Standing spokesperson): Chánh Văn phòng."
    ]


def test_who_came_who_went_and_what_changed_is_said_in_words() -> None:
    old = content(line("An"), line("Bình"), line("Chi"))
    new = content(
        line("An", phone="0000 000 102", valid_until="2026-11-25T17:00:00+07:00"), line("Chi"), line("Dung")
    )

    assert list(register.in_words(old, new)) == [
        (
            "Changed: An (Standing spokesperson): phone: 0000 000 101 → 0000 000 102; "
            "valid until: no end → 17:00 on 25/11/2026."
        ),
        "Added: Dung (Standing spokesperson): Chánh Văn phòng.",
        "No longer listed: Bình (Standing spokesperson).",
    ]


def test_a_new_name_of_the_agency_is_a_change() -> None:
    assert list(register.in_words(content(), content(name="Sở Mới"))) == ["The agency is now named Sở Mới."]


def test_a_spokesperson_who_becomes_head_goes_as_one_and_comes_as_the_other() -> None:
    words = list(register.in_words(content(line("An")), content(line("An", role="head", post="Giám đốc"))))

    assert words == [
        "Added: An (Head, ex officio): Giám đốc.",
        "No longer listed: An (Standing spokesperson).",
    ]


def test_two_people_of_one_name_are_two() -> None:
    one, two = line("An"), line("An", phone="0000 000 102")

    assert register.difference(content(one, two), content(one, two)) == []
    assert [change.new for change in register.difference(content(one, two), content(one))] == [None]


def test_the_letter_of_a_delegation_is_named_with_number_and_day() -> None:
    said = line("An", role="delegated", document={"number": "12/GUQ-SNV", "date": "2026-06-29"})

    assert list(register.in_words(None, content(said))) == [
        "Added: An (Delegated): Chánh Văn phòng, 12/GUQ-SNV of 29/06/2026."
    ]
