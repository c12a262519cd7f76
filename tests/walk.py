"""A small agency with its people, and a hand that walks an inquiry through the procedure as they would.

A flow test reads as the procedure: `walk = Walk(cast)`, `walk.to("decide")`, `walk.decide()`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, Permission
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.actions import people, reference
from core.enums import (
    AgencyKind,
    Capacity,
    Channel,
    Competence,
    Numbering,
    PostKind,
    ReplyForm,
    Role,
    StatementForm,
)
from core.models import Agency, Inquiry, Person, RoleAssignment, Unit
from documents.actions import reference as document_kinds
from documents.models import DocumentKind
from tests import factories
from tests.law import FIXTURES, load_law
from workflows import base
from workflows.base import Step
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import (
    drafting,
    following,
    issuing,
    judging,
    registering,
    releasing,
    running,
    triaging,
)
from workflows.press_inquiry.models import PressInquiryProcess, Quotation, TriageExit, VerdictStep
from workflows.tasks import run_job

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
SINCE = datetime(2026, 7, 1, tzinfo=ZONE)


@dataclass
class Cast:
    """The people of one department, each by role, and one stranger from another department."""

    agency: Agency
    office: Unit
    division: Unit
    contact: Person
    clerk: Person
    chief: Person
    unit_head: Person
    specialist: Person
    colleague: Person
    legal: Person
    head: Person
    spokesperson: Person
    deputy: Person
    auditor: Person
    administrator: Person
    stranger: Person

    def everybody(self) -> list[Person]:
        return [value for value in self.__dict__.values() if isinstance(value, Person)]


@cache
def reference_rows(name: str) -> list[dict[str, Any]]:
    return [row for row in reference.read_rows(FIXTURES / name) if "code" in row]


def load_roles() -> None:
    """The roles of the fixtures, written at once, because nearly every test asks for them."""
    if Group.objects.exists():
        return
    rows = reference_rows("roles.json")
    groups = Group.objects.bulk_create(Group(name=row["code"]) for row in rows)
    rights = dict(Permission.objects.filter(content_type__model="case").values_list("codename", "pk"))
    held = Group.permissions.through
    held.objects.bulk_create(
        held(group_id=group.pk, permission_id=rights[codename])
        for group, row in zip(groups, rows, strict=True)
        for codename in row["permissions"]
    )


def load_document_kinds() -> None:
    if not DocumentKind.objects.exists():
        rows = reference_rows("document_kinds.json")
        DocumentKind.objects.bulk_create(DocumentKind(**document_kinds._cleaned(row)) for row in rows)


def make_cast(
    *, code: str = "SNV-X", numbering: Numbering = Numbering.OWN_SERIES, legal: bool = True
) -> Cast:
    """A department under its committee, staffed since 1/7/2026, with another department's head as stranger."""
    load_roles()
    load_document_kinds()
    load_law()
    province = factories.make_agency(code=f"UBND-{code}", kind=AgencyKind.PROVINCIAL_COMMITTEE)
    agency = factories.make_agency(
        code=code, symbol="SNV", parent=province, place_name="Tỉnh Mẫu", numbering=numbering,
        valid_from=SINCE.date() - timedelta(days=3650), phone="0000 000 100", mailbox=f"bao.chi@{code.lower()}.example",
        follow_up_days=5,
    )  # fmt: skip
    office = factories.make_unit(agency=agency, code="VP", symbol="VP")
    division = factories.make_unit(agency=agency, code="TCBC", symbol="TCBC")

    def person(
        name: str, *roles: tuple[Role, Unit | None], post: str = "Công chức", unit: Unit | None = None
    ) -> Person:
        made = factories.make_person(
            username=f"{code}.{name}".lower(),
            full_name=f"{name.title()} of {code}",
            email=f"{name}@{code.lower()}.example",
        )
        factories.make_post(person=made, agency=agency, unit=unit, title=post, valid_from=SINCE)
        for role, at_unit in roles:
            give(made, role, agency=agency, unit=at_unit)
        return made

    head = factories.make_person(username=f"{code}.head".lower(), full_name=f"Head of {code}")
    people.appoint(
        person=head,
        agency=agency,
        kind=PostKind.HEAD,
        title="Giám đốc Sở",
        valid_from=SINCE,
        at=SINCE,
        by=None,
    )
    people.grant_capacity(
        person=head,
        agency=agency,
        capacity=Capacity.DIRECT,
        title_line="GIÁM ĐỐC",
        valid_from=SINCE,
        by=None,
        at=SINCE,
    )
    give(head, Role.HEAD, agency=agency)
    spokesperson = person("spokesperson", (Role.SPOKESPERSON, None), post="Phó Chánh Văn phòng")
    factories.make_standing(person=spokesperson, agency=agency, number=f"10/QĐ-{code}", valid_from=SINCE)
    other = factories.make_agency(code=f"{code}-OTHER")
    stranger = factories.make_person(username=f"{code}.stranger".lower(), full_name="Stranger")
    people.appoint(
        person=stranger,
        agency=other,
        kind=PostKind.HEAD,
        title="Giám đốc",
        valid_from=SINCE,
        at=SINCE,
        by=None,
    )
    for role in Role:
        give(stranger, role, agency=other)
    return Cast(
        agency=agency,
        office=office,
        division=division,
        contact=person("contact", (Role.PRESS_CONTACT, None)),
        clerk=person("clerk", (Role.CLERK, None)),
        chief=person("chief", (Role.CHIEF_OF_OFFICE, None), post="Chánh Văn phòng", unit=office),
        unit_head=person("unit_head", (Role.UNIT_HEAD, division), post="Trưởng phòng", unit=division),
        specialist=person("specialist", (Role.SPECIALIST, division), unit=division),
        colleague=person("colleague", (Role.SPECIALIST, division), unit=division),
        legal=person("legal", *([(Role.LEGAL_OFFICER, None)] if legal else [])),
        head=head,
        spokesperson=spokesperson,
        deputy=person("deputy", (Role.DEPUTY_HEAD, None), post="Phó Giám đốc Sở"),
        auditor=person("auditor", (Role.AUDITOR, None)),
        administrator=person("administrator", (Role.ADMINISTRATOR, None)),
        stranger=stranger,
    )


