"""The letter of the refusal's own: number, bytes, signature, stamp. It states the decisions or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock, permissions
from core.enums import Codename
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Inquiry, Person, Question
from core.queries import law
from documents.actions import issuing, signing
from documents.actions.issuing import EnteredNumber
from documents.kinds import RefusalLetter, SecondLookLetter
from documents.kinds.outcomes import EarlierDocument, OutcomeItem, OutcomeKind, ReviewContact
from documents.kinds.refusal import RefusalFacts, SecondLookFacts
from documents.models import IssuedDocument
from workflows import locks, nodes
from workflows.refusal import queries
from workflows.refusal.models import Outcome, Refusal, RefusalProcess, State

from . import deciding

Letter = type[RefusalLetter] | type[SecondLookLetter]


def issue(*, process: RefusalProcess) -> None:
    """Number the letter and make its bytes; run again after a crash it goes on where it stopped.

    Where what it was to tell holds no longer it gets no number, and the sweep takes its run to an end.
    """
    with locks.locked(process.flow_class, process.pk):
        current = _as_it_is(process.pk)
        if current.finished is not None:
            return
        try:
            document = number(process=current, by=None, at=clock.now())
        except deciding.HoldsNoLonger:
            return
    issuing.render(document=document, at=clock.now())


def _as_it_is(pk: int) -> RefusalProcess:
    """Read again under the locks."""
    return RefusalProcess.objects.select_related(
        "refusal__inquiry__case", "refusal__inquiry__agency__parent", "refusal__question", "reconsideration"
    ).get(pk=pk)


def number(
    *, process: RefusalProcess, by: Person | None, at: datetime, entered: EnteredNumber | None = None
) -> IssuedDocument:
    """Give the letter its number and freeze what it states; asked again, the same document answers.

    Raises HoldsNoLonger before a number is spent on what is not told to the press any more.
    """
    existing = queries.letter(process)
    if existing is not None:
        return existing
    check_still_told(process, at=at)
    signer = queries.signer(process)
    assert signer is not None, "a letter is issued for a decision"
    inquiry = process.inquiry
    capacity = permissions.check_may_sign(signer, agency=process.agency, at=at)
    letter, facts = _letter(process, at=at)
    return issuing.number(
        key=queries.letter_key(process), case=inquiry.case, inquiry=inquiry, kind_code=letter.kind_code,
        facts=facts, subject=_subject(process), content_sha256=content_sha256(process), signer=signer,
        capacity=capacity, drafting_unit=inquiry.lead_unit, by=by, at=at, entered=entered,
    )  # fmt: skip


def _subject(process: RefusalProcess) -> str:
    if process.reconsideration is not None:
        return f"xem xét lại việc trả lời cơ quan báo chí: {process.inquiry.subject}"
    return f"trả lời cơ quan báo chí: {process.inquiry.subject}"


def content_sha256(process: RefusalProcess) -> str:
    """The hash of what the letter states: the decisions by their versions, and the redirected questions."""
    look = process.reconsideration
    content = {
        "decisions": [[each.pk, each.decision.version.sha256] for each in _stated_by(process)],
        "redirected": [[each.number, each.redirected_to] for each in queries.redirects_told_by(process)],
        "second_look": [look.pk, look.result, look.reason] if look else [],
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _stated_by(process: RefusalProcess) -> list[Refusal]:
    if process.reconsideration is not None:
        return [process.refusal]
    return list(queries.told_in(process.refusal))


def _letter(process: RefusalProcess, *, at: datetime) -> tuple[Letter, Mapping[str, Any]]:
    """Which letter it is and the facts it states."""
    inquiry, look = process.inquiry, process.reconsideration
    if look is None:
        facts = RefusalFacts(
            addressee=inquiry.asker_display, request_date=_local_date(inquiry.received_at),
            items=tuple(_items(process, at=at)), review_contact=review_contact(inquiry),
            refers_to=replaced(each.question for each in queries.told_in(process.refusal)),
        )  # fmt: skip
        return RefusalLetter, RefusalLetter.facts(facts)
    upheld = SecondLookFacts(
        addressee=inquiry.asker_display, received_date=_local_date(look.received_at),
        items=(replace(outcome_item(process.refusal), reason=look.reason),),
        refers_to=_told_in(process.refusal),
    )  # fmt: skip
    return SecondLookLetter, SecondLookLetter.facts(upheld)


def _items(process: RefusalProcess, *, at: datetime) -> list[OutcomeItem]:
    """What the letter says, question by question."""
    redirected = list(queries.redirects_told_by(process))
    duty = law.duty_citation(process.inquiry, at=at) if redirected else ""
    items = [outcome_item(each) for each in queries.told_in(process.refusal)]
    items += [
        OutcomeItem(
            number=each.number, question=each.text, kind=OutcomeKind.REDIRECTED, redirect_to=each.redirected_to,
            duty_citation=duty,
        )
        for each in redirected
    ]  # fmt: skip
    return sorted(items, key=lambda item: item.number)


def outcome_item(refusal: Refusal) -> OutcomeItem:
    """What a letter states of a decision, from the decision alone."""
    decision = refusal.decision
    version = decision.version
    redirected = decision.outcome == Outcome.REDIRECTED
    return OutcomeItem(
        number=refusal.question.number,
        question=refusal.question.text,
        kind=OutcomeKind(decision.outcome),
        citation=decision.citation,
        reason=version.reason,
        decided_on=_local_date(decision.decided_at),
        redirect_to=version.redirected_to,
        duty_citation=law.duty_citation(refusal.inquiry, at=decision.decided_at) if redirected else "",
    )


def review_contact(inquiry: Inquiry) -> ReviewContact:
    """Where a request to look again is sent."""
    agency = inquiry.agency
    return ReviewContact(name=agency.name, address=agency.address, phone=agency.phone, email=agency.mailbox)


def replaced(questions: Iterable[Question]) -> tuple[EarlierDocument, ...]:
    """What last told the press of a refusal of each question that stands no longer; those with a number first."""
    told = (
        Refusal.objects.filter(question__in=list(questions), decision__stated__isnull=False)
        .exclude(state=State.DECIDED)
        .select_related("decision__stated__statement")
        .order_by("decision__stated__statement__spoken_at", "pk")
    )
    latest = {refusal.question_id: refusal for refusal in told}.values()
    documents = {each.decision.stated.statement: _told_in(each) for each in told if each in latest}
    return tuple(sorted(documents.values(), key=lambda document: not document.has_number))


def _told_in(refusal: Refusal) -> EarlierDocument:
    statement = refusal.decision.stated.statement
    return EarlierDocument(
        symbol=statement.document_number,
        day=statement.document_date or _local_date(statement.spoken_at),
        has_number=bool(statement.document_number),
    )


def _local_date(instant: datetime) -> date:
    return instant.astimezone(clock.ZONE).date()


def enter_number(*, process: RefusalProcess, entered: EnteredNumber, by: Person) -> IssuedDocument:
    """The clerk enters the number of the office's own document system; the job that waits for it is queued."""
    with locks.locked(process.flow_class, process.pk):
        at = clock.now()
        current = _as_it_is(process.pk)
        waiting = queries.waiting_for_its_number(current)
        permissions.check_role(by, Codename.ENTER_NUMBER, agency=current.agency, at=at)
        permissions.check_can_see(by, current.case, at=at)
        if waiting is None:
            raise NotAllowedNow(_("No letter of this refusal waits for a number. Nothing was entered."))
        _check_date(current, entered)
        document = number(process=current, by=by, at=at, entered=entered)
        nodes.enqueue(waiting)
    return document


