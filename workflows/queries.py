"""What a person can do, across procedures. The same limits as `workflows.permissions`, as one join."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as Case_
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import (
    Codename,
    Competence,
    CrisisState,
    MailStatus,
    MandateKind,
    Numbering,
    QuestionOutcome,
    ReplyForm,
    Role,
    settled_form,
)
from core.models import (
    Agency,
    Case,
    Crisis,
    DutyShift,
    IncomingMail,
    Inquiry,
    Mandate,
    OutgoingMail,
    Person,
    Purge,
    Question,
    RoleAssignment,
)
from core.models.periods import covering
from core.queries import deadlines, organisation
from core.queries import mail as mails
from core.queries.mandates import head_at, with_facts
from core.rules.deadlines import local_day
from core.rules.mandates import is_in_force
from documents.models import IssuedDocument
from workflows.crisis.models import CrisisStatement, CrisisStep, Dispatch, Rung
from workflows.delegation import queries as delegation
from workflows.engine.models import TaskAssignment
from workflows.press_inquiry import queries as press_inquiry
from workflows.refusal import queries as refusal
from workflows.refusal.models import Refusal, State

OPEN = (STATUS.NEW, STATUS.ASSIGNED)


def doable_by(person: Person, *, at: datetime) -> QuerySet[Task]:
    """The open tasks the person may execute at this instant, held by nobody else."""
    if not person.is_active:
        return Task.objects.none()
    roles = RoleAssignment.objects.at(at).filter(
        person=person,
        agency=OuterRef("assignment__agency"),
        group__permissions__codename=OuterRef("assignment__codename"),
    )
    in_unit = roles.filter(Q(unit__isnull=True) | Q(unit=OuterRef("assignment__unit")))
    mandates = _in_force(person, at=at)
    by_role = Q(assignment__unit__isnull=True) & Exists(roles) | Exists(in_unit)
    by_delegation = _covered_by(mandate for mandate in mandates if mandate.is_delegated)
    return (
        Task.objects.filter(status__in=OPEN, assignment__isnull=False)
        .filter(
            by_role & _in_part(person, mandates, at=at) | Q(assignment__needs_mandate=True) & by_delegation
        )
        .filter(Q(owner__isnull=True) | Q(owner=person))
        .filter(Q(assignment__only__isnull=True) | Q(assignment__only=person))
        .exclude(assignment__excluded=person)
        .exclude(Exists(_took_part(person)))
        .filter(Q(assignment__needs_mandate=False) | _covered_by(mandates))
    )


def _in_part(person: Person, in_force: Iterable[Mandate], *, at: datetime) -> Q:
    """The steps for no part, for a role the person holds in the agency, or for a duty the person is on there.

    Those of the head are for whoever heads the agency by these mandates, as `core.queries.directory.in_part` says.
    """
    headed = [row.agency_id for row in in_force if row.kind == MandateKind.EX_OFFICIO]
    as_head = Q(assignment__role=Role.HEAD, assignment__agency__in=headed)
    held = RoleAssignment.objects.at(at).filter(
        person=person, agency=OuterRef("assignment__agency"), group__name=OuterRef("assignment__role")
    )
    shifts = DutyShift.objects.filter(
        person=person,
        agency=OuterRef("assignment__agency"),
        kind=OuterRef("assignment__duty"),
        starts_at__lte=at,
        ends_at__gt=at,
    )
    in_role = Q(assignment__role="") | as_head | ~Q(assignment__role=Role.HEAD) & Exists(held)
    return in_role & (Q(assignment__duty="") | Exists(shifts))


def _took_part(person: Person) -> QuerySet[Any]:
    through = TaskAssignment.took_part.through
    return through.objects.filter(taskassignment=OuterRef("assignment"), person=person)


def _in_force(person: Person, *, at: datetime) -> list[Mandate]:
    """The person's mandates that hold at the instant, by the rule that decides at the act."""
    rows = with_facts(Mandate.objects.filter(covering(at), person=person)).select_related("agency")
    heads = {row.agency_id: head_at(row.agency, at=at) for row in rows if row.kind == MandateKind.EX_OFFICIO}
    return [
        row
        for row in rows
        if is_in_force(row, at=at) and (row.kind != MandateKind.EX_OFFICIO or heads[row.agency_id] == row)
    ]


def _covered_by(mandates: Iterable[Mandate]) -> Q:
    """The tasks on which one of these mandates lets its holder speak."""
    return reduce(or_, map(_tasks_under, mandates), Q(pk__in=[]))


def _tasks_under(mandate: Mandate) -> Q:
    tasks = Q(assignment__agency=mandate.agency)
    if mandate.case_id is not None:
        tasks &= Q(assignment__case=mandate.case_id)
    forms = {row.form for row in mandate.forms.all()}
    if forms:
        fitting = ["", *(form for form in ReplyForm if settled_form(form) in (None, *forms))]
        tasks &= (
            Q(assignment__inquiry__isnull=True, assignment__form__in=["", *forms])
            | Q(assignment__question__isnull=False)
            | Q(assignment__inquiry__reply_form__in=fitting)
        )
    covered = [row.question_id for row in mandate.covered.all()]
    if covered:
        spoken_to = Question.objects.filter(
            inquiry=OuterRef("assignment__inquiry"), outcome=QuestionOutcome.OPEN
        ).exclude(competence=Competence.STATE_SECRET)
        all_covered = Exists(spoken_to) & ~Exists(spoken_to.exclude(pk__in=covered))
        tasks &= Q(assignment__question__in=covered) | Q(assignment__question__isnull=True) & all_covered
    return tasks


