from __future__ import annotations

from pathlib import Path

import pytest

from documents import checks, fonts


def test_all_134_accented_letters_of_vietnamese_and_their_plain_ones_are_asked_for() -> None:
    accented = {letter for letter in fonts.VIETNAMESE if ord(letter) > 127}
    assert len(accented) == 134
    assert {"ơ", "Ư", "ạ", "Ấ", "ẵ", "Đ", "ỹ"} <= accented


def test_every_face_is_liberation_serif_2_with_all_vietnamese_letters() -> None:
    assert [face.file.name.split("-")[0] for face in fonts.faces()] == ["LiberationSerif"] * 4
    assert len({face.file for face in fonts.faces()}) == 4
    assert {ord(letter) for letter in fonts.VIETNAMESE} <= fonts.letters()


def test_letter_the_font_lacks_is_named_and_shown_as_a_box() -> None:
    assert fonts.unprintable("Số 5 😀 中\n😀") == ["😀", "中"]
    assert fonts.printable("Số 5 😀") == "Số 5 □"
    assert fonts.unprintable(fonts.SUBSTITUTE) == []


def test_checks_pass_on_a_machine_that_has_what_documents_need() -> None:
    assert checks.check_pango() == []
    assert checks.check_font() == []


def test_missing_pango_is_told_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", ("libpango-that-is-not-there.so.0",))
    (error,) = checks.check_pango()
    assert error.id == "documents.E001"
    assert "apt-get install" in str(error.hint)


@pytest.fixture
def other_fonts_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose fontconfig knows no font at all."""
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    fonts.faces.cache_clear()


def test_missing_font_is_told_with_the_command_that_installs_it(other_fonts_only: None) -> None:
    (error,) = checks.check_font()
    assert error.id == "documents.E002"
    assert "fonts-liberation2" in str(error.hint)
