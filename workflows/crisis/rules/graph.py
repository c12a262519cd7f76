"""The order of a playbook's steps at a level: what can be reached, where it ends, how long the longest way takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.enums import StepDeed, StepStart
from workflows.crisis.models import PlaybookStep

LEVELS = (1, 2, 3)


@dataclass(frozen=True, kw_only=True)
class Path:
    """Steps one after the other, and the minutes after activation by which the last of them is done."""

    steps: tuple[PlaybookStep, ...] = ()
    minutes: int = 0


def at_level(steps: Iterable[PlaybookStep], level: int) -> list[PlaybookStep]:
    return [step for step in steps if step.min_level <= level]


def columns(steps: Sequence[PlaybookStep]) -> list[list[PlaybookStep]]:
    """The steps that can go side by side, in the order in which they can begin. What is never reached is left out.

    A predecessor that is not among the steps, because it is of a higher level, holds nothing up where another is.
    """
    there = {step.code for step in steps}
    placed: set[str] = set()
    waves: list[list[PlaybookStep]] = []
    while wave := [step for step in steps if step.code not in placed and _may_begin(step, there, placed)]:
        waves.append(wave)
        placed |= {step.code for step in wave}
    return waves


def _may_begin(step: PlaybookStep, there: set[str], placed: set[str]) -> bool:
    before = there.intersection(step.after)
    return before <= placed and (bool(before) or not step.after)


def without_beginning(steps: Sequence[PlaybookStep]) -> list[PlaybookStep]:
    """The steps that come after others none of which is there: nothing leads to them, nor to what waits for them."""
    there = {step.code for step in steps}
    return [step for step in steps if step.after and not there.intersection(step.after)]


def in_cycle(steps: Sequence[PlaybookStep]) -> list[PlaybookStep]:
    """The steps that come, over others, after themselves."""
    after = {step.code: step.after for step in steps}
    return [step for step in steps if step.code in _everything_before(step.code, after)]


def _everything_before(code: str, after: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    ahead = list(after.get(code, ()))
    while ahead:
        each = ahead.pop()
        if each not in found:
            found.add(each)
            ahead.extend(after.get(each, ()))
    return found


def last(steps: Iterable[PlaybookStep]) -> list[PlaybookStep]:
    """The steps that no other comes after."""
    rows = list(steps)
    awaited = {code for step in rows for code in step.after}
    return [step for step in rows if step.code not in awaited]


def paths(steps: Iterable[PlaybookStep], *, level: int) -> dict[str, Path]:
    """For each step that is reached at a level the longest way to it, itself included, by its code.

    Minutes that the playbook counts from activation or detection are over then, whatever came before.
    """
    found: dict[str, Path] = {}
    rows = at_level(steps, level)
    for step in (step for wave in columns(rows) for step in wave):
        before = max(
            (found[code] for code in step.after if code in found),
            key=lambda path: path.minutes,
            default=Path(),
        )
        own = before.minutes if step.counted_from == StepStart.READY else 0
        found[step.code] = Path(
            steps=(*before.steps, step), minutes=max(before.minutes, own + (step.minutes or 0))
        )
    return found


def critical_path(steps: Iterable[PlaybookStep], *, level: int) -> Path:
    """The longest way up to and with the initial statement; empty where no such step is reached."""
    ways = paths(steps, level=level).values()
    to_statement = [way for way in ways if way.steps[-1].deed == StepDeed.INITIAL_STATEMENT]
    return max(to_statement, key=lambda way: way.minutes, default=Path())
