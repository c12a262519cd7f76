"""A crisis as the board and its own page show it: from rows already fetched, without asking the database again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core.enums import CrisisLevel, DeadlineSource, DispatchMeans
from core.models import Crisis, Deadline, Person, Statement
from core.templatetags.pn_deadlines import Badge
from workflows.crisis.models import (
    Acknowledgement,
    CrisisStatement,
    CrisisStep,
    Dispatch,
    JointMatter,
    Report,
    Rung,
)
from workflows.crisis.queries import board

SHOWN_NAMES = 3
LEVELS = {
    CrisisLevel.LOCAL: Badge(tone="info", icon="signal-low", text=CrisisLevel.LOCAL.label),
    CrisisLevel.SPREADING: Badge(tone="warn", icon="signal-medium", text=CrisisLevel.SPREADING.label),
    CrisisLevel.GRAVE: Badge(tone="danger", icon="signal-high", text=CrisisLevel.GRAVE.label),
}
DRILL = Badge(tone="warn", icon="drama", text=gettext_lazy("Drill"))
STEP_LOOKS = {
    "done": Badge(tone="done", icon="circle-check", text=gettext_lazy("Done")),
    "done_late": Badge(tone="warn", icon="circle-check", text=gettext_lazy("Done late")),
    "skipped": Badge(tone="neutral", icon="skip-forward", text=gettext_lazy("Skipped")),
    "dropped": Badge(tone="neutral", icon="circle-slash", text=gettext_lazy("Left undone at the end")),
    "late": Badge(tone="danger", icon="clock-alert", text=gettext_lazy("Late")),
    "running": Badge(tone="info", icon="circle-dot", text=gettext_lazy("Being done")),
    "waiting": Badge(tone="neutral", icon="hourglass", text=gettext_lazy("Waits for other steps")),
}
STAGES = {
    "acknowledged": Badge(tone="done", icon="mail-check", text=gettext_lazy("Acknowledged")),
    "given_up": Badge(tone="neutral", icon="circle-slash", text=gettext_lazy("Given up by the head")),
    "bounced": Badge(tone="danger", icon="mail-x", text=gettext_lazy("Came back")),
    "delivered": Badge(tone="warn", icon="mail-open", text=gettext_lazy("Delivered, not acknowledged")),
    "sent": Badge(tone="warn", icon="send", text=gettext_lazy("Sent, not acknowledged")),
    "prepared": Badge(tone="neutral", icon="file-pen", text=gettext_lazy("Prepared, not sent")),
}


@dataclass(frozen=True, kw_only=True)
class ClockRow:
    """A clock with what is left of it, to the minute. The law's stands apart from the agency's own."""

    deadline: Deadline
    at: datetime

    @property
    def is_legal(self) -> bool:
        return self.deadline.source == DeadlineSource.LAW

    @property
    def is_late(self) -> bool:
        return self.deadline.is_open and self.deadline.is_late(self.at)

    @property
    def gap(self) -> timedelta | None:
        """What is left, or by how much it is late; nothing for one that has ended or has no date."""
        due = self.deadline.due
        return abs(due - self.at) if due and self.deadline.is_open else None

    @property
    def is_less_than_a_minute(self) -> bool:
        return self.gap is not None and self.gap < timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step with its state, and who has it: whoever took it, or those whose it is at this instant."""

    step: CrisisStep
    task: Task | None
    holders: Sequence[str]
    at: datetime

    @property
    def state(self) -> str:
        step = self.step
        if step.settled_at is not None:
            if not step.is_done:
                return "skipped" if step.is_skipped else "dropped"
            return "done_late" if step.due and step.settled_at > step.due else "done"
        if step.opened_at is None:
            return "waiting"
        return "late" if step.due and self.at > step.due else "running"

    @property
    def look(self) -> Badge:
        return STEP_LOOKS[self.state]

    @property
    def owner(self) -> Person | None:
        return self.task.owner if self.task else None

    @property
    def is_open(self) -> bool:
        return self.state in ("late", "running")

    @property
    def who(self) -> str:
        """The names, or that nobody is that at this hour; nothing where it does not matter any more."""
        if not self.is_open:
            return str(self.step.settled_by.full_name) if self.step.settled_by else ""
        if self.owner is not None:
            return str(self.owner.full_name)
        return in_short(self.holders) or _("nobody at this hour")


