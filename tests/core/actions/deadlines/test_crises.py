"""The clock of a crisis: an ordinary deadline, from the event that the law of the day names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import permissions
from core.actions import casefile, deadlines
from core.enums import DeadlineOutcome, StartingEvent
from core.errors import Invalid, NotAllowedNow, NotFound
from core.models import Crisis, Deadline, RuleKey, TrailEntry
from core.permissions import MissingRole
from core.queries import deadlines as queries
from tests.desk import at
from tests.factories import make_crisis
from tests.walk import Cast, make_cast

pytestmark = pytest.mark.django_db
EVENT, OPINION = "initial_statement_event", "initial_statement_opinion"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def crisis(cast: Cast) -> Crisis:
    case = casefile.open_case(agency=cast.agency, title="Đề thi", by=cast.contact, at=at("2026-06-01T08:00"))
    return make_crisis(case=case, by=cast.contact)


def started(crisis: Crisis, code: str, when: datetime) -> Deadline:
    key = RuleKey.objects.get(code=code)
    (deadline,) = deadlines.start_on(crisis, key=key, started_at=when, by=None, at=when)
    return deadline


@pytest.mark.parametrize(
    ("code", "when", "due", "provision", "start"),
    [
        (EVENT, "2026-08-10T07:40", "2026-08-11T07:40", "244/2026/NĐ-CP:7.3", "receipt_and_handling"),
        (OPINION, "2026-08-10T09:10", "2026-08-11T09:10", "244/2026/NĐ-CP:7.4", "determination"),
        (EVENT, "2026-06-10T06:55", "2026-06-11T06:55", "09/2017/NĐ-CP:6.3.a", "occurrence"),
        (EVENT, "2026-06-30T23:59", "2026-07-01T23:59", "09/2017/NĐ-CP:6.3.a", "occurrence"),
        (EVENT, "2026-07-01T00:00", "2026-07-02T00:00", "244/2026/NĐ-CP:7.3", "receipt_and_handling"),
    ],
)
def test_the_initial_statement_is_due_a_day_after_what_the_law_of_that_day_counts_from(
    crisis: Crisis, code: str, when: str, due: str, provision: str, start: str
) -> None:
    deadline = started(crisis, code, at(when).astimezone(UTC))

    assert deadline.provision is not None
    assert (deadline.due, deadline.provision.code, deadline.start) == (at(due), provision, start)
    assert (deadline.crisis, deadline.case, deadline.reference) == (crisis, crisis.case, crisis.reference)


def test_the_last_instant_is_in_time_and_the_next_second_is_late(crisis: Crisis) -> None:
    deadline = started(crisis, EVENT, at("2026-08-10T07:40"))

    assert [deadline.is_late(at(f"2026-08-11T07:40:0{second}")) for second in (0, 1)] == [False, True]


@pytest.mark.parametrize(("second", "outcome"), [("00", DeadlineOutcome.MET), ("01", DeadlineOutcome.LATE)])
def test_what_is_said_ends_it_in_time_or_late(crisis: Crisis, second: str, outcome: DeadlineOutcome) -> None:
    deadline = started(crisis, EVENT, at("2026-08-10T07:40"))

    deadlines.end(deadline_id=deadline.pk, by=None, at=at(f"2026-08-11T07:40:{second}"))

    deadline.refresh_from_db()
    assert deadline.outcome == outcome


@pytest.mark.parametrize("code", ["speaks_national_incident", "speaks_joint_incident"])
def test_where_somebody_else_speaks_no_clock_runs(crisis: Crisis, code: str) -> None:
    deadline = started(crisis, code, at("2026-08-10T07:40"))

    assert (deadline.due, deadline.last_day) == (None, None)


def test_a_recorded_event_starts_it_and_stands_in_the_trail_of_the_case(cast: Cast, crisis: Crisis) -> None:
    (deadline,) = deadlines.record_event_on(
        crisis, key=RuleKey.objects.get(code=EVENT), occurred_at=at("2026-08-10T07:40"), by=cast.contact,
        at=at("2026-08-10T08:00"),
    )  # fmt: skip

    event = crisis.recorded_events.get()
    assert (event.kind, event.occurred_at) == (StartingEvent.RECEIPT_AND_HANDLING, at("2026-08-10T07:40"))
    entries = TrailEntry.objects.filter(stream=f"case:{crisis.case_id}").order_by("seq")
    assert [entry.type for entry in entries][-2:] == ["event.recorded", "deadline.started"]
    assert deadline.started_at == event.occurred_at


def test_an_event_still_to_come_is_refused_and_nothing_runs(cast: Cast, crisis: Crisis) -> None:
    now = at("2026-08-10T08:00")

    with pytest.raises(Invalid, match="has not come yet"):
        deadlines.record_event_on(
            crisis, key=RuleKey.objects.get(code=EVENT), occurred_at=now + timedelta(seconds=1),
            by=cast.contact, at=now,
        )  # fmt: skip

    assert not crisis.deadlines.exists()
    assert not crisis.recorded_events.exists()


def test_who_assesses_no_crisis_records_no_event_of_one(cast: Cast, crisis: Crisis) -> None:
    now = at("2026-08-10T08:00")

    with pytest.raises(MissingRole):
        deadlines.record_event_on(
            crisis, key=RuleKey.objects.get(code=EVENT), occurred_at=now, by=cast.clerk, at=now
        )


def test_the_same_clock_runs_once(crisis: Crisis) -> None:
    started(crisis, EVENT, at("2026-08-10T07:40"))

    with pytest.raises(NotAllowedNow, match="already runs"):
        started(crisis, EVENT, at("2026-08-10T07:40"))


def test_it_is_seen_by_whoever_sees_its_case(cast: Cast, crisis: Crisis) -> None:
    deadline, now = started(crisis, EVENT, at("2026-08-10T07:40")), at("2026-08-10T09:00")

    permissions.check_can_see_deadline(cast.contact, deadline, at=now)
    with pytest.raises(NotFound):
        permissions.check_can_see_deadline(cast.administrator, deadline, at=now)


@pytest.mark.parametrize(("is_drill", "counted"), [(False, 1), (True, 0)])
def test_a_drill_counts_in_no_statistics(crisis: Crisis, is_drill: bool, counted: int) -> None:
    deadline = started(crisis, EVENT, at("2026-08-10T07:40"))
    Crisis.objects.filter(pk=crisis.pk).update(is_drill=is_drill)
    deadlines.end(deadline_id=deadline.pk, by=None, at=at("2026-08-10T10:00"))

    found = queries.legal_statistics(
        crisis.agency, since=at("2026-08-01T00:00"), until=at("2026-09-01T00:00"), at=at("2026-09-01T00:00")
    )

    assert (found.met, found.total) == (counted, counted)
