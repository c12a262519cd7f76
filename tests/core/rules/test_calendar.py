from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core.actions import reference
from core.actions.calendar import _first_content
from core.enums import DayKind
from core.rules.calendar import NoCalendar, SpecialDay, WorkCalendar, day_in_words
from tests.law import FIXTURES

DAY = timedelta(days=1)
# The official schedules for civil servants, day/month: weekdays off, and the weekend days worked in exchange.
OFF = {
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
}
WORKED = {2024: "4/5", 2025: "26/4", 2026: "10/1 22/8"}

quick = settings(max_examples=80, deadline=None, derandomize=True)
days = st.dates(date(2024, 1, 1), date(2027, 8, 31))


@cache
def shipped() -> WorkCalendar:
    """The calendar as it is first loaded, without a database."""
    content = _first_content(sorted(reference.read_rows(FIXTURES / "calendar.json"), key=lambda r: r["year"]))
    return WorkCalendar(
        number=1,
        first_year=content.first_year,
        last_year=content.last_year,
        special=content.special,
        provisional_years=frozenset(content.provisional_years),
    )


def named(year: int, text: str) -> set[date]:
    return {date(year, int(month), int(day)) for day, month in (each.split("/") for each in text.split())}


def every_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def plain(**special: SpecialDay) -> WorkCalendar:
    return WorkCalendar(number=7, first_year=2026, last_year=2026, special={date(2026, 3, 4): special["on"]})


# The official lists


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_day_of_the_official_schedule_is_worked_or_off_as_it_says(year: int) -> None:
    off, worked = named(year, OFF[year]), named(year, WORKED[year])

    expected = {day for day in every_day(year) if day in worked or (day.weekday() < 5 and day not in off)}

    assert {day for day in every_day(year) if shipped().is_working(day)} == expected


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_lists_of_this_test_hold_weekdays_off_and_weekend_days_worked(year: int) -> None:
    assert all(day.weekday() < 5 for day in named(year, OFF[year]))
    assert all(day.weekday() == 5 for day in named(year, WORKED[year]))


@pytest.mark.parametrize("day", [date(2026, 1, 10), date(2026, 8, 22)])
def test_a_make_up_saturday_is_a_working_day(day: date) -> None:
    assert day.weekday() == 5
    assert shipped().is_working(day)


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 8, 31), date(2026, 11, 24)])
def test_a_swapped_weekday_and_the_new_holiday_are_off(day: date) -> None:
    assert day.weekday() < 5
    assert not shipped().is_working(day)


def test_working_days_of_each_official_year_are_counted() -> None:
    calendar = shipped()

    counted = [
        calendar.count_working_days(date(year, 1, 1), date(year, 12, 31)) for year in (2024, 2025, 2026)
    ]

    assert counted == [
        sum(
            (day.weekday() < 5 and day not in named(year, OFF[year])) or day in named(year, WORKED[year])
            for day in every_day(year)
        )
        for year in (2024, 2025, 2026)
    ]


# A year nobody published


@pytest.mark.parametrize("year", [2023, 2028])
def test_a_day_in_a_year_without_a_calendar_is_never_guessed(year: int) -> None:
    with pytest.raises(NoCalendar) as refused:
        shipped().is_working(date(year, 6, 1))

    assert refused.value.year == year


@pytest.mark.parametrize("year", [2023, 2028])
def test_the_refusal_names_the_year_and_who_can_publish_it(year: int) -> None:
    with pytest.raises(NoCalendar) as refused:
        shipped().working_day_at_or_after(date(year, 6, 1))

    assert f"for {year}" in str(refused.value)
    assert "An administrator publishes it" in str(refused.value)
    assert "“Working calendar”" in str(refused.value)


def test_counting_over_the_last_published_year_names_the_year_after_it() -> None:
    with pytest.raises(NoCalendar) as refused:
        shipped().nth_working_day_after(date(2027, 12, 20), 30)

    assert refused.value.year == 2028


def test_rolling_over_the_last_published_year_names_the_year_after_it() -> None:
    last = date(2026, 12, 31)
    calendar = WorkCalendar(
        number=1, first_year=2026, last_year=2026, special={last: SpecialDay(kind=DayKind.HOLIDAY, name="X")}
    )

    with pytest.raises(NoCalendar) as refused:
        calendar.working_day_at_or_after(last)

    assert refused.value.year == 2027


def test_looking_back_over_the_first_published_year_names_the_year_before_it() -> None:
    with pytest.raises(NoCalendar) as refused:
        shipped().last_working_day_before(date(2024, 1, 1))

    assert refused.value.year == 2023


def test_counting_between_years_of_which_one_is_missing_is_refused() -> None:
    with pytest.raises(NoCalendar) as refused:
        shipped().count_working_days(date(2027, 12, 1), date(2028, 1, 5))

    assert refused.value.year == 2028


def test_the_first_day_of_the_first_year_is_answered() -> None:
    assert shipped().working_day_at_or_after(date(2024, 1, 1)) == date(2024, 1, 2)


def test_the_refusal_is_said_in_vietnamese_with_its_year() -> None:
    with translation.override("vi"), pytest.raises(NoCalendar) as refused:
        shipped().is_working(date(2028, 6, 1))

    assert "2028" in str(refused.value)


