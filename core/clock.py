"""The one place that reads the system clock, for views, commands and jobs; everything below gets `at`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, or the one the CLOCK setting walks from (demo and test only)."""
    pinned: datetime | None = settings.CLOCK
    return pinned if pinned is not None else timezone.now()


@contextmanager
def told_back() -> Iterator[Callable[[datetime], None]]:
    """For the demonstration, which tells of earlier days: gives what sets the clock; afterwards it is as it was."""
    if not settings.DEMO:
        raise RuntimeError("The clock is set back for a demonstration alone, and DEMO is off.")
    with _kept() as set_:
        yield set_


@contextmanager
def rehearsed() -> Iterator[Callable[[datetime], None]]:
    """For a drill walked by a command: gives what sets the clock, inside a transaction that is undone at the end.

    What happened in simulated time leaves no row, so that no entry claims a time that has not come.
    """
    with _kept() as set_, transaction.atomic():
        yield set_
        transaction.set_rollback(True)


@contextmanager
def _kept() -> Iterator[Callable[[datetime], None]]:
    before = settings.CLOCK

    def set_(instant: datetime) -> None:
        settings.CLOCK = instant

    try:
        yield set_
    finally:
        settings.CLOCK = before
