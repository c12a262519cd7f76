"""The signed and stamped paper goes by mail to whoever of its recipients has an address; it asks for nothing."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from core.enums import PaperKind
from core.models import AgencyContact, OutgoingMail
from core.rules.attachments import clean_name
from workflows.crisis.models import Dispatch, ReportPaper
from workflows.crisis.queries import carriers
from workflows.crisis.queries import papers as queries

from . import mails

TEMPLATE = "workflows/crisis/mail/paper.txt"


def send(paper: ReportPaper, *, at: datetime) -> None:
    """Put the paper in line to each recipient that gets this kind; in a drill to whoever began it."""
    for dispatch in queries.addressed(paper):
        begin(paper, dispatch, at=at)


def begin(paper: ReportPaper, dispatch: Dispatch, *, at: datetime) -> bool:
    """Put the paper in line to a recipient it was not written to yet; a second time writes nothing."""
    if carriers.written_to(paper.pk, dispatch.pk):
        return False
    return send_to(paper, dispatch, at=at)


def send_to(paper: ReportPaper, dispatch: Dispatch, *, at: datetime) -> bool:
    """Put the paper in line to the next contact of a recipient that it was not written to yet; whether there was one.

    A contact that cannot be written to is passed over. A recipient that was dissolved meanwhile is written to no more.
    """
    left = queries.left_to_write_to(paper, dispatch, at=at)
    return any(_queue(paper, dispatch, contact, at=at) is not None for contact in left)


def _queue(
    paper: ReportPaper, dispatch: Dispatch, contact: AgencyContact, *, at: datetime
) -> OutgoingMail | None:
    document = paper.document
    assert document is not None, "only what was stamped is sent"
    file = {
        "attachment_sha256": document.pdf_sha256,
        "attachment_name": clean_name(f"{document.mark.replace('/', '-')}.pdf"),
    }
    facts = {
        "paper": paper,
        "report": paper.report,
        "document": document,
        "recipient": dispatch.recipient,
        "contact": contact,
        "agency": paper.agency,
        "is_coordination": paper.kind == PaperKind.COORDINATION,
    }
    with translation.override("vi"):
        subject, _break, body = render_to_string(TEMPLATE, facts).lstrip().partition("\n")
    return mails.queue(
        paper.crisis, key=carriers.paper_key(paper.pk, dispatch.pk, contact.pk), to=contact.email,
        subject=f"[{paper.crisis.reference}] {subject.strip()}", body=body.lstrip("\n"), at=at, more=file,
    )  # fmt: skip
