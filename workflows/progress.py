"""The row of steps above a step's page: what has become of each in one run of a procedure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from workflows.base import OPEN


class Progress(NamedTuple):
    title: str | Promise
    state: str


class Stage(NamedTuple):
    """One entry of the row and the nodes it stands for."""

    code: str
    nodes: tuple[str, ...]
    title: str | Promise


def row_of_steps(
    stages: Iterable[Stage], tasks: Sequence[Task], *, at_node: str, skipped: Collection[str] = ()
) -> list[Progress]:
    """Each stage done, current, skipped, returned or upcoming; what a step sent back is to be done again."""
    return _sent_back(
        [
            Progress(
                stage.title, _state(stage.nodes, tasks, is_skipped=stage.code in skipped, at_node=at_node)
            )
            for stage in stages
        ]
    )


def position(steps: Sequence[Progress]) -> int:
    """The number of the current step, counted from one; nought where none is."""
    return next((number for number, step in enumerate(steps, 1) if step.state == "current"), 0)


def _state(names: Sequence[str], tasks: Sequence[Task], *, is_skipped: bool, at_node: str) -> str:
    mine = [task for task in tasks if task.flow_task.name in names]
    if at_node in names or any(task.status in OPEN for task in mine):
        return "current"
    if not any(task.status == STATUS.DONE for task in mine):
        return "upcoming"
    return "skipped" if is_skipped else "done"


def _sent_back(steps: list[Progress]) -> list[Progress]:
    """Where a step sent the text back, that step is marked and those between are to be done again."""
    states = [step.state for step in steps]
    here = states.index("current") if "current" in states else len(states)
    done_after = [number for number in range(here + 1, len(states)) if states[number] in ("done", "skipped")]
    again = {number: "returned" if number == done_after[-1] else "upcoming" for number in done_after}
    return [Progress(step.title, again.get(number, step.state)) for number, step in enumerate(steps)]
