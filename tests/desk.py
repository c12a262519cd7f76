"""One inquiry of a department, and the hand that starts, moves and ends its clocks, for tests of deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.actions import calendar, casefile, deadlines, law
from core.actions.calendar import Decision
from core.clock import ZONE
from core.enums import Channel, DayKind, LimitUnit, StartingEvent
from core.models import Agency, Deadline, LocalRule, RuleKey
from core.queries import deadlines as queries
from core.rules.calendars import Change
from tests.walk import Cast

SWAP = (
    Change(day=date(2026, 11, 23), kind=DayKind.SWAPPED, name="Hoán đổi"),
    Change(day=date(2026, 11, 28), kind=DayKind.MAKE_UP, name="Làm bù"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def local_rule(
    agency: Agency, code: str, value: int, unit: LimitUnit, *, start: str = "", stops: bool = False
) -> LocalRule:
    """A rule of the agency's own regulation, in force since 1/7/2026."""
    day, now = date(2026, 7, 1), at("2026-07-01T08:00")
    regulation = agency.local_regulations.first() or law.record_regulation(
        agency=agency, number="1/QĐ", on=day, title="Quy chế", by=None, at=now, valid_from=day
    )
    rule = law.NewLocalRule(
        key=RuleKey.objects.get(code=code), value=value, unit=unit, article="Điều 1", statement="x", valid_from=day,
        stops_with_clock=stops, start=StartingEvent(start) if start else None,
    )  # fmt: skip
    return law.record_local_rule(regulation=regulation, rule=rule, by=None, at=now)


@dataclass
class Desk:
    """Each method is one act, done by the right person unless told otherwise."""

    cast: Cast

    def __post_init__(self) -> None:
        new = casefile.NewInquiry(channel=Channel.LETTER, received_at=at("2026-01-05T08:00"), subject="Mật")
        opened_at = at("2026-07-01T08:00")
        self.inquiry = casefile.open_inquiry(agency=self.cast.agency, new=new, by=None, at=opened_at)

    def start(self, code: str, when: str, **given: Any) -> list[Deadline]:
        started_at = at(when)
        facts = {"inquiry": self.inquiry, "by": self.cast.contact, "at": started_at, **given}
        return deadlines.start(key=RuleKey.objects.get(code=code), started_at=started_at, **facts)

    def one(self, code: str, when: str) -> Deadline:
        (deadline,) = self.start(code, when)
        return deadline

    def local(self, code: str, value: int, unit: LimitUnit, **given: Any) -> LocalRule:
        return local_rule(self.cast.agency, code, value, unit, **given)

    def step(self, code: str, when: str) -> Deadline:
        key = RuleKey.objects.get(code=code)
        started = deadlines.start_local(self.inquiry, key=key, started_at=at(when), by=None, at=at(when))
        assert started is not None
        return started

    def order(self, before: date, on: date = date(2026, 11, 10), **given: Any) -> Deadline:
        facts: dict[str, Any] = {
            "number": "77/UBND",
            "issuer": "UBND tỉnh Mẫu",
            "task": "Báo cáo",
            "by": self.cast.contact,
        }
        facts |= {"at": at("2026-11-10T10:00"), **given}
        return deadlines.record_order(inquiry=self.inquiry, on=on, before=before, **facts)

    def record(self, code: str, occurred_at: str, now: str) -> list[Deadline]:
        return deadlines.record_event(
            inquiry=self.inquiry, key=RuleKey.objects.get(code=code), occurred_at=at(occurred_at),
            by=self.cast.contact, at=at(now),
        )  # fmt: skip

    def publish(self, changes: Sequence[Change] = SWAP, when: str = "2026-11-12T08:00", **given: Any) -> None:
        facts = {"number": "99/TB-BNV", "on": date(2026, 11, 12), "issuer": "Bộ Nội vụ", "changes": changes}
        decision = Decision(**{**facts, **given})
        calendar.publish(decision=decision, by=self.cast.administrator, at=at(when))

    def recompute(self, when: str) -> int:
        """What the job does after a publication; how many moved."""
        return sum(deadlines.recompute(pk, at=at(when)) for pk in queries.to_recompute())

    def extend(self, deadline: Deadline, until: date, **given: Any) -> None:
        facts: dict[str, Any] = {"basis": "Điều 5", "reason": "Vụ việc phức tạp.", "by": self.cast.contact}
        facts |= {"at": at("2026-11-11T08:00"), **given}
        deadlines.extend(deadline=deadline, until=until, **facts)
        deadline.refresh_from_db()

    def due(self) -> datetime | None:
        self.inquiry.refresh_from_db()
        return self.inquiry.due
