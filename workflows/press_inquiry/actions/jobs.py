"""What the machine does between the people: acknowledge receipt, issue the document. Each is safe to run twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from core import clock, events
from core.actions import mail
from core.models import Inquiry
from core.queries import deadlines, trail
from core.rules.deadlines import due_in_words
from documents.actions import issuing as document_issuing
from workflows.locks import locked
from workflows.press_inquiry.models import PressInquiryProcess
from workflows.press_inquiry.rules import REPLY_DUTIES

from . import issuing
from .recording import record

ACKNOWLEDGEMENT = "workflows/press_inquiry/mail/acknowledgement.txt"


def acknowledge(process: PressInquiryProcess) -> None:
    """Tell the journalist the reference, whom to call and what happens next.

    The due date only where the law sets one; an ordinary inquiry has none, and the mail says so. The subject is
    not quoted. Without an address, or to a machine, none is sent, and the trail says why. Once the inquiry has
    ended, by a withdrawal, nothing is sent.
    """
    with _still_running(process) as current:
        if current is not None:
            _acknowledge(current, at=clock.now())


def _acknowledge(process: PressInquiryProcess, *, at: datetime) -> None:
    inquiry = process.inquiry
    key = f"press_inquiry:{process.pk}:acknowledgement"
    if not inquiry.asker_email:
        _record_once(events.INQUIRY_ACKNOWLEDGEMENT_IMPOSSIBLE, inquiry, at=at)
        return
    if _is_automatic(inquiry):
        _record_once(events.INQUIRY_ACKNOWLEDGEMENT_WITHHELD, inquiry, at=at)
        return
    if mail.is_queued(key):
        return
    message = mail.queue(
        inquiry=inquiry,
        key=key,
        recipient=inquiry.asker_email,
        subject=_subject(inquiry),
        body=acknowledgement_text(inquiry),
        at=at,
        in_reply_to=_answered_message(inquiry),
    )
    legal = deadlines.legal_due(inquiry, keys=REPLY_DUTIES)
    data = {"mail": message.pk, "due": legal.due if legal else None, "recipient": inquiry.asker_email}
    record(events.INQUIRY_ACKNOWLEDGED, inquiry=inquiry, by=None, at=at, data=data)


@contextmanager
def _still_running(process: PressInquiryProcess) -> Iterator[PressInquiryProcess | None]:
    """Hold the run and read it again: what a worker brings along is as old as its message."""
    with locked(process.flow_class, process.pk):
        runs = PressInquiryProcess.objects.select_related("inquiry__case", "inquiry__agency")
        yield runs.filter(pk=process.pk, finished__isnull=True).first()


def _record_once(event: events.Event, inquiry: Inquiry, *, at: datetime) -> None:
    if not trail.has_entry(event, subject=inquiry):
        record(event, inquiry=inquiry, by=None, at=at)


def _is_automatic(inquiry: Inquiry) -> bool:
    return any("auto_reply" in received.defects for received in inquiry.incoming_mails.all())


def _subject(inquiry: Inquiry) -> str:
    with translation.override("vi"):
        return f"[{inquiry.reference}] {inquiry.agency.name}"


def _answered_message(inquiry: Inquiry) -> str:
    received = inquiry.incoming_mails.order_by("received_at").last()
    return received.message_id if received else ""


def acknowledgement_text(inquiry: Inquiry) -> str:
    """The acknowledgement in Vietnamese, the language in which the agency writes to the press.

    It tells the legal time limit alone: the agency's own rules and its superior's orders do not concern the press.
    """
    contact = inquiry.registered_by.full_name if inquiry.registered_by else inquiry.agency.name
    legal = deadlines.legal_due(inquiry, keys=REPLY_DUTIES)
    context = {
        "inquiry": inquiry,
        "agency": inquiry.agency,
        "contact": contact,
        "due": due_in_words(legal.due, inclusive=legal.due_inclusive) if legal and legal.due else "",
    }
    with translation.override("vi"):
        return render_to_string(ACKNOWLEDGEMENT, context)


def issue(process: PressInquiryProcess) -> None:
    """Number the approved text and make its bytes; run again after a crash it goes on where it stopped.

    An inquiry withdrawn meanwhile gets no number.
    """
    with _still_running(process) as current:
        if current is None:
            return
        document = issuing.number(process=current, by=None, at=clock.now())
    document_issuing.render(document=document, at=clock.now())
