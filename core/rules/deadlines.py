"""From a limit and its starting event to an instant, with the steps in words. Pure: law, calendar and time come in.

Three arithmetics (Civil Code 2015 arts 144-148): hours run on from the moment; days leave out the day of the event
and end at 24:00 of the last day, moved to the next working day where that one is off; working days follow the
official calendar. All in the zone of the agencies. The steps are kept as computed, in Vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from itertools import count as naturals
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import clock
from core.enums import LimitUnit, StartingEvent
from core.errors import Invalid
from core.models.law import RuleContent

from .calendar import DAY, WorkCalendar, day_in_words

NO_LIMIT = "Quy định không đặt thời hạn cụ thể cho nghĩa vụ này."
NEXT_ISSUE = "Thực hiện trên số ra gần nhất; không tính theo giờ hoặc ngày."
PROVISIONAL = (
    "Lưu ý: có ngày tạm tính theo lịch phiên bản {number}; thời hạn được tính lại khi công bố lịch mới."
)
MIDNIGHT = time()
DATED = (LimitUnit.HOURS, LimitUnit.DAYS, LimitUnit.WORKING_DAYS, LimitUnit.BEFORE_DATE)
UNDATED = {LimitUnit.NONE: NO_LIMIT, LimitUnit.NEXT_ISSUE: NEXT_ISSUE}


# Said so often that making them each time would be most of the work.
_NUMBERS = tuple(f"ngày {number}: " for number in range(1, 101))


class NotATimeLimit(Invalid):
    """The rule says what may or must be done, not until when."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _("“%(key)s” is not a time limit, so there is no deadline to compute.") % {"key": key}
        )


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many hours, days or working days from an event; a planned event counts backwards."""

    value: RuleContent
    unit: LimitUnit
    start: StartingEvent | None = None

    @property
    def is_backwards(self) -> bool:
        return self.start == StartingEvent.PLANNED_EVENT

    @property
    def amount(self) -> int:
        assert isinstance(self.value, int), "a counted limit has a whole number"
        return self.value


@dataclass(frozen=True, kw_only=True)
class Pause:
    """The clock stood between two instants."""

    paused_at: datetime
    resumed_at: datetime

    def holds(self, day: date) -> bool:
        return local_day(self.paused_at) <= day < local_day(self.resumed_at)


class Result(NamedTuple):
    """When it is due. `due_inclusive`: that instant is itself in time, as with hours; else it is 24:00 of `last_day`.

    `span` holds the days whose standing in the calendar the result depends on.
    """

    due: datetime | None = None
    due_inclusive: bool = False
    last_day: date | None = None
    span: tuple[date, date] | None = None
    is_provisional: bool = False


def local_day(instant: datetime) -> date:
    return instant.astimezone(clock.ZONE).date()


def end_of(day: date) -> datetime:
    """24:00 of the day, which is 00:00 of the next."""
    return datetime.combine(day + DAY, MIDNIGHT, clock.ZONE)


class Count(NamedTuple):
    """What there is to count: a limit, the instant it starts from, the calendar, and when the clock stood."""

    limit: Limit
    started_at: datetime
    calendar: WorkCalendar
    pauses: Sequence[Pause] = ()

    @property
    def first_day(self) -> date:
        return local_day(self.started_at)

    def stood_on(self, day: date) -> bool:
        return any(pause.holds(day) for pause in self.pauses)


def compute(count: Count) -> Result:
    """When it is due. Raises NoCalendar for a year nobody published."""
    if count.limit.unit in UNDATED:
        return Result()
    return _ARITHMETIC[count.limit.unit](count)


def _hours(count: Count) -> Result:
    amount = count.limit.amount
    stood = sum((pause.resumed_at - pause.paused_at for pause in count.pauses), timedelta())
    due = count.started_at + timedelta(hours=-amount if count.limit.is_backwards else amount) + stood
    return Result(due=due.astimezone(clock.ZONE), due_inclusive=True, last_day=local_day(due))


def _days(count: Count) -> Result:
    counted = _nth_day(count)
    last = count.calendar.working_day_at_or_after(counted)
    return _until_end_of(last, span=(counted, last), calendar=count.calendar)


def _nth_day(count: Count) -> date:
    if not count.pauses:
        return count.first_day + timedelta(days=count.limit.amount)
    return _nth(count, step=lambda day: day + DAY)


def _nth(count: Count, *, step: Callable[[date], date]) -> date:
    """The n-th day of a stepping on which the clock did not stand."""
    day, left = count.first_day, count.limit.amount
    while left:
        day = step(day)
        left -= not count.stood_on(day)
    return day


def _working_days(count: Count) -> Result:
    first, calendar = count.first_day, count.calendar
    if count.pauses:
        last = _nth(count, step=lambda day: calendar.nth_working_day_after(day, 1))
    else:
        last = calendar.nth_working_day_after(first, count.limit.amount)
    return _until_end_of(last, span=(first + DAY, last), calendar=calendar)


def _before_date(count: Count) -> Result:
    """The last working day before the next such date (“trước ngày 20 tháng 12”)."""
    named = _named_date(count)
    last = count.calendar.last_working_day_before(named)
    if last < count.first_day:
        # What begins after the last working day still has the days off that are left.
        last = named - DAY
    return _until_end_of(last, span=(last, named - DAY), calendar=count.calendar)


def _named_date(count: Count) -> date:
    month, day = map(int, str(count.limit.value).split("-"))
    this_year = date(count.first_day.year, month, day)
    return this_year if this_year > count.first_day else date(this_year.year + 1, month, day)


def _until_end_of(last: date, *, span: tuple[date, date], calendar: WorkCalendar) -> Result:
    return Result(
        due=end_of(last), last_day=last, span=span, is_provisional=calendar.touches_provisional(*span)
    )


_ARITHMETIC: dict[LimitUnit, Callable[[Count], Result]] = {
    LimitUnit.HOURS: _hours,
    LimitUnit.DAYS: _days,
    LimitUnit.WORKING_DAYS: _working_days,
    LimitUnit.BEFORE_DATE: _before_date,
}


def last_day_of(due: datetime, *, inclusive: bool) -> date:
    """The last day on which it can be done."""
    local = due.astimezone(clock.ZONE)
    return local.date() if inclusive else (local - timedelta(microseconds=1)).date()


def due_in_words(due: datetime, *, inclusive: bool) -> str:
    """An hour limit by its minute, a day limit as 24:00 of its last day, never as midnight of the next."""
    return moment(due) if inclusive else f"24 giờ 00 phút {day_in_words(last_day_of(due, inclusive=False))}"


def before_day(day: date) -> Result:
    """A paper that says “before the day …”: 24:00 of the day before, whatever day that is."""
    last = day - DAY
    return Result(due=end_of(last), last_day=last)


# In words


def explain(count: Count, result: Result) -> list[str]:
    """The computation step by step, as an official would write it down."""
    if result.due is None or result.last_day is None:
        return [UNDATED[count.limit.unit]]
    lines = [*_SAID[count.limit.unit](count, result.due, result.last_day)]
    if result.is_provisional:
        lines.append(PROVISIONAL.format(number=count.calendar.number))
    return lines


def _say_hours(count: Count, due: datetime, _last: date) -> Iterable[str]:
    direction = "tính lùi" if count.limit.is_backwards else "tính liên tục"
    yield f"Mốc tính: {moment(count.started_at)}."
    yield f"{count.limit.amount} giờ {direction} từ thời điểm đó, kể cả ngày nghỉ."
    yield from _say_pauses(count)
    yield f"Chậm nhất là {moment(due)}; đúng thời điểm này vẫn còn trong hạn."


def _say_days(count: Count, _due: datetime, last: date) -> Iterable[str]:
    counted = _nth_day(count)
    yield _not_counted(count.first_day)
    yield from _say_pauses(count)
    yield f"ngày 1: {day_in_words(count.first_day + DAY)}"
    yield f"ngày {count.limit.amount}: {day_in_words(counted)}"
    yield from _say_off(count.calendar, counted, last)
    if counted != last:
        yield f"chuyển sang ngày làm việc tiếp theo: {day_in_words(last)}"
    yield ends(last)


def _say_working_days(count: Count, _due: datetime, last: date) -> list[str]:
    first = count.first_day
    days = count.calendar.told(first + DAY, last)
    if count.pauses:
        days = [
            (False, f"bỏ qua {day}: tạm dừng tính thời hạn") if worked and stood else (worked, day)
            for (worked, day), stood in zip(days, _stood(count, last), strict=True)
        ]
    numbers = chain(_NUMBERS, (f"ngày {number}: " for number in naturals(len(_NUMBERS) + 1)))
    told = [next(numbers) + day if counts else day for counts, day in days]
    return [_not_counted(first), *_say_pauses(count), *told, ends(last)]


def _stood(count: Count, last: date) -> list[bool]:
    """For each day after the event, whether the clock stood."""
    length = (last - count.first_day).days
    return [count.stood_on(count.first_day + timedelta(days=place)) for place in range(1, length + 1)]


def _say_before_date(count: Count, _due: datetime, last: date) -> Iterable[str]:
    named = _named_date(count)
    yield f"Phải xong trước ngày {day_in_words(named)}."
    yield from _say_off(count.calendar, last + DAY, named)
    day = "ngày làm việc" if count.calendar.is_working(last) else "ngày"
    yield f"{day} cuối cùng trước ngày đó: {day_in_words(last)}"
    yield ends(last)


def _say_off(calendar: WorkCalendar, first: date, beyond: date) -> Iterable[str]:
    if first < beyond:
        yield from (day for _worked, day in calendar.told(first, beyond - DAY))


def _say_pauses(count: Count) -> Iterable[str]:
    for pause in count.pauses:
        yield f"Tạm dừng từ {moment(pause.paused_at)} đến {moment(pause.resumed_at)}."


def _not_counted(day: date) -> str:
    return f"Ngày xảy ra sự kiện {day_in_words(day)} không tính."


_SAID: dict[LimitUnit, Callable[[Count, datetime, date], Iterable[str]]] = {
    LimitUnit.HOURS: _say_hours,
    LimitUnit.DAYS: _say_days,
    LimitUnit.WORKING_DAYS: _say_working_days,
    LimitUnit.BEFORE_DATE: _say_before_date,
}


def ends(last: date) -> str:
    return f"Hết hạn lúc 24 giờ 00 phút {day_in_words(last)}."


def moment(instant: datetime) -> str:
    local = instant.astimezone(clock.ZONE)
    seconds = f" {local.second:02d} giây" if local.second else ""
    return f"{local.hour:02d} giờ {local.minute:02d} phút{seconds} {day_in_words(local.date())}"
