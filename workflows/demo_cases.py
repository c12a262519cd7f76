"""The fictional inquiries of the demonstration, walked through their steps as the right people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from time import sleep

from django.db import transaction
from django.db.models import Max
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import clock
from core.actions.reference import Change, Row, Tally, by_code, read_rows
from core.enums import (
    Channel,
    Competence,
    CredentialKind,
    InquiryKind,
    ReplyForm,
    Role,
    StatementForm,
    Urgency,
)
from core.models import Agency, Inquiry, Person, PressAgency, RoleAssignment, Topic, Unit
from documents.actions.issuing import EnteredNumber
from documents.models import IssuedDocument
from workflows.base import OPEN, Step, execute
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import (
    drafting,
    following,
    issuing,
    judging,
    releasing,
    running,
    triaging,
)
from workflows.press_inquiry.actions.drafting import Submission
from workflows.press_inquiry.actions.following import PublicationFacts
from workflows.press_inquiry.actions.registering import Registration
from workflows.press_inquiry.actions.releasing import ReleaseFacts
from workflows.press_inquiry.actions.triaging import Finding, TriageDecision
from workflows.press_inquiry.models import (
    NotARequest,
    PressInquiryProcess,
    Quotation,
    TriageExit,
    VerdictStep,
)
from workflows.tasks import run_job

ARTICLE = "https://bao.example/trinh-dien"
LAST_NUMBER_ELSEWHERE = 240
CLOSED = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
PATIENCE, PAUSE = timedelta(seconds=60), timedelta(milliseconds=200)


def load(folder: Path, *, at: datetime) -> Tally:
    """Walk every demo inquiry that is not there yet to its stage."""
    opened: dict[str, Inquiry] = {}
    return Tally("inquiries", Counter(_load(row, opened, at=at) for row in read_rows(folder / "cases.json")))


@transaction.atomic
def _load(row: Row, opened: dict[str, Inquiry], *, at: datetime) -> Change:
    agency = by_code(Agency, row["agency"])
    known = Inquiry.objects.filter(agency=agency, is_demo=True, subject=row["subject"]).first()
    if known is not None:
        opened[row["code"]] = known
        return Change.UNCHANGED
    walk = Walk(row, agency=agency, at=at)
    opened[row["code"]] = walk.register(joins=opened.get(row["joins"] or ""))
    walk.to_stage()
    return Change.CREATED


class Walk:
    """One inquiry on its way: each step is done by whoever holds the role for it."""

    def __init__(self, row: Row, *, agency: Agency, at: datetime) -> None:
        self.row = row
        self.agency = agency
        self.at = at
        self.process: PressInquiryProcess

    @property
    def inquiry(self) -> Inquiry:
        inquiry: Inquiry = self.process.inquiry
        return inquiry

    def register(self, *, joins: Inquiry | None) -> Inquiry:
        inquiry = running.start_by_hand(
            agency=self.agency,
            registration=self._registration(joins),
            by=self.holder(Role.PRESS_CONTACT),
        )
        self.process = PressInquiryProcess.objects.get(inquiry=inquiry)
        return inquiry

    def _registration(self, joins: Inquiry | None) -> Registration:
        row = self.row
        day = self.at.astimezone(clock.ZONE).date() - timedelta(days=row["received_days_ago"])
        return Registration(
            channel=Channel(row["channel"]),
            kind=InquiryKind(row["kind"]),
            received_at=datetime.combine(day, time.fromisoformat(row["received_time"]), clock.ZONE),
            subject=row["subject"],
            questions=row["questions"],
            press_agency=by_code(PressAgency, row["press_agency"]),
            asker_name=row["asker_name"],
            asker_email=row["asker_email"],
            asker_phone=row["asker_phone"],
            credential=CredentialKind(row["credential"]),
            credential_number=row["credential_number"],
            case=joins.case if joins else None,
            confirmed_new=True,
        )

    def to_stage(self) -> None:
        """Do every step before the one the inquiry shall wait at, or all of them to its end."""
        while (task := self._next_task()) is not None and task.flow_task.name != self.row["stage"]:
            self.do(task)

    def do(self, task: Task) -> None:
        """Do one human step as whoever it falls to."""
        who, act = self.step(task.flow_task.name)
        execute(task.pk, by=who(self), perform=lambda step: act(self, step))

    def step(self, name: str) -> StepOfWalk:
        return STEPS[name]

    def _next_task(self) -> Task | None:
        tasks = self.process.task_set
        while job := tasks.filter(flow_task_type="JOB").exclude(status__in=CLOSED).first():
            self.finish(job)
        self.process = PressInquiryProcess.objects.get(pk=self.process.pk)
        found: Task | None = tasks.filter(status__in=OPEN, assignment__isnull=False).first()
        return found

    def finish(self, job: Task) -> None:
        """Do a job here and now. A worker of the same database may be quicker, which is as good."""
        if not job.flow_task.is_ready(self.process):
            self._enter_number()
        run_job(job.pk, job.external_task_id)
        patience = PATIENCE
        while job.status not in CLOSED:
            job.refresh_from_db()
            if job.status == STATUS.ERROR or patience < timedelta():
                raise RuntimeError(f"The job {job.flow_task.name} of {self.inquiry} failed.")
            if job.status == STATUS.STARTED:
                sleep(PAUSE.total_seconds())
            patience -= PAUSE

    def _enter_number(self) -> None:
        """The clerk takes the next number of the office's own document system."""
        today = clock.now().astimezone(clock.ZONE).date()
        issued = IssuedDocument.objects.filter(agency=self.agency, year=today.year)
        last = issued.aggregate(last=Max("number"))["last"] or LAST_NUMBER_ELSEWHERE
        issuing.enter_number(
            inquiry=self.process.inquiry,
            entered=EnteredNumber(number=last + 1, issued_on=today),
            by=self.holder(Role.CLERK),
        )

    def holder(self, *roles: Role, unit: Unit | None = None) -> Person:
        """Who holds the first of these roles that anybody holds."""
        held = RoleAssignment.objects.at(self.at).filter(agency=self.agency).order_by("pk")
        for role in roles:
            found = held.filter(group__name=role, **({"unit": unit} if unit else {})).first()
            if found is not None:
                return found.person
        raise LookupError(f"Nobody at {self.agency.code} holds {', '.join(roles)}.")

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(agency=self.agency, code=code)


