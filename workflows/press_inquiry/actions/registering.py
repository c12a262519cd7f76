"""Starts and registration: who asks, what, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, files
from core import permissions as core_permissions
from core.actions import casefile, trail
from core.enums import Channel, Codename, Competence, CredentialKind, InquiryKind, QuestionOutcome
from core.errors import Invalid
from core.models import Agency, Attachment, Case, Inquiry, Journalist, Person, PressAgency
from core.rules import attachments as attachment_rules
from core.rules import text
from workflows.engine.models import TaskAssignment
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import PressInquiryProcess
from workflows.refusal.actions import ending as refusals

from . import clocks
from .recording import record

SUBJECT_LIMIT = 300
QUESTION_LIMIT = 10_000


class PossibleDuplicate(Invalid):
    """The same journalist asked something similar within seven days; a person links it or confirms it as new."""

    def __init__(self, duplicates: Sequence[Inquiry]) -> None:
        self.duplicates = list(duplicates)
        super().__init__(
            _(
                "The same journalist asked something similar: %(references)s. Link this inquiry to it as a follow-up, "
                "or confirm that it is new. What you typed is kept."
            )
            % {"references": ", ".join(inquiry.reference for inquiry in duplicates)},
            fields={"confirmed_new": _("Link it or confirm that it is new.")},
        )


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What the press contact enters: three fields at least (who asks, what, when); the rest helps."""

    channel: Channel
    received_at: datetime
    asker_name: str
    questions: Sequence[str]
    subject: str = ""
    kind: InquiryKind = InquiryKind.INFORMATION
    asker_email: str = ""
    asker_phone: str = ""
    press_agency: PressAgency | None = None
    press_agency_name: str = ""
    credential: CredentialKind = CredentialKind.NONE_SHOWN
    credential_number: str = ""
    attachments: Sequence[tuple[str, bytes]] = ()
    case: Case | None = None
    follows: Inquiry | None = None
    confirmed_new: bool = False


def begin(activation: Any, *, inquiry: Inquiry) -> PressInquiryProcess:
    """Bind a new run of the procedure to its inquiry and pin the version it follows."""
    process: PressInquiryProcess = activation.process
    process.inquiry = inquiry
    process.definition_version = process.flow_class.version
    return process


def reopened(
    activation: Any,
    *,
    inquiry: Inquiry,
    by: Person | None,
    reason: str,
    at: datetime,
    only_open: bool = False,
) -> PressInquiryProcess:
    """Start the procedure anew on an ended inquiry, at triage. The earlier run stays as it was.

    Every question is open again, whatever became of it, or with `only_open` those alone that were brought back.
    """
    previous, inquiry.outcome, inquiry.answer_owed = inquiry.outcome, "", True
    inquiry.save(update_fields=["outcome", "answer_owed"])
    if not only_open:
        refusals.reopen(inquiry=inquiry, by=by, at=at)
        inquiry.questions.exclude(competence=Competence.STATE_SECRET).update(outcome=QuestionOutcome.OPEN)
    casefile.reopen(case=inquiry.case, reason=reason, by=by, at=at)
    process = begin(activation, inquiry=inquiry)
    process.save()
    data = {"process": process.pk, "previous_outcome": previous}
    record(events.INQUIRY_REOPENED, inquiry=inquiry, by=by, at=at, data=data, reason=reason)
    clocks.start_again(inquiry=inquiry, by=by, at=at)
    return process


def open_by_hand(*, agency: Agency, registration: Registration, by: Person, at: datetime) -> Inquiry:
    """Open and register an inquiry that did not come by mail."""
    core_permissions.check_role(by, Codename.REGISTER_INQUIRY, agency=agency, at=at)
    cleaned = _cleaned(registration)
    casefile.check_received(cleaned.received_at, agency=agency, at=at)
    _check_duplicates(agency, cleaned, but_not=None, by=by, at=at)
    new = casefile.NewInquiry(
        channel=cleaned.channel, received_at=cleaned.received_at, subject=cleaned.subject, is_demo=by.is_demo
    )
    inquiry = casefile.open_inquiry(agency=agency, new=new, by=by, at=at, case=cleaned.case)
    _write(inquiry, cleaned, by=by, at=at)
    return inquiry


@transaction.atomic
def register(*, inquiry: Inquiry, registration: Registration, by: Person, at: datetime) -> None:
    """Register an inquiry that arrived by mail; it may be joined to another open case."""
    cleaned = _cleaned(registration)
    casefile.check_received(cleaned.received_at, agency=inquiry.agency, at=at)
    _check_duplicates(inquiry.agency, cleaned, but_not=inquiry, by=by, at=at)
    if cleaned.case is not None and cleaned.case != inquiry.case:
        casefile.move_inquiry(
            inquiry=inquiry,
            to=cleaned.case,
            reason=_("Joined to this case when it was registered."),
            by=by,
            at=at,
        )
        TaskAssignment.objects.filter(inquiry=inquiry).update(case=cleaned.case)
    _write(inquiry, cleaned, by=by, at=at)


