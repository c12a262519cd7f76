"""Triage: whose each question is, which unit leads, and where the inquiry goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from core import events
from core.actions import casefile, trail
from core.enums import Competence, QuestionOutcome, Urgency
from core.errors import Invalid
from core.models import Inquiry, Person, Question, Statement, Topic, Unit
from core.queries import organisation
from core.rules import text
from workflows.press_inquiry.models import NotARequest, PressInquiryProcess, TriageExit
from workflows.refusal import queries as refusal_queries
from workflows.refusal.actions import ending as refusals

from . import ending, purging, reusing
from .recording import record


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What triage says of one question; `told`, `backups` only where it contains state secrets."""

    competence: Competence
    redirected_to: str = ""
    told: str = ""
    backups: str = ""


@dataclass(frozen=True, kw_only=True)
class TriageDecision:
    exit: TriageExit
    findings: Mapping[int, Finding] = field(default_factory=dict)
    topic: Topic | None = None
    lead_unit: Unit | None = None
    coordinating_units: Sequence[Unit] = ()
    urgency: Urgency = Urgency.NORMAL
    not_a_request: NotARequest | None = None
    answered_by: Statement | None = None
    neutral_subject: str = ""
    reason: str = ""


REPLIED_BY_US = (TriageExit.HANDLE, TriageExit.ADVICE)
NO_REPLY_OWED = (TriageExit.NOT_A_REQUEST, TriageExit.FOREIGN_PRESS)


def triage(*, process: PressInquiryProcess, decision: TriageDecision, by: Person, at: datetime) -> None:
    """Decide for each question whose it is, and where the inquiry goes from here."""
    inquiry = process.inquiry
    _check(inquiry, decision, at=at)
    process.triage_exit = _exit(inquiry, decision)
    process.not_a_request = decision.not_a_request or ""
    inquiry.topic = decision.topic
    inquiry.lead_unit = decision.lead_unit
    inquiry.urgency = decision.urgency
    inquiry.save(update_fields=["topic", "lead_unit", "urgency"])
    inquiry.coordinating_units.set(decision.coordinating_units)
    for unit in [decision.lead_unit, *decision.coordinating_units]:
        if unit is not None:
            casefile.involve_unit(case=inquiry.case, unit=unit)
    for question in inquiry.questions.all():
        if question.number in decision.findings:
            _apply(question, decision.findings[question.number], decision, by=by, at=at)
    _record(process, decision, by=by, at=at)
    _leave(process, decision, by=by, at=at)


def _check(inquiry: Inquiry, decision: TriageDecision, *, at: datetime) -> None:
    if decision.exit in REPLIED_BY_US:
        _check_findings(inquiry, decision)
        _check_redirects(decision, at=at)
    _check_units(inquiry, decision)
    if decision.exit == TriageExit.ADVICE and inquiry.agency.parent is None:
        raise Invalid(
            _("No superior body of %(agency)s is recorded, so advice has nobody to go to.")
            % {"agency": inquiry.agency.name},
            fields={"exit": _("Choose another way.")},
        )
    if decision.exit == TriageExit.NOT_A_REQUEST and not (decision.not_a_request and decision.reason.strip()):
        raise Invalid(
            _("Say what it is instead, and why it is no request for information."),
            fields={"reason": _("Give the reason.")},
        )
    if decision.exit == TriageExit.FOREIGN_PRESS and not decision.reason.strip():
        raise Invalid(
            _("Say how it was recognised as foreign press."), fields={"reason": _("Give the reason.")}
        )
    if decision.exit == TriageExit.ALREADY_ANSWERED and decision.answered_by is None:
        raise Invalid(
            _("Choose the released text that already answers it."),
            fields={"answered_by": _("Choose a text.")},
        )
    _check_refusals(inquiry, decision)
    if any(finding.competence == Competence.STATE_SECRET for finding in decision.findings.values()):
        _check_secret(decision)


def _check_refusals(inquiry: Inquiry, decision: TriageDecision) -> None:
    """What is being refused, or was told to the press as refused, leaves some ways no more."""
    is_refused = refusal_queries.live(inquiry).exists()
    was_told = inquiry.refusals.filter(decision__stated__isnull=False).exists()
    sentence = ""
    if decision.exit == TriageExit.ALREADY_ANSWERED and is_refused:
        sentence = _(
            "A question of this inquiry is being refused, so a text released before cannot answer all of it. "
            "Choose another way, or have the question sent back to be answered first; what you typed is kept."
        )
    elif decision.exit == TriageExit.ADVICE and (is_refused or was_told):
        sentence = _(
            "A question of this inquiry is being refused, or the press was told so already: the reply is ours, and no "
            "advice to a superior takes its place. Choose another way; what you typed is kept."
        )
    elif decision.exit in NO_REPLY_OWED and was_told:
        sentence = _(
            "The press was already told of this inquiry that a question is refused, so it does not end without a "
            "reply. Choose another way; what you typed is kept."
        )
    if sentence:
        raise Invalid(sentence, fields={"exit": _("Choose another way.")})


def _check_findings(inquiry: Inquiry, decision: TriageDecision) -> None:
    open_numbers = set(inquiry.questions_spoken_to.values_list("number", flat=True))
    decided = {
        number for number, finding in decision.findings.items() if finding.competence != Competence.UNDECIDED
    }
    if missing := sorted(open_numbers - decided):
        numbers = ", ".join(map(str, missing))
        raise Invalid(
            _("Decide whose question it is: %(numbers)s.") % {"numbers": numbers},
            fields={f"competence_{number}": _("Choose one.") for number in missing},
        )
    if _handled(decision) and decision.lead_unit is None:
        raise Invalid(_("Choose the unit that leads the reply."), fields={"lead_unit": _("Choose a unit.")})


