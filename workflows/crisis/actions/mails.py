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
) -> list[OutgoingMail]:
    """Put a mail of a crisis in line, once for each key however often this runs; it leaves after the commit.

    `key` ends in a colon and its purpose. In a drill an address that is no player's is played by all of them: each
    gets it, nobody else does, and where none has an address nothing is sent. `more` names a file that goes with it.
    A subject too long is cut, and an address that cannot be written to left out: one bad line in a directory holds up
    no report and no ladder.
    """
    matter = mail.Matter(agency=crisis.agency, reference=crisis.reference, case=crisis.case)
    if crisis.is_drill:
        subject, body = f"[{DRILL}] {subject}", f"{_first_line()}\n\n{body}"
    short = Truncator(subject).chars(SUBJECT_LIMIT)
    return [
        mail.queue_about(matter, key=own_key, recipient=address, subject=short, body=body, at=at, more=more)
        for own_key, address in _addressed(crisis, key=key, to=to)
        if can_be_written_to(address)
    ]


def can_be_written_to(address: str) -> bool:
    try:
        mail.check_address(address)
    except Invalid:
        log.warning("An address in a directory cannot be written to; its mail of a crisis was left out.")
        return False
    return True


def _first_line() -> str:
    with translation.override("vi"):
        return f"{DRILL}: {_('This is a drill. Nothing of it has happened.')}"


def _addressed(crisis: Crisis, *, key: str, to: str) -> list[tuple[str, str]]:
    """Each key with the address that gets it."""
    if not crisis.is_drill:
        return [(key, to)]
    players = list(crisis.players.filter(is_active=True).exclude(email="").order_by("pk"))
    if any(player.email.casefold() == to.casefold() for player in players):
        return [(key, to)]
    start, _colon, purpose = key.rpartition(":")
    return [(f"{start}-p{player.pk}:{purpose}", player.email) for player in players]
