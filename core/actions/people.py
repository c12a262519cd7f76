"""Posts, roles, mandates and capacities: granted and ended, each with its trail entry."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.enums import HEADSHIP, Capacity, MandateKind, PostKind
from core.errors import Invalid
from core.models import Agency, Mandate, Person, Post, RoleAssignment, SigningCapacity, Unit


def _about(person: Person, **data: trail.Value) -> dict[str, trail.Value]:
    return {"person": person.pk, "person_name": person.full_name, **data}


@transaction.atomic
def appoint(
    *,
    person: Person,
    agency: Agency,
    kind: PostKind,
    title: str,
    valid_from: datetime,
    at: datetime,
    by: Person | None,
    unit: Unit | None = None,
    valid_until: datetime | None = None,
) -> Post:
    """Give a person a post. Who becomes head speaks ex officio for as long as the post lasts."""
    post = Post.objects.create(
        person=person,
        agency=agency,
        unit=unit,
        kind=kind,
        title=title,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    data = _about(person, post=post.pk, kind=kind.value, title=title, unit=unit.code if unit else "")
    trail.record(
        events.PERSON_APPOINTED,
        case=None,
        by=by,
        at=at,
        subject=post,
        data=data,
        occurred_at=min(valid_from, at),
    )
    if kind in HEADSHIP:
        _record_mandate(
            Mandate(
                kind=MandateKind.EX_OFFICIO, agency=agency, person=person, post=post,
                valid_from=valid_from, valid_until=valid_until, recorded_at=at,
            ),
            by=by,
            at=at,
        )  # fmt: skip
    return post


@transaction.atomic
def end_post(*, post: Post, valid_until: datetime, by: Person | None, at: datetime, reason: str = "") -> None:
    """End a post; the ex officio mandate ends with it."""
    post.valid_until = valid_until
    post.save(update_fields=["valid_until"])
    data = _about(post.person, post=post.pk, kind=post.kind, title=post.title, valid_until=valid_until)
    trail.record(events.PERSON_POST_ENDED, case=None, by=by, at=at, subject=post, data=data, reason=reason)
    for mandate in Mandate.objects.select_for_update().filter(post=post):
        end_mandate(mandate=mandate, valid_until=valid_until, by=by, at=at, reason=reason)


@transaction.atomic
def assign_standing_spokesperson(
    *,
    person: Person,
    agency: Agency,
    document_number: str,
    document_date: date,
    valid_from: datetime,
    by: Person | None,
    at: datetime,
    valid_until: datetime | None = None,
) -> Mandate:
    """Record the assignment decision of a standing spokesperson (Decree 244/2026 art 3.2.b)."""
    if not document_number.strip():
        raise Invalid(_("A standing spokesperson is assigned by a numbered decision."))
    mandate = Mandate(
        kind=MandateKind.STANDING, agency=agency, person=person, document_number=document_number,
        document_date=document_date, valid_from=valid_from, valid_until=valid_until, recorded_at=at,
    )  # fmt: skip
    return _record_mandate(mandate, by=by, at=at)


def _record_mandate(mandate: Mandate, *, by: Person | None, at: datetime) -> Mandate:
    mandate.save()
    data = _about(
        mandate.person,
        mandate=mandate.pk,
        mandate_kind=str(mandate.kind),
        document_number=mandate.document_number,
        valid_from=mandate.valid_from,
    )
    trail.record(events.MANDATE_RECORDED, case=mandate.case, by=by, at=at, subject=mandate, data=data)
    return mandate


@transaction.atomic
def end_mandate(
    *, mandate: Mandate, valid_until: datetime, by: Person | None, at: datetime, reason: str = ""
) -> None:
    """End a mandate at an instant; the row stays."""
    mandate.valid_until = valid_until
    mandate.save(update_fields=["valid_until"])
    data = _about(mandate.person, mandate=mandate.pk, mandate_kind=str(mandate.kind), valid_until=valid_until)
    trail.record(
        events.MANDATE_ENDED, case=mandate.case, by=by, at=at, subject=mandate, data=data, reason=reason
    )


@transaction.atomic
def give_role(
    *,
    person: Person,
    role: Group,
    agency: Agency,
    valid_from: datetime,
    by: Person | None,
    at: datetime,
    unit: Unit | None = None,
    valid_until: datetime | None = None,
) -> RoleAssignment:
    """Let a person play a role in one agency, and where the role is a unit's, in one unit."""
    assignment = RoleAssignment.objects.create(
        person=person, group=role, agency=agency, unit=unit, valid_from=valid_from, valid_until=valid_until
    )
    data = _about(person, role_assignment=assignment.pk, role=role.name, unit=unit.code if unit else "")
    trail.record(events.ROLE_ASSIGNED, case=None, by=by, at=at, subject=assignment, data=data)
    return assignment


@transaction.atomic
def end_role(*, assignment: RoleAssignment, valid_until: datetime, by: Person | None, at: datetime) -> None:
    assignment.valid_until = valid_until
    assignment.save(update_fields=["valid_until"])
    data = _about(
        assignment.person, role_assignment=assignment.pk, role=assignment.group.name, valid_until=valid_until
    )
    trail.record(events.ROLE_ENDED, case=None, by=by, at=at, subject=assignment, data=data)


@transaction.atomic
def grant_capacity(
    *,
    person: Person,
    agency: Agency,
    capacity: Capacity,
    title_line: str,
    valid_from: datetime,
    by: Person | None,
    at: datetime,
    authority_line: str = "",
    document: str = "",
    valid_until: datetime | None = None,
) -> SigningCapacity:
    """Let a person sign the agency's documents in one capacity (Decree 30/2020 art 13)."""
    row = SigningCapacity.objects.create(
        person=person, agency=agency, capacity=capacity, authority_line=authority_line, title_line=title_line,
        document=document, valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip
    data = _about(person, signing_capacity=row.pk, capacity=capacity.value, document=document)
    trail.record(events.CAPACITY_GRANTED, case=None, by=by, at=at, subject=row, data=data)
    return row