def _check_redirects(decision: TriageDecision, *, at: datetime) -> None:
    """Each redirected question names an agency, and none that has ended."""
    for number, finding in decision.findings.items():
        if finding.competence != Competence.OTHER_AGENCY:
            continue
        if not finding.redirected_to.strip():
            raise Invalid(
                _("Name the agency that is competent for question %(number)s.") % {"number": number},
                fields={f"redirected_to_{number}": _("Name the agency.")},
            )
        organisation.check_still_exists(finding.redirected_to, at=at, field=f"redirected_to_{number}")


def _check_units(inquiry: Inquiry, decision: TriageDecision) -> None:
    for unit in (decision.lead_unit, *decision.coordinating_units):
        if unit is not None and unit.agency_id != inquiry.agency_id:
            raise Invalid(
                _("%(unit)s is no unit of this agency.") % {"unit": unit.name},
                fields={"lead_unit": _("Choose a unit.")},
            )


def _check_secret(decision: TriageDecision) -> None:
    for number, finding in decision.findings.items():
        if finding.competence == Competence.STATE_SECRET and not (
            finding.told.strip() and finding.backups.strip()
        ):
            raise Invalid(
                _("For question %(number)s say who was told and which backups are to be cleaned.")
                % {"number": number},
                fields={f"told_{number}": _("Who was told, and which backups?")},
            )
    if not decision.neutral_subject.strip():
        raise Invalid(
            _("Give the inquiry a neutral subject: the old one is purged with the question."),
            fields={"neutral_subject": _("Write a subject without secrets.")},
        )


def _handled(decision: TriageDecision) -> bool:
    """Whether anything is left to reply to once the secret questions are gone."""
    return any(
        finding.competence in (Competence.OURS, Competence.OTHER_AGENCY)
        for finding in decision.findings.values()
    )


def _exit(inquiry: Inquiry, decision: TriageDecision) -> TriageExit:
    """Where nothing but state secrets was asked, nothing is left to reply to here."""
    replies = decision.exit in (*REPLIED_BY_US, TriageExit.ALREADY_ANSWERED)
    questions = list(inquiry.questions.all())
    secret = [question for question in questions if question.is_secret or _found_secret(question, decision)]
    return TriageExit.OFF_SYSTEM if replies and questions and secret == questions else decision.exit


def _found_secret(question: Question, decision: TriageDecision) -> bool:
    finding = decision.findings.get(question.number)
    return finding is not None and finding.competence == Competence.STATE_SECRET


def _apply(
    question: Question, finding: Finding, decision: TriageDecision, *, by: Person, at: datetime
) -> None:
    if question.is_secret or question.outcome != QuestionOutcome.OPEN:
        return
    if finding.competence == Competence.STATE_SECRET:
        purging.purge(
            question=question,
            told=text.clean_line(finding.told, limit=300),
            backups=text.clean_text(finding.backups, limit=2000),
            neutral_subject=text.clean_line(decision.neutral_subject, limit=300),
            by=by,
            at=at,
        )
        return
    if decision.exit not in REPLIED_BY_US:
        return
    question.competence = finding.competence
    is_redirected = finding.competence == Competence.OTHER_AGENCY
    question.redirected_to = text.clean_line(finding.redirected_to, limit=200) if is_redirected else ""
    question.save(update_fields=["competence", "redirected_to"])


def _record(process: PressInquiryProcess, decision: TriageDecision, *, by: Person, at: datetime) -> None:
    inquiry = process.inquiry
    by_competence = {
        competence: [question.number for question in inquiry.questions.filter(competence=competence)]
        for competence in (Competence.OURS, Competence.OTHER_AGENCY, Competence.STATE_SECRET)
    }
    data: dict[str, trail.Value] = {
        "exit": str(process.triage_exit),
        "not_a_request": str(decision.not_a_request or ""),
        "redirected_to": [
            question.redirected_to for question in inquiry.questions.all() if question.is_redirected
        ],
        "topic": decision.topic.code if decision.topic else "",
        "lead_unit": decision.lead_unit.code if decision.lead_unit else "",
        "coordinating_units": [unit.code for unit in decision.coordinating_units],
        "urgency": str(decision.urgency),
        "ours": by_competence[Competence.OURS],
        "redirected": by_competence[Competence.OTHER_AGENCY],
        "secret": by_competence[Competence.STATE_SECRET],
        "statement": decision.answered_by.pk if decision.answered_by else None,
    }
    record(events.INQUIRY_TRIAGED, inquiry=inquiry, by=by, at=at, data=data, reason=decision.reason.strip())


def _leave(process: PressInquiryProcess, decision: TriageDecision, *, by: Person, at: datetime) -> None:
    """What an exit does at once: an end is recorded, a released text becomes the version to release."""
    if process.triage_exit in ending.AT_TRIAGE:
        refusals.give_up(inquiry=process.inquiry, by=by, at=at)
        ending.end(inquiry=process.inquiry, outcome=ending.AT_TRIAGE[process.triage_exit], by=by, at=at)
    if process.triage_exit == TriageExit.ALREADY_ANSWERED and decision.answered_by is not None:
        reusing.reuse(process=process, statement=decision.answered_by, by=by, at=at)
