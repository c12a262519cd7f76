"""Two people, or a person and a job, at the clock of one mandate at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection  # noqa: F401 - the condition of a skip names it

from core.actions import deadlines
from core.enums import DeadlineOutcome
from core.errors import Conflict, NotAllowedNow
from core.models import Deadline, Mandate, Reminder, TrailEntry
from tests.bureau import PAGE, Bureau, make_bureau, one
from tests.desk import at
from tests.faults.test_races import at_once
from workflows import locks, reminders

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2026-06-15T19:00")


@pytest.fixture
def bureau(transactional_db: None, set_clock: Callable[[datetime], None]) -> Bureau:
    set_clock(NOW)
    return make_bureau()


def publish(deadline: Deadline, bureau: Bureau) -> None:
    with locks.held_for(Deadline.objects.get(pk=deadline.pk)) as instant:
        deadlines.publish(
            deadline=deadline, published_at=instant, address=PAGE, by=bureau.contact, at=instant
        )


def test_a_publication_recorded_twice_at_once_is_recorded_once(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    results = at_once(*[lambda: publish(deadline, bureau)] * 2)

    assert [type(result) for result in results if result] == [NotAllowedNow]
    assert TrailEntry.objects.filter(type="deadline.ended").count() == 1


def test_two_sweeps_at_once_tell_everybody_once(bureau: Bureau) -> None:
    bureau.delegate("2026-06-15T08:00")

    results = at_once(*[lambda: reminders.sweep(at=NOW)] * 2)

    rows = Reminder.objects.count()
    assert rows == 3
    assert sum(results) == rows


def test_a_reminder_and_a_publication_at_once_leave_one_verdict_and_no_error(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    results = at_once(lambda: reminders.sweep(at=NOW), lambda: publish(deadline, bureau))

    deadline.refresh_from_db()
    assert results[1] is None
    assert results[0] in (0, 3)
    assert deadline.outcome == DeadlineOutcome.MET


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_mandate_that_somebody_holds_too_long_is_a_conflict_in_words(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    with locks.held_for(deadline):
        (result,) = at_once(lambda: publish(deadline, bureau))

    assert isinstance(result, Conflict)
    assert "working on this right now" in str(result)
    mandate = deadline.mandate
    assert mandate is not None
    assert one(Mandate.objects.get(pk=mandate.pk)).is_open
