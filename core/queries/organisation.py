"""Roles, units and agencies as asked for by permissions and forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.enums import Codename
from core.errors import NotFound
from core.models import Agency, Person, RoleAssignment, Succession, Unit
from core.models.periods import covering
from core.rules import organisation as rules
from core.rules.deadlines import local_day


def roles_with(
    codename: Codename | str, *, agency: Agency, at: datetime, unit: Unit | None = None
) -> QuerySet[RoleAssignment]:
    """The role assignments that carry a codename in the agency; for a unit's step also those of that unit."""
    rows = RoleAssignment.objects.at(at).filter(agency=agency, group__permissions__codename=codename)
    return rows if unit is None else rows.filter(Q(unit=unit) | Q(unit__isnull=True))


def has_role(
    person: Person, codename: Codename | str, *, agency: Agency, at: datetime, unit: Unit | None = None
) -> bool:
    return (
        person.is_active
        and roles_with(codename, agency=agency, at=at, unit=unit).filter(person=person).exists()
    )


def people_with(
    codename: Codename | str, *, agency: Agency, at: datetime, unit: Unit | None = None
) -> QuerySet[Person]:
    rows = roles_with(codename, agency=agency, at=at, unit=unit)
    return Person.objects.filter(is_active=True, pk__in=rows.values("person_id"))


def agencies_of(
    person: Person, *, at: datetime, codename: Codename | str | Iterable[Codename] | None = None
) -> QuerySet[Agency]:
    """The agencies in which the person holds a role (one that carries the codename or one of them, where given)."""
    rows = RoleAssignment.objects.at(at).filter(person=person)
    if codename is not None:
        codenames = [codename] if isinstance(codename, str) else list(codename)
        rows = rows.filter(group__permissions__codename__in=codenames)
    return Agency.objects.filter(pk__in=rows.values("agency_id"))


def agencies_worked_in(person: Person, *, at: datetime) -> QuerySet[Agency]:
    """The agencies in which the person holds a role that is more than reading as an auditor."""
    rows = RoleAssignment.objects.at(at).filter(person=person)
    rows = rows.exclude(group__permissions__codename=Codename.AUDIT_CASES)
    return Agency.objects.filter(pk__in=rows.values("agency_id"))


def units_of(agency: Agency, *, at: datetime) -> QuerySet[Unit]:
    return Unit.objects.filter(covering(at.astimezone(clock.ZONE).date()), agency=agency)


def agency_by_code(code: str) -> Agency:
    """Raises NotFound."""
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("There is no agency with the code %(code)s.") % {"code": code})
    return found


def other_agencies(ours: Agency, *, at: datetime) -> list[str]:
    """Names to choose the competent agency from: those that exist on the day, without our own."""
    rows = Agency.objects.at(local_day(at)).exclude(pk=ours.pk)
    return list(rows.order_by("name").values_list("name", flat=True))


def ended_namesake(name: str, on: date) -> Agency | None:
    """The agency of this name or short name that has ended by a day; none where one of that name still exists.

    Names are compared as people write them: without regard to case, spaces, dashes and other punctuation.
    """
    wanted = rules.bare_name(name)
    # The databases fold the case of Vietnamese letters differently, SQLite not at all.
    ended = [
        agency
        for agency in Agency.objects.filter(valid_until__lte=on).order_by("-valid_until", "code")
        if wanted and wanted in rules.bare_names(agency)
    ]
    if not ended or any(wanted in rules.bare_names(agency) for agency in Agency.objects.at(on)):
        return None
    return ended[0]


def heirs(agency: Agency, on: date) -> list[rules.Heir]:
    """Who does on a day what an ended agency did, field by field, through successors that have ended as well."""
    return rules.heirs(agency, taken_over([agency], on), on=on)


def taken_over(agencies: Iterable[Agency], on: date) -> dict[int, list[Succession]]:
    """By predecessor who took over from these ended agencies by a day, and from their successors that have ended."""
    found: dict[int, list[Succession]] = defaultdict(list)
    asked: set[int] = set()
    ended = {agency.pk for agency in agencies}
    while ended:
        rows = list(
            Succession.objects.filter(predecessor__in=ended, on__lte=on)
            .select_related("successor")
            .order_by("pk")
        )
        asked |= ended
        for row in rows:
            found[row.predecessor_id].append(row)
        ended = {row.successor_id for row in rows if not row.successor.covers(on)} - asked
    return found


def check_still_exists(name: str, *, at: datetime, field: str = "redirected_to") -> None:
    """Nobody is sent to an agency that has ended. Raises EndedAgency, which proposes its successors, at the field."""
    on = local_day(at)
    agency = ended_namesake(name, on)
    if agency is not None:
        raise rules.EndedAgency(agency, heirs(agency, on), field=field)
