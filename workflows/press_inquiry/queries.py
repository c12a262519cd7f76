"""What the procedure's gates, nodes and pages ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import events
from core.enums import Codename, Competence, InquiryOutcome, Numbering, QuestionOutcome, ReplyForm
from core.models import Agency, Case, Inquiry, Person, Question, Statement, TrailEntry, Unit
from core.queries import organisation
from core.rules import text
from documents.models import IssuedDocument
from workflows.refusal import queries as refusals
from workflows.refusal.models import State

from .models import DraftVersion, PressInquiryProcess, TriageExit, Verdict, VerdictKind, VerdictStep
from .rules import Answer, Content, Refused, missing_answers, outcome_of

DUPLICATE_WINDOW = timedelta(days=7)


def exits_as(exit_: TriageExit) -> Callable[[Any], bool]:
    return lambda activation: activation.process.triage_exit == exit_


def outcome_is(outcome: InquiryOutcome) -> Callable[[Any], bool]:
    return lambda activation: inquiry_outcome(activation.process.inquiry) == outcome


def inquiry_outcome(inquiry: Inquiry) -> str:
    return outcome_of(inquiry.questions.values_list("outcome", flat=True))


def lead_unit(process: PressInquiryProcess) -> Unit | None:
    unit: Unit | None = process.inquiry.lead_unit
    return unit


def drafter(process: PressInquiryProcess) -> Person | None:
    return process.drafter


def decider(process: PressInquiryProcess) -> Person | None:
    return process.decided_by


def right_to_clear(process: PressInquiryProcess, /, *, at: datetime) -> Codename:
    """The legal officer clears; the chief of office does where the agency has none but the drafter."""
    officers = organisation.people_with(Codename.CLEAR_DRAFT, agency=process.inquiry.agency, at=at)
    if (drafted_by := author(process)) is not None:
        officers = officers.exclude(pk=drafted_by.pk)
    return Codename.CLEAR_DRAFT if officers.exists() else Codename.CLEAR_IN_PLACE


def author(process: PressInquiryProcess) -> Person | None:
    """Who wrote the version now before its judges."""
    version = latest_version(process.inquiry)
    return version.author if version else None


def latest_version(inquiry: Inquiry) -> DraftVersion | None:
    return inquiry.versions.order_by("-number").select_related("author", "reuses").first()


def content_of(version: DraftVersion) -> Content:
    return Content(
        reply_form=version.reply_form,
        answers=tuple(Answer(question=row["question"], text=row["text"]) for row in version.answers),
        refusals=tuple(Refused(**row) for row in version.refusals),
        talking_points=version.talking_points,
        questions_beforehand=version.questions_beforehand,
    )


def approval(inquiry: Inquiry) -> Verdict | None:
    """The approval in force: of the latest version, for the hash its content has now. Any later edit voids it."""
    version = latest_version(inquiry)
    if version is None:
        return None
    return (
        version.verdicts.filter(
            step=VerdictStep.DECIDE, kind=VerdictKind.APPROVED, sha256=content_of(version).sha256()
        )
        .select_related("version", "by")
        .last()
    )


def questions_to_answer(inquiry: Inquiry) -> QuerySet[Question]:
    """The open questions that the reply answers or redirects; those that are being refused are not among them."""
    return inquiry.questions_spoken_to.exclude(pk__in=refusals.live(inquiry).values("question"))


def refusals_are_settled(activation: Any) -> bool:
    """The gate before the decision: every question is triaged, and none is still being refused."""
    inquiry = activation.process.inquiry
    undecided = inquiry.questions_spoken_to.filter(competence=Competence.UNDECIDED)
    return not undecided.exists() and not refusals_are_open(activation)


def refusals_are_open(activation: Any) -> bool:
    return refusals.awaited(activation.process.inquiry).filter(state=State.OPEN).exists()


def nothing_to_draft(activation: Any) -> bool:
    """Whether every question of ours is being refused, or told of already: nothing is left to answer."""
    inquiry = activation.process.inquiry
    refused = inquiry.refusals.filter(state__in=(State.OPEN, State.DECIDED)).exists()
    return refused and not _questions_of_the_reply(inquiry).exists()


def _questions_of_the_reply(inquiry: Inquiry) -> QuerySet[Question]:
    """What needs a text of somebody; a question that is only redirected goes along with whatever goes out."""
    return questions_to_answer(inquiry).exclude(competence=Competence.OTHER_AGENCY)


def all_told_by_letters(activation: Any) -> bool:
    """Whether letters of the refusals' own tell, or told, all there is to say."""
    inquiry = activation.process.inquiry
    return nothing_to_draft(activation) and not refusals.for_the_reply(inquiry).exists()


def every_outcome_is_told(activation: Any) -> bool:
    return not activation.process.inquiry.questions_spoken_to.exists()


