from __future__ import annotations

from datetime import date, timedelta

from core.enums import DutyKind
from core.models import DutyShift
from core.rules import duty
from tests.desk import at

NIGHT = DutyShift(
    pk=1, kind=DutyKind.OFFICER, starts_at=at("2026-08-09T17:00"), ends_at=at("2026-08-10T07:30")
)  # fmt: skip
NEXT = DutyShift(
    pk=2, kind=DutyKind.OFFICER, starts_at=at("2026-08-10T07:30"), ends_at=at("2026-08-11T00:00")
)  # fmt: skip
LEADER = DutyShift(
    pk=3, kind=DutyKind.LEADER, starts_at=at("2026-08-10T07:00"), ends_at=at("2026-08-11T07:00")
)  # fmt: skip


def test_each_day_has_the_shifts_that_begin_on_it_and_the_first_also_what_goes_on() -> None:
    days = duty.by_day([NIGHT, LEADER, NEXT], since=date(2026, 8, 10), days=2, at=at("2026-08-10T07:30"))

    assert [(each.day.day, [line.shift.pk for line in each.lines]) for each in days] == [
        (10, [1, 3, 2]),
        (11, []),
    ]
    assert [(line.has_begun, line.is_now) for line in days[0].lines] == [
        (True, False),
        (True, True),
        (True, True),
    ]


def test_shifts_of_one_duty_that_share_an_hour_stand_beside_each_other_and_those_that_only_meet_do_not() -> (
    None
):
    late = DutyShift(
        pk=4, kind=DutyKind.OFFICER, starts_at=NEXT.starts_at - timedelta(hours=1), ends_at=NEXT.ends_at
    )

    days = duty.by_day([NIGHT, LEADER, NEXT, late], since=date(2026, 8, 9), days=2, at=at("2026-08-09T08:00"))

    beside = {line.shift.pk: [other.pk for other in line.beside] for each in days for line in each.lines}
    assert beside == {1: [4], 2: [4], 3: [], 4: [1, 2]}
