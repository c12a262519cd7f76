"""Whether a playbook can run: every way through it, who does it, and whether what it says first comes in time.

Levels and minutes are the agency's own regulation; only the legal clock, which is an argument, is law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.enums import AgencyKind, CrisisPart, RecipientPart, StepDeed, StepStart
from workflows.crisis.models import PlaybookSign, PlaybookStep, ReportLine

from . import graph

STEP, LINE, SIGN = "step", "line", "sign"


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a version is made of, in its order; the rows need not be saved."""

    signs: Sequence[PlaybookSign]
    steps: Sequence[PlaybookStep]
    lines: Sequence[ReportLine]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a version is judged by. `parts` None: an example, for which the closed list alone holds."""

    kind: str = AgencyKind.DEPARTMENT
    legal_hours: int | None = None
    parts: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A sentence, and the row it stands at: the number of a sign, step or line, where it is about one."""

    sentence: str
    at: str = ""
    number: int | None = None

    def __str__(self) -> str:
        return self.sentence


def problems(content: Content, facts: Facts) -> list[Problem]:
    """Everything that keeps the playbook from running; empty where it can run."""
    single = [
        *_of_signs(content.signs),
        *_of_numbers(content.steps),
        *_of_parts(content.steps, facts),
        *_of_deeds(content.steps),
        *_of_lines(content.lines, facts),
    ]
    unknown = list(_of_codes(content.steps))
    return [
        *unknown,
        *single,
        *([] if unknown else _of_order(content.steps) or _of_time(content.steps, facts)),
    ]


def _at(step: PlaybookStep, sentence: str, **words: object) -> Problem:
    return Problem(
        sentence=sentence % {"step": step.title or step.code, **words}, at=STEP, number=step.number
    )


def _of_signs(signs: Sequence[PlaybookSign]) -> Iterator[Problem]:
    if not signs:
        yield Problem(sentence=_("There is no sign to watch for. Write at least one."), at=SIGN)


def _of_codes(steps: Sequence[PlaybookStep]) -> Iterator[Problem]:
    used = Counter(step.code for step in steps)
    for step in steps:
        if used[step.code] > 1:
            yield _at(step, _("“%(step)s” shares the code “%(code)s” with another step."), code=step.code)
        for code in dict.fromkeys(step.after):
            if code == step.code:
                yield _at(step, _("“%(step)s” comes after itself."))
            elif code not in used:
                yield _at(step, _("“%(step)s” comes after “%(code)s”, which is no step here."), code=code)


def _of_numbers(steps: Sequence[PlaybookStep]) -> Iterator[Problem]:
    for step in steps:
        if not step.minutes or step.minutes <= 0:
            yield _at(step, _("“%(step)s” has no minutes; it needs at least one."))
        if step.min_level not in graph.LEVELS:
            yield _at(step, _("“%(step)s” has no level between 1 and 3."))


def _of_parts(steps: Sequence[PlaybookStep], facts: Facts) -> Iterator[Problem]:
    known = dict(CrisisPart.choices)
    for step in steps:
        for part in dict.fromkeys(filter(None, (step.part, step.may_skip))):
            if part not in known:
                yield _at(step, _("“%(step)s” is for “%(part)s”, which is no part here."), part=part)
            elif facts.parts is not None and part not in facts.parts:
                yield _at(
                    step,
                    _("“%(step)s” names the part “%(part)s”, which nobody at the agency plays."),
                    part=known[part],
                )


def _of_deeds(steps: Sequence[PlaybookStep]) -> Iterator[Problem]:
    """One initial statement and at least one report, both from the lowest level on, and neither is skipped."""
    statements = [step for step in steps if step.deed == StepDeed.INITIAL_STATEMENT]
    reports = [step for step in steps if step.deed == StepDeed.REPORT]
    if not statements:
        yield Problem(sentence=_("No step is the initial statement; exactly one must be."), at=STEP)
    for step in statements[1:]:
        yield _at(step, _("“%(step)s” is a second initial statement; there is exactly one."))
    for step in statements[:1]:
        if step.min_level > 1:
            yield _at(step, _("“%(step)s” is the initial statement and must be there from level 1."))
    for step in steps:
        if step.deed != StepDeed.TASK and step.may_skip:
            yield _at(
                step,
                _(
                    "“%(step)s” is the initial statement or a report, which is not skipped: name nobody who may."
                ),
            )
    if not any(step.min_level <= 1 for step in reports):
        yield Problem(sentence=_("No step from level 1 is a report; at least one must be."), at=STEP)


