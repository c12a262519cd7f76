"""The one page that shows what the demonstration did, with everything it links in folders beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock, files
from core.models import Case, Inquiry, TrailHead
from core.queries.trail import StoryLine, Verification, story
from core.rules import mail as rules
from core.rules.trail import Finding
from documents.models import IssuedDocument
from workflows.demonstration import expectations
from workflows.demonstration.report import Chapter, Check, Report
from workflows.views.audit import labels

INDEX = "index.html"
RECEIVED, ISSUED, SENT = FOLDERS = ("received", "issued", "sent")
PAGE, STYLE = "workflows/demo/index.html", "workflows/demo/style.css"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file in the folder and what the page says of it."""

    address: str
    name: str
    about: Any
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One chapter as the page shows it."""

    chapter: Chapter
    mail: rules.ParsedMail | None
    received: Kept | None
    oddities: list[str]
    inquiry: Inquiry
    lines: Sequence[StoryLine]
    issued: list[Kept]
    sent: list[Kept]
    head: TrailHead
    findings: list[Finding]

    @property
    def title(self) -> str:
        """What was asked about; the file's name where a mail does not say."""
        if self.mail is None:
            return self.inquiry.subject
        return self.mail.subject or self.chapter.name

    @property
    def asker(self) -> str:
        if self.mail is None:
            return self.inquiry.asker_display
        return self.mail.sender_name or self.mail.sender_email


def write(report: Report) -> str:
    """Check the whole trail, then write the page; its path."""
    findings = _verified(report)
    shown = [_shown(chapter, report, findings) for chapter in report.chapters if chapter.inquiry]
    context = {
        "shown": shown,
        "mails": sum(it.mail is not None for it in shown),
        "report": report,
        "written_at": clock.now(),
        "language": get_language(),
        "style": _style(),
        "trail_is_whole": not findings,
    }
    report.keep("", INDEX, render_to_string(PAGE, context).encode())
    return str(report.folder / INDEX)


def _verified(report: Report) -> list[Finding]:
    verification = Verification()
    findings = list(verification.findings())
    counts = {"entries": verification.entries, "cases": verification.cases}
    claim = _("trail verify: %(entries)s entries of %(cases)s cases, nothing altered or missing") % counts
    report.check_whole(Check(claim, holds=not findings))
    return findings


def _style() -> SafeString:
    # Inside the page, so that it stays one file that can be sent and opened anywhere.
    return format_html("<style>{}</style>", mark_safe(render_to_string(STYLE)))  # noqa: S308 - our own file


def _shown(chapter: Chapter, report: Report, findings: list[Finding]) -> Shown:
    inquiry = chapter.inquiry
    assert inquiry is not None
    inquiry.refresh_from_db()
    mail = rules.parse(chapter.raw) if chapter.raw else None
    head = TrailHead.objects.get(case=inquiry.case)
    return Shown(
        chapter=chapter,
        mail=mail,
        received=_received(chapter, inquiry, report) if mail else None,
        oddities=[rules.defect_sentence(defect) for defect in mail.defects] if mail else [],
        inquiry=inquiry,
        lines=_lines(inquiry.case) if chapter.belongs_to is None else [],
        issued=[_issued(document, report) for document in inquiry.issued_documents.all()],
        sent=_sent(chapter, inquiry, report),
        head=head,
        findings=[finding for finding in findings if finding.stream == head.stream],
    )


def _received(chapter: Chapter, inquiry: Inquiry, report: Report) -> Kept:
    address = report.keep(RECEIVED, chapter.name, chapter.raw)
    return Kept(address=address, name=chapter.name, about=inquiry)


def _lines(case: Case) -> list[StoryLine]:
    return story(case, labels=labels())


def _issued(document: IssuedDocument, report: Report) -> Kept:
    name = f"{document.symbol.replace('/', '-')}-{document.agency.code}.pdf"
    data = files.read(document.pdf_sha256)
    return Kept(
        address=report.keep(ISSUED, name, data), name=name, about=document, sha256=document.pdf_sha256
    )


def _sent(chapter: Chapter, inquiry: Inquiry, report: Report) -> list[Kept]:
    kept = []
    for mail in inquiry.outgoing_mails.order_by("queued_at", "pk"):
        path = expectations.sent_file(mail)
        if path is not None and chapter.belongs_to is None:
            name = f"{chapter.stem}-{mail.key.rpartition(':')[2]}.eml"
            kept.append(Kept(address=report.keep(SENT, name, path.read_bytes()), name=name, about=mail))
    return kept