def lacks_a_drafter(activation: Any) -> bool:
    return lacks_answers(activation) and activation.process.drafter is None


def lacks_answers(activation: Any) -> bool:
    """Whether a question that is not refused has no answer in the latest version."""
    inquiry = activation.process.inquiry
    version = latest_version(inquiry)
    if version is None:
        return True
    content = content_of(version)
    expected = list(questions_to_answer(inquiry).values_list("number", flat=True))
    is_interview = content.reply_form == ReplyForm.INTERVIEW and bool(content.talking_points)
    return bool(missing_answers(expected, content.answers)) and not is_interview


def reply_key(process: PressInquiryProcess) -> str:
    return f"press_inquiry:{process.pk}:reply"


def reply_document(process: PressInquiryProcess) -> IssuedDocument | None:
    """The document of this run, once it has its number."""
    return IssuedDocument.objects.filter(key=reply_key(process)).select_related("signer").first()


def number_is_at_hand(process: PressInquiryProcess) -> bool:
    """Whether the document can be issued: from our own series, or with the number the clerk entered."""
    return process.inquiry.agency.numbering == Numbering.OWN_SERIES or reply_document(process) is not None


def possible_duplicates(
    *,
    agency: Agency,
    subject: str,
    received_at: datetime,
    asker_name: str,
    asker_email: str,
    seen_by: Person,
    at: datetime,
) -> list[Inquiry]:
    """Inquiries of the same journalist with a similar subject, received within seven days before or after.

    Only those whose case the person may see: a restricted case is not told by its likeness.
    """
    near = Inquiry.objects.filter(
        case__in=Case.objects.visible_to(seen_by, at=at),
        agency=agency,
        registered_at__isnull=False,
        received_at__range=(received_at - DUPLICATE_WINDOW, received_at + DUPLICATE_WINDOW),
    ).select_related("case", "press_agency")
    return [
        inquiry
        for inquiry in near.order_by("-received_at")[:200]
        if _same_asker(inquiry, asker_name, asker_email) and text.similar(inquiry.subject, subject)
    ]


def _same_asker(inquiry: Inquiry, name: str, email: str) -> bool:
    if email and inquiry.asker_email:
        return inquiry.asker_email.casefold() == email.casefold()
    return bool(name) and inquiry.asker_name.casefold() == name.casefold()


def released_texts(agency: Agency, *, before: datetime) -> QuerySet[Statement]:
    """What the agency has said and may say again.

    The gist of a late record is no text to repeat; nor is a refusal, which is decided anew under the law of its day.
    """
    rows = Statement.objects.filter(agency=agency, spoken_at__lt=before, late_record__isnull=True)
    return rows.filter(stated_refusals__isnull=True, reconsideration__isnull=True).order_by("-spoken_at")


def open_cases(agency: Agency, person: Person, *, at: datetime) -> QuerySet[Case]:
    return Case.objects.visible_to(person, at=at).filter(agency=agency, closed_at__isnull=True)


def head_corrections(agency: Agency) -> QuerySet[DraftVersion]:
    """Versions the head wrote in the act of approving, for auditors."""
    return (
        DraftVersion.objects.filter(inquiry__agency=agency, corrects__isnull=False)
        .select_related("inquiry__case", "author", "corrects")
        .order_by("-submitted_at")
    )


def answered_outcomes() -> dict[str, str]:
    """What release makes of each kind of question."""
    return {
        Competence.OURS: QuestionOutcome.ANSWERED,
        Competence.OTHER_AGENCY: QuestionOutcome.REDIRECTED,
    }


def open_drafts(agency: Agency) -> dict[int, int]:
    """How many drafts each person of the agency has on the desk."""
    counted = (
        Task.objects.filter(
            status__in=(STATUS.NEW, STATUS.ASSIGNED),
            assignment__agency=agency,
            assignment__codename=Codename.DRAFT_REPLY,
            assignment__only__isnull=False,
        )
        .values("assignment__only")
        .annotate(count=Count("pk"))
    )
    return {row["assignment__only"]: row["count"] for row in counted}


def given_back(inquiry: Inquiry) -> TrailEntry | None:
    """The last time a drafter gave the assignment back, with the reason."""
    return (
        TrailEntry.objects.filter(
            type=events.ASSIGNMENT_RETURNED.code, object_type=Inquiry._meta.label, object_id=inquiry.pk
        )
        .order_by("-pk")
        .first()
    )


def versions_with_verdicts(inquiry: Inquiry) -> list[DraftVersion]:
    """Every version, the latest first, with who said what of it."""
    return list(
        inquiry.versions.order_by("-number")
        .select_related("author", "corrects", "reuses")
        .prefetch_related(Prefetch("verdicts", queryset=Verdict.objects.select_related("by")))
    )
