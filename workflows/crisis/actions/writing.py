"""The mails of reports: to the recipient with a link for acknowledging, to our own people that nobody acknowledged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator

from core.enums import DispatchMeans, PaperKind
from core.models import AgencyContact, Crisis, Person
from workflows.crisis.models import Dispatch
from workflows.crisis.queries import reports as queries
from workflows.crisis.rules import links

from . import mails

REPORT = "workflows/crisis/mail/report.txt"
UNACKNOWLEDGED = "workflows/crisis/mail/unacknowledged.txt"
SUBJECT_WORDS = 200


def to_recipient(dispatch: Dispatch, *, contact: AgencyContact | None, rung: int, at: datetime) -> list[str]:
    """Put the report to its recipient in line, under the key of its rung; the addresses to which a mail goes.

    Without a contact it goes to whoever may acknowledge there by a task.
    """
    key = f"crisis-{dispatch.pk}-{rung}"
    if contact is not None:
        written = [(f"{key}{queries.PURPOSE}", contact.email)]
    elif dispatch.means == DispatchMeans.TASK:
        people = queries.acknowledgers(dispatch.recipient, at=at).exclude(email="")
        written = [(f"{key}-u{person.pk}{queries.PURPOSE}", person.email) for person in people]
        # Whoever stands in for them in a drill reads it once.
        written = written[:1] if dispatch.crisis.is_drill else written
    else:
        written = []
    subject, body = _report(dispatch, contact=contact, rung=rung, at=at)
    queued = [
        mails.queue(dispatch.crisis, key=own_key, to=address, subject=subject, body=body, at=at)
        for own_key, address in written
    ]
    return [mail.recipient for mail in queued if mail is not None]


def _report(dispatch: Dispatch, *, contact: AgencyContact | None, rung: int, at: datetime) -> tuple[str, str]:
    crisis, hours = dispatch.crisis, queries.setting_of(dispatch.agency).link_hours
    facts = {
        **_about(dispatch),
        "contact": contact,
        "is_again": rung > 0,
        "due": at + timedelta(minutes=dispatch.minutes),
        "link": address_of(dispatch, contact=contact, rung=rung, at=at) if contact else "",
        "link_ends_at": at + timedelta(hours=hours),
        "is_task": dispatch.means == DispatchMeans.TASK,
        "received_page": settings.SITE_URL + reverse("crisis_received"),
    }
    return _rendered(REPORT, crisis, facts)


def address_of(dispatch: Dispatch, *, contact: AgencyContact | None, rung: int, at: datetime) -> str:
    """The link by which a contact outside acknowledges, in full; whoever has an account signs in instead."""
    link = links.Link(dispatch=dispatch.pk, contact=contact.pk if contact else None, rung=rung, made_at=at)
    return settings.SITE_URL + reverse("crisis_link", args=[links.signed(link)])


def to_our_own(dispatch: Dispatch, people: Iterable[Person], *, rung: int, at: datetime) -> None:
    """Tell people of our own that nobody acknowledged; those without an address see it in the system."""
    subject, body = _rendered(UNACKNOWLEDGED, dispatch.crisis, {**_about(dispatch), "at": at})
    for person in people:
        if person.email:
            key = f"crisis-{dispatch.pk}-{rung}-{person.pk}:unacknowledged"
            mails.queue(dispatch.crisis, key=key, to=person.email, subject=subject, body=body, at=at)


def _about(dispatch: Dispatch) -> dict[str, object]:
    return {
        "crisis": dispatch.crisis,
        "report": dispatch.report,
        "dispatch": dispatch,
        "recipient": dispatch.recipient,
        "agency": dispatch.agency,
        "is_coordination": dispatch.paper == PaperKind.COORDINATION,
    }


def _rendered(template: str, crisis: Crisis, facts: dict[str, object]) -> tuple[str, str]:
    """Subject and body: the first line of the template, and what follows it."""
    with translation.override("vi"):
        subject, _break, body = render_to_string(template, facts).lstrip().partition("\n")
    return Truncator(f"[{crisis.reference}] {subject.strip()}").chars(SUBJECT_WORDS), body.lstrip("\n")
