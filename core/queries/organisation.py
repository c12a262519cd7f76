"""Roles, units and agencies as asked for by permissions and forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.enums import Codename
from core.errors import NotFound
from core.models import Agency, Person, RoleAssignment, Unit
from core.models.periods import covering


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
