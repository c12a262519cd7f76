"""Who is listed in a register, for tests: a department with its people, and mandates as they are given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.actions import mandates, people
from core.enums import MandateKind, PostKind
from core.models import Agency, Case, Mandate, Person, Post, RuleSet
from tests import factories
from tests.walk import SINCE, ZONE

AT = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
LATER = datetime(2026, 7, 15, 17, 0, tzinfo=ZONE)
SECOND = timedelta(seconds=1)
SUBJECT = "Vụ việc không ai được biết"
OLD_LAW, NEW_LAW = "luat-bao-chi-2016", "luat-bao-chi-2025"


def appointed(
    person: Person,
    agency: Agency,
    *,
    kind: PostKind = PostKind.HEAD,
    title: str = "Giám đốc",
    since: datetime = SINCE,
) -> Post:
    return people.appoint(
        person=person, agency=agency, kind=kind, title=title, valid_from=since, at=since, by=None
    )


def assigned(
    person: Person,
    agency: Agency,
    *,
    since: datetime = SINCE,
    until: datetime | None = None,
    number: str = "1/QĐ",
) -> Mandate:
    return mandates.assign_standing_spokesperson(
        person=person, agency=agency, document_number=number, document_date=SINCE.date(), valid_from=since,
        valid_until=until, by=None, at=since,
    )  # fmt: skip


def delegated(
    person: Person, *, case: Case, by: Person, law: str = NEW_LAW, until: datetime = LATER, **given: Any
) -> Mandate:
    """A signed delegation as it stands in its row; the action that writes it has tests of its own."""
    row: dict[str, Any] = {
        "document_number": "12/GUQ-SNV", "document_date": SINCE.date(), "valid_from": SINCE,
        "reason": f"Lý do của {SUBJECT}", **given,
    }  # fmt: skip
    return Mandate.objects.create(
        kind=MandateKind.DELEGATED, agency=case.agency, person=person, case=case, signed_at=row["valid_from"],
        signed_by=by, valid_until=until, granted_until=until, recorded_at=row["valid_from"],
        rule_set=RuleSet.objects.get(code=law), **row,
    )  # fmt: skip


def telling_case(agency: Agency) -> Case:
    """A case whose subject would be recognised wherever it stood."""
    return factories.make_case(agency=agency, title=SUBJECT, reference="VV-BI-MAT")


def call(person: Person, phone: str) -> None:
    person.phone = phone
    person.save(update_fields=["phone"])
