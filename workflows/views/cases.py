"""The cases a person may see, and the page of one case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from viewflow.workflow.models import Task

from core import clock, files, permissions
from core.enums import Codename
from core.errors import NotFound
from core.models import Attachment, Case, Inquiry, OutgoingMail, Person, Statement
from core.queries import deadlines, speech
from documents.models import IssuedDocument
from workflows import queries
from workflows.crises.rows.entry import detect_address
from workflows.crises.rows.entry import of_case as of_case_crises
from workflows.forms import STATES, SearchForm
from workflows.press_inquiry.queries import reply_key
from workflows.refusal.queries import letter_key
from workflows.refusals.rows import RefusalRow, of_case, rows_from
from workflows.signed_in import Page
from workflows.views.acts import Offers
from workflows.views.case_delegations import offers_of, rows_of
from workflows.views.inquiry import InquiryView

PER_PAGE = 25


def found(cases: QuerySet[Case], *, words: str, state: str) -> QuerySet[Case]:
    """Cases whose reference, title or an asker holds every word; closed means that no inquiry of it runs.

    One opened for what was said outside the system has no inquiry, and is open until it is closed.
    """
    for word in words.split():
        of_inquiry = (
            Q(subject__icontains=word)
            | Q(reference__icontains=word)
            | Q(asker_name__icontains=word)
            | Q(press_agency_name__icontains=word)
            | Q(press_agency__name__icontains=word)
        )
        inquiries = Inquiry.objects.filter(of_inquiry, case=OuterRef("pk"))
        cases = cases.filter(Q(reference__icontains=word) | Q(title__icontains=word) | Exists(inquiries))
    inquiries = Inquiry.objects.filter(case=OuterRef("pk"))
    is_open = Exists(inquiries.filter(outcome="")) | Q(~Exists(inquiries), closed_at__isnull=True)
    if state == "open":
        return cases.filter(is_open)
    return cases.exclude(is_open) if state == "closed" else cases


class Cases(Page):
    """Every case the person may see, newest first."""

    template_name = "workflows/pages/cases.html"

    def cases(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.person, at=self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = SearchForm(self.request.GET)
        form.is_valid()
        words, state = form.cleaned_data.get("q", ""), form.cleaned_data.get("state", "")
        rows = found(self.cases(), words=words, state=state).select_related("agency")
        rows = rows.annotate(
            inquiry_count=Count("inquiries", distinct=True),
            running_count=Count("inquiries", filter=Q(inquiries__outcome=""), distinct=True),
        ).prefetch_related("inquiries__press_agency")
        page = Paginator(rows.order_by("-opened_at", "-pk"), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, page=page, q=words, state=state, states=STATES)


def said_on(case: Case) -> QuerySet[Statement]:
    """Everything said so far, of the inquiries the case has now, whichever case they were under when it was said."""
    here = Q(inquiry__case=case) | Q(inquiry__isnull=True, case=case)
    rows = Statement.objects.filter(here).order_by("spoken_at")
    return rows.select_related("speaker", "mandate", "inquiry", "late_record__recorded_by")


class CasePage(Page):
    """One case. The number of queries does not grow with the inquiries under it.

    Only steps that wait in different ways (right, unit, holder) are each asked for on their own.
    """

    template_name = "workflows/pages/case.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.visible_case(kwargs["pk"])
        offers = Offers(case, person=self.person, at=self.at)
        return super().get_context_data(**kwargs) | {
            "case": case,
            "inquiries": self._inquiries(case, offers),
            "statements": said_on(case),
            "remarks": speech.personal_remarks_on(case),
            "may_record": permissions.allowed(
                permissions.check_may_record_speech, self.person, case=case, at=self.at
            ),
            "mandate_deadlines": deadlines.of_mandates(case),
            "may_audit": offers.may(Codename.AUDIT_CASES),
            "is_read_only": offers.is_read_only,
            "crises": of_case_crises(case, at=self.at),
            "crisis_offers": [offers.note_crisis(detect_address(case=case.pk))],
            "delegations": rows_of(case, at=self.at),
            "delegation_offers": [] if offers.is_read_only else offers_of(case, offers),
        }

    def _inquiries(self, case: Case, offers: Offers) -> list[InquiryView]:
        tasks, of_refusals = _by_run(queries.tasks_of_case(case))
        rows = rows_from(of_case(case), of_refusals)
        documents = {
            document.key: document
            for document in IssuedDocument.objects.filter(inquiry__case=case)
            .select_related("kind", "signer")
            .prefetch_related("endorsements__by")
        }
        return [
            self._inquiry(
                inquiry,
                offers,
                tasks=tasks,
                refusals=[row for row in rows if row.refusal.inquiry_id == inquiry.pk],
                documents=documents,
            )
            for inquiry in _of_case(case)
        ]

    def _inquiry(
        self,
        inquiry: Inquiry,
        offers: Offers,
        *,
        tasks: dict[int, list[Task]],
        refusals: list[RefusalRow],
        documents: dict[str, IssuedDocument],
    ) -> InquiryView:
        processes = list(inquiry.processes.all())
        keys = [*map(reply_key, processes), *(letter_key(each) for row in refusals for each in row.processes)]
        return InquiryView(
            inquiry,
            runs=[(process, tasks.get(process.pk, [])) for process in processes],
            documents=[documents[key] for key in keys if key in documents],
            offers=offers,
            refusals=refusals,
        )


def _by_run(tasks: Iterable[Task]) -> tuple[dict[int, list[Task]], dict[int, list[Task]]]:
    """The tasks of inquiries by their run, and those of refusals by the refusal."""
    of_inquiries: dict[int, list[Task]] = {}
    of_refusals: dict[int, list[Task]] = {}
    for task in tasks:
        refusal = getattr(task.process, "refusalprocess", None)
        if refusal is None:
            of_inquiries.setdefault(task.process_id, []).append(task)
        else:
            of_refusals.setdefault(refusal.refusal_id, []).append(task)
    return of_inquiries, of_refusals


def _of_case(case: Case) -> QuerySet[Inquiry]:
    return (
        case.inquiries.select_related(
            "case", "agency", "press_agency", "journalist", "topic", "lead_unit", "registered_by", "follows"
        )
        .prefetch_related(
            "questions__purge__purged_by",
            "attachments",
            "coordinating_units",
            "versions__author",
            "versions__verdicts__by",
            "clock_stops__stopped_by",
            "clock_stops__restarted_by",
            "opinions__asked_of",
            "opinions__asked_by",
            "opinions__recorded_by",
            "publications__recorded_by",
            "incoming_mails",
            Prefetch("outgoing_mails", queryset=OutgoingMail.objects.exclude(key__endswith=":reminder")),
            "processes",
            Prefetch("deadlines", queryset=deadlines.all_with_history(), to_attr="all_deadlines"),
        )
        .order_by("created_at", "pk")
    )


@require_safe
@login_required
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of an attachment."""
    row = Attachment.objects.select_related("inquiry__case").filter(pk=pk).exclude(sha256="").first()
    if row is None:
        raise NotFound(_("There is no such file, or it is not open to you."))
    permissions.check_can_see(cast(Person, request.user), row.inquiry.case, at=clock.now())
    return download(files.read(row.sha256), name=row.name, media_type=row.media_type)


def download(data: bytes, *, name: str, media_type: str = "") -> HttpResponse:
    """Bytes that came from outside: always to be saved and never shown in the page."""
    response = HttpResponse(data, content_type=media_type or "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
