"""`check_x` raises the sentence, `can_x` answers; one rule behind both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec

from django.utils.translation import gettext as _

from core.enums import Codename
from core.errors import NotFound, Refused
from core.models import Agency, Case, Mandate, Person, SigningCapacity, Unit
from core.queries import mandates as mandate_queries
from core.queries import organisation
from core.rules import mandates as mandate_rules

P = ParamSpec("P")


class MissingRole(Refused):
    """The person holds no role that carries the right in this agency or unit at this instant."""


class NoSigningCapacity(Refused):
    """The person may not sign documents of the agency at this instant (Decree 30/2020 art 13)."""


def allowed(check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """The yes-or-no answer of any check."""
    try:
        check(*args, **kwargs)
    except Refused:
        return False
    return True


def check_active(person: Person) -> None:
    if not person.is_active:
        raise Refused(_("This account is closed. Ask the administrator of your agency."))


def check_role(
    person: Person, codename: Codename, *, agency: Agency, at: datetime, unit: Unit | None = None
) -> None:
    """A role in one agency gives nothing in another, and a unit's role nothing in another unit."""
    check_active(person)
    if not organisation.has_role(person, codename, agency=agency, at=at, unit=unit):
        raise MissingRole(
            _("Your roles at %(where)s do not include this: %(what)s. Nothing was changed.")
            % {"where": (unit or agency).name, "what": codename.label}
        )


def check_right(person: Person, codename: Codename, *, at: datetime) -> None:
    """A right over what all agencies share, the law and the calendar: held wherever a role carries it."""
    check_active(person)
    if not organisation.agencies_of(person, at=at, codename=codename).exists():
        raise MissingRole(
            _("None of your roles includes this: %(what)s. Nothing was changed.") % {"what": codename.label}
        )


def check_may_speak(
    person: Person,
    *,
    agency: Agency,
    case: Case,
    at: datetime,
    lock: bool = False,
) -> Mandate:
    """The one gate for speaking in an agency's name; returns the mandate that allows it.

    Decree 244/2026 art 3. Every act of speaking calls it inside its transaction with `lock=True`, so that a
    mandate cannot end between the check and the commit. Raises NoMandate, or Refused for a closed account.
    """
    check_active(person)
    mandates = mandate_queries.mandates_of(person, agency=agency, lock=lock)
    return mandate_rules.deciding_mandate(mandates, person=person, agency=agency, case=case, at=at)


def check_may_sign(person: Person, *, agency: Agency, at: datetime) -> SigningCapacity:
    """The capacity in which the person signs for the agency. A mandate to speak does not give it."""
    capacity = mandate_queries.capacities_of(person, agency=agency, at=at).first()
    if capacity is None:
        raise NoSigningCapacity(
            _(
                "%(person)s may not sign documents of %(agency)s. Choose a form of reply without a document, "
                "or leave the decision to someone who signs."
            )
            % {"person": person.full_name, "agency": agency.name}
        )
    return capacity


def check_can_see(person: Person, case: Case, *, at: datetime) -> None:
    """A case one may not see is not found: its existence is not told either."""
    if not Case.objects.visible_to(person, at=at).filter(pk=case.pk).exists():
        raise NotFound(_("There is no such case, or it is not open to you."))
