"""What a purge cannot reach. Asked before the purge, while the rows still say what there is."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from core import clock
from core.enums import PurgeRemains
from core.models import Attachment, Deadline, IncomingMail, Inquiry, LateRecord, Statement, TrailEntry
from documents.actions import purging as documents
from documents.models import IssuedDocument
from workflows.refusal.models import Refusal

Remains = list[dict[str, str]]


def beyond_reach(inquiry: Inquiry) -> Remains:
    """What must be cleaned by hand, or stays because it was said in public."""
    found = {
        PurgeRemains.MAILBOX: [_told(mail) for mail in inquiry.incoming_mails.all()],
        PurgeRemains.ELSEWHERE: sorted(set(_kept_elsewhere(inquiry))),
        PurgeRemains.DOCUMENT: [
            document.symbol
            for document in inquiry.issued_documents.all()
            if document.is_rendered and not documents.was_released(document)
        ],
        PurgeRemains.RELEASED: [
            f"{statement} {statement.document_number}".strip()
            for statement in Statement.objects.filter(inquiry=inquiry)
        ]
        + [_recorded_late(record) for record in _late_records(inquiry)],
        PurgeRemains.REASON: _entries_with_reasons(inquiry),
    }
    return [{"kind": kind.value, "what": what} for kind, whats in found.items() for what in whats]


def _told(mail: IncomingMail) -> str:
    received = mail.received_at.astimezone(clock.ZONE)
    known = mail.message_id if mail.message_id.startswith("<") else "–"
    return f"{known} ({mail.sender or '–'}, {received:%d/%m/%Y %H:%M}, {mail.agency.mailbox or '–'})"


def _late_records(inquiry: Inquiry) -> QuerySet[LateRecord]:
    """What was said outside the system on the matter or on these questions: written once, like what was released."""
    of_inquiry = Q(case=inquiry.case) | Q(questions__inquiry=inquiry)
    return LateRecord.objects.filter(of_inquiry).distinct().order_by("pk")


def _recorded_late(record: LateRecord) -> str:
    spoken = record.spoken_at.astimezone(clock.ZONE)
    return ", ".join(
        filter(None, (f"{record.speaker_name} {spoken:%d/%m/%Y %H:%M}", record.outlet, record.recording_name))
    )


def _kept_elsewhere(inquiry: Inquiry) -> Iterator[str]:
    """The same bytes, or the same mail sent to another agency too. Of another agency only its name is told."""
    mails = inquiry.incoming_mails.all()
    attached = inquiry.attachments.exclude(sha256="").values_list("sha256", flat=True)
    hashes = {*attached, *(mail.sha256 for mail in mails if mail.sha256)}
    same_mail = Q(sha256__in=hashes) | Q(message_id__in=[mail.message_id for mail in mails])
    received = IncomingMail.objects.filter(same_mail).values("inquiry")
    given = Attachment.objects.filter(sha256__in=hashes).values("inquiry")
    others = Inquiry.objects.filter(Q(pk__in=received) | Q(pk__in=given)).exclude(pk=inquiry.pk)
    for other in others.select_related("agency"):
        yield other.reference if other.agency_id == inquiry.agency_id else other.agency.name
    for document in IssuedDocument.objects.filter(pdf_sha256__in=hashes).select_related("kind"):
        yield str(document)


def _entries_with_reasons(inquiry: Inquiry) -> list[str]:
    of_inquiry = Q(object_type=Inquiry._meta.label, object_id=inquiry.pk)
    of_deadlines = Q(object_type=Deadline._meta.label, object_id__in=inquiry.deadlines.values("pk"))
    of_refusals = Q(object_type=Refusal._meta.label, object_id__in=inquiry.refusals.values("pk"))
    entries = TrailEntry.objects.filter(of_inquiry | of_deadlines | of_refusals)
    told = entries.exclude(reason="").order_by("pk").values_list("stream", "seq")
    return [f"{stream} #{seq}" for stream, seq in told]
