"""What the pages say of a deadline: until when, what is left, on what it rests and what it still waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.enums import DeadlineOutcome, DeadlineSource, LimitUnit
from core.models import Deadline
from core.rules.deadlines import last_day_of
from core.templatetags.pn import Look, duration, local_date, local_datetime

register = template.Library()

NEAR_HOURS, NEAR_DAYS = timedelta(hours=8), timedelta(hours=48)


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A look with its words."""

    tone: str
    icon: str
    text: str | Promise


SOURCES: dict[str, Badge] = {
    DeadlineSource.LAW: Badge(tone="info", icon="scale", text=gettext_lazy("Law")),
    DeadlineSource.LOCAL: Badge(tone="neutral", icon="house", text=gettext_lazy("Local rule, not law")),
    DeadlineSource.ORDER: Badge(tone="warn", icon="file-input", text=gettext_lazy("Order of a superior")),
}
OUTCOMES: dict[str, Badge] = {
    outcome: Badge(tone=tone, icon=icon, text=outcome.label)
    for outcome, tone, icon in (
        (DeadlineOutcome.MET, "done", "circle-check"),
        (DeadlineOutcome.LATE, "danger", "clock-alert"),
        (DeadlineOutcome.VOID, "neutral", "circle-slash"),
    )
}
NONE, WAITING, ENDED, OVERDUE, NEAR, AHEAD = (
    Look("none", "scale"),
    Look("none", "hourglass"),
    Look("ended", "calendar-check"),
    Look("overdue", "clock-alert"),
    Look("near", "clock"),
    Look("ahead", "clock"),
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """A deadline in words. `state` stands in bold, `due` beside it; either may be empty."""

    title: str
    state: str
    due: str
    look: Look
    source: Badge
    citation: str
    outcome: Badge | None = None
    notes: list[str] = field(default_factory=list)


@register.filter
def deadline_words(deadline: Deadline) -> Words:
    """Asks nothing of the database beyond what the deadline was fetched with."""
    at = clock.now()
    return Words(
        title=deadline.title,
        state=_state(deadline, at),
        due=due_by(deadline, deadline.due),
        look=_look(deadline, at),
        source=SOURCES[deadline.source],
        citation=_citation(deadline),
        outcome=OUTCOMES.get(deadline.outcome),
        notes=_notes(deadline),
    )


@register.inclusion_tag("core/components/_deadline_row.html")
def deadline_row(deadline: Deadline, **more: Any) -> dict[str, Any]:
    """The whole row; `url` leads to its own page, `untitled` leaves its name to the heading above."""
    return {"words": deadline_words(deadline), **more}


@register.filter
def nearest_open(deadlines: list[Deadline] | None) -> Deadline | None:
    """Of deadlines that stand open first and nearest first."""
    return next((deadline for deadline in deadlines or () if deadline.is_open), None)


@register.filter
def is_overdue(deadline: Deadline) -> bool:
    """Open and past: the last instant of an hour limit is still in time."""
    return deadline.is_open and deadline.is_late(clock.now())


@register.filter
def due_by(deadline: Deadline, instant: datetime | None) -> str:
    """An instant of this deadline, present or past: a day limit by the end of its last day, never by 00:00."""
    if instant is None:
        return ""
    if _is_to_the_minute(deadline, instant):
        return format_html(
            '<time datetime="{}">{}</time>',
            instant.isoformat(),
            _("by %(instant)s") % {"instant": local_datetime(instant)},
        )
    last = last_day_of(instant, inclusive=False)
    words = _("by the end of %(date)s") % {"date": local_date(last)}
    return format_html('<time datetime="{}">{}</time>', f"{last}", words)


def _is_to_the_minute(deadline: Deadline, instant: datetime) -> bool:
    """Hours run to a minute; days, orders and extensions to 24:00, which reads as midnight of the next day."""
    if instant == deadline.due:
        return deadline.due_inclusive
    local = instant.astimezone(clock.ZONE)
    is_midnight = (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    rule = deadline.rule_value or deadline.local_rule
    counts_hours = rule is not None and rule.unit == LimitUnit.HOURS
    return not is_midnight or (counts_hours and deadline.due_inclusive)


def _state(deadline: Deadline, at: datetime) -> str:
    if not deadline.is_open:
        return _("Ended at %(instant)s") % {"instant": local_datetime(deadline.ended_at)}
    if deadline.due is None:
        return _without_date(deadline)
    gap = duration(deadline.due - at)
    sentence = _("overdue by %(duration)s") if deadline.is_late(at) else _("%(duration)s left")
    return sentence % {"duration": gap}


def _without_date(deadline: Deadline) -> str:
    if deadline.missing_year:
        return _("Waits for the calendar of %(year)s") % {"year": deadline.missing_year}
    if deadline.rule_value and deadline.rule_value.unit == LimitUnit.NEXT_ISSUE:
        return _("In the next issue; not counted in hours or days")
    return _("The law sets no time limit")


def _look(deadline: Deadline, at: datetime) -> Look:
    if not deadline.is_open:
        return ENDED
    if deadline.due is None:
        return WAITING if deadline.missing_year else NONE
    if deadline.is_late(at):
        return OVERDUE
    near = NEAR_HOURS if deadline.due_inclusive else NEAR_DAYS
    return NEAR if deadline.due - at <= near else AHEAD


def _citation(deadline: Deadline) -> str:
    """With the provision the length is taken from, where the duty refers to another instrument."""
    limit_from = deadline.rule_value.limit_from if deadline.rule_value else None
    return "; ".join(filter(None, (deadline.citation, limit_from.citation if limit_from else "")))


def _notes(deadline: Deadline) -> list[str]:
    notes = []
    if deadline.is_open and deadline.missing_year:
        notes.append(
            _("It is computed by itself as soon as the calendar of %(year)s is published.")
            % {"year": deadline.missing_year}
        )
    if deadline.is_open and deadline.is_provisional:
        notes.append(_("Counted over provisional days: it may still move when the calendar is settled."))
    if _stands(deadline):
        notes.append(_("Paused: this clock stands until it is restarted."))
    return notes


def _stands(deadline: Deadline) -> bool:
    """Only where the pauses were fetched along: a list of deadlines does not ask for each."""
    fetched = getattr(deadline, "_prefetched_objects_cache", {}).get("pauses")
    return fetched is not None and any(pause.resumed_at is None for pause in fetched)
