"""What must have come of a walked mail, looked at in the rows, the files and the mails that really left."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from pypdf import PdfReader

from core import events, files
from core.actions.reference import Row
from core.enums import HEADSHIP, MailStatus, QuestionOutcome
from core.models import Inquiry, OutgoingMail
from core.queries.trail import has_entry
from core.rules import mail as rules
from documents.models import IssuedDocument
from workflows.demonstration.report import Chapter, Report
from workflows.press_inquiry import queries
from workflows.press_inquiry.models import VerdictKind, VersionKind
from workflows.refusal.models import Refusal

Claims = Iterator[tuple[str, bool]]


def look_at(row: Row, chapter: Chapter, report: Report) -> None:
    inquiry = chapter.inquiry
    assert inquiry is not None
    for claims in (_end, _acknowledged, _unacknowledged, _turns, _document, _spoken, _replied, _refused):
        for claim, holds in claims(row, inquiry):
            report.check(chapter, claim, holds=holds)


def look_at_mail(chapter: Chapter, report: Report) -> None:
    """What the mail said is kept whole, composed and without markup, whatever was wrong with it."""
    inquiry, parsed = chapter.inquiry, rules.parse(chapter.raw)
    assert inquiry is not None
    mail = inquiry.incoming_mails.get(message_id=parsed.message_id)
    claim = _("the mail is kept byte for byte under its SHA-256")
    report.check(chapter, claim, holds=files.read(mail.sha256) == chapter.raw)
    is_plain = "<script" not in mail.text and unicodedata.is_normalized("NFC", mail.text)
    report.check(chapter, _("its text is composed Unicode without any markup"), holds=is_plain)
    if parsed.attachments:
        claim = _("its %(count)s attachments are kept") % {"count": len(parsed.attachments)}
        names = {attachment.name for attachment in inquiry.attachments.all()}
        report.check(chapter, claim, holds={name for name, _data in parsed.attachments} <= names)
    if set(parsed.defects) - {rules.AUTO_REPLY}:
        claim = _("registered although the mail is defective, and the defects are named")
        report.check(chapter, claim, holds=inquiry.is_registered and bool(mail.defects))


def _end(row: Row, inquiry: Inquiry) -> Claims:
    named = _("ended as “%(outcome)s”") % {"outcome": inquiry.get_outcome_display()}
    yield named, inquiry.outcome == row["stage"]
    yield _("has no due date: the law sets none for an ordinary inquiry"), inquiry.due is None


def _acknowledged(row: Row, inquiry: Inquiry) -> Claims:
    if not row["acknowledged"]:
        return
    mail = inquiry.outgoing_mails.get(key__endswith=":acknowledgement")
    message = sent_message(mail)
    yield _("the acknowledgement left"), message is not None
    if message is None:
        return
    text = f"{message['Subject']}\n{message.get_content()}"
    yield _("it is addressed to the journalist"), addressed_to(message) == inquiry.asker_email
    yield _("it names the reference"), inquiry.reference in text
    quoted = {inquiry.subject, *(mail.subject for mail in inquiry.incoming_mails.all())}
    yield _("it does not quote the subject"), not any(subject in text for subject in quoted if subject)


def _unacknowledged(row: Row, inquiry: Inquiry) -> Claims:
    if row["acknowledged"]:
        return
    nothing = not inquiry.outgoing_mails.exists()
    yield _("no acknowledgement went out: nobody to write to, or a machine wrote"), nothing
    reasons = (events.INQUIRY_ACKNOWLEDGEMENT_IMPOSSIBLE, events.INQUIRY_ACKNOWLEDGEMENT_WITHHELD)
    told = any(has_entry(reason, subject=inquiry) for reason in reasons)
    yield _("the trail says why there is none"), told


def _turns(row: Row, inquiry: Inquiry) -> Claims:
    """The loops and exceptions this mail stands for."""
    if "returned" in row:
        returned = queries.versions_with_verdicts(inquiry)[-1].verdicts.filter(kind=VerdictKind.RETURNED)
        yield (
            _("version 1 was returned with a reason"),
            all(it.reason for it in returned) and returned.exists(),
        )
    if "corrected" in row:
        by_head = inquiry.versions.filter(kind=VersionKind.CORRECTION).select_related("author").last()
        is_head = by_head is not None and by_head.author.posts.filter(kind__in=HEADSHIP).exists()
        yield _("the head's correction is a version of its own"), is_head
    elsewhere = row["triage"].get("redirected_to")
    if elsewhere:
        redirected = inquiry.questions.filter(outcome=QuestionOutcome.REDIRECTED, redirected_to=elsewhere)
        yield _("a question was redirected to %(agency)s") % {"agency": elsewhere}, redirected.count() == 1


def _document(row: Row, inquiry: Inquiry) -> Claims:
    is_letter = row["triage"].get("reply_form") == "letter"
    document = inquiry.issued_documents.first()
    if not is_letter:
        yield _("no document and no number were needed"), document is None
        return
    yield _("the document was issued"), document is not None
    if document is None:
        return
    data = files.read(document.pdf_sha256)
    same = hashlib.sha256(data).hexdigest() == document.pdf_sha256
    yield _("the PDF is the one that was signed, by its SHA-256"), same and data.startswith(b"%PDF-")
    signed = {each.pdf_sha256 for each in document.endorsements.all()}
    yield _("signed and stamped on these bytes"), document.is_stamped and signed == {document.pdf_sha256}
    yield _("number %(symbol)s is unique") % {"symbol": document.symbol}, _is_unique(document)


def _is_unique(document: IssuedDocument) -> bool:
    same = IssuedDocument.objects.filter(agency=document.agency, year=document.year, symbol=document.symbol)
    return list(same) == [document]


def _spoken(row: Row, inquiry: Inquiry) -> Claims:
    statement = inquiry.statements.select_related("mandate").first()
    if "not_a_request" in row["triage"]:
        yield _("nothing was said in the agency's name"), statement is None
        return
    yield _("the statement stands in the ledger"), statement is not None
    approval = queries.approval(inquiry)
    if statement is None or approval is None:
        yield _("the text was approved"), False
        return
    yield _("it is the approved text, by its SHA-256"), statement.content_sha256 == approval.sha256
    yield _("spoken under a mandate"), statement.mandate.covers(statement.spoken_at)
    yield _("what the press made of it is recorded"), inquiry.publications.exists()


def _replied(row: Row, inquiry: Inquiry) -> Claims:
    if row["triage"].get("reply_form") not in {"letter", "email"}:
        return
    message = sent_message(inquiry.outgoing_mails.get(key__endswith=":release"))
    yield _("the reply left"), message is not None
    if message is None:
        return
    yield _("the reply is addressed to the journalist"), addressed_to(message) == inquiry.asker_email
    document = inquiry.issued_documents.first()
    if document is not None:
        sent = {hashlib.sha256(bytes(part.get_content())).hexdigest() for part in message.iter_attachments()}
        yield _("the issued PDF is attached to it"), sent == {document.pdf_sha256}


def _refused(row: Row, inquiry: Inquiry) -> Claims:
    """Each question that was not answered: its ground, who judged it, and what the letter says of it."""
    for wanted in row.get("refusals", []):
        refusal = inquiry.refusals.select_related("decision__stated__document").get(
            question__number=wanted["question"]
        )
        yield from stated_exactly(refusal)
        judges = {refusal.decision.decided_by_id, *refusal.versions.values_list("author", flat=True)}
        yield _("its proposer did not decide it"), len(judges) > 1
        text = _letter(refusal)
        version = queries.latest_version(inquiry)
        answers = queries.content_of(version).answers if version else ()
        together = all(without_spaces(answer.text) in text for answer in answers) and bool(answers)
        yield _("the same letter answers what was not refused"), together


def stated_exactly(refusal: Refusal) -> Claims:
    """The letter that went out, read back, cites the provision in full and gives the reason."""
    decision = refusal.decision
    named = {"number": refusal.question.number, "citation": decision.citation}
    document, text = decision.stated.document, _letter(refusal)
    yield (
        _("question %(number)s was refused, and the letter read back cites %(citation)s") % named,
        bool(decision.citation) and without_spaces(decision.citation) in text,
    )
    yield (
        _("the letter read back gives the reason, word for word"),
        without_spaces(decision.version.reason) in text,
    )
    yield (
        _("one statement told the press of it, by this letter"),
        document is not None and decision.stated.statement.document_number == document.symbol,
    )


def _letter(refusal: Refusal) -> str:
    """The text of the letter that states it, without spaces; nothing where no letter does."""
    document = refusal.decision.stated.document
    return without_spaces(text_of(files.read(document.pdf_sha256))) if document else ""


def text_of(pdf: bytes) -> str:
    """What its pages say, without their numbers: a passage may go on from one page to the next."""
    pages = enumerate(PdfReader(BytesIO(pdf)).pages, start=1)
    lines = ((number, line) for number, page in pages for line in page.extract_text().splitlines())
    return "\n".join(line for number, line in lines if line.strip() != str(number))


def without_spaces(text: str) -> str:
    """For finding a passage whatever the lines it was broken into."""
    return "".join(text.split())


def sent_file(mail: OutgoingMail) -> Path | None:
    """The file that the mail left as."""
    if mail.status != MailStatus.SENT:
        return None
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.eml"):
        if _message(path)["Message-ID"] == mail.message_id:
            return path
    return None


def sent_message(mail: OutgoingMail) -> EmailMessage | None:
    path = sent_file(mail)
    return _message(path) if path else None


def _message(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)


def addressed_to(message: EmailMessage) -> str:
    return ", ".join(address.addr_spec for address in message["To"].addresses)
