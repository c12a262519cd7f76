"""The numbered paper that follows a report: taken up when the office opens, issued, signed, stamped.

A body above gets a report (BC), one of the same level a coordination letter (Decree 30/2020). The first quick report
never waits for it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from core import clock, events, permissions
from core.actions import trail
from core.enums import Codename, PaperKind, ReportKind
from core.errors import NotAllowedNow
from core.models import Person
from documents.actions import issuing, signing
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument
from workflows import base, deadlines, locks, nodes
from workflows.crisis.models import CrisisProcess, Dispatch, Report, ReportPaper
from workflows.crisis.queries import papers as queries
from workflows.engine.models import SavedInput

from . import paper_mails, paper_texts
from .recording import record

FOLLOWED_BY_PAPER = (ReportKind.FIRST, ReportKind.CLOSING)
UNSIGNED = ("issue_paper", "sign_paper")


def plan(report: Report, *, at: datetime) -> list[ReportPaper]:
    """The papers that follow a report, one for each kind its recipients get; asked again, the same.

    They follow a first and a closing report, and any other that is the first to somebody: whom a higher level added.
    """
    rows = report.dispatches.all()
    if report.kind not in FOLLOWED_BY_PAPER:
        told = Dispatch.objects.filter(report__crisis=report.crisis, report__number__lt=report.number)
        rows = rows.exclude(recipient__in=told.values("recipient"))
    opens_at = queries.office_opens(report.crisis.agency, at=at)
    wanted = set(rows.values_list("paper", flat=True))
    return [
        ReportPaper.objects.get_or_create(report=report, kind=kind, defaults={"opens_at": opens_at})[0]
        for kind in PaperKind.values
        if kind in wanted
    ]


def open_due(process: CrisisProcess, *, at: datetime) -> int:
    """Take up, under the lock of the process, the papers whose office is open by the instant; how many.

    A paper waits where nobody may sign. One whose signer may sign no more before he did gets another.
    """
    taken = [_take_up(process, paper, at=at) for paper in queries.to_open(process.crisis, at=at)]
    renewed = [_renew(process, paper, at=at) for paper in queries.to_sign(process.crisis)]
    return sum(taken) + sum(renewed)


def _take_up(process: CrisisProcess, paper: ReportPaper, *, at: datetime) -> bool:
    signer = queries.signer_at_hand(process.agency, at=at)
    if signer is None:
        return False
    _give_to(process, paper, signer=signer, at=at)
    return True


def _renew(process: CrisisProcess, paper: ReportPaper, *, at: datetime) -> bool:
    """Give a paper whose signer is not there any more to another. It becomes another document, with its own number."""
    if paper.signer is not None and queries.may_sign(paper.signer, agency=process.agency, at=at):
        return False
    signer = queries.signer_at_hand(process.agency, at=at)
    begun = queries.running(paper, *UNSIGNED)
    if signer is None or any(task.status == STATUS.STARTED for task in begun):
        return False
    for task in begun:
        task.flow_task.activation_class(task).cancel()
        deadlines.drop_step(task, at=at)
        SavedInput.objects.filter(task=task).delete()
    _give_to(process, paper, signer=signer, at=at)
    return True


def _give_to(process: CrisisProcess, paper: ReportPaper, *, signer: Person, at: datetime) -> None:
    paper.opened_at = paper.opened_at or at
    paper.signer, paper.document = signer, None
    paper.save(update_fields=["opened_at", "signer", "document"])
    data: dict[str, trail.Value] = {
        "report": paper.report_id,
        "number": paper.report.number,
        "paper": paper.pk,
        "kind": paper.kind,
        "signer": signer.pk,
        "signer_name": signer.full_name,
        "opens_at": paper.opens_at,
    }
    record(events.CRISIS_REPORT_PAPER_OPENED, crisis=process.crisis, by=None, at=at, subject=paper, data=data)
    base.enter(process, node="issue_paper", row=paper)


def issue(paper: ReportPaper) -> None:
    """Number the paper and make its bytes; run again after a crash it goes on where it stopped."""
    process = CrisisProcess.objects.get(crisis=paper.crisis)
    with locks.locked(process.flow_class, process.pk):
        document = _number(_as_it_is(paper), by=None, at=clock.now())
    issuing.render(document=document, at=clock.now())


def _as_it_is(paper: ReportPaper) -> ReportPaper:
    """Read again under the lock."""
    rows = ReportPaper.objects.select_related(
        "report__crisis__case__agency", "report__crisis__agency__parent", "report__crisis__provision__instrument",
        "signer", "document",
    )  # fmt: skip
    return rows.get(pk=paper.pk)


def _number(
    paper: ReportPaper, *, by: Person | None, at: datetime, entered: EnteredNumber | None = None
) -> IssuedDocument:
    """Give the paper its document once, and freeze what it states. A drill's takes no number."""
    existing = paper.document or queries.document_of(paper)
    if existing is not None:
        return _bound(paper, existing)
    signer = paper.signer
    assert signer is not None, "a paper is taken up with its signer"
    text = paper_texts.of(paper)
    made = issuing.number(
        key=queries.document_key(paper), case=paper.case, inquiry=None, kind_code=text.kind_code, facts=text.facts,
        subject=text.subject, content_sha256=text.sha256, signer=signer,
        capacity=permissions.check_may_sign(signer, agency=paper.agency, at=at), drafting_unit=None, by=by, at=at,
        entered=entered, is_drill=paper.crisis.is_drill,
    )  # fmt: skip
    return _bound(paper, made)


