"""What a delegation opens: its one case, while it is in force; and what every entry says of a mandate."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from guardian.shortcuts import assign_perm, remove_perm

from core import events
from core.actions import trail
from core.models import (
    Case,
    CaseUserObjectPermission,
    Mandate,
    Person,
)
from core.models.casefile import SPEAK
from core.rules import mandates as mandate_rules


def about(mandate: Mandate, **data: trail.Value) -> dict[str, trail.Value]:
    about: dict[str, trail.Value] = {
        "person": mandate.person_id,
        "person_name": mandate.person.full_name,
        "mandate": mandate.pk,
        "document_number": mandate.document_number,
    }
    return about | data


def let_in(mandate: Mandate, *, by: Person | None, at: datetime) -> None:
    """While a delegation is in force its delegate may open the one case.

    guardian's row is given at the signing, also for a delegation still to begin, and stays until the act or the
    sweep that ends it; it opens the case only at the instants the mandate covers (`Case.objects.visible_to`).
    """
    case = mandate.case
    assert case is not None, "a delegation names its case"
    if _granted_rows(mandate).exists():
        return
    assign_perm(SPEAK, mandate.person, case)
    _record_access(events.CASE_ACCESS_GRANTED, mandate, case, by=by, at=at)


def take_back_if_over(mandate: Mandate, *, by: Person | None, at: datetime) -> bool:
    """Take `speak_on_case` back, unless another delegation of the same person for the case goes on."""
    case = mandate.case
    if case is None or not mandate_rules.is_over(mandate, at=at):
        return False
    others = Mandate.objects.filter(person=mandate.person, case=case).exclude(pk=mandate.pk)
    go_on = any(not mandate_rules.is_over(other, at=at) for other in others.prefetch_related("ends"))
    if go_on or not _granted_rows(mandate).exists():
        return False
    remove_perm(SPEAK, mandate.person, case)
    _record_access(events.CASE_ACCESS_REVOKED, mandate, case, by=by, at=at)
    return True


def _granted_rows(mandate: Mandate) -> models.QuerySet[CaseUserObjectPermission]:
    return CaseUserObjectPermission.objects.filter(
        user=mandate.person, content_object=mandate.case, permission__codename=SPEAK
    )


def _record_access(
    event: events.Event, mandate: Mandate, case: Case, *, by: Person | None, at: datetime
) -> None:
    data: dict[str, trail.Value] = {
        "case": case.pk,
        "reference": case.reference,
        "person": mandate.person_id,
        "person_name": mandate.person.full_name,
        "permission": SPEAK,
    }
    trail.record(event, case=case, by=by, at=at, subject=case, data=data)
