"""The level goes up or down, a step is added by hand: acts beside the path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import casefile, trail
from core.enums import Codename, CrisisLevel, CrisisPart, StepOrigin
from core.errors import Invalid, NotAllowedNow
from core.models import Crisis, Person
from workflows import base
from workflows.crisis.models import CrisisProcess, CrisisStep, LevelChange, PlaybookStep
from workflows.crisis.queries import assessed, team
from workflows.locks import held_crisis

from . import activating, reports, steps
from .recording import check_reason, record

MOST_MINUTES = 30 * 24 * 60


def check_runs(crisis: Crisis) -> None:
    """These acts are for a crisis whose playbook runs."""
    if not crisis.is_running:
        raise NotAllowedNow(
            _("%(reference)s is not running: %(state)s. Nothing was changed.")
            % {"reference": crisis.reference, "state": crisis.get_state_display()}
        )


def check_act(crisis: Crisis, *, by: Person, at: datetime) -> None:
    """Whoever assesses does these acts, where the case is open to them. Raises NotFound, MissingRole, NotAllowedNow."""
    permissions.check_can_see(by, crisis.case, at=at)
    permissions.check_role(by, Codename.ASSESS_CRISIS, agency=crisis.agency, at=at)
    check_runs(crisis)


def change(*, crisis: Crisis, new: CrisisLevel, reason: str, by: Person) -> LevelChange:
    """Change the level, with the reason. Up adds what the higher level adds, tells whoever came into the team by it and
    those it reports to; down adds and takes away nothing. A part that nobody holds is the head's. Raises Invalid,
    NotAllowedNow, MissingRole."""
    with held_crisis(crisis) as held:
        check_act(held.crisis, by=by, at=held.at)
        why = check_reason(reason)
        old = held.crisis.level
        assert old is not None
        if new == old:
            raise Invalid(
                _("The level is that already. Nothing was changed; what you typed is kept."),
                fields={"level": _("Choose another level.")},
            )
        row = LevelChange.objects.create(
            crisis=held.crisis, old=old, new=new, reason=why, changed_by=by, changed_at=held.at
        )
        held.crisis.level = new
        held.crisis.save(update_fields=["level"])
        added = _add_steps(held.process, row, at=held.at) if new > old else []
        casefile.involve(case=held.crisis.case, person=by)
        _record(row, added, by=by, at=held.at)
        if added:
            base.enter(held.process, node="open_steps")
            activating.tell_team(held.crisis, at=held.at)
        if new > old:
            reports.notify_level(process=held.process, change=row, by=by, at=held.at)
    return row


def _record(row: LevelChange, added: list[CrisisStep], *, by: Person, at: datetime) -> None:
    data: dict[str, trail.Value] = {"old": row.old, "new": row.new, "steps": [step.pk for step in added]}
    record(events.CRISIS_LEVEL_CHANGED, crisis=row.crisis, by=by, at=at, data=data, reason=row.reason)


def _add_steps(process: CrisisProcess, row: LevelChange, *, at: datetime) -> list[CrisisStep]:
    """The crisis's own copy of what the playbook has between the levels; what an earlier rise brought is there."""
    crisis = process.crisis
    version = assessed.playbook_of(crisis)
    assert version is not None, "a crisis that runs was assessed"
    rows = version.steps.filter(min_level__gt=row.old, min_level__lte=row.new).order_by("number")
    missing = list(rows.exclude(code__in=crisis.steps.values("code")))
    return steps.copy(
        missing, crisis=crisis, origin=StepOrigin.LEVEL, at=at, instead=_taken_by_head(missing, crisis, at=at)
    )


def _taken_by_head(rows: list[PlaybookStep], crisis: Crisis, *, at: datetime) -> dict[str, CrisisPart]:
    """A rise is held up by no vacancy: what nobody holds at this instant is the head's."""
    parts = team.unheld(team.shares(rows, agency=crisis.agency, at=at))
    taker = team.taker(crisis.agency, at=at)
    return dict.fromkeys((part.value for part in parts), taker) if taker else {}


# A step more


@dataclass(frozen=True, kw_only=True)
class Added:
    """A step that no playbook has."""

    title: str
    part: CrisisPart
    what: str = ""
    minutes: int | None = None


def add_step(*, crisis: Crisis, added: Added, by: Person) -> CrisisStep:
    """Add a step by hand; it is a task at once. Raises Invalid, NotAllowedNow, MissingRole."""
    with held_crisis(crisis) as held:
        check_act(held.crisis, by=by, at=held.at)
        _check_minutes(added.minutes)
        _check_held(added, held.crisis, at=held.at)
        casefile.involve(case=held.crisis.case, person=by)
        return steps.add(
            process=held.process, origin=StepOrigin.BY_HAND, title=added.title, what=added.what, part=added.part,
            minutes=added.minutes, by=by, at=held.at,
        )  # fmt: skip


def _check_minutes(minutes: int | None) -> None:
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise Invalid(
            _(
                "A step has between 1 minute and 30 days, or no limit. Nothing was added; what you typed is kept."
            ),
            fields={"minutes": _("Between 1 and %(most)d.") % {"most": MOST_MINUTES}},
        )


def _check_held(added: Added, crisis: Crisis, *, at: datetime) -> None:
    """A step for a part that nobody holds would wait for nobody."""
    step: Any = CrisisStep(crisis=crisis, title=added.title, part=added.part)
    if not team.holders(step, agency=crisis.agency, at=at).exists():
        raise Invalid(
            _("Nobody is that at this hour: %(part)s. Nothing was added; what you typed is kept.")
            % {"part": added.part.label},
            fields={"part": _("Choose somebody who is there, for example the head.")},
        )
