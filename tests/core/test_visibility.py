"""Who may open a case: by role, by part played, or by a grant; never by guessing its address."""

from datetime import datetime, timedelta

import pytest
from guardian.shortcuts import assign_perm
from pytest_django import DjangoAssertNumQueries

from core.actions import casefile, mandates
from core.actions.mandates import Letter
from core.enums import Circumstance, Secrecy
from core.models import Case, CaseParticipant, CaseUserObjectPermission, Mandate, Person
from core.queries import speech
from core.rules.delegations import Proposal
from tests import factories
from tests.walk import SINCE, START, Cast, make_cast

pytestmark = pytest.mark.django_db

AGENCY_WIDE = {"contact", "clerk", "chief", "legal", "head", "spokesperson", "deputy", "auditor"}
OF_THE_DIVISION = {"unit_head", "specialist", "colleague"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def who_sees(case: Case, cast: Cast, *, at: datetime = START) -> set[str]:
    people = cast.everybody()
    named = {name: value for name, value in vars(cast).items() if value in people}
    return {
        name
        for name, person in named.items()
        if Case.objects.visible_to(person, at=at).filter(pk=case.pk).exists()
    }


def test_an_ordinary_case_is_seen_by_the_roles_of_the_agency(cast: Cast) -> None:
    assert who_sees(factories.make_case(agency=cast.agency), cast) == AGENCY_WIDE


def test_a_unit_sees_the_cases_it_works_on(cast: Cast) -> None:
    case = factories.make_case(agency=cast.agency)
    casefile.involve_unit(case=case, unit=cast.division)

    assert who_sees(case, cast) == AGENCY_WIDE | OF_THE_DIVISION


def test_a_restricted_case_is_seen_by_those_who_take_part_and_the_auditor(cast: Cast) -> None:
    case = factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    casefile.involve_unit(case=case, unit=cast.division)
    casefile.involve(case=case, person=cast.specialist)

    assert who_sees(case, cast) == {"specialist", "auditor"}


def test_a_grant_opens_one_case_to_one_person(cast: Cast) -> None:
    case = factories.make_case(agency=cast.agency)
    assign_perm("core.view_case", cast.stranger, case)

    assert who_sees(case, cast) == AGENCY_WIDE | {"stranger"}


SIGNED, BEGIN, END = START - timedelta(days=3), START, START + timedelta(days=2)
SECOND = timedelta(seconds=1)


def delegated(case: Case, cast: Cast, *, to: Person) -> Mandate:
    """Signed on Friday for Monday to Wednesday."""
    proposal = Proposal(
        case=case,
        to=to,
        valid_from=BEGIN,
        valid_until=END,
        circumstance=Circumstance.ASSIGNED,
        reason="Giao.",
    )
    letter = Letter(number="12/GUQ-SNV", on=SIGNED.date(), signed_at=SIGNED)
    return mandates.delegate(proposal=proposal, letter=letter, signed_by=cast.head, by=cast.head, at=SIGNED)


def opens(case: Case, person: Person, at: datetime) -> tuple[bool, bool]:
    """Whether the case is open to the person, and whether by a delegation."""
    return (
        Case.objects.visible_to(person, at=at).contains(case),
        speech.delegated_cases(person, at=at).contains(case),
    )


def without_any_role(cast: Cast) -> Person:
    person = factories.make_person(full_name="Người được ủy quyền")
    factories.make_post(person=person, agency=cast.agency, valid_from=SINCE)
    return person


@pytest.mark.parametrize("has_role", [True, False], ids=["with a role", "without any role"])
def test_a_delegation_opens_a_restricted_case_from_its_first_instant_to_the_last_before_its_end(
    cast: Cast, has_role: bool
) -> None:
    case = factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    delegate = cast.unit_head if has_role else without_any_role(cast)
    delegated(case, cast, to=delegate)

    opened = [
        opens(case, delegate, at)
        for at in (SIGNED, BEGIN - SECOND, BEGIN, END - SECOND, END, END + timedelta(hours=3))
    ]

    nothing, everything = (False, False), (True, True)
    assert opened == [nothing, nothing, everything, everything, nothing, nothing]
    assert CaseUserObjectPermission.objects.filter(user=delegate).count() == 1
    assert not CaseParticipant.objects.filter(case=case).exists()


def test_a_delegation_opens_nothing_from_the_instant_of_its_revocation(cast: Cast) -> None:
    case = factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    mandate = delegated(case, cast, to=cast.unit_head)
    revoked_at = BEGIN + timedelta(hours=2)

    mandates.revoke(mandate=mandate, by=cast.head, at=revoked_at, reason="Thu hồi.")

    assert opens(case, cast.unit_head, revoked_at) == (False, False)


def test_a_row_to_speak_opens_nothing_without_a_delegation_of_that_person_for_that_case(cast: Cast) -> None:
    case, other = (factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED) for _ in range(2))
    delegate = without_any_role(cast)
    delegated(other, cast, to=delegate)
    delegated(case, cast, to=cast.unit_head)
    factories.make_standing(person=delegate, agency=cast.agency, number="11/QĐ-SNV", valid_from=SINCE)

    assign_perm("core.speak_on_case", delegate, case)

    assert opens(case, delegate, BEGIN) == (False, False)
    assert opens(other, delegate, BEGIN) == (True, True)


@pytest.mark.parametrize("grant", ["view_case", "handle_case"])
def test_a_lasting_grant_counts_without_a_delegation_and_after_one(cast: Cast, grant: str) -> None:
    case = factories.make_case(agency=cast.agency, secrecy=Secrecy.RESTRICTED)
    delegate = without_any_role(cast)
    delegated(case, cast, to=delegate)

    assign_perm(f"core.{grant}", delegate, case)

    assert [opens(case, delegate, at) for at in (SIGNED, BEGIN, END)] == [
        (True, False), (True, True), (True, False),
    ]  # fmt: skip


def test_a_case_of_another_agency_is_seen_by_nobody_here(cast: Cast) -> None:
    assert who_sees(factories.make_case(), cast) == set()


def test_a_part_once_played_shows_nothing_after_leaving_the_agency(cast: Cast) -> None:
    case = factories.make_case(agency=cast.agency)
    casefile.involve(case=case, person=cast.specialist)
    cast.specialist.role_assignments.update(valid_until=START)

    assert "specialist" not in who_sees(case, cast, at=START)


def test_no_role_shows_anything_before_it_begins(cast: Cast) -> None:
    assert who_sees(factories.make_case(agency=cast.agency), cast, at=SINCE.replace(year=2025)) == set()


def test_a_closed_account_sees_nothing(cast: Cast) -> None:
    cast.head.is_active = False

    assert "head" not in who_sees(factories.make_case(agency=cast.agency), cast)


def test_seeing_is_one_query_however_many_cases(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def make() -> Case:
        return factories.make_case(agency=cast.agency)

    make()
    with django_assert_num_queries(1):
        assert len(Case.objects.visible_to(cast.head, at=START)) == 1
    make()
    make()
    with django_assert_num_queries(1):
        assert len(Case.objects.visible_to(cast.head, at=START)) == 3


def test_seeing_by_delegations_is_one_query_however_many_cases(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    delegate = without_any_role(cast)
    for _ in range(3):
        delegated(factories.make_case(agency=cast.agency), cast, to=delegate)

    with django_assert_num_queries(1):
        assert len(Case.objects.visible_to(delegate, at=BEGIN)) == 3
