"""Publication, where the law of the signing or a local rule asks for it."""

from __future__ import annotations

from datetime import datetime

from core import events
from core.actions import deadlines
from core.models import Deadline, Person
from core.queries import trail as trail_queries
from workflows.delegation import queries
from workflows.delegation.models import Delegation, DelegationProcess

from .recording import record


def publish(
    *,
    process: DelegationProcess,
    published_at: datetime,
    address: str,
    is_posted: bool,
    by: Person,
    at: datetime,
) -> None:
    """Record where and when the delegation was published; its clocks end in time or late. Raises Invalid.

    Where the page of the deadline ended the clock meanwhile, what stands there counts and not what is typed here.
    """
    delegation = process.delegation
    while (deadline := queries.open_publications(delegation).first()) is not None:
        deadlines.publish(
            deadline=deadline, published_at=published_at, address=address, is_posted=is_posted, by=by, at=at
        )  # fmt: skip
    close(process=process, by=by, at=at)


def close(*, process: DelegationProcess, by: Person, at: datetime) -> None:
    """End the step whose clock has ended: the publication recorded there is told here, or none where it was void."""
    delegation = process.delegation
    made_public = queries.published(delegation)
    if made_public is not None and made_public.ended_at is not None:
        _record(delegation, published_at=made_public.ended_at, address=_address(made_public), by=by, at=at)


def _address(deadline: Deadline) -> str:
    """Where it was published, as the entry on the end of its clock tells it."""
    ended = trail_queries.latest_entry(events.DEADLINE_ENDED, subject=deadline)
    return str(ended.data.get("address", "")) if ended else ""


def _record(
    delegation: Delegation, *, published_at: datetime, address: str, by: Person, at: datetime
) -> None:
    delegation.published_at, delegation.published_address = published_at, address
    delegation.save(update_fields=["published_at", "published_address"])
    record(
        events.DELEGATION_PUBLISHED, delegation=delegation, by=by, at=at, occurred_at=published_at,
        data={
            "mandate": delegation.mandate_id, "document_number": delegation.number, "address": address,
            "published_at": published_at,
        },
    )  # fmt: skip
