"""Who may open a case: by role, by part played, or by a grant; never by guessing its address."""

from datetime import datetime

import pytest
from guardian.shortcuts import assign_perm
from pytest_django import DjangoAssertNumQueries

from core.actions import casefile
from core.enums import Secrecy
from core.models import Case
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
