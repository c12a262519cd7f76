from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.actions import reference
from core.actions.calendar import _first_content
from core.clock import ZONE
from core.enums import LimitUnit, StartingEvent
from core.models.law import RuleContent
from core.rules import deadlines as rules
from core.rules.calendar import NoCalendar, WorkCalendar
from core.rules.deadlines import Count, Limit, Pause, Result
from tests.law import FIXTURES

HOURS, DAYS, WORKING_DAYS = LimitUnit.HOURS, LimitUnit.DAYS, LimitUnit.WORKING_DAYS
FIRST, LAST = datetime(2024, 1, 1), datetime(2026, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
quick = settings(max_examples=80, deadline=None, derandomize=True)
starts = st.datetimes(FIRST, LAST, timezones=st.just(ZONE))
amounts = st.integers(1, 60)
units = st.sampled_from([HOURS, DAYS, WORKING_DAYS])


@cache
def shipped() -> WorkCalendar:
    content = _first_content(sorted(reference.read_rows(FIXTURES / "calendar.json"), key=lambda r: r["year"]))
    return WorkCalendar(
        number=1,
        first_year=content.first_year,
        last_year=content.last_year,
        special=content.special,
        provisional_years=frozenset(content.provisional_years),
    )


def at(text: str) -> datetime:
    """An instant; without an offset in the zone of the agencies."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


def count(
    value: RuleContent,
    unit: LimitUnit,
    start: str | datetime,
    *pauses: Pause,
    event: StartingEvent | None = None,
) -> Count:
    started_at = at(start) if isinstance(start, str) else start
    limit = Limit(value=value, unit=unit, start=event)
    return Count(limit=limit, started_at=started_at, calendar=shipped(), pauses=pauses)


def due(value: RuleContent, unit: LimitUnit, start: str | datetime, *pauses: Pause) -> datetime:
    computed = rules.compute(count(value, unit, start, *pauses)).due
    assert computed is not None
    return computed


def last_day(value: RuleContent, unit: LimitUnit, start: str | datetime, *pauses: Pause) -> date:
    return rules.last_day_of(due(value, unit, start, *pauses), inclusive=unit == HOURS)


def steps(value: RuleContent, unit: LimitUnit, start: str, *pauses: Pause) -> list[str]:
    counted = count(value, unit, start, *pauses)
    return rules.explain(counted, rules.compute(counted))


# Must be exact


def test_fifteen_working_days_from_the_tenth_of_november_end_on_the_second_of_december() -> None:
    assert last_day(15, WORKING_DAYS, "2026-11-10T09:00") == date(2026, 12, 2)
    assert due(15, WORKING_DAYS, "2026-11-10T09:00") == at("2026-12-03T00:00")


def test_thirty_days_that_end_on_a_holiday_end_at_midnight_of_the_next_working_day() -> None:
    assert last_day(30, DAYS, "2026-10-25T09:00") == date(2026, 11, 25)
    assert due(30, DAYS, "2026-10-25T09:00") == at("2026-11-26T00:00")


def test_twenty_four_hours_run_through_the_national_day() -> None:
    assert due(24, HOURS, "2026-08-31T23:30+07:00") == at("2026-09-01T23:30+07:00")


def test_forty_five_days_from_the_first_of_july_are_rolled_over_a_weekend() -> None:
    assert last_day(45, DAYS, "2026-07-01T00:00") == date(2026, 8, 17)


def test_twelve_hours_from_the_last_second_of_june_end_in_july() -> None:
    assert due(12, HOURS, "2026-06-30T23:59:59") == at("2026-07-01T11:59:59")


def test_a_make_up_saturday_is_counted_and_the_day_off_for_it_is_not() -> None:
    assert last_day(1, WORKING_DAYS, "2026-08-21T09:00") == date(2026, 8, 22)
    assert last_day(1, DAYS, "2026-08-21T09:00") == date(2026, 8, 22)
    assert last_day(1, WORKING_DAYS, "2026-08-28T09:00") == date(2026, 9, 3)
    assert last_day(1, WORKING_DAYS, "2026-01-09T09:00") == date(2026, 1, 10)
    assert last_day(1, WORKING_DAYS, "2026-01-01T09:00") == date(2026, 1, 5)


def test_before_the_twentieth_of_december_is_the_friday_before() -> None:
    computed = rules.compute(count("12-20", LimitUnit.BEFORE_DATE, "2026-07-01T00:00"))

    assert (computed.last_day, computed.due) == (date(2026, 12, 18), at("2026-12-19T00:00"))
    assert not computed.due_inclusive


def test_before_a_date_that_is_over_this_year_is_the_one_of_next_year() -> None:
    assert last_day("12-20", LimitUnit.BEFORE_DATE, "2025-12-20T08:00") == date(2026, 12, 18)
    assert last_day("12-20", LimitUnit.BEFORE_DATE, "2026-12-19T08:00") == date(2026, 12, 19)


def test_a_planned_event_counts_backwards_through_a_holiday() -> None:
    planned = count(24, HOURS, "2026-09-03T08:30", event=StartingEvent.PLANNED_EVENT)

    assert rules.compute(planned).due == at("2026-09-02T08:30")


# Local time, and the last instant


def test_the_day_of_the_event_is_that_of_the_agencies_not_of_greenwich() -> None:
    assert due(15, WORKING_DAYS, "2026-11-09T17:30+00:00") == at("2026-12-03T00:00")
    assert last_day(15, WORKING_DAYS, "2026-11-09T16:59:59+00:00") == date(2026, 12, 1)
    assert last_day(1, DAYS, "2026-11-09T17:00+00:00") == date(2026, 11, 11)


def test_a_day_limit_does_not_depend_on_the_time_of_day() -> None:
    assert due(15, WORKING_DAYS, "2026-11-10T00:00") == due(15, WORKING_DAYS, "2026-11-10T23:59:59")


def test_results_are_written_in_the_zone_of_the_agencies() -> None:
    utc = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)

    assert due(24, HOURS, utc).isoformat() == "2026-09-01T23:30:00+07:00"
    assert due(30, DAYS, datetime(2026, 10, 25, 2, tzinfo=UTC)).isoformat() == "2026-11-26T00:00:00+07:00"


def test_the_last_instant_of_hours_is_in_time_and_midnight_after_days_is_not() -> None:
    assert rules.compute(count(24, HOURS, "2026-08-31T23:30")).due_inclusive
    assert not rules.compute(count(30, DAYS, "2026-10-25T09:00")).due_inclusive
    assert not rules.compute(count(15, WORKING_DAYS, "2026-11-10T09:00")).due_inclusive


def test_a_day_limit_is_written_as_twenty_four_hours_of_its_last_day() -> None:
    midnight = at("2026-11-26T00:00")

    assert rules.last_day_of(midnight, inclusive=False) == date(2026, 11, 25)
    assert rules.last_day_of(midnight, inclusive=True) == date(2026, 11, 26)
    assert rules.due_in_words(midnight, inclusive=False) == "24 giờ 00 phút thứ Tư 25/11/2026"
    assert rules.due_in_words(midnight, inclusive=True) == "00 giờ 00 phút thứ Năm 26/11/2026"


def test_an_order_before_a_day_ends_at_midnight_of_the_day_before_even_on_a_sunday() -> None:
    result = rules.before_day(date(2026, 11, 16))

    assert result == Result(due=at("2026-11-16T00:00"), due_inclusive=False, last_day=date(2026, 11, 15))


# Without a date


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (LimitUnit.NONE, "Quy định không đặt thời hạn cụ thể cho nghĩa vụ này."),
        (LimitUnit.NEXT_ISSUE, "Thực hiện trên số ra gần nhất; không tính theo giờ hoặc ngày."),
    ],
)
def test_a_duty_without_a_limit_has_no_due_date_in_any_year(unit: LimitUnit, said: str) -> None:
    counted = count(None, unit, "2099-01-01T08:00")

    assert rules.compute(counted) == Result()
    assert rules.explain(counted, Result()) == [said]


# Provisional days, missing years


@pytest.mark.parametrize(
    ("amount", "start", "is_provisional"),
    [
        (15, "2026-11-10T09:00", True),
        (8, "2026-11-10T09:00", False),
        (9, "2026-11-10T09:00", True),
        (1, "2026-11-20T09:00", True),
        (3, "2026-11-30T09:00", False),
        (5, "2026-12-28T09:00", True),
        (5, "2027-03-01T09:00", True),
    ],
)
def test_working_days_over_unsettled_days_say_so(amount: int, start: str, is_provisional: bool) -> None:
    assert rules.compute(count(amount, WORKING_DAYS, start)).is_provisional is is_provisional
    assert any("tạm tính" in step for step in steps(amount, WORKING_DAYS, start)) is is_provisional


def test_days_depend_on_the_calendar_only_where_they_end() -> None:
    over = rules.compute(count(30, DAYS, "2026-11-05T09:00"))
    upon = rules.compute(count(3, DAYS, "2026-11-20T09:00"))

    assert (over.is_provisional, over.span) == (False, (date(2026, 12, 5), date(2026, 12, 7)))
    assert (upon.is_provisional, upon.span) == (True, (date(2026, 11, 23), date(2026, 11, 23)))


def test_hours_depend_on_no_calendar_and_reach_years_without_one() -> None:
    result = rules.compute(count(24, HOURS, "2030-12-31T23:00"))

    assert (result.due, result.span, result.is_provisional) == (at("2031-01-01T23:00"), None, False)


@pytest.mark.parametrize(
    ("value", "unit", "start", "year"),
    [
        (15, WORKING_DAYS, "2023-12-20T09:00", 2023),
        (15, WORKING_DAYS, "2028-01-03T09:00", 2028),
        (15, WORKING_DAYS, "2027-12-20T09:00", 2028),
        (30, DAYS, "2027-12-20T09:00", 2028),
        (5, DAYS, "2023-12-20T09:00", 2023),
        ("12-20", LimitUnit.BEFORE_DATE, "2028-02-01T09:00", 2028),
    ],
)
def test_a_limit_that_reaches_a_year_without_a_calendar_is_not_computed(
    value: RuleContent, unit: LimitUnit, start: str, year: int
) -> None:
    with pytest.raises(NoCalendar, match=f"for {year}, so nothing was computed. An administrator") as refused:
        rules.compute(count(value, unit, start))

    assert refused.value.year == year


# The steps in words


def test_the_steps_of_working_days_name_each_day_and_what_was_skipped() -> None:
    said = steps(15, WORKING_DAYS, "2026-11-10T09:00")

    assert said[0] == "Ngày xảy ra sự kiện thứ Ba 10/11/2026 không tính."
    assert said[1] == "ngày 1: thứ Tư 11/11/2026"
    assert "bỏ qua thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam" in said
    assert "bỏ qua Chủ nhật 15/11/2026: nghỉ hằng tuần" in said
    assert "ngày 15: thứ Tư 02/12/2026" in said
    assert "Hết hạn lúc 24 giờ 00 phút thứ Tư 02/12/2026." in said
    assert said[-1].startswith("Lưu ý: có ngày tạm tính theo lịch phiên bản 1;")


def test_the_steps_remark_on_a_make_up_day_and_a_swapped_one() -> None:
    said = steps(7, WORKING_DAYS, "2026-08-21T09:00")

    assert "ngày 1: thứ Bảy 22/08/2026 (Làm bù cho ngày 31/8)" in said
    assert "bỏ qua thứ Hai 31/08/2026: Hoán đổi: nghỉ 31/8, làm bù 22/8" in said


def test_the_steps_of_days_show_the_last_one_and_where_it_is_moved() -> None:
    assert steps(30, DAYS, "2026-10-25T09:00") == [
        "Ngày xảy ra sự kiện Chủ nhật 25/10/2026 không tính.",
        "ngày 1: thứ Hai 26/10/2026",
        "ngày 30: thứ Ba 24/11/2026",
        "bỏ qua thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam",
        "chuyển sang ngày làm việc tiếp theo: thứ Tư 25/11/2026",
        "Hết hạn lúc 24 giờ 00 phút thứ Tư 25/11/2026.",
    ]


def test_the_steps_of_hours_name_both_instants_and_that_the_last_is_in_time() -> None:
    assert steps(12, HOURS, "2026-06-30T23:59:59") == [
        "Mốc tính: 23 giờ 59 phút 59 giây thứ Ba 30/06/2026.",
        "12 giờ tính liên tục từ thời điểm đó, kể cả ngày nghỉ.",
        "Chậm nhất là 11 giờ 59 phút 59 giây thứ Tư 01/07/2026; đúng thời điểm này vẫn còn trong hạn.",
    ]


def test_the_steps_before_a_planned_event_say_that_they_count_backwards() -> None:
    counted = count(24, HOURS, "2026-09-03T08:30", event=StartingEvent.PLANNED_EVENT)

    said = rules.explain(counted, rules.compute(counted))

    assert "24 giờ tính lùi từ thời điểm đó, kể cả ngày nghỉ." in said


def test_the_steps_before_a_date_name_it_and_the_last_working_day() -> None:
    said = steps("12-20", LimitUnit.BEFORE_DATE, "2026-07-01T00:00")

    assert said == [
        "Phải xong trước ngày Chủ nhật 20/12/2026.",
        "bỏ qua thứ Bảy 19/12/2026: nghỉ hằng tuần",
        "ngày làm việc cuối cùng trước ngày đó: thứ Sáu 18/12/2026",
        "Hết hạn lúc 24 giờ 00 phút thứ Sáu 18/12/2026.",
    ]


# The clock stood


def stood(start: str, end: str) -> Pause:
    return Pause(paused_at=at(start), resumed_at=at(end))


def test_hours_move_by_exactly_the_time_the_clock_stood() -> None:
    hour, quarter = (
        stood("2026-07-13T09:00", "2026-07-13T10:30"),
        stood("2026-07-13T12:00", "2026-07-13T12:15"),
    )

    moved = due(24, HOURS, "2026-07-13T08:00", hour, quarter)

    assert moved == at("2026-07-14T09:45")


def test_days_on_which_the_clock_stood_are_not_counted() -> None:
    pause = stood("2026-07-15T09:00", "2026-07-17T09:00")

    assert last_day(5, WORKING_DAYS, "2026-07-13T08:00") == date(2026, 7, 20)
    assert last_day(5, WORKING_DAYS, "2026-07-13T08:00", pause) == date(2026, 7, 22)
    assert last_day(10, DAYS, "2026-07-13T08:00") == date(2026, 7, 23)
    assert last_day(9, DAYS, "2026-07-13T08:00", pause) == date(2026, 7, 24)
    within_a_day = stood("2026-07-15T09:00", "2026-07-15T16:00")
    assert last_day(5, WORKING_DAYS, "2026-07-13T08:00", within_a_day) == date(2026, 7, 20)


def test_the_steps_say_when_the_clock_stood_and_which_days_that_left_out() -> None:
    said = steps(5, WORKING_DAYS, "2026-07-13T08:00", stood("2026-07-15T09:00", "2026-07-16T09:00"))

    assert "Tạm dừng từ 09 giờ 00 phút thứ Tư 15/07/2026 đến 09 giờ 00 phút thứ Năm 16/07/2026." in said
    assert "bỏ qua thứ Tư 15/07/2026: tạm dừng tính thời hạn" in said
    assert "ngày 5: thứ Ba 21/07/2026" in said


# Always


@quick
@given(starts, starts, amounts, units)
def test_a_later_start_is_never_due_earlier(
    one: datetime, other: datetime, amount: int, unit: LimitUnit
) -> None:
    first, second = sorted((one, other))

    assert due(amount, unit, first) <= due(amount, unit, second)


@quick
@given(starts, amounts, amounts, units)
def test_a_longer_limit_never_ends_earlier(start: datetime, one: int, other: int, unit: LimitUnit) -> None:
    shorter, longer = sorted((one, other))

    assert due(shorter, unit, start) <= due(longer, unit, start)


@quick
@given(starts, amounts, units)
def test_computing_again_gives_the_identical_result_and_steps(
    start: datetime, amount: int, unit: LimitUnit
) -> None:
    first, again = count(amount, unit, start), count(amount, unit, start.astimezone(UTC))

    assert rules.compute(first) == rules.compute(again)
    assert rules.explain(first, rules.compute(first)) == rules.explain(again, rules.compute(again))


@quick
@given(starts, amounts)
def test_counting_back_from_working_days_returns_their_number(start: datetime, amount: int) -> None:
    last = last_day(amount, WORKING_DAYS, start)

    assert shipped().is_working(last)
    assert shipped().count_working_days(start.date(), last) == amount


@quick
@given(starts, amounts)
def test_days_end_on_the_first_working_day_from_the_nth_day_on(start: datetime, amount: int) -> None:
    nth, last = start.date() + timedelta(days=amount), last_day(amount, DAYS, start)
    between = [nth + timedelta(days=number) for number in range((last - nth).days)]

    assert shipped().is_working(last)
    assert last >= nth
    assert not any(shipped().is_working(day) for day in between)


@quick
@given(starts, amounts)
def test_hours_add_exactly_whatever_the_calendar_says(start: datetime, amount: int) -> None:
    assert due(amount, HOURS, start) - start == timedelta(hours=amount)


@quick
@given(starts, amounts, st.integers(0, 40), st.integers(1, 40), units)
def test_a_pause_never_brings_a_deadline_forward(
    start: datetime, amount: int, after: int, length: int, unit: LimitUnit
) -> None:
    paused_at = start + timedelta(hours=after)
    pause = Pause(paused_at=paused_at, resumed_at=paused_at + timedelta(hours=length))
    assume(paused_at < due(amount, unit, start))

    assert due(amount, unit, start, pause) >= due(amount, unit, start)
