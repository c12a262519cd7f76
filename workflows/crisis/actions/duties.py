"""Which duty of the law holds for a crisis, by the law of the instant of its starting event, and its clock.

One rule for the assessment and for whoever determines the paragraph anew while the playbook runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import deadlines, trail
from core.enums import DeadlineOutcome
from core.errors import Invalid
from core.models import Crisis, Deadline, Person, RecordedEvent, RuleKey, RuleValue
from core.models.deadlines import DeadlineQuerySet
from core.queries import crises as law_of_crises
from core.rules.deadlines import local_day
from workflows.crisis.queries import joint
from workflows.crisis.rules import clocks


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The duty a person chose, and why. `started_at` is the instant of the event from which the duty counts.

    `needed_at_once` has to be answered where the law of that instant makes its clock depend on it.
    """

    duty: RuleKey
    reason: str
    started_at: datetime | None = None
    needed_at_once: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Determined:
    """What the law of the day makes of the choice. `started_at` is null where no clock runs."""

    rule: RuleValue
    started_at: datetime | None
    needed_at_once: bool


def determine(crisis: Crisis, chosen: Chosen, *, at: datetime) -> Determined:
    """The law is that of the day of the starting event, and of today where none counts.

    Decree 09/2017 art 6, Decree 244/2026 art 7. Raises Invalid.
    """
    rule = _rule_of(crisis, chosen, at=at)
    _check_not_joint(crisis, rule)
    needed = _needed_at_once(rule, chosen)
    return Determined(
        rule=rule, started_at=_start_of(rule, chosen, needed_at_once=needed), needed_at_once=needed
    )


def apply(crisis: Crisis, found: Determined, *, reason: str, by: Person, at: datetime) -> None:
    """The crisis has the duty and its clock from now on; the crisis is the caller's to save.

    The clock that runs already from that instant runs on; any other that ran is set aside, with the reason. One that
    was met, or met late, from that instant has its verdict, and no second one begins.
    """
    rule, started_at = found.rule, found.started_at
    crisis.duty, crisis.provision, crisis.started_at = rule.key, rule.provision, started_at
    if started_at is None:
        set_aside(crisis, reason=reason, by=by, at=at)
        return
    same = _clocks(crisis).filter(key=rule.key, started_at=started_at)
    if same.open().exists():
        return
    set_aside(crisis, reason=reason, by=by, at=at)
    if not same.exclude(outcome=DeadlineOutcome.VOID).exists():
        _begin(crisis, rule, started_at, by=by, at=at)


def set_aside(crisis: Crisis, *, reason: str, by: Person, at: datetime) -> None:
    """The clocks of the duty that run end without a verdict; one that was past by then stays missed."""
    for deadline_id in _clocks(crisis).open().values_list("pk", flat=True):
        deadlines.set_aside(deadline_id=deadline_id, reason=reason, by=by, at=at)


def _rule_of(crisis: Crisis, chosen: Chosen, *, at: datetime) -> RuleValue:
    """What the law of the day says of the duty chosen: for one without a clock that of the act, whatever was typed as
    the start. Raises Invalid where it knows none."""
    if chosen.started_at is not None and chosen.started_at > at:
        raise Invalid(
            _("The starting event lies in the future. Nothing was recorded; what you typed is kept."),
            fields={"started_at": _("This time has not come yet.")},
        )
    today, on = local_day(at), local_day(chosen.started_at or at)
    rule = _of_day(crisis, chosen.duty, today)
    if rule is None or clocks.has_clock(rule):
        rule = _of_day(crisis, chosen.duty, on)
    if rule is not None:
        return rule
    raise Invalid(
        _(
            "The law of %(day)s knows no such duty: %(duty)s. Choose another, or correct the time of the starting "
            "event. Nothing was recorded; what you typed is kept."
        )
        % {"day": f"{on:%d/%m/%Y}", "duty": chosen.duty},
        fields={"duty": _("Not a duty of that day.")},
    )


def _of_day(crisis: Crisis, duty: RuleKey, on: date) -> RuleValue | None:
    return next((rule for rule in law_of_crises.duties_on(crisis.agency, on) if rule.key == duty), None)


def _check_not_joint(crisis: Crisis, rule: RuleValue) -> None:
    """Its own clock runs for no agency in a matter that the lead alone speaks on (Decree 244/2026 art 7.2)."""
    matter = joint.of_crisis(crisis) if clocks.has_clock(rule) else None
    if matter is None:
        return
    raise Invalid(
        _(
            "This crisis belongs to the joint matter “%(matter)s”, on which its lead, %(lead)s, alone speaks: no "
            "agency has a clock of its own there. Choose the duty of joint incidents. Nothing was recorded; what you "
            "typed is kept."
        )
        % {"matter": matter.title, "lead": matter.lead.name},
        fields={"duty": _("It belongs to a joint matter led by %(lead)s.") % {"lead": matter.lead.name}},
    )


def _needed_at_once(rule: RuleValue, chosen: Chosen) -> bool:
    """The answer where the law of the starting event asks; where it does not, nothing depends on it."""
    if not clocks.asks_whether_at_once(rule):
        return True
    if chosen.needed_at_once is None:
        raise Invalid(
            _(
                "By %(provision)s, the law of the starting event, the clock runs only where initial information is "
                "needed at once. Say whether it is. Nothing was recorded; what you typed is kept."
            )
            % {"provision": rule.provision.citation},
            fields={"needed_at_once": _("Say whether it is needed at once.")},
        )
    return chosen.needed_at_once


def _start_of(rule: RuleValue, chosen: Chosen, *, needed_at_once: bool) -> datetime | None:
    """From which instant the clock runs; nothing where none does."""
    if not clocks.runs(rule, needed_at_once=needed_at_once):
        return None
    if chosen.started_at is None:
        raise Invalid(
            _("This duty counts from: %(event)s. Say when that was. What you typed is kept.")
            % {"event": rule.get_start_display()},
            fields={"started_at": _("Say when that was.")},
        )
    return chosen.started_at


def is_running(crisis: Crisis) -> bool:
    """Whether a clock of the duty runs: words are awaited."""
    return _clocks(crisis).open().exists()


def _clocks(crisis: Crisis) -> DeadlineQuerySet:
    """The clocks of duties, the law's and the agency's own; not those of steps."""
    return Deadline.objects.filter(crisis=crisis, task_deadline__isnull=True).order_by("pk")


def _begin(crisis: Crisis, rule: RuleValue, started_at: datetime, *, by: Person, at: datetime) -> None:
    """Start the clock from its event; what was said since then is judged by it at once."""
    _record_start(crisis, rule, started_at, by=by, at=at)
    begun = deadlines.start_on(crisis, key=rule.key, started_at=started_at, by=by, at=at)
    said = crisis.crisis_statements.filter(released_at__gte=started_at).order_by("released_at").first()
    if said is not None:
        for deadline in begun:
            deadlines.end(deadline_id=deadline.pk, by=by, at=at, done_at=said.released_at)


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
