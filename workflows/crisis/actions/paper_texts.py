"""What the paper of a report states, in Vietnamese: the report as it was, what was said so far, the legal clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from core.enums import CrisisLevel, DeadlineOutcome, DeadlineSource, PaperKind, ReportKind
from core.models import Crisis, Deadline
from documents.kinds import CoordinationLetter, CrisisReportLetter
from documents.kinds.crisis_report import CrisisFacts, Said
from workflows.crisis.models import CrisisStatement, Report, ReportPaper

Letter = type[CrisisReportLetter] | type[CoordinationLetter]
LETTERS: dict[PaperKind, Letter] = {
    PaperKind.REPORT: CrisisReportLetter,
    PaperKind.COORDINATION: CoordinationLetter,
}
SUBJECTS = {
    PaperKind.REPORT: ("tình hình vụ việc", "kết thúc xử lý vụ việc"),
    PaperKind.COORDINATION: ("phối hợp xử lý vụ việc", "kết thúc phối hợp xử lý vụ việc"),
}


@dataclass(frozen=True, kw_only=True)
class PaperText:
    kind_code: str
    subject: str
    facts: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """The hash of what is stated: canonical JSON, sorted keys, UTF-8."""
        content = json.dumps(self.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()


def of(paper: ReportPaper) -> PaperText:
    """Raises Invalid where the report lacks a line."""
    kind, report = PaperKind(paper.kind), paper.report
    letter = LETTERS[kind]
    subject = SUBJECTS[kind][report.kind == ReportKind.CLOSING]
    with translation.override("vi"):
        facts = letter.facts(_facts(paper))
    return PaperText(kind_code=letter.kind_code, subject=f"{subject}: {report.crisis.title}", facts=facts)


def _facts(paper: ReportPaper) -> CrisisFacts:
    report, crisis = paper.report, paper.crisis
    clock, first = _legal_clock(crisis), crisis.reports.earliest("number")
    recipients = report.dispatches.filter(paper=paper.kind).order_by("pk")
    return CrisisFacts(
        reference=crisis.reference, title=crisis.title, what=report.what, where=report.where, when=report.when,
        said=report.said, needed=report.needed, level=str(CrisisLevel(report.level).label),
        first_report=str(first), first_at=_sent_at(first),
        recipients=tuple(recipients.values_list("recipient__name", flat=True)),
        duty=crisis.provision.citation_in_full if crisis.provision else "",
        starts_at=clock.started_at if clock else None, due=clock.due if clock else None,
        statements=tuple(map(_said, _released(crisis))), is_closing=report.kind == ReportKind.CLOSING,
        is_drill=crisis.is_drill,
    )  # fmt: skip


def _legal_clock(crisis: Crisis) -> Deadline | None:
    """The clock of the duty that was chosen for the crisis; the latest, where it was chosen anew."""
    rows = crisis.deadlines.filter(source=DeadlineSource.LAW, key=crisis.duty)
    return rows.exclude(outcome=DeadlineOutcome.VOID).order_by("pk").last()


def _sent_at(report: Report) -> datetime:
    """When the quick report went first; prepared, as long as none of its recipients got it."""
    sent = report.dispatches.filter(sent_at__isnull=False).order_by("sent_at").first()
    return (sent.sent_at if sent else None) or report.prepared_at


def _released(crisis: Crisis) -> QuerySet[CrisisStatement]:
    rows = CrisisStatement.objects.filter(crisis=crisis, released_at__isnull=False)
    return rows.prefetch_related("texts").order_by("released_at", "pk")


def _said(statement: CrisisStatement) -> Said:
    texts = list(statement.texts.all())
    released = [text for text in texts if text.sha256 == statement.cleared_sha256] or texts
    assert statement.released_at is not None, "only what was released is told"
    return Said(
        at=statement.released_at,
        form=str(statement.get_form_display()),
        text=released[-1].text if released else "",
    )
