"""Role by step: exactly these people may do each step, and nobody else."""

from collections.abc import Callable
from datetime import datetime

import pytest

from core.enums import ReplyForm
from core.permissions import allowed
from tests.walk import Walk, make_cast
from workflows import permissions, queries

pytestmark = pytest.mark.django_db

WHO = {
    "triage": {"chief", "head"},
    "assign": {"unit_head", "head"},
    "draft": {"specialist"},
    "review": {"unit_head"},
    "clear": {"legal"},
    "decide": {"head", "spokesperson"},
    "sign": {"head"},
    "stamp": {"clerk"},
    "release": {"head", "spokesperson"},
    "follow_up": {"contact", "chief"},
}


@pytest.mark.parametrize("node", WHO)
def test_exactly_these_people_may_do_the_step_and_find_it_in_their_work(
    set_clock: Callable[[datetime], None], node: str
) -> None:
    walk = Walk(make_cast(), set_clock, reply_form=ReplyForm.LETTER).to(node)
    task, at = walk.task(node), walk.tick()
    everybody = {name: person for name, person in vars(walk.cast).items() if person in walk.cast.everybody()}

    by_check = {
        name
        for name, person in everybody.items()
        if allowed(permissions.check_can_execute, person, task, at=at)
    }
    by_inbox = {
        name for name, person in everybody.items() if queries.inbox(person, at=at).filter(pk=task.pk).exists()
    }

    assert by_check == WHO[node]
    assert by_inbox == WHO[node]
