"""What starts a clock: an event the law names, the opening of a step, an order of a superior.

A duty is owed on an inquiry, on a mandate that is to be made public, or on a crisis; all start on the same path.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import DeadlineSource, StartingEvent
from core.errors import Invalid, NotAllowedNow
from core.models import (
    Agency,
    Crisis,
    Deadline,
    Inquiry,
    LocalRule,
    Mandate,
    OrderPaper,
    Person,
    RecordedEvent,
    RuleKey,
    RuleSet,
    RuleValue,
)
from core.queries import law
from core.rules import deadlines as rules
from core.rules.calendar import DAY
from core.rules.deadlines import Limit, local_day
from core.rules.law import UnknownDuty
from core.rules.text import clean_line

from .computing import Computed, apply, compute_or_wait
from .holding import about, check_has_come, check_keeper, refresh_due

Subject = Inquiry | Mandate | Crisis


def start(
    *,
    inquiry: Inquiry,
    key: RuleKey,
    started_at: datetime,
    by: Person | None,
    at: datetime,
    press_kind: str = "",
) -> list[Deadline]:
    """Start the clocks of a duty that is owed on an inquiry, as `start_on` says."""
    return start_on(inquiry, key=key, started_at=started_at, by=by, at=at, press_kind=press_kind)


@transaction.atomic
def start_on(
    subject: Subject,
    *,
    key: RuleKey,
    started_at: datetime,
    by: Person | None,
    at: datetime,
    press_kind: str = "",
) -> list[Deadline]:
    """Start the clocks of a duty: the law's, and beside it the agency's own stricter one.

    The law is that of the day of the event. Raises UnknownDuty where neither it nor the agency knows the duty, and
    NotAllowedNow where the clock already runs from that moment.
    """
    if Deadline.objects.open().filter(**_owed_on(subject), key=key, started_at=started_at).exists():
        raise NotAllowedNow(_("This clock already runs from that moment; a second one would count it twice."))
    computed = _both(subject, key=key, started_at=started_at, press_kind=press_kind)
    return [_saved(deadline, by=by, at=at) for deadline in computed]


def _owed_on(subject: Subject) -> dict[str, Any]:
    if isinstance(subject, Inquiry):
        return {"inquiry": subject}
    return {"crisis": subject} if isinstance(subject, Crisis) else {"mandate": subject}


def preview(*, inquiry: Inquiry, key: RuleKey, started_at: datetime, press_kind: str = "") -> list[Deadline]:
    """What `start` would store on an inquiry, as `preview_on` says."""
    return preview_on(inquiry, key=key, started_at=started_at, press_kind=press_kind)


def preview_on(
    subject: Subject, *, key: RuleKey, started_at: datetime, press_kind: str = ""
) -> list[Deadline]:
    """What `start_on` would store, as rows that are not stored. Raises UnknownDuty, NotATimeLimit."""
    return _both(subject, key=key, started_at=started_at, press_kind=press_kind)


def _both(subject: Subject, *, key: RuleKey, started_at: datetime, press_kind: str) -> list[Deadline]:
    """The law's clock, and the agency's own where it has one."""
    on = local_day(started_at)
    local = law.local_rule(key, agency=subject.agency, on=on)
    rows: list[Deadline] = []
    try:
        legal = law.rule_value(key, agency=subject.agency, on=on, press_kind=press_kind)
        rows.append(_by_law(legal, subject, started_at=started_at))
    except UnknownDuty:
        if local is None:
            raise
    if local is not None and law.limit_of(local).unit in rules.DATED:
        rows.append(_by_local_rule(local, subject, started_at=started_at))
    return rows


def _by_law(rule: RuleValue, subject: Subject, *, started_at: datetime) -> Deadline:
    limit = law.limit_of(rule)
    if limit.unit not in rules.DATED and limit.unit not in rules.UNDATED:
        raise rules.NotATimeLimit(rule.key.title)
    deadline = Deadline(
        source=DeadlineSource.LAW,
        key=rule.key,
        rule_value=rule,
        provision=rule.provision,
        rule_set=RuleSet.objects.at(local_day(started_at)).first(),
        start=rule.start,
    )
    return _computed(deadline, subject, limit, started_at=started_at)


def _by_local_rule(rule: LocalRule, subject: Subject, *, started_at: datetime) -> Deadline:
    deadline = Deadline(source=DeadlineSource.LOCAL, key=rule.key, local_rule=rule, start=rule.start)
    return _computed(deadline, subject, law.limit_of(rule), started_at=started_at)


def _computed(deadline: Deadline, subject: Subject, limit: Limit, *, started_at: datetime) -> Deadline:
    for name, value in _owed_on(subject).items():
        setattr(deadline, name, value)
    deadline.agency, deadline.started_at = subject.agency, started_at
    apply(deadline, compute_or_wait(limit, started_at))
    return deadline


def start_local(
    subject: Subject, *, key: RuleKey, started_at: datetime, by: Person | None, at: datetime
) -> Deadline | None:
    """Start the clock of a step, where the agency's own regulation limits it; nothing otherwise."""
    rule = law.local_rule(key, agency=subject.agency, on=local_day(started_at))
    if rule is None:
        return None
    with transaction.atomic():
        return _saved(_by_local_rule(rule, subject, started_at=started_at), by=by, at=at)


