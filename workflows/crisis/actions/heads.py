"""The heads are told by mail that a joint matter was put to them. The mail names no fact of the matter."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.models import Agency, Crisis, Person
from core.queries.mandates import head_at
from workflows.crisis.models import JointMatter
from workflows.crisis.queries import joint

from . import mails

DEADLOCK = "workflows/crisis/mail/joint_deadlock.txt"


def tell(matter: JointMatter, *, by: Agency, at: datetime) -> list[Person]:
    """Put a mail to each head with an address in line; an agency without a head at the instant has nobody to tell.

    It goes from an agency with a crisis of its own about the matter: the head's, else the one that puts it, else the
    lead.
    """
    told = []
    for agency in joint.taking_part(matter, at=at):
        head = head_at(agency, at=at)
        crisis = _from(matter, agency, by, matter.lead)
        if head is not None and head.person.email and crisis is not None:
            _queue(matter, crisis, head.person, by=by, agency=agency, at=at)
            told.append(head.person)
    return told


def _from(matter: JointMatter, *agencies: Agency) -> Crisis | None:
    own = (joint.crisis_of(matter, agency) for agency in agencies)
    return (
        next((crisis for crisis in own if crisis is not None), None) or matter.crises.order_by("pk").first()
    )


def _queue(
    matter: JointMatter, crisis: Crisis, head: Person, *, by: Agency, agency: Agency, at: datetime
) -> None:
    page = settings.SITE_URL + reverse("joint_matter", args=[matter.pk])
    facts = {"matter": matter, "agency": by, "head": head, "page": page, "sender": crisis.agency}
    with translation.override("vi"):
        mails.queue(
            crisis,
            key=f"joint-{matter.pk}-{agency.pk}:deadlock",
            to=head.email,
            subject=_("A joint statement is put to the heads"),
            body=render_to_string(DEADLOCK, facts),
            at=at,
        )
