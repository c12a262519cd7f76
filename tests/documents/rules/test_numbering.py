from datetime import UTC, date, datetime

import pytest

from core.clock import ZONE
from core.errors import Invalid
from documents.rules import numbering


def test_first_number_of_a_series_is_one() -> None:
    assert numbering.next_number(last=0, highest_taken=None) == 1


def test_number_entered_by_hand_is_never_given_again() -> None:
    assert numbering.next_number(last=12, highest_taken=40) == 41


def test_number_below_ten_takes_a_leading_zero() -> None:
    assert numbering.symbol(number=5, notation="SNV-VP") == "05/SNV-VP"
    assert numbering.symbol(number=10, notation="SNV-VP") == "10/SNV-VP"
    assert numbering.symbol(number=1204, notation="SNV-VP") == "1204/SNV-VP"


def test_official_letter_names_the_drafting_unit_and_other_kinds_their_abbreviation() -> None:
    assert numbering.notation(abbreviation="", agency_symbol="SNV", unit_symbol="VP") == "SNV-VP"
    assert numbering.notation(abbreviation="TB", agency_symbol="SNV", unit_symbol="VP") == "TB-SNV"
    assert numbering.notation(abbreviation="", agency_symbol="SNV", unit_symbol="") == "SNV"


def test_year_changes_at_local_midnight_not_at_that_of_utc() -> None:
    before = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    after = datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC)
    assert numbering.local_day(before, ZONE) == date(2026, 12, 31)
    assert numbering.local_day(after, ZONE) == date(2027, 1, 1)


@pytest.mark.parametrize("number", [0, -1, 1_000_000])
def test_number_outside_the_register_is_refused(number: int) -> None:
    with pytest.raises(Invalid):
        numbering.check_number(number)


@pytest.mark.parametrize("given", ["SNV-VP", "UBND-NC", "TB-SNV", "QĐ-SNV", "SNV-TCBC&CC"])
def test_usual_symbols_are_taken_as_they_are(given: str) -> None:
    assert numbering.check_notation(f" {given} ") == given


@pytest.mark.parametrize("given", ["SNV VP", "12/SNV", "-SNV", "SNV-", "<b>", "S" * 31, "SNV\u202eVP"])
def test_symbol_with_spaces_slashes_or_hidden_characters_is_refused(given: str) -> None:
    with pytest.raises(Invalid) as refusal:
        numbering.check_notation(given)
    assert "notation" in refusal.value.fields


def test_document_is_dated_neither_in_the_future_nor_before_its_agency() -> None:
    today, founded = date(2026, 3, 9), date(2025, 3, 1)
    numbering.check_date(today, today=today, agency_from=founded)
    numbering.check_date(founded, today=today, agency_from=founded)
    for day in (date(2026, 3, 10), date(2025, 2, 28)):
        with pytest.raises(Invalid) as refusal:
            numbering.check_date(day, today=today, agency_from=founded)
        assert "issued_on" in refusal.value.fields
