"""Posts, accounts, roles and capacities: granted and ended, each with its trail entry."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import mandates, trail
from core.enums import HEADSHIP, Capacity, MandateEndCause, PostKind
from core.errors import Invalid
from core.models import (
    AccountClosure,
    Agency,
    Mandate,
    Person,
    Post,
    PostEnd,
    RoleAssignment,
    SigningCapacity,
    Unit,
)
from core.queries import mandates as mandate_queries
from core.rules import periods


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
        granted_until=valid_until,
        recorded_at=at,
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
        mandates.record_ex_officio(post=post, by=by, at=at)
    return post


@transaction.atomic
def end_post(*, post: Post, valid_until: datetime, by: Person | None, at: datetime, reason: str = "") -> None:
    """End a post: its ex officio mandate ends with it, and with the last post in the agency every delegation."""
    mandate_queries.hold(post.person, agency=post.agency)
    row = (
        Post.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "agency")
        .get(pk=post.pk)
    )
    if valid_until <= row.valid_from:
        raise Invalid(
            _("The end must come after the start."),
            fields={"valid_until": _("The end must come after the start.")},
        )
    PostEnd.objects.create(post=row, ends_at=valid_until, reason=reason, recorded_at=at, recorded_by=by)
    row.valid_until = periods.until(row.granted_until, row.ends.all(), known_at=None)
    row.save(update_fields=["valid_until"])
    data = _about(row.person, post=row.pk, kind=row.kind, title=row.title, valid_until=valid_until)
    trail.record(events.PERSON_POST_ENDED, case=None, by=by, at=at, subject=row, data=data, reason=reason)
    for mandate in Mandate.objects.filter(post=row):
        mandates.end(
            mandate=mandate,
            ends_at=valid_until,
            cause=MandateEndCause.POST_ENDED,
            by=by,
            at=at,
            reason=reason,
        )
    mandates.end_all_of_delegate(person=row.person, agency=row.agency, by=by, at=at)
    post.valid_until = row.valid_until


@transaction.atomic
def close_account(*, person: Person, by: Person | None, at: datetime) -> None:
    """Close an account: nobody signs in or speaks through it. The way to part with a person; deleting is none."""
    Person.objects.filter(pk=person.pk).update(is_active=False)
    AccountClosure.objects.get_or_create(person=person, reopened_at=None, defaults={"closed_at": at})
    trail.record(events.ACCOUNT_CLOSED, case=None, by=by, at=at, subject=person, data=_about(person))
    person.is_active = False


@transaction.atomic
def reopen_account(*, person: Person, by: Person | None, at: datetime) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=True)
    AccountClosure.objects.filter(person=person, reopened_at=None).update(reopened_at=at)
    trail.record(events.ACCOUNT_REOPENED, case=None, by=by, at=at, subject=person, data=_about(person))
    person.is_active = True


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
