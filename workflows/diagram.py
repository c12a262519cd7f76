"""Where one run of a procedure stands, drawn from the flow itself: its steps in lanes by who does them.

The drawing leaves the gateways out and shows the main path; a step done again says how often. The same
stations serve as the list that a narrow screen and a screen reader get instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow import flow
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import Codename
from workflows.base import ProcedureFlow
from workflows.nodes import Gate, QueuedJob, StepNode

LANES: tuple[tuple[str | Promise, frozenset[str]], ...] = (
    (
        gettext_lazy("Press contact and clerk"),
        frozenset(
            {
                Codename.REGISTER_INQUIRY,
                Codename.STAMP_DOCUMENT,
                Codename.FOLLOW_UP_INQUIRY,
                Codename.DETECT_CRISIS,
                Codename.RUN_DRILL,
                Codename.REPORT_CRISIS,
            }
        ),
    ),
    (
        gettext_lazy("Office and legal officer"),
        frozenset(
            {
                Codename.TRIAGE_INQUIRY,
                Codename.CLEAR_DRAFT,
                Codename.CLEAR_IN_PLACE,
                Codename.RECONSIDER_REFUSAL,
                Codename.ASSESS_CRISIS,
                Codename.REVIEW_CRISIS,
            }
        ),
    ),
    (
        gettext_lazy("Lead unit"),
        frozenset(
            {
                Codename.ASSIGN_INQUIRY,
                Codename.DRAFT_REPLY,
                Codename.REVIEW_DRAFT,
                Codename.PROPOSE_REFUSAL,
                Codename.CARRY_OUT_STEP,
                Codename.DRAFT_STATEMENT,
            }
        ),
    ),
    (
        gettext_lazy("Head or spokesperson"),
        frozenset(
            {
                Codename.DECIDE_REPLY,
                Codename.SIGN_DOCUMENT,
                Codename.RELEASE_STATEMENT,
                Codename.ACTIVATE_CRISIS,
                Codename.STAND_DOWN_CRISIS,
            }
        ),
    ),
)
# Stations off the main path, shown where the run came to them.
OFF_THE_PATH = frozenset({"await_letters"})
SYSTEM_LANE = gettext_lazy("The system")
END_LANE = 0

MARGIN = 6
LANE_LABEL = 116
LANE_HEIGHT = 62
BOX_WIDTH = 108
BOX_HEIGHT = 46
PITCH = 68
PITCH_IN_LANE = BOX_WIDTH + 14
LINE_HEIGHT = 13
LETTERS = 16
ARROW = 5
# The drawing fills the page: one of few steps would be blown up.
LEAST_WIDTH = 1080

STATES = {
    STATUS.DONE: "done",
    STATUS.CANCELED: "cancelled",
    STATUS.ERROR: "failed",
}
STATE_WORDS: dict[str, str | Promise] = {
    "done": gettext_lazy("done"),
    "current": gettext_lazy("under way"),
    "again": gettext_lazy("to be done again"),
    "failed": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
    "passed": gettext_lazy("not needed"),
    "upcoming": gettext_lazy("to come"),
}


@dataclass(frozen=True, kw_only=True)
class Station:
    """One step as it stands in this run."""

    name: str
    title: str
    lane: int
    state: str
    times: int = 0
    who: str = ""
    at: datetime | None = None

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])


@dataclass(frozen=True, kw_only=True)
class Box:
    station: Station
    x: int
    y: int
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def centre(self) -> int:
        return self.y + self.height // 2

    @property
    def sign_x(self) -> int:
        return self.x + self.width

    @property
    def lines(self) -> list[tuple[int, str]]:
        words = wrapped(self.station.title)
        top = self.centre - (len(words) - 1) * LINE_HEIGHT // 2 + 4
        return [(top + number * LINE_HEIGHT, line) for number, line in enumerate(words)]


@dataclass(frozen=True, kw_only=True)
class Lane:
    y: int
    height: int
    lines: list[tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class Arrow:
    path: str
    head: str
    is_taken: bool


@dataclass(frozen=True, kw_only=True)
class Diagram:
    stations: list[Station]
    lanes: list[Lane]
    boxes: list[Box]
    arrows: list[Arrow]
    width: int
    height: int

    @property
    def current(self) -> list[Station]:
        return [station for station in self.stations if station.state in ("current", "failed")]


def of_run(
    flow_class: type[ProcedureFlow],
    tasks: Sequence[Task],
    *,
    outcome: str = "",
    among: Sequence[str] | None = None,
) -> Diagram:
    """The diagram of one run from its tasks, oldest first; `outcome` names the end it reached.

    `among` names the stations of this kind of run, in their order, where the flow has several beginnings.
    """
    stations = [*_stations(flow_class, tasks, among=among), _end(outcome)]
    boxes = list(_boxes(stations))
    return Diagram(
        stations=stations,
        lanes=_lanes(),
        boxes=boxes,
        arrows=[_arrow(source, target) for source, target in pairwise(boxes)],
        width=max(boxes[-1].x + BOX_WIDTH + MARGIN + 6, LEAST_WIDTH),
        height=LANE_HEIGHT * (len(LANES) + 1),
    )


def _stations(
    flow_class: type[ProcedureFlow], tasks: Sequence[Task], *, among: Sequence[str] | None
) -> list[Station]:
    done: dict[str, list[Task]] = {}
    for task in tasks:
        if task.flow_task is not None:
            done.setdefault(task.flow_task.name, []).append(task)
    nodes = [
        node for node in _path(flow_class) if _is_shown(node, done) and (among is None or node.name in among)
    ]
    if among is not None:
        nodes.sort(key=lambda node: among.index(node.name))
    last = max((number for number, node in enumerate(nodes) if node.name in done), default=-1)
    here = min(
        (number for number, node in enumerate(nodes) if _is_open(done.get(node.name, []))), default=last
    )
    # Where steps run beside each other, one that is open says nothing of the others.
    in_line = not nodes or nodes[here].name not in flow_class.side_by_side
    return [
        _station(
            node,
            done.get(node.name, []),
            is_behind=in_line and number < last,
            is_ahead=in_line and number > here,
        )
        for number, node in enumerate(nodes)
    ]


def _path(flow_class: type[ProcedureFlow]) -> Iterator[Any]:
    """Steps, jobs and gates as the flow file has them from top to bottom; the engine itself keeps them by name."""
    for name in vars(flow_class):
        node = flow_class.instance.node(name, no_obsolete=True)
        if isinstance(node, StepNode | QueuedJob | Gate | flow.Start):
            yield node


def _is_shown(node: Any, done: dict[str, list[Task]]) -> bool:
    """A start by hand stands in for the first step of what comes by mail, and the reverse."""
    if node.name in OFF_THE_PATH and node.name not in done:
        return False
    by_hand = [task for tasks in done.values() for task in tasks if isinstance(task.flow_task, flow.Start)]
    if isinstance(node, flow.Start):
        return node.name in done
    return not (by_hand and _right(node) == Codename.REGISTER_INQUIRY)


def _is_open(tasks: Sequence[Task]) -> bool:
    return any(task.status not in STATES for task in tasks)


def _station(node: Any, tasks: Sequence[Task], *, is_behind: bool, is_ahead: bool) -> Station:
    task = next((each for each in reversed(tasks) if each.status not in STATES), tasks[-1] if tasks else None)
    state = _state(task, is_behind=is_behind, is_ahead=is_ahead)
    return Station(
        name=node.name,
        title=str(node.task_title or node.name),
        lane=_lane(node, task),
        state=state,
        times=sum(each.status == STATUS.DONE for each in tasks),
        who=_who(node, task) if task else "",
        at=task.finished if task and state in ("done", "again") else None,
    )


def _state(task: Task | None, *, is_behind: bool, is_ahead: bool) -> str:
    if task is None:
        return "passed" if is_behind else "upcoming"
    state = STATES.get(task.status, "current")
    return "again" if state == "done" and is_ahead else state


def _who(node: Any, task: Task) -> str:
    if task.owner is not None:
        return str(task.owner.full_name)
    return str(SYSTEM_LANE) if isinstance(node, QueuedJob | Gate) else ""


def _lane(node: Any, task: Task | None = None) -> int:
    """By whom the step waits for, where that was settled when it was reached."""
    right = _right(node)
    if task is not None and callable(getattr(node, "_codename", "")) and hasattr(task, "assignment"):
        right = task.assignment.codename
    return next((number for number, (_title, names) in enumerate(LANES) if right in names), len(LANES))


def _right(node: Any) -> str:
    """Whose step it is. A right that depends on whom the agency has lies in the lane of clearing either way."""
    if isinstance(node, flow.Start):
        return Codename.REGISTER_INQUIRY
    right = getattr(node, "_codename", "")
    return Codename.CLEAR_DRAFT if callable(right) else str(right)


def _end(outcome: str) -> Station:
    state = "done" if outcome else "upcoming"
    return Station(name="end", title=outcome or _("End"), lane=END_LANE, state=state)


def _boxes(stations: Sequence[Station]) -> Iterator[Box]:
    """Left to right; neighbours in different lanes may overlap sideways, those in one lane never."""
    free: dict[int, int] = {}
    x = LANE_LABEL + MARGIN
    for number, station in enumerate(stations):
        x = max(x + PITCH if number else x, free.get(station.lane, 0))
        free[station.lane] = x + PITCH_IN_LANE
        yield Box(station=station, x=x, y=station.lane * LANE_HEIGHT + (LANE_HEIGHT - BOX_HEIGHT) // 2)


def _arrow(source: Box, target: Box) -> Arrow:
    """Straight within a lane; otherwise to the column of the target and then up or down into it."""
    start = source.x + source.width
    if source.station.lane == target.station.lane:
        end, level = target.x, source.centre
        path = f"M{start} {level}H{end}"
        head = f"M{end} {level}l-{ARROW} -{ARROW}v{2 * ARROW}z"
    else:
        is_down = target.centre > source.centre
        end = target.y if is_down else target.y + target.height
        path = f"M{start} {source.centre}H{target.middle}V{end}"
        back = -ARROW if is_down else ARROW
        head = f"M{target.middle} {end}l-{ARROW} {back}h{2 * ARROW}z"
    reached = ("done", "current", "failed", "cancelled")
    return Arrow(path=path, head=head, is_taken=target.station.state in reached)


def _lanes() -> list[Lane]:
    titles = [*(title for title, _names in LANES), SYSTEM_LANE]
    return [_lane_at(number, str(title)) for number, title in enumerate(titles)]


def _lane_at(number: int, title: str) -> Lane:
    words = wrapped(title)
    middle = number * LANE_HEIGHT + LANE_HEIGHT // 2 - (len(words) - 1) * LINE_HEIGHT // 2 + 4
    lines = [(middle + place * LINE_HEIGHT, line) for place, line in enumerate(words)]
    return Lane(y=number * LANE_HEIGHT, height=LANE_HEIGHT, lines=lines)


def wrapped(title: str) -> list[str]:
    """The words of a title in lines short enough for a box."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LETTERS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
