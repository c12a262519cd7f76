"""The walk of the crises: that of May 2026 as the data tell it, from the first sign to the review."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import events, tasks
from core.actions.reference import Row, read_rows
from core.enums import CrisisState, DeadlineOutcome, DeadlineSource, MailStatus
from core.models import Crisis, OutgoingMail
from core.queries.trail import StoryLine, story
from workflows.crisis.models import Dispatch, ReportPaper
from workflows.crisis.queries import reports
from workflows.demo_crises import FILE
from workflows.demonstration.expectations import Claims, sent_message
from workflows.demonstration.report import Chapter, Report
from workflows.views.audit import labels

log = logging.getLogger(__name__)

# What of its trail a line is printed for; the page tells the whole of it.
TOLD = {
    event.code
    for event in (
        events.CRISIS_DETECTED,
        events.CRISIS_ASSESSED,
        events.CRISIS_ACTIVATED,
        events.CRISIS_STEP_DONE,
        events.CRISIS_STATEMENT_RELEASED,
        events.CRISIS_REPORT_SENT,
        events.CRISIS_REPORT_RUNG_CLIMBED,
        events.CRISIS_REPORT_ACKNOWLEDGED,
        events.CRISIS_STOOD_DOWN,
        events.CRISIS_REVIEWED,
        events.CRISIS_CLOSED,
    )
}


def walk(report: Report) -> None:
    """Each crisis that came to its end is a chapter of its own; what fails is told and the next goes on."""
    for row in read_rows(Path(settings.BASE_DIR) / "fixtures" / "demo" / FILE):
        if row["stage"] == "closed":
            _looked_at(row, report)


def _looked_at(row: Row, report: Report) -> None:
    rows = Crisis.objects.select_related("agency", "case", "provision__instrument")
    crisis = rows.filter(is_demo=True, title=row["title"]).first()
    if crisis is None:
        return
    chapter = report.open_chapter(Chapter(name=row["code"], crisis=crisis))
    try:
        for line in story(crisis.case, labels=labels()):
            if line.code in TOLD:
                report.step(chapter.name, _told(line))
        _send_to_recipients(crisis)
        for claims in (_said_in_time, _pursued, _papers, _sent, _reviewed):
            for claim, holds in claims(crisis):
                report.check(chapter, claim, holds=holds)
    except Exception as error:
        log.exception("The chapter %s stopped.", chapter.name)
        report.check(chapter, _("stopped: %(error)s") % {"error": error}, holds=False)


def _told(line: StoryLine) -> str:
    return f"{localtime(line.occurred_at):%H:%M %d/%m} {line.who} {line.what}"


def mails_to_recipients(crisis: Crisis) -> QuerySet[OutgoingMail]:
    """The first reports, sent again where nobody acknowledged, and the papers that followed."""
    keys = Q(pk__in=[])
    for dispatch in Dispatch.objects.filter(report__crisis=crisis):
        keys |= Q(pk__in=reports.mails_of(dispatch))
    for paper in ReportPaper.objects.filter(report__crisis=crisis):
        keys |= Q(key__startswith=f"crisis-paper-{paper.pk}-")
    return OutgoingMail.objects.filter(keys).order_by("queued_at", "pk")


def _send_to_recipients(crisis: Crisis) -> None:
    for mail in mails_to_recipients(crisis).filter(status=MailStatus.PENDING):
        tasks.send_mail(mail.pk)


def _said_in_time(crisis: Crisis) -> Claims:
    deadline = crisis.deadlines.get(source=DeadlineSource.LAW, key=crisis.duty)
    said = crisis.crisis_statements.filter(released_at__isnull=False).earliest("released_at").ledger
    claim = _("the initial statement was due %(due)s under %(citation)s and was released in time")
    due = f"{localtime(deadline.due):%H:%M %d/%m/%Y}" if deadline.due else "–"
    yield (
        claim % {"due": due, "citation": deadline.citation},
        deadline.outcome == DeadlineOutcome.MET and said is not None and said.spoken_at == deadline.ended_at,
    )
    yield (
        _("the initial statement took no number, no seal and no PDF"),
        said is not None and not (said.document_number or said.document_sha256),
    )


def _pursued(crisis: Crisis) -> Claims:
    """Up the ladder on our own side, until a person with name and post acknowledges; then no further."""
    dispatches = list(Dispatch.objects.filter(report__crisis=crisis).select_related("recipient"))
    yield (
        _("each of the %(count)s recipients acknowledged by a person with name and post")
        % {"count": len(dispatches)},
        bool(dispatches) and all(map(_is_acknowledged, dispatches)),
    )
    highest = max(dispatches, key=lambda each: each.rungs.filter(climbed_at__isnull=False).count())
    climbed = list(highest.rungs.filter(climbed_at__isnull=False).order_by("number"))
    claim = _("unacknowledged by %(recipient)s, the report climbed %(count)s rungs, none before its time")
    yield (
        claim % {"recipient": highest.recipient.name, "count": len(climbed)},
        len(climbed) > 1 and all(rung.climbed_at >= rung.due_at for rung in climbed if rung.climbed_at),
    )
    yield (
        _("after the acknowledgement no rung climbed any more"),
        all(rung.climbed_at <= each.acknowledged_at for each in dispatches for rung in each.rungs.all()
            if rung.climbed_at and each.acknowledged_at),
    )  # fmt: skip


def _is_acknowledged(dispatch: Dispatch) -> bool:
    first = dispatch.acknowledgements.order_by("acknowledged_at").first()
    return dispatch.acknowledged_at is not None and first is not None and bool(first.name and first.post)


def _papers(crisis: Crisis) -> Claims:
    papers = ReportPaper.objects.filter(report__crisis=crisis).select_related("document")
    for paper in papers.order_by("pk"):
        document = paper.document
        claim = _("the paper %(symbol)s followed when the office was open, with number and stamp")
        yield (
            claim % {"symbol": document.symbol if document else "–"},
            document is not None
            and document.number is not None
            and paper.stamped_at is not None
            and paper.stamped_at >= paper.opens_at,
        )


def _sent(crisis: Crisis) -> Claims:
    mails = list(mails_to_recipients(crisis))
    claim = _("%(count)s mails left to the recipients") % {"count": len(mails)}
    yield claim, bool(mails) and all(map(sent_message, mails))


def _reviewed(crisis: Crisis) -> Claims:
    review = crisis.review
    yield (
        _("the review stands: %(count)s entries of what was late, out of the trail, and the lessons")
        % {"count": len(review.late)},
        bool(review.late) and bool(review.lessons),
    )
    yield _("the crisis is closed"), crisis.state == CrisisState.CLOSED
