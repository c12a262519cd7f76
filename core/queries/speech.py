"""What was said outside the system: who may record it on which case, who may have spoken, what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from core.enums import LateResult
from core.models import Agency, Case, LateRecord, MandateQuestion, Person, Question
from core.queries import organisation


def delegated_cases(person: Person, *, at: datetime) -> QuerySet[Case]:
    """The cases opened to the person by a delegation in force at the instant."""
    return Case.objects.delegated_to(person, at=at)


def recordable_cases(person: Person, *, at: datetime) -> QuerySet[Case]:
    """The open cases on which the person may record speech, the latest first."""
    worked_on = Q(agency__in=organisation.agencies_worked_in(person, at=at))
    rows = Case.objects.visible_to(person, at=at).filter(
        worked_on | Q(pk__in=delegated_cases(person, at=at).values("pk")), closed_at__isnull=True
    )
    return rows.select_related("agency").order_by("-opened_at", "-pk")


def people_of(agencies: Iterable[Agency]) -> QuerySet[Person]:
    """Everybody who ever held a post or a role there, closed accounts too: speech is judged as of its own instant."""
    within = list(agencies)
    held = Q(posts__agency__in=within) | Q(role_assignments__agency__in=within)
    return Person.objects.filter(pk__in=Person.objects.filter(held).values("pk")).order_by("full_name", "pk")


def questions_of(case: Case) -> QuerySet[Question]:
    """The questions that can have been spoken to; one purged for state secrets is not offered."""
    rows = Question.objects.filter(inquiry__case=case).exclude(text="")
    return rows.select_related("inquiry").order_by("inquiry__created_at", "inquiry", "number")


def is_limited_to_questions(person: Person, *, case: Case) -> bool:
    """Whether a delegation of the person on the case covers only some of its questions."""
    return MandateQuestion.objects.filter(mandate__person=person, mandate__case=case).exists()


def personal_remarks(agencies: QuerySet[Agency]) -> QuerySet[LateRecord]:
    """What individuals said without a mandate, the latest first, for auditors."""
    rows = LateRecord.objects.filter(agency__in=agencies, result=LateResult.PERSONAL)
    return rows.select_related("agency", "case", "recorded_by").order_by("-spoken_at", "-pk")


def personal_remarks_on(case: Case) -> QuerySet[LateRecord]:
    rows = LateRecord.objects.filter(case=case, result=LateResult.PERSONAL)
    return rows.select_related("recorded_by").order_by("spoken_at", "pk")
