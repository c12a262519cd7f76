"""What the register says at an instant: exactly those who may speak then, and of each what the law makes public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import permissions
from core.actions import mandates, people
from core.enums import MandateEndCause, PostKind
from core.errors import NotFound
from core.models import Agency
from core.queries import mandates as mandate_queries
from core.queries import register
from tests import factories
from tests.register import (
    AT,
    LATER,
    NEW_LAW,
    OLD_LAW,
    SECOND,
    SUBJECT,
    appointed,
    assigned,
    call,
    delegated,
    telling_case,
)
from tests.walk import SINCE, Cast, make_cast

pytestmark = pytest.mark.django_db

HEAD = {
    "role": "head", "name": "Head of SNV-X", "post": "Giám đốc Sở", "phone": "", "email": "",
    "valid_from": "2026-07-01T00:00:00+07:00", "valid_until": None,
}  # fmt: skip
STANDING = {
    "role": "standing", "name": "Spokesperson of SNV-X", "post": "Phó Chánh Văn phòng", "phone": "",
    "email": "spokesperson@snv-x.example", "valid_from": "2026-07-01T00:00:00+07:00", "valid_until": None,
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def names(agency: Agency, at: Any = AT) -> list[tuple[str, str]]:
    return [(line["role"], line["name"]) for line in register.register_of(agency, at=at).content["people"]]


def test_it_lists_the_head_and_the_standing_spokesperson_with_what_the_law_makes_public(cast: Cast) -> None:
    found = register.register_of(cast.agency, at=AT)

    assert found.content == {
        "agency": {"code": "SNV-X", "name": "Agency SNV-X"}, "people": [HEAD, STANDING],
    }  # fmt: skip
    assert set(found.facts) == {"agency", "as_of", "last_changed", "edition", "sha256", "people"}
    assert found.facts["as_of"] == "2026-07-13T08:00:00+07:00"


@pytest.mark.parametrize("at", [SINCE - SECOND, SINCE, AT, LATER - SECOND, LATER])
def test_it_lists_exactly_whoever_may_speak_on_any_case_at_that_instant(cast: Cast, at: Any) -> None:
    case = factories.make_case(agency=cast.agency)
    (mandate,) = mandate_queries.mandates_of(cast.spokesperson, agency=cast.agency)
    mandates.end(mandate=mandate, ends_at=LATER, cause=MandateEndCause.DECISION_ENDED, by=None, at=AT)

    listed = {line["name"] for line in register.register_of(cast.agency, at=at).people}

    may_speak = {
        person.full_name
        for person in cast.everybody()
        if permissions.allowed(
            permissions.check_may_speak, person, agency=cast.agency, case=case, form=None, at=at
        )
    }
    assert listed == may_speak


def test_an_end_known_in_advance_is_told_and_at_it_the_person_is_gone(cast: Cast) -> None:
    (mandate,) = mandate_queries.mandates_of(cast.spokesperson, agency=cast.agency)
    mandates.end(mandate=mandate, ends_at=LATER, cause=MandateEndCause.DECISION_ENDED, by=None, at=AT)

    before = register.register_of(cast.agency, at=LATER - SECOND)

    assert before.people[1] == {**STANDING, "valid_until": "2026-07-15T17:00:00+07:00"}
    assert names(cast.agency, LATER) == [("head", "Head of SNV-X")]


def test_whoever_has_not_begun_is_absent(cast: Cast) -> None:
    assigned(cast.chief, cast.agency, since=LATER)

    assert ("standing", "Chief of SNV-X") not in names(cast.agency, LATER - SECOND)
    assert ("standing", "Chief of SNV-X") in names(cast.agency, LATER)


def test_a_closed_account_is_not_listed_until_it_is_open_again(cast: Cast) -> None:
    people.close_account(person=cast.spokesperson, by=None, at=AT)
    closed = names(cast.agency)
    people.reopen_account(person=cast.spokesperson, by=None, at=LATER)

    assert closed == [("head", "Head of SNV-X")]
    assert names(cast.agency, LATER) == [("head", "Head of SNV-X"), ("standing", "Spokesperson of SNV-X")]


# Who is head


def test_an_acting_head_and_a_deputy_in_charge_are_listed_only_while_nobody_above_is_in_office(
    cast: Cast,
) -> None:
    appointed(cast.deputy, cast.agency, kind=PostKind.ACTING_HEAD, title="Q. Giám đốc")
    appointed(cast.chief, cast.agency, kind=PostKind.DEPUTY_IN_CHARGE, title="Phó Giám đốc phụ trách")
    headed = [line for line in register.register_of(cast.agency, at=AT).people if line["role"] == "head"]

    people.end_post(post=cast.head.posts.get(), valid_until=AT, by=None, at=AT)
    acting = [line for line in register.register_of(cast.agency, at=AT).people if line["role"] == "head"]
    people.end_post(post=cast.deputy.posts.get(kind="acting_head"), valid_until=LATER, by=None, at=AT)
    in_charge = [
        line for line in register.register_of(cast.agency, at=LATER).people if line["role"] == "head"
    ]

    assert [line["name"] for line in headed] == ["Head of SNV-X"]
    assert [(line["name"], line["post"]) for line in acting] == [("Deputy of SNV-X", "Q. Giám đốc")]
    assert [(line["name"], line["post"]) for line in in_charge] == [
        ("Chief of SNV-X", "Phó Giám đốc phụ trách")
    ]


def test_a_deputy_who_runs_the_daily_work_is_not_listed(cast: Cast) -> None:
    appointed(cast.deputy, cast.agency, kind=PostKind.DEPUTY_RUNNING, title="Phó Giám đốc điều hành")

    assert ("head", "Deputy of SNV-X") not in names(cast.agency)


def test_who_heads_two_agencies_stands_in_both_with_the_post_of_each(cast: Cast) -> None:
    second = factories.make_agency(code="CC-X", parent=cast.agency)
    appointed(cast.head, second, title="Chi cục trưởng")

    assert register.register_of(second, at=AT).people == [{**HEAD, "post": "Chi cục trưởng"}]
    assert register.register_of(cast.agency, at=AT).people[0] == HEAD


def test_two_heads_appointed_at_once_are_one_head_the_later(cast: Cast) -> None:
    appointed(cast.deputy, cast.agency, title="Giám đốc mới", since=AT)

    assert names(cast.agency, AT)[0] == ("head", "Deputy of SNV-X")
    assert names(cast.agency, AT - SECOND)[0] == ("head", "Head of SNV-X")


def test_a_renewed_assignment_is_one_line_until_the_later_end(cast: Cast) -> None:
    assigned(cast.chief, cast.agency, until=LATER, number="1/QĐ")
    assigned(cast.chief, cast.agency, until=LATER + timedelta(days=1), number="2/QĐ")

    lines = [
        line for line in register.register_of(cast.agency, at=AT).people if line["name"].startswith("Chief")
    ]

    assert [line["valid_until"] for line in lines] == ["2026-07-16T17:00:00+07:00"]


def test_all_posts_of_a_spokesperson_are_named_and_those_elsewhere_are_not(cast: Cast) -> None:
    factories.make_post(person=cast.spokesperson, agency=cast.agency, title="Trưởng ban", valid_from=SINCE)
    factories.make_post(person=cast.spokesperson, agency=factories.make_agency(), title="Ủy viên")

    assert register.register_of(cast.agency, at=AT).people[1]["post"] == "Phó Chánh Văn phòng; Trưởng ban"


# Delegates


def naming_delegates(cast: Cast) -> None:
    cast.agency.publishes_delegates = True
    cast.agency.save()


def test_delegates_are_named_only_where_the_agency_says_so(cast: Cast) -> None:
    delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)
    silent = names(cast.agency)
    naming_delegates(cast)

    assert silent == [("head", "Head of SNV-X"), ("standing", "Spokesperson of SNV-X")]
    assert names(cast.agency) == [*silent, ("delegated", "Unit_Head of SNV-X")]


def test_of_a_delegate_only_name_post_and_end_are_told(cast: Cast) -> None:
    naming_delegates(cast)
    call(cast.unit_head, "0000 000 777")
    delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)

    found = register.register_of(cast.agency, at=AT)

    assert found.people[2] == {
        "role": "delegated", "name": "Unit_Head of SNV-X", "post": "Trưởng phòng", "phone": None, "email": None,
        "valid_from": None, "valid_until": "2026-07-15T17:00:00+07:00",
    }  # fmt: skip
    for hidden in (SUBJECT, "VV-BI-MAT", "12/GUQ-SNV", "0000 000 777", "unit_head@"):
        assert hidden not in str(found.facts)


def test_a_delegation_signed_under_the_old_law_is_named_with_its_letter(cast: Cast) -> None:
    naming_delegates(cast)
    case = telling_case(cast.agency)
    delegated(cast.deputy, case=case, by=cast.head, law=OLD_LAW)
    delegated(cast.unit_head, case=case, by=cast.head, law=NEW_LAW, document_number="13/GUQ-SNV")

    old, new = register.register_of(cast.agency, at=AT).people[2:]

    assert (old["name"], old["document"]) == (
        "Deputy of SNV-X", {"number": "12/GUQ-SNV", "date": "2026-07-01"},
    )  # fmt: skip
    assert (old["phone"], old["email"]) == (None, None)
    assert "document" not in new


def test_two_delegations_of_one_person_do_not_tell_how_many_cases_there_are(cast: Cast) -> None:
    naming_delegates(cast)
    delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)
    other = factories.make_case(agency=cast.agency)
    delegated(cast.unit_head, case=other, by=cast.head, until=LATER + timedelta(days=1))

    lines = register.register_of(cast.agency, at=AT).people[2:]

    assert [line["valid_until"] for line in lines] == ["2026-07-16T17:00:00+07:00"]


def test_a_revoked_and_an_expired_delegation_are_gone_at_their_instant(cast: Cast) -> None:
    naming_delegates(cast)
    mandate = delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)
    delegated(cast.deputy, case=factories.make_case(agency=cast.agency), by=cast.head)
    mandates.revoke(mandate=mandate, by=cast.head, at=AT, reason="Thôi.")

    assert [name for role, name in names(cast.agency) if role == "delegated"] == ["Deputy of SNV-X"]
    assert [name for role, name in names(cast.agency, LATER) if role == "delegated"] == []


# Which agencies, and at what cost


def test_the_agencies_that_publish_are_those_of_today_that_have_anybody(cast: Cast) -> None:
    factories.make_agency(code="AAA")
    gone = factories.make_agency(code="GONE", valid_until=AT.date())
    appointed(factories.make_person(), gone)

    found = register.registers(register.existing(AT), at=AT)

    assert [each.agency.code for each in found] == ["SNV-X", "SNV-X-OTHER"]
    for code in ("AAA", "GONE", "NONE"):
        with pytest.raises(NotFound, match=code):
            register.published(code, at=AT)


def test_an_authority_lists_the_agencies_below_it_however_deep_and_not_itself(cast: Cast) -> None:
    province = cast.agency.parent
    assert province is not None
    appointed(factories.make_person(), province, title="Chủ tịch")
    below = factories.make_agency(code="CC-X", parent=cast.agency)
    appointed(factories.make_person(), below)

    found = register.of_subordinates(register.authority(province.code, at=AT), at=AT)

    assert [each.agency.code for each in found] == ["CC-X", "SNV-X"]
    with pytest.raises(NotFound):
        register.authority("CC-X", at=AT)


def queries_of(agency: Agency) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        register.registers(register.existing(AT).filter(pk=agency.pk), at=AT)
    return len(seen)


def test_three_people_cost_no_more_queries_than_one(cast: Cast) -> None:
    naming_delegates(cast)
    delegated(cast.unit_head, case=telling_case(cast.agency), by=cast.head)
    one_of_each = queries_of(cast.agency)
    for person in (cast.chief, cast.clerk):
        assigned(person, cast.agency)
        delegated(person, case=factories.make_case(agency=cast.agency), by=cast.head)

    assert len(names(cast.agency)) == 7
    assert (one_of_each, queries_of(cast.agency)) == (7, 7)


def test_three_agencies_cost_no_more_queries_than_one(cast: Cast) -> None:
    one = queries_of(cast.agency)
    for _each in range(2):
        appointed(factories.make_person(), factories.make_agency())

    with CaptureQueriesContext(connection) as seen:
        found = register.registers(register.existing(AT), at=AT)

    assert len(found) == 4
    assert len(seen) == one
