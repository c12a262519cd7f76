"""What the procedure's gates, nodes and pages ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core import clock
from core.enums import DeadlineOutcome, MandateEndCause, MandateKind, Numbering
from core.models import Agency, Case, Deadline, Mandate, Person, Question
from core.models.periods import covering
from core.queries import mandates
from core.queries.mandates import head_at
from documents.models import IssuedDocument

from .models import Delegation, DelegationProcess, Outcome

OUTCOMES = {
    MandateEndCause.REVOKED: Outcome.REVOKED,
    MandateEndCause.CASE_CLOSED: Outcome.CASE_CLOSED,
    MandateEndCause.LEFT_POST: Outcome.LEFT_POST,
}
OPEN = (STATUS.NEW, STATUS.ASSIGNED)
CLOSED = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)


def letter_key(delegation: Delegation) -> str:
    """One letter for each draft: what was numbered and then sent back keeps its number."""
    return f"delegation:{delegation.pk}:{delegation.version}"


def letter(delegation: Delegation) -> IssuedDocument | None:
    """The document of the draft as it is now, once it has its number."""
    found = IssuedDocument.objects.filter(key=letter_key(delegation))
    return found.select_related("signer", "kind").prefetch_related("endorsements__by").first()


def hold_for_the_letter(process: DelegationProcess) -> None:
    """Hold the case and the mandates of the head who signs, before series, document and trail."""
    delegation = process.delegation
    hold_with_head(delegation.case, head=delegation.signer)


def hold_with_head(case: Case, *, head: Person | None) -> None:
    found = head_at(case.agency, at=clock.now()) if head is None else None
    mandates.hold_case(case, also=head or (found.person if found else None))


def number_is_at_hand(process: DelegationProcess) -> bool:
    """Whether the letter can be issued: from our own series, or with the number the clerk entered."""
    delegation = process.delegation
    return delegation.agency.numbering == Numbering.OWN_SERIES or letter(delegation) is not None


def end_of_term(process: DelegationProcess) -> datetime | None:
    """Until when the mandate holds, as known now."""
    return Mandate.objects.filter(delegation=process.delegation).values_list("valid_until", flat=True).first()


def publication_is_owed(activation: Any) -> bool:
    """Whether a clock of publication runs for the mandate, by the law of the signing or a local rule."""
    return open_publications(activation.process.delegation).exists()


def open_publications(delegation: Delegation) -> QuerySet[Deadline]:
    return Deadline.objects.open().filter(mandate=delegation.mandate, mandate__isnull=False)


def published(delegation: Delegation) -> Deadline | None:
    """The clock of publication that ended last because the delegation was made public, by whatever page."""
    ended = Deadline.objects.filter(mandate=delegation.mandate, mandate__isnull=False)
    made_public = ended.filter(outcome__in=(DeadlineOutcome.MET, DeadlineOutcome.LATE))
    return made_public.order_by("ended_at", "pk").last()


def ended_as(outcome: Outcome) -> Callable[[Any], bool]:
    return lambda activation: Delegation.objects.get(pk=activation.process.delegation_id).outcome == outcome


def outcome_of(mandate: Mandate) -> Outcome:
    """What ended a mandate: the recorded end that is its end, or its term."""
    ends = mandate.ends.order_by("ends_at", "pk")
    first = ends.first()
    if first is None or (mandate.granted_until is not None and mandate.granted_until <= first.ends_at):
        return Outcome.EXPIRED
    return OUTCOMES.get(MandateEndCause(first.cause), Outcome.EXPIRED)


class State(models.TextChoices):
    """How far a delegation has come; told by its columns, stored nowhere."""

    PREPARED = "prepared", _("Being prepared, gives no right yet")
    DROPPED = "dropped", _("Given up before it was signed")
    TO_COME = "to_come", _("Signed, not in force yet")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")


def state_of(delegation: Delegation, *, at: datetime) -> State:
    mandate = delegation.mandate
    if mandate is None:
        return State.DROPPED if delegation.outcome == Outcome.DROPPED else State.PREPARED
    if mandate.covers(at):
        return State.IN_FORCE
    return (
        State.TO_COME
        if at < mandate.valid_from and mandate.valid_until != mandate.valid_from
        else State.ENDED
    )


def running(delegation: Delegation, node: str) -> Task | None:
    """The open task of a node on any run of the delegation."""
    tasks = Task.objects.filter(process__delegationprocess__delegation=delegation).exclude(status__in=CLOSED)
    return next((task for task in tasks.select_related("process") if task.flow_task.name == node), None)


def of_case(case: Case) -> QuerySet[Delegation]:
    return (
        Delegation.objects.filter(case=case)
        .select_related("to", "mandate", "document", "opened_by", "case__agency")
        .order_by("-opened_at", "-pk")
    )


def open_steps(case: Case) -> dict[int, list[Task]]:
    """The steps of the case's delegations that wait for somebody, by delegation."""
    tasks = Task.objects.filter(
        process__delegationprocess__delegation__case=case, status__in=OPEN, assignment__isnull=False
    ).select_related("process__delegationprocess", "owner", "assignment__only")
    found: dict[int, list[Task]] = {}
    for task in tasks.order_by("pk"):
        found.setdefault(task.process.delegationprocess.delegation_id, []).append(task)
    return found


