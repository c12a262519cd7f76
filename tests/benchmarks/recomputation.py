"""What a new calendar costs: it follows the open deadlines it touches, not all there are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import perf_counter

from django.db import connection

from core import clock
from core.actions import deadlines
from core.actions.calendar import Decision, content_of, next_content
from core.actions.calendar import _write as write_version
from core.enums import Channel, DayKind, DeadlineSource
from core.models import Agency, CalendarVersion, Deadline, Inquiry, RuleValue
from core.queries import calendar as calendars
from core.queries import deadlines as queries
from core.queries.law import limit_of
from core.rules import calendars as rules
from tests import factories
from tests.law import load_law

AT = datetime(2026, 8, 3, 9, tzinfo=clock.ZONE)
TOUCHED = 100
SIZES = (1_000, 100_000)
# Mondays far enough apart that nobody's 15 working days lie across two of them.
MONDAYS = (date(2026, 9, 14), date(2026, 10, 12), date(2026, 11, 9))


def report() -> None:
    load_law()
    print(f"A new calendar touching {TOUCHED} open deadlines, {connection.vendor}:")
    costs = {size: _cost(size) for size in SIZES}
    for size, (found, seconds) in costs.items():
        print(f"  among {size:>7,} open: {found:>4} computed anew in {seconds:6.2f} s")
    small, large = (seconds for _found, seconds in costs.values())
    print(
        f"  100 times as many open deadlines cost {large / small:.2f} times as much (in proportion to all: 100)"
    )
    found, seconds = _ten_times_as_many()
    print(
        f"  {found // TOUCHED} times as many touched ({found}): {seconds:6.2f} s, {seconds / large:.1f} times as much"
    )


def _cost(size: int) -> tuple[int, float]:
    agency = factories.make_agency()
    rule = RuleValue.objects.get(
        scope__key__code="forwarded_opinion", scope__agency_kind=agency.kind, valid_until__isnull=True
    )
    monday = MONDAYS[SIZES.index(size)]
    _open(agency, rule, count=TOUCHED, start=monday - timedelta(days=3))
    # The rest begin a quarter later and never lie across a Monday that is settled here.
    _open(agency, rule, count=size - Deadline.objects.count(), start=date(2026, 12, 7))
    _settle(monday)
    return _timed()


def _ten_times_as_many() -> tuple[int, float]:
    agency = factories.make_agency()
    rule = RuleValue.objects.get(
        scope__key__code="forwarded_opinion", scope__agency_kind=agency.kind, valid_until__isnull=True
    )
    monday = MONDAYS[2]
    _open(agency, rule, count=10 * TOUCHED, start=monday - timedelta(days=3))
    _settle(monday)
    return _timed()


def _timed() -> tuple[int, float]:
    begun = perf_counter()
    found = queries.to_recompute()
    for deadline_id in found:
        deadlines.recompute(deadline_id, at=AT)
    return len(found), perf_counter() - begun


def _open(agency: Agency, rule: RuleValue, *, count: int, start: date) -> None:
    """Open deadlines of inquiries of their own, as registering them would have left them."""
    started_at = datetime.combine(start, time(9), tzinfo=clock.ZONE)
    version = calendars.require_version(start)
    case = factories.make_case(agency=agency)
    before = Inquiry.objects.count()
    inquiries = Inquiry.objects.bulk_create(
        (
            Inquiry(
                case=case, agency=agency, reference=f"YC-{before + number}", channel=Channel.LETTER,
                received_at=started_at, created_at=started_at,
            )
            for number in range(count)
        ),
        batch_size=5_000,
    )  # fmt: skip
    computed = deadlines.compute(limit_of(rule), started_at)
    first, last = computed.result.span or (None, None)
    Deadline.objects.bulk_create(
        (
            Deadline(
                inquiry=inquiry, agency=agency, source=DeadlineSource.LAW, key=rule.key, rule_value=rule,
                provision=rule.provision, start=rule.start, started_at=started_at, calendar=version,
                due=computed.result.due, last_day=computed.result.last_day, span_from=first, span_until=last,
                steps=computed.steps, original_due=computed.result.due, created_at=started_at,
            )
            for inquiry in inquiries
        ),
        batch_size=5_000,
    )  # fmt: skip


def _settle(day: date) -> None:
    """Publish that the day is off, without the job that follows."""
    latest = CalendarVersion.objects.latest("number")
    change = rules.Change(day=day, kind=DayKind.SWAPPED, name="Nghỉ hoán đổi")
    decision = Decision(number="01/QĐ", on=AT.date(), issuer="–", changes=[change])
    old = content_of(latest)
    new = next_content(old, decision)
    days = rules.differing_days(old, new)
    write_version(new, number=latest.number + 1, note="", changed=days, by=None, at=AT, decision=decision)
