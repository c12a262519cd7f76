"""Role by state by action: exactly these people may do each act of the running procedure, under either law."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.actions import people
from core.enums import AgencyKind, CrisisLevel, CrisisPart, PostKind, Secrecy, StatementForm
from core.errors import NotAllowedNow, NotFound, Refused
from core.models import Case, CaseParticipant, MandateForm, Person, Post
from core.permissions import allowed
from tests.factories import make_agency
from tests.register import appointed, delegated
from tests.walk import ZONE, Cast
from workflows import permissions, queries
from workflows.crisis.actions import closing, joint, levels, opening, statements
from workflows.crisis.queries import board
from workflows.permissions import NotInPart

from .running_walk import RunningWalk
from .statements_walk import StatementWalk, assigned
from .walk import CrisisWalk, make_playbook, step

On = Callable[[datetime], RunningWalk]
STEPS = {
    "assess": {"contact", "chief", "spokesperson", "deputy", "head"},
    "activate": {"deputy", "head"},
    "verify": {"contact"},
    "preserve": {"specialist", "colleague"},
    "report": {"contact", "chief", "deputy", "head"},
    "stand_down": {"head"},
    "review": {"chief", "head"},
}
STATEMENTS = {
    "draft_statement": {
        "contact", "chief", "unit_head", "specialist", "colleague", "spokesperson", "deputy", "head",
    },
    "clear_statement": {"legal"},
    "release_statement": {"head", "spokesperson"},
}  # fmt: skip
ASSESSORS = STEPS["assess"]
STATES = ("detected", "assessed", "running", "stood_down", "closed")
REGIMES = {"old law": datetime(2026, 6, 10, 8, tzinfo=ZONE), "new law": datetime(2026, 8, 10, 8, tzinfo=ZONE)}


def named(cast: Cast, found: Iterable[Person]) -> set[str]:
    pks = {person.pk for person in found}
    return {name for name, person in vars(cast).items() if isinstance(person, Person) and person.pk in pks}


def may_do(walk: CrisisWalk, task: Any) -> tuple[set[str], set[str]]:
    """Who may do the step by the check, and who finds it in the work list."""
    cast, at = walk.cast, walk.at
    everybody = cast.everybody()
    by_check = [each for each in everybody if allowed(permissions.check_can_execute, each, task, at=at)]
    by_inbox = [each for each in everybody if queries.doable_by(each, at=at).filter(pk=task.pk).exists()]
    return named(cast, by_check), named(cast, by_inbox)


@pytest.mark.parametrize("instant", REGIMES.values(), ids=REGIMES)
def test_exactly_these_people_may_do_each_step_and_find_it_in_their_work(
    walk_on: On, instant: datetime
) -> None:
    walk = walk_on(instant).begin()
    found: dict[str, tuple[set[str], set[str]]] = {}

    found["assess"] = may_do(walk, walk.tasks("assess")[0])
    walk.assess()
    found["activate"] = may_do(walk, walk.tasks("activate")[0])
    walk.activate()
    for code in ("verify", "preserve"):
        found[code] = may_do(walk, walk.task_of(code))
    for node in ("report", "stand_down"):
        found[node] = may_do(walk, walk.tasks(node)[0])
    walk.stand_down(is_forced=True)
    found["review"] = may_do(walk, walk.tasks("review")[0])

    assert found == {name: (people, people) for name, people in STEPS.items()}


def test_exactly_these_people_draft_clear_and_release(walk_on: On) -> None:
    base = walk_on(REGIMES["new law"])
    walk = StatementWalk(base.cast, base.set_clock, at=base.at).run()
    found: dict[str, tuple[set[str], set[str]]] = {}

    found["draft_statement"] = may_do(walk, walk.tasks("draft_statement")[0])
    walk.draft()
    found["clear_statement"] = may_do(walk, walk.tasks("clear_statement")[0])
    walk.clear()
    found["release_statement"] = may_do(walk, walk.tasks("release_statement")[0])

    assert found == {name: (people, people) for name, people in STATEMENTS.items()}


@pytest.mark.parametrize(
    ("given", "may"), [(StatementForm.DIRECT, True), (StatementForm.PRESS_CONFERENCE, False)]
)
def test_a_delegation_for_the_case_reaches_as_far_as_its_forms(
    walk: RunningWalk, given: StatementForm, may: bool
) -> None:
    said = StatementWalk(walk.cast, walk.set_clock).run()
    mandate = delegated(walk.cast.deputy, case=said.crisis.case, by=walk.cast.head)
    MandateForm.objects.create(mandate=mandate, form=given)
    said.draft(form=StatementForm.DIRECT)
    said.clear()

    by_check, by_inbox = may_do(said, said.tasks("release_statement")[0])

    assert by_check == by_inbox == {"head", "spokesperson"} | ({"deputy"} if may else set())


def doers(cast: Cast, act: Callable[[Person], object]) -> set[str]:
    """Who does the act; whatever it did is taken back. Anybody else hears that he may not, or of no such case."""
    done = []
    for person in cast.everybody():
        with transaction.atomic():
            try:
                act(person)
                done.append(person)
            except (Refused, NotFound, NotAllowedNow):
                pass
            transaction.set_rollback(True)
    return named(cast, done)


def bring_to(walk: RunningWalk, state: str) -> None:
    acts: tuple[Callable[[], object], ...] = (
        walk.begin,
        walk.assess,
        walk.activate,
        lambda: walk.stand_down(is_forced=True),
        walk.review,
    )
    for act in acts[: STATES.index(state) + 1]:
        act()


@pytest.mark.parametrize("state", STATES)
def test_level_paragraph_and_steps_are_changed_only_while_it_runs_and_by_whoever_assesses(
    walk: RunningWalk, state: str
) -> None:
    bring_to(walk, state)
    crisis, added = walk.crisis, levels.Added(title="Gọi", part=CrisisPart.CLERK)

    found = {
        "level": doers(
            walk.cast, lambda by: levels.change(crisis=crisis, new=CrisisLevel.GRAVE, reason="Lan.", by=by)
        ),
        "step": doers(walk.cast, lambda by: levels.add_step(crisis=crisis, added=added, by=by)),
        "paragraph": doers(walk.cast, lambda by: walk.redetermine("speaks_national_incident", by=by)),
    }

    expected = ASSESSORS if state == "running" else set()
    assert found == {"level": expected, "step": expected, "paragraph": expected}


def left_to_the_deputy(walk: RunningWalk) -> None:
    """The head's post ends, whose account keeps its role; a deputy is put in charge of the vacant post."""
    post = Post.objects.get(person=walk.cast.head)
    people.end_post(post=post, valid_until=walk.at, by=None, at=walk.at)
    appointed(walk.cast.deputy, walk.cast.agency, kind=PostKind.DEPUTY_IN_CHARGE, since=walk.at)


