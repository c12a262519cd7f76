"""Release: the act of speaking, checked at its instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import events
from core import permissions as core_permissions
from core.actions import mail, trail
from core.enums import FORMS_OF_RELEASE, ReplyForm, StatementForm
from core.errors import Invalid, NotAllowedNow
from core.models import Mandate, Person, Statement, TrailEntry
from core.queries import mandates as mandate_queries
from core.rules import text
from documents.models import IssuedDocument
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import (
    DraftVersion,
    PressInquiryProcess,
    VersionKind,
)
from workflows.refusal.actions import releasing as refusal_releasing

from . import clocks, issuing, refusals, versions
from .recording import record

REPLY = "workflows/press_inquiry/mail/reply.txt"


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """In which of the five legal forms, to whom, where it stands, and when it was or is said."""

    form: StatementForm
    recipient: str = ""
    address: str = ""
    spoken_at: datetime | None = None


def release(*, process: PressInquiryProcess, facts: ReleaseFacts, by: Person, at: datetime) -> Statement:
    """Speak for the agency: mandate locked and checked, ledger written, mail queued, all in one transaction.

    Decree 244/2026 art 3 (who) and art 5 (forms). What was said a moment ago, in an interview, may carry its own
    time, under a mandate that was known and covered that instant: a paper that turns up later makes nothing said before
    it a statement.
    """
    inquiry = process.inquiry
    version, document = _released_text(process)
    spoken_at = facts.spoken_at or at
    core_permissions.check_law_is_settled(inquiry, at=at)
    _check(version, facts, spoken_at=spoken_at, at=at)
    refusals.check_still_hold(version, at=at)
    asked = {"agency": inquiry.agency, "case": inquiry.case, "form": facts.form}
    spoken_to = list(inquiry.questions_spoken_to)
    core_permissions.check_may_speak(by, **asked, questions=spoken_to, at=at, lock=True)
    mandate = core_permissions.check_may_speak(
        by, **asked, questions=spoken_to, at=spoken_at, known_at=spoken_at
    )
    statement = _written(process, version, document, facts, mandate=mandate, spoken_at=spoken_at, at=at)
    _settle_questions(statement, version, document)
    message = _send(process, statement, document, at=at)
    entry = _record(statement, version, message=message, at=at)
    clocks.rest_decision(entry, inquiry=inquiry, at=spoken_at, keys=clocks.SPEAKING)
    clocks.end_with_answer(inquiry=inquiry, spoken_at=spoken_at, by=by, at=at)
    return statement


def _written(
    process: PressInquiryProcess,
    version: DraftVersion,
    document: IssuedDocument | None,
    facts: ReleaseFacts,
    *,
    mandate: Mandate,
    spoken_at: datetime,
    at: datetime,
) -> Statement:
    """The line of the ledger, with the facts of the document copied as they are."""
    inquiry = process.inquiry
    return Statement.objects.create(
        agency=inquiry.agency,
        case=inquiry.case,
        inquiry=inquiry,
        speaker=mandate.person,
        speaker_post=mandate_queries.post_title(mandate.person, agency=inquiry.agency, at=spoken_at),
        mandate=mandate,
        form=facts.form,
        recipient=text.clean_line(facts.recipient, limit=300) or inquiry.asker_display,
        address=facts.address,
        text=queries.content_of(version).as_text(),
        content_sha256=version.sha256,
        document_number=document.symbol if document else "",
        document_date=document.issued_on if document else None,
        document_sha256=document.pdf_sha256 if document else "",
        spoken_at=spoken_at,
        recorded_at=at,
    )


def _record(statement: Statement, version: DraftVersion, *, message: int | None, at: datetime) -> TrailEntry:
    data: dict[str, trail.Value] = {
        **versions.facts(version, queries.content_of(version)),
        "statement": statement.pk,
        "form": str(statement.form),
        "number": statement.document_number,
        "sha256": statement.document_sha256,
        "mandate": statement.mandate_id,
        "mail": message,
        "recipient": statement.recipient,
        "address": statement.address,
    }
    data.pop("reply_form")
    return record(
        events.STATEMENT_RELEASED,
        inquiry=version.inquiry,
        by=statement.speaker,
        at=at,
        data=data,
        mandate=statement.mandate,
        occurred_at=statement.spoken_at,
    )


def _released_text(process: PressInquiryProcess) -> tuple[DraftVersion, IssuedDocument | None]:
    """The text that may be spoken: approved now, or released before; with its document where it has one."""
    version = queries.latest_version(process.inquiry)
    if version is not None and version.kind == VersionKind.REUSE:
        if version.reuses is None or queries.content_of(version).as_text() != version.reuses.text:
            raise NotAllowedNow(_("The text is not the one that was released before. Nothing was sent."))
        return version, None
    approval = issuing.approved(process.inquiry)
    document = issuing.ready(process) if process.needs_document else None
    if document is not None and not document.is_stamped:
        raise NotAllowedNow(_("The document is not signed and stamped yet. Nothing was sent."))
    return approval.version, document


def _check(
    version: DraftVersion,
    facts: ReleaseFacts,
    *,
    spoken_at: datetime,
    at: datetime,
) -> None:
    if facts.form not in FORMS_OF_RELEASE[ReplyForm(version.reply_form)]:
        raise Invalid(
            _("A reply prepared as “%(prepared)s” is not released as “%(form)s”. Nothing was sent.")
            % {"prepared": ReplyForm(version.reply_form).label, "form": facts.form.label},
            fields={"form": _("Choose another form.")},
        )
    if facts.form == StatementForm.PORTAL and not facts.address:
        raise Invalid(
            _("Give the address where the text stands on the portal or account."),
            fields={"address": _("Give the address.")},
        )
    if spoken_at > at:
        raise Invalid(
            _("The time of speaking lies in the future."), fields={"spoken_at": _("Correct the time.")}
        )
    if spoken_at < _allowed_since(version):
        raise Invalid(
            _("The time of speaking lies before the text was approved."),
            fields={"spoken_at": _("Correct the time.")},
        )


def _allowed_since(version: DraftVersion) -> datetime:
    """From when the text could be spoken: its approval, or for a text released before, its choice at triage."""
    approval = queries.approval(version.inquiry)
    return approval.at if approval else version.submitted_at


def _settle_questions(statement: Statement, version: DraftVersion, document: IssuedDocument | None) -> None:
    """Every question the reply speaks to has its outcome; those refused by the decisions it states."""
    inquiry = version.inquiry
    told = refusals.stated_in(version)
    refusal_releasing.state_in(statement, told, document=document)
    answered = queries.questions_to_answer(inquiry)
    for competence, outcome in queries.answered_outcomes().items():
        answered.filter(competence=competence).update(outcome=outcome)
    inquiry.answer_owed = False
    inquiry.save(update_fields=["answer_owed"])


def _send(
    process: PressInquiryProcess, statement: Statement, document: IssuedDocument | None, *, at: datetime
) -> int | None:
    """Queue the mail to the journalist where the reply goes out by mail; it leaves after the commit."""
    inquiry = process.inquiry
    if not inquiry.asker_email or statement.form != StatementForm.PRESS_RELEASE_OR_REPLY:
        return None
    with translation.override("vi"):
        said = {"inquiry": inquiry, "statement": statement, "document": document}
        contact = refusal_releasing.where_to_ask(statement, inquiry=inquiry)
        body = render_to_string(REPLY, {**said, "review_contact": contact})
    received = inquiry.incoming_mails.order_by("received_at").last()
    message = mail.queue(
        inquiry=inquiry,
        key=f"press_inquiry:{process.pk}:release",
        recipient=inquiry.asker_email,
        subject=f"[{inquiry.reference}] {inquiry.agency.name}",
        body=body,
        at=at,
        in_reply_to=received.message_id if received else "",
        attachment_sha256=document.pdf_sha256 if document else "",
        attachment_name=f"{document.symbol.replace('/', '-')}.pdf" if document else "",
    )
    return message.pk
