"""What the procedure's gates, nodes and pages ask of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, prefetch_related_objects
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import events
from core.enums import Codename, Competence, GroundKind, Numbering
from core.models import Inquiry, Person, Provision, Question, RuleSet, TrailEntry, Unit
from core.queries import law, organisation
from core.rules.deadlines import local_day
from core.rules.law import NoRuleSet
from documents.models import IssuedDocument

from .models import Refusal, RefusalProcess, RefusalVersion, Result, State, VersionStep
from .rules import grounds
from .rules.proposals import Offer

CLOSED = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)


def in_state(*states: State) -> Callable[[Any], bool]:
    return lambda activation: activation.process.refusal.state in states


def found(result: Result) -> Callable[[Any], bool]:
    return lambda activation: activation.process.reconsideration.result == result


# The law of the day


def governing(inquiry: Inquiry, *, at: datetime) -> RuleSet:
    """The law that governs a decision on the inquiry at this instant. Raises NoRuleSet."""
    rule_set = law.governing(inquiry, at=at)
    if rule_set is None:
        raise NoRuleSet(local_day(at))
    return rule_set


def offered(inquiry: Inquiry, *, at: datetime) -> list[Provision]:
    """The grounds a decision may rest on: of the governing law, and still a ground on the day of the decision."""
    listed = law.grounds_under(governing(inquiry, at=at), at=at)
    return grounds.usable(listed, on=local_day(at))


def listed(inquiry: Inquiry, *, at: datetime) -> list[Provision]:
    """Every ground of each law that comes into question, the governing one's first, with what corresponds to it."""
    first = governing(inquiry, at=at)
    rule_sets = [first, *(each for each in law.straddled(inquiry, at=at) if each != first)]
    found = [ground for rule_set in rule_sets for ground in law.grounds_under(rule_set, at=at)]
    prefetch_related_objects(found, "predecessors__instrument")
    return found


def grounds_by_pk(pks: Iterable[int]) -> list[Provision]:
    """Grounds of any law, with what corresponds to each."""
    rows = Provision.objects.filter(is_ground=True, pk__in=pks)
    return list(
        rows.select_related("instrument", "successor__instrument").prefetch_related(
            "predecessors__instrument"
        )
    )


def offer(inquiry: Inquiry, *, at: datetime) -> Offer:
    return Offer(
        on=local_day(at),
        grounds=offered(inquiry, at=at),
        secret_kinds=_secrets(inquiry, at=at),
        may_withhold=inquiry.agency.may_withhold,
    )


def _secrets(inquiry: Inquiry, *, at: datetime) -> list[str]:
    """The kinds of secrets of the governing law that are still protected on the day of the decision."""
    day = local_day(at)
    listed = law.secret_kinds(inquiry.agency, law.day_within(governing(inquiry, at=at), day))
    return grounds.usable_secrets(listed, in_force=law.secret_kinds(inquiry.agency, day))


# Refusals and questions


def with_words(rows: QuerySet[Refusal]) -> QuerySet[Refusal]:
    """Refusals with what every page says of them."""
    return rows.select_related(
        "question",
        "inquiry__case__agency__parent",
        "inquiry__agency__parent",
        "decision__version__ground__instrument",
        "decision__ground__instrument",
        "decision__decided_by",
        "decision__stated__statement",
        "decision__stated__document",
        "bring_back",
    )


def live(inquiry: Inquiry) -> QuerySet[Refusal]:
    """Being decided, or decided and not told to the press yet."""
    unstated = Q(state=State.DECIDED, decision__stated__isnull=True)
    return inquiry.refusals.filter(Q(state=State.OPEN) | unstated)


def unstated(inquiry: Inquiry) -> QuerySet[Refusal]:
    """Decided and not told to the press yet, in the order of the questions."""
    rows = live(inquiry).filter(state=State.DECIDED)
    return with_words(rows).order_by("question__number")


def awaited(inquiry: Inquiry) -> QuerySet[Refusal]:
    """Those of the live ones that the inquiry waits for. One that follows another is told by its own letter alone."""
    return live(inquiry).filter(follows__isnull=True)


def for_the_reply(inquiry: Inquiry) -> QuerySet[Refusal]:
    """The decisions that the inquiry's own reply states."""
    return unstated(inquiry).filter(letter_of__isnull=True, follows__isnull=True)


