"""The sweep: heads that change and come back, what a closed case leaves behind, each under the lock of its run."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.actions import casefile, people
from core.enums import PostKind, Role
from core.models import Mandate, Person, TrailEntry
from tests.walk import Cast, give
from workflows import delegations
from workflows.delegation import queries
from workflows.delegation.actions import confirming
from workflows.delegation.models import DelegationProcess, Outcome

from .walk import MONDAY, WEDNESDAY, DelegationWalk

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> DelegationWalk:
    return DelegationWalk(cast, set_clock)


def becomes_head(walk: DelegationWalk, person: Person) -> None:
    """Whoever heads the agency leaves the post for this person, now."""
    for old in Mandate.objects.filter(kind="ex_officio", agency=walk.cast.agency, valid_until=None):
        assert old.post is not None
        people.end_post(post=old.post, valid_until=walk.at, by=None, at=walk.at)
    people.appoint(
        person=person, agency=walk.cast.agency, kind=PostKind.HEAD, title="Giám đốc Sở", valid_from=walk.at, by=None,
        at=walk.at,
    )  # fmt: skip
    if not person.role_assignments.filter(group__name=Role.HEAD).exists():
        give(person, Role.HEAD, agency=walk.cast.agency)


def questions(walk: DelegationWalk) -> int:
    asked = DelegationProcess.objects.filter(delegation=walk.delegation, new_head__isnull=False)
    return len(asked)


def test_a_head_who_comes_after_the_end_of_the_term_is_not_asked(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    walk.now(WEDNESDAY)
    becomes_head(walk, walk.cast.deputy)

    delegations.sweep()

    walk.delegation.refresh_from_db()
    assert (walk.steps, walk.delegation.outcome, questions(walk)) == (set(), Outcome.EXPIRED, 0)


def test_a_mandate_that_is_over_is_laid_before_nobody(walk: DelegationWalk) -> None:
    walk.signed()
    walk.now(WEDNESDAY)
    becomes_head(walk, walk.cast.deputy)

    assert not confirming.ask(delegation=walk.delegation, at=WEDNESDAY)
    assert questions(walk) == 0


def test_a_head_who_comes_back_without_having_judged_is_asked_again(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    for hours, head in enumerate((walk.cast.deputy, walk.cast.chief, walk.cast.deputy), start=1):
        walk.now(MONDAY + hours * HOUR)
        becomes_head(walk, head)
        delegations.sweep()
        delegations.sweep()

    assert walk.steps == {"in_force", "confirm"}
    assert walk.task("confirm").owner == walk.cast.deputy
    walk.confirm(walk.cast.deputy)
    assert walk.steps == {"in_force"}
    assert TrailEntry.objects.filter(type="delegation.confirmed").count() == 1


def test_a_head_who_comes_back_having_judged_is_not_asked_again(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + HOUR)
    becomes_head(walk, walk.cast.deputy)
    delegations.sweep()
    walk.confirm(walk.cast.deputy)
    for hours, head in enumerate((walk.cast.chief, walk.cast.deputy), start=2):
        walk.now(MONDAY + hours * HOUR)
        becomes_head(walk, head)
        delegations.sweep()

    assert walk.steps == {"in_force"}


def test_what_happened_since_the_sweep_began_is_seen_under_the_lock(walk: DelegationWalk) -> None:
    walk.signed()
    walk.stamp()
    walk.now(MONDAY + HOUR)
    becomes_head(walk, walk.cast.deputy)
    as_it_was = type(walk.delegation).objects.select_related("mandate").get(pk=walk.delegation.pk)
    assert as_it_was.mandate is not None
    delegations.sweep()
    walk.revoke(by=walk.cast.deputy)

    assert confirming.close_if_moot(delegation=as_it_was, at=walk.at)
    assert queries.running(walk.delegation, "confirm") is None


@pytest.mark.parametrize("node", ["draft", "sign", "register_paper"])
def test_what_a_closed_case_leaves_unsigned_is_given_up_by_the_system(
    walk: DelegationWalk, node: str
) -> None:
    walk.propose()
    if node != "draft":
        walk.draft(is_on_paper=node == "register_paper")
    assert walk.steps == {node}
    casefile.close(case=walk.case, reason="Xong.", by=walk.cast.chief, at=walk.at)

    delegations.sweep()
    delegations.sweep()

    walk.delegation.refresh_from_db()
    entry = TrailEntry.objects.get(type="delegation.dropped")
    run = walk.delegation.processes.get()
    assert (walk.steps, walk.delegation.outcome) == (set(), Outcome.DROPPED)
    assert (entry.actor_kind, entry.actor_id, entry.data["step"]) == ("system", None, node)
    assert "case was closed" in entry.reason
    assert run.task_set.order_by("pk").last().flow_task.name == "dropped"
    assert run.finished is not None


def test_what_was_signed_before_its_case_was_closed_is_not_given_up(walk: DelegationWalk) -> None:
    walk.signed()
    casefile.close(case=walk.case, reason="Xong.", by=walk.cast.chief, at=walk.at)

    delegations.sweep()

    walk.delegation.refresh_from_db()
    assert walk.delegation.outcome != Outcome.DROPPED
    assert not TrailEntry.objects.filter(type="delegation.dropped").exists()
