"""The replay: everybody of the agency, once, with the check's own answer, in as many queries for ten as for three."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actions import mandates, people
from core.actions.mandates import Letter
from core.clock import ZONE
from core.enums import Channel, Circumstance, PostKind, StatementForm
from core.models import Agency, Case, Person, Question
from core.queries import speakers
from core.rules.delegations import Proposal
from core.rules.speakers import Answer, differing
from tests import factories

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 13, 8, 0, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = AT - 10 * DAY


@pytest.fixture
def agency() -> Agency:
    return factories.make_agency(code="SNV-Z", name="Sở Z")


@pytest.fixture
def case(agency: Agency) -> Case:
    return factories.make_case(agency=agency, reference="VV-2026-0001")


def employed(
    name: str,
    agency: Agency,
    kind: PostKind = PostKind.STAFF,
    *,
    since: datetime = SINCE,
    known: datetime = SINCE,
) -> Person:
    person = factories.make_person(full_name=name)
    people.appoint(
        person=person, agency=agency, kind=kind, title=f"Chức vụ {name}", valid_from=since, at=known, by=None
    )  # fmt: skip
    return person


def delegated(case: Case, to: Person, by: Person, *, filed_at: datetime = AT, **scope: object) -> None:
    mandates.delegate(
        proposal=Proposal(
            case=case, to=to, valid_from=AT, valid_until=AT + DAY, circumstance=Circumstance.ASSIGNED, reason="r",
            overlap_note="n", **scope,  # type: ignore[arg-type]
        ),
        letter=Letter(number="12/GUQ-SNV", on=AT.date(), signed_at=AT),
        signed_by=by, by=by, at=filed_at,
    )  # fmt: skip


def asked(case: Case, at: datetime = AT, known_at: datetime | None = None) -> dict[str, Answer]:
    replay = speakers.replay(agency=case.agency, case=case, at=at, known_at=known_at)
    return {answer.person.full_name: answer for answer in replay.answers}


def test_everybody_of_the_agency_is_answered_once_and_nobody_else(agency: Agency, case: Case) -> None:
    head = employed("A", agency, PostKind.HEAD)
    employed("B", agency)
    employed("C", agency, since=AT + HOUR)
    employed("X", factories.make_agency())
    left = employed("D", agency)
    people.end_post(post=left.posts.get(), valid_until=AT, by=None, at=AT)
    factories.make_post(person=head, agency=agency, title="Bí thư", valid_from=SINCE)

    told = asked(case)

    assert {name: (answer.is_allowed, answer.post) for name, answer in told.items()} == {
        "A": (True, "Chức vụ A; Bí thư"),
        "B": (False, "Chức vụ B"),
    }
    assert told["A"].document == "The mandate by the post of Chức vụ A"
    assert told["A"].words == "Head, ex officio, from 08:00 on 03/07/2026"
    assert "B has no mandate to speak for Sở Z" in told["B"].reason


def test_who_left_stays_in_the_list_for_the_mandate_once_held(agency: Agency, case: Case) -> None:
    head = employed("A", agency, PostKind.HEAD)
    people.end_post(post=head.posts.get(), valid_until=AT, by=None, at=AT)

    answer = asked(case)["A"]

    assert (answer.is_allowed, answer.post) == (False, "")
    assert answer.reason == "The mandate by the post of Chức vụ A ended at 08:00 on 13/07/2026."


def test_the_scope_of_a_delegation_is_told_with_it(agency: Agency, case: Case) -> None:
    head, delegate = employed("A", agency, PostKind.HEAD), employed("B", agency)
    delegated(case, delegate, head, forms=[StatementForm.DIRECT, StatementForm.BRIEFING])

    answer = asked(case)["B"]

    assert answer.document == "The delegation letter 12/GUQ-SNV"
    assert answer.words == (
        "Delegated, from 08:00 on 13/07/2026 until 08:00 on 14/07/2026; only these forms of speaking: "
        "Direct statement or interview, Direct exchange at a press briefing"
    )


def test_who_was_delegated_for_some_questions_is_answered_with_those(agency: Agency, case: Case) -> None:
    """As the check answers whoever does not say on which question."""
    head, delegate = employed("A", agency, PostKind.HEAD), employed("B", agency)
    inquiry = case.inquiries.create(
        agency=agency, reference="YC-1", channel=Channel.PHONE, received_at=AT, created_at=AT
    )
    delegated(case, delegate, head, questions=[Question.objects.create(inquiry=inquiry, number=2, text="?")])

    assert asked(case)["B"].reason == "The delegation letter 12/GUQ-SNV covers only these questions: YC-1/2."


def test_a_letter_filed_late_and_a_post_recorded_late_are_there_only_as_known_now(
    agency: Agency, case: Case
) -> None:
    head, delegate = employed("A", agency, PostKind.HEAD), employed("B", agency)
    delegated(case, delegate, head, filed_at=AT + 5 * HOUR)
    employed("C", agency, known=AT + 5 * HOUR)

    then, now = asked(case, AT + HOUR, AT + 4 * HOUR), asked(case, AT + HOUR)

    assert [(name, then[name].is_allowed) for name in then] == [("A", True), ("B", False)]
    assert [(name, now[name].is_allowed) for name in now] == [("A", True), ("B", True), ("C", False)]
    assert asked(case, AT + HOUR, AT + 5 * HOUR)["B"].is_allowed


def test_whoever_is_answered_otherwise_is_named_once(agency: Agency, case: Case) -> None:
    head, delegate = employed("A", agency, PostKind.HEAD), employed("B", agency)
    delegated(case, delegate, head, filed_at=AT + 5 * HOUR)
    newcomer = employed("C", agency, known=AT + 5 * HOUR)
    then = speakers.replay(agency=agency, case=case, at=AT + HOUR, known_at=AT + 4 * HOUR)
    now = speakers.replay(agency=agency, case=case, at=AT + HOUR)

    assert differing(then, now) == differing(now, then) == [delegate, newcomer]
    assert differing(now, now) == []


def test_a_post_ended_later_than_was_known_still_counts_as_known_then(agency: Agency, case: Case) -> None:
    employed("A", agency, PostKind.HEAD)
    leaver = employed("B", agency)
    people.end_post(post=leaver.posts.get(), valid_until=AT, by=None, at=AT + 2 * HOUR)

    assert "B" in asked(case, AT, AT + HOUR)
    assert "B" not in asked(case, AT, AT + 2 * HOUR)


def test_ten_people_take_as_many_queries_as_three(agency: Agency, case: Case) -> None:
    head = employed("A", agency, PostKind.HEAD)
    inquiry = case.inquiries.create(
        agency=agency, reference="YC-1", channel=Channel.PHONE, received_at=AT, created_at=AT
    )
    question = Question.objects.create(inquiry=inquiry, number=1, text="?")

    def grow(names: str) -> None:
        for name in names:
            person = employed(name, agency)
            delegated(case, person, head, forms=[StatementForm.PORTAL], questions=[question])
            people.end_post(post=person.posts.get(), valid_until=AT + HOUR, by=None, at=AT)

    def count(expected: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(asked(case)) == expected
        return len(captured)

    grow("BC")
    of_three = count(3)
    grow("DEFGHIJ")

    assert count(10) == of_three
