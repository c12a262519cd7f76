"""A dispatch held for an act beside the path: read again under the lock of its crisis, with the instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from workflows.crisis.models import CrisisProcess, Dispatch
from workflows.locks import held_crisis


@dataclass(frozen=True, kw_only=True)
class HeldDispatch:
    dispatch: Dispatch
    process: CrisisProcess
    at: datetime


@contextmanager
def held(dispatch: Dispatch) -> Iterator[HeldDispatch]:
    """Hold the run of the crisis a dispatch belongs to. Raises Conflict where it is not gained in time."""
    with held_crisis(dispatch.crisis) as act:
        rows = Dispatch.objects.select_related("report__crisis__agency", "report__crisis__case", "recipient")
        yield HeldDispatch(dispatch=rows.get(pk=dispatch.pk), process=act.process, at=act.at)
