"""A person's secret calendar address: opened, replaced, revoked. Only the digest of its token is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from core import events, permissions
from core.actions import trail
from core.models import CalendarFeed, Person

TOKEN_BYTES = 32


@transaction.atomic
def open_feed(*, person: Person, at: datetime) -> str:
    """A new address, shown this once; an older one stops working. Returns its token."""
    permissions.check_active(person)
    revoke_feed(person=person, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=person, token_sha256=digest(token), created_at=at)
    trail.record(events.FEED_OPENED, case=None, by=person, at=at, subject=person, data={"feed": feed.pk})
    return token


@transaction.atomic
def revoke_feed(*, person: Person, at: datetime) -> bool:
    """Take the address back at once; False where there was none."""
    list(Person.objects.select_for_update(no_key=True).filter(pk=person.pk))
    feed = CalendarFeed.objects.filter(person=person, revoked_at__isnull=True).first()
    if feed is None:
        return False
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    trail.record(events.FEED_REVOKED, case=None, by=person, at=at, subject=person, data={"feed": feed.pk})
    return True


def owner_of(token: str) -> Person | None:
    """Whose address this is, while it holds and the account is open."""
    feeds = CalendarFeed.objects.filter(token_sha256=digest(token), revoked_at__isnull=True)
    feed = feeds.filter(person__is_active=True).select_related("person").first()
    return feed.person if feed else None


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