def open_questions(inquiry: Inquiry) -> QuerySet[Question]:
    """What may still be refused: open, no secret, and not being refused already."""
    taken = live(inquiry).values("question")
    return inquiry.questions_spoken_to.exclude(pk__in=taken).order_by("number")


def nothing_else_to_say(refusal: Refusal) -> bool:
    """Whether no question of the inquiry is left for its reply, so that a letter of the refusal's own tells all.

    Never of one that follows another: its letter corrects what was told of the one question.
    """
    if refusal.follows_id is not None:
        return False
    others = refusal.inquiry.questions_spoken_to.exclude(competence=Competence.OTHER_AGENCY)
    decided = unstated(refusal.inquiry).values("question")
    return not others.exclude(pk__in=decided).exclude(pk=refusal.question_id).exists()


def needs_own_letter(refusal: Refusal) -> bool:
    """Whether a letter of its own tells of it, be it sent at once or not, because the inquiry's reply will not."""
    return refusal.follows_id is not None or nothing_else_to_say(refusal)


def gets_own_letter(refusal: Refusal) -> bool:
    """Whether its own run makes the letter or, while it is being decided, will as things stand."""
    return needs_own_letter(refusal) if refusal.is_open else refusal.has_own_letter


def told_besides(refusal: Refusal) -> QuerySet[Refusal]:
    """The decisions on other questions that its own letter tells of, because no reply goes out besides."""
    others = for_the_reply(refusal.inquiry).exclude(pk=refusal.pk)
    return others if nothing_else_to_say(refusal) else others.none()


def redirects_told_with(refusal: Refusal) -> QuerySet[Question]:
    """The questions redirected at triage that this refusal's letter tells of, because no reply goes out besides."""
    if not nothing_else_to_say(refusal):
        return Question.objects.none()
    redirected = refusal.inquiry.questions_spoken_to.filter(competence=Competence.OTHER_AGENCY)
    return redirected.exclude(refusals__in=live(refusal.inquiry)).order_by("number")


def redirects_told_by(process: RefusalProcess) -> QuerySet[Question]:
    """Those the letter of this run tells of: once it has its number, those it prints and no others.

    A second look tells of its one question alone.
    """
    if process.is_second_look:
        return Question.objects.none()
    document = letter(process)
    if document is None:
        return redirects_told_with(process.refusal)
    printed = [item["number"] for item in document.facts.get("items", ())]
    decided = told_in(process.refusal).values("question")
    redirected = process.inquiry.questions.filter(competence=Competence.OTHER_AGENCY, number__in=printed)
    return redirected.exclude(pk__in=decided).order_by("number")


# Versions and the people behind them


def latest_version(refusal: Refusal) -> RefusalVersion | None:
    rows = refusal.versions.select_related("author", "ground__instrument", "rule_set")
    return rows.order_by("-number").first()


class VersionInWords(NamedTuple):
    """A version with its facts, each with its label."""

    version: RefusalVersion
    facts: list[tuple[str, str]]


def versions(refusal: Refusal) -> list[VersionInWords]:
    """Every version, the latest first."""
    rows = refusal.versions.select_related("refusal", "author", "ground__instrument", "rule_set")
    return [VersionInWords(version, _facts(version)) for version in rows.order_by("-number")]


def _facts(version: RefusalVersion) -> list[tuple[str, str]]:
    ground = version.ground
    return grounds.in_words(GroundKind(ground.ground_kind), version.facts) if ground else []


def proposer(process: RefusalProcess) -> Person | None:
    """Who proposed last; in a second look whoever judged."""
    if process.reconsideration is not None:
        return process.reconsideration.judged_by
    rows = process.refusal.versions.filter(step=VersionStep.PROPOSE).select_related("author")
    version = rows.order_by("-number").first()
    return version.author if version else None


def remarks(refusal: Refusal) -> list[TrailEntry]:
    """What was remarked when it was sent back, confirmed or changed, the latest first."""
    types = [events.REFUSAL_RETURNED.code, events.REFUSAL_CONFIRMED.code, events.REFUSAL_GROUND_CHANGED.code]
    rows = TrailEntry.objects.filter(
        type__in=types, object_type=Refusal._meta.label, object_id=refusal.pk
    ).exclude(reason="")
    return list(rows.order_by("-pk"))


def lead_unit(process: RefusalProcess) -> Unit | None:
    unit: Unit | None = process.inquiry.lead_unit
    return unit


