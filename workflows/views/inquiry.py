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
from workflows.press_inquiry import queries as press_inquiry
from workflows.press_inquiry.models import ClockStop, DraftVersion, PressInquiryProcess, Verdict
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
        self, inquiry: Inquiry, *, runs: Sequence[Run], documents: list[IssuedDocument], offers: Offers
    ) -> None:
        self.inquiry = inquiry
        self.documents = documents
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
        return [*self._offers.steps(self._waiting), *self._number_to_enter()]

    @cached_property
    def beside(self) -> list[Offer]:
        return self._offers.beside(self.inquiry)

    @property
    def failed_jobs(self) -> list[Task]:
        return [task for task in self._tasks if task.status == STATUS.ERROR]

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
