"""Role by state by action: exactly these people may do each act of a delegation, and nobody else."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core import permissions as core_permissions
from core.actions import people
from core.enums import Circumstance, Codename, PostKind, ReplyForm
from core.models import Person
from core.permissions import allowed
from tests.walk import Cast, Walk, make_cast
from tests.workflows.delegation.walk import MONDAY, SCAN, WEDNESDAY, DelegationWalk
from workflows import permissions, queries

pytestmark = pytest.mark.django_db
SetClock = Callable[[datetime], None]

DRAFTERS = {"contact", "clerk", "chief", "unit_head", "legal", "spokesperson", "deputy", "head"}
STEPS = {
    "draft": DRAFTERS,
    "sign": {"head"},
    "register_paper": {"clerk"},
    "stamp": {"clerk"},
}


def named(cast: Cast, found: Iterable[Person]) -> set[str]:
    pks = {person.pk for person in found}
    return {name for name, person in vars(cast).items() if isinstance(person, Person) and person.pk in pks}


def walk_to(node: str, set_clock: SetClock) -> DelegationWalk:
    walk = DelegationWalk(make_cast(), set_clock)
    walk.propose()
    if node != "draft":
        walk.draft(is_on_paper=node == "register_paper")
    if node == "stamp":
        walk.sign()
    return walk


@pytest.mark.parametrize("node", STEPS)
def test_exactly_these_people_may_do_the_step_and_find_it_in_their_work(
    set_clock: SetClock, node: str
) -> None:
    walk = walk_to(node, set_clock)
    task, everybody = walk.task(node), walk.cast.everybody()

    by_check = [each for each in everybody if allowed(permissions.check_can_execute, each, task, at=walk.at)]
    by_inbox = [each for each in everybody if queries.inbox(each, at=walk.at).filter(pk=task.pk).exists()]

    assert named(walk.cast, by_check) == STEPS[node]
    assert named(walk.cast, by_inbox) == STEPS[node]


STATES = {
    "nobody_delegated": {"head", "spokesperson"},
    "drafted": {"head", "spokesperson"},
    "signed_not_begun": {"head", "spokesperson"},
    "in_force": {"head", "spokesperson", "unit_head"},
    "expired": {"head", "spokesperson"},
    "revoked": {"head", "spokesperson"},
    "another_case": {"head", "spokesperson"},
    "head_left": {"spokesperson", "unit_head"},
    "acting_head": {"spokesperson", "unit_head", "deputy"},
    "deputy_running": {"spokesperson", "unit_head"},
}


def in_state(state: str, set_clock: SetClock) -> DelegationWalk:
    walk = DelegationWalk(make_cast(), set_clock)
    if state == "nobody_delegated":
        return walk
    walk.propose()
    walk.draft()
    if state == "drafted":
        walk.now(MONDAY)
        return walk
    walk.sign()
    walk.now({"signed_not_begun": walk.at, "expired": WEDNESDAY}.get(state, MONDAY + timedelta(hours=1)))
    if state == "revoked":
        walk.revoke()
    if state == "another_case":
        walk.case = DelegationWalk(walk.cast, set_clock, at=walk.at).case
    if state in ("head_left", "acting_head", "deputy_running"):
        _without_a_head(walk, state)
    return walk


def _without_a_head(walk: DelegationWalk, state: str) -> None:
    post = walk.cast.head.posts.get()
    people.end_post(post=post, valid_until=walk.at, by=None, at=walk.at)
    kinds = {"acting_head": PostKind.ACTING_HEAD, "deputy_running": PostKind.DEPUTY_RUNNING}
    if state in kinds:
        people.appoint(
            person=walk.cast.deputy, agency=walk.cast.agency, kind=kinds[state], title="Quyền Giám đốc",
            valid_from=walk.at, by=None, at=walk.at,
        )  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_exactly_these_people_may_speak_on_the_case(set_clock: SetClock, state: str) -> None:
    walk = in_state(state, set_clock)

    speakers = [
        each
        for each in walk.cast.everybody()
        if allowed(
            core_permissions.check_may_speak,
            each,
            agency=walk.cast.agency,
            case=walk.case,
            form=None,
            at=walk.at,
        )
    ]

    assert named(walk.cast, speakers) == STATES[state]


HEADS = {
    "nobody_delegated": {"head"},
    "in_force": {"head"},
    "head_left": set(),
    "acting_head": {"deputy"},
    "deputy_running": set(),
}


@pytest.mark.parametrize("state", HEADS)
def test_exactly_the_head_in_office_delegates_and_revokes(set_clock: SetClock, state: str) -> None:
    walk = in_state(state, set_clock)

    heads = [
        each
        for each in walk.cast.everybody()
        if allowed(core_permissions.check_heads, each, agency=walk.cast.agency, at=walk.at)
    ]

    assert named(walk.cast, heads) == HEADS[state]


STARTS = {
    "delegation_propose": DRAFTERS,
    "delegation_report": {"spokesperson", "unit_head"},
    "delegation_file_paper": {"clerk"},
    "delegation_revoke": {"head"},
    "case_close": {"chief", "head"},
}


def post_form(walk: DelegationWalk, person: Person, name: str) -> int:
    """What the page answers to the filled-in form; whatever it did is taken back."""
    given = {
        "to": walk.cast.legal.pk, "valid_from": "2026-07-13T09:30", "valid_until": "2026-07-15T17:00",
        "circumstance": Circumstance.ASSIGNED, "reason": "x", "request": "x", "overlap_note": "x", "number": 7,
        "issued_on": "2026-07-13", "signed_by": walk.cast.head.pk, "signed_at": "2026-07-13T09:00",
        "scan": SimpleUploadedFile(*SCAN),
    }  # fmt: skip
    client = Client()
    client.force_login(person)
    of_delegation = name == "delegation_revoke"
    with transaction.atomic():
        address = reverse(name, args=[walk.delegation.pk if of_delegation else walk.case.pk])
        status = client.post(address, given).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("name", STARTS)
def test_exactly_these_people_do_a_start_act_by_sending_its_form(set_clock: SetClock, name: str) -> None:
    walk = in_state("in_force", set_clock)

    statuses = {person: post_form(walk, person, name) for person in walk.cast.everybody()}

    done = [person for person, status in statuses.items() if status == 302]
    assert named(walk.cast, done) == STARTS[name]
    assert set(statuses.values()) == {302, 403, 404}


@pytest.mark.parametrize(
    ("form", "node", "who"),
    [
        (ReplyForm.INTERVIEW, "decide", {"head", "spokesperson", "unit_head"}),
        (ReplyForm.INTERVIEW, "release", {"head", "spokesperson", "unit_head"}),
        (ReplyForm.EMAIL, "release", {"head", "spokesperson", "unit_head"}),
        (ReplyForm.PORTAL, "release", {"head", "spokesperson", "unit_head"}),
    ],
)
def test_a_delegate_finds_the_steps_of_speaking_of_the_one_case_among_the_work(
    set_clock: SetClock, form: ReplyForm, node: str, who: set[str]
) -> None:
    walk = DelegationWalk(make_cast(), set_clock, at=MONDAY - timedelta(days=3))
    inquiry, other = (
        Walk(walk.cast, set_clock, at=walk.at, reply_form=form).to(node) for _number in range(2)
    )
    walk.case = inquiry.inquiry.case
    walk.signed()
    walk.now(MONDAY)

    def doers(task_pk: int) -> set[str]:
        found = [
            each
            for each in walk.cast.everybody()
            if queries.inbox(each, at=MONDAY).filter(pk=task_pk).exists()
        ]
        return named(walk.cast, found)

    assert doers(inquiry.task(node).pk) == who
    assert doers(other.task(node).pk) == {"head", "spokesperson"}
    assert {
        name
        for name, person in vars(walk.cast).items()
        if isinstance(person, Person)
        and allowed(permissions.check_can_execute, person, inquiry.task(node), at=MONDAY)
    } == who


def test_the_rights_of_this_procedure_are_held_by_these_roles(set_clock: SetClock) -> None:
    cast = make_cast()

    def holders(right: Codename) -> set[str]:
        found = [
            each
            for each in cast.everybody()
            if allowed(core_permissions.check_role, each, right, agency=cast.agency, at=MONDAY)
        ]
        return named(cast, found)

    assert {right: holders(right) for right in RIGHTS} == RIGHTS


RIGHTS = {
    Codename.DRAFT_DELEGATION: DRAFTERS,
    Codename.DELEGATE_SPEAKING: {"head"},
    Codename.REGISTER_DELEGATION: {"clerk"},
    Codename.PUBLISH_SPEAKERS: {"contact", "clerk", "chief"},
    Codename.CLOSE_CASE: {"chief", "head"},
}