def inbox(person: Person, *, at: datetime) -> QuerySet[Task]:
    """The work list: what I hold and what I can take, due soonest first, then the oldest."""
    return (
        doable_by(person, at=at)
        .select_related(
            "owner",
            "assignment__inquiry__case",
            "assignment__inquiry__press_agency",
            "assignment__question",
            "assignment__case",
            "assignment__agency",
            "assignment__unit",
            "assignment__crisis__agency",
            "seed_content_type",
        )
        .prefetch_related(deadlines.prefetch_open("assignment__inquiry__deadlines"))
        .annotate(due=_due(), pressing=Coalesce("due", _waits_in_a_crisis()))
        .order_by(F("pressing").asc(nulls_last=True), "created", "pk")
    )


def _due() -> Coalesce:
    """Until when a task is to be done: a step of a crisis by its own minutes, a report by the ladder's first rung, else
    by what its inquiry is due or the step's local limit."""
    row = OuterRef("seed_object_id")
    rows = {
        CrisisStep: CrisisStep.objects.filter(pk=row).values("due"),
        CrisisStatement: CrisisStatement.objects.filter(pk=row).values("step__due"),
        Dispatch: Rung.objects.filter(dispatch=row).order_by("due_at").values("due_at"),
    }
    by_row = Case_(
        *(
            When(seed_content_type__model=model._meta.model_name, then=Subquery(found[:1]))
            for model, found in rows.items()
        ),
        output_field=DateTimeField(),
    )
    return Coalesce(by_row, "assignment__inquiry__due", "task_deadline__deadline__due")


def _waits_in_a_crisis() -> Case_:
    """What waits to be assessed or activated is due from the moment it was noticed."""
    waiting = (CrisisState.DETECTED, CrisisState.ASSESSED)
    noticed = When(assignment__crisis__state__in=waiting, then="assignment__crisis__detected_at")
    return Case_(noticed, output_field=DateTimeField())


def open_tasks(inquiry: Inquiry) -> QuerySet[Task]:
    """Where an inquiry stands: its human steps that wait, with who may do them."""
    return (
        Task.objects.filter(assignment__inquiry=inquiry, status__in=OPEN)
        .select_related("owner", "assignment__unit", "assignment__agency", "assignment__only", "process")
        .order_by("pk")
    )


def open_tasks_of(crisis: Crisis) -> QuerySet[Task]:
    """Where a crisis stands: its human steps that wait, with who may do them."""
    return (
        Task.objects.filter(assignment__crisis=crisis, status__in=OPEN)
        .select_related("owner", "assignment__unit", "assignment__agency", "assignment__only", "process")
        .order_by("pk")
    )


def owed_answers(person: Person, *, at: datetime) -> QuerySet[Inquiry]:
    """Inquiries that ended without discharging our own duty to answer the press agency."""
    cases = Case.objects.visible_to(person, at=at)
    return (
        Inquiry.objects.filter(case__in=cases, answer_owed=True)
        .exclude(outcome="")
        .select_related("case", "press_agency")
        .order_by("received_at")
    )


def failed_jobs(person: Person, *, at: datetime) -> QuerySet[Task]:
    """Jobs that failed in the agencies where the person may have them run again."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.TRIAGE_INQUIRY)
    return _jobs_on(agencies, status=STATUS.ERROR).filter(
        process__pressinquiryprocess__inquiry__case__in=Case.objects.visible_to(person, at=at)
    )


def numbers_to_enter(person: Person, *, at: datetime) -> list[Task]:
    """Documents that wait for the number of the office's own system, where the person may enter it."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.ENTER_NUMBER)
    waiting = [
        task
        for task in _jobs_on(agencies.filter(numbering=Numbering.ENTERED), status=STATUS.SCHEDULED)
        if task.flow_task is not None and task.flow_task.name == "issue"
    ]
    keys = {press_inquiry.reply_key(task.process.pressinquiryprocess): task for task in waiting}
    numbered = set(IssuedDocument.objects.filter(key__in=keys).values_list("key", flat=True))
    return [task for key, task in keys.items() if key not in numbered]


def letters_to_number(person: Person, *, at: datetime) -> list[Task]:
    """Delegation letters that wait for the number of the office's own system, where the person may enter it."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.ENTER_NUMBER)
    return delegation.letters_to_number(agencies)


def failed_letters(person: Person, *, at: datetime) -> QuerySet[Task]:
    """Delegation letters that could not be made, in the agencies where the person may have them made again."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.TRIAGE_INQUIRY)
    return Task.objects.filter(
        flow_task_type="JOB",
        status=STATUS.ERROR,
        process__delegationprocess__delegation__case__in=Case.objects.visible_to(person, at=at),
        process__delegationprocess__delegation__case__agency__in=agencies,
    ).select_related("process__delegationprocess__delegation__case")