def _check_date(process: RefusalProcess, entered: EnteredNumber) -> None:
    look = process.reconsideration
    judged_at = look.judged_at if look else None
    if entered.issued_on < _local_date(judged_at or process.refusal.decision.decided_at):
        raise Invalid(
            _("The date of the document lies before the decision. Check it in the office's document system."),
            fields={"issued_on": _("Not before the decision.")},
        )


def sign(*, process: RefusalProcess, pdf_sha256: str, by: Person, at: datetime) -> None:
    """Who decided signs exactly these bytes, still with the capacity to sign, while the grounds still hold."""
    document = ready(process)
    check_still_told(process, at=at)
    permissions.check_may_sign(by, agency=process.agency, at=at)
    signing.sign(document=document, by=by, pdf_sha256=pdf_sha256, at=at)


def stamp(*, process: RefusalProcess, pdf_sha256: str, by: Person, at: datetime) -> None:
    """The clerk applies the agency's signature in person."""
    signing.stamp(document=ready(process), by=by, pdf_sha256=pdf_sha256, at=at)


def check_still_told(process: RefusalProcess, *, at: datetime) -> None:
    """What the letter tells still holds, be it the first time or upheld. Raises HoldsNoLonger."""
    for refusal in _stated_by(process):
        deciding.check_still_holds(refusal, at=at)


def ready(process: RefusalProcess) -> IssuedDocument:
    """The letter whose bytes exist and state what was decided."""
    document = queries.letter(process)
    if document is None or not document.is_rendered:
        raise NotAllowedNow(_("The document is not ready yet. Wait a moment and open this step again."))
    if document.content_sha256 != content_sha256(process):
        raise Conflict(_("The document states another text than what was decided. Nothing was signed."))
    return document
