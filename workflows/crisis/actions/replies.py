"""A mail that answers a report or its paper: kept with the report. It is no inquiry, and confirms nothing by itself.

Only the form with name and post, or what our official recorded of a call, acknowledges. Whoever is on duty and whoever
sent the report are told once that it came. After the end of the crisis such a mail is received as any other.
"""

from __future__ import annotations

from datetime import datetime

from core import events, files
from core.actions import trail
from core.enums import CrisisPart
from core.models import Agency, Person
from core.queries import directory
from core.rules.attachments import clean_name
from core.rules.mail import ParsedMail
from workflows.crisis.models import Dispatch, DispatchReply
from workflows.crisis.queries import carriers
from workflows.crisis.queries.carriers import Carrier
from workflows.locks import held_crisis

from . import notices
from .climbing import about
from .recording import record

FILE_NAMES = 20


def keep(parsed: ParsedMail, *, raw: bytes, agency: Agency, at: datetime) -> bool:
    """Keep a mail with the report of the agency that it answers, once; whether it is kept there."""
    carrier = carriers.answered(parsed.answers, agency=agency)
    if carrier is None:
        return False
    dispatches = Dispatch.objects.select_related("report__crisis__case", "report__prepared_by", "recipient")
    dispatch = dispatches.get(pk=carrier.dispatch_id)
    with held_crisis(dispatch.crisis):
        if dispatch.replies.filter(message_id=parsed.message_id).exists():
            return True
        if not dispatch.crisis.is_open:
            return False
        _keep(dispatch, carrier, parsed, raw=raw, at=at)
    return True


def _keep(dispatch: Dispatch, carrier: Carrier, parsed: ParsedMail, *, raw: bytes, at: datetime) -> None:
    reply = DispatchReply.objects.create(
        dispatch=dispatch, message_id=parsed.message_id, sha256=files.store(raw), sender=parsed.sender, received_at=at,
        is_automatic=parsed.is_auto_reply,
        file_names=[clean_name(name) for name, _data in parsed.attachments[:FILE_NAMES]],
    )  # fmt: skip
    data: dict[str, trail.Value] = {
        **about(dispatch),
        "mail": carrier.mail.pk,
        "reply": reply.pk,
        # A plain digest would outlive the purge of a text short enough to be guessed.
        "raw_sha256": trail.keyed_hash(reply, reply.sha256),
    }
    event = events.CRISIS_REPORT_AUTO_REPLIED
    if not reply.is_automatic:
        event, data["told"] = events.CRISIS_REPORT_REPLIED, [person.pk for person in _tell(reply, at=at)]
    record(event, crisis=dispatch.crisis, by=None, at=at, subject=dispatch, data=data)


def _tell(reply: DispatchReply, *, at: datetime) -> list[Person]:
    """Whoever is on duty at the instant, and whoever sent the report."""
    dispatch = reply.dispatch
    on_duty = directory.in_part(CrisisPart.DUTY_OFFICER, agency=dispatch.agency, at=at)
    people = {person.pk: person for person in (*on_duty, dispatch.report.prepared_by)}
    return [
        person for person in people.values() if person.is_active and notices.replied(reply, to=person, at=at)
    ]
