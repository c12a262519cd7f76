"""Editions of the public register: written when what it says has changed, never by whoever reads it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from core import events, jobs
from core.actions import trail
from core.models import Agency, RegisterEdition
from core.queries import register as queries


def publish_editions(*, at: datetime) -> int:
    """Write an edition for every agency whose register says something else than its latest one; how many.

    Safe to run twice, also at the same moment: the second finds nothing to do. One agency's failure holds up no other.
    """
    found = queries.registers(queries.existing(at), at=at)
    changed = [register.agency.pk for register in found if register.edition is None]
    return jobs.for_each(changed, partial(_publish, at=at))


@transaction.atomic
def _publish(agency_id: int, *, at: datetime) -> int:
    """Whether an edition was written. Who comes at the same moment waits at the agency's row and then looks anew."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    register = queries.register_of(agency, at=at)
    latest = register.latest
    # Whoever waited may carry an older instant than what was written meanwhile.
    if register.edition is not None or (latest is not None and latest.published_at > at):
        return 0
    edition = RegisterEdition.objects.create(
        agency=agency,
        number=latest.number + 1 if latest else 1,
        content=register.content,
        sha256=register.sha256,
        published_at=at,
    )
    data: dict[str, trail.Value] = {
        "agency": agency.name,
        "edition": edition.number,
        "sha256": edition.sha256,
    }
    trail.record(
        events.REGISTER_CHANGED,
        case=None,
        by=None,
        at=at,
        subject=edition,
        data=data,
        object_hash=edition.sha256,
    )
    return 1
