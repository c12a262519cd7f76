"""Which duties of the law have a clock in a crisis, and whether it runs."""

from __future__ import annotations

from core.enums import LimitUnit, StartingEvent
from core.models import RuleValue
from core.rules.deadlines import DATED


def has_clock(rule: RuleValue) -> bool:
    """Whether the duty is one of time, not of who speaks (Decree 244/2026 art 7.1 and 7.2 set no limit here)."""
    return LimitUnit(rule.unit) in DATED


def asks_whether_at_once(rule: RuleValue) -> bool:
    """Decree 09/2017 art 6.3.a counts from the occurrence, and only where initial information is needed at once."""
    return has_clock(rule) and rule.start == StartingEvent.OCCURRENCE


def runs(rule: RuleValue, *, needed_at_once: bool) -> bool:
    return has_clock(rule) and (needed_at_once or not asks_whether_at_once(rule))
