"""Which steps of a crisis are ready: not opened yet, and every step they come after is settled."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.crisis.models import CrisisStep


def ready(steps: Iterable[CrisisStep]) -> list[CrisisStep]:
    """The steps that can become tasks. A predecessor that this crisis does not have, of a higher level, holds nothing
    up."""
    rows = list(steps)
    waiting = {row.code for row in rows if not row.is_settled}
    return [
        row
        for row in rows
        if row.opened_at is None and not row.is_settled and not waiting.intersection(row.after)
    ]
