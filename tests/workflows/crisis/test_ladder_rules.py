"""Which rungs a dispatch has, when each is due, and when the head is told again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.enums import DispatchMeans, RungKind
from tests.walk import START
from workflows.crisis.models import Rung
from workflows.crisis.rules import ladder, links

OURS = ["chief_of_office", "deputy_head", "head"]


@pytest.mark.parametrize(
    ("means", "has_another", "kinds", "minutes"),
    [
        (DispatchMeans.MAIL, True, ["resend", "next_contact", "phone", *OURS], [30, 45, 60, 75, 90, 105]),
        (DispatchMeans.TASK, False, ["resend", "phone", *OURS], [30, 45, 60, 75, 90]),
        (DispatchMeans.PHONE, True, ["phone", *OURS], [0, 30, 45, 60]),
    ],
)
def test_rungs_follow_the_means_and_the_minutes(
    means: DispatchMeans, has_another: bool, kinds: list[str], minutes: list[int]
) -> None:
    rows = ladder.planned(sent_at=START, minutes=30, apart=15, means=means, has_another=has_another)

    assert [row.kind for row in rows] == kinds
    assert [row.due_at for row in rows] == [START + timedelta(minutes=each) for each in minutes]
    assert [row.number for row in rows] == list(range(1, len(kinds) + 1))


@pytest.mark.parametrize(("waited", "expected"), [(0, 60), (59, 60), (60, 120), (300, 360), (329, 360)])
def test_head_is_told_again_after_the_instant_and_not_for_each_hour_missed(
    waited: int, expected: int
) -> None:
    again = ladder.told_again(START, every=60, at=START + timedelta(minutes=waited))

    assert again == START + timedelta(minutes=expected)


def test_the_rung_due_first_is_climbed_first_and_the_last_instant_counts() -> None:
    def rung(dispatch: int, number: int, minutes: int, climbed: datetime | None = None) -> Rung:
        due_at = START + timedelta(minutes=minutes)
        return Rung(
            dispatch_id=dispatch, number=number, due_at=due_at, climbed_at=climbed, kind=RungKind.PHONE
        )

    rows = [rung(1, 1, 0, START), rung(1, 3, 5), rung(1, 2, 5), rung(2, 1, 4), rung(3, 1, 6)]

    found = ladder.next_due(rows, at=START + timedelta(minutes=5))

    assert found is rows[3]
    assert ladder.next_due(rows[1:3], at=START + timedelta(minutes=5)) is rows[2]
    assert ladder.next_due(rows, at=START + timedelta(minutes=3)) is None


def test_a_link_reads_as_it_was_signed_and_not_when_altered() -> None:
    link = links.Link(dispatch=7, contact=None, rung=2, made_at=START)
    token = links.signed(link)

    assert links.read(token) == link
    assert link.ends_at(hours=48) == START + timedelta(days=2)
    assert "/" not in token
    for altered in (token[:-1], "x" + token, token.replace(":", ""), "", "a:b"):
        assert links.read(altered) is None
