"""The work list in SQL and the check in Python are one rule: they agree on everybody and every task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.actions import mandates, people
from core.enums import MandateEndCause, ReplyForm, Role, StatementForm, settled_form
from core.models import Mandate, Person, RoleAssignment
from core.permissions import allowed
from tests import factories
from tests.walk import SINCE, START, Cast, Walk, give, make_cast
from tests.workflows.delegation.walk import MONDAY, DelegationWalk
from workflows import base, permissions, queries

pytestmark = pytest.mark.django_db

STEPS = ("triage", "assign", "draft", "review", "clear", "decide", "release", "follow_up")
WITH_DOCUMENT = ("sign", "stamp")


@pytest.fixture
def world(cast: Cast, set_clock: Callable[[datetime], None]) -> Cast:
    """Two agencies with an inquiry at every step of each, held and free."""
    for node in WITH_DOCUMENT:
        Walk(cast, set_clock).to(node)
    for node in STEPS:
        Walk(cast, set_clock, reply_form=ReplyForm.PORTAL).to(node)
        taken = Walk(cast, set_clock, reply_form=ReplyForm.PORTAL).to(node)
        holder = next(
            person
            for person in cast.everybody()
            if allowed(permissions.check_can_execute, person, taken.task(node), at=taken.at)
        )
        base.take(taken.task(node).pk, by=holder)
    other = make_cast(code="SNV-Y")
    Walk(other, set_clock).to("triage")
    Walk(other, set_clock).to("decide")
    return cast


def open_tasks() -> list[Task]:
    rows = Task.objects.filter(status__in=queries.OPEN, assignment__isnull=False)
    return list(rows.select_related("owner", "assignment__agency", "assignment__unit", "assignment__case"))


def by_check(person: Person, *, at: datetime) -> set[int]:
    return {task.pk for task in open_tasks() if allowed(permissions.check_can_execute, person, task, at=at)}


def by_inbox(person: Person, *, at: datetime) -> set[int]:
    return set(queries.inbox(person, at=at).values_list("pk", flat=True))


def disagreements(at: datetime) -> dict[str, tuple[set[int], set[int]]]:
    answers = {
        person.username: (by_check(person, at=at), by_inbox(person, at=at)) for person in Person.objects.all()
    }
    return {name: pair for name, pair in answers.items() if pair[0] != pair[1]}


def test_the_list_and_the_check_agree_on_everybody_and_every_task(world: Cast) -> None:
    at = START + timedelta(days=2)

    assert len(open_tasks()) == 2 * len(STEPS) + len(WITH_DOCUMENT) + 2
    assert disagreements(at) == {}
    assert {person.username for person in Person.objects.all() if by_inbox(person, at=at)} >= {
        world.chief.username,
        world.head.username,
        world.specialist.username,
    }


def test_they_agree_after_a_mandate_a_role_and_an_account_ended(world: Cast) -> None:
    at = START + timedelta(days=2)
    before = {person: by_inbox(person, at=at) for person in (world.spokesperson, world.clerk, world.legal)}
    mandate = Mandate.objects.get(person=world.spokesperson)
    mandates.end(
        cause=MandateEndCause.DECISION_ENDED,
        mandate=mandate,
        ends_at=at - timedelta(hours=1),
        by=world.head,
        at=at,
    )
    role = RoleAssignment.objects.get(person=world.clerk)
    people.end_role(assignment=role, valid_until=at - timedelta(hours=1), by=None, at=at)
    Person.objects.filter(pk=world.legal.pk).update(is_active=False)
    closed = Person.objects.get(pk=world.legal.pk)

    assert all(before.values())
    assert by_inbox(world.spokesperson, at=at) == set()
    assert by_inbox(world.clerk, at=at) == set()
    assert by_inbox(closed, at=at) == set()
    assert disagreements(at) == {}


@pytest.mark.parametrize("limit", ["nothing", "its_form", "another_form", "every_question", "one_question"])
def test_they_agree_on_a_delegation_limited_to_a_form_or_to_questions(
    cast: Cast, set_clock: Callable[[datetime], None], limit: str
) -> None:
    inquiries = {
        node: Walk(cast, set_clock, at=MONDAY - timedelta(days=3), reply_form=form).to(node)
        for node, form in (("decide", ReplyForm.EMAIL), ("release", ReplyForm.PORTAL))
    }
    for inquiry in inquiries.values():
        asked = inquiry.inquiry.questions
        scopes: dict[str, dict[str, Any]] = {
            "nothing": {},
            "its_form": {"forms": [settled_form(ReplyForm(inquiry.reply_form))]},
            "another_form": {"forms": [StatementForm.PRESS_CONFERENCE]},
            "every_question": {"questions": list(asked.all())},
            "one_question": {"questions": [asked.get(number=1)]},
        }
        walk = DelegationWalk(cast, set_clock, at=inquiry.tick())
        walk.case = inquiry.inquiry.case
        walk.signed(**scopes[limit])
    set_clock(MONDAY)

    mine = {inquiry.task(node).pk for node, inquiry in inquiries.items()}
    reached = mine if limit in ("nothing", "its_form", "every_question") else set()
    assert by_inbox(cast.unit_head, at=MONDAY) & mine == reached
    assert disagreements(MONDAY) == {}


def test_a_mandate_ends_at_its_instant_and_not_before(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    Walk(cast, set_clock).to("decide")
    end = START + timedelta(days=2)
    mandate = Mandate.objects.get(person=cast.spokesperson)
    mandates.end(mandate=mandate, ends_at=end, cause=MandateEndCause.DECISION_ENDED, by=cast.head, at=START)
    just_before = end - timedelta(microseconds=1)

    assert by_inbox(cast.spokesperson, at=just_before) == by_check(cast.spokesperson, at=just_before) != set()
    assert by_inbox(cast.spokesperson, at=end) == by_check(cast.spokesperson, at=end) == set()


def test_they_agree_where_one_person_holds_many_roles(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    """In a small agency one person may do nearly everything, but never judge the own draft."""
    for role in (Role.UNIT_HEAD, Role.SPECIALIST):
        give(cast.head, role, agency=cast.agency, unit=cast.division)
    walk = Walk(cast, set_clock).to("assign")
    walk.assign(to=cast.head)
    walk.draft(by=cast.head)
    task, at = walk.task("review"), walk.tick()

    assert task.pk not in by_inbox(cast.head, at=at)
    assert task.pk in by_inbox(cast.unit_head, at=at)
    assert disagreements(at) == {}


def test_a_role_in_another_unit_finds_nothing_of_this_one(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    other_unit = factories.make_unit(agency=cast.agency, code="TTRA")
    elsewhere = factories.make_person(username="elsewhere")
    give(elsewhere, Role.UNIT_HEAD, agency=cast.agency, unit=other_unit)
    walk = Walk(cast, set_clock).to("assign")
    at = walk.tick()

    assert by_inbox(elsewhere, at=at) == by_check(elsewhere, at=at) == set()
    assert by_inbox(cast.unit_head, at=at) == {walk.task("assign").pk}


def test_a_task_for_one_person_is_in_no_other_list(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    walk = Walk(cast, set_clock).to("draft")
    at = walk.tick()

    assert by_inbox(cast.specialist, at=at) == {walk.task("draft").pk}
    assert by_inbox(cast.colleague, at=at) == by_check(cast.colleague, at=at) == set()


def test_what_ended_is_in_no_list(cast: Cast, set_clock: Callable[[datetime], None]) -> None:
    walk = Walk(cast, set_clock, reply_form=ReplyForm.PORTAL).to("the end")
    at = walk.tick()

    assert {task.status for task in walk.process.task_set.all()} == {STATUS.DONE}
    assert all(by_inbox(person, at=at) == set() for person in cast.everybody())


def test_due_soonest_comes_first_and_what_has_no_date_last(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walks = [Walk(cast, set_clock).to("triage") for _number in range(3)]
    for walk, due in zip(walks, (None, SINCE + timedelta(days=40), SINCE + timedelta(days=30)), strict=True):
        walk.inquiry.due = due
        walk.inquiry.save()

    found = [task.assignment.inquiry for task in queries.inbox(cast.chief, at=START + timedelta(days=1))]

    assert found == [walks[2].inquiry, walks[1].inquiry, walks[0].inquiry]
