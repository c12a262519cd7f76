"""A mail comes in: find its agency, join the inquiry it answers or open one, and start the procedure."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock, files, request_context
from core.actions import casefile
from core.actions import mail as actions
from core.enums import Channel
from core.errors import DomainError, NotFound
from core.mailboxes import Waiting
from core.models import Agency, IncomingMail, Inquiry, Journalist, OutgoingMail, PressAgency
from core.rules import bounces
from core.rules import mail as rules
from workflows import flows  # noqa: F401 - the procedure is reached by its code once it is loaded
from workflows.crisis.actions import delivering, replies
from workflows.press_inquiry.actions import running

log = logging.getLogger(__name__)

_OUR_REFERENCE = re.compile(r"\[([A-Z]{1,8}-\d{4}-\d{1,10})\]")


def take_in(waiting: Waiting) -> list[Inquiry]:
    """Receive one message for every agency it was sent to; acknowledged in its mailbox only once it is kept here.

    What cannot be received is logged and stays in the box, and the messages after it are not held up.
    """
    try:
        with request_context.entered(channel="mail"):
            at = clock.now()
            inquiries = receive_all(waiting.raw, code="", at=at)
    except DomainError as refusal:
        log.exception("A mail could not be received and stays in its mailbox: %s", refusal.sentence)
        return []
    except Exception:
        log.exception("A mail could not be received and stays in its mailbox.")
        return []
    waiting.acknowledge()
    return inquiries


def receive_all(raw: bytes, *, code: str, at: datetime) -> list[Inquiry]:
    """Receive a mail for every agency it was sent to; what one of them has already is not received again.

    A notice that a report or its paper came back, or an answer to one, is no inquiry: it is kept with the report.
    """
    if delivering.bounced(bounces.returned_ids(raw), at=at):
        return []
    parsed = rules.parse(raw)
    return [
        receive(agency=agency, raw=raw, at=at)
        for agency in agencies_for(raw, code=code, at=at)
        if not replies.keep(parsed, raw=raw, agency=agency, at=at)
    ]


def agencies_for(raw: bytes, *, code: str, at: datetime) -> list[Agency]:
    """The agencies whose mailboxes the mail was sent to; else the one of this code; else the deployment's own."""
    agencies = Agency.objects.at(at.astimezone(clock.ZONE).date()).exclude(mailbox="")
    by_mailbox = {agency.mailbox.lower(): agency for agency in agencies}
    addressed = [by_mailbox[one] for one in rules.parse(raw).recipients if one in by_mailbox]
    if addressed:
        return addressed
    wanted = code or getattr(settings, "DEFAULT_AGENCY", "")
    if wanted:
        return [_by_code(wanted)]
    if len(by_mailbox) == 1:
        return list(by_mailbox.values())
    raise NotFound(
        _(
            "The mail is not addressed to the mailbox of any agency here, so it was not received and stays "
            "where it is. Name the agency with --agency, or set DEFAULT_AGENCY."
        )
    )


def _by_code(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise NotFound(
            _("There is no agency with the code %(code)s, so nothing was received.") % {"code": code}
        )
    return agency


def receive(*, agency: Agency, raw: bytes, at: datetime) -> Inquiry:
    """Keep a mail and return its inquiry: the one it answers, or a new one with its procedure started.

    The same mail again, or twice at once, gives the same inquiry and nothing new.
    """
    parsed = _parsed(raw, agency)
    known = _known(parsed, agency)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _keep(parsed, raw=raw, agency=agency, at=at)
    except IntegrityError:
        known = _known(parsed, agency)
        if known is None:
            raise
        return known


def _parsed(raw: bytes, agency: Agency) -> rules.ParsedMail:
    """The mail as read; from the agency's own mailbox it counts as a machine's: nobody answers himself."""
    parsed = rules.parse(raw)
    if parsed.is_auto_reply or not agency.mailbox or parsed.sender_email != agency.mailbox.lower():
        return parsed
    return replace(parsed, is_auto_reply=True, defects=(*parsed.defects, rules.AUTO_REPLY))


def _known(parsed: rules.ParsedMail, agency: Agency) -> Inquiry | None:
    mail = IncomingMail.objects.filter(agency=agency, message_id=parsed.message_id).first()
    return mail.inquiry if mail else None


def _keep(parsed: rules.ParsedMail, *, raw: bytes, agency: Agency, at: datetime) -> Inquiry:
    answered = _answered(parsed, agency)
    inquiry = answered or _opened(parsed, agency=agency, at=at)
    actions.record_incoming(
        agency=agency,
        inquiry=inquiry,
        parsed=parsed,
        raw_sha256=files.store(raw),
        at=at,
        is_joined=answered is not None,
    )
    if answered is None:
        running.start_from_mail(inquiry=inquiry)
    return inquiry


def _answered(parsed: rules.ParsedMail, agency: Agency) -> Inquiry | None:
    """The inquiry a mail belongs to by what it answers; a machine's also by the reference it repeats."""
    for message_id in (*parsed.answers, parsed.message_id):
        for mails in (OutgoingMail.objects, IncomingMail.objects):
            mail = mails.filter(agency=agency, message_id=message_id).first()
            # A reminder of a mandate to an official is about no inquiry.
            if mail is not None and mail.inquiry is not None:
                return mail.inquiry
    repeated = _OUR_REFERENCE.search(parsed.subject) if parsed.is_auto_reply else None
    return Inquiry.objects.filter(agency=agency, reference=repeated[1]).first() if repeated else None


def _opened(parsed: rules.ParsedMail, *, agency: Agency, at: datetime) -> Inquiry:
    press_agency = _proposed_press_agency(parsed.sender_domain, at=at)
    new = casefile.NewInquiry(
        channel=Channel.EMAIL,
        received_at=at,
        subject=parsed.subject,
        asker_name=parsed.sender_name,
        asker_email=parsed.sender_email,
        press_agency_id=press_agency.pk if press_agency else None,
        mail_dated_at=parsed.dated_at,
        is_demo=agency.is_demo,
        extra={"journalist": _proposed_journalist(parsed.sender_email)},
    )
    return casefile.open_inquiry(agency=agency, new=new, by=None, at=at)


def _proposed_press_agency(domain: str, *, at: datetime) -> PressAgency | None:
    """The press agency that writes from this domain or one below it; whoever registers confirms it."""
    if not domain:
        return None
    candidates = PressAgency.objects.at(at.astimezone(clock.ZONE).date()).order_by("code")
    return next((one for one in candidates if any(_is_within(domain, known) for known in one.domains)), None)


def _is_within(domain: str, known: str) -> bool:
    return f".{domain}".endswith(f".{known.lower()}")


def _proposed_journalist(email: str) -> Journalist | None:
    return Journalist.objects.filter(email__iexact=email).first() if email else None
