"""How a delegation begins, and what is done beside its path."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core import clock, files, permissions
from core.enums import Codename
from core.errors import NotFound
from core.models import Case, Person
from documents.actions.issuing import EnteredNumber
from workflows.case_acts import CaseAct
from workflows.delegation import queries
from workflows.delegation.actions import ending, filing, issuing, opening
from workflows.delegation.forms.drafting import ProposalForm, ReportForm
from workflows.delegation.forms.signing import FilePaperForm, LetterNumberForm, RevokeForm
from workflows.delegation.models import Delegation
from workflows.delegation.permissions import check_can_report
from workflows.once import once


def step_of(delegation: Delegation, node: str) -> str:
    """The page of the step that waits now, or of the delegation."""
    task = queries.running(delegation, node)
    return reverse("step", args=[task.pk]) if task else reverse("delegation", args=[delegation.pk])


class Opening(CaseAct):
    """Opens one delegation, also where the form was sent twice."""

    codename = Codename.DRAFT_DELEGATION
    what: ClassVar[str]

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "token": uuid4()}

    def open(self, request: str) -> Delegation:
        raise NotImplementedError

    def perform(self, form: Any) -> None:
        self.opened = once(
            lambda: self.open(form.cleaned_data["request"]),
            what=f"{self.what}:{self.case.pk}",
            token=form.cleaned_data["token"],
            by=self.person,
            among=Delegation.objects.filter(case=self.case, opened_by=self.person),
        )


class Report(Opening):
    """Open to whoever may speak on the case, whatever roles they hold."""

    what = "delegation_report"
    form_class = ReportForm
    title = gettext_lazy("Report that you cannot speak")
    lead = gettext_lazy(
        "A mandate to speak is never passed on. You report; the head then delegates somebody of the agency."
    )
    submit = gettext_lazy("Report")
    done_message = gettext_lazy("Reported. The delegation can be drafted now.")

    def check_right(self) -> None:
        permissions.check_active(self.person)
        check_can_report(self.person, self.case, at=self.at)

    def open(self, request: str) -> Delegation:
        return opening.report(case=self.case, request=request, by=self.person)


class Propose(Opening):
    what = "delegation_propose"
    form_class = ProposalForm
    title = gettext_lazy("Propose a delegation")
    lead = gettext_lazy("For this one case, for a limited term. The draft comes next; the head signs.")
    submit = gettext_lazy("Go on to the draft")

    def open(self, request: str) -> Delegation:
        return opening.propose(case=self.case, request=request, by=self.person)

    def perform(self, form: Any) -> None:
        super().perform(form)
        self.next_address = step_of(self.opened, "draft")


class FilePaper(CaseAct):
    form_class = FilePaperForm
    codename = Codename.REGISTER_DELEGATION
    title = gettext_lazy("File a delegation signed on paper")
    lead = gettext_lazy(
        "It is judged by the law of the instant of signing, and counts as known from now: what was said before "
        "now was said without a mandate known to the system."
    )
    submit = gettext_lazy("File the letter")
    done_message = gettext_lazy("The letter is filed with its number, and the delegation is recorded.")

    def perform(self, form: Any) -> None:
        delegation = filing.file_paper(
            case=self.case, draft=form.draft(is_on_paper=True), paper=form.paper(), by=self.person
        )
        self.next_address = reverse("delegation", args=[delegation.pk])


class DelegationAct(CaseAct):
    """An act on one delegation."""

    delegation: Delegation

    def find_case(self, pk: int) -> Case:
        self.delegation = delegation_or_404(pk)
        return self.delegation.case

    def get_success_url(self) -> str:
        return reverse("delegation", args=[self.delegation.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"delegation": self.delegation}


def delegation_or_404(pk: int) -> Delegation:
    rows = Delegation.objects.select_related("case__agency__parent", "to", "mandate", "document", "opened_by")
    delegation = rows.filter(pk=pk).first()
    if delegation is None:
        raise NotFound(_("There is no such delegation, or it is not open to you."))
    return delegation


class Revoke(DelegationAct):
    form_class = RevokeForm
    codename = Codename.DELEGATE_SPEAKING
    title = gettext_lazy("Revoke the delegation")
    lead = gettext_lazy(
        "It ends at once, or with effect from earlier, also for a page that is already open. What was said before "
        "stays a statement."
    )
    submit = gettext_lazy("Revoke")
    done_message = gettext_lazy("Revoked. Nobody speaks under this delegation any more.")

    def check_situation(self) -> None:
        permissions.check_heads(self.person, agency=self.case.agency, at=self.at)

    def perform(self, form: Any) -> None:
        ending.revoke(delegation=self.delegation, by=self.person, **form.cleaned_data)


class EnterLetterNumber(DelegationAct):
    form_class = LetterNumberForm
    codename = Codename.ENTER_NUMBER
    title = gettext_lazy("Enter the number of the delegation letter")
    lead = gettext_lazy(
        "The delegation is drafted and waits for the number from the office's own document system. "
        "With it the letter is made and goes to the head to be signed."
    )
    submit = gettext_lazy("Enter the number")
    done_message = gettext_lazy("The number is entered; the document is being made.")

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "issued_on": self.at.astimezone(clock.ZONE).date()}

    def perform(self, form: Any) -> None:
        entered = EnteredNumber(**form.cleaned_data)
        issuing.enter_number(delegation=self.delegation, entered=entered, by=self.person)


@require_safe
@login_required
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of a letter signed on paper, always to be saved and never shown in the page."""
    delegation = delegation_or_404(pk)
    permissions.check_can_see(cast(Person, request.user), delegation.case, at=clock.now())
    if not delegation.scan_sha256:
        raise NotFound(_("There is no such file, or it is not open to you."))
    response = HttpResponse(files.read(delegation.scan_sha256), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=delegation.scan_name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
