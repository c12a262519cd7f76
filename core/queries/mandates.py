"""Mandates, posts and signing capacities as the rules need them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import QuerySet

from core.enums import MandateKind
from core.models import AccountClosure, Agency, Case, Mandate, Person, Post, SigningCapacity
from core.models.periods import covering
from core.rules import mandates as rules
from core.rules.mandates import Held

ALWAYS = datetime.min.replace(tzinfo=UTC)


def with_facts(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """Mandates with all that decides over them, in as many queries however many there are."""
    return rows.select_related("post", "person", "case").prefetch_related(
        "ends", "forms", "covered__question__inquiry"
    )


def mandates_of(person: Person, *, agency: Agency, lock: bool = False) -> QuerySet[Mandate]:
    """Every mandate of the person for the agency, as they were recorded; `lock` holds the rows until the commit."""
    rows = with_facts(Mandate.objects.filter(person=person, agency=agency)).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True) if lock else rows


def hold(person: Person, *, agency: Agency) -> None:
    """Hold the person's mandates until the commit: whoever ends one waits, and what has ended is seen ended.

    Taken before the instant of an act is read, so that no act of speaking is later than the end of its mandate.
    """
    rows = Mandate.objects.filter(person=person, agency=agency).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def hold_case(case: Case, *, also: Person | None = None) -> None:
    """Hold a case against its closing, then the mandates of a person, or without one those delegated for it.

    In this order everywhere, and before the instant of the act is read.
    """
    list(Case.objects.select_for_update(no_key=True).filter(pk=case.pk).values_list("pk", flat=True))
    if also is not None:
        hold(also, agency=case.agency)
        return
    rows = Mandate.objects.filter(case=case).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def headships(agency: Agency) -> QuerySet[Mandate]:
    return with_facts(Mandate.objects.filter(agency=agency, kind=MandateKind.EX_OFFICIO))


def head_at(agency: Agency, *, at: datetime, known_at: datetime | None = None) -> Mandate | None:
    """The ex officio mandate of whoever heads the agency at the instant; none where nobody does."""
    return rules.head_in_office(headships(agency), at=at, known_at=known_at)


def heads_of(agencies: Iterable[int], *, at: datetime) -> dict[int, Person]:
    """Who heads each of these agencies at the instant, as `head_at` of each, in as many queries however many."""
    found: dict[int, list[Mandate]] = {}
    rows = Mandate.objects.filter(covering(at), agency__in=set(agencies), kind=MandateKind.EX_OFFICIO)
    for row in with_facts(rows):
        found.setdefault(row.agency_id, []).append(row)
    heads = {agency: rules.head_in_office(rows, at=at) for agency, rows in found.items()}
    return {agency: head.person for agency, head in heads.items() if head is not None}


def held_by(person: Person, *, agency: Agency, lock: bool = False) -> Held:
    return Held(
        mandates=list(mandates_of(person, agency=agency, lock=lock)),
        headships=list(headships(agency)),
        closures=closures_of([person])[person.pk],
    )


def closures_of(people: Iterable[Person]) -> dict[int, list[AccountClosure]]:
    """When the accounts were closed. One that is inactive without a record counts as closed all along."""
    everybody = list(people)
    found: dict[int, list[AccountClosure]] = {person.pk: [] for person in everybody}
    for closure in AccountClosure.objects.filter(person__in=everybody):
        found[closure.person_id].append(closure)
    for person in everybody:
        if not person.is_active and not any(row.reopened_at is None for row in found[person.pk]):
            found[person.pk].append(AccountClosure(person=person, closed_at=ALWAYS))
    return found


def delegations_of(case: Case) -> QuerySet[Mandate]:
    """Every delegation ever given for a case, oldest first."""
    rows = Mandate.objects.filter(case=case, kind=MandateKind.DELEGATED)
    return with_facts(rows).select_related("signed_by", "agency").order_by("valid_from", "pk")


def capacities_of(person: Person, *, agency: Agency, at: datetime) -> QuerySet[SigningCapacity]:
    return SigningCapacity.objects.at(at).filter(person=person, agency=agency)


def posts_of(person: Person, *, agency: Agency, at: datetime) -> QuerySet[Post]:
    return Post.objects.at(at).filter(person=person, agency=agency).select_related("unit")


def post_title(person: Person, *, agency: Agency, at: datetime) -> str:
    """The posts held in the agency at the instant, highest first as recorded, or nothing."""
    return "; ".join(post.title for post in posts_of(person, agency=agency, at=at))
