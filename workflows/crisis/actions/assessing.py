"""What a crisis is taken to be: scenario, level, duty of the law and so clock; or that it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import deadlines, trail
from core.enums import CrisisLevel, CrisisState
from core.errors import Invalid
from core.models import Crisis, Deadline, Person, RecordedEvent, RuleKey, RuleValue
from core.models.deadlines import DeadlineQuerySet
from core.queries import crises as law_of_crises
from core.rules.deadlines import local_day
from workflows.crisis.models import Assessment, CrisisProcess, PlaybookSign, PlaybookVersion
from workflows.crisis.queries import playbooks, scenarios
from workflows.crisis.rules import clocks

from .recording import check_reason, record


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a person takes a crisis to be. `started_at` is the instant of the event from which the duty counts."""

    version: PlaybookVersion
    level: CrisisLevel
    duty: RuleKey
    reason: str
    started_at: datetime | None = None
    needed_at_once: bool = True
    signs: Sequence[PlaybookSign] = ()


def assess(*, process: CrisisProcess, finding: Finding, by: Person, at: datetime) -> Assessment:
    """Take it for a crisis. The clock of its duty runs from now on, whether or not somebody activates it.

    The law is that of the day of the starting event, and of today where none counts (Decree 09/2017 art 6, Decree
    244/2026 art 7). Raises Invalid.
    """
    crisis = process.crisis
    reason = check_reason(finding.reason)
    _check_version(crisis, finding.version, at=at)
    rule = _rule_of(crisis, finding, at=at)
    started_at = _start_of(rule, finding)
    ranking = scenarios.ranked(crisis, ticked=finding.signs, on=local_day(at))
    row = Assessment.objects.create(
        crisis=crisis, ranking=ranking, version=finding.version, level=finding.level,
        duty=rule.key, provision=rule.provision, started_at=started_at, reason=reason, assessed_by=by,
        needed_at_once=finding.needed_at_once or not clocks.asks_whether_at_once(rule), assessed_at=at,
    )  # fmt: skip
    row.signs.set(finding.signs)
    _set_clock(crisis, rule, started_at, reason=reason, by=by, at=at)
    crisis.state, crisis.level = CrisisState.ASSESSED, finding.level
    crisis.duty, crisis.provision, crisis.started_at = rule.key, rule.provision, started_at
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
    _end_clocks(crisis, reason=why, by=by, at=at)
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


# The duty, and its clock


def _rule_of(crisis: Crisis, finding: Finding, *, at: datetime) -> RuleValue:
    """What the law of the day says of the duty chosen. Raises Invalid where it knows none."""
    if finding.started_at is not None and finding.started_at > at:
        raise Invalid(
            _("The starting event lies in the future. Nothing was recorded; what you typed is kept."),
            fields={"started_at": _("This time has not come yet.")},
        )
    on = local_day(finding.started_at or at)
    for rule in law_of_crises.duties_on(crisis.agency, on):
        if rule.key == finding.duty:
            return rule
    raise Invalid(
        _(
            "The law of %(day)s knows no such duty: %(duty)s. Choose another, or correct the time of the starting "
            "event. Nothing was recorded; what you typed is kept."
        )
        % {"day": f"{on:%d/%m/%Y}", "duty": finding.duty},
        fields={"duty": _("Not a duty of that day.")},
    )


def _start_of(rule: RuleValue, finding: Finding) -> datetime | None:
    """From which instant the clock runs; nothing where none does."""
    if not clocks.runs(rule, needed_at_once=finding.needed_at_once):
        return None
    if finding.started_at is None:
        raise Invalid(
            _("This duty counts from: %(event)s. Say when that was. What you typed is kept.")
            % {"event": rule.get_start_display()},
            fields={"started_at": _("Say when that was.")},
        )
    return finding.started_at


def _set_clock(
    crisis: Crisis, rule: RuleValue, started_at: datetime | None, *, reason: str, by: Person, at: datetime
) -> None:
    """The clock that runs already from that instant runs on; any other of an earlier assessment ends."""
    if started_at is not None and _clocks(crisis).filter(key=rule.key, started_at=started_at).exists():
        return
    _end_clocks(crisis, reason=reason, by=by, at=at)
    if started_at is not None:
        _record_start(crisis, rule, started_at, by=by, at=at)
        deadlines.start_on(crisis, key=rule.key, started_at=started_at, by=by, at=at)


def _record_start(crisis: Crisis, rule: RuleValue, started_at: datetime, *, by: Person, at: datetime) -> None:
    recorded = RecordedEvent.objects.create(
        crisis=crisis, kind=rule.start, occurred_at=started_at, recorded_at=at, recorded_by=by
    )
    data: dict[str, trail.Value] = {
        "crisis": crisis.pk,
        "reference": crisis.reference,
        "recorded_event": recorded.pk,
        "kind": rule.start,
    }
    trail.record(
        events.EVENT_RECORDED,
        case=crisis.case,
        by=by,
        at=at,
        subject=crisis,
        data=data,
        occurred_at=started_at,
    )


def _clocks(crisis: Crisis) -> DeadlineQuerySet:
    """The clocks of the duty that run, the law's and the agency's own; not those of steps."""
    return Deadline.objects.open().filter(crisis=crisis, task_deadline__isnull=True).order_by("pk")


def _end_clocks(crisis: Crisis, *, reason: str, by: Person, at: datetime) -> None:
    for deadline_id in _clocks(crisis).values_list("pk", flat=True):
        deadlines.set_aside(deadline_id=deadline_id, reason=reason, by=by, at=at)
