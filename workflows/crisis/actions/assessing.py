"""What a crisis is taken to be: scenario, level, duty of the law and so clock; or that it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import CrisisLevel, CrisisState
from core.errors import Invalid
from core.models import Crisis, Person
from core.rules.deadlines import local_day
from workflows.crisis.models import Assessment, CrisisProcess, PlaybookSign, PlaybookVersion
from workflows.crisis.queries import playbooks, scenarios

from . import duties
from .recording import check_reason, record


@dataclass(frozen=True, kw_only=True)
class Finding(duties.Chosen):
    """What a person takes a crisis to be: scenario, level and duty, with the reason."""

    version: PlaybookVersion
    level: CrisisLevel
    signs: Sequence[PlaybookSign] = ()


def assess(*, process: CrisisProcess, finding: Finding, by: Person, at: datetime) -> Assessment:
    """Take it for a crisis. The clock of its duty runs from now on, whether or not somebody activates it.

    Raises Invalid.
    """
    crisis = process.crisis
    reason = check_reason(finding.reason)
    _check_version(crisis, finding.version, at=at)
    found = duties.determine(crisis, finding, at=at)
    ranking = scenarios.ranked(crisis, ticked=finding.signs, on=local_day(at))
    row = Assessment.objects.create(
        crisis=crisis, ranking=ranking, version=finding.version, level=finding.level, duty=found.rule.key,
        provision=found.rule.provision, started_at=found.started_at, needed_at_once=found.needed_at_once,
        reason=reason, assessed_by=by, assessed_at=at,
    )  # fmt: skip
    row.signs.set(finding.signs)
    duties.apply(crisis, found, reason=reason, by=by, at=at)
    crisis.state, crisis.level = CrisisState.ASSESSED, finding.level
    crisis.save()
    process.is_dismissed = process.is_returned = False
    _record_assessed(row, by=by, at=at)
    return row


def dismiss(
    *, process: CrisisProcess, reason: str, by: Person, at: datetime, signs: Sequence[PlaybookSign] = ()
) -> Assessment:
    """Take it for no crisis, with the reason. Of one sent back to be assessed anew the clock ends with it."""
    crisis = process.crisis
    why = check_reason(reason)
    ranking = scenarios.ranked(crisis, ticked=signs, on=local_day(at))
    row = Assessment.objects.create(
        crisis=crisis, ranking=ranking, is_crisis=False, reason=why, assessed_by=by, assessed_at=at
    )
    row.signs.set(signs)
    duties.set_aside(crisis, reason=why, by=by, at=at)
    crisis.state = CrisisState.DISMISSED
    crisis.level = crisis.duty = crisis.provision = crisis.started_at = None
    crisis.save()
    process.is_dismissed, process.is_returned = True, False
    data: dict[str, trail.Value] = {"assessment": row.pk, "signs": [sign.pk for sign in signs]}
    record(events.CRISIS_DISMISSED, crisis=crisis, by=by, at=at, data=data, reason=why)
    return row


def _record_assessed(row: Assessment, *, by: Person, at: datetime) -> None:
    version, duty, provision = row.version, row.duty, row.provision
    assert version is not None
    assert duty is not None
    assert provision is not None
    data: dict[str, trail.Value] = {
        "assessment": row.pk,
        "playbook": version.title,
        "version": version.number,
        "level": row.level,
        "provision": provision.citation,
        "duty": duty.code,
        "started_at": row.started_at,
        "signs": list(row.signs.order_by("pk").values_list("pk", flat=True)),
        "needed_at_once": row.needed_at_once,
    }
    record(events.CRISIS_ASSESSED, crisis=row.crisis, by=by, at=at, data=data, reason=row.reason)


def _check_version(crisis: Crisis, version: PlaybookVersion, *, at: datetime) -> None:
    if version not in playbooks.in_force(crisis.agency, local_day(at)):
        raise Invalid(
            _(
                "The playbook “%(playbook)s” is not in use today. Nothing was recorded; what you typed is kept."
            )
            % {"playbook": version},
            fields={"version": _("Choose one that is in use.")},
        )
