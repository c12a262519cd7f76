"""The working calendar: seeded once, then published version by version under a numbered decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, jobs, permissions
from core.actions import trail
from core.enums import Codename, DayKind
from core.errors import Invalid
from core.models import CalendarDay, CalendarVersion, Person
from core.queries import calendar as queries
from core.rules import calendars as rules
from core.rules.calendar import SpecialDay
from core.rules.calendar_seed import seed

Row = Mapping[str, Any]
RECOMPUTE = "workflows.tasks.recompute_deadlines"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The paper under which a version is published, and what it settles."""

    number: str
    on: date
    issuer: str
    changes: Sequence[rules.Change] = ()
    settled_years: Sequence[int] = ()
    settled_days: Sequence[date] = field(default_factory=tuple)
    note: str = ""


@transaction.atomic
def load_first(rows: Iterable[Row], *, at: datetime) -> CalendarVersion | None:
    """Version 1, from the official schedules over the seed, where none is there; afterwards people publish."""
    if CalendarVersion.objects.exists():
        return None
    official = sorted(rows, key=lambda row: int(row["year"]))
    content = _first_content(official)
    note = "\n".join(f"{row['year']}: {row['documents'] or 'tạm tính'}" for row in official)
    return _write(content, number=1, note=note, changed=(), by=None, at=at)


def _first_content(rows: Sequence[Row]) -> rules.Content:
    years = [int(row["year"]) for row in rows]
    if not years or years != list(range(years[0], years[0] + len(years))):
        raise rules.UnusableCalendar(_("The calendar file skips a year. Nothing was loaded."))
    special: dict[date, SpecialDay] = {}
    for row in rows:
        special |= seed(int(row["year"])) if row["is_provisional"] else _official(row)
        for each in row["provisional_days"]:
            day = date.fromisoformat(each["day"])
            special[day] = SpecialDay(kind=DayKind.ORDINARY, name=each["note"], is_provisional=True)
    return rules.Content(
        first_year=years[0],
        last_year=years[-1],
        special=special,
        provisional_years=tuple(int(row["year"]) for row in rows if row["is_provisional"]),
    )


def _official(row: Row) -> dict[date, SpecialDay]:
    """The schedule of a year: its word stands wherever the seed says otherwise, and no other weekday is off."""
    weekends = {day: each for day, each in seed(int(row["year"])).items() if day.weekday() >= 5}
    holidays = {day: each for day, each in weekends.items() if each.kind == DayKind.HOLIDAY}
    off = {
        date.fromisoformat(each["day"]): SpecialDay(kind=DayKind(each["kind"]), name=each["name"])
        for each in row["off"]
    }
    worked = {
        date.fromisoformat(each["day"]): SpecialDay(kind=DayKind.MAKE_UP, name=each["name"])
        for each in row["worked"]
    }
    return {**holidays, **off, **worked}


@transaction.atomic
def publish(*, decision: Decision, by: Person, at: datetime) -> CalendarVersion:
    """Publish the next version; the open deadlines it touches are computed anew by a job after the commit.

    Raises Refused without the right, Invalid for an incomplete decision, UnusableCalendar for days that do not fit.
    """
    permissions.check_right(by, Codename.PUBLISH_CALENDAR, at=at)
    _check_decision(decision)
    version = _locked_latest(decision.on)
    old = content_of(version)
    new = next_content(old, decision)
    days = rules.differing_days(old, new)
    if not days and new.last_year == old.last_year:
        raise rules.UnusableCalendar(
            _("The decision changes no day and settles nothing, so there is nothing to publish.")
        )
    published = _write(
        new, number=version.number + 1, note=decision.note, changed=days, by=by, at=at, decision=decision
    )
    _record(published, days=len(days), by=by, at=at)
    jobs.enqueue(RECOMPUTE)
    return published


def next_content(old: rules.Content, decision: Decision) -> rules.Content:
    """What the calendar would say after a decision; also shown before it is published."""
    seeds: dict[date, SpecialDay] = {}
    for year in rules.new_years(old, decision.changes, decision.settled_years):
        seeds |= seed(year)
    return rules.changed(
        old,
        decision.changes,
        seed=seeds,
        settled_years=decision.settled_years,
        settled_days=decision.settled_days,
    )


def content_of(version: CalendarVersion) -> rules.Content:
    return rules.Content(
        first_year=version.first_year,
        last_year=version.last_year,
        special=queries.special_days(version),
        provisional_years=tuple(version.provisional_years),
    )


def _check_decision(decision: Decision) -> None:
    missing = {
        name: _("This is needed.")
        for name, given in (("number", decision.number), ("issuer", decision.issuer))
        if not given.strip()
    }
    if missing:
        raise Invalid(
            _(
                "A calendar is published under a decision with its number, date and issuer. What you typed is kept."
            ),
            fields=missing,
        )


def _locked_latest(on: date) -> CalendarVersion:
    """The latest version, once whoever publishes at the same moment is through: all wait at the first one's row."""
    list(CalendarVersion.objects.select_for_update(no_key=True).filter(number=1))
    return queries.require_version(on)


def _write(
    content: rules.Content,
    *,
    number: int,
    note: str,
    changed: Sequence[date],
    by: Person | None,
    at: datetime,
    decision: Decision | None = None,
) -> CalendarVersion:
    version = CalendarVersion.objects.create(
        number=number,
        decision_number=decision.number.strip() if decision else "",
        decision_date=decision.on if decision else None,
        issuer=decision.issuer.strip() if decision else "",
        note=note,
        first_year=content.first_year,
        last_year=content.last_year,
        provisional_years=list(content.provisional_years),
        changed_days=[f"{day}" for day in changed],
        sha256=content.sha256,
        published_at=at,
        published_by=by,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(
            version=version, day=day, kind=each.kind, name=each.name, is_provisional=each.is_provisional
        )
        for day, each in sorted(content.special.items())
    )
    return version


def _record(version: CalendarVersion, *, days: int, by: Person, at: datetime) -> None:
    data: dict[str, trail.Value] = {
        "version": version.number,
        "decision": version.decision_number,
        "decision_date": str(version.decision_date),
        "issuer": version.issuer,
        "first_year": version.first_year,
        "last_year": version.last_year,
        "changed_days": days,
        "sha256": version.sha256,
    }
    trail.record(events.CALENDAR_PUBLISHED, case=None, by=by, at=at, subject=version, data=data)