def give(person: Person, role: Role, *, agency: Agency, unit: Unit | None = None) -> RoleAssignment:
    """Let a person play a role; the action that does it with its trail entry has tests of its own."""
    group = Group.objects.get(name=role)
    return RoleAssignment.objects.create(
        person=person, group=group, agency=agency, unit=unit, valid_from=SINCE
    )


@dataclass
class Walk:
    """One inquiry on its way. Each method is one step, done by the right person unless told otherwise."""

    cast: Cast
    set_clock: Callable[[datetime], None]
    at: datetime = START
    reply_form: ReplyForm = ReplyForm.LETTER
    questions: tuple[str, ...] = ("Bao giờ công bố kết quả?", "Có bao nhiêu thí sinh?")
    redirected: tuple[int, ...] = ()
    exit: TriageExit = TriageExit.HANDLE
    email: str = "phongvien@bao.example"
    inquiry: Inquiry = field(init=False)

    def __post_init__(self) -> None:
        self.set_clock(self.at)

    @property
    def process(self) -> PressInquiryProcess:
        process = PressInquiryProcess.objects.filter(inquiry=self.inquiry).latest("pk")
        assert isinstance(process, PressInquiryProcess)
        return process

    @property
    def steps(self) -> set[str]:
        """The names of the open tasks."""
        closed = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
        return {task.flow_task.name for task in self.process.task_set.exclude(status__in=closed)}

    @property
    def done(self) -> list[str]:
        finished = self.process.task_set.filter(status=STATUS.DONE).order_by("pk")
        return [task.flow_task.name for task in finished]

    def task(self, node: str) -> Task:
        return self.process.task_set.filter(flow_task=self.process.flow_class.instance.node(node)).latest(
            "pk"
        )

    def tick(self, **span: float) -> datetime:
        """Let time pass, a minute unless told."""
        self.at += timedelta(**(span or {"minutes": 1}))
        self.set_clock(self.at)
        return self.at

    def act(self, node: str, by: Person, perform: Callable[[Step], Any]) -> Step:
        self.tick()
        step = base.execute(self.task(node).pk, by=by, perform=perform)
        self.inquiry.refresh_from_db()
        self.run_jobs()
        return step

    def run_jobs(self) -> None:
        """Do what the worker would do with the jobs now queued."""
        for task in self.process.task_set.filter(flow_task_type="JOB", status=STATUS.SCHEDULED):
            if task.flow_task.is_ready(task.process.coerced):
                run_job(task.pk, task.external_task_id)

    def registration(self, **changes: Any) -> registering.Registration:
        given: dict[str, Any] = {
            "channel": Channel.LETTER,
            "received_at": self.at - timedelta(hours=1),
            "asker_name": "Phóng viên A (giả định)",
            "asker_email": self.email,
            "press_agency_name": "Báo Mẫu (giả định)",
            "subject": "Kết quả kỳ thi",
            "questions": self.questions,
            "confirmed_new": True,
        }
        return registering.Registration(**{**given, **changes})

    def register(self, by: Person | None = None, **changes: Any) -> Inquiry:
        self.inquiry = running.start_by_hand(
            agency=self.cast.agency, registration=self.registration(**changes), by=by or self.cast.contact
        )
        self.run_jobs()
        return self.inquiry

    def triage(self, by: Person | None = None, **changes: Any) -> Step:
        findings = {
            question.number: triaging.Finding(
                competence=Competence.OTHER_AGENCY, redirected_to="Sở Y tế (giả định)"
            )
            if question.number in self.redirected
            else triaging.Finding(competence=Competence.OURS)
            for question in self.inquiry.questions.all()
        }
        given: dict[str, Any] = {"exit": self.exit, "findings": findings, "lead_unit": self.cast.division}
        decision = triaging.TriageDecision(**{**given, **changes})
        return self.act(
            "triage",
            by or self.cast.chief,
            lambda step: triaging.triage(process=step.process, decision=decision, by=step.by, at=step.at),
        )

    def assign(self, by: Person | None = None, to: Person | None = None) -> Step:
        return self.act(
            "assign",
            by or self.cast.unit_head,
            lambda step: drafting.assign(
                process=step.process, to=to or self.cast.specialist, by=step.by, at=step.at
            ),
        )

    def submission(self, **changes: Any) -> drafting.Submission:
        answers = {number: f"Câu trả lời số {number}." for number in range(1, len(self.questions) + 1)}
        given: dict[str, Any] = {"reply_form": self.reply_form, "answers": answers}
        if self.reply_form == ReplyForm.INTERVIEW:
            given["talking_points"] = "Ý chính."
        return drafting.Submission(**{**given, **changes})

    def draft(self, by: Person | None = None, **changes: Any) -> Step:
        return self.act(
            "draft",
            by or self.cast.specialist,
            lambda step: drafting.submit(
                process=step.process, submission=self.submission(**changes), by=step.by, at=step.at
            ),
        )

    @property
    def sha256(self) -> str:
        version = queries.latest_version(self.inquiry)
        assert version is not None
        return version.sha256

    def _approve(self, step_name: VerdictStep, by: Person) -> Step:
        sha256 = self.sha256
        return self.act(
            step_name,
            by,
            lambda step: judging.approve(
                process=step.process, step=step_name, sha256=sha256, by=step.by, at=step.at
            ),
        )

    def give_back(self, node: VerdictStep, by: Person, reason: str = "Bổ sung số liệu.") -> Step:
        sha256 = self.sha256
        return self.act(
            node,
            by,
            lambda step: judging.return_to_drafter(
                process=step.process, step=node, sha256=sha256, reason=reason, by=step.by, at=step.at
            ),
        )

    def review(self, by: Person | None = None) -> Step:
        return self._approve(VerdictStep.REVIEW, by or self.cast.unit_head)

    def clear(self, by: Person | None = None) -> Step:
        return self._approve(VerdictStep.CLEAR, by or self.cast.legal)

    def decide(self, by: Person | None = None) -> Step:
        sha256 = self.sha256
        return self.act(
            "decide",
            by or self.cast.head,
            lambda step: judging.decide(process=step.process, sha256=sha256, by=step.by, at=step.at),
        )

    def _pdf(self) -> str:
        document = queries.reply_document(self.process)
        assert document is not None
        return document.pdf_sha256

    def sign(self, by: Person | None = None) -> Step:
        sha256 = self._pdf()
        return self.act(
            "sign",
            by or self.cast.head,
            lambda step: issuing.sign(process=step.process, pdf_sha256=sha256, by=step.by, at=step.at),
        )

    def stamp(self, by: Person | None = None) -> Step:
        sha256 = self._pdf()
        return self.act(
            "stamp",
            by or self.cast.clerk,
            lambda step: issuing.stamp(process=step.process, pdf_sha256=sha256, by=step.by, at=step.at),
        )

    def release(self, by: Person | None = None, **changes: Any) -> Step:
        forms = {
            ReplyForm.PORTAL: StatementForm.PORTAL,
            ReplyForm.INTERVIEW: StatementForm.DIRECT,
        }
        form = forms.get(ReplyForm(self.inquiry.reply_form), StatementForm.PRESS_RELEASE_OR_REPLY)
        address = "https://sonoivu.example/tin/1" if form == StatementForm.PORTAL else ""
        facts = releasing.ReleaseFacts(**{"form": form, "address": address, **changes})
        return self.act(
            "release",
            by or self.cast.head,
            lambda step: releasing.release(process=step.process, facts=facts, by=step.by, at=step.at),
        )

    def follow_up(self, by: Person | None = None, **changes: Any) -> Step:
        given = {"quotation": Quotation.CORRECT, "address": "https://bao.example/bai-1"}
        facts = following.PublicationFacts(**{**given, **changes})
        return self.act(
            "follow_up",
            by or self.cast.contact,
            lambda step: following.follow_up(process=step.process, facts=facts, by=step.by, at=step.at),
        )

    def to(self, node: str) -> Walk:
        """Walk on, each step by the right person, until the inquiry waits at `node` or has ended."""
        if not hasattr(self, "inquiry"):
            self.register()
        while node not in self.steps and self.steps:
            (waiting,) = self.steps
            getattr(self, waiting)()
        return self
