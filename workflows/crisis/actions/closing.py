"""How the handling of a crisis ends: stood down by the head, reviewed, closed when nothing is outstanding."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock, events
from core.actions import trail
from core.enums import Codename, CrisisState
from core.errors import Invalid
from core.models import Person
from core.rules.text import clean_text
from workflows import deadlines
from workflows.crisis.models import CrisisProcess, CrisisStatement, PlaybookVersion, Review, StandDown
from workflows.crisis.permissions import check_acts_as_head
from workflows.crisis.queries import assessed, joint, late, running
from workflows.engine.models import SavedInput

from . import playbooks, statements, steps
from .recording import check_reason, record

TEXT_LIMIT = 10_000


class NothingSaid(Invalid):
    """The law asked for a statement and nothing was said: only by force, with a reason that auditors read."""

    def __init__(self, *, is_for_others: bool) -> None:
        super().__init__(
            _(
                "The law's clock was not met, and by now others alone speak on this. Nothing was changed; what you "
                "typed is kept. Tick that you stand down all the same: the auditors' page lists that with your reason."
            )
            if is_for_others
            else _(
                "The law asked for a statement and nothing was said. Nothing was changed; what you typed is kept. "
                "Release the statement first, or tick that you stand down all the same: the auditors' page lists that "
                "with your reason."
            ),
            fields={"is_forced": _("Tick this to stand down all the same.")},
        )


def stand_down(
    *, process: CrisisProcess, reason: str, by: Person, at: datetime, is_forced: bool = False
) -> StandDown:
    """End the handling, with the reason: what is not done stays undone, and is counted. Reports are pursued on.

    The clock of the law is not ended by it: where nothing was said it runs out, and counts. Raises NothingSaid,
    NotInPart, MissingRole.
    """
    crisis = process.crisis
    check_acts_as_head(by, Codename.STAND_DOWN_CRISIS, agency=crisis.agency, at=at)
    why = check_reason(reason)
    owes_words = assessed.owes_words(crisis, at=at)
    if owes_words and not is_forced:
        raise NothingSaid(is_for_others=joint.is_for_others(crisis, at=at))
    row = StandDown.objects.create(
        crisis=crisis, reason=why, is_forced=owes_words, ordered_by=by, ordered_at=at
    )
    dropped = steps.drop_open(crisis, by=by, at=at)
    _give_up_statements(process, why, by=by, at=at)
    _cancel_tasks(process, at=at)
    crisis.state, crisis.stood_down_at = CrisisState.STOOD_DOWN, at
    crisis.save(update_fields=["state", "stood_down_at"])
    data: dict[str, trail.Value] = {"forced": row.is_forced, "dropped": dropped}
    record(events.CRISIS_STOOD_DOWN, crisis=crisis, by=by, at=at, data=data, reason=why)
    return row


def _give_up_statements(process: CrisisProcess, reason: str, *, by: Person, at: datetime) -> None:
    unsaid = CrisisStatement.objects.filter(
        crisis=process.crisis, released_at__isnull=True, is_given_up=False
    )
    for statement in unsaid.select_related("crisis", "step").order_by("number"):
        statements.give_up(statement=statement, reason=reason, by=by, at=at)


def _cancel_tasks(process: CrisisProcess, *, at: datetime) -> None:
    """The tasks of the handling go, with what was typed into them; those of reports and papers stay."""
    tasks = running.tasks_to_end(process)
    for task in tasks:
        task.flow_task.activation_class(task).cancel()
        deadlines.drop_step(task, at=at)
    SavedInput.objects.filter(task__in=tasks).delete()


def review(
    *, process: CrisisProcess, lessons: str, by: Person, at: datetime, proposed_change: str = ""
) -> Review:
    """Write down the lessons beside what was late and why, and open the next draft of the playbook where one is
    proposed; where a draft is open already the proposal is added to it. Raises Invalid."""
    crisis = process.crisis
    learnt = clean_text(lessons, limit=TEXT_LIMIT, field="lessons")
    if not learnt:
        raise Invalid(
            _("The review has no lessons yet; “none” is one too. What you typed is kept."),
            fields={"lessons": _("Write what was learnt.")},
        )
    found = late.of(crisis, at=at)
    proposed = clean_text(proposed_change, limit=TEXT_LIMIT, field="proposed_change")
    draft = _draft(process, proposed, by=by, at=at) if proposed else None
    row = Review.objects.create(
        crisis=crisis, late=found, lessons=learnt, proposed_change=proposed, draft=draft, reviewed_by=by,
        reviewed_at=at,
    )  # fmt: skip
    data: dict[str, trail.Value] = {
        "review": row.pk,
        "late": len(found),
        "draft": draft.pk if draft else None,
        "text_hash": trail.keyed_hash(row, f"{learnt}\n\n{proposed}"),
    }
    record(events.CRISIS_REVIEWED, crisis=crisis, by=by, at=at, data=data)
    return row


def _draft(process: CrisisProcess, proposed: str, *, by: Person, at: datetime) -> PlaybookVersion:
    """The change is proposed to the version that ran, whatever the playbook has become meanwhile."""
    version = assessed.playbook_of(process.crisis)
    assert version is not None, "what is reviewed was assessed"
    change = _("After %(reference)s: %(change)s") % {
        "reference": process.crisis.reference,
        "change": proposed,
    }
    return playbooks.propose_change(version, change=change, by=by, at=at, agency=process.crisis.agency)


def close(activation: Any) -> None:
    """Close a crisis that was stood down and reviewed, and whose reports are acknowledged or given up."""
    crisis = activation.process.crisis
    crisis.state, crisis.closed_at = CrisisState.CLOSED, clock.now()
    crisis.save(update_fields=["state", "closed_at"])
    record(events.CRISIS_CLOSED, crisis=crisis, by=None, at=crisis.closed_at)
