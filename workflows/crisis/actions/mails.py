"""Every mail of a crisis goes through here. One of a drill says so first, and reaches the people of the drill alone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.actions import mail
from core.errors import Invalid
from core.models import Crisis, OutgoingMail
from core.rules.mail import SUBJECT_LIMIT

log = logging.getLogger(__name__)

# The words of the law's own language, whatever language a page or mail is read in.
DRILL = "DIỄN TẬP"


def queue(
    crisis: Crisis,
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    more: Mapping[str, str] | None = None,
) -> OutgoingMail | None:
    """Put a mail of a crisis in line, once for each key however often this runs; it leaves after the commit.

    `key` ends in a colon and its purpose. In a drill whoever began it stands in for an address that is no player's, or
    the first player where he has none; where nobody has, nothing is sent. `more` names a file that goes with it.
    A subject too long is cut, and an address that cannot be written to left out: one bad line in a directory holds up
    no report and no ladder.
    """
    matter = mail.Matter(agency=crisis.agency, reference=crisis.reference, case=crisis.case)
    if crisis.is_drill:
        subject, body = f"[{DRILL}] {subject}", f"{_first_line()}\n\n{body}"
    short = Truncator(subject).chars(SUBJECT_LIMIT)
    address = _address(crisis, to)
    if not can_be_written_to(address):
        return None
    return mail.queue_about(matter, key=key, recipient=address, subject=short, body=body, at=at, more=more)


def can_be_written_to(address: str) -> bool:
    if not address:
        return False
    try:
        mail.check_address(address)
    except Invalid:
        log.warning("An address in a directory cannot be written to; its mail of a crisis was left out.")
        return False
    return True


def _first_line() -> str:
    with translation.override("vi"):
        return f"{DRILL}: {_('This is a drill. Nothing of it has happened.')}"


def _address(crisis: Crisis, to: str) -> str:
    """Who gets a mail to this address; blank where nobody does."""
    playing = crisis.players.filter(is_active=True)
    if not crisis.is_drill or playing.filter(email__iexact=to).exists():
        return to
    in_order = sorted(playing, key=lambda person: (person.pk != crisis.detected_by_id, person.pk))
    return next((person.email for person in in_order if can_be_written_to(person.email)), "")
