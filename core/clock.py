"""The one place that reads the system clock, for views, commands and jobs; everything below gets `at`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, or the one the CLOCK setting walks from (demo and test only)."""
    pinned: datetime | None = settings.CLOCK
    return pinned if pinned is not None else timezone.now()
