"""Which report, or which paper of one, a mail to a recipient carried: read from its key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.enums import MailStatus
from core.models import Agency, OutgoingMail
from workflows.crisis.models import DispatchReply

# A report: its dispatch, the rung that sent it, and whose copy it is. A paper: itself, the dispatch, the contact, whom
# the keys of earlier versions leave out.
_KEY = re.compile(
    r"crisis-(?P<report>\d{1,18})-\d{1,9}(?:-u\d{1,18})?:report"
    r"|crisis-paper-(?P<paper>\d{1,18})-(?P<of>\d{1,18})(?:-c(?P<contact>\d{1,18}))?:paper"
)

_PAPER = "crisis-paper-"


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """A mail with what it carried, by their keys; `paper_id` is none where it was the report itself."""

    mail: OutgoingMail
    dispatch_id: int
    paper_id: int | None = None
    contact_id: int | None = None


def paper_key(paper_id: int, dispatch_id: int, contact_id: int) -> str:
    return f"{_papers(paper_id, dispatch_id)}c{contact_id}:paper"


def _papers(paper_id: int, dispatch_id: int) -> str:
    return f"{_PAPER}{paper_id}-{dispatch_id}-"


def carrier_of(mail: OutgoingMail) -> Carrier | None:
    """Nothing for a mail that carried no report and no paper."""
    found = _KEY.fullmatch(mail.key)
    if found is None:
        return None
    if found["paper"] is None:
        return Carrier(mail=mail, dispatch_id=int(found["report"]))
    return Carrier(
        mail=mail,
        dispatch_id=int(found["of"]),
        paper_id=int(found["paper"]),
        contact_id=int(found["contact"]) if found["contact"] else None,
    )


def returned(message_ids: Iterable[str]) -> list[Carrier]:
    """Of the mails of these Message-IDs those that carried a report or a paper."""
    rows = OutgoingMail.objects.filter(message_id__in=list(message_ids)).order_by("pk")
    return [found for found in map(carrier_of, rows) if found is not None]


def answered(message_ids: Iterable[str], *, agency: Agency) -> Carrier | None:
    """What a mail answers by these Message-IDs, the nearest first, where that is a report or paper of the agency."""
    for message_id in message_ids:
        mail = OutgoingMail.objects.filter(agency=agency, message_id=message_id).first()
        if mail is not None:
            return carrier_of(mail)
    return None


def binds(sha256: str) -> bool:
    """Whether an answer to a report names these bytes: its original stays, whatever is purged elsewhere."""
    return DispatchReply.objects.filter(sha256=sha256).exists()


def failed(paper_id: int) -> list[Carrier]:
    """Of each recipient the last mail that carried the paper, where that failed for good."""
    rows = OutgoingMail.objects.filter(key__startswith=f"{_PAPER}{paper_id}-").order_by("pk")
    last = {found.dispatch_id: found for found in map(carrier_of, rows) if found is not None}
    return [found for found in last.values() if found.mail.status == MailStatus.FAILED]


def written_to(paper_id: int, dispatch_id: int) -> set[int]:
    """The contacts of a recipient to whom the paper went by mail."""
    rows = OutgoingMail.objects.filter(key__startswith=_papers(paper_id, dispatch_id))
    found = (carrier_of(mail) for mail in rows)
    return {each.contact_id for each in found if each is not None and each.contact_id is not None}
