"""The fictional crises of the demonstration: one of May 2026 that is closed, those of today, and a drill.

Each is walked by the acts of the people themselves, in told time: the clock goes back to when it was noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db import transaction

from core import clock
from core.actions.reference import Change, Row, Tally, by_code, read_rows
from core.enums import CrisisLevel
from core.models import Agency, Crisis, Person
from core.queries import directory
from core.rules.deadlines import local_day
from workflows.crises.hands import Script
from workflows.crises.walking import Walk
from workflows.crisis.actions import acknowledging, opening, reports
from workflows.crisis.queries import playbooks

FILE = "crises.json"
CONFIRMED = acknowledging.Confirmed(name="Hoàng Văn Trực (giả định)", post="Trực ban (giả định)")


def load_past(folder: Path, *, at: datetime) -> Tally:
    """Every crisis of earlier days that is not there yet. To be loaded before the cases, whose papers are of today."""
    rows = [row for row in read_rows(folder / FILE) if row["on"] and _noticed_at(row, at=at) < at]
    return _load("crises of May 2026", rows, at=at)


def load_today(folder: Path, *, at: datetime) -> Tally:
    """Every crisis of today that is not there yet."""
    return _load("crises of today", [row for row in read_rows(folder / FILE) if not row["on"]], at=at)


def _load(kind: str, rows: Sequence[Row], *, at: datetime) -> Tally:
    new = [row for row in rows if not Crisis.objects.filter(is_demo=True, title=row["title"]).exists()]
    for row in new:
        with transaction.atomic(), clock.told_back() as set_clock:
            _walk(row, at=at, set_clock=set_clock)
    return Tally(kind, Counter(Change.CREATED if row in new else Change.UNCHANGED for row in rows))


def _noticed_at(row: Row, *, at: datetime) -> datetime:
    if row["on"]:
        return datetime.fromisoformat(row["on"])
    # Not yesterday: its papers come after those of the cases, and numbers rise with the days.
    midnight = datetime.combine(local_day(at), time(), clock.ZONE)
    return max(midnight, at - timedelta(hours=row["hours_ago"])).replace(second=0, microsecond=0)


def _walk(row: Row, *, at: datetime, set_clock: Callable[[datetime], None]) -> None:
    noticed_at = _noticed_at(row, at=at)
    set_clock(noticed_at)
    agency = by_code(Agency, row["agency"])
    crisis = _begun(row, agency, at=noticed_at)
    if row["stage"] == "detected":
        return
    walk = Walk(crisis=crisis, script=_script(row, agency, at=noticed_at), at=noticed_at, set_clock=set_clock)
    walk.activate()
    if row["stage"] == "closed":
        walk.run()
        walk.end()
    else:
        walk.run(until=at)


def _begun(row: Row, agency: Agency, *, at: datetime) -> Crisis:
    published_at = datetime.fromisoformat(row["started_at"]) if row["started_at"] else at
    noticed = opening.Noticed(
        title=row["title"], note=row["note"], address=row["address"], detected_at=at,
        published_at=published_at if row["address"] else None,
    )  # fmt: skip
    by = Person.objects.get(username=row["by"])
    if not row["drill"]:
        return opening.detect(agency=agency, noticed=noticed, by=by, is_demo=True)
    players = directory.staff(agency, at=at)
    return opening.start_drill(agency=agency, noticed=noticed, players=players, by=by, is_demo=True)


def _script(row: Row, agency: Agency, *, at: datetime) -> Script:
    usable = {each.playbook.code: each for each in playbooks.in_force(agency, on=local_day(at))}
    return Script(
        version=usable[row["scenario"]],
        level=CrisisLevel(row["level"]),
        started_at=datetime.fromisoformat(row["started_at"]) if row["started_at"] else None,
        assessed=row["assessed"],
        lines=reports.FiveLines(**row["lines"]),
        statement=row["statement"],
        address=row["published"],
        done=row["done"],
        late=row["late"],
        ended=row["ended"],
        lessons=row["lessons"],
        confirmed=CONFIRMED,
    )
