from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, files
from core.errors import DomainError
from core.management.instants import read_instant
from core.models import Agency
from core.queries import organisation
from core.rules.deadlines import local_day
from workflows.crises.rehearsal import Timeline, rehearse
from workflows.crisis.models import CrisisStep, PlaybookVersion, Rung
from workflows.crisis.queries import playbooks


class Command(BaseCommand):
    help = (
        "Walk a whole scenario as a drill in simulated time, with acknowledgements late on purpose, and print its "
        "timeline. The people of the agency do the steps; nothing is sent, and nothing of it is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the scenario, for example exam-leak")
        parser.add_argument("--agency", required=True, help="code of the agency")
        parser.add_argument("--at", help="simulated start, local time; now where it is left out")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the timeline as JSON")

    def handle(
        self, *args: Any, code: str, agency: str, at: str | None, as_json: bool, **options: Any
    ) -> None:
        try:
            start = read_instant(at)[0] if at else clock.now()
            ours = organisation.agency_by_code(agency)
            version = _version(code, ours, at=start)
            with files.kept_aside(), clock.rehearsed() as set_clock:
                told = as_data(rehearse(version, agency=ours, at=start, set_clock=set_clock))
        except DomainError as error:
            raise CommandError(str(error)) from error
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(told)))


def _version(code: str, agency: Agency, *, at: datetime) -> PlaybookVersion:
    usable = {each.playbook.code: each for each in playbooks.in_force(agency, on=local_day(at))}
    if code not in usable:
        raise CommandError(
            _("There is no scenario %(code)s in use at %(agency)s. In use: %(codes)s.")
            % {"code": code, "agency": agency.name, "codes": ", ".join(sorted(usable)) or "–"}
        )
    return usable[code]


def as_data(timeline: Timeline) -> dict[str, list[dict[str, Any]]]:
    """The timeline as plain data; instants as local RFC 3339 text."""
    return {
        "steps": [_step(step) for step in timeline.steps],
        "rungs": [_rung(rung) for rung in timeline.rungs],
    }


def _step(step: CrisisStep) -> dict[str, Any]:
    done = step.settled_at
    return {
        "step": step.title,
        "who": step.settled_by.full_name if step.settled_by else None,
        "due": _local(step.due),
        "done": _local(done),
        "late": bool(done and step.due and done > step.due),
    }


def _rung(rung: Rung) -> dict[str, Any]:
    dispatch = rung.dispatch
    return {
        "report": f"{dispatch.report} → {dispatch.recipient.name}",
        "rung": str(rung.kind),
        "at": _local(rung.climbed_at),
        "to": rung.to,
    }


def _local(instant: datetime | None) -> str | None:
    return instant.astimezone(clock.ZONE).isoformat(timespec="seconds") if instant else None


def _lines(told: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The timeline for reading, in Vietnamese: it is for those who hold the drill."""
    with translation.override("vi"):
        steps = [
            f"  {row['done'] or '–'}  {row['step']} – {row['who'] or '–'}"
            + (f" ({_('late')})" if row["late"] else "")
            for row in told["steps"]
        ]
        rungs = [f"  {row['at']}  {row['report']}: {row['rung']} – {row['to']}" for row in told["rungs"]]
        return ["DIỄN TẬP", _("Steps:"), *steps, _("Ladder of reports:"), *rungs]
