"""The row of a deadline, held for one act; who may keep it, and what its entries tell."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from core import permissions
from core.actions import trail
from core.enums import Codename, StartingEvent
from core.errors import Invalid, NotAllowedNow
from core.models import Crisis, Deadline, Inquiry, Mandate, Person
from core.queries import deadlines as queries


def locked(deadline_id: int) -> Deadline:
    rows = queries.with_words(Deadline.objects.select_for_update(of=("self",), no_key=True))
    return queries.with_subject(rows).get(pk=deadline_id)


def hold_mandate(mandate_id: int) -> None:
    """Hold a mandate for an act on its deadlines: they queue there as those of an inquiry do at its run."""
    Mandate.objects.select_for_update(no_key=True).only("pk").get(pk=mandate_id)


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


def check_not_before(deadline: Deadline, instant: datetime, *, field: str) -> None:
    """Nothing was done before its deadline began, but for what precedes a planned event."""
    if instant < deadline.started_at and deadline.start != StartingEvent.PLANNED_EVENT:
        raise Invalid(
            _("This lies before the deadline began. Correct it; what you typed is kept."),
            fields={field: _("Before the deadline began.")},
        )


def check_no_publication(deadline: Deadline) -> None:
    if deadline.mandate_id is not None:
        raise NotAllowedNow(
            _("This deadline asks for a publication: record where it was published. Nothing was changed.")
        )


def check_publication(deadline: Deadline) -> None:
    if deadline.mandate_id is None:
        raise NotAllowedNow(_("This deadline asks for no publication. Nothing was changed."))


def check_may_keep(by: Person, deadline: Deadline, *, at: datetime) -> None:
    permissions.check_role(by, Codename.KEEP_DEADLINES, agency=deadline.agency, at=at)
    permissions.check_can_see_deadline(by, deadline, at=at)


def check_keeper(by: Person, subject: Inquiry | Crisis, *, at: datetime) -> None:
    """Of a crisis the event is named by whoever assesses it."""
    codename = Codename.ASSESS_CRISIS if isinstance(subject, Crisis) else Codename.KEEP_DEADLINES
    permissions.check_role(by, codename, agency=subject.agency, at=at)
    permissions.check_can_see(by, subject.case, at=at)


def refresh_due(deadline: Deadline) -> None:
    """An inquiry carries the nearest open deadline, whatever its source; lists sort by it. Nothing else carries one."""
    inquiry = deadline.inquiry
    if inquiry is not None:
        inquiry.due = queries.nearest_due(inquiry)
        Inquiry.objects.filter(pk=inquiry.pk).update(due=inquiry.due)


def about(deadline: Deadline) -> dict[str, trail.Value]:
    owed_on: dict[str, trail.Value] = {"inquiry": deadline.inquiry_id}
    if deadline.mandate_id is not None:
        owed_on = {"mandate": deadline.mandate_id}
    elif deadline.crisis_id is not None:
        owed_on = {"crisis": deadline.crisis_id}
    return owed_on | {"reference": deadline.reference, "deadline": deadline.pk, "key": deadline.label}
