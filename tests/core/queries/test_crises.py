from __future__ import annotations

from datetime import date

import pytest

from core.enums import AgencyKind
from core.models import Agency
from core.queries import crises

EVENT, OPINION = "initial_statement_event", "initial_statement_opinion"
NATIONAL, JOINT = "speaks_national_incident", "speaks_joint_incident"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "offered"),
    [
        (
            date(2026, 6, 30),
            [(EVENT, "6.3.a", "occurrence"), (NATIONAL, "6.1", ""), (JOINT, "6.2", "")],
        ),
        (
            date(2026, 7, 1),
            [
                (EVENT, "7.3", "receipt_and_handling"),
                (OPINION, "7.4", "determination"),
                (NATIONAL, "7.1", ""),
                (JOINT, "7.2", ""),
            ],
        ),
        (date(2016, 12, 31), []),
    ],
)
def test_the_duties_of_an_assessment_are_those_of_the_law_of_the_day(
    on: date, offered: list[tuple[str, str, str]]
) -> None:
    duties = crises.duties_on(Agency(kind=AgencyKind.DEPARTMENT), on)

    assert [(row.key.code, row.provision.place, row.start) for row in duties] == offered


@pytest.mark.django_db
def test_a_body_of_the_party_has_no_such_duty() -> None:
    assert crises.duties_on(Agency(kind=AgencyKind.PARTY_BODY), date(2026, 8, 10)) == []
