"""The numbered papers of reports: when they open, who signs them, which wait for what."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import permissions
from core.enums import Capacity, Codename, Numbering
from core.models import Agency, AgencyContact, Case, Crisis, Person, SigningCapacity
from core.queries import calendar, mandates, organisation
from core.rules.calendar import NoCalendar
from core.rules.deadlines import local_day
from documents.models import IssuedDocument
from workflows.crisis.models import CrisisSetting, Dispatch, ReportPaper
from workflows.crisis.rules import office

from . import carriers
from . import reports as report_queries

JOB = "issue_paper"
CLOSED = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
RANKS = {capacity: rank for rank, capacity in enumerate(Capacity.values)}


def office_opens(agency: Agency, *, at: datetime) -> datetime:
    """When the office is open from the instant on; at once where no calendar reaches that far."""
    setting = CrisisSetting.objects.filter(agency=agency).first() or CrisisSetting(agency=agency)
    try:
        working = calendar.calendar_of(calendar.require_version(local_day(at)))
        return office.next_opening(
            at, opens=setting.office_opens, closes=setting.office_closes, calendar=working
        )
    except NoCalendar:
        return at


def signer_at_hand(agency: Agency, *, at: datetime) -> Person | None:
    """The head in office where he signs, else whoever signs for the agency, the nearest capacity first."""
    head = mandates.head_at(agency, at=at)
    if head is not None and may_sign(head.person, agency=agency, at=at):
        return head.person
    rows = SigningCapacity.objects.at(at).filter(agency=agency, person__in=_signers(agency, at=at))
    by_rank = sorted(rows.select_related("person"), key=lambda row: (RANKS[row.capacity], row.pk))
    return by_rank[0].person if by_rank else None


def may_sign(person: Person, *, agency: Agency, at: datetime) -> bool:
    return _signers(agency, at=at).filter(pk=person.pk).exists() and permissions.allowed(
        permissions.check_may_sign, person, agency=agency, at=at
    )


def _signers(agency: Agency, *, at: datetime) -> QuerySet[Person]:
    return organisation.people_with(Codename.SIGN_DOCUMENT, agency=agency, at=at)


def to_open(crisis: Crisis, *, at: datetime) -> QuerySet[ReportPaper]:
    rows = ReportPaper.objects.filter(report__crisis=crisis, opened_at__isnull=True, opens_at__lte=at)
    return rows.select_related("report__crisis__agency").order_by("opens_at", "pk")


def to_sign(crisis: Crisis) -> list[ReportPaper]:
    """The papers taken up and not signed yet."""
    rows = ReportPaper.objects.filter(report__crisis=crisis, opened_at__isnull=False, stamped_at__isnull=True)
    rows = rows.select_related("report__crisis__agency", "signer", "document").order_by("pk")
    return [paper for paper in rows if paper.document is None or not paper.document.is_signed]


def addressed(paper: ReportPaper) -> list[Dispatch]:
    """The recipients that get a paper of this kind."""
    rows = paper.report.dispatches.filter(paper=paper.kind).select_related("report__crisis", "recipient")
    return list(rows.order_by("pk"))


def stamped_for(dispatch: Dispatch) -> QuerySet[ReportPaper]:
    """The papers of its kind that went out before the report went to this recipient."""
    rows = ReportPaper.objects.filter(
        report=dispatch.report_id, kind=dispatch.paper, stamped_at__isnull=False
    )
    return rows.select_related("report__crisis__agency", "document").order_by("pk")


def left_to_write_to(paper: ReportPaper, dispatch: Dispatch, *, at: datetime) -> list[AgencyContact]:
    """The e-mail contacts of a recipient that still exists to whom the paper did not go yet, in their order."""
    if not dispatch.recipient.covers(local_day(at)):
        return []
    tried = carriers.written_to(paper.pk, dispatch.pk)
    return list(report_queries.to_write_to(dispatch.recipient, but=tried))


def stamped(crisis: Crisis) -> QuerySet[ReportPaper]:
    rows = ReportPaper.objects.filter(report__crisis=crisis, stamped_at__isnull=False)
    return rows.select_related("report__crisis__agency", "document").order_by("pk")


def document_key(paper: ReportPaper) -> str:
    """One document for each signer: it names who signs, and only another document corrects it."""
    return f"crisis_paper:{paper.pk}:{paper.signer_id}"


def document_of(paper: ReportPaper) -> IssuedDocument | None:
    """What was numbered for this signer already, also where another came between."""
    return IssuedDocument.objects.filter(key=document_key(paper)).first()


def number_is_at_hand(paper: ReportPaper) -> bool:
    """Whether the paper can be issued: from our own series, with the number entered, or without one in a drill."""
    return not awaits_number(paper)


def awaits_number(paper: ReportPaper) -> bool:
    is_entered = paper.agency.numbering == Numbering.ENTERED and not paper.crisis.is_drill
    return is_entered and document_of(paper) is None


def running(paper: ReportPaper, *nodes: str) -> list[Task]:
    """The tasks of the paper at these nodes that have not ended."""
    tasks = _made_for_papers().filter(seed_object_id=paper.pk).exclude(status__in=CLOSED).order_by("pk")
    return [task for task in tasks.select_related("process") if task.flow_task.name in nodes]


def _made_for_papers() -> QuerySet[Task]:
    return Task.objects.filter(seed_content_type=ContentType.objects.get_for_model(ReportPaper))


def waiting_for_its_number(paper: ReportPaper) -> Task | None:
    waiting = running(paper, JOB) if awaits_number(paper) else []
    return next((task for task in waiting if task.status == STATUS.SCHEDULED), None)


def papers_to_number(person: Person, *, at: datetime) -> list[Task]:
    """Papers that wait for the number of the office's own system, where the person may enter it."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.ENTER_NUMBER)
    waiting = _jobs(person, agencies.filter(numbering=Numbering.ENTERED), status=STATUS.SCHEDULED, at=at)
    keys = {document_key(task.seed): task for task in waiting if not task.seed.crisis.is_drill}
    numbered = set(IssuedDocument.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    return [task for key, task in keys.items() if key not in numbered]


def failed_papers(person: Person, *, at: datetime) -> list[Task]:
    """Papers that could not be made, in the agencies where the person may have them made again."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.TRIAGE_INQUIRY)
    return _jobs(person, agencies, status=STATUS.ERROR, at=at)


def _jobs(person: Person, agencies: QuerySet[Agency], *, status: str, at: datetime) -> list[Task]:
    """The jobs of papers, each with its paper, in as many queries however many there are."""
    cases = Case.objects.visible_to(person, at=at)
    jobs = _made_for_papers().filter(flow_task_type="JOB", status=status).order_by("created", "pk")
    papers = ReportPaper.objects.filter(
        pk__in=jobs.values("seed_object_id"),
        report__crisis__agency__in=agencies,
        report__crisis__case__in=cases,
    ).select_related("report__crisis__agency", "report__crisis__case")
    by_id = {paper.pk: paper for paper in papers}
    found = [task for task in jobs if task.seed_object_id in by_id]
    for task in found:
        task.seed = by_id[task.seed_object_id]
    return found
