"""Who may speak: the decision, given the mandates and posts that the queries fetched. Nothing here reads the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from core import clock
from core.enums import MandateKind
from core.errors import Refused
from core.models import Agency, Case, Mandate, Person


class NoMandate(Refused):
    """The person holds no mandate that covers this agency, this case and this instant."""


def in_words(instant: datetime) -> str:
    return instant.astimezone(clock.ZONE).strftime("%H:%M:%S %d/%m/%Y")


def is_in_force(mandate: Mandate, *, at: datetime) -> bool:
    """Whether it holds at the instant; an ex officio mandate also ends with the post it comes from."""
    return mandate.covers(at) and (mandate.post is None or mandate.post.covers(at))


def deciding_mandate(
    mandates: Iterable[Mandate], *, person: Person, agency: Agency, case: Case, at: datetime
) -> Mandate:
    """The mandate under which `person` may speak for `agency` on `case` at `at`.

    Decree 244/2026 art 3 (before 1/7/2026 Decree 09/2017 art 3): head, standing spokesperson, or a person
    delegated in writing for one case and a limited term. Raises NoMandate with the nearest reason.
    """
    if case.agency_id != agency.pk:
        raise NoMandate(_("This case does not belong to %(agency)s.") % {"agency": agency.name})
    reasons: list[str] = []
    for mandate in mandates:
        reason = _why_not(mandate, agency=agency, case=case, at=at)
        if reason is None:
            return mandate
        reasons.append(reason)
    raise NoMandate(reasons[-1] if reasons else _never_had_one(person, agency))


def _never_had_one(person: Person, agency: Agency) -> str:
    return _(
        "%(person)s has no mandate to speak for %(agency)s. Ask the head or the standing spokesperson to do this step."
    ) % {"person": person.full_name, "agency": agency.name}


def _why_not(mandate: Mandate, *, agency: Agency, case: Case, at: datetime) -> str | None:
    if mandate.agency_id != agency.pk:
        return _("The mandate is for another agency, not for %(agency)s.") % {"agency": agency.name}
    if mandate.kind == MandateKind.DELEGATED and mandate.case_id != case.pk:
        return _("The delegation is for another case.")
    if at < mandate.valid_from:
        return _("The mandate begins only at %(begin)s.") % {"begin": in_words(mandate.valid_from)}
    if not is_in_force(mandate, at=at):
        return _("The mandate ended at %(end)s.") % {"end": in_words(_end_of(mandate))}
    return None


def _end_of(mandate: Mandate) -> datetime:
    ends = [mandate.valid_until, mandate.post.valid_until if mandate.post else None]
    return min(end for end in ends if end is not None)
