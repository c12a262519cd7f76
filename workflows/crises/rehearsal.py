"""A whole scenario walked as a drill in simulated time, its reports acknowledged late on purpose.

Run it inside `clock.rehearsed`, which undoes all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.enums import Codename, CrisisState
from core.models import Agency, Crisis
from core.queries import directory, organisation
from workflows.crisis.actions import acknowledging, opening, reports
from workflows.crisis.models import CrisisStep, PlaybookVersion, Rung

from .hands import Script
from .walking import Stuck, Walk

SAID = "Diễn tập, nội dung giả định."
LATE = "Diễn tập: chậm có chủ ý."


@dataclass(frozen=True)
class Timeline:
    """What was done when, by whom, and which rungs were climbed. Instants are aware."""

    crisis: Crisis
    steps: list[CrisisStep]
    rungs: list[Rung]


def rehearse(
    version: PlaybookVersion, *, agency: Agency, at: datetime, set_clock: Callable[[datetime], None]
) -> Timeline:
    """Walk the scenario from detection to the closed review. Raises Stuck where nobody may do a step."""
    set_clock(at)
    crisis = _begun(version, agency=agency, at=at)
    walk = Walk(crisis=crisis, script=_script(version), at=at, set_clock=set_clock)
    walk.activate()
    walk.run()
    walk.end()
    crisis.refresh_from_db()
    if crisis.state != CrisisState.CLOSED:
        raise Stuck(_("The drill did not come to its end: something of it is still outstanding."))
    return _timeline(crisis)


def _begun(version: PlaybookVersion, *, agency: Agency, at: datetime) -> Crisis:
    starters = organisation.people_with(Codename.RUN_DRILL, agency=agency, at=at).order_by("pk")
    if not starters:
        raise Stuck(_("Nobody at %(agency)s may run drills.") % {"agency": agency.name})
    noticed = opening.Noticed(title=version.title, note=version.description, detected_at=at)
    staff = list(directory.staff(agency, at=at))
    return opening.start_drill(agency=agency, noticed=noticed, players=staff, by=starters[0])


def _script(version: PlaybookVersion) -> Script:
    return Script(
        version=version, statement=SAID, done=SAID, late=LATE, assessed=SAID,
        ended=SAID, lessons=SAID, address="https://dien-tap.example/phat-ngon",
        lines=reports.FiveLines(what=SAID, where=SAID, when=SAID, said=SAID, needed=SAID),
        confirmed=acknowledging.Confirmed(name="Người nhận (diễn tập)", post="Trực ban (diễn tập)"),
    )  # fmt: skip


def _timeline(crisis: Crisis) -> Timeline:
    steps = CrisisStep.objects.filter(crisis=crisis).select_related("settled_by")
    climbed = Rung.objects.filter(dispatch__report__crisis=crisis, climbed_at__isnull=False)
    rungs = climbed.select_related("dispatch__report__crisis", "dispatch__recipient")
    return Timeline(
        crisis=crisis,
        steps=list(steps.order_by("opened_at", "number")),
        rungs=list(rungs.order_by("climbed_at", "pk")),
    )
