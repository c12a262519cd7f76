"""The row of a deadline, held for one act; whoever may keep it, and what its entries tell."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import permissions
from core.actions import trail
from core.enums import Codename
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, Inquiry, Person
from core.queries import deadlines as queries


def locked(deadline_id: int) -> Deadline:
    rows = queries.with_words(Deadline.objects.select_for_update(of=("self",), no_key=True))
    return rows.select_related("inquiry__case__agency", "agency").get(pk=deadline_id)


def check_open(deadline: Deadline) -> None:
    if not deadline.is_open:
        raise NotAllowedNow(_("This deadline has ended; it stays as it was."))


def check_has_come(instant: datetime, *, at: datetime, field: str) -> None:
    """What a person says has happened lies not in the future."""
    if instant > at:
        raise Invalid(
            _("This time has not come yet. Correct it; what you typed is kept."),
            fields={field: _("This time has not come yet.")},
        )


def check_keeper(by: Person, inquiry: Inquiry, *, at: datetime) -> None:
    permissions.check_role(by, Codename.KEEP_DEADLINES, agency=inquiry.agency, at=at)
    permissions.check_can_see(by, inquiry.case, at=at)


def refresh_due(inquiry: Inquiry) -> None:
    """The inquiry carries the nearest open deadline, whatever its source; lists sort by it."""
    inquiry.due = queries.nearest_due(inquiry)
    Inquiry.objects.filter(pk=inquiry.pk).update(due=inquiry.due)


def about(deadline: Deadline) -> dict[str, trail.Value]:
    return {
        "inquiry": deadline.inquiry_id,
        "reference": deadline.inquiry.reference,
        "deadline": deadline.pk,
        "key": deadline.label,
    }
