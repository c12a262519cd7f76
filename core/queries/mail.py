"""Mails as pages and jobs need them; what a mail without an inquiry is about stands in the entry that queued it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import events
from core.models import Agency, Case, OutgoingMail, TrailEntry, TrailHead


def _queued() -> QuerySet[TrailEntry]:
    return TrailEntry.objects.filter(
        type=events.MAIL_QUEUED.code, object_type=OutgoingMail._meta.label
    ).order_by("pk")


def told_when_queued(mail: OutgoingMail) -> tuple[Case | None, str]:
    """The case in whose stream the mail was put in line, none in the global one, and the reference told there."""
    entry = _queued().filter(object_id=mail.pk).first()
    if entry is None:
        return None, ""
    head = TrailHead.objects.select_related("case__agency").get(stream=entry.stream)
    return head.case, str(entry.data.get("reference", ""))


def about_no_inquiry(cases: QuerySet[Case], agencies: QuerySet[Agency]) -> Q:
    """Mails to officials of these agencies about no inquiry, on one of the cases or on none."""
    streams = TrailHead.objects.filter(Q(case__isnull=True) | Q(case__in=cases))
    told = _queued().filter(object_id=OuterRef("pk"), stream__in=streams.values("stream"))
    return Q(Exists(told), inquiry__isnull=True, agency__in=agencies)
