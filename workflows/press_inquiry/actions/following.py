"""Follow-up: what the press made of the reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from core import clock, events
from core.actions import trail
from core.enums import InquiryOutcome
from core.errors import Invalid, NotAllowedNow
from core.models import Inquiry, Person
from core.rules import text
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import PressInquiryProcess, Publication, Quotation
from workflows.refusal import queries as refusals

from . import ending
from .recording import record


@dataclass(frozen=True, kw_only=True)
class PublicationFacts:
    quotation: Quotation
    address: str = ""
    published_on: date | None = None
    shown_before: bool | None = None
    note: str = ""


def follow_up(
    *, process: PressInquiryProcess, facts: PublicationFacts, by: Person, at: datetime
) -> Publication:
    """Record the published article, or that nothing was published, and end the inquiry by its outcome."""
    inquiry = process.inquiry
    _check_all_told(inquiry)
    _check_publication(facts, inquiry, at=at)
    publication = Publication.objects.create(
        inquiry=inquiry,
        quotation=facts.quotation,
        address=facts.address if facts.quotation != Quotation.NOTHING else "",
        published_on=facts.published_on if facts.quotation != Quotation.NOTHING else None,
        shown_before=facts.shown_before,
        note=text.clean_text(facts.note, limit=2000),
        recorded_by=by,
        recorded_at=at,
    )
    if facts.quotation == Quotation.NOTHING:
        data: dict[str, trail.Value] = {"days": inquiry.agency.follow_up_days}
        record(events.PUBLICATION_NONE_FOUND, inquiry=inquiry, by=by, at=at, data=data)
    else:
        data = {
            "publication": publication.pk,
            "address": publication.address,
            "published_on": publication.published_on.isoformat() if publication.published_on else None,
            "quoted_correctly": facts.quotation == Quotation.CORRECT,
            "shown_before": facts.shown_before,
        }
        record(events.PUBLICATION_RECORDED, inquiry=inquiry, by=by, at=at, data=data)
    ending.end(inquiry=inquiry, outcome=InquiryOutcome(queries.inquiry_outcome(inquiry)), by=by, at=at)
    return publication


def _check_all_told(inquiry: Inquiry) -> None:
    """A letter of refusal that is still on its way keeps the inquiry open."""
    waiting = refusals.awaited(inquiry).values_list("question__number", flat=True)
    if numbers := ", ".join(map(str, sorted(waiting))):
        raise NotAllowedNow(
            _(
                "The refusal of these questions has not been told to the press yet: %(numbers)s. The step stays open "
                "until its letter is released; what you typed is kept."
            )
            % {"numbers": numbers}
        )


def _check_publication(facts: PublicationFacts, inquiry: Inquiry, *, at: datetime) -> None:
    if facts.quotation == Quotation.NOTHING:
        _check_waited(inquiry, at=at)
        return
    if not facts.address:
        raise Invalid(
            _("Give the address of the article, or say that nothing was published."),
            fields={"address": _("Give the address.")},
        )
    if facts.published_on and facts.published_on < inquiry.received_at.astimezone(clock.ZONE).date():
        raise Invalid(
            _("The article is older than the inquiry, so it cannot come of it."),
            fields={"published_on": _("Correct the date.")},
        )
    if facts.published_on and facts.published_on > at.astimezone(clock.ZONE).date():
        raise Invalid(
            _("The date of the article lies in the future."), fields={"published_on": _("Correct the date.")}
        )


def _check_waited(inquiry: Inquiry, *, at: datetime) -> None:
    """Nothing published is only known after the days the agency has set."""
    spoken = inquiry.statements.order_by("-spoken_at").values_list("spoken_at", flat=True).first()
    days = inquiry.agency.follow_up_days
    if spoken is not None and (at - spoken).days < days:
        raise NotAllowedNow(
            _(
                "Wait %(days)s days after the reply before recording that nothing was published. The step stays open."
            )
            % {"days": days}
        )
