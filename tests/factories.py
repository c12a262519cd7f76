"""Rows for tests: keyword-only, nothing invented beyond what a row cannot do without."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from core.clock import ZONE
from core.enums import AgencyKind, CrisisSource, MandateKind, PostKind
from core.models import Agency, Case, Crisis, Mandate, Person, Post, Unit

NUMBERS = count(1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def make_agency(*, code: str = "", **fields: Any) -> Agency:
    code = code or f"CQ-{next(NUMBERS)}"
    return Agency.objects.create(
        code=code, **{"name": f"Agency {code}", "symbol": code, "kind": AgencyKind.DEPARTMENT, **fields}
    )


def make_unit(*, agency: Agency, code: str = "VP", **fields: Any) -> Unit:
    return Unit.objects.create(agency=agency, code=code, **{"name": f"Unit {code}", **fields})


def make_person(*, username: str = "", **fields: Any) -> Person:
    username = username or f"person-{next(NUMBERS)}"
    return Person.objects.create_user(username, **{"full_name": username.title(), **fields})


def make_post(*, person: Person, agency: Agency, title: str = "Staff", **fields: Any) -> Post:
    given: dict[str, Any] = {"kind": PostKind.STAFF, "valid_from": LONG_AGO, **fields}
    known = {"granted_until": given.get("valid_until"), "recorded_at": given["valid_from"]}
    return Post.objects.create(person=person, agency=agency, title=title, **{**known, **given})


def make_standing(*, person: Person, agency: Agency, number: str, valid_from: datetime) -> Mandate:
    """A standing spokesperson; the act that assigns one, and its clock of publication, have tests of their own."""
    return Mandate.objects.create(
        kind=MandateKind.STANDING, person=person, agency=agency, document_number=number,
        document_date=valid_from.astimezone(ZONE).date(), valid_from=valid_from, recorded_at=valid_from,
    )  # fmt: skip


def make_case(*, agency: Agency | None = None, opened_at: datetime = LONG_AGO, **fields: Any) -> Case:
    number = next(NUMBERS)
    defaults = {"reference": f"VV-{number}", "title": f"Case {number}"}
    return Case.objects.create(agency=agency or make_agency(), opened_at=opened_at, **{**defaults, **fields})


def make_crisis(*, case: Case, by: Person, detected_at: datetime = LONG_AGO, **fields: Any) -> Crisis:
    number = next(NUMBERS)
    defaults = {"reference": f"KH-{number}", "title": f"Crisis {number}", "source": CrisisSource.BY_HAND}
    return Crisis.objects.create(
        case=case, agency=case.agency, detected_at=detected_at, detected_by=by, recorded_at=detected_at,
        **{**defaults, **fields},
    )  # fmt: skip
