"""How far a report got: accepted by the mail server of its recipient, opened as a task, or come back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from core import events
from core.enums import DispatchMeans
from core.models import Crisis, OutgoingMail, Person
from workflows.crisis.models import Dispatch
from workflows.crisis.queries import reports as queries
from workflows.locks import held_crisis

from .climbing import about, hurry
from .recording import record

# The key of a mail to a recipient: its dispatch, the rung that sent it, and whose copy it is.
_KEY = re.compile(r"crisis-(\d{1,18})-\d{1,9}(?:-[up]\d{1,18})*:report")


def note_accepted(crisis: Crisis, *, at: datetime) -> int:
    """Under its lock: the dispatches by mail of which a mail was accepted by the instant count as delivered."""
    count = 0
    for dispatch in queries.open_dispatches(crisis).filter(
        means=DispatchMeans.MAIL, delivered_at__isnull=True
    ):
        mail = queries.accepted_mail(dispatch, at=at)
        if mail is not None and mail.sent_at is not None:
            _delivered(dispatch, how="mail", by=None, delivered_at=mail.sent_at, at=at)
            count += 1
    return count


def hurry_where_failed(crisis: Crisis, *, at: datetime) -> None:
    """Under its lock: where what was last written to a recipient failed for good, the next rung is due at once.

    Climbing that rung writes again or goes on to our own people, so that this hurries each rung once.
    """
    for dispatch in queries.open_dispatches(crisis):
        if queries.has_failed(dispatch):
            hurry(dispatch, at=at)


def open_task(dispatch: Dispatch, *, by: Person) -> None:
    """Somebody of the recipient has opened its task: delivered, recorded once."""
    with held_crisis(dispatch.crisis) as held:
        current = Dispatch.objects.select_related("report__crisis", "recipient").get(pk=dispatch.pk)
        if current.delivered_at is None:
            _delivered(current, how="task", by=by, delivered_at=held.at, at=held.at)


def _delivered(
    dispatch: Dispatch, *, how: str, by: Person | None, delivered_at: datetime, at: datetime
) -> None:
    dispatch.delivered_at = delivered_at
    dispatch.save(update_fields=["delivered_at"])
    data = {**about(dispatch), "how": how}
    record(
        events.CRISIS_REPORT_DELIVERED, crisis=dispatch.crisis, by=by, at=at, subject=dispatch, data=data,
        occurred_at=delivered_at,
    )  # fmt: skip


def bounced(message_ids: Iterable[str], *, at: datetime) -> bool:
    """A notice says that mails came back; whether one of them carried a report, so that the notice is no inquiry.

    The report counts as delivered no more, and its next rung is due at once. The same notice again changes nothing.
    """
    found = [
        mail
        for mail in OutgoingMail.objects.filter(message_id__in=list(message_ids)).order_by("pk")
        if _KEY.fullmatch(mail.key)
    ]
    for mail in found:
        _take_back(mail, at=at)
    return bool(found)


def _take_back(mail: OutgoingMail, *, at: datetime) -> None:
    match = _KEY.fullmatch(mail.key)
    assert match is not None, "only the mail of a report is taken back"
    dispatch = Dispatch.objects.select_related("report__crisis", "recipient").get(pk=int(match[1]))
    with held_crisis(dispatch.crisis):
        if not OutgoingMail.objects.filter(pk=mail.pk, bounced_at__isnull=True).update(bounced_at=at):
            return
        dispatch.refresh_from_db()
        dispatch.bounced_at = at
        if dispatch.means == DispatchMeans.MAIL:
            dispatch.delivered_at = None
        dispatch.save(update_fields=["bounced_at", "delivered_at"])
        data = {**about(dispatch), "mail": mail.pk}
        record(
            events.CRISIS_REPORT_BOUNCED,
            crisis=dispatch.crisis,
            by=None,
            at=at,
            subject=dispatch,
            data=data,
        )
        if not dispatch.is_settled:
            hurry(dispatch, at=at)
