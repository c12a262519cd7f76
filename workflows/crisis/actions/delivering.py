"""How far a report got: accepted by the mail server of its recipient, opened as a task, or come back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core import events
from core.enums import DispatchMeans
from core.models import Crisis, OutgoingMail, Person
from workflows.crisis.models import Dispatch, ReportPaper
from workflows.crisis.queries import carriers
from workflows.crisis.queries import papers as paper_queries
from workflows.crisis.queries import reports as queries
from workflows.crisis.queries.carriers import Carrier
from workflows.locks import held_crisis

from . import paper_mails
from .climbing import about, hurry
from .recording import record


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


def pass_on_failed_papers(crisis: Crisis, *, at: datetime) -> int:
    """Under its lock: a paper whose mail failed for good goes to the next contact of its recipient, if one is left."""
    count = 0
    for paper in paper_queries.stamped(crisis):
        for carrier in carriers.failed(paper.pk):
            dispatch = Dispatch.objects.select_related("report__crisis", "recipient").get(
                pk=carrier.dispatch_id
            )
            if paper_mails.send_to(paper, dispatch, at=at):
                _record_paper_back(paper, dispatch, carrier.mail, is_sent_again=True, at=at)
                count += 1
    return count


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
    """A notice says that mails came back; whether one carried a report or a paper, so that the notice is no inquiry.

    A report counts as delivered no more, and its next rung is due at once; a paper goes to the next contact. The same
    notice again changes nothing.
    """
    found = carriers.returned(message_ids)
    for carrier in found:
        _take_back(carrier, at=at)
    return bool(found)


def _take_back(carrier: Carrier, *, at: datetime) -> None:
    rows = Dispatch.objects.select_related("report__crisis", "recipient")
    dispatch = rows.get(pk=carrier.dispatch_id)
    with held_crisis(dispatch.crisis):
        returned = OutgoingMail.objects.filter(pk=carrier.mail.pk, bounced_at__isnull=True)
        if not returned.update(bounced_at=at):
            return
        if carrier.paper_id is not None:
            paper = ReportPaper.objects.get(pk=carrier.paper_id)
            _paper_came_back(paper, dispatch, carrier.mail, at=at)
        else:
            _report_came_back(rows.get(pk=dispatch.pk), carrier.mail, at=at)


def _report_came_back(dispatch: Dispatch, mail: OutgoingMail, *, at: datetime) -> None:
    dispatch.bounced_at = at
    if dispatch.means == DispatchMeans.MAIL:
        dispatch.delivered_at = None
    dispatch.save(update_fields=["bounced_at", "delivered_at"])
    data = {**about(dispatch), "mail": mail.pk}
    record(events.CRISIS_REPORT_BOUNCED, crisis=dispatch.crisis, by=None, at=at, subject=dispatch, data=data)
    if not dispatch.is_settled:
        hurry(dispatch, at=at)


def _paper_came_back(paper: ReportPaper, dispatch: Dispatch, mail: OutgoingMail, *, at: datetime) -> None:
    """Written to the next contact of the same recipient at once; who confirmed the report stays confirmed."""
    is_sent_again = paper_mails.send_to(paper, dispatch, at=at)
    _record_paper_back(paper, dispatch, mail, is_sent_again=is_sent_again, at=at)


def _record_paper_back(
    paper: ReportPaper, dispatch: Dispatch, mail: OutgoingMail, *, is_sent_again: bool, at: datetime
) -> None:
    data = {
        **about(dispatch),
        "paper": paper.pk,
        "kind": paper.kind,
        "mail": mail.pk,
        "sent_again": is_sent_again,
    }
    record(
        events.CRISIS_REPORT_PAPER_BOUNCED,
        crisis=dispatch.crisis,
        by=None,
        at=at,
        subject=dispatch,
        data=data,
    )
