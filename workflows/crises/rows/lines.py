"""One line of a crisis each: a clock, a step, a report to one recipient; from rows already fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core.enums import DeadlineOutcome, DeadlineSource, DispatchMeans
from core.models import Deadline, Person, TrailEntry
from core.templatetags.pn_deadlines import Badge
from workflows.crisis.models import Acknowledgement, CrisisStep, Dispatch, DispatchReply, Rung
from workflows.crisis.queries import board

SHOWN_NAMES = 3
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
    def is_set_aside_late(self) -> bool:
        """Its time was over before it was set aside, so it stays missed."""
        return self.deadline.outcome == DeadlineOutcome.VOID and self.deadline.was_missed(self.at)

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
    papers_back: Sequence[TrailEntry] = ()

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
    def _replies(self) -> Sequence[DispatchReply]:
        rows: list[DispatchReply] = getattr(self.dispatch, "latest_replies", [])
        return rows

    @property
    def replies(self) -> Sequence[DispatchReply]:
        """What answered it by mail and confirms nothing, the latest first."""
        return self._replies[: board.REPLIES]

    @property
    def has_more_replies(self) -> bool:
        return len(self._replies) > board.REPLIES

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


def in_short(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return _("%(names)s and %(count)d more") % {"names": shown, "count": more} if more > 0 else shown