def refusal_letters_to_number(person: Person, *, at: datetime) -> list[Task]:
    """Letters of refusal that wait for the number of the office's own system, where the person may enter it."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.ENTER_NUMBER)
    agencies = agencies.filter(numbering=Numbering.ENTERED)
    waiting = {
        refusal.letter_key(task.process.refusalprocess): task
        for task in _refusal_jobs(person, agencies, status=STATUS.SCHEDULED, at=at)
        if task.flow_task is not None and task.flow_task.name == "issue"
    }
    numbered = set(IssuedDocument.objects.filter(key__in=list(waiting)).values_list("key", flat=True))
    return [task for key, task in waiting.items() if key not in numbered]


def failed_refusal_letters(person: Person, *, at: datetime) -> QuerySet[Task]:
    """Letters of refusal that could not be made, in the agencies where the person may have them made again."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.TRIAGE_INQUIRY)
    return _refusal_jobs(person, agencies, status=STATUS.ERROR, at=at)


def _refusal_jobs(person: Person, agencies: QuerySet[Agency], *, status: str, at: datetime) -> QuerySet[Task]:
    inquiry = "process__refusalprocess__refusal__inquiry"
    visible = {f"{inquiry}__case__in": Case.objects.visible_to(person, at=at)}
    jobs = Task.objects.filter(flow_task_type="JOB", status=status, **visible)
    return (
        jobs.filter(**{f"{inquiry}__agency__in": agencies})
        .select_related(f"{inquiry}__case", "process__refusalprocess__refusal__question")
        .order_by("created", "pk")
    )


def grounds_to_look_at(person: Person, *, at: datetime) -> QuerySet[Refusal]:
    """Refusals that stand though the day has passed on which the end of their ground was expected."""
    agencies = organisation.agencies_of(person, at=at, codename=Codename.PROPOSE_REFUSAL)
    watched = Refusal.objects.filter(
        state=State.DECIDED, bring_back__isnull=True, decision__version__watch_on__lt=local_day(at)
    )
    return (
        watched.filter(inquiry__agency__in=agencies, inquiry__case__in=Case.objects.visible_to(person, at=at))
        .select_related("question", "inquiry__case", "decision__version")
        .order_by("decision__version__watch_on", "pk")
    )


def _jobs_on(agencies: QuerySet[Agency], *, status: str) -> QuerySet[Task]:
    return (
        Task.objects.filter(
            flow_task_type="JOB", status=status, process__pressinquiryprocess__inquiry__agency__in=agencies
        )
        .select_related(
            "process__pressinquiryprocess__inquiry__case",
            "process__pressinquiryprocess__inquiry__press_agency",
            "process__pressinquiryprocess__inquiry__agency",
        )
        .order_by("created", "pk")
    )


def tasks_of_case(case: Case) -> QuerySet[Task]:
    """Every task of every run on the inquiries of a case and their refusals, oldest first, for its page."""
    return (
        Task.objects.filter(
            Q(process__pressinquiryprocess__inquiry__case=case)
            | Q(process__refusalprocess__refusal__inquiry__case=case)
        )
        .select_related(
            "owner",
            "assignment__unit",
            "assignment__agency",
            "assignment__only",
            "assignment__case",
            "assignment__question",
            "process__pressinquiryprocess",
            "process__refusalprocess",
        )
        .order_by("pk")
    )


def failed_mails(person: Person, *, at: datetime) -> QuerySet[OutgoingMail]:
    """Mails that no server took, where the person may put them in line again."""
    cases, agencies = _mail_cases(person, at=at), _mail_agencies(person, at=at)
    return (
        OutgoingMail.objects.filter(status=MailStatus.FAILED)
        .filter(Q(inquiry__case__in=cases) | mails.about_no_inquiry(cases, agencies))
        .select_related("inquiry__case")
        .order_by("queued_at")
    )


def new_mails(person: Person, *, at: datetime) -> QuerySet[IncomingMail]:
    """Mails that joined an inquiry, unread as yet; `is_after_purge` warns that one may repeat a secret."""
    purges = Purge.objects.filter(
        question__inquiry=OuterRef("inquiry"), purged_at__lte=OuterRef("received_at")
    )
    return (
        IncomingMail.objects.filter(
            is_joined=True, read_at__isnull=True, inquiry__case__in=_mail_cases(person, at=at)
        )
        .annotate(is_after_purge=Exists(purges))
        .select_related("inquiry__case")
        .order_by("received_at")
    )


def _mail_cases(person: Person, *, at: datetime) -> QuerySet[Case]:
    return Case.objects.visible_to(person, at=at).filter(agency__in=_mail_agencies(person, at=at))


def _mail_agencies(person: Person, *, at: datetime) -> QuerySet[Agency]:
    return organisation.agencies_of(person, at=at, codename=Codename.REGISTER_INQUIRY)
