"""Settings of an agency whose change is a decision."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import events
from core.models import Agency, Person

from . import trail


@transaction.atomic
def let_withhold(*, agency: Agency, is_allowed: bool, by: Person | None, at: datetime) -> None:
    """Switch the outcome “considered, not provided yet” on or off; what was decided before stays as it is.

    It is no outcome of the Press Law, so the trail says who allowed it.
    """
    Agency.objects.filter(pk=agency.pk).update(may_withhold=is_allowed)
    agency.may_withhold = is_allowed
    event = events.AGENCY_WITHHOLDING_ALLOWED if is_allowed else events.AGENCY_WITHHOLDING_ENDED
    trail.record(event, case=None, by=by, at=at, subject=agency, data={"agency": agency.code})
