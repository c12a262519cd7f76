"""The one page that shows what the demonstration did, with everything it links in folders beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock, files
from core.models import Case, Crisis, Inquiry, OutgoingMail, TrailHead
from core.queries.trail import StoryLine, Verification, story
from core.rules import mail as rules
from core.rules.trail import Finding
from documents.models import IssuedDocument
from workflows.crisis.models import ReportPaper
from workflows.demonstration import crises, expectations
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
    matter: Inquiry | Crisis
    lines: Sequence[StoryLine]
    issued: list[Kept]
    sent: list[Kept]
    head: TrailHead
    findings: list[Finding]

    @property
    def inquiry(self) -> Inquiry | None:
        return self.chapter.inquiry

    @property
    def crisis(self) -> Crisis | None:
        return self.chapter.crisis

    @property
    def title(self) -> str:
        """What was asked about, or what it was; the file's name where a mail does not say."""
        if self.mail is not None:
            return self.mail.subject or self.chapter.name
        return self.matter.subject if isinstance(self.matter, Inquiry) else self.matter.title

    @property
    def asker(self) -> str:
        """Who began it."""
        if isinstance(self.matter, Crisis):
            return self.matter.detected_by.full_name
        if self.mail is None:
            return self.matter.asker_display
        return self.mail.sender_name or self.mail.sender_email

    @property
    def end(self) -> str:
        if isinstance(self.matter, Crisis):
            return self.matter.get_state_display()
        return self.matter.get_outcome_display() or _("Not ended yet")


def write(report: Report) -> str:
    """Check the whole trail, then write the page; its path."""
    findings = _verified(report)
    shown = [_shown(chapter, report, findings) for chapter in report.chapters if chapter.matter]
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
    matter = chapter.matter
    assert matter is not None
    matter.refresh_from_db()
    mail = rules.parse(chapter.raw) if chapter.raw else None
    head = TrailHead.objects.get(case=matter.case)
    return Shown(
        chapter=chapter,
        mail=mail,
        received=_received(chapter, report) if mail else None,
        oddities=[rules.defect_sentence(defect) for defect in mail.defects] if mail else [],
        matter=matter,
        lines=_lines(matter.case) if chapter.belongs_to is None else [],
        issued=[_issued(document, report) for document in _documents(matter)],
        sent=_sent(chapter, matter, report),
        head=head,
        findings=[finding for finding in findings if finding.stream == head.stream],
    )


def _received(chapter: Chapter, report: Report) -> Kept:
    address = report.keep(RECEIVED, chapter.name, chapter.raw)
    return Kept(address=address, name=chapter.name, about=chapter.inquiry)


def _lines(case: Case) -> list[StoryLine]:
    return story(case, labels=labels())


def _issued(document: IssuedDocument, report: Report) -> Kept:
    name = f"{document.symbol.replace('/', '-')}-{document.agency.code}.pdf"
    data = files.read(document.pdf_sha256)
    return Kept(
        address=report.keep(ISSUED, name, data), name=name, about=document, sha256=document.pdf_sha256
    )


def _documents(matter: Inquiry | Crisis) -> Sequence[IssuedDocument]:
    if isinstance(matter, Inquiry):
        return list(matter.issued_documents.all())
    papers = ReportPaper.objects.filter(report__crisis=matter).select_related("document__agency")
    return [paper.document for paper in papers if paper.document is not None]


def _mails(matter: Inquiry | Crisis) -> QuerySet[OutgoingMail]:
    if isinstance(matter, Crisis):
        return crises.mails_to_recipients(matter)
    return matter.outgoing_mails.order_by("queued_at", "pk")


def _sent(chapter: Chapter, matter: Inquiry | Crisis, report: Report) -> list[Kept]:
    kept = []
    for mail in _mails(matter):
        path = expectations.sent_file(mail)
        if path is not None and chapter.belongs_to is None:
            name = f"{chapter.stem}-{_file_name(mail, matter)}.eml"
            kept.append(Kept(address=report.keep(SENT, name, path.read_bytes()), name=name, about=mail))
    return kept


def _file_name(mail: OutgoingMail, matter: Inquiry | Crisis) -> str:
    """Of an inquiry each mail has a purpose of its own; a crisis sends several to the same purpose."""
    return mail.key.rpartition(":")[2] if isinstance(matter, Inquiry) else mail.key.replace(":", "-")
