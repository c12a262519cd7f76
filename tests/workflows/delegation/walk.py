"""A hand that walks a delegation through its procedure as the people of a small agency would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.actions import casefile
from core.enums import Circumstance
from core.models import Case, Mandate, Person
from documents.actions.issuing import EnteredNumber
from tests.walk import ZONE, Cast
from workflows import base
from workflows.delegation import queries
from workflows.delegation.actions import confirming, drafting, ending, filing, issuing, opening
from workflows.delegation.actions.drafting import DraftGiven
from workflows.delegation.actions.filing import PaperLetter
from workflows.delegation.models import Delegation
from workflows.tasks import run_job

MONDAY = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
WEDNESDAY = datetime(2026, 7, 15, 17, 0, tzinfo=ZONE)
FRIDAY_BEFORE = datetime(2026, 7, 10, 9, 0, tzinfo=ZONE)
SCAN = ("giay-uy-quyen.pdf", b"%PDF-1.4\n%scan\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@dataclass
class DelegationWalk:
    """One delegation on its way: proposed on Friday, for Monday 08:00 to Wednesday 17:00."""

    cast: Cast
    set_clock: Callable[[datetime], None]
    at: datetime = FRIDAY_BEFORE
    to: Person | None = None
    case: Case = field(init=False)
    delegation: Delegation = field(init=False)

    def __post_init__(self) -> None:
        self.set_clock(self.at)
        self.case = casefile.open_case(agency=self.cast.agency, title="Kỳ thi tuyển", by=None, at=self.at)

    def now(self, at: datetime) -> None:
        self.at = at
        self.set_clock(at)

    def draft_given(self, **changes: Any) -> DraftGiven:
        given: dict[str, Any] = {
            "to": self.to or self.cast.unit_head,
            "valid_from": MONDAY,
            "valid_until": WEDNESDAY,
            "circumstance": Circumstance.ASSIGNED,
            "reason": "Trưởng phòng nắm rõ vụ việc.",
        }
        return DraftGiven(**{**given, **changes})

    def propose(self, by: Person | None = None) -> Delegation:
        self.delegation = opening.propose(case=self.case, request="", by=by or self.cast.contact)
        return self.delegation

    def report(self, by: Person | None = None, request: str = "Đi công tác.") -> Delegation:
        self.delegation = opening.report(case=self.case, request=request, by=by or self.cast.spokesperson)
        return self.delegation

    def task(self, node: str) -> Task:
        task = queries.running(self.delegation, node)
        assert task is not None, f"nothing waits at {node}, but at {self.steps}"
        return task

    @property
    def steps(self) -> set[str]:
        """The names of the open tasks, joins apart."""
        closed = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
        tasks = Task.objects.filter(process__delegationprocess__delegation=self.delegation)
        return {task.flow_task.name for task in tasks.exclude(status__in=closed)} - {"settled"}

    def act(self, node: str, by: Person, perform: Callable[[base.Step], Any]) -> None:
        base.execute(self.task(node).pk, by=by, perform=perform)
        self.run_jobs()

    def run_jobs(self) -> None:
        """Do what the worker would do with the jobs now queued."""
        self.delegation = Delegation.objects.get(pk=self.delegation.pk)
        for task in Task.objects.filter(
            process__delegationprocess__delegation=self.delegation,
            flow_task_type="JOB",
            status=STATUS.SCHEDULED,
        ):
            if task.flow_task.is_ready(task.process.coerced):
                run_job(task.pk, task.external_task_id)
        self.delegation.refresh_from_db()

    def draft(self, by: Person | None = None, **changes: Any) -> None:
        given = self.draft_given(**changes)
        self.act(
            "draft",
            by or self.cast.contact,
            lambda step: drafting.hand_in(process=step.process, draft=given, by=step.by, at=step.at),
        )

    def _pdf(self) -> str:
        document = queries.letter(self.delegation)
        assert document is not None
        return document.pdf_sha256

    def sign(self, by: Person | None = None) -> Mandate:
        sha256 = self._pdf()
        self.act(
            "sign",
            by or self.cast.head,
            lambda step: issuing.sign(process=step.process, pdf_sha256=sha256, by=step.by, at=step.at),
        )
        return self.mandate

    def stamp(self, by: Person | None = None) -> None:
        sha256 = self._pdf()
        self.act(
            "stamp",
            by or self.cast.clerk,
            lambda step: issuing.stamp(process=step.process, pdf_sha256=sha256, by=step.by, at=step.at),
        )

    @property
    def mandate(self) -> Mandate:
        return Mandate.objects.get(delegation=self.delegation)

    def signed(self, **changes: Any) -> Mandate:
        """Proposed, drafted and signed on Friday."""
        self.propose()
        self.draft(**changes)
        return self.sign()

    def paper(
        self, *, signed_at: datetime, number: int = 7, on: date | None = None, **changes: Any
    ) -> PaperLetter:
        entered = EnteredNumber(number=number, issued_on=on or signed_at.astimezone(ZONE).date())
        return PaperLetter(
            **{
                "entered": entered,
                "signed_by": self.cast.head,
                "signed_at": signed_at,
                "scan": SCAN,
                **changes,
            }
        )

    def file_paper(
        self, *, signed_at: datetime, by: Person | None = None, number: int = 7, **changes: Any
    ) -> Mandate:
        self.delegation = filing.file_paper(
            case=self.case, draft=self.draft_given(is_on_paper=True, **changes),
            paper=self.paper(signed_at=signed_at, number=number), by=by or self.cast.clerk,
        )  # fmt: skip
        return self.mandate

    def revoke(self, by: Person | None = None, reason: str = "Giám đốc đã về.", **changes: Any) -> None:
        ending.revoke(delegation=self.delegation, reason=reason, by=by or self.cast.head, **changes)
        self.delegation.refresh_from_db()

    def confirm(self, by: Person) -> None:
        self.act("confirm", by, lambda step: confirming.confirm(process=step.process, by=step.by, at=step.at))


def later(instant: datetime, **span: float) -> datetime:
    return instant + timedelta(**span)
