"""Cases and inquiries: opened, joined, moved. The only writers of their rows outside a procedure's steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, events, permissions
from core.actions import mandates, trail
from core.enums import Channel, Codename, CrisisState, InquiryKind
from core.errors import Invalid, NotAllowedNow
from core.models import (
    Agency,
    Case,
    CaseParticipant,
    CaseUnit,
    Inquiry,
    Person,
    Question,
    ReferenceSeries,
    Unit,
)


@dataclass(frozen=True, kw_only=True)
class NewInquiry:
    """What is known of a contact of the press when it arrives; times are aware."""

    channel: Channel
    received_at: datetime
    kind: InquiryKind = InquiryKind.INFORMATION
    subject: str = ""
    asker_name: str = ""
    asker_email: str = ""
    asker_phone: str = ""
    press_agency_id: int | None = None
    press_agency_name: str = ""
    mail_dated_at: datetime | None = None
    is_demo: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def next_reference(*, agency: Agency, prefix: str, at: datetime) -> str:
    """The next reference of the year, for example `YC-2026-0007`; the row stays locked until the commit."""
    year = at.astimezone(clock.ZONE).year
    ReferenceSeries.objects.get_or_create(agency=agency, prefix=prefix, year=year)
    series = ReferenceSeries.objects.select_for_update().get(agency=agency, prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}-{year}-{series.last:04d}"


@transaction.atomic
def open_case(*, agency: Agency, title: str, by: Person | None, at: datetime) -> Case:
    """Open a case for a matter the press asks about."""
    reference = next_reference(agency=agency, prefix="VV", at=at)
    case = Case.objects.create(agency=agency, reference=reference, title=title or reference, opened_at=at)
    trail.record(
        events.CASE_OPENED,
        case=case,
        by=by,
        at=at,
        subject=case,
        data={"case": case.pk, "reference": reference},
    )
    return case


@transaction.atomic
def open_inquiry(
    *, agency: Agency, new: NewInquiry, by: Person | None, at: datetime, case: Case | None = None
) -> Inquiry:
    """Take in a contact of the press, under an open case or a new one. Registering it is a step of its own."""
    check_received(new.received_at, agency=agency, at=at)
    if case is not None and case.agency_id != agency.pk:
        raise Invalid(_("The case belongs to another agency."), fields={"case": _("Another agency's case.")})
    if case is not None and not case.is_open:
        raise Invalid(
            _("This case is closed. Open a new case or choose another."), fields={"case": _("Closed.")}
        )
    opened = case or open_case(agency=agency, title=new.subject, by=by, at=at)
    inquiry = Inquiry.objects.create(
        case=opened,
        agency=agency,
        reference=next_reference(agency=agency, prefix="YC", at=at),
        created_at=at,
        channel=new.channel,
        kind=new.kind,
        subject=new.subject,
        received_at=new.received_at,
        mail_dated_at=new.mail_dated_at,
        asker_name=new.asker_name,
        asker_email=new.asker_email,
        asker_phone=new.asker_phone,
        press_agency_id=new.press_agency_id,
        press_agency_name=new.press_agency_name,
        is_demo=new.is_demo,
        **new.extra,
    )
    event = events.INQUIRY_RECEIVED if case is None else events.INQUIRY_JOINED_CASE
    details: dict[str, trail.Value] = (
        {"channel": new.channel.value}
        if case is None
        else {"case": opened.pk, "case_reference": opened.reference}
    )
    trail.record(
        event,
        case=opened,
        by=by,
        at=at,
        occurred_at=new.received_at,
        subject=inquiry,
        data={"inquiry": inquiry.pk, "reference": inquiry.reference, **details},
    )
    return inquiry


def check_received(received_at: datetime, *, agency: Agency, at: datetime) -> None:
    """A claimed time of receipt lies neither in the future nor before the agency existed."""
    if received_at > at:
        raise Invalid(
            _("The time of receipt lies in the future. Correct it; what you typed is kept."),
            fields={"received_at": _("This time has not come yet.")},
        )
    if agency.valid_from and received_at.astimezone(clock.ZONE).date() < agency.valid_from:
        raise Invalid(
            _("The time of receipt lies before %(agency)s existed. Correct it; what you typed is kept.")
            % {"agency": agency.name},
            fields={"received_at": _("The agency did not exist yet.")},
        )


@transaction.atomic
def move_inquiry(*, inquiry: Inquiry, to: Case, reason: str, by: Person, at: datetime) -> None:
    """Move an inquiry to another case of the agency: old entries stay, each stream gets one that says so."""
    _check_movable(inquiry, to, reason)
    old = inquiry.case
    inquiry.case = to
    inquiry.save(update_fields=["case"])
    moves = [(events.INQUIRY_MOVED_AWAY, old, to), (events.INQUIRY_MOVED_HERE, to, old)]
    for event, case, other in sorted(moves, key=lambda move: move[1].pk):
        data: dict[str, trail.Value] = {
            "inquiry": inquiry.pk,
            "reference": inquiry.reference,
            "case": other.pk,
            "case_reference": other.reference,
        }
        trail.record(event, case=case, by=by, at=at, subject=inquiry, data=data, reason=reason)
    close_if_empty(case=old, by=by, at=at)
    for unit in [inquiry.lead_unit, *inquiry.coordinating_units.all()]:
        if unit is not None:
            involve_unit(case=to, unit=unit)
    involve(case=to, person=by)


def close_if_empty(*, case: Case, by: Person, at: datetime) -> None:
    """A case whose last inquiry moved away has nothing left to wait for, where no crisis is of it."""
    if case.is_open and not case.inquiries.exists() and not case.crises.exists():
        _close(case, by=by, at=at, reason="")


@transaction.atomic
def close(*, case: Case, reason: str, by: Person, at: datetime) -> None:
    """End a case whose inquiries and crises have all ended; every delegation for it ends with it.

    The caller has held the case and its mandates before reading `at`: no statement under them is later.
    """
    permissions.check_role(by, Codename.CLOSE_CASE, agency=case.agency, at=at)
    permissions.check_can_see(by, case, at=at)
    row = Case.objects.select_for_update(of=("self",), no_key=True).select_related("agency").get(pk=case.pk)
    if not row.is_open:
        raise NotAllowedNow(_("This case is closed already."))
    if row.inquiries.filter(outcome="").exists():
        raise NotAllowedNow(
            _("An inquiry of this case is still open. End or move it first; nothing was closed.")
        )
    if row.crises.exclude(state__in=(CrisisState.CLOSED, CrisisState.DISMISSED)).exists():
        raise NotAllowedNow(
            _("A crisis of this case is still open. Stand it down and review it first; nothing was closed.")
        )
    if not reason.strip():
        raise Invalid(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )
    _close(row, by=by, at=at, reason=reason.strip())


def reopen(*, case: Case, reason: str, by: Person | None, at: datetime) -> None:
    """Open a closed case again, because an inquiry of it goes on. Delegations that ended with it stay ended."""
    if case.is_open:
        return
    case.closed_at = None
    case.save(update_fields=["closed_at"])
    data: dict[str, trail.Value] = {"case": case.pk, "reference": case.reference}
    trail.record(events.CASE_REOPENED, case=case, by=by, at=at, subject=case, data=data, reason=reason)


def _close(case: Case, *, by: Person, at: datetime, reason: str) -> None:
    case.closed_at = at
    case.save(update_fields=["closed_at"])
    mandates.end_all_of_case(case=case, by=by, at=at)
    data: dict[str, trail.Value] = {"case": case.pk, "reference": case.reference}
    trail.record(events.CASE_CLOSED, case=case, by=by, at=at, subject=case, data=data, reason=reason)


def _check_movable(inquiry: Inquiry, to: Case, reason: str) -> None:
    if to.agency_id != inquiry.agency_id:
        raise Invalid(_("The case belongs to another agency."), fields={"case": _("Another agency's case.")})
    if not to.is_open:
        raise Invalid(_("This case is closed. Choose another."), fields={"case": _("Closed.")})
    if to.pk == inquiry.case_id:
        raise Invalid(_("The inquiry is already under this case."), fields={"case": _("Already here.")})
    if not reason.strip():
        raise Invalid(_("A reason is needed."), fields={"reason": _("Give the reason.")})


def involve(*, case: Case, person: Person) -> None:
    """Remember that a person takes part; it opens the case to that person."""
    CaseParticipant.objects.get_or_create(case=case, person=person)


def involve_unit(*, case: Case, unit: Unit) -> None:
    CaseUnit.objects.get_or_create(case=case, unit=unit)


def number_questions(*, inquiry: Inquiry, texts: Sequence[str]) -> list[Question]:
    """Write the questions of an inquiry as numbered items, replacing none: an inquiry is registered once."""
    if not texts:
        raise Invalid(
            _("At least one question is needed. What you typed is kept."),
            fields={"questions": _("Write at least one question.")},
        )
    return Question.objects.bulk_create(
        Question(inquiry=inquiry, number=number, text=text) for number, text in enumerate(texts, start=1)
    )
