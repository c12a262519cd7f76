from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.enums import DayKind
from core.rules.calendar import SpecialDay
from core.rules.calendars import (
    Change,
    Content,
    UnusableCalendar,
    changed,
    content_sha256,
    differing_days,
    new_years,
    ranges,
)

HOLIDAY, SWAPPED, MAKE_UP, ORDINARY = DayKind.HOLIDAY, DayKind.SWAPPED, DayKind.MAKE_UP, DayKind.ORDINARY
CULTURE_DAY, MONDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 28)
UNSETTLED = SpecialDay(kind=ORDINARY, name="chưa quyết định", is_provisional=True)
TET = SpecialDay(kind=HOLIDAY, name="Tết")
quick = settings(max_examples=60, deadline=None, derandomize=True)


def content(**fields: object) -> Content:
    special = {CULTURE_DAY: SpecialDay(kind=HOLIDAY, name="Ngày Văn hóa Việt Nam")}
    special |= {MONDAY: UNSETTLED, SATURDAY: UNSETTLED, date(2027, 1, 1): TET}
    given = {"first_year": 2026, "last_year": 2027, "special": special, "provisional_years": (2027,)}
    return Content(**{**given, **fields})  # type: ignore[arg-type]


def swap() -> list[Change]:
    return [
        Change(day=MONDAY, kind=SWAPPED, name="Hoán đổi"),
        Change(day=SATURDAY, kind=MAKE_UP, name="Làm bù"),
    ]


def refusal(
    changes: Sequence[Change], *, old: Content | None = None, settled_years: Iterable[int] = ()
) -> str:
    with pytest.raises(UnusableCalendar) as refused:
        changed(old or content(), changes, settled_years=settled_years)
    return str(refused.value)


# What a decision changes


def test_a_swap_takes_the_weekday_off_and_the_saturday_on_and_settles_both() -> None:
    new = changed(content(), swap())

    assert (new.is_off(MONDAY), new.is_off(SATURDAY)) == (True, False)
    assert not new.is_provisional(MONDAY)
    assert not new.is_provisional(SATURDAY)
    assert new.special[CULTURE_DAY] == content().special[CULTURE_DAY]


def test_the_version_before_stays_as_it_was() -> None:
    old = content()

    changed(old, swap(), settled_years=[2027])

    assert old == content()


def test_a_holiday_that_became_an_ordinary_day_is_worked_and_no_longer_listed() -> None:
    new = changed(content(), [Change(day=CULTURE_DAY, kind=ORDINARY)])

    assert not new.is_off(CULTURE_DAY)
    assert CULTURE_DAY not in new.special


def test_settled_days_stay_what_they_were_and_are_no_longer_provisional() -> None:
    new = changed(content(), [], settled_days=[MONDAY, SATURDAY])

    assert (new.is_off(MONDAY), new.is_off(SATURDAY)) == (False, True)
    assert not new.is_provisional(MONDAY)
    assert not new.is_provisional(SATURDAY)


def test_a_settled_year_is_no_longer_provisional() -> None:
    new = changed(content(), [], settled_years=[2027])

    assert new.provisional_years == ()
    assert not new.is_provisional(date(2027, 6, 1))


def test_a_change_within_a_provisional_year_does_not_settle_the_year() -> None:
    new = changed(content(), [Change(day=date(2027, 1, 4), kind=SWAPPED, name="X")])

    assert new.provisional_years == (2027,)
    assert new.is_provisional(date(2027, 1, 5))


def test_a_new_year_begins_from_its_seed_beneath_the_decision() -> None:
    seed = {date(2028, 1, 3): TET, date(2028, 1, 4): TET}

    new = changed(content(), [Change(day=date(2028, 1, 4), kind=ORDINARY)], seed=seed, settled_years=[2028])

    assert (new.first_year, new.last_year) == (2026, 2028)
    assert new.is_off(date(2028, 1, 3))
    assert not new.is_off(date(2028, 1, 4))


# Which years it speaks of


def test_a_decision_over_known_years_opens_none() -> None:
    assert new_years(content(), swap(), [2027]) == []


def test_years_that_follow_one_another_are_opened_in_order() -> None:
    assert new_years(content(), [Change(day=date(2029, 1, 2), kind=SWAPPED)], [2028]) == [2028, 2029]


@pytest.mark.parametrize("settled", [[2029], [2028, 2030], [2025], [2024, 2028]])
def test_a_version_that_skips_a_year_or_reaches_back_is_refused(settled: list[int]) -> None:
    assert "The calendar would skip" in refusal([], settled_years=settled)


@pytest.mark.parametrize(("settled", "skipped"), [([2029], 2028), ([2028, 2030], 2029)])
def test_the_refusal_names_the_year_that_would_be_skipped(settled: list[int], skipped: int) -> None:
    assert f"skip {skipped}." in refusal([], settled_years=settled)


def test_a_day_of_a_year_that_would_leave_a_gap_is_refused() -> None:
    said = refusal([Change(day=date(2029, 1, 2), kind=SWAPPED, name="X")])

    assert "The calendar would skip" in said
    assert "nothing was published" in said


# Days that do not fit


@pytest.mark.parametrize("day", [CULTURE_DAY, date(2026, 11, 22), date(2027, 1, 1)])
def test_swapping_a_day_that_is_off_already_is_refused(day: date) -> None:
    said = refusal([Change(day=day, kind=SWAPPED, name="X")])

    assert said == f"{day:%d/%m/%Y} is off already, so it cannot be swapped. Nothing was published."


