"""Two at the same moment: one release wins; an agreed text is changed before it is spoken, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, DomainError, NotAllowedNow
from core.models import Crisis, Person, RuleKey, Statement, TrailEntry
from core.queries.trail import Verification
from tests.faults.test_races import at_once
from tests.walk import make_cast
from tests.workflows.crisis.running_walk import RunningWalk
from tests.workflows.crisis.statements_walk import ADDRESS, JointWalk, StatementWalk
from workflows import base
from workflows.crisis.actions import joint, redetermining, releasing
from workflows.crisis.actions.duties import Chosen
from workflows.crisis.models import JointVoice

pytestmark = pytest.mark.django_db(transaction=True)
SetClock = Callable[[datetime], None]


def release(walk: StatementWalk, by: Person) -> Callable[[], base.Step]:
    task, facts = (
        walk.tasks("release_statement")[-1].pk,
        releasing.ReleaseFacts(sha256=walk.sha256, address=ADDRESS),
    )
    return lambda: base.execute(
        task,
        by=by,
        perform=lambda step: releasing.release(statement=step.task.seed, facts=facts, by=step.by, at=step.at),
    )


def test_two_releases_at_once_say_it_once_and_the_other_is_told(
    transactional_db: None, set_clock: SetClock
) -> None:
    walk = StatementWalk(make_cast(), set_clock).run()
    walk.draft()
    walk.clear()

    results = at_once(release(walk, walk.cast.head), release(walk, walk.cast.spokesperson))

    (lost,) = [result for result in results if isinstance(result, DomainError)]
    assert isinstance(lost, Conflict)
    assert "already completed the step" in str(lost)
    assert Statement.objects.count() == 1
    assert TrailEntry.objects.filter(type="crisis_statement.released").count() == 1
    connections.close_all()


def test_a_release_beside_another_paragraph_comes_before_it_or_is_refused(
    transactional_db: None, set_clock: SetClock
) -> None:
    walk = RunningWalk(make_cast(), set_clock).run()
    walk.do("verify", by=walk.cast.contact)
    said = StatementWalk(walk.cast, set_clock, at=walk.at)
    said.crisis = walk.crisis
    said.draft()
    said.clear()
    national = Chosen(duty=RuleKey.objects.get(code="speaks_national_incident"), reason="Sự cố quốc gia.")
    crisis = Crisis.objects.get(pk=walk.crisis.pk)

    released, anew = at_once(
        release(said, walk.cast.spokesperson),
        lambda: redetermining.redetermine(crisis=crisis, chosen=national, by=walk.cast.chief),
    )

    assert not isinstance(anew, DomainError)
    clock = walk.crisis.deadlines.get()
    spoke = isinstance(released, base.Step)
    assert isinstance(released, NotAllowedNow) != spoke
    assert (Statement.objects.count(), clock.outcome) == ((1, "met") if spoke else (0, "void"))
    assert list(Verification().findings()) == []
    connections.close_all()


def test_an_objection_beside_the_release_of_an_agreed_text_comes_before_it_or_is_refused(
    transactional_db: None, set_clock: SetClock
) -> None:
    walk = JointWalk(make_cast(), set_clock)
    text = walk.agree(walk.propose())
    walk.speaks.draft()
    walk.speaks.clear()

    def object_to() -> Any:
        return joint.object_to(
            text=text, agency=walk.department.agency, objections={2: "Sai."}, by=walk.department.chief
        )

    def propose() -> Any:
        return walk.propose("Bản khác (giả định).")

    released, objected, proposed = at_once(release(walk.speaks, walk.lead.spokesperson), object_to, propose)

    assert not isinstance(proposed, DomainError)
    assert isinstance(released, base.Step) != isinstance(objected, JointVoice)
    (lost,) = [result for result in (released, objected) if isinstance(result, DomainError)]
    assert isinstance(lost, NotAllowedNow)
    assert Statement.objects.count() == isinstance(released, base.Step)
    assert JointVoice.objects.filter(agrees=False).count() == isinstance(objected, JointVoice)
    assert list(Verification().findings()) == []
    connections.close_all()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("is_drill", [False, True])
def test_a_drill_which_speaks_nothing_holds_no_mandate(
    transactional_db: None, set_clock: SetClock, is_drill: bool
) -> None:
    walk = StatementWalk(make_cast(), set_clock)
    walk.detect()
    Crisis.objects.filter(pk=walk.crisis.pk).update(is_drill=is_drill)
    walk.run()
    walk.draft()
    walk.clear()

    with CaptureQueriesContext(connection) as asked:
        walk.release()

    held = [row["sql"] for row in asked if "FOR NO KEY UPDATE" in row["sql"] and "core_mandate" in row["sql"]]
    assert bool(held) is not is_drill
