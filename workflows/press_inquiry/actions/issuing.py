"""Where a document goes out: number, bytes, signature, stamp. The text is the approved one or nothing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock, events
from core import permissions as core_permissions
from core.enums import Codename, InquiryOutcome
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Inquiry, Person, Question
from core.queries import law
from documents.actions import issuing, signing
from documents.actions.issuing import EnteredNumber
from documents.kinds import AdviceLetter, ReplyLetter
from documents.kinds.reply import ReplyFacts, ReplyItem
from documents.models import IssuedDocument
from workflows import locks, nodes
from workflows.press_inquiry import permissions, queries
from workflows.press_inquiry.models import PressInquiryProcess, Verdict
from workflows.press_inquiry.rules import Content
from workflows.refusal.actions.issuing import outcome_item, replaced, review_contact
from workflows.refusal.models import Refusal

from . import ending, refusals
from .recording import record


def enter_number(*, inquiry: Inquiry, entered: EnteredNumber, by: Person) -> IssuedDocument:
    """The clerk enters the number that the office's own document system gave (Decree 30/2020 art 15).

    The job that waits for it is queued with the commit.
    """
    with locks.beside(inquiry, by=by) as act:
        core_permissions.check_role(by, Codename.ENTER_NUMBER, agency=inquiry.agency, at=act.at)
        core_permissions.check_can_see(by, inquiry.case, at=act.at)
        waiting = permissions.check_number_awaited(inquiry)
        _check_date(entered, decided_at=approved(inquiry).at)
        document = number(process=act.process, by=by, at=act.at, entered=entered)
        nodes.enqueue(waiting)
    return document


def _check_date(entered: EnteredNumber, *, decided_at: datetime) -> None:
    """A document is not older than the decision it carries; its date cannot be corrected afterwards."""
    if entered.issued_on < decided_at.astimezone(clock.ZONE).date():
        raise Invalid(
            _("The date of the document lies before the decision. Check it in the office's document system."),
            fields={"issued_on": _("Not before the decision.")},
        )


def number(
    *, process: PressInquiryProcess, by: Person | None, at: datetime, entered: EnteredNumber | None = None
) -> IssuedDocument:
    """Give the approved text its numbered document; asked again, the same document answers."""
    existing = queries.reply_document(process)
    if existing is not None:
        return existing
    approval = approved(process.inquiry)
    capacity = core_permissions.check_may_sign(approval.by, agency=process.inquiry.agency, at=at)
    inquiry = process.inquiry
    letter = AdviceLetter if process.is_advice else ReplyLetter
    return issuing.number(
        key=queries.reply_key(process),
        case=inquiry.case,
        inquiry=inquiry,
        kind_code=letter.kind_code,
        facts=letter.facts(_facts(process, approval)),
        subject=_subject(process),
        content_sha256=approval.sha256,
        signer=approval.by,
        capacity=capacity,
        drafting_unit=inquiry.lead_unit,
        by=by,
        at=at,
        entered=entered,
    )


def approved(inquiry: Inquiry) -> Verdict:
    """The approval in force. Raises NotAllowedNow when the text was never approved or was edited since."""
    approval = queries.approval(inquiry)
    if approval is None:
        raise NotAllowedNow(
            _("This text is not approved: it was edited after the decision. It has to be decided again.")
        )
    return approval


def _subject(process: PressInquiryProcess) -> str:
    purpose = "tham mưu" if process.is_advice else "trả lời cơ quan báo chí"
    return f"{purpose}: {process.inquiry.subject}"


def _facts(process: PressInquiryProcess, approval: Verdict) -> ReplyFacts:
    inquiry, content = process.inquiry, queries.content_of(approval.version)
    asker = inquiry.asker_display
    superior = inquiry.agency.parent
    addressee = superior.name if process.is_advice and superior else asker
    return ReplyFacts(
        addressee=addressee,
        requester=asker,
        request_date=inquiry.received_at.astimezone(clock.ZONE).date(),
        items=_items(inquiry, content),
        duty_citation=law.duty_citation(inquiry, at=approval.at),
        review_contact=review_contact(inquiry) if content.refusals else None,
        refers_to=() if process.is_advice else replaced(_spoken_to(inquiry, content)),
    )


def _spoken_to(inquiry: Inquiry, content: Content) -> QuerySet[Question]:
    numbers = [part.question for part in content.said]
    return inquiry.questions.filter(number__in=numbers)


def _items(inquiry: Inquiry, content: Content) -> tuple[ReplyItem, ...]:
    texts = {answer.question: answer.text for answer in content.answers}
    answered = [
        ReplyItem(
            number=question.number,
            question=question.text,
            answer=texts.get(question.number, ""),
            redirect_to=question.redirected_to,
        )
        for question in queries.questions_to_answer(inquiry)
    ]
    refused = [_refused(refusal) for refusal in refusals.stated(content)]
    return tuple(sorted([*answered, *refused], key=lambda item: item.number))


def _refused(refusal: Refusal) -> ReplyItem:
    question = refusal.question
    return ReplyItem(number=question.number, question=question.text, outcome=outcome_item(refusal))


def sign(*, process: PressInquiryProcess, pdf_sha256: str, by: Person, at: datetime) -> None:
    """The person who decided signs exactly these bytes, still with the capacity to sign for the agency."""
    inquiry = process.inquiry
    document = ready(process)
    core_permissions.check_may_sign(by, agency=inquiry.agency, at=at)
    signing.sign(document=document, by=by, pdf_sha256=pdf_sha256, at=at)


def stamp(*, process: PressInquiryProcess, pdf_sha256: str, by: Person, at: datetime) -> None:
    """The clerk applies the agency's signature in person. Advice has then gone up; a reply still waits for release."""
    document = ready(process)
    signing.stamp(document=document, by=by, pdf_sha256=pdf_sha256, at=at)
    if process.is_advice:
        inquiry = process.inquiry
        superior = inquiry.agency.parent
        data = {"superior": superior.name if superior else "", "document_number": document.symbol}
        record(events.ADVICE_SENT, inquiry=inquiry, by=by, at=at, data=data)
        ending.end(inquiry=inquiry, outcome=InquiryOutcome.ADVICE_GIVEN, by=by, at=at)


def ready(process: PressInquiryProcess) -> IssuedDocument:
    """The document whose bytes exist and state the text approved now."""
    document = queries.reply_document(process)
    if document is None or not document.is_rendered:
        raise NotAllowedNow(_("The document is not ready yet. Wait a moment and open this step again."))
    if document.content_sha256 != approved(process.inquiry).sha256:
        raise Conflict(_("The document states another text than the one approved. Nothing was signed."))
    return document