def test_swapping_a_holiday_of_a_new_years_seed_is_refused() -> None:
    day = date(2028, 1, 3)

    with pytest.raises(UnusableCalendar, match="03/01/2028 is off already"):
        changed(content(), [Change(day=day, kind=SWAPPED, name="X")], seed={day: TET})


def test_swapping_a_day_that_was_swapped_before_is_refused() -> None:
    said = refusal([Change(day=MONDAY, kind=SWAPPED, name="X")], old=changed(content(), swap()))

    assert "23/11/2026 is off already" in said


@pytest.mark.parametrize("day", [date(2026, 11, 25), MONDAY])
def test_a_make_up_day_on_a_working_day_is_refused(day: date) -> None:
    said = refusal([Change(day=day, kind=MAKE_UP, name="X")])

    assert said.startswith(f"{day:%d/%m/%Y} is a working day already, so it cannot be a make-up day.")


def test_a_day_named_twice_is_refused() -> None:
    said = refusal([*swap(), Change(day=MONDAY, kind=HOLIDAY, name="X")])

    assert said == "23/11/2026 is named twice. Nothing was published."


def test_a_holiday_on_a_weekend_day_or_over_another_name_is_accepted() -> None:
    new = changed(
        content(),
        [Change(day=SATURDAY, kind=HOLIDAY, name="X"), Change(day=CULTURE_DAY, kind=HOLIDAY, name="Y")],
    )

    assert (new.special[SATURDAY].name, new.special[CULTURE_DAY].name) == ("X", "Y")


# What differs


def test_nothing_changed_differs_on_no_day_and_keeps_the_digest() -> None:
    new = changed(content(), [])

    assert differing_days(content(), new) == []
    assert new.sha256 == content().sha256


def test_a_swap_differs_on_its_two_days_alone() -> None:
    assert differing_days(content(), changed(content(), swap())) == [MONDAY, SATURDAY]


def test_settling_a_day_as_it_is_differs_on_it_because_deadlines_say_it_is_provisional() -> None:
    assert differing_days(content(), changed(content(), [], settled_days=[MONDAY])) == [MONDAY]


def test_another_name_of_a_holiday_differs_because_the_steps_name_it() -> None:
    new = changed(content(), [Change(day=CULTURE_DAY, kind=HOLIDAY, name="Ngày khác")])

    assert differing_days(content(), new) == [CULTURE_DAY]


def test_settling_a_year_differs_on_every_day_of_it() -> None:
    new = changed(content(), [], settled_years=[2027])

    found = differing_days(content(), new)

    assert (found[0], found[-1], len(found)) == (date(2027, 1, 1), date(2027, 12, 31), 365)


def test_a_year_only_the_new_version_knows_differs_on_no_day_of_the_old() -> None:
    new = changed(content(), [], seed={date(2028, 1, 3): TET}, settled_years=[2028])

    assert differing_days(content(), new) == []


def test_a_day_outside_the_years_has_no_standing() -> None:
    assert content().standing(date(2028, 1, 3)) is None
    assert content().standing(CULTURE_DAY) == (True, "Ngày Văn hóa Việt Nam", False)
    assert content().standing(date(2027, 1, 1)) == (True, "Tết", True)


# The digest


@pytest.mark.parametrize(
    "other",
    [
        content(first_year=2025),
        content(last_year=2028),
        content(provisional_years=()),
        content(special={}),
        content(special={**content().special, MONDAY: SpecialDay(kind=ORDINARY, name="chưa quyết định")}),
        content(special={**content().special, MONDAY: SpecialDay(kind=HOLIDAY, name="chưa quyết định")}),
        content(special={**content().special, CULTURE_DAY: SpecialDay(kind=HOLIDAY, name="Khác")}),
    ],
)
def test_the_digest_covers_everything_a_version_says(other: Content) -> None:
    assert other.sha256 != content().sha256


def test_the_digest_does_not_depend_on_the_order_of_rows() -> None:
    special = dict(reversed(list(content().special.items())))

    assert content_sha256(2026, 2027, [2027], special) == content().sha256


# Stretches


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], []),
        ([MONDAY], [(MONDAY, MONDAY)]),
        ([SATURDAY, MONDAY, CULTURE_DAY], [(MONDAY, CULTURE_DAY), (SATURDAY, SATURDAY)]),
        ([date(2026, 12, 31), date(2027, 1, 1)], [(date(2026, 12, 31), date(2027, 1, 1))]),
    ],
)
def test_days_become_stretches_without_gaps(days: list[date], found: list[tuple[date, date]]) -> None:
    assert ranges(days) == found


@quick
@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=40))
def test_stretches_hold_exactly_the_days_and_never_touch(days: set[date]) -> None:
    found = ranges(days)

    held = [
        first + timedelta(days=number) for first, last in found for number in range((last - first).days + 1)
    ]
    assert held == sorted(days)
    assert all((after[0] - before[1]).days > 1 for before, after in pairwise(found))


@quick
@given(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=10))
def test_whatever_answers_otherwise_is_among_the_differing_days(days: set[date]) -> None:
    changes = [Change(day=day, kind=HOLIDAY, name="X") for day in days]
    new = changed(content(), changes, settled_years=[2027])
    every = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]

    expected = [day for day in every if content().standing(day) != new.standing(day)]

    assert differing_days(content(), new) == expected