def _saved(deadline: Deadline, *, by: Person | None, at: datetime) -> Deadline:
    deadline.created_at, deadline.original_due = at, deadline.due
    deadline.save()
    refresh_due(deadline)
    data = about(deadline) | {
        "source": deadline.source,
        "start": deadline.start,
        "started_at": deadline.started_at,
        "due": deadline.due,
        "last_day": str(deadline.last_day or ""),
        "provision": deadline.provision.code if deadline.provision else "",
        "calendar": deadline.calendar.number if deadline.calendar else None,
        "missing_year": deadline.missing_year,
    }
    trail.record(
        events.DEADLINE_STARTED, case=deadline.case, by=by, at=at, subject=deadline, data=data,
        occurred_at=min(deadline.started_at, at), rule_set=deadline.rule_set.code if deadline.rule_set else "",
    )  # fmt: skip
    return deadline


def record_event(
    *,
    inquiry: Inquiry,
    key: RuleKey,
    occurred_at: datetime,
    by: Person,
    at: datetime,
    note: str = "",
    press_kind: str = "",
) -> list[Deadline]:
    """Record what happened when to an inquiry and start its clocks, as `record_event_on` says."""
    return record_event_on(
        inquiry, key=key, occurred_at=occurred_at, by=by, at=at, note=note, press_kind=press_kind
    )


@transaction.atomic
def record_event_on(
    subject: Inquiry | Crisis,
    *,
    key: RuleKey,
    occurred_at: datetime,
    by: Person,
    at: datetime,
    note: str = "",
    press_kind: str = "",
) -> list[Deadline]:
    """Record what happened when, as the rule of that day asks, and start its clocks.

    Raises Invalid for a time still to come, except of a planned event, and UnknownDuty.
    """
    check_keeper(by, subject, at=at)
    kind = _starting_event(key, subject.agency, on=local_day(occurred_at), press_kind=press_kind)
    if kind != StartingEvent.PLANNED_EVENT:
        check_has_come(occurred_at, at=at, field="occurred_at")
    recorded = RecordedEvent.objects.create(
        **_owed_on(subject), kind=kind, occurred_at=occurred_at, note=clean_line(note, limit=300), recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    data: dict[str, trail.Value] = {name: row.pk for name, row in _owed_on(subject).items()} | {
        "reference": subject.reference,
        "recorded_event": recorded.pk,
        "kind": kind.value,
    }
    trail.record(
        events.EVENT_RECORDED, case=subject.case, by=by, at=at, subject=subject, data=data,
        occurred_at=min(occurred_at, at),
    )  # fmt: skip
    return start_on(subject, key=key, started_at=occurred_at, by=by, at=at, press_kind=press_kind)


def _starting_event(key: RuleKey, agency: Agency, *, on: date, press_kind: str) -> StartingEvent:
    """What the rule of a day counts from: the law's, or the agency's own where it stands alone. Raises UnknownDuty."""
    rule: RuleValue | LocalRule | None
    try:
        rule = law.rule_value(key, agency=agency, on=on, press_kind=press_kind)
    except UnknownDuty:
        rule = law.local_rule(key, agency=agency, on=on)
        if rule is None:
            raise
    return StartingEvent(rule.start or StartingEvent.RECEIPT)


@transaction.atomic
def record_order(
    *, inquiry: Inquiry, number: str, on: date, issuer: str, task: str, before: date, by: Person, at: datetime
) -> Deadline:
    """Record a superior's paper that sets a date (“report before the day …”); it runs beside the law's clocks."""
    check_keeper(by, inquiry, at=at)
    named, who, what = (
        clean_line(number, limit=60),
        clean_line(issuer, limit=200),
        clean_line(task, limit=300),
    )
    missing = {
        name: _("This is needed.")
        for name, given in (("number", named), ("issuer", who), ("task", what))
        if not given
    }
    if missing:
        raise Invalid(
            _("An order has a number, an issuer and a task. What you typed is kept."), fields=missing
        )
    if before <= on:
        raise Invalid(
            _("The day to report before lies before the paper itself. What you typed is kept."),
            fields={"before": _("This lies before the date of the paper.")},
        )
    order = OrderPaper.objects.create(
        inquiry=inquiry,
        number=named,
        date=on,
        issuer=who,
        task=what,
        before=before,
        recorded_at=at,
        recorded_by=by,
    )
    data: dict[str, trail.Value] = {
        "inquiry": inquiry.pk, "reference": inquiry.reference, "order": order.pk, "number": named, "date": str(on),
        "issuer": who, "before": str(before),
    }  # fmt: skip
    trail.record(events.ORDER_RECORDED, case=inquiry.case, by=by, at=at, subject=inquiry, data=data)
    deadline = Deadline(
        source=DeadlineSource.ORDER, order=order, inquiry=inquiry, agency=inquiry.agency, started_at=at
    )
    result = rules.before_day(before)
    said = f"Văn bản số {order} của {who}: thực hiện trước ngày {before:%d/%m/%Y}."
    apply(deadline, Computed(result=result, calendar=None, steps=[said, rules.ends(before - DAY)]))
    return _saved(deadline, by=by, at=at)
