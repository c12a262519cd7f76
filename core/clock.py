"""The one place that reads the system clock, for views, commands and jobs; everything below gets `at`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
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
    before = settings.CLOCK

    def set_(instant: datetime) -> None:
        settings.CLOCK = instant

    try:
        yield set_
    finally:
        settings.CLOCK = before