@dataclass(frozen=True, kw_only=True)
class DispatchRow:
    """A report to one recipient: how far it got, who confirmed, what follows when nobody does."""

    dispatch: Dispatch
    at: datetime

    @property
    def stage(self) -> str:
        row = self.dispatch
        reached = (
            ("acknowledged", row.acknowledged_at),
            ("given_up", row.given_up_at),
            ("bounced", row.bounced_at if row.delivered_at is None else None),
            ("delivered", row.delivered_at),
            ("sent", row.sent_at),
        )
        return next((name for name, instant in reached if instant is not None), "prepared")

    @property
    def look(self) -> Badge:
        return STAGES[self.stage]

    @property
    def acknowledgements(self) -> Sequence[Acknowledgement]:
        return list(self.dispatch.acknowledgements.all())

    @property
    def climbed(self) -> Sequence[Rung]:
        return [rung for rung in self.dispatch.rungs.all() if rung.climbed_at is not None]

    @property
    def next_rung(self) -> Rung | None:
        """Nothing once it is settled: nobody is kept at it any more."""
        if self.dispatch.is_settled:
            return None
        return next((rung for rung in self.dispatch.rungs.all() if rung.climbed_at is None), None)

    @property
    def is_late(self) -> bool:
        """Whether the recipient's minutes are over and nobody confirmed."""
        row = self.dispatch
        if row.is_settled or row.sent_at is None:
            return False
        return self.at > row.sent_at + timedelta(minutes=row.minutes)

    @property
    def is_by_phone(self) -> bool:
        return self.dispatch.means == DispatchMeans.PHONE


@dataclass(frozen=True, kw_only=True)
class Said:
    """One statement made: when, by whom, in which form; of a drill nothing was said outside it."""

    at: datetime
    speaker: str
    post: str
    form: str
    text: str
    address: str = ""
    note: str = ""
    is_initial: bool = False