def open_questions(case: Case) -> QuerySet[Question]:
    """The questions of the case that can be delegated, by inquiry and number."""
    return (
        Question.objects.filter(inquiry__case=case, purge__isnull=True)
        .exclude(text="")
        .select_related("inquiry")
        .order_by("inquiry__reference", "number")
    )


def letters_to_number(agencies: QuerySet[Agency]) -> list[Task]:
    """Letters that wait for the number of the office's own document system."""
    tasks = Task.objects.filter(
        flow_task_type="JOB", status=STATUS.SCHEDULED,
        process__delegationprocess__delegation__case__agency__in=agencies.filter(numbering=Numbering.ENTERED),
    ).select_related("process__delegationprocess__delegation__case__agency")  # fmt: skip
    waiting = {
        letter_key(task.process.delegationprocess.delegation): task
        for task in tasks.order_by("created", "pk")
    }
    numbered = set(IssuedDocument.objects.filter(key__in=list(waiting)).values_list("key", flat=True))
    return [task for key, task in waiting.items() if key not in numbered]


def waiting_for_its_number(delegation: Delegation) -> Task | None:
    return next(
        (task for task in letters_to_number(Agency.objects.filter(pk=delegation.agency.pk))
         if task.process.delegationprocess.delegation_id == delegation.pk),
        None,
    )  # fmt: skip


def unsettled(*, at: datetime) -> list[int]:
    """Delegations of which something may be due: a term over, a case closed before the signature, or a head in office
    who did not sign and was not asked.

    A pre-selection by plain columns; what is due is decided under the lock.
    """
    signed = Delegation.objects.filter(mandate__isnull=False)
    over = signed.filter(outcome="", mandate__valid_until__lte=at)
    asked = signed.filter(processes__new_head__isnull=False, processes__finished__isnull=True)
    heads = Mandate.objects.filter(covering(at), kind=MandateKind.EX_OFFICIO, agency=OuterRef("case__agency"))
    others = heads.exclude(person=OuterRef("mandate__signed_by"))
    by_another = signed.filter(Exists(others), mandate__valid_until__gt=at)
    left_over = Delegation.objects.filter(mandate__isnull=True, outcome="", case__closed_at__isnull=False)
    rows = (over | asked | by_another | left_over).distinct()
    return list(rows.order_by("pk").values_list("pk", flat=True))


def question_to(head: Person, delegation: Delegation) -> DelegationProcess | None:
    """The run in which the delegation is laid before a head, open or ended."""
    return DelegationProcess.objects.filter(delegation=delegation, new_head=head).first()


def is_superseded(process: DelegationProcess) -> bool:
    """Whether a question to a head ended before he had judged."""
    last = process.task_set.order_by("-pk").first()
    return process.finished is not None and last is not None and last.flow_task.name == "superseded"
