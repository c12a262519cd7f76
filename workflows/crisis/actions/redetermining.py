"""The paragraph of the law is determined anew while the playbook runs: what was one thing turns out to be another."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import casefile, trail
from core.enums import StatementForm, StepDeed
from core.errors import Invalid
from core.models import Crisis, Person
from workflows.crisis.models import Assessment
from workflows.crisis.queries import assessed
from workflows.locks import held_crisis

from . import activating, duties, notices, statements
from .levels import check_act
from .recording import check_reason, record

NO_CLOCK = "–"


def redetermine(*, crisis: Crisis, chosen: duties.Chosen, by: Person) -> Assessment:
    """Take the crisis for one of another paragraph, as the assessment would: with starting event and reason.

    From this instant on the new paragraph says who may speak, and its clock runs; the old one is set aside, and stays
    missed where it was past. Scenario, level, steps and what was released stay; where the new clock waits for words
    that nobody has to find, a further statement is opened. The team is told. Raises Invalid, NotAllowedNow,
    MissingRole.
    """
    with held_crisis(crisis) as held:
        check_act(held.crisis, by=by, at=held.at)
        why = check_reason(chosen.reason)
        last = assessed.current(held.crisis)
        assert last is not None, "a crisis that runs was assessed"
        found = duties.determine(held.crisis, chosen, at=held.at)
        _check_other(last, found)
        row = Assessment.objects.create(
            crisis=held.crisis, version=last.version, level=held.crisis.level, duty=found.rule.key,
            provision=found.rule.provision, started_at=found.started_at, needed_at_once=found.needed_at_once,
            reason=why, assessed_by=by, assessed_at=held.at, is_anew=True,
        )  # fmt: skip
        duties.apply(held.crisis, found, reason=why, by=by, at=held.at)
        held.crisis.save(update_fields=["duty", "provision", "started_at"])
        casefile.involve(case=held.crisis.case, person=by)
        _record(row, last, by=by, at=held.at)
        if _waits_for_words(held.crisis):
            statements.open_further(process=held.process, form=StatementForm.PORTAL, by=by, at=held.at)
        for member in activating.team_of(held.crisis, at=held.at):
            notices.redetermined(row, to=member, at=held.at)
    return row


def _waits_for_words(crisis: Crisis) -> bool:
    """Whether a clock runs and nobody has the task of speaking, nor gets it by a step of the playbook still open."""
    coming = crisis.steps.filter(deed=StepDeed.INITIAL_STATEMENT, settled_at__isnull=True)
    under_way = crisis.crisis_statements.filter(released_at__isnull=True, is_given_up=False)
    return duties.is_running(crisis) and not coming.exists() and not under_way.exists()


def _check_other(last: Assessment, found: duties.Determined) -> None:
    before = (last.duty, last.provision, last.started_at, last.needed_at_once)
    if before == (found.rule.key, found.rule.provision, found.started_at, found.needed_at_once):
        raise Invalid(
            _("That is the paragraph and its starting event already. Nothing was changed; what you typed is kept."),
            fields={"duty": _("Choose another, or another starting event.")},
        )  # fmt: skip


def _record(row: Assessment, last: Assessment, *, by: Person, at: datetime) -> None:
    assert row.duty is not None
    assert row.provision is not None
    data: dict[str, trail.Value] = {
        "assessment": row.pk,
        "old": last.provision.citation if last.provision else "",
        "old_duty": last.duty.code if last.duty else "",
        "provision": row.provision.citation,
        "duty": row.duty.code,
        "started_at": row.started_at,
        "start": row.started_at or NO_CLOCK,
        "old_start": last.started_at or NO_CLOCK,
        "needed_at_once": row.needed_at_once,
    }
    record(events.CRISIS_REDETERMINED, crisis=row.crisis, by=by, at=at, data=data, reason=row.reason)
