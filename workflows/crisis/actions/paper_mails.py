"""The signed and stamped paper goes by mail to whoever of its recipients has an address; it asks for nothing."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from core.enums import PaperKind
from core.rules.attachments import clean_name
from workflows.crisis.models import ReportPaper
from workflows.crisis.queries import papers as queries

from . import mails

TEMPLATE = "workflows/crisis/mail/paper.txt"


def send(paper: ReportPaper, *, at: datetime) -> None:
    """Put the paper in line to each recipient with an e-mail contact, once; in a drill to the people of the drill."""
    document = paper.document
    assert document is not None, "only what was stamped is sent"
    file = {
        "attachment_sha256": document.pdf_sha256,
        "attachment_name": clean_name(f"{document.mark.replace('/', '-')}.pdf"),
    }
    for dispatch, contact in queries.addressed(paper):
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
        mails.queue(
            paper.crisis, key=f"crisis-paper-{paper.pk}-{dispatch.pk}:paper", to=contact.email,
            subject=f"[{paper.crisis.reference}] {subject.strip()}", body=body.lstrip("\n"), at=at, more=file,
        )  # fmt: skip
