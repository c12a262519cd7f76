"""To whom a report goes, of those the directory names, and what paper a body of its level gets. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from core.enums import AgencyKind, PaperKind, RecipientPart
from core.errors import NotFound
from core.models import Agency, DirectoryEntry

# Bodies above a department; whoever is of the sender's own kind stands beside it.
ABOVE = (AgencyKind.MINISTRY, AgencyKind.PROVINCIAL_COMMITTEE, AgencyKind.PARTY_BODY)


class NoRecipient(NotFound):
    """The directory names nobody for this part on this day."""

    def __init__(self, part: RecipientPart, agency: Agency, *, on: date) -> None:
        self.part = part
        super().__init__(
            _(
                "The directory names no recipient for “%(part)s” of %(agency)s on %(day)s. "
                "Have the administrator enter one; nothing was sent."
            )
            % {"part": part.label, "agency": agency.name, "day": f"{on:%d/%m/%Y}"}
        )


def nearest(entries: Iterable[DirectoryEntry], *, agency: Agency, on: date) -> DirectoryEntry | None:
    """The entry that holds on the day: one for the agency before one for its province, that before one for all.

    Of two that are equally near, the one that began later.
    """
    holding = [entry for entry in entries if entry.covers(on) and nearness(entry, agency)]
    return max(
        holding,
        key=lambda entry: (nearness(entry, agency), entry.valid_from or date.min, entry.pk),
        default=None,
    )


def nearness(entry: DirectoryEntry, agency: Agency) -> int:
    """3 for the agency itself, 2 for its province, 1 for all, 0 where the entry is not for it."""
    if entry.agency_id is not None:
        return 3 if entry.agency_id == agency.pk else 0
    if entry.province:
        return 2 if entry.province == agency.province else 0
    return 1


def paper_for(sender: Agency, recipient: Agency) -> PaperKind:
    """A body above gets a report, one beside or below a coordination letter (Decree 30/2020)."""
    is_above = recipient.kind in ABOVE and recipient.kind != sender.kind
    return PaperKind.REPORT if is_above else PaperKind.COORDINATION