def test_the_deputy_in_charge_of_the_vacant_post_acts_as_the_head_and_whoever_has_its_role_does_not(
    walk: RunningWalk,
) -> None:
    steps = (step("verify", 1), step("order", 2, CrisisPart.HEAD))
    walk.begin(version=make_playbook(steps=steps)).assess().activate()
    walk.pass_time(minutes=1)
    left_to_the_deputy(walk)

    found = {node: may_do(walk, task) for node, task in (
        ("order", walk.task_of("order")), ("stand_down", walk.tasks("stand_down")[0]),
    )}  # fmt: skip

    assert found == {"order": ({"deputy"}, {"deputy"}), "stand_down": ({"deputy"}, {"deputy"})}
    with pytest.raises(NotInPart, match=f"Only {walk.cast.deputy.full_name}, who heads"):
        closing.stand_down(
            process=walk.process, reason="Xong.", by=walk.cast.head, at=walk.at, is_forced=True
        )
    assert board.holders([walk.cast.agency.pk], at=walk.at)[walk.cast.agency.pk, "head"] == [
        walk.cast.deputy.full_name
    ]


def test_while_nobody_heads_the_agency_acts_and_steps_of_the_head_and_the_page_say_so(
    walk: RunningWalk,
) -> None:
    walk.run()
    crisis, head = walk.crisis, walk.cast.head
    client = Client()
    client.force_login(walk.cast.chief)
    said = f"Nobody heads {walk.cast.agency.name} now"
    page = reverse("crisis", args=[crisis.pk])
    assert said not in client.get(page).content.decode()
    walk.pass_time(minutes=1)
    people.end_post(post=Post.objects.get(person=head), valid_until=walk.at, by=None, at=walk.at)

    with pytest.raises(NotInPart, match=said):
        closing.stand_down(process=walk.process, reason="Xong.", by=head, at=walk.at, is_forced=True)
    with pytest.raises(NotInPart, match=said):
        permissions.check_can_execute(head, walk.tasks("stand_down")[0], at=walk.at)
    assert said in client.get(page).content.decode()


def test_whoever_does_not_see_the_case_does_nothing_beside_the_path(walk: RunningWalk) -> None:
    walk.run(duty="speaks_joint_incident")
    cast, crisis, lead = walk.cast, walk.crisis, make_agency(kind=AgencyKind.MINISTRY)
    Case.objects.filter(pk=crisis.case_id).update(secrecy=Secrecy.RESTRICTED)
    CaseParticipant.objects.filter(case=crisis.case).exclude(person=cast.chief).delete()

    found = {
        "statement": doers(
            cast, lambda by: statements.open_beside(crisis=crisis, form=StatementForm.DIRECT, by=by)
        ),
        "matter": doers(
            cast, lambda by: joint.open_matter(crisis=crisis, assigned=assigned(lead, cast.agency), by=by)
        ),
    }

    assert found == {"statement": {"chief"}, "matter": {"chief"}}


def test_everybody_who_works_in_the_agency_notes_a_crisis_there(walk: RunningWalk) -> None:
    def detect(by: Person) -> None:
        noticed = opening.Noticed(title="Tin (giả định)", detected_at=walk.at)
        opening.detect(agency=walk.cast.agency, noticed=noticed, by=by)

    everybody = named(walk.cast, walk.cast.everybody())
    assert doers(walk.cast, detect) == everybody - {"auditor", "administrator", "stranger"}
