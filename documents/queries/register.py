"""The outgoing register (Decree 30/2020 art 16 and Appendix IV), and what of it a person may open.

What a drill wrote is open like the rest and stands in no register.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from core.models import Agency, Case, Person
from documents.models import IssuedDocument
from documents.models.series import DRILL_SCOPE


def visible_to(person: Person, *, at: datetime) -> QuerySet[IssuedDocument]:
    """A document is open to whoever may open the case its inquiry hangs under now."""
    cases = Case.objects.visible_to(person, at=at)
    return IssuedDocument.objects.filter(
        Q(inquiry__isnull=True, case__in=cases) | Q(inquiry__case__in=cases)
    ).select_related("agency", "kind", "drafting_unit", "signer")


def outgoing(
    person: Person, *, agency: Agency, year: int, at: datetime
) -> tuple[QuerySet[IssuedDocument], int]:
    """The year's documents in the order of their numbers, and how many more the person may not see."""
    every = registered(agency).filter(year=year)
    rows = visible_to(person, at=at).filter(pk__in=every).order_by("number", "pk")
    return rows.prefetch_related("endorsements"), every.count() - rows.count()


def years_of(agency: Agency) -> list[int]:
    years = registered(agency).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def registered(agency: Agency) -> QuerySet[IssuedDocument]:
    return IssuedDocument.objects.filter(agency=agency).exclude(scope=DRILL_SCOPE)


def binds(pdf_sha256: str) -> bool:
    """Whether a document is made of these bytes; they are then kept, whoever else sent them to us."""
    return IssuedDocument.objects.filter(pdf_sha256=pdf_sha256).exists()
