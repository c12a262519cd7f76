from __future__ import annotations

from datetime import date

import pytest

from core.enums import AgencyKind, PaperKind
from core.models import Agency, DirectoryEntry
from core.rules import directory

OURS = Agency(pk=1, province="38")
ALL = DirectoryEntry(pk=10)
PROVINCE = DirectoryEntry(pk=11, province="38")
ELSEWHERE = DirectoryEntry(pk=12, province="40")
OWN = DirectoryEntry(pk=13, agency_id=1)
ANOTHERS = DirectoryEntry(pk=14, agency_id=2)
LATER = DirectoryEntry(pk=15, province="38", valid_from=date(2026, 7, 1))
ENDED = DirectoryEntry(pk=16, agency_id=1, valid_until=date(2026, 8, 10))


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([ALL, PROVINCE, OWN], OWN),
        ([PROVINCE, ALL], PROVINCE),
        ([ALL, ELSEWHERE, ANOTHERS], ALL),
        ([ELSEWHERE, ANOTHERS], None),
        ([LATER, PROVINCE], LATER),
        ([ENDED, PROVINCE], PROVINCE),
        ([], None),
    ],
)
def test_the_nearest_entry_that_holds_on_the_day_is_the_one(
    entries: list[DirectoryEntry], found: DirectoryEntry | None
) -> None:
    assert directory.nearest(entries, agency=OURS, on=date(2026, 8, 10)) == found


def test_an_agency_without_a_province_gets_no_entry_of_another_one_without_it() -> None:
    assert directory.nearest([PROVINCE, ALL], agency=Agency(pk=3), on=date(2026, 8, 10)) == ALL


@pytest.mark.parametrize(
    ("sender", "recipient", "paper"),
    [
        ("department", "provincial_committee", PaperKind.REPORT),
        ("department", "ministry", PaperKind.REPORT),
        ("department", "party_body", PaperKind.REPORT),
        ("department", "department", PaperKind.COORDINATION),
        ("department", "branch", PaperKind.COORDINATION),
        ("department", "commune", PaperKind.COORDINATION),
        ("provincial_committee", "ministry", PaperKind.REPORT),
        ("ministry", "ministry", PaperKind.COORDINATION),
    ],
)
def test_a_body_above_gets_a_report_and_one_beside_or_below_a_coordination_letter(
    sender: str, recipient: str, paper: PaperKind
) -> None:
    ours, theirs = Agency(kind=AgencyKind(sender)), Agency(kind=AgencyKind(recipient))

    assert directory.paper_for(ours, theirs) == paper
