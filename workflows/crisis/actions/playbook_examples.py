"""The examples of the product, from the fixture file: loaded by code and number, never changed once they are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core import clock
from core.actions.reference import Change, Row, Tally, unusable
from core.errors import Invalid
from core.models import Topic
from workflows.crisis.models import Playbook, PlaybookSign, PlaybookStep, PlaybookVersion, ReportLine
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules import playbooks as rules
from workflows.crisis.rules.playbooks import Content

from .playbooks import write_rows

M = TypeVar("M", bound=Model)
FILE = "playbooks.json"


@transaction.atomic
def load(rows: Iterable[Row]) -> Tally:
    """Raises Invalid, naming the playbook, for one that cannot run or differs from what was approved before."""
    return Tally("playbooks", Counter(map(_load, rows)))


def _load(row: Row) -> Change:
    named = f"{FILE}, {row['code']} {row['number']}"
    playbook = Playbook.objects.get_or_create(code=row["code"], agency=None)[0]
    there = queries.versions().filter(playbook=playbook, number=row["number"]).first()
    if there is None:
        _create(playbook, row, named)
        return Change.CREATED
    if queries.plain(there) != _plain(row):
        raise unusable(
            named, _("an approved version says something else under this number; give the new one the next number")
        )  # fmt: skip
    return Change.UNCHANGED


def _plain(row: Row) -> dict[str, Any]:
    content = _content(row)
    return {
        **{name: row[name] for name in ("title", "description", "level")},
        "topics": sorted(row["topics"]),
        "signs": list(row["signs"]),
        "steps": [queries.plain_step(step) for step in content.steps],
        "lines": [queries.plain_line(line) for line in content.lines],
    }


def _content(row: Row) -> Content:
    """The rows of a playbook, unsaved, in their order."""
    return Content(
        signs=_numbered(PlaybookSign, ({"text": text} for text in row["signs"])),
        steps=_numbered(PlaybookStep, row["steps"]),
        lines=_numbered(ReportLine, row["lines"]),
    )


def _numbered(model: type[M], rows: Iterable[Mapping[str, Any]]) -> list[M]:
    return [model(number=number, **row) for number, row in enumerate(rows, 1)]


def _create(playbook: Playbook, row: Row, named: str) -> None:
    content, day = _content(row), date.fromisoformat(row["valid_from"])
    approved_at = datetime.combine(day, time(), tzinfo=clock.ZONE)
    _check(content, named, on=day, at=approved_at)
    version = PlaybookVersion(
        playbook=playbook, number=row["number"], title=row["title"], description=row["description"],
        level=row["level"], written_at=approved_at, change=row.get("change", ""), valid_from=day,
        approved_by_name=row["approved_by_name"],
    )  # fmt: skip
    version.save()
    version.topics.set(_topics(row["topics"], named))
    write_rows(version, content)
    _end_the_one_before(playbook, row["number"], day)
    version.approved_at = approved_at
    version.save(update_fields=["approved_at"])


def _check(content: Content, named: str, *, on: date, at: datetime) -> None:
    """The closed lists of the columns, then whether it can run."""
    try:
        for row in (*content.signs, *content.steps, *content.lines):
            row.clean_fields(exclude=["version"])
    except ValidationError as error:
        raise unusable(named, " ".join(error.messages)) from error
    found = rules.problems(content, queries.facts_for(None, on=on, at=at))
    if found:
        raise unusable(named, rules.sentences(found))


def _topics(codes: Iterable[str], named: str) -> list[Topic]:
    wanted = list(codes)
    found = list(Topic.objects.filter(code__in=wanted))
    if len(found) != len(wanted):
        missing = sorted(set(wanted) - {topic.code for topic in found})
        raise unusable(named, _("no such topic: %(codes)s") % {"codes": ", ".join(missing)})
    return found


def _end_the_one_before(playbook: Playbook, number: int, day: date) -> None:
    earlier = (
        playbook.versions.filter(number__lt=number, valid_until__isnull=True).order_by("-number").first()
    )
    if earlier is None:
        return
    if earlier.valid_from is not None and earlier.valid_from >= day:
        raise Invalid(_("%(code)s: a later version begins later.") % {"code": playbook.code})
    earlier.valid_until = day
    earlier.save(update_fields=["valid_until"])
