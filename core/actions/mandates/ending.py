"""How a mandate ends: its post or decision, a revocation, the case, the delegate's post, its term."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import trail
from core.enums import MandateEndCause, MandateKind
from core.errors import Invalid, NotAllowedNow
from core.models import (
    Agency,
    Case,
    Mandate,
    MandateEnd,
    Person,
    Post,
)
from core.rules import mandates as mandate_rules
from core.rules import periods

from .access import about, take_back_if_over


@transaction.atomic
def end(
    *,
    mandate: Mandate,
    ends_at: datetime,
    cause: MandateEndCause,
    by: Person | None,
    at: datetime,
    reason: str = "",
) -> None:
    """End a mandate at an instant, which may lie before or after its recording. What ended earlier stays so."""
    row = _held(mandate)
    if not _append_end(row, ends_at=ends_at, cause=cause, by=by, at=at, reason=reason):
        return
    data = about(row, mandate_kind=str(row.kind), valid_until=ends_at, cause=cause.value)
    trail.record(
        events.MANDATE_ENDED, case=row.case, by=by, at=at, subject=row, data=data, reason=reason,
        occurred_at=min(ends_at, at),
    )  # fmt: skip
    take_back_if_over(row, by=by, at=at)
    mandate.valid_until = row.valid_until


@transaction.atomic
def revoke(
    *, mandate: Mandate, by: Person, at: datetime, reason: str, effective_from: datetime | None = None
) -> None:
    """The head in office takes a delegation back, at once or with effect from earlier. Raises NotTheHead.

    The caller has held the mandate before reading `at`: a statement is then wholly before it or refused.
    """
    row = _held(mandate)
    permissions.check_heads(by, agency=row.agency, at=at)
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )
    ends_at = effective_from or at
    if ends_at > at:
        raise Invalid(
            _("A revocation takes effect at once or from earlier, not later. Nothing was revoked."),
            fields={"effective_from": _("This time has not come yet.")},
        )
    if not row.is_delegated or not _append_end(
        row, ends_at=ends_at, cause=MandateEndCause.REVOKED, by=by, at=at, reason=reason.strip()
    ):
        raise NotAllowedNow(
            _("%(document)s has ended already; there is nothing to revoke.")
            % {"document": mandate_rules.document(row)}
        )
    trail.record(
        events.MANDATE_REVOKED, case=row.case, by=by, at=at, subject=row, data=about(row, valid_until=ends_at),
        reason=reason.strip(), occurred_at=ends_at,
    )  # fmt: skip
    take_back_if_over(row, by=by, at=at)
    mandate.valid_until = row.valid_until


@transaction.atomic
def lapse(*, mandate: Mandate, at: datetime) -> bool:
    """Take back what a delegation gave once its term is over; whether there was anything to do. Safe to run twice."""
    row = _held(mandate)
    if not row.is_delegated or not take_back_if_over(row, by=None, at=at):
        return False
    data = about(row, valid_until=row.valid_until)
    trail.record(events.MANDATE_LAPSED, case=row.case, by=None, at=at, subject=row, data=data)
    return True


def end_all_of_case(*, case: Case, by: Person | None, at: datetime) -> None:
    """With the end of the case its delegations end."""
    for mandate in _unended(case=case):
        end(mandate=mandate, ends_at=at, cause=MandateEndCause.CASE_CLOSED, by=by, at=at)


def end_all_of_delegate(*, person: Person, agency: Agency, by: Person | None, at: datetime) -> None:
    """Who leaves the last post in the agency speaks for it no more."""
    for mandate in _unended(person=person, agency=agency):
        end_with_post(mandate, by=by, at=at)


def end_with_post(mandate: Mandate, *, by: Person | None, at: datetime) -> None:
    """A delegate speaks no longer than the posts last that were held, without a gap, since the letter was signed."""
    since = mandate.signed_at or mandate.valid_from
    posts = list(Post.objects.filter(person=mandate.person, agency=mandate.agency))
    if not any(post.covers(since) for post in posts):
        return
    left_at = periods.unbroken_until(posts, since=since)
    if left_at is not None:
        end(mandate=mandate, ends_at=left_at, cause=MandateEndCause.LEFT_POST, by=by, at=at)


def _unended(**of: Person | Agency | Case) -> list[Mandate]:
    rows = Mandate.objects.filter(**of).exclude(kind=MandateKind.EX_OFFICIO)
    return list(rows.select_related("person", "agency", "case").order_by("pk"))


def _held(mandate: Mandate) -> Mandate:
    rows = Mandate.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person", "agency", "case", "post"
    )
    return rows.get(pk=mandate.pk)


def _append_end(
    row: Mandate, *, ends_at: datetime, cause: MandateEndCause, by: Person | None, at: datetime, reason: str
) -> bool:
    """Add an end that comes earlier than those known; whether it did."""
    now = mandate_rules.until(row)
    if now is not None and now <= ends_at:
        return False
    MandateEnd.objects.create(
        mandate=row, ends_at=ends_at, cause=cause, reason=reason, recorded_at=at, recorded_by=by
    )
    row.valid_until = mandate_rules.ended_by(
        MandateEnd.objects.filter(mandate=row), granted_until=row.granted_until, valid_from=row.valid_from
    )
    row.save(update_fields=["valid_until"])
    return True