def _cleaned(registration: Registration) -> Registration:
    questions = [text.clean_text(question, limit=QUESTION_LIMIT) for question in registration.questions]
    questions = [question for question in questions if question]
    asker = text.clean_line(registration.asker_name, limit=120)
    if not asker:
        raise Invalid(
            _("Say who asks. What you typed is kept."),
            fields={"asker_name": _("Write the name of whoever asks.")},
        )
    if not questions:
        raise Invalid(
            _("At least one question is needed. What you typed is kept."),
            fields={"questions": _("Write at least one question.")},
        )
    subject = text.clean_line(registration.subject, limit=SUBJECT_LIMIT) or _subject_from(questions[0])
    return Registration(
        **{**registration.__dict__, "asker_name": asker, "questions": questions, "subject": subject}
    )


def _subject_from(question: str) -> str:
    first = question.splitlines()[0]
    return first if len(first) <= SUBJECT_LIMIT else first[: SUBJECT_LIMIT - 1] + "…"


def _check_duplicates(
    agency: Agency, given: Registration, *, but_not: Inquiry | None, by: Person, at: datetime
) -> None:
    if but_not is not None and given.follows == but_not:
        raise Invalid(_("An inquiry does not follow itself."), fields={"duplicate": _("Choose another.")})
    if given.follows is not None or given.confirmed_new:
        return
    found = queries.possible_duplicates(
        agency=agency,
        subject=given.subject,
        received_at=given.received_at,
        asker_name=given.asker_name,
        asker_email=given.asker_email,
        seen_by=by,
        at=at,
    )
    found = [inquiry for inquiry in found if inquiry != but_not]
    if found:
        raise PossibleDuplicate(found)


def _write(inquiry: Inquiry, given: Registration, *, by: Person, at: datetime) -> None:
    inquiry.channel = given.channel
    inquiry.kind = given.kind
    inquiry.subject = given.subject
    inquiry.received_at = given.received_at
    inquiry.asker_name = given.asker_name
    inquiry.asker_email = given.asker_email
    inquiry.asker_phone = text.clean_line(given.asker_phone, limit=40)
    inquiry.press_agency = given.press_agency
    inquiry.press_agency_name = text.clean_line(given.press_agency_name, limit=160)
    inquiry.journalist = _journalist(given)
    inquiry.credential = given.credential
    inquiry.credential_number = text.clean_line(given.credential_number, limit=60)
    inquiry.follows = given.follows
    inquiry.registered_at = at
    inquiry.registered_by = by
    inquiry.save()
    _name_case(inquiry)
    questions = casefile.number_questions(inquiry=inquiry, texts=given.questions)
    attached = [
        add_attachment(inquiry=inquiry, name=name, data=data, by=by, at=at)
        for name, data in given.attachments
    ]
    casefile.involve(case=inquiry.case, person=by)
    data: dict[str, trail.Value] = {
        "channel": given.channel.value,
        "kind": given.kind.value,
        "credential": given.credential.value,
        "press_agency": given.press_agency.code if given.press_agency else "",
        "received_at": given.received_at,
        "mail_dated_at": inquiry.mail_dated_at,
        "questions": len(questions),
        "question_hashes": [trail.keyed_hash(question, question.text) for question in questions],
        "attachments": [attachment.pk for attachment in attached],
        "confirmed_new": given.confirmed_new,
        "asker": given.asker_name,
    }
    record(events.INQUIRY_REGISTERED, inquiry=inquiry, by=by, at=at, data=data, occurred_at=given.received_at)
    if given.follows is not None:
        link: dict[str, trail.Value] = {
            "follows": given.follows.pk,
            "follows_reference": given.follows.reference,
        }
        record(events.INQUIRY_LINKED, inquiry=inquiry, by=by, at=at, data=link)
    clocks.start(inquiry=inquiry, by=by, at=at)


def _name_case(inquiry: Inquiry) -> None:
    """A case that a mail opened, with or without a subject, is named by the first inquiry registered under it."""
    case = inquiry.case
    if case.inquiries.count() == 1:
        case.title = inquiry.subject
        case.save(update_fields=["title"])


def _journalist(given: Registration) -> Journalist | None:
    if not given.asker_email:
        return None
    known = Journalist.objects.filter(email__iexact=given.asker_email).first()
    return known or Journalist.objects.create(
        name=given.asker_name, email=given.asker_email, press_agency=given.press_agency
    )


def add_attachment(
    *, inquiry: Inquiry, name: str, data: bytes, by: Person | None, at: datetime
) -> Attachment:
    """Keep a file that came with the inquiry; its type is found in its content. Raises Invalid."""
    media_type = attachment_rules.check(name, data)
    return Attachment.objects.create(
        inquiry=inquiry,
        name=attachment_rules.clean_name(name, media_type=media_type),
        media_type=media_type,
        size=len(data),
        sha256=files.store(data),
        added_at=at,
        added_by=by,
    )
