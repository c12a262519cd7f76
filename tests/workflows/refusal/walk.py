"""A hand that walks a refusal through its procedure, beside the inquiry it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.models import Person, Provision, Question
from tests.walk import Walk
from workflows import base
from workflows.base import Step
from workflows.press_inquiry.actions import refusals
from workflows.refusal import queries
from workflows.refusal.actions import deciding, issuing, proposing, reconsidering, releasing
from workflows.refusal.models import Outcome, Refusal, RefusalProcess, Result, VersionStep, WatchKind
from workflows.refusal.rules.proposals import Proposal
from workflows.tasks import run_job

REASON = (
    "Việc công bố lúc này làm lộ hướng xác minh và gây bất lợi cho người tố cáo, đoàn chưa kết thúc làm việc."
)
FACTS = {
    "secret": {"secret": "state", "list": "Quyết định số 01/2026/QĐ-TTg (giả định), mục 2", "level": "secret"},
    "investigation": {
        "criminal_case": "Vụ án A (giả định)", "body": "Cơ quan Cảnh sát điều tra (giả định)", "no_help_needed": "yes",
    },
    "inspection": {
        "matter": "inspection", "decision": "Quyết định thanh tra số 5/QĐ-TTr ngày 01/6/2026 (giả định)",
        "no_conclusion": "yes", "rule": "Điều 10 Luật Thanh tra (giả định)",
    },
    "draft_policy": {"draft": "Dự thảo Đề án X (giả định)", "authority": "Ủy ban nhân dân tỉnh (giả định)"},
}  # fmt: skip
WATCHED = {
    "secret": WatchKind.DECLASSIFICATION,
    "investigation": WatchKind.TRIAL,
    "inspection": WatchKind.CONCLUSION,
    "draft_policy": WatchKind.APPROVAL,
}
POINTS = {"secret": "a", "investigation": "b", "inspection": "c", "draft_policy": "d"}


def ground(kind: str, *, law: str = "126/2025/QH15") -> Provision:
    return Provision.objects.filter(instrument__number=law, ground_kind=kind).latest("valid_from")


def proposal(kind: str = "inspection", *, law: str = "126/2025/QH15", **changes: Any) -> Proposal:
    """A proposal that can stand, on the ground of this kind."""
    given: dict[str, Any] = {
        "outcome": Outcome.REFUSED, "ground": ground(kind, law=law), "facts": FACTS[kind], "reason": REASON,
        "watch_kind": WATCHED[kind],
    }  # fmt: skip
    return Proposal(**{**given, **changes})


@dataclass
class RefusalWalk:
    """The refusal of one question on its way; its clock and its people are those of the inquiry's walk."""

    walk: Walk
    number: int = 1
    proposal: Proposal = field(default_factory=proposal)

    @property
    def question(self) -> Question:
        return self.walk.inquiry.questions.get(number=self.number)

    @property
    def refusal(self) -> Refusal:
        return queries.with_words(Refusal.objects.filter(question=self.question)).latest("pk")

    @property
    def process(self) -> RefusalProcess:
        process = RefusalProcess.objects.filter(refusal=self.refusal).latest("pk")
        assert isinstance(process, RefusalProcess)
        return process

    @property
    def steps(self) -> set[str]:
        closed = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
        return {task.flow_task.name for task in self.process.task_set.exclude(status__in=closed)}

    @property
    def end(self) -> str:
        """The name of the end the latest run has reached."""
        ends = [task.flow_task.name for task in self.process.task_set.filter(flow_task_type="END")]
        return "".join(ends)

    @property
    def sha256(self) -> str:
        version = queries.latest_version(self.refusal)
        assert version is not None
        return version.sha256

    def task(self, node: str) -> Task:
        flow_task = self.process.flow_class.instance.node(node)
        return self.process.task_set.filter(flow_task=flow_task).latest("pk")

    def act(self, node: str, by: Person, perform: Callable[[Step], Any]) -> Step:
        self.walk.tick()
        step = base.execute(self.task(node).pk, by=by, perform=perform)
        self.run_jobs()
        return step

    def run_jobs(self) -> None:
        for task in self.process.task_set.filter(flow_task_type="JOB", status=STATUS.SCHEDULED):
            if task.flow_task.is_ready(task.process.coerced):
                run_job(task.pk, task.external_task_id)
        self.walk.inquiry.refresh_from_db()
        self.walk.run_jobs()

    def ask(self, node: str = "review", by: Person | None = None, remark: str = "") -> Refusal:
        """Asked for at the step at which the inquiry stands."""
        cast = self.walk.cast
        usual = {
            "triage": cast.chief,
            "review": cast.unit_head,
            "clear": cast.legal,
            "decide": cast.spokesperson,
        }
        self.walk.tick()
        refusals.ask(self.walk.task(node).pk, questions=[self.question], by=by or usual[node], remark=remark)
        self.walk.inquiry.refresh_from_db()
        return self.refusal

    def propose(self, by: Person | None = None, **changes: Any) -> Step:
        given = changes.pop("proposal", self.proposal)
        return self.act(
            "propose",
            by or self.walk.cast.specialist,
            lambda step: proposing.propose(process=step.process, proposal=given, by=step.by, at=step.at),
        )

    def review(self, by: Person | None = None) -> Step:
        sha256 = self.sha256
        return self.act(
            "review",
            by or self.walk.cast.legal,
            lambda step: proposing.confirm(process=step.process, sha256=sha256, by=step.by, at=step.at),
        )

    def change(self, to: Proposal, by: Person | None = None) -> Step:
        sha256 = self.sha256
        return self.act(
            "review",
            by or self.walk.cast.legal,
            lambda step: proposing.change(
                process=step.process, sha256=sha256, proposal=to, by=step.by, at=step.at
            ),
        )

    def to_answer(self, node: str = "review", by: Person | None = None) -> Step:
        usual = {
            "propose": self.walk.cast.specialist,
            "review": self.walk.cast.legal,
            "decide": self.walk.cast.head,
        }
        return self.act(
            node,
            by or usual[node],
            lambda step: proposing.to_answer(
                process=step.process, step=node, reason="Trả lời được.", by=step.by, at=step.at
            ),
        )

    def send_back(self, node: VersionStep | str = "review", by: Person | None = None) -> Step:
        sha256 = self.sha256
        return self.act(
            node,
            by or (self.walk.cast.legal if node == "review" else self.walk.cast.head),
            lambda step: proposing.send_back(
                process=step.process, step=str(node), sha256=sha256, reason="Thiếu.", by=step.by, at=step.at
            ),
        )

    def decide(self, by: Person | None = None, *, at_once: bool = False) -> Step:
        sha256 = self.sha256
        return self.act(
            "decide",
            by or self.walk.cast.head,
            lambda step: deciding.decide(
                process=step.process, sha256=sha256, by=step.by, at=step.at, at_once=at_once
            ),
        )

    @property
    def pdf(self) -> str:
        document = queries.letter(self.process)
        assert document is not None
        return document.pdf_sha256

    def sign(self, by: Person | None = None) -> Step:
        return self.act(
            "sign",
            by or self.walk.cast.head,
            lambda step: issuing.sign(process=step.process, pdf_sha256=self.pdf, by=step.by, at=step.at),
        )

    def stamp(self, by: Person | None = None) -> Step:
        return self.act(
            "stamp",
            by or self.walk.cast.clerk,
            lambda step: issuing.stamp(process=step.process, pdf_sha256=self.pdf, by=step.by, at=step.at),
        )

    def release(self, by: Person | None = None) -> Step:
        return self.act(
            "release",
            by or self.walk.cast.head,
            lambda step: releasing.release(process=step.process, by=step.by, at=step.at),
        )

    def ask_again(self, by: Person | None = None) -> None:
        """The journalist asks to look at it again."""
        at = self.walk.tick(hours=1)
        request = reconsidering.Request(
            received_at=at, asked_by="Báo Mẫu (giả định)", gist="Việc thanh tra đã xong."
        )
        reconsidering.ask(refusal=self.refusal, request=request, by=by or self.walk.cast.contact)

    def reconsider(self, result: Result = Result.UPHELD, by: Person | None = None) -> Step:
        return self.act(
            "reconsider",
            by or self.walk.cast.deputy,
            lambda step: reconsidering.judge(
                process=step.process, result=result, reason=REASON, by=step.by, at=step.at
            ),
        )

    def approve(self, by: Person | None = None) -> Step:
        return self.act(
            "approve",
            by or self.walk.cast.head,
            lambda step: reconsidering.approve(process=step.process, by=step.by, at=step.at),
        )

    def to(self, node: str) -> RefusalWalk:
        """Walk on, each step by the right person, until the refusal waits at `node` or its run has ended."""
        while node not in self.steps and self.steps:
            (waiting,) = self.steps
            getattr(self, waiting)()
        return self
