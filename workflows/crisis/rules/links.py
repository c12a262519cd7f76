"""The link by which a body outside the system acknowledges: signed, for one dispatch and contact, good for hours.

It is read by whoever holds it, so it carries ids alone. Altered in one letter it is no link at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

SALT = "workflows.crisis.links"


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link was made for: the dispatch, the contact it was sent to, the rung that sent it, and when."""

    dispatch: int
    contact: int | None
    rung: int
    made_at: datetime

    def ends_at(self, *, hours: int) -> datetime:
        return self.made_at + timedelta(hours=hours)


def signed(link: Link) -> str:
    """The token of a link, safe in an address."""
    facts = [link.dispatch, link.contact or 0, link.rung, int(link.made_at.timestamp())]
    return signing.Signer(salt=SALT).sign_object(facts)


def read(token: str) -> Link | None:
    """What a token was signed for; nothing where it was altered."""
    try:
        dispatch, contact, rung, made = signing.Signer(salt=SALT).unsign_object(token)
        made_at = datetime.fromtimestamp(int(made), tz=UTC)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Link(dispatch=int(dispatch), contact=int(contact) or None, rung=int(rung), made_at=made_at)
