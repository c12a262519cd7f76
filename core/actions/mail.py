"""Mail in and out. What goes out is a row first and leaves after the commit; what came in keeps its defects.

Sending is at least once: a worker killed between the server's yes and our commit sends the mail again, under
the same Message-ID, by which every mail program knows it for the same mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, formataddr
from smtplib import SMTPException, SMTPResponseException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core import events, files, jobs, permissions
from core.actions import trail
from core.enums import Codename, MailStatus
from core.errors import DomainError, Invalid, NotAllowedNow
from core.models import Agency, Attachment, Case, IncomingMail, Inquiry, OutgoingMail, Person
from core.queries import mail as queries
from core.rules import attachments
from core.rules import mail as rules
from core.rules.text import clean_line

JOB = "core.tasks.send_mail"
# How long after an attempt the next may start: longer than a job may live, and longer each time.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (3, 10, 30, 120, 3))
MAX_ATTEMPTS = len(WAITS)
# RFC 3834: what a machine sends says so.
AUTOMATIC = {
    "acknowledgement": "auto-replied",
    **dict.fromkeys(
        ("reminder", "activated", "late", "unacknowledged", "deadlock", "replied"), "auto-generated"
    ),
}
FAILURE_LIMIT = 500
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


# Out


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a mail is about: whose it is, how it is named, and the case in whose stream its entries stand, if any."""

    agency: Agency
    reference: str
    case: Case | None = None
    inquiry: Inquiry | None = None


def queue(
    *,
    inquiry: Inquiry,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    at: datetime,
    in_reply_to: str = "",
    attachment_sha256: str = "",
    attachment_name: str = "",
) -> OutgoingMail:
    """Put a mail about an inquiry in line, as `queue_about` says, in answer to another and with a file."""
    facts = {
        "in_reply_to": in_reply_to if _MESSAGE_ID.fullmatch(in_reply_to) else "",
        "attachment_sha256": attachment_sha256,
        "attachment_name": attachments.clean_name(attachment_name) if attachment_sha256 else "",
    }
    matter = Matter(agency=inquiry.agency, reference=inquiry.reference, case=inquiry.case, inquiry=inquiry)
    return queue_about(matter, key=key, recipient=recipient, subject=subject, body=body, at=at, more=facts)