class CrisisView:
    """One crisis with what surrounds it."""

    def __init__(
        self,
        crisis: Crisis,
        *,
        at: datetime,
        tasks: Iterable[Task] = (),
        holders: dict[tuple[int, str], list[str]],
        beside: Iterable[Statement] = (),
    ) -> None:
        self.crisis = crisis
        self.at = at
        self.tasks = list(tasks)
        self._holders = holders
        self._beside = list(beside)

    @property
    def level(self) -> Badge | None:
        return LEVELS[CrisisLevel(self.crisis.level)] if self.crisis.level else None

    @property
    def drill(self) -> Badge | None:
        return DRILL if self.crisis.is_drill else None

    @cached_property
    def clocks(self) -> list[ClockRow]:
        rows: list[Deadline] = getattr(self.crisis, "clocks", [])
        return [ClockRow(deadline=row, at=self.at) for row in rows]

    @property
    def legal_clocks(self) -> list[ClockRow]:
        return [row for row in self.clocks if row.is_legal]

    @property
    def local_clocks(self) -> list[ClockRow]:
        return [row for row in self.clocks if not row.is_legal]

    @property
    def is_past_a_local_limit(self) -> bool:
        return any(row.is_late for row in self.local_clocks)

    @cached_property
    def steps(self) -> list[StepRow]:
        tasks = self._tasks_by_step()
        return [
            StepRow(
                step=step,
                task=tasks.get(step.pk),
                holders=self._holders.get((self.crisis.agency_id, step.part), []),
                at=self.at,
            )
            for step in self.crisis.steps.all()
        ]

    def _tasks_by_step(self) -> dict[int, Task]:
        """The task that waits for each step; that of the initial statement was made for the statement."""
        steps = {row.pk: row.step_id for row in self.crisis.crisis_statements.all()}
        found: dict[int, Task] = {}
        for task in self.tasks:
            model = _model_of(task)
            step = task.seed_object_id if model is CrisisStep else None
            if model is CrisisStatement:
                step = steps.get(task.seed_object_id)
            if step is not None:
                found[step] = task
        return found

    @property
    def step_counts(self) -> list[tuple[Badge, int]]:
        states = [row.state for row in self.steps]
        return [(look, states.count(name)) for name, look in STEP_LOOKS.items() if name in states]

    @cached_property
    def reports(self) -> list[tuple[Report, list[DispatchRow]]]:
        """The latest first, each with its recipients."""
        return [
            (report, [DispatchRow(dispatch=row, at=self.at) for row in report.dispatches.all()])
            for report in self.crisis.reports.all()
        ]

    @property
    def statements(self) -> list[CrisisStatement]:
        return list(self.crisis.crisis_statements.all())

    @property
    def statements_under_way(self) -> list[CrisisStatement]:
        return [row for row in self.statements if row.released_at is None and not row.is_given_up]

    @cached_property
    def said(self) -> list[Said]:
        """Everything said so far in this matter, in the order it was said."""
        spoken = [_of_crisis(row) for row in self.statements if row.released_at is not None]
        return sorted([*spoken, *map(_of_ledger, self._beside)], key=lambda row: row.at)

    @property
    def matters(self) -> list[JointMatter]:
        return list(self.crisis.joint_matters.all())


def _model_of(task: Task) -> Any:
    return task.seed_content_type.model_class() if task.seed_content_type_id else None


def _of_crisis(row: CrisisStatement) -> Said:
    assert row.released_at is not None
    assert row.released_by is not None, "what was released was released by somebody"
    return Said(
        at=row.released_at,
        speaker=row.released_by.full_name,
        post=row.ledger.speaker_post if row.ledger else "",
        form=row.get_form_display(),
        text=released_text(row),
        address=row.address,
        note=row.recipient,
        is_initial=row.is_initial,
    )


def released_text(row: CrisisStatement) -> str:
    """The text as it went out; in a drill, which speaks to nobody, the one that was cleared."""
    if row.ledger is not None:
        return row.ledger.text
    texts = list(row.texts.all())
    cleared = [text for text in texts if text.sha256 == row.cleared_sha256]
    return (cleared or texts)[-1].text if texts else ""


def _of_ledger(row: Statement) -> Said:
    return Said(
        at=row.spoken_at,
        speaker=row.speaker.full_name,
        post=row.speaker_post,
        form=row.get_form_display(),
        text=row.text,
        address=row.address,
        note=row.inquiry.reference if row.inquiry else "",
    )


def in_short(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return _("%(names)s and %(count)d more") % {"names": shown, "count": more} if more > 0 else shown


def views_of(crises: Iterable[Crisis], *, at: datetime) -> list[CrisisView]:
    """The crises, fetched whole, with their open tasks, who holds which part now and what else was said."""
    rows = list(crises)
    holders = board.holders((row.agency_id for row in rows), at=at)
    tasks: dict[int, list[Task]] = {}
    for task in board.open_tasks(row.pk for row in rows):
        tasks.setdefault(task.assignment.crisis_id, []).append(task)
    beside: dict[int, list[Statement]] = {}
    for statement in board.said_beside([row.case_id for row in rows]):
        here = statement.inquiry.case_id if statement.inquiry else statement.case_id
        beside.setdefault(here, []).append(statement)
    return [
        CrisisView(
            row,
            at=at,
            tasks=tasks.get(row.pk, []),
            holders=holders,
            beside=[] if row.is_drill else beside.get(row.case_id, []),
        )
        for row in rows
    ]
