"""Release of the letter: an act of speaking, checked at its instant."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import law as law_actions
from core.actions import mail, trail
from core.enums import QuestionOutcome, StatementForm
from core.errors import NotAllowedNow
from core.models import Inquiry, Mandate, Person, Question, Statement
from core.queries import law
from core.queries import mandates as mandate_queries
from core.rules import text
from documents.kinds.outcomes import ReviewContact
from documents.models import IssuedDocument
from workflows import nodes
from workflows.refusal import queries
from workflows.refusal.models import Outcome, Refusal, RefusalProcess, StatedOutcome
from workflows.refusal.rules import wording

from . import issuing
from .recording import record

LETTER = "workflows/refusal/mail/letter.txt"
# On which rules an act of speaking rests.
SPEAKING = ("speaker_types", "statement_forms")
SETTLED = {
    Outcome.REFUSED: QuestionOutcome.REFUSED,
    Outcome.REDIRECTED: QuestionOutcome.REDIRECTED,
    Outcome.WITHHELD: QuestionOutcome.WITHHELD,
}


def release(*, process: RefusalProcess, by: Person, at: datetime, recipient: str = "") -> Statement:
    """Speak for the agency by the signed letter: mandate checked, ledger and outcomes written, mail queued."""
    document = issuing.ready(process)
    if not document.is_stamped:
        raise NotAllowedNow(_("The document is not signed and stamped yet. Nothing was sent."))
    issuing.check_still_told(process, at=at)
    told = list(queries.told_in(process.refusal)) if process.reconsideration is None else []
    redirected = list(queries.redirects_told_by(process)) if told else []
    questions = [refusal.question for refusal in told] + redirected or [process.question]
    mandate = permissions.check_may_speak(
        by, agency=process.agency, case=process.case, form=StatementForm.PRESS_RELEASE_OR_REPLY,
        questions=questions, at=at, lock=True,
    )  # fmt: skip
    statement = _written(process, document, mandate=mandate, recipient=recipient, at=at)
    state_in(statement, told, document=document)
    _redirect(redirected)
    if process.reconsideration is not None:
        process.reconsideration.statement = statement
        process.reconsideration.save(update_fields=["statement"])
    message = _send(process, statement, document, at=at)
    _record(process, statement, questions, message=message, at=at)
    nodes.pass_gates(process.inquiry)
    return statement


def _written(
    process: RefusalProcess, document: IssuedDocument, *, mandate: Mandate, recipient: str, at: datetime
) -> Statement:
    """The line of the ledger, with the facts of the document copied as they are."""
    inquiry = process.inquiry
    return Statement.objects.create(
        agency=inquiry.agency, case=inquiry.case, inquiry=inquiry, speaker=mandate.person,
        speaker_post=mandate_queries.post_title(mandate.person, agency=inquiry.agency, at=at),
        mandate=mandate, form=StatementForm.PRESS_RELEASE_OR_REPLY,
        recipient=text.clean_line(recipient, limit=300) or inquiry.asker_display,
        text=_as_text(process), content_sha256=document.content_sha256, document_number=document.symbol,
        document_date=document.issued_on, document_sha256=document.pdf_sha256, spoken_at=at, recorded_at=at,
    )  # fmt: skip


def _as_text(process: RefusalProcess) -> str:
    """What the letter says, in short, for the ledger and for whoever searches it."""
    if process.reconsideration is not None:
        return f"{process.question.number}. Giữ nguyên. {process.reconsideration.reason}"
    told = queries.told_in(process.refusal)
    return "\n\n".join(f"{each.question.number}. {said(each)}" for each in told)


def said(refusal: Refusal) -> str:
    """The outcome of one question as a passage of what the press is told."""
    decision = refusal.decision
    duty = ""
    if decision.outcome == Outcome.REDIRECTED:
        duty = law.duty_citation(refusal.inquiry, at=decision.decided_at)
    return wording.outcome_text(decision, duty_citation=duty)


def state_in(statement: Statement, told: list[Refusal], *, document: IssuedDocument | None) -> None:
    """Keep that this one statement told the press of these decisions; their questions have their outcome."""
    for refusal in told:
        StatedOutcome.objects.create(decision=refusal.decision, statement=statement, document=document)
        question = refusal.question
        question.outcome = SETTLED[Outcome(refusal.decision.outcome)]
        question.save(update_fields=["outcome"])


def where_to_ask(statement: Statement, *, inquiry: Inquiry) -> ReviewContact | None:
    """Where to ask for another look, where the statement tells of something refused or withheld."""
    told = statement.stated_refusals.exclude(decision__outcome=Outcome.REDIRECTED)
    return issuing.review_contact(inquiry) if told.exists() else None


def _redirect(questions: list[Question]) -> None:
    for question in questions:
        question.outcome = QuestionOutcome.REDIRECTED
        question.save(update_fields=["outcome"])


def _record(
    process: RefusalProcess,
    statement: Statement,
    questions: list[Question],
    *,
    message: int | None,
    at: datetime,
) -> None:
    data: dict[str, trail.Value] = {
        "statement": statement.pk,
        "questions": sorted(question.number for question in questions),
        "refusals": [stated.decision.refusal_id for stated in statement.stated_refusals.all()],
        "number": statement.document_number,
        "sha256": statement.document_sha256,
        "mandate": statement.mandate_id,
        "mail": message,
        "form": str(statement.form),
        "recipient": statement.recipient,
    }
    entry = record(
        events.REFUSAL_RELEASED,
        refusal=process.refusal,
        by=statement.speaker,
        at=at,
        data=data,
        mandate=statement.mandate,
    )
    inquiry = process.inquiry
    rule_set = queries.governing(inquiry, at=at)
    found = law.provisions_for(inquiry, SPEAKING, rule_set=rule_set, at=at)
    law_actions.rest_on(found, inquiry=inquiry, rule_set=rule_set, entry=entry, at=at)


def _send(
    process: RefusalProcess, statement: Statement, document: IssuedDocument, *, at: datetime
) -> int | None:
    """Queue the mail to the journalist where an address is known; it leaves after the commit."""
    inquiry = process.inquiry
    if not inquiry.asker_email:
        return None
    with translation.override("vi"):
        body = render_to_string(LETTER, {"inquiry": inquiry, "statement": statement, "document": document})
    received = inquiry.incoming_mails.order_by("received_at").last()
    message = mail.queue(
        inquiry=inquiry, key=f"refusal:{process.pk}:release", recipient=inquiry.asker_email,
        subject=f"[{inquiry.reference}] {inquiry.agency.name}", body=body, at=at,
        in_reply_to=received.message_id if received else "", attachment_sha256=document.pdf_sha256,
        attachment_name=f"{document.symbol.replace('/', '-')}.pdf",
    )  # fmt: skip
    return message.pk
