"""Who plays a part in a crisis at an instant: of the agency's own people, and of the bodies that are told."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from core.enums import AgencyKind, Codename, CrisisPart, DutyKind, RecipientPart
from core.models import Agency, AgencyContact, DirectoryEntry, DutyShift, Person, RoleAssignment
from core.queries import mandates, organisation
from core.rules import directory as rules
from core.rules.organisation import EndedAgency

# Our own people


def on_duty(kind: DutyKind, *, agency: Agency, at: datetime) -> QuerySet[DutyShift]:
    """The shifts of a duty that cover the instant."""
    return DutyShift.objects.filter(agency=agency, kind=kind, starts_at__lte=at, ends_at__gt=at)


def duty_people(kind: DutyKind, *, agency: Agency, at: datetime) -> QuerySet[Person]:
    """Who is on the duty at the instant, by the roster."""
    shifts = on_duty(kind, agency=agency, at=at)
    return Person.objects.filter(pk__in=shifts.values("person_id"), is_active=True).order_by("pk")


def staff(agency: Agency, *, at: datetime) -> QuerySet[Person]:
    """Whom a step can reach there: with an open account and a role in the agency that is more than reading."""
    roles = RoleAssignment.objects.at(at).filter(agency=agency)
    roles = roles.exclude(group__permissions__codename=Codename.AUDIT_CASES)
    return Person.objects.filter(pk__in=roles.values("person_id"), is_active=True).order_by("full_name", "pk")


def roster(agency: Agency, *, since: datetime, until: datetime) -> QuerySet[DutyShift]:
    """The shifts that touch [since, until), in the order of their beginning."""
    rows = DutyShift.objects.filter(agency=agency, starts_at__lt=until, ends_at__gt=since)
    return rows.select_related("person").order_by("starts_at", "kind", "pk")


def in_part(part: CrisisPart, *, agency: Agency, at: datetime) -> QuerySet[Person]:
    """The people who hold the role in the agency, or are on the duty there, at the instant.

    The head is whoever heads it then, a deputy in charge of the vacant post too, and not whoever has the role.
    """
    if part in DutyKind.values:
        return duty_people(DutyKind(part), agency=agency, at=at)
    if part == CrisisPart.HEAD:
        head = mandates.head_at(agency, at=at)
        return Person.objects.filter(pk__in=[head.person_id] if head else [], is_active=True)
    holding = RoleAssignment.objects.at(at).filter(agency=agency, group__name=part)
    return Person.objects.filter(Q(pk__in=holding.values("person_id")), is_active=True).order_by("pk")


# The bodies that are told


def recipient_of(part: RecipientPart, *, agency: Agency, on: date) -> Agency:
    """Which body plays a part for an agency on a day.

    The provincial committee is the superior body; any other is named by the nearest entry of the directory. Raises
    NoRecipient where there is none, and EndedAgency with its successors where the one named no longer exists.
    """
    found = _superior(part, agency) or _entered(part, agency, on=on)
    if found is None:
        raise rules.NoRecipient(part, agency, on=on)
    if not found.covers(on):
        raise EndedAgency(found, organisation.heirs(found, on), field="recipient")
    return found


def _superior(part: RecipientPart, agency: Agency) -> Agency | None:
    above = agency.parent
    is_committee = above is not None and above.kind == AgencyKind.PROVINCIAL_COMMITTEE
    return above if part == RecipientPart.PROVINCIAL_COMMITTEE and is_committee else None


def _entered(part: RecipientPart, agency: Agency, *, on: date) -> Agency | None:
    rows = DirectoryEntry.objects.at(on).filter(part=part).select_related("recipient")
    entry = rules.nearest(rows, agency=agency, on=on)
    return entry.recipient if entry else None


def contacts_of(agency: Agency) -> QuerySet[AgencyContact]:
    """Whom to reach at a body, in the order of trying, the duty numbers among them."""
    return AgencyContact.objects.filter(agency=agency, is_active=True).order_by("rank", "pk")


def duty_numbers(agency: Agency) -> QuerySet[AgencyContact]:
    """What of its contacts answers day and night."""
    return contacts_of(agency).filter(is_duty=True)