def queue_about(
    matter: Matter,
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    at: datetime,
    more: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """Put a mail in line, once for each key however often this runs; it leaves after the caller's commit.

    The last part of the key, after a colon, is its purpose as the trail tells it.
    """
    check_address(recipient)
    facts = {
        "agency": matter.agency,
        "inquiry": matter.inquiry,
        "recipient": recipient,
        "subject": clean_line(subject, limit=rules.SUBJECT_LIMIT),
        "body": body,
        "message_id": _stable_id(key, matter.agency),
        "queued_at": at,
        **(more or {}),
    }
    with transaction.atomic():
        mail, is_new = OutgoingMail.objects.get_or_create(key=key, defaults=facts)
        if is_new:
            hashed = trail.keyed_hash(mail, body)
            attached = int(bool(mail.attachment_sha256))
            _record(events.MAIL_QUEUED, mail, matter, at=at, text_hash=hashed, attachments=attached)
            jobs.enqueue(JOB, mail.pk)
    return mail


def is_queued(key: str) -> bool:
    return OutgoingMail.objects.filter(key=key).exists()


def send(mail_id: int, *, at: datetime) -> bool:
    """Send a mail that waits and is due; False when it was not this call that sent it.

    No lock is held while the mail server is asked: an attempt is claimed first, by counting it.
    """
    mail = _claimed(mail_id, at=at)
    if mail is None:
        return False
    try:
        _message(mail, at=at).send()
    except (OSError, SMTPException, ValueError, DomainError) as error:
        _note_failure(mail, error, at=at)
        return False
    return _mark_sent(mail, at=at)


def due_ids(*, at: datetime) -> list[int]:
    """The mails whose first or next attempt is due, oldest first."""
    waiting = OutgoingMail.objects.filter(status=MailStatus.PENDING).order_by("queued_at")
    return list(waiting.filter(_due(at)).values_list("pk", flat=True))


def _due(at: datetime) -> Q:
    due = Q(tried_at__isnull=True)
    for attempts, wait in enumerate(WAITS, start=1):
        due |= Q(attempts=attempts, tried_at__lte=at - wait)
    return due


def _claimed(mail_id: int, *, at: datetime) -> OutgoingMail | None:
    """The mail, if this call may try it now. A last attempt that nobody reported on counts as failed."""
    mail = OutgoingMail.objects.filter(_due(at), pk=mail_id, status=MailStatus.PENDING).first()
    if mail is None:
        return None
    if mail.attempts >= MAX_ATTEMPTS:
        _give_up(mail, at=at)
        return None
    unclaimed = OutgoingMail.objects.filter(pk=mail.pk, status=MailStatus.PENDING, attempts=mail.attempts)
    if not unclaimed.update(attempts=mail.attempts + 1, tried_at=at):
        return None
    return OutgoingMail.objects.select_related("agency", "inquiry__case").get(pk=mail_id)


def _message(mail: OutgoingMail, *, at: datetime) -> EmailMessage:
    headers = {"Message-ID": mail.message_id, "Date": format_datetime(at)}
    if mail.in_reply_to:
        headers |= {"In-Reply-To": mail.in_reply_to, "References": mail.in_reply_to}
    if _purpose(mail) in AUTOMATIC:
        headers["Auto-Submitted"] = AUTOMATIC[_purpose(mail)]
    message = EmailMessage(mail.subject, mail.body, _sender(mail.agency), [mail.recipient], headers=headers)
    if mail.attachment_sha256:
        message.attach(mail.attachment_name, files.read(mail.attachment_sha256))
    return message


def _sender(agency: Agency) -> str:
    return formataddr((agency.name, agency.mailbox)) if agency.mailbox else settings.DEFAULT_FROM_EMAIL


def _stable_id(key: str, agency: Agency) -> str:
    domain = (agency.mailbox or settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("<> ")
    # Keyed: whoever could work it out could send a mail that seems to answer ours, into any inquiry.
    digest = salted_hmac("core.mail.message_id", key, algorithm="sha256").hexdigest()
    return f"<{digest[:40]}@{domain}>"


def _purpose(mail: OutgoingMail) -> str:
    return mail.key.rpartition(":")[2]


def _matter(mail: OutgoingMail) -> Matter:
    """What a mail in line is about: its inquiry, or what the entry says with which it was put in line."""
    inquiry = mail.inquiry
    if inquiry is not None:
        return Matter(agency=mail.agency, reference=inquiry.reference, case=inquiry.case, inquiry=inquiry)
    case, reference = queries.told_when_queued(mail)
    return Matter(agency=mail.agency, reference=reference, case=case)


def _record(
    event: events.Event,
    mail: OutgoingMail,
    matter: Matter,
    *,
    at: datetime,
    by: Person | None = None,
    **more: trail.Value,
) -> None:
    data: dict[str, trail.Value] = {
        "mail": mail.pk,
        "reference": matter.reference,
        "purpose": _purpose(mail),
        "recipient": mail.recipient,
        **({"inquiry": matter.inquiry.pk} if matter.inquiry else {}),
        **more,
    }
    trail.record(event, case=matter.case, by=by, at=at, subject=mail, data=data)


def _mark_sent(mail: OutgoingMail, *, at: datetime) -> bool:
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(pk=mail.pk, status=MailStatus.PENDING)
        if not waiting.update(status=MailStatus.SENT, sent_at=at, failure=""):
            return False
        _record(events.MAIL_SENT, mail, _matter(mail), at=at, attempts=mail.attempts)
    return True


def _note_failure(mail: OutgoingMail, error: Exception, *, at: datetime) -> None:
    failure = clean_line(f"{type(error).__name__}: {error}"[:FAILURE_LIMIT], limit=FAILURE_LIMIT * 2)
    OutgoingMail.objects.filter(pk=mail.pk, status=MailStatus.PENDING).update(failure=failure)
    if mail.attempts >= MAX_ATTEMPTS:
        _give_up(mail, at=at, error=_error_code(error))


def _error_code(error: Exception) -> str:
    """What kind of failure, without the server's words: they may repeat the address."""
    reply = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    return type(error).__name__ + reply


def _give_up(mail: OutgoingMail, *, at: datetime, error: str = "") -> None:
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(pk=mail.pk, status=MailStatus.PENDING)
        if waiting.update(status=MailStatus.FAILED):
            _record(events.MAIL_FAILED, mail, _matter(mail), at=at, attempts=mail.attempts, error=error)


@transaction.atomic
def resend(*, mail: OutgoingMail, by: Person, at: datetime) -> None:
    """Put a mail that failed for good in line again, for as many attempts as it had; it is the same mail."""
    matter = _matter(mail)
    _check_handles_mail(by, matter.agency, matter.case, at=at)
    failed = OutgoingMail.objects.filter(pk=mail.pk, status=MailStatus.FAILED)
    if not failed.update(status=MailStatus.PENDING, attempts=0, tried_at=None):
        raise NotAllowedNow(_("This mail has not failed; there is nothing to send again."))
    _record(events.MAIL_RESENT, mail, matter, by=by, at=at)
    jobs.enqueue(JOB, mail.pk)


def _check_handles_mail(by: Person, agency: Agency, case: Case | None, *, at: datetime) -> None:
    permissions.check_role(by, Codename.REGISTER_INQUIRY, agency=agency, at=at)
    if case is not None:
        permissions.check_can_see(by, case, at=at)


def check_address(recipient: str) -> None:
    """Raises Invalid where no mail can be sent there."""
    try:
        validate_email(recipient)
    except ValidationError:
        raise Invalid(
            _("The e-mail address “%(address)s” cannot be written to. Nothing was sent: correct the address.")
            % {"address": recipient[:100]},
            fields={"recipient": _("Not an e-mail address.")},
        ) from None


# In


def record_incoming(
    *,
    agency: Agency,
    inquiry: Inquiry,
    parsed: rules.ParsedMail,
    raw_sha256: str,
    at: datetime,
    is_joined: bool = False,
) -> IncomingMail:
    """Keep a mail under its inquiry; attachments that may not be kept are left out, named among its defects.

    `is_joined` says that the inquiry was there before. Raises IntegrityError where the mail is known already.
    """
    with transaction.atomic():
        mail = IncomingMail.objects.create(
            agency=agency,
            inquiry=inquiry,
            message_id=parsed.message_id,
            in_reply_to=parsed.in_reply_to,
            sender=parsed.sender,
            subject=parsed.subject,
            text=parsed.text,
            dated_at=parsed.dated_at,
            received_at=at,
            sha256=raw_sha256,
            defects=list(parsed.defects),
            is_joined=is_joined,
        )
        kept, left_out = _keep_attachments(inquiry, parsed, at=at)
        mail.defects = [*mail.defects, *left_out]
        mail.save(update_fields=["defects"])
        _record_received(mail, parsed, kept=kept, at=at, is_joined=is_joined)
    return mail


@transaction.atomic
def mark_read(*, mail: IncomingMail, by: Person, at: datetime) -> None:
    """Take a joined mail off the lists: somebody has read it and seen to it. Twice is once."""
    _check_handles_mail(by, mail.inquiry.agency, mail.inquiry.case, at=at)
    unread = IncomingMail.objects.filter(pk=mail.pk, is_joined=True, read_at__isnull=True)
    if unread.update(read_at=at, read_by=by):
        inquiry = mail.inquiry
        data: dict[str, trail.Value] = {
            "mail": mail.pk,
            "inquiry": inquiry.pk,
            "reference": inquiry.reference,
        }
        trail.record(events.MAIL_READ, case=inquiry.case, by=by, at=at, subject=mail, data=data)


def _keep_attachments(inquiry: Inquiry, parsed: rules.ParsedMail, *, at: datetime) -> tuple[int, list[str]]:
    left_out = []
    for name, data in parsed.attachments:
        try:
            media_type = attachments.check(name, data)
        except attachments.TooLarge:
            left_out.append(f"{rules.ATTACHMENT_TOO_LARGE}:{attachments.clean_name(name)}")
        except attachments.NotAccepted:
            left_out.append(f"{rules.ATTACHMENT_REFUSED}:{attachments.clean_name(name)}")
        else:
            keep_attachment(inquiry=inquiry, name=name, media_type=media_type, data=data, at=at)
    return len(parsed.attachments) - len(left_out), left_out


def keep_attachment(*, inquiry: Inquiry, name: str, media_type: str, data: bytes, at: datetime) -> Attachment:
    """Keep a file that passed `rules.attachments.check` under its inquiry."""
    return Attachment.objects.create(
        inquiry=inquiry,
        name=attachments.clean_name(name, media_type),
        media_type=media_type,
        size=len(data),
        sha256=files.store(data),
        added_at=at,
    )


def _record_received(
    mail: IncomingMail, parsed: rules.ParsedMail, *, kept: int, at: datetime, is_joined: bool
) -> None:
    inquiry = mail.inquiry
    data: dict[str, trail.Value] = {
        "mail": mail.pk,
        # A plain digest would outlive the purge of a text short enough to be guessed.
        "raw_sha256": trail.keyed_hash(mail, mail.sha256),
        "attachments": kept,
        "sender": parsed.sender_email,
        "message_id": mail.message_id,
    }
    if is_joined:
        data |= {"inquiry": inquiry.pk, "reference": inquiry.reference}
    event = events.MAIL_JOINED if is_joined else events.MAIL_RECEIVED
    occurred_at = min(mail.dated_at or at, at)
    trail.record(event, case=inquiry.case, by=None, at=at, occurred_at=occurred_at, subject=mail, data=data)
