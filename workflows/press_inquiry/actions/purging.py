"""State secrets do not stay: the text goes wherever it was stored, a tombstone remains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import purging as files
from core.actions import trail
from core.enums import Codename, Competence, QuestionOutcome
from core.errors import Invalid
from core.models import (
    DeadlineExtension,
    DeadlinePause,
    Inquiry,
    OrderPaper,
    Person,
    Purge,
    Question,
    RecordedEvent,
)
from documents.actions import purging as documents
from workflows import locks
from workflows.engine.models import SavedInput
from workflows.press_inquiry import permissions as situations
from workflows.press_inquiry.models import Verdict
from workflows.refusal.actions import ending as refusals

from . import turning_back
from .recording import record
from .remaining import beyond_reach

# Stands where a rule of the database wants a reason.
REMOVED = "[…]"
TOLD_LIMIT = 300


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """What has to be said when a secret is found: who was told, which backups are to be cleaned, a neutral subject."""

    told: str
    backups: str
    neutral_subject: str


def purge(
    *, question: Question, told: str, backups: str, neutral_subject: str, by: Person, at: datetime
) -> Purge:
    """Purge a question that contains state secrets (Law 117/2025: no secrets on connected machines).

    Goes: the question's text, the inquiry's subject and the case's title, every mail of the inquiry (text, raw
    bytes, names of refused files), its attachments, unsent typing, drafts, verdicts, opinions, reasons, notes and
    unreleased documents, and the keys under which the trail hashed them. Stays: the number, what the press was told,
    who purged it, when, who was told, the backups that are to be cleaned by hand, and what else is out of reach.
    """
    inquiry = question.inquiry
    remains = beyond_reach(inquiry)
    places = ["question", *_purge_everything(question, neutral_subject=neutral_subject, by=by, at=at)]
    trail.destroy_key(question)
    question.text = ""
    question.competence = Competence.STATE_SECRET
    question.redirected_to = ""
    if question.outcome == QuestionOutcome.OPEN:
        question.outcome = QuestionOutcome.OFF_SYSTEM
    question.save(update_fields=["text", "competence", "redirected_to", "outcome"])
    tombstone = Purge.objects.create(
        question=question,
        purged_at=at,
        purged_by=by,
        told=told,
        purged_from=places,
        backups=backups,
        remains=remains,
    )
    _record(tombstone, places, told=told, by=by, at=at)
    transaction.on_commit(files.forget_log, robust=True)
    return tombstone


def purge_on_discovery(*, question: Question, found: Discovery, by: Person) -> Purge:
    """A state secret is found when the inquiry is past triage: purge it at once, wherever the path stands.

    What was drafted goes with it; the path goes back to where the other questions are drafted anew, or ends where
    nothing else was asked. After the release too, and after the end: only what was said in public stays, and the
    tombstone names it. Who triages may do it, and whoever clears drafts.
    """
    with locks.beside(question.inquiry, by=by) as act:
        permissions.check_can_see(by, act.inquiry.case, at=act.at)
        check_may_purge(by, act.inquiry, at=act.at)
        current = Question.objects.select_related("inquiry__case", "inquiry__agency").get(pk=question.pk)
        current.inquiry = act.inquiry
        situations.check_secret_can_be_found(current)
        _check_discovery(found)
        tombstone = purge(
            question=current, told=found.told, backups=found.backups, neutral_subject=found.neutral_subject,
            by=by, at=act.at,
        )  # fmt: skip
        turning_back.after_purge(process=act.process, by=by, at=act.at)
    return tombstone


def check_may_purge(by: Person, inquiry: Inquiry, *, at: datetime) -> None:
    """Who triages may purge at once, and whoever clears drafts. Raises Refused."""
    if not permissions.allowed(
        permissions.check_role, by, Codename.CLEAR_DRAFT, agency=inquiry.agency, at=at
    ):
        permissions.check_role(by, Codename.TRIAGE_INQUIRY, agency=inquiry.agency, at=at)


def _check_discovery(found: Discovery) -> None:
    missing = {
        name: _("This is needed.")
        for name in ("told", "backups", "neutral_subject")
        if not getattr(found, name).strip()
    }
    if missing:
        raise Invalid(
            _(
                "Say who was told, which backups are to be cleaned, and give a subject without secrets. Nothing was "
                "removed yet; what you typed is kept."
            ),
            fields=missing,
        )


def purge_again(*, inquiry: Inquiry, told: str, by: Person) -> Purge:
    """Purge the mails and files that came after a question was purged: an answer often repeats what it answers.

    The tombstone that is there tells of it too; the path and its drafts go on.
    """
    with locks.beside(inquiry, by=by) as act:
        permissions.check_role(by, Codename.TRIAGE_INQUIRY, agency=inquiry.agency, at=act.at)
        permissions.check_can_see(by, inquiry.case, at=act.at)
        situations.check_was_purged(inquiry)
        tombstone = Purge.objects.filter(question__inquiry=inquiry).latest("pk")
        fresh = [row for row in beyond_reach(inquiry) if row not in tombstone.remains]
        places = [*_purge_mails(inquiry, at=act.at), *_purge_attachments(inquiry, at=act.at)]
        tombstone.purged_from = list(dict.fromkeys([*tombstone.purged_from, *places]))
        tombstone.remains = [*tombstone.remains, *fresh]
        tombstone.save(update_fields=["purged_from", "remains"])
        _record(tombstone, places, told=told[:TOLD_LIMIT], by=by, at=act.at)
        transaction.on_commit(files.forget_log, robust=True)
    return tombstone


def _record(tombstone: Purge, places: list[str], *, told: str, by: Person, at: datetime) -> None:
    question = tombstone.question
    data: dict[str, trail.Value] = {"question": question.pk, "number": question.number, "purge": tombstone.pk}
    record(
        events.QUESTION_PURGED,
        inquiry=question.inquiry,
        by=by,
        at=at,
        data={**data, "places": list(places), "told": told},
    )


def _purge_everything(question: Question, *, neutral_subject: str, by: Person, at: datetime) -> list[str]:
    inquiry = question.inquiry
    return [
        *_purge_subject(inquiry, neutral_subject),
        *_purge_mails(inquiry, at=at),
        *_purge_attachments(inquiry, at=at),
        *_purge_saved_input(inquiry),
        *_purge_documents(inquiry, by=by, at=at),
        *_purge_versions(inquiry),
        *_purge_opinions(inquiry),
        *_purge_remarks(inquiry),
        *_purge_clocks(inquiry),
        *refusals.purge(question=question, by=by, at=at),
    ]


def _purge_subject(inquiry: Inquiry, neutral: str) -> list[str]:
    """The title of the case goes too: it was taken from a subject, perhaps from this one before it was corrected."""
    case = inquiry.case
    inquiry.subject = case.title = neutral
    inquiry.save(update_fields=["subject"])
    case.save(update_fields=["title"])
    return ["subject", "case title"]


def _purge_mails(inquiry: Inquiry, *, at: datetime) -> list[str]:
    """Of a defect its code stays, not the name of the file; of an id made from the bytes nothing stays."""
    mails = list(inquiry.incoming_mails.exclude(sha256=""))
    for mail in mails:
        trail.destroy_key(mail)
        files.purge_file(mail.sha256, at=at)
        mail.text, mail.subject, mail.sha256 = "", "", ""
        mail.defects = [defect.partition(":")[0] for defect in mail.defects]
        if mail.message_id.startswith("sha256:"):
            mail.message_id = f"purged:{uuid4().hex}"
        mail.save(update_fields=["text", "subject", "sha256", "defects", "message_id"])
    return [f"mail {mail.pk}" for mail in mails]


def _purge_attachments(inquiry: Inquiry, *, at: datetime) -> list[str]:
    attachments = list(inquiry.attachments.exclude(sha256=""))
    for attachment in attachments:
        files.purge_file(attachment.sha256, at=at)
        attachment.sha256, attachment.name = "", ""
        attachment.save(update_fields=["sha256", "name"])
    return [f"attachment {attachment.pk}" for attachment in attachments]


def _purge_saved_input(inquiry: Inquiry) -> list[str]:
    removed, _rows = SavedInput.objects.filter(task__assignment__inquiry=inquiry).delete()
    return ["saved input"] if removed else []


def _purge_documents(inquiry: Inquiry, *, by: Person, at: datetime) -> list[str]:
    """A letter numbered in an earlier run repeats the question. One that was released is public and stays."""
    kept = [document for document in inquiry.issued_documents.all() if not documents.was_released(document)]
    for document in kept:
        documents.purge(document=document, by=by, at=at)
    return [f"document {document.pk}" for document in kept]


def _purge_versions(inquiry: Inquiry) -> list[str]:
    """Drafts of an earlier run may repeat the secret, and a hash of a short text is as good as the text."""
    versions = list(inquiry.versions.all())
    for version in versions:
        trail.destroy_key(version)
        version.answers, version.refusals, version.sha256 = [], [], ""
        version.talking_points, version.questions_beforehand = "", ""
        version.save(
            update_fields=["answers", "refusals", "talking_points", "questions_beforehand", "sha256"]
        )
    verdicts = Verdict.objects.filter(version__inquiry=inquiry)
    verdicts.update(sha256="")
    verdicts.exclude(reason="").update(reason=REMOVED)
    return [f"draft {version.number}" for version in versions]


def _purge_opinions(inquiry: Inquiry) -> list[str]:
    opinions = list(inquiry.opinions.all())
    for opinion in opinions:
        trail.destroy_key(opinion)
        opinion.about, opinion.answer = "", ""
        opinion.save(update_fields=["about", "answer"])
    return [f"opinion {opinion.pk}" for opinion in opinions]


def _purge_remarks(inquiry: Inquiry) -> list[str]:
    stops = inquiry.clock_stops.exclude(reason="").update(reason=REMOVED)
    notes = inquiry.publications.exclude(note="").update(note="")
    return [*(["clock stops"] if stops else []), *(["notes on publications"] if notes else [])]


def _purge_clocks(inquiry: Inquiry) -> list[str]:
    """What was typed beside a deadline: orders, notes, reasons. When it was due and whether it was met stays."""
    changed = (
        OrderPaper.objects.filter(inquiry=inquiry).update(task=REMOVED),
        RecordedEvent.objects.filter(inquiry=inquiry).exclude(note="").update(note=""),
        DeadlineExtension.objects.filter(deadline__inquiry=inquiry).update(basis=REMOVED, reason=REMOVED),
        DeadlinePause.objects.filter(deadline__inquiry=inquiry).update(reason=REMOVED),
    )
    for extension in DeadlineExtension.objects.filter(deadline__inquiry=inquiry):
        trail.destroy_key(extension)
    return ["deadlines"] if any(changed) else []