def right_to_propose(process: RefusalProcess, /, *, at: datetime) -> Codename:
    """A specialist of the lead unit or a legal officer proposes; before a unit leads, the legal officer alone."""
    if process.inquiry.lead_unit is not None:
        return Codename.PROPOSE_REFUSAL
    return _right_to_clear(process, at=at, but_not=None)


def right_to_review(process: RefusalProcess, /, *, at: datetime) -> Codename:
    """The legal officer reviews; the chief of office does where the agency has none but the proposer."""
    return _right_to_clear(process, at=at, but_not=proposer(process))


def _right_to_clear(process: RefusalProcess, *, at: datetime, but_not: Person | None) -> Codename:
    officers = organisation.people_with(Codename.CLEAR_DRAFT, agency=process.agency, at=at)
    if but_not is not None:
        officers = officers.exclude(pk=but_not.pk)
    return Codename.CLEAR_DRAFT if officers.exists() else Codename.CLEAR_IN_PLACE


def authors(process: RefusalProcess) -> Iterable[Person]:
    """Whoever proposed the refusal, now or before it was sent back, and who changed it in legal review."""
    return Person.objects.filter(pk__in=process.refusal.versions.values("author"))


def took_part(process: RefusalProcess) -> Iterable[Person]:
    """Who asked for the refusal, proposed, reviewed, decided, signed or spoke it."""
    refusal = process.refusal
    people = {refusal.opened_by_id, *refusal.versions.values_list("author", flat=True)}
    people |= set(_judges(refusal))
    stated = refusal.decision.stated
    people |= {refusal.decision.decided_by_id, stated.statement.speaker_id}
    if stated.document is not None:
        people.add(stated.document.signer_id)
    return Person.objects.filter(pk__in=people)


def _judges(refusal: Refusal) -> Iterable[int]:
    """Whoever did a human step of its runs, confirming included, which leaves no version."""
    steps = Task.objects.filter(
        process__refusalprocess__refusal=refusal, status=STATUS.DONE, owner__isnull=False
    )
    judged = [task for task in steps if task.flow_task is not None and task.flow_task.name in JUDGING]
    return [task.owner_id for task in judged]


JUDGING = ("propose", "review", "decide", "reconsider", "approve")


# The letter


def letter_key(process: RefusalProcess) -> str:
    return f"refusal:{process.pk}:letter"


def letter(process: RefusalProcess) -> IssuedDocument | None:
    """The letter of this run, once it has its number."""
    return IssuedDocument.objects.filter(key=letter_key(process)).select_related("signer").first()


def number_is_at_hand(process: RefusalProcess) -> bool:
    """Whether the letter can be issued: from our own series, or with the number the clerk entered."""
    return process.agency.numbering == Numbering.OWN_SERIES or letter(process) is not None


def signer(process: RefusalProcess) -> Person | None:
    """Who decided signs; of a second look, whoever approved that the press is told."""
    if process.reconsideration is not None:
        return process.reconsideration.signer
    return process.refusal.decision.decided_by


def told_in(refusal: Refusal) -> QuerySet[Refusal]:
    """The refusals whose outcome the letter of this one states."""
    rows = Refusal.objects.filter(letter_of=refusal, state=State.DECIDED)
    return with_words(rows).order_by("question__number")


# Runs


def running(refusal: Refusal) -> RefusalProcess | None:
    process: RefusalProcess | None = refusal.processes.filter(finished__isnull=True).order_by("-pk").first()
    return process


def open_steps(refusals: Iterable[Refusal]) -> dict[int, list[Task]]:
    """The human steps that wait, by refusal."""
    found: dict[int, list[Task]] = {}
    tasks = Task.objects.filter(
        process__refusalprocess__refusal__in=list(refusals),
        assignment__isnull=False,
        status__in=(STATUS.NEW, STATUS.ASSIGNED),
    )
    related = ("owner", "assignment__unit", "assignment__only", "process__refusalprocess")
    for task in tasks.select_related(*related).order_by("pk"):
        found.setdefault(task.process.refusalprocess.refusal_id, []).append(task)
    return found


def waiting_for_its_number(process: RefusalProcess) -> Task | None:
    """The job that waits for the number of the office's own document system."""
    if process.agency.numbering != Numbering.ENTERED or process.finished or letter(process) is not None:
        return None
    waiting = process.task_set.filter(
        flow_task=process.flow_class.instance.node("issue"), status=STATUS.SCHEDULED
    )
    return waiting.first()
