import unicodedata

from documents.rules import wording


def test_each_line_is_a_paragraph_and_blank_lines_fall_away() -> None:
    assert wording.paragraphs("Một\r\n\r\n  Hai \u2028Ba\n\n") == ["Một", "Hai", "Ba"]


def test_decomposed_letters_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Ứng xử của Sở Nội vụ")
    assert wording.cleaned(decomposed) == "Ứng xử của Sở Nội vụ"


def test_invisible_characters_that_could_reorder_or_hide_text_are_dropped() -> None:
    assert wording.cleaned("không\u202e phải\x00 \u200bmật\x07") == "không phải mật"


def test_a_line_break_in_a_one_line_text_becomes_a_space() -> None:
    assert wording.cleaned("Báo\nThử\tnghiệm") == "Báo Thử nghiệm"


def test_only_words_longer_than_any_line_are_cut() -> None:
    usual = "https://example.org/" + "a" * 60
    assert wording.chunks(f"xem {usual}") == [f"xem {usual}"]
    assert wording.chunks("x" * 250) == ["x" * 100, "x" * 100, "x" * 50]
