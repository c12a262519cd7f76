"""Who speaks for an agency is made public: what is owed on a mandate, until when, and that it was done."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, permissions
from core.actions import trail
from core.enums import AgencyKind, Codename
from core.errors import Invalid
from core.models import Deadline, Mandate, Person
from core.queries import law
from core.rules.deadlines import MIDNIGHT, local_day
from core.rules.law import UnknownDuty
from core.rules.text import clean_line

from .ending import judge
from .holding import (
    check_has_come,
    check_not_before,
    check_open,
    check_publication,
    hold_mandate,
    locked,
)
from .starting import start_on

DELEGATION = "delegation_publication"
SPOKESPERSON = "spokesperson_publication"
ADDRESS_LIMIT = 500


@transaction.atomic
def owe_publication(
    *,
    mandate: Mandate,
    key_code: str,
    started_at: datetime,
    by: Person | None,
    at: datetime,
    published_at: datetime | None = None,
) -> list[Deadline]:
    """Start the clocks of making a mandate public: the law's and the agency's own. Nothing where neither asks.

    The law is that of the day of `started_at`: a delegation is owed within 12 hours of its signing under Decree
    09/2017 art 3.6 and no more since 1/7/2026, a standing spokesperson since then within 24 hours of the decision
    (Decree 244/2026 art 3.3). `published_at` tells of a publication that was made already.
    """
    key = law.rule_key(key_code)
    try:
        started = start_on(mandate, key=key, started_at=started_at, by=by, at=at)
    except UnknownDuty:
        return []
    if published_at is not None:
        for deadline in started:
            judge(deadline, done_at=published_at, by=by, at=max(at, published_at))
    return started


def decided(on: date, *, decided_at: datetime | None) -> datetime:
    """The instant of a decision. Of one that names its day alone it is the beginning, the strictest reading."""
    if decided_at is None:
        return datetime.combine(on, MIDNIGHT, clock.ZONE)
    if local_day(decided_at) != on:
        raise Invalid(
            _(
                "The decision was made on another day than it is dated. Nothing was recorded; correct one of them."
            ),
            fields={"decided_at": _("Not on the day of the decision.")},
        )
    return decided_at


@transaction.atomic
def publish(
    *,
    deadline: Deadline,
    published_at: datetime,
    by: Person,
    at: datetime,
    address: str = "",
    is_posted: bool = False,
) -> None:
    """Record when and where a mandate was made public: its clocks end, the law's and the agency's own, met or late.

    On the portal, by its address; a commune without a site posts it at its headquarters (Decree 09/2017 art 3.6).
    """
    check_publication(deadline)
    assert deadline.mandate_id is not None, "what asks for a publication is owed on a mandate"
    hold_mandate(deadline.mandate_id)
    row = locked(deadline.pk)
    permissions.check_role(by, Codename.PUBLISH_SPEAKERS, agency=row.agency, at=at)
    permissions.check_can_see_deadline(by, row, at=at)
    check_open(row)
    check_has_come(published_at, at=at, field="published_at")
    check_not_before(row, published_at, field="published_at")
    place = _place(row, address, is_posted=is_posted)
    for each in _same_duty(row):
        judge(each, done_at=published_at, by=by, at=at, told=place)


def _same_duty(row: Deadline) -> list[Deadline]:
    rows = Deadline.objects.open().filter(mandate=row.mandate_id, key=row.key_id).order_by("pk")
    return [locked(pk) for pk in rows.values_list("pk", flat=True)]


def _place(row: Deadline, address: str, *, is_posted: bool) -> dict[str, trail.Value]:
    """Where it was published, as the entry tells it. Raises Invalid."""
    where = clean_line(address, limit=ADDRESS_LIMIT)
    if where:
        _check_address(where)
    elif not is_posted:
        raise Invalid(
            _("Say where it was published: give the address of the page. What you typed is kept."),
            fields={"address": _("Give the address.")},
        )
    if is_posted and row.agency.kind != AgencyKind.COMMUNE:
        raise Invalid(
            _(
                "Only a commune without a site posts it at its headquarters; give the address of the page instead."
            ),
            fields={"is_posted": _("Not for this agency.")},
        )
    return {"address": where, "posted": is_posted}


def _check_address(address: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Invalid(
            _("This is no address of a page. Copy it from the browser, with https:// before it."),
            fields={"address": _("Not the address of a page.")},
        ) from None
