from collections.abc import Callable
from datetime import datetime

import pytest

from tests import walk as walks
from tests.walk import ZONE, Walk, make_cast

JUNE = datetime(2026, 6, 1, tzinfo=ZONE)


@pytest.fixture
def walk(db: None, set_clock: Callable[[datetime], None]) -> Walk:
    return Walk(make_cast(), set_clock)


@pytest.fixture
def staffed_since_june(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cast works under the old law too."""
    monkeypatch.setattr(walks, "SINCE", JUNE)
