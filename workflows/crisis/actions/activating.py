"""The head or a deputy lets the playbook run, or sends the crisis back to be assessed anew."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import casefile, trail
from core.enums import CrisisPart, CrisisState, StepOrigin
from core.errors import Invalid
from core.models import Agency, Crisis, Person
from workflows.crisis.models import CrisisProcess
from workflows.crisis.queries import assessed, team

from . import notices, steps
from .recording import check_reason, record


class NobodyHolds(Invalid):
    """Parts of the playbook are nobody's at this instant; the head is offered instead."""

    def __init__(self, parts: list[CrisisPart], *, field: str = "head_takes") -> None:
        self.parts = parts
        named = ", ".join(str(part.label) for part in parts)
        super().__init__(
            _(
                "Nobody holds this at this hour: %(parts)s. Nothing was activated. Tick that the head takes these "
                "steps, or give the role or the duty to somebody first."
            )
            % {"parts": named},
            fields={field: _("Tick this, or see to it that somebody holds: %(parts)s.") % {"parts": named}},
        )


def send_back(*, process: CrisisProcess, reason: str, by: Person, at: datetime) -> None:
    """Have it assessed anew. Its clock runs on until then."""
    crisis = process.crisis
    why = check_reason(reason)
    crisis.state = CrisisState.DETECTED
    crisis.save(update_fields=["state"])
    process.is_returned = True
    assessment = assessed.current(crisis)
    data: dict[str, trail.Value] = {"assessment": assessment.pk if assessment else None}
    record(events.CRISIS_RETURNED, crisis=crisis, by=by, at=at, data=data, reason=why)


def activate(*, process: CrisisProcess, by: Person, at: datetime, head_takes: bool = False) -> None:
    """Let the playbook run at the level assessed: its steps are copied, and the team is told.

    Raises NobodyHolds with the parts that nobody holds, unless the head takes their steps.
    """
    crisis = process.crisis
    version = assessed.playbook_of(crisis)
    assert version is not None, "only what was assessed comes here"
    assert crisis.level is not None
    rows = list(version.steps.filter(min_level__lte=crisis.level).order_by("number"))
    shares = team.shares(rows, agency=crisis.agency, at=at)
    instead = taken_over(team.unheld(shares), agency=crisis.agency, head_takes=head_takes, at=at)
    crisis.state, crisis.activated_at = CrisisState.RUNNING, at
    crisis.save(update_fields=["state", "activated_at"])
    process.is_returned = False
    made = steps.copy(rows, crisis=crisis, origin=StepOrigin.PLAYBOOK, at=at, instead=instead)
    data: dict[str, trail.Value] = {
        "playbook": version.title,
        "version": version.number,
        "level": crisis.level,
        "steps": len(made),
        "taken_by_head": sorted(str(part) for part in instead),
    }
    record(events.CRISIS_ACTIVATED, crisis=crisis, by=by, at=at, data=data)
    tell_team(crisis, at=at)


def taken_over(
    parts: list[CrisisPart], *, agency: Agency, head_takes: bool, at: datetime
) -> dict[str, CrisisPart]:
    """By whom each part that nobody holds is taken over. Raises NobodyHolds."""
    if not parts:
        return {}
    taker = team.taker(agency, at=at)
    if taker is None:
        # Without a head and a deputy the tick would hand the steps to nobody.
        raise NobodyHolds([*parts, CrisisPart.HEAD])
    if not head_takes:
        raise NobodyHolds(parts)
    return dict.fromkeys((part.value for part in parts), taker)


def tell_team(crisis: Crisis, *, at: datetime) -> None:
    """Everybody with a step, the duties of the hour and the players of a drill see the case and get one mail.

    Whoever got it is not told again.
    """
    for member in team_of(crisis, at=at):
        casefile.involve(case=crisis.case, person=member)
        notices.activated(crisis, to=member, at=at)


def team_of(crisis: Crisis, *, at: datetime) -> list[Person]:
    """Everybody with a step of the crisis's own copy, and the duties of the hour."""
    return team.members(
        crisis, team.shares(crisis.steps.order_by("number"), agency=crisis.agency, at=at), at=at
    )
