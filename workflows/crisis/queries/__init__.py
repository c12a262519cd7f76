"""What the nodes, gates and pages of the crisis procedure ask of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from core.enums import Codename, CrisisPart
from core.models import Agency, Crisis, Person
from core.queries import organisation
from workflows.crisis.models import (
    CrisisProcess,
    CrisisStatement,
    CrisisStep,
    Dispatch,
    ReportPaper,
    StatementText,
)

from .joint import hold_for_release as hold_for_release
from .papers import number_is_at_hand as number_is_at_hand


def process_of(crisis: Crisis) -> CrisisProcess:
    return CrisisProcess.objects.get(crisis=crisis)


def steps(crisis: Crisis) -> QuerySet[CrisisStep]:
    return CrisisStep.objects.filter(crisis=crisis).select_related("crisis")


# What the nodes ask of the row a task is made for


def part(step: CrisisStep) -> CrisisPart:
    return CrisisPart(step.part)


def head(_process: CrisisProcess) -> CrisisPart:
    return CrisisPart.HEAD


def recipient(dispatch: Dispatch) -> Agency:
    """In which agency the report is acknowledged; in a drill our own people play whoever gets it."""
    return dispatch.agency if dispatch.crisis.is_drill else dispatch.recipient


def signer(paper: ReportPaper) -> Person | None:
    return paper.signer


def form(statement: CrisisStatement) -> str:
    return statement.form


def latest_text(statement: CrisisStatement) -> StatementText | None:
    return statement.texts.order_by("-number").select_related("author").first()


def author(statement: CrisisStatement) -> Person | None:
    """Who wrote the text now before its judges."""
    text = latest_text(statement)
    return text.author if text else None


def right_to_clear(statement: CrisisStatement, /, *, at: datetime) -> Codename:
    """The legal officer clears; the chief of office does where the agency has none but the author."""
    officers = organisation.people_with(Codename.CLEAR_DRAFT, agency=statement.agency, at=at)
    if (written_by := author(statement)) is not None:
        officers = officers.exclude(pk=written_by.pk)
    return Codename.CLEAR_DRAFT if officers.exists() else Codename.CLEAR_IN_PLACE


def is_returned(activation: Any) -> bool:
    return bool(CrisisStatement.objects.get(pk=activation.task.seed.pk).is_returned)


def is_given_up(activation: Any) -> bool:
    return bool(CrisisStatement.objects.get(pk=activation.task.seed.pk).is_given_up)


def nothing_is_outstanding(activation: Any) -> bool:
    """Whether nothing goes on beside the path any more.

    Every report is acknowledged or given up, every paper filed, every statement said or given up, every step that came
    late settled.
    """
    crisis = activation.process.crisis
    unsettled = Q(acknowledged_at__isnull=True, given_up_at__isnull=True)
    return not (
        Dispatch.objects.filter(unsettled, report__crisis=crisis).exists()
        or ReportPaper.objects.filter(report__crisis=crisis, stamped_at__isnull=True).exists()
        or CrisisStatement.objects.filter(crisis=crisis, released_at__isnull=True, is_given_up=False).exists()
        or steps(crisis).filter(settled_at__isnull=True).exists()
    )
