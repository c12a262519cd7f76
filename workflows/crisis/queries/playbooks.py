"""Which playbooks an agency works by on a day, what a version contains, and what it is judged by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from core.enums import AgencyKind, CrisisPart, LimitUnit
from core.models import Agency, DutyShift, RoleAssignment, RuleValue
from core.models.periods import PeriodQuerySet
from core.queries import directory
from workflows.crisis.models import Playbook, PlaybookStep, PlaybookVersion, ReportLine
from workflows.crisis.rules.matching import Scenario
from workflows.crisis.rules.playbooks import Content, Facts

INITIAL_STATEMENT = "initial_statement_"
STEP_FIELDS = (
    "code", "title", "what", "part", "deed", "min_level", "after", "minutes", "counted_from", "document",
    "may_skip", "on_late",
)  # fmt: skip
LINE_FIELDS = ("part", "min_level", "minutes")


def versions() -> PeriodQuerySet[PlaybookVersion]:
    return PlaybookVersion.objects.select_related("playbook__agency", "written_by", "approved_by")


def in_force(agency: Agency, on: date) -> list[PlaybookVersion]:
    """The versions an agency works by on a day, by their code, with signs and topics at hand.

    Once an agency has approved its own version of a scenario, the example of that code is no longer its.
    """
    taken_over = versions().filter(playbook__agency=agency, approved_at__isnull=False, valid_from__lte=on)
    own = Q(playbook__agency=agency)
    example = Q(playbook__agency__isnull=True) & ~Q(playbook__code__in=taken_over.values("playbook__code"))
    rows = versions().at(on).filter(own | example, approved_at__isnull=False)
    return list(rows.prefetch_related("signs", "topics").order_by("playbook__code", "-number"))


def scenarios(found: Iterable[PlaybookVersion]) -> list[Scenario]:
    """Versions as they are matched with the signs that were seen."""
    return [
        Scenario(
            version=version.pk,
            code=version.playbook.code,
            title=version.title,
            signs=frozenset(sign.pk for sign in version.signs.all()),
            topics=frozenset(topic.pk for topic in version.topics.all()),
        )
        for version in found
    ]


def seen_by_agencies(agencies: Iterable[Agency]) -> QuerySet[PlaybookVersion]:
    """Every version of their own and of the examples, drafts and ended ones too."""
    return versions().filter(Q(playbook__agency__in=agencies) | Q(playbook__agency__isnull=True))


def draft_of(playbook: Playbook) -> PlaybookVersion | None:
    return versions().filter(playbook=playbook, approved_at__isnull=True).first()


def content_of(version: PlaybookVersion) -> Content:
    return Content(
        signs=list(version.signs.all()),
        steps=list(version.steps.all()),
        lines=list(version.report_lines.all()),
    )


def facts_for(agency: Agency | None, *, on: date, at: datetime) -> Facts:
    """What a version in force from a day is judged by; an example is one for departments."""
    kind = agency.kind if agency else AgencyKind.DEPARTMENT
    parts = parts_of(agency, at=at) if agency else None
    return Facts(kind=kind, legal_hours=legal_hours(kind, on), parts=parts)


def legal_hours(kind: str, on: date) -> int | None:
    """The shortest limit in hours that the law of a day sets the initial statement; none where it sets none."""
    rows = RuleValue.objects.at(on).filter(
        scope__key__code__startswith=INITIAL_STATEMENT, scope__agency_kind=kind, unit=LimitUnit.HOURS
    )
    return min(
        (value for value in rows.values_list("value", flat=True) if isinstance(value, int)), default=None
    )


def parts_of(agency: Agency, *, at: datetime) -> frozenset[str]:
    """The roles that somebody active holds in the agency, the head where somebody heads it, and the duties that its
    roster knows."""
    roles = RoleAssignment.objects.at(at).filter(agency=agency, person__is_active=True)
    held = set(roles.values_list("group__name", flat=True)) - {CrisisPart.HEAD.value}
    if directory.in_part(CrisisPart.HEAD, agency=agency, at=at).exists():
        held.add(CrisisPart.HEAD.value)
    return frozenset(held).union(DutyShift.objects.filter(agency=agency).values_list("kind", flat=True))


def plain(version: PlaybookVersion, content: Content | None = None) -> dict[str, Any]:
    """What a version says, without keys and days: equal where two versions say the same."""
    rows = content or content_of(version)
    return {
        "title": version.title,
        "description": version.description,
        "level": version.level,
        "topics": sorted(version.topics.values_list("code", flat=True)),
        "signs": [sign.text for sign in rows.signs],
        "steps": [plain_step(step) for step in rows.steps],
        "lines": [plain_line(line) for line in rows.lines],
    }


def plain_step(step: PlaybookStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in STEP_FIELDS}


def plain_line(line: ReportLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE_FIELDS}