def _of_lines(lines: Sequence[ReportLine], facts: Facts) -> Iterator[Problem]:
    used = Counter(line.part for line in lines)
    for line in lines:
        if line.part not in RecipientPart.values:
            yield _at_line(line, _("“%(part)s” is nobody to report to."))
        if used[line.part] > 1:
            yield _at_line(line, _("%(part)s is named twice among the reports."))
        if not line.minutes or line.minutes <= 0:
            yield _at_line(line, _("%(part)s has no minutes to acknowledge in."))
    if not any(line.min_level <= 1 for line in lines):
        yield Problem(sentence=_("Nobody is reported to from level 1. Name at least one."), at=LINE)
    elif facts.kind == AgencyKind.DEPARTMENT and not _committee_first(lines):
        yield Problem(
            sentence=_("A department reports to its provincial committee first, from level 1."), at=LINE
        )


def _at_line(line: ReportLine, sentence: str) -> Problem:
    name = dict(RecipientPart.choices).get(line.part, line.part)
    return Problem(sentence=sentence % {"part": name}, at=LINE, number=line.number)


def _committee_first(lines: Sequence[ReportLine]) -> bool:
    first = min(lines, key=lambda line: line.number)
    return first.part == RecipientPart.PROVINCIAL_COMMITTEE and first.min_level <= 1


def _of_order(steps: Sequence[PlaybookStep]) -> list[Problem]:
    """Cycles, steps never reached and dead ends; what only follows from another problem is not told."""
    circling = graph.in_cycle(steps)
    if circling:
        return [_at(step, _("“%(step)s” waits for itself over the steps before it.")) for step in circling]
    found: dict[int | None, Problem] = {}
    for level in graph.LEVELS:
        for each in _of_level(steps, level):
            found.setdefault(each.number or -level, each)
    return list(found.values())


def _of_level(steps: Sequence[PlaybookStep], level: int) -> Iterator[Problem]:
    rows = graph.at_level(steps, level)
    for step in graph.without_beginning(rows):
        yield _at(
            step,
            _("“%(step)s” is never reached at level %(level)s: what it comes after is of a higher level."),
            level=level,
        )
    ends = graph.last(rows)
    if len(ends) > 1:
        names = ", ".join(f"“{step.title or step.code}”" for step in ends)
        sentence = _(
            "At level %(level)s the playbook ends in more than one step: %(names)s. Let one come last."
        )
        yield Problem(sentence=sentence % {"level": level, "names": names}, at=STEP)
    elif not ends:
        yield Problem(sentence=_("At level %(level)s there is no step.") % {"level": level}, at=STEP)


def _of_time(steps: Sequence[PlaybookStep], facts: Facts) -> list[Problem]:
    found = [each for level in graph.LEVELS for each in _late_at(steps, level, facts.legal_hours)]
    return list({each.number: each for each in found}.values())


def _late_at(steps: Sequence[PlaybookStep], level: int, legal_hours: int | None) -> Iterator[Problem]:
    ways = graph.paths(steps, level=level)
    for step in (way.steps[-1] for way in ways.values()):
        before = max((ways[code].minutes for code in step.after if code in ways), default=0)
        if step.counted_from != StepStart.READY and before >= step.minutes:
            yield _at(
                step,
                _("“%(step)s” is due %(minutes)s minutes after the start, but the steps before it take %(before)s."),
                minutes=step.minutes,
                before=before,
            )  # fmt: skip
    way = graph.critical_path(steps, level=level)
    if legal_hours is not None and way.minutes > legal_hours * 60:
        yield _at(
            way.steps[-1],
            _("At level %(level)s “%(step)s” takes %(minutes)s minutes, more than the %(hours)s hours of the law."),
            level=level,
            minutes=way.minutes,
            hours=legal_hours,
        )  # fmt: skip


def sentences(found: Iterable[Problem]) -> str:
    return " ".join(str(each) for each in found)
