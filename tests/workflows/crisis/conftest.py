from collections.abc import Callable
from datetime import datetime

import pytest

from tests import walk as walks
from tests.walk import ZONE, Cast, make_cast
from tests.workflows.crisis.running_walk import RunningWalk


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> RunningWalk:
    """A department with a crisis still to be noticed, on Monday 13/7/2026 at eight."""
    return RunningWalk(cast, set_clock)


@pytest.fixture
def walk_on(
    monkeypatch: pytest.MonkeyPatch, db: None, set_clock: Callable[[datetime], None]
) -> Callable[[datetime], RunningWalk]:
    """The same at any instant: the cast works since long before."""
    monkeypatch.setattr(walks, "SINCE", datetime(2026, 1, 1, tzinfo=ZONE))

    def on(instant: datetime) -> RunningWalk:
        return RunningWalk(make_cast(), set_clock, at=instant)

    return on
