"""A crisis that runs and has reported, and the hand that takes the papers of its reports to the stamp."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from viewflow.workflow.models import Task

from core.actions.deadlines.starting import start_on
from core.enums import (
    CrisisLevel,
    CrisisState,
    DispatchMeans,
    PaperKind,
    RecipientPart,
    ReportKind,
    StatementForm,
)
from core.models import Agency, Person, Provision, RuleKey
from documents.models import IssuedDocument
from tests import factories
from workflows.base import Step
from workflows.crisis.actions import papers
from workflows.crisis.models import CrisisStatement, Dispatch, Report, ReportPaper, StatementText
from workflows.locks import locked
from workflows.nodes import matter_of
from workflows.tasks import run_job

from .walk import CrisisWalk

LINES = {
    "what": "Đề thi bị phát tán trên mạng (giả định).\nCông an đang xác minh.",
    "where": "Điểm thi số 1 (giả định)",
    "when": "01 giờ 10 phút",
    "said": "Đã thông báo tạm dừng buổi thi.",
    "needed": "Hỗ trợ xác minh nguồn phát tán.",
}


@dataclass
class PapersWalk(CrisisWalk):
    """What others own is written straight to its rows; what follows from papers goes through the actions."""

    def begin(self, *, is_drill: bool = False) -> None:
        """A crisis that was assessed under the law of the day and activated."""
        self.detect()
        crisis = self.crisis
        crisis.level, crisis.state, crisis.is_drill = CrisisLevel.SPREADING, CrisisState.RUNNING, is_drill
        crisis.duty = RuleKey.objects.get(code="initial_statement_event")
        crisis.provision = Provision.objects.get(code="244/2026/NĐ-CP:7.3")
        crisis.activated_at = self.at
        crisis.save()
        if is_drill:
            crisis.players.set([self.cast.contact])
        assert crisis.duty is not None, "the duty was just chosen"
        start_on(crisis, key=crisis.duty, started_at=self.at - timedelta(minutes=10), by=None, at=self.at)
        for node in ("assess", "activate"):
            by = self.cast.chief if node == "assess" else self.cast.head
            self.execute(self.tasks(node)[0], lambda _step: None, by=by)

    def report(
        self,
        *recipients: tuple[Agency, PaperKind],
        kind: ReportKind = ReportKind.FIRST,
    ) -> Report:
        """A report whose quick form is sent to these bodies; the committee above alone, unless told."""
        to = recipients or ((self.committee, PaperKind.REPORT),)
        report = Report.objects.create(
            crisis=self.crisis, number=self.crisis.reports.count() + 1, kind=kind, level=CrisisLevel.SPREADING,
            prepared_by=self.cast.contact, prepared_at=self.at, **LINES,
        )  # fmt: skip
        Dispatch.objects.bulk_create(
            Dispatch(
                report=report, recipient=agency, part=RecipientPart.PROVINCIAL_COMMITTEE, paper=paper,
                means=DispatchMeans.MAIL, minutes=30, prepared_at=self.at, sent_at=self.at,
            )
            for agency, paper in to
        )  # fmt: skip
        papers.plan(report, at=self.at)
        return report

    @property
    def committee(self) -> Agency:
        assert self.cast.agency.parent is not None, "the department stands under its committee"
        return self.cast.agency.parent

    def say(self, text: str) -> CrisisStatement:
        statement = CrisisStatement.objects.create(
            crisis=self.crisis, number=1, form=StatementForm.PORTAL, opened_at=self.at, cleared_sha256="c" * 64,
            released_at=self.at, released_by=self.cast.spokesperson,
        )  # fmt: skip
        for number, (words, sha256) in enumerate(((text, "c" * 64), ("Bản nháp bỏ đi", "d" * 64)), 1):
            StatementText.objects.create(
                statement=statement, number=number, text=words, sha256=sha256, author=self.cast.contact,
                written_at=self.at,
            )  # fmt: skip
        return statement

    def open_due(self, at: datetime | None = None) -> int:
        """What the sweep does with the papers by an instant, now unless told."""
        process = self.process
        with locked(process.flow_class, process.pk):
            return papers.open_due(process, at=at or self.at)

    def run_jobs(self) -> None:
        """Do what the worker would do with the jobs now queued."""
        for task in self.tasks("issue_paper"):
            if task.flow_task.is_ready(matter_of(task)):
                run_job(task.pk, task.external_task_id)

    def paper(self, kind: PaperKind = PaperKind.REPORT) -> ReportPaper:
        rows = ReportPaper.objects.select_related("document", "signer").prefetch_related(
            "document__endorsements"
        )
        return rows.filter(report__crisis=self.crisis, kind=kind).latest("pk")

    def document_of(self, kind: PaperKind) -> IssuedDocument:
        document = self.paper(kind).document
        assert document is not None, "the paper has its document"
        return document

    def pdf_sha256_of(self, kind: PaperKind) -> str:
        return self.document_of(kind).pdf_sha256

    def pdf_sha256(self, task: Task) -> str:
        sha256: str = ReportPaper.objects.values_list("document__pdf_sha256", flat=True).get(pk=task.seed.pk)
        return sha256

    def sign(self, *, by: Person | None = None) -> None:
        task = self.tasks("sign_paper")[0]

        def perform(step: Step) -> None:
            papers.sign(paper=task.seed, pdf_sha256=self.pdf_sha256(task), by=step.by, at=step.at)

        self.execute(task, perform, by=by or self.cast.head)

    def stamp(self, *, by: Person | None = None) -> None:
        task = self.tasks("stamp_paper")[0]

        def perform(step: Step) -> None:
            sha256 = self.pdf_sha256(task)
            papers.stamp(process=step.process, paper=task.seed, pdf_sha256=sha256, by=step.by, at=step.at)

        self.execute(task, perform, by=by or self.cast.clerk)


def make_body(name: str) -> Agency:
    return factories.make_agency(name=f"{name} (giả định)")