# What is still to be settled


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 28)])
def test_days_of_a_possible_swap_are_provisional_and_keep_the_weekly_rule(day: date) -> None:
    assert shipped().is_provisional(day)
    assert shipped().is_working(day) is (day.weekday() < 5)


def test_every_day_of_2027_is_provisional_and_its_fixed_holidays_are_off() -> None:
    assert all(shipped().is_provisional(day) for day in every_day(2027))
    assert not any(shipped().is_working(date(2027, *day)) for day in ((1, 1), (4, 30), (9, 2), (11, 24)))


def test_settled_days_of_2026_are_not_provisional() -> None:
    unsettled = {day for day in every_day(2026) if shipped().is_provisional(day)}

    assert unsettled == {date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 28)}


@pytest.mark.parametrize(
    ("first", "last", "touched"),
    [
        (date(2026, 11, 22), date(2026, 11, 23), True),
        (date(2026, 11, 23), date(2026, 11, 23), True),
        (date(2026, 11, 24), date(2026, 11, 27), False),
        (date(2026, 11, 1), date(2026, 11, 20), False),
        (date(2026, 12, 31), date(2026, 12, 31), False),
        (date(2026, 12, 31), date(2027, 1, 1), True),
    ],
)
def test_a_stretch_touches_provisional_days_with_both_its_ends(
    first: date, last: date, touched: bool
) -> None:
    assert shipped().touches_provisional(first, last) is touched


# In words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 9), "thứ Hai 09/11/2026"),
        (date(2026, 11, 10), "thứ Ba 10/11/2026"),
        (date(2026, 11, 11), "thứ Tư 11/11/2026"),
        (date(2026, 11, 12), "thứ Năm 12/11/2026"),
        (date(2026, 11, 13), "thứ Sáu 13/11/2026"),
        (date(2026, 11, 14), "thứ Bảy 14/11/2026"),
        (date(2026, 11, 15), "Chủ nhật 15/11/2026"),
    ],
)
def test_a_day_is_written_with_its_weekday(day: date, words: str) -> None:
    assert day_in_words(day) == words


def test_each_day_is_told_with_why_it_is_off_or_what_is_special_about_it() -> None:
    assert shipped().told(date(2026, 8, 21), date(2026, 8, 23)) == [
        (True, "thứ Sáu 21/08/2026"),
        (True, "thứ Bảy 22/08/2026 (Làm bù cho ngày 31/8)"),
        (False, "bỏ qua Chủ nhật 23/08/2026: nghỉ hằng tuần"),
    ]
    assert shipped().told(date(2026, 8, 31), date(2026, 8, 31)) == [
        (False, "bỏ qua thứ Hai 31/08/2026: Hoán đổi: nghỉ 31/8, làm bù 22/8")
    ]
    (monday, culture_day) = shipped().told(date(2026, 11, 23), date(2026, 11, 24))
    assert (monday[0], culture_day) == (True, (False, "bỏ qua thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam"))
    assert monday[1].startswith("thứ Hai 23/11/2026 (")


def test_the_first_and_the_last_day_of_the_calendar_are_told() -> None:
    assert shipped().told(date(2024, 1, 1), date(2024, 1, 1))[0][0] is False
    assert shipped().told(date(2027, 12, 31), date(2027, 12, 31)) == [(True, "thứ Sáu 31/12/2027")]


@pytest.mark.parametrize(
    ("kind", "is_worked"),
    [
        (DayKind.HOLIDAY, False),
        (DayKind.SWAPPED, False),
        (DayKind.MAKE_UP, True),
        (DayKind.ORDINARY, True),
    ],
)
def test_each_kind_of_special_day_on_a_wednesday(kind: DayKind, is_worked: bool) -> None:
    assert plain(on=SpecialDay(kind=kind, name="X")).is_working(date(2026, 3, 4)) is is_worked


# Always


@quick
@given(days, st.integers(1, 60))
def test_the_nth_working_day_is_worked_and_counts_back_to_n(day: date, count: int) -> None:
    found = shipped().nth_working_day_after(day, count)

    assert shipped().is_working(found)
    assert shipped().count_working_days(day, found) == count


@quick
@given(days, days, st.integers(1, 60))
def test_a_later_start_never_gives_an_earlier_day(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))

    assert shipped().nth_working_day_after(first, count) <= shipped().nth_working_day_after(second, count)


@quick
@given(days)
def test_the_working_day_at_or_after_skips_no_working_day(day: date) -> None:
    found = shipped().working_day_at_or_after(day)
    between = [day + timedelta(days=number) for number in range((found - day).days)]

    assert shipped().is_working(found)
    assert not any(shipped().is_working(each) for each in between)


@quick
@given(st.dates(date(2024, 2, 1), date(2027, 12, 31)))
def test_the_last_working_day_before_skips_no_working_day(day: date) -> None:
    found = shipped().last_working_day_before(day)
    between = [found + timedelta(days=number) for number in range(1, (day - found).days)]

    assert found < day
    assert shipped().is_working(found)
    assert not any(shipped().is_working(each) for each in between)