def _bound(paper: ReportPaper, document: IssuedDocument) -> IssuedDocument:
    paper.document = document
    paper.save(update_fields=["document"])
    return document


def enter_number(*, paper: ReportPaper, entered: EnteredNumber, by: Person) -> IssuedDocument:
    """The clerk enters the number of the office's own document system; the job that waits for it is queued."""
    process = CrisisProcess.objects.get(crisis=paper.crisis)
    with locks.locked(process.flow_class, process.pk):
        at = clock.now()
        current = _as_it_is(paper)
        permissions.check_role(by, Codename.ENTER_NUMBER, agency=current.agency, at=at)
        permissions.check_can_see(by, current.case, at=at)
        waiting = queries.waiting_for_its_number(current)
        if waiting is None:
            raise NotAllowedNow(_("This paper waits for no number. Nothing was entered."))
        document = _number(current, by=by, at=at, entered=entered)
        nodes.enqueue(waiting)
    return document


def sign(*, paper: ReportPaper, pdf_sha256: str, by: Person, at: datetime) -> None:
    """Whoever the paper names signs exactly these bytes, still with the capacity to sign."""
    permissions.check_may_sign(by, agency=paper.agency, at=at)
    signing.sign(document=_ready(paper), by=by, pdf_sha256=pdf_sha256, at=at)


def stamp(*, process: CrisisProcess, paper: ReportPaper, pdf_sha256: str, by: Person, at: datetime) -> None:
    """The clerk applies the agency's signature in person; the paper then goes to its recipients."""
    current = _as_it_is(paper)
    signing.stamp(document=_ready(current), by=by, pdf_sha256=pdf_sha256, at=at)
    current.stamped_at = at
    current.save(update_fields=["stamped_at"])
    paper_mails.send(current, at=at)
    nodes.pass_gates_of(process)


def hand_on(dispatch: Dispatch, *, at: datetime) -> None:
    """Send a recipient that a report goes to later what was stamped for the others before."""
    for paper in queries.stamped_for(dispatch):
        paper_mails.begin(paper, dispatch, at=at)


def _ready(paper: ReportPaper) -> IssuedDocument:
    document = _as_it_is(paper).document
    if document is None or not document.is_rendered:
        raise NotAllowedNow(_("The document is not ready yet. Wait a moment and open this step again."))
    return document
