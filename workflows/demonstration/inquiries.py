"""The walk of the press inquiries: each mail of the fixtures through its steps, as the right people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from core import clock, request_context, tasks
from core.actions.reference import Row, read_rows
from core.enums import Channel, CredentialKind, InquiryKind, MailStatus, ReplyForm, Role, StatementForm
from core.models import IncomingMail, Inquiry, Person
from core.queries import mandates
from core.rules import mail as rules
from core.rules.text import split_questions
from workflows import demo_cases, demo_refusals, intake
from workflows.base import Step, execute
from workflows.demo_cases import ARTICLE, STEPS, StepOfWalk, Walk
from workflows.demo_refusals import WithRefusals
from workflows.demonstration import expectations
from workflows.demonstration.report import Chapter, Report
from workflows.press_inquiry.actions import drafting, following, judging, registering, releasing
from workflows.press_inquiry.actions.drafting import Submission
from workflows.press_inquiry.actions.following import PublicationFacts
from workflows.press_inquiry.actions.registering import Registration
from workflows.press_inquiry.actions.releasing import ReleaseFacts
from workflows.press_inquiry.models import Quotation, VerdictStep
from workflows.refusal.actions import proposing
from workflows.refusal.rules.grounds import GroundNotInForce

log = logging.getLogger(__name__)


def walk(report: Report) -> None:
    """All mails come in first, as after a weekend; then each goes its way."""
    folder = Path(settings.BASE_DIR) / "fixtures" / "demo" / "mail"
    chapters = [_received(path, report) for path in sorted(folder.glob("*.eml"))]
    _join(chapters, report)
    by_mail = {chapter.stem: chapter for chapter in chapters}
    for row in read_rows(folder / "walks.json"):
        _walked(row, by_mail[row["mail"]], report)
    for chapter in chapters:
        expectations.look_at_mail(chapter, report)


def _received(path: Path, report: Report) -> Chapter:
    chapter = report.open_chapter(Chapter(name=path.name, raw=path.read_bytes()))
    parsed = rules.parse(chapter.raw)
    known = IncomingMail.objects.filter(message_id=parsed.message_id).exists()
    first = _receive(chapter.raw)
    chapter.inquiry = first
    said = _("was received before, in an earlier run") if known else _("received")
    report.step(chapter.name, f"{said}: {first.reference}", who=first.agency.name)
    before = _counts(first)
    again = _receive(chapter.raw)
    claim = _("the same file again: the same reference, nothing new")
    report.check(chapter, claim, holds=again.reference == first.reference and _counts(again) == before)
    return chapter


def _receive(raw: bytes) -> Inquiry:
    with request_context.entered(channel="mail"):
        at = clock.now()
        return intake.receive_all(raw, code="", at=at)[0]


def _counts(inquiry: Inquiry) -> tuple[int, ...]:
    """What receiving could add to."""
    rows = (inquiry.incoming_mails, inquiry.attachments, inquiry.processes, inquiry.case.inquiries)
    return tuple(each.count() for each in rows)


def _join(chapters: list[Chapter], report: Report) -> None:
    """A mail that answers another belongs to the chapter of that one."""
    for chapter in chapters:
        parsed = rules.parse(chapter.raw)
        answered = (other for other in chapters if rules.parse(other.raw).message_id in parsed.answers)
        chapter.belongs_to = next(answered, None)
        if chapter.belongs_to is not None:
            claim = _("joined the inquiry it answers, and opened none")
            report.check(chapter, claim, holds=chapter.inquiry == chapter.belongs_to.inquiry)


def _walked(row: Row, chapter: Chapter, report: Report) -> None:
    """Walk one mail to its end and look at what came of it; what fails is told and the next goes on."""
    assert chapter.inquiry is not None
    try:
        MailWalk(row, chapter, report).to_stage()
        chapter.inquiry.refresh_from_db()
        expectations.look_at(row, chapter, report)
    except Exception as error:
        log.exception("The walk of %s stopped.", chapter.name)
        report.check(chapter, _("stopped: %(error)s") % {"error": error}, holds=False)


class MailWalk(WithRefusals):
    """The way of an inquiry that came by mail, each step told to the report."""

    def __init__(self, row: Row, chapter: Chapter, report: Report) -> None:
        assert chapter.inquiry is not None
        super().__init__(row, agency=chapter.inquiry.agency, at=clock.now())
        self.process = chapter.inquiry.processes.latest("pk")
        self.chapter = chapter
        self.report = report

    def step(self, name: str) -> StepOfWalk:
        return MAIL_STEPS.get(name) or super().step(name)

    def do(self, task: Task) -> None:
        super().do(task)
        task.refresh_from_db()
        self._tell(task, who=_with_post(task.owner, self, at=task.finished))

    def finish(self, job: Task) -> None:
        super().finish(job)
        self._tell(job, who=_("the system"))

    def do_refusal(self, task: Task) -> None:
        if task.flow_task.name == "propose":
            self._try_in_vain(task)
        super().do_refusal(task)
        task.refresh_from_db()
        self._tell(task, who=_with_post(task.owner, self, at=task.finished))

    def _try_in_vain(self, task: Task) -> None:
        """What the row says that somebody tries first: a ground that the law of today does not know any more."""
        refusal = task.process.refusalprocess.refusal
        tried = self.row_of(refusal).get("tried_in_vain")
        if tried is None:
            return
        proposal = demo_refusals.proposal_of(tried)
        claim, holds = _("a ground of a law that has ended can be proposed"), False
        try:
            execute(
                task.pk,
                by=self.who_may(task),
                perform=lambda step: proposing.propose(
                    process=step.process, proposal=proposal, by=step.by, at=step.at
                ),
            )
        except GroundNotInForce as error:
            claim = _("proposing %(ground)s is not possible: %(sentence)s")
            claim %= {"ground": proposal.ground.citation if proposal.ground else "", "sentence": error}
            holds = not refusal.versions.exists()
        self.report.check(self.chapter, claim, holds=holds)

    def finish_refusal(self, job: Task) -> None:
        super().finish_refusal(job)
        self._tell(job, who=_("the system"))

    def _tell(self, task: Task, *, who: str) -> None:
        self.report.step(self.chapter.name, str(task.flow_task.task_title), who=who)
        for mail in self.inquiry.outgoing_mails.filter(status=MailStatus.PENDING):
            tasks.send_mail(mail.pk)
            mail.refresh_from_db()
            if mail.status == MailStatus.SENT:
                self.report.step(
                    self.chapter.name, _("sent to %(recipient)s") % {"recipient": mail.recipient}
                )


def _with_post(person: Person, walk: Walk, *, at: datetime) -> str:
    title = mandates.post_title(person, agency=walk.agency, at=at)
    return f"{person.full_name} ({title})" if title else person.full_name


def _register(walk: Walk, step: Step) -> None:
    registering.register(
        inquiry=step.process.inquiry, registration=_registration(walk), by=step.by, at=step.at
    )


def _registration(walk: Walk) -> Registration:
    """What the press contact makes of the mail: mostly what was read from it."""
    row, inquiry = walk.row, walk.inquiry
    mails = inquiry.incoming_mails.order_by("received_at", "pk")
    return Registration(
        channel=Channel(inquiry.channel),
        kind=InquiryKind(inquiry.kind),
        received_at=inquiry.received_at,
        subject=row["subject"] or inquiry.subject,
        questions=row["questions"] or [question for mail in mails for question in split_questions(mail.text)],
        press_agency=inquiry.press_agency,
        asker_name=row.get("asker_name", inquiry.asker_name),
        asker_email=inquiry.asker_email,
        asker_phone=row["asker_phone"],
        credential=CredentialKind(row["credential"]),
        credential_number=row["credential_number"],
        confirmed_new=True,
    )


def _submission(walk: Walk, answers: list[str]) -> Submission:
    return Submission(
        reply_form=ReplyForm(walk.row["triage"]["reply_form"]),
        answers=dict(enumerate(answers, start=1)),
        talking_points=walk.row.get("talking_points", ""),
        questions_beforehand=walk.row.get("questions_beforehand", ""),
    )


def _is_to_be_returned(walk: Walk) -> bool:
    return "returned" in walk.row and walk.inquiry.versions.count() < 2


def _draft(walk: Walk, step: Step) -> None:
    was_returned = walk.inquiry.versions.exists()
    answers = walk.row["returned"]["answers"] if was_returned else walk.row["answers"]
    drafting.submit(process=step.process, submission=_submission(walk, answers), by=step.by, at=step.at)


def _review(walk: Walk, step: Step) -> None:
    if not _is_to_be_returned(walk):
        STEPS["review"][1](walk, step)
        return
    judging.return_to_drafter(
        process=step.process,
        step=VerdictStep.REVIEW,
        sha256=demo_cases.text_seen(walk),
        reason=walk.row["returned"]["reason"],
        by=step.by,
        at=step.at,
    )


def _decider(walk: Walk) -> Person:
    return walk.holder(Role.HEAD) if "corrected" in walk.row else STEPS["decide"][0](walk)


def _decide(walk: Walk, step: Step) -> None:
    corrected = walk.row.get("corrected")
    if corrected is None:
        STEPS["decide"][1](walk, step)
        return
    judging.correct_and_decide(
        process=step.process,
        sha256=demo_cases.text_seen(walk),
        submission=_submission(walk, corrected["answers"]),
        by=step.by,
        at=step.at,
        reason=corrected["reason"],
    )


FORMS = {ReplyForm.PORTAL: StatementForm.PORTAL, ReplyForm.INTERVIEW: StatementForm.DIRECT}


def _release(walk: Walk, step: Step) -> None:
    form = FORMS.get(ReplyForm(walk.inquiry.reply_form), StatementForm.PRESS_RELEASE_OR_REPLY)
    facts = ReleaseFacts(form=form, address=walk.row.get("address", ""))
    releasing.release(process=step.process, facts=facts, by=step.by, at=step.at)


def _follow_up(walk: Walk, step: Step) -> None:
    found = walk.row["follow_up"]
    facts = PublicationFacts(
        quotation=Quotation(found["quotation"]),
        address=f"{ARTICLE}/{walk.inquiry.reference.lower()}",
        published_on=step.at.astimezone(clock.ZONE).date(),
        shown_before=found.get("shown_before"),
        note=found.get("note", ""),
    )
    following.follow_up(process=step.process, facts=facts, by=step.by, at=step.at)


MAIL_STEPS: Mapping[str, StepOfWalk] = {
    "register": (STEPS["follow_up"][0], _register),
    "draft": (STEPS["draft"][0], _draft),
    "review": (STEPS["review"][0], _review),
    "decide": (_decider, _decide),
    "release": (STEPS["release"][0], _release),
    "follow_up": (STEPS["follow_up"][0], _follow_up),
}
