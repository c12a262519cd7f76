"""One inquiry as the case page shows it: from rows already fetched, without asking the database again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import Codename, Numbering
from core.models import Attachment, Inquiry
from documents.models import IssuedDocument
from workflows import diagram
from workflows.base import OPEN
from workflows.nodes import Gate
from workflows.press_inquiry import queries as press_inquiry
from workflows.press_inquiry.models import ClockStop, DraftVersion, PressInquiryProcess, Verdict
from workflows.refusal.models import RefusalProcess
from workflows.refusal.queries import letter_key
from workflows.refusals.rows import OnQuestion, RefusalRow, by_question
from workflows.views.acts import Offer, Offers

Run = tuple[PressInquiryProcess, list[Task]]


@dataclass(frozen=True)
class AttachedFile:
    """A row as the list of attachments takes it."""

    name: str
    size: int
    type: str
    url: str
    note: str = ""


class InquiryView:
    def __init__(
        self,
        inquiry: Inquiry,
        *,
        runs: Sequence[Run],
        documents: list[IssuedDocument],
        offers: Offers,
        refusals: Sequence[RefusalRow] = (),
    ) -> None:
        self.inquiry = inquiry
        self.documents = documents
        self.refusals = refusals
        self._runs = sorted(runs, key=lambda run: run[0].pk)
        self._offers = offers

    @property
    def _tasks(self) -> list[Task]:
        """Those of the latest run; an earlier one has ended."""
        return self._runs[-1][1] if self._runs else []

    @cached_property
    def diagram(self) -> diagram.Diagram | None:
        if not self._runs:
            return None
        process, tasks = self._runs[-1]
        outcome = self.inquiry.get_outcome_display() if self.inquiry.is_ended else ""
        return diagram.of_run(process.flow_class, tasks, outcome=outcome)

    @property
    def run_number(self) -> int:
        return len(self._runs)

    @property
    def version_of_procedure(self) -> str:
        return self._runs[-1][0].definition_version if self._runs else ""

    @property
    def _waiting(self) -> list[Task]:
        return [task for task in self._tasks if task.status in OPEN and hasattr(task, "assignment")]

    @cached_property
    def steps(self) -> list[Offer]:
        of_refusals = chain.from_iterable(row.steps for row in self.refusals)
        return [
            *self._offers.steps([*self._waiting, *of_refusals]),
            *self._number_to_enter(),
            *self._refusal_numbers(),
        ]

    @cached_property
    def beside(self) -> list[Offer]:
        return self._offers.beside(self.inquiry, waiting=self._waiting)

    @property
    def questions(self) -> list[OnQuestion]:
        return by_question(self.inquiry.questions.all(), self.refusals)

    @property
    def may_purge(self) -> bool:
        """Whether a state secret found now may be removed at once by the person."""
        may = self._offers.may(Codename.CLEAR_DRAFT) or self._offers.may(Codename.TRIAGE_INQUIRY)
        return may and self.inquiry.answer_owed and not self.inquiry.is_ended

    @property
    def waits_at(self) -> str:
        """The name of the gate at which the run waits for its refusals."""
        gates = [task for task in self._tasks if task.status == STATUS.NEW]
        return next((task.flow_task.name for task in gates if isinstance(task.flow_task, Gate)), "")

    @property
    def waits_for(self) -> list[RefusalRow]:
        return [row for row in self.refusals if row.waits]

    @property
    def failed_jobs(self) -> list[Task]:
        failed = [task for task in self._tasks if task.status == STATUS.ERROR]
        return [*failed, *chain.from_iterable(row.failed_jobs for row in self.refusals)]

    @property
    def may_retry(self) -> bool:
        return self._offers.may(Codename.TRIAGE_INQUIRY)

    def _number_to_enter(self) -> list[Offer]:
        """Where the agency takes its numbers from elsewhere and the approved reply waits for one."""
        waits = any(
            task.status == STATUS.SCHEDULED and task.flow_task.name == "issue" for task in self._tasks
        )
        process = self._runs[-1][0] if self._runs else None
        numbered = {document.key for document in self.documents}
        if process is None or not waits or press_inquiry.reply_key(process) in numbered:
            return []
        if self.inquiry.agency.numbering != Numbering.ENTERED:
            return []
        why = self._offers.why_no_role(Codename.ENTER_NUMBER)
        url = reverse("enter_number", args=[self.inquiry.pk])
        return [Offer(label=_("Enter the document number"), icon="hash", url=url, why=why)]

    def _refusal_numbers(self) -> list[Offer]:
        """The letters of refusal that wait for a number from elsewhere."""
        if self.inquiry.agency.numbering != Numbering.ENTERED:
            return []
        why = self._offers.why_no_role(Codename.ENTER_NUMBER)
        label = _("Enter the number of the letter of refusal")
        return [
            Offer(label=label, icon="hash", url=reverse("enter_refusal_number", args=[process.pk]), why=why)
            for row in self.refusals
            if (process := self._without_a_number(row)) is not None
        ]

    def _without_a_number(self, row: RefusalRow) -> RefusalProcess | None:
        waiting = [task for task in row.tasks if task.status == STATUS.SCHEDULED]
        numbered = {document.key for document in self.documents}
        for task in waiting:
            process: RefusalProcess = task.process.refusalprocess
            if task.flow_task.name == "issue" and letter_key(process) not in numbered:
                return process
        return None

    @property
    def stopped(self) -> ClockStop | None:
        return next((stop for stop in self.inquiry.clock_stops.all() if stop.restarted_at is None), None)

    @property
    def attachments(self) -> list[AttachedFile]:
        return [_attached(row) for row in self.inquiry.attachments.all()]

    @cached_property
    def versions(self) -> list[DraftVersion]:
        return sorted(self.inquiry.versions.all(), key=lambda version: version.number)

    @property
    def verdicts(self) -> list[Verdict]:
        """What was decided of which version, in the order it was decided."""
        found = chain.from_iterable(version.verdicts.all() for version in self.versions)
        return sorted(found, key=lambda verdict: (verdict.at, verdict.pk))

    @property
    def latest(self) -> DraftVersion | None:
        return self.versions[-1] if self.versions else None


def _attached(row: Attachment) -> AttachedFile:
    if row.is_purged:
        return AttachedFile(
            name=_("Removed file"),
            size=row.size,
            type=row.media_type,
            url="",
            note=_("purged: handled off-system"),
        )
    url = reverse("attachment", args=[row.pk])
    return AttachedFile(name=row.name, size=row.size, type=row.media_type, url=url)
