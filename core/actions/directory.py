"""Entries of the directory and contacts of agencies: entered, ended, put aside, each on record; none is rewritten."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import RecipientPart
from core.errors import Invalid, NotAllowedNow
from core.models import AgencyContact, DirectoryEntry, Person
from core.queries import organisation
from core.rules.deadlines import local_day
from core.rules.organisation import EndedAgency


def check_entry(entry: DirectoryEntry, *, on: date) -> None:
    """Raise Invalid where it names a body that has ended, is for two circles, or meets an entry for the same one."""
    if entry.agency is not None and entry.province:
        raise Invalid(
            _("An entry is for one agency or for a province, not for both. What you typed is kept."),
            fields={"province": _("Leave this empty, or the agency.")},
        )
    first = entry.valid_from or on
    if not entry.recipient.covers(first):
        heirs = organisation.heirs(entry.recipient, first)
        raise EndedAgency(entry.recipient, heirs, field="recipient")
    same = DirectoryEntry.objects.filter(part=entry.part, agency=entry.agency, province=entry.province)
    if any(_meet(entry, other) for other in same.exclude(pk=entry.pk)):
        raise Invalid(
            _(
                "An entry for this part already holds on some of these days: end it first. What you typed is kept."
            ),
            fields={"valid_from": _("Another entry holds then.")},
        )


def _meet(entry: DirectoryEntry, other: DirectoryEntry) -> bool:
    begins = entry.valid_until is None or (other.valid_from or date.min) < entry.valid_until
    ends = other.valid_until is None or (entry.valid_from or date.min) < other.valid_until
    return begins and ends


@transaction.atomic
def enter(entry: DirectoryEntry, *, by: Person | None, at: datetime) -> DirectoryEntry:
    """Name which body plays a part, from a day on. Raises Invalid."""
    check_entry(entry, on=local_day(at))
    entry.save()
    _record_entry(events.DIRECTORY_ENTERED, entry, by=by, at=at)
    return entry


@transaction.atomic
def end(entry: DirectoryEntry, *, valid_until: date, by: Person | None, at: datetime) -> None:
    """Set the end of an entry, once. Raises NotAllowedNow, Invalid."""
    row = DirectoryEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if row.valid_until is not None:
        raise NotAllowedNow(_("This entry has its end already. Nothing was changed."))
    if row.valid_from is not None and valid_until <= row.valid_from:
        raise Invalid(
            _("The end must come after the start."),
            fields={"valid_until": _("The end must come after the start.")},
        )
    row.valid_until = valid_until
    row.save(update_fields=["valid_until"])
    _record_entry(events.DIRECTORY_ENDED, row, by=by, at=at)
    entry.valid_until = valid_until


def _record_entry(event: events.Event, entry: DirectoryEntry, *, by: Person | None, at: datetime) -> None:
    data: dict[str, trail.Value] = {
        "entry": entry.pk,
        "part": RecipientPart(entry.part).value,
        "agency": entry.agency.code if entry.agency else "",
        "province": entry.province,
        "recipient": entry.recipient.code,
        "recipient_name": entry.recipient.name,
        "valid_from": str(entry.valid_from or ""),
        "valid_until": str(entry.valid_until or ""),
    }
    trail.record(event, case=None, by=by, at=at, subject=entry, data=data)


@transaction.atomic
def enter_contact(contact: AgencyContact, *, by: Person | None, at: datetime) -> AgencyContact:
    """Note whom to reach at an agency. Raises Invalid without an address and a number."""
    if not contact.email and not contact.phone:
        raise Invalid(
            _("Give an e-mail or a phone number. What you typed is kept."),
            fields={"phone": _("Give an e-mail or a phone number.")},
        )
    contact.is_active = True
    contact.save()
    _record_contact(events.CONTACT_ENTERED, contact, by=by, at=at)
    return contact


@transaction.atomic
def close_contact(contact: AgencyContact, *, by: Person | None, at: datetime) -> None:
    """Put a contact aside: it stays for what was sent to it, and is tried no more."""
    row = AgencyContact.objects.select_for_update(of=("self",), no_key=True).get(pk=contact.pk)
    if row.is_active:
        row.is_active = False
        row.save(update_fields=["is_active"])
        _record_contact(events.CONTACT_CLOSED, row, by=by, at=at)
    contact.is_active = False


def _record_contact(event: events.Event, contact: AgencyContact, *, by: Person | None, at: datetime) -> None:
    data: dict[str, trail.Value] = {
        "contact": contact.pk,
        "agency": contact.agency.code,
        "agency_name": contact.agency.name,
        "rank": contact.rank,
        "is_duty": contact.is_duty,
        "text_hash": trail.keyed_hash(contact, str(contact)),
    }
    trail.record(event, case=None, by=by, at=at, subject=contact, data=data)