StepOfWalk = tuple[Callable[[Walk], Person], Callable[[Walk, Step], None]]
"""Who does a step of the walk, and what that person does."""


def _chief_of_office(walk: Walk) -> Person:
    return walk.holder(Role.CHIEF_OF_OFFICE)


def _unit_head(walk: Walk) -> Person:
    return walk.holder(Role.UNIT_HEAD, unit=walk.inquiry.lead_unit)


def _drafter(walk: Walk) -> Person:
    return Person.objects.get(username=walk.row["assignee"])


def _legal_officer(walk: Walk) -> Person:
    return walk.holder(Role.LEGAL_OFFICER, Role.CHIEF_OF_OFFICE)


def _speaker(walk: Walk) -> Person:
    return walk.holder(Role.SPOKESPERSON, Role.HEAD)


def _decider(walk: Walk) -> Person:
    decider: Person | None = walk.process.decided_by
    assert decider is not None, "nobody has decided yet"
    return decider


def _clerk(walk: Walk) -> Person:
    return walk.holder(Role.CLERK)


def _press_contact(walk: Walk) -> Person:
    return walk.holder(Role.PRESS_CONTACT)


def _triage(walk: Walk, step: Step) -> None:
    decision = _triage_decision(walk)
    triaging.triage(process=step.process, decision=decision, by=step.by, at=step.at)


def _triage_decision(walk: Walk) -> TriageDecision:
    row = walk.row["triage"]
    if "not_a_request" in row:
        other = NotARequest(row["not_a_request"])
        return TriageDecision(exit=TriageExit.NOT_A_REQUEST, not_a_request=other, reason=row["reason"])
    return TriageDecision(
        exit=TriageExit.HANDLE,
        findings={
            number: Finding(competence=Competence(whose), redirected_to=row["redirected_to"])
            for number, whose in enumerate(row["competence"], start=1)
        },
        topic=by_code(Topic, row["topic"]),
        lead_unit=walk.unit(row["lead_unit"]),
        coordinating_units=[walk.unit(code) for code in row["coordinating_units"]],
        urgency=Urgency(row["urgency"]),
    )


def _assign(walk: Walk, step: Step) -> None:
    drafting.assign(process=step.process, to=_drafter(walk), by=step.by, at=step.at)


def _draft(walk: Walk, step: Step) -> None:
    submission = Submission(
        reply_form=ReplyForm(walk.row["triage"]["reply_form"]),
        answers=dict(enumerate(walk.row["answers"], start=1)),
    )
    drafting.submit(process=step.process, submission=submission, by=step.by, at=step.at)


def text_seen(walk: Walk) -> str:
    version = queries.latest_version(walk.inquiry)
    assert version is not None, "there is no draft yet"
    return version.sha256


def _review(walk: Walk, step: Step) -> None:
    judging.approve(
        process=step.process, step=VerdictStep.REVIEW, sha256=text_seen(walk), by=step.by, at=step.at
    )


def _clear(walk: Walk, step: Step) -> None:
    judging.approve(
        process=step.process, step=VerdictStep.CLEAR, sha256=text_seen(walk), by=step.by, at=step.at
    )


def _decide(walk: Walk, step: Step) -> None:
    judging.decide(process=step.process, sha256=text_seen(walk), by=step.by, at=step.at)


def _sign(walk: Walk, step: Step) -> None:
    document = issuing.ready(walk.process)
    issuing.sign(process=step.process, pdf_sha256=document.pdf_sha256, by=step.by, at=step.at)


def _stamp(walk: Walk, step: Step) -> None:
    document = issuing.ready(walk.process)
    issuing.stamp(process=step.process, pdf_sha256=document.pdf_sha256, by=step.by, at=step.at)


def _release(_walk: Walk, step: Step) -> None:
    facts = ReleaseFacts(form=StatementForm.PRESS_RELEASE_OR_REPLY)
    releasing.release(process=step.process, facts=facts, by=step.by, at=step.at)


def _follow_up(_walk: Walk, step: Step) -> None:
    facts = PublicationFacts(quotation=Quotation.CORRECT, address=ARTICLE)
    following.follow_up(process=step.process, facts=facts, by=step.by, at=step.at)


STEPS: Mapping[str, StepOfWalk] = {
    "triage": (_chief_of_office, _triage),
    "assign": (_unit_head, _assign),
    "draft": (_drafter, _draft),
    "review": (_unit_head, _review),
    "clear": (_legal_officer, _clear),
    "decide": (_speaker, _decide),
    "sign": (_decider, _sign),
    "stamp": (_clerk, _stamp),
    "release": (_decider, _release),
    "follow_up": (_press_contact, _follow_up),
}
