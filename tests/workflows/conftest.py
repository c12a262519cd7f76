from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.walk import Cast, Walk, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def inquiry_at(cast: Cast, set_clock: Callable[[datetime], None]) -> Callable[..., Walk]:
    """An inquiry that waits at a node, having got there step by step."""

    def at(node: str, **given: Any) -> Walk:
        return Walk(cast, set_clock, **given).to(node)

    return at
