"""Making public who speaks: 12 hours after a signing under the old decree, 24 after a decision under the new one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core import events
from core.actions import deadlines, mandates
from core.enums import AgencyKind, DeadlineOutcome, DeadlineSource, LimitUnit, MandateEndCause
from core.errors import Invalid, NotAllowedNow, NotFound
from core.models import Deadline, Mandate, TrailEntry
from core.permissions import MissingRole
from core.rules.delegations import Ineligible
from tests.bureau import PAGE, Bureau, make_bureau, one
from tests.desk import Desk, at, local_rule
from tests.walk import make_cast

pytestmark = pytest.mark.django_db

HOURS, WORKING_DAYS = LimitUnit.HOURS, LimitUnit.WORKING_DAYS
MET, LATE = DeadlineOutcome.MET, DeadlineOutcome.LATE
SECOND = timedelta(seconds=1)


@pytest.fixture
def bureau() -> Bureau:
    return make_bureau()


# What is owed


def test_a_delegation_is_published_within_twelve_hours_of_its_signing_to_the_second(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00:30"))

    assert (deadline.started_at, deadline.due) == (at("2026-06-15T08:00:30"), at("2026-06-15T20:00:30"))
    assert (deadline.due_inclusive, deadline.source) == (True, DeadlineSource.LAW)
    assert deadline.provision is not None
    assert deadline.rule_set is not None
    assert (deadline.provision.code, deadline.rule_set.code) == ("09/2017/NĐ-CP:3.6", "luat-bao-chi-2016")
    assert (deadline.inquiry, deadline.agency, deadline.case) == (None, bureau.agency, bureau.case)


@pytest.mark.parametrize(
    ("signed", "due"),
    [("2026-06-30T23:59:59", at("2026-07-01T11:59:59")), ("2026-07-01T00:00:00", None)],
)
def test_the_law_is_that_of_the_signing_and_the_new_one_asks_nothing_for_a_delegate(
    bureau: Bureau, signed: str, due: object
) -> None:
    mandate = bureau.delegate(signed)

    assert list(mandate.deadlines.values_list("due", flat=True)) == ([due] if due else [])


def test_a_letter_signed_on_paper_and_known_later_is_owed_from_its_signing_under_its_law(
    bureau: Bureau,
) -> None:
    deadline = one(bureau.delegate("2026-06-30T16:00", known="2026-07-01T09:00"))

    assert (deadline.due, deadline.created_at) == (at("2026-07-01T04:00"), at("2026-07-01T09:00"))
    assert deadline.is_late(deadline.created_at)


def test_a_term_that_begins_later_delays_no_publication(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00", valid_from=at("2026-06-16T08:00")))

    assert deadline.due == at("2026-06-15T20:00")


def test_where_the_law_asks_nothing_more_a_local_rule_may_and_is_told_as_local(bureau: Bureau) -> None:
    local_rule(bureau.agency, "delegation_publication", 6, HOURS, start="signing")

    deadline = one(bureau.delegate("2026-07-02T08:00:01"))

    assert (deadline.source, deadline.due) == (DeadlineSource.LOCAL, at("2026-07-02T14:00:01"))
    assert (deadline.provision, deadline.rule_set) == (None, None)


def test_a_standing_spokesperson_is_published_within_a_day_of_the_decision_to_the_second(
    bureau: Bureau,
) -> None:
    deadline = one(bureau.assign("2026-07-06", decided_at=at("2026-07-06T09:30:15")))

    assert (deadline.started_at, deadline.due) == (at("2026-07-06T09:30:15"), at("2026-07-07T09:30:15"))
    assert deadline.provision is not None
    assert (deadline.provision.code, deadline.case) == ("244/2026/NĐ-CP:3.3", None)


def test_a_decision_that_names_its_day_alone_counts_from_the_beginning_of_it(bureau: Bureau) -> None:
    deadline = one(bureau.assign("2026-07-06"))

    assert (deadline.started_at, deadline.due) == (at("2026-07-06T00:00"), at("2026-07-07T00:00"))


def test_a_decision_made_on_another_day_than_it_is_dated_is_refused_and_nothing_recorded(
    bureau: Bureau,
) -> None:
    with pytest.raises(Invalid, match="another day") as refused:
        bureau.assign("2026-07-06", decided_at=at("2026-07-07T00:00"))

    assert set(refused.value.fields) == {"decided_at"}
    assert not Mandate.objects.filter(person=bureau.deputy).exists()


def test_beside_the_law_runs_the_agencys_own_stricter_clock(bureau: Bureau) -> None:
    local_rule(bureau.agency, "spokesperson_publication", 8, HOURS, start="assignment_decision")

    legal, local = bureau.assign("2026-07-06").deadlines.order_by("pk")

    assert (legal.source, legal.due) == (DeadlineSource.LAW, at("2026-07-07T00:00"))
    assert (local.source, local.due) == (DeadlineSource.LOCAL, at("2026-07-06T08:00"))


def test_the_old_decree_asked_for_it_without_hours_so_it_is_open_and_never_due() -> None:
    ministry = make_bureau(code="BNV-B", kind=AgencyKind.MINISTRY)
    deadline = one(ministry.assign("2026-06-01"))
    assert (deadline.due, deadline.is_open) == (None, True)

    ministry.publish(deadline, "2026-06-20T08:00")

    assert (deadline.outcome, ministry.counted()) == (MET, (0, 0, 0))


def test_a_department_under_the_old_decree_has_no_standing_spokesperson_and_owes_nothing(
    bureau: Bureau,
) -> None:
    with pytest.raises(Ineligible):
        bureau.assign("2026-06-30")

    assert not Deadline.objects.exists()


@pytest.mark.parametrize(("after", "outcome"), [(24, MET), (25, LATE)])
def test_a_publication_made_already_ends_the_clock_at_once_as_it_was(
    bureau: Bureau, after: int, outcome: DeadlineOutcome
) -> None:
    published_at = at("2026-07-06T00:00") + timedelta(hours=after)

    deadline = one(bureau.assign("2026-07-06", now="2026-07-20T08:00", published_at=published_at))

    assert (deadline.outcome, deadline.ended_at) == (outcome, published_at)


def test_each_clock_is_an_entry_in_the_stream_of_its_case_or_the_global_one(bureau: Bureau) -> None:
    delegated, standing = bureau.delegate("2026-06-15T08:00"), bureau.assign("2026-07-06")

    first, second = TrailEntry.objects.filter(type=events.DEADLINE_STARTED.code).order_by("pk")

    assert (first.stream, second.stream) == (f"case:{bureau.case.pk}", "global")
    assert (first.data["mandate"], first.data["reference"]) == (delegated.pk, "12/GUQ-SNV")
    assert (second.data["mandate"], second.data["reference"]) == (standing.pk, "128/QĐ-SNV")
    assert (first.data["due"], first.rule_set) == ("2026-06-15T13:00:00.000000Z", "luat-bao-chi-2016")
    assert "inquiry" not in first.data


# Published


@pytest.mark.parametrize(
    ("signed", "kind", "limit"), [("2026-06-15T08:00:30", "delegate", 12), ("2026-07-06", "assign", 24)]
)
@pytest.mark.parametrize(("late_by", "outcome"), [(timedelta(), MET), (SECOND, LATE)])
def test_the_last_instant_is_in_time_and_a_second_later_is_late(
    bureau: Bureau, signed: str, kind: str, limit: int, late_by: timedelta, outcome: DeadlineOutcome
) -> None:
    deadline = one(getattr(bureau, kind)(signed))
    published_at = deadline.started_at + timedelta(hours=limit) + late_by

    bureau.publish(deadline, published_at)

    assert (deadline.outcome, deadline.ended_at) == (outcome, published_at)
    assert bureau.counted() == ((1, 0, 0) if outcome == MET else (0, 1, 0))


def test_one_publication_ends_the_clock_of_the_law_and_the_agencys_own_each_with_its_verdict(
    bureau: Bureau,
) -> None:
    local_rule(bureau.agency, "spokesperson_publication", 8, HOURS, start="assignment_decision")
    legal, local = bureau.assign("2026-07-06").deadlines.order_by("pk")

    bureau.publish(local, "2026-07-06T09:00")

    legal.refresh_from_db()
    assert (legal.outcome, local.outcome) == (MET, LATE)


def test_what_was_published_in_time_and_recorded_later_is_in_time(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    bureau.publish(deadline, "2026-06-15T19:00", at=at("2026-06-18T08:00"))

    assert (deadline.outcome, deadline.ended_at) == (MET, at("2026-06-15T19:00"))


def test_the_entry_tells_who_published_it_where_and_when(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    bureau.publish(deadline, "2026-06-15T19:00")

    entry = TrailEntry.objects.get(type=events.DEADLINE_ENDED.code)
    assert (entry.stream, entry.actor_id) == (f"case:{bureau.case.pk}", bureau.contact.pk)
    assert (entry.data["address"], entry.data["posted"], entry.data["outcome"]) == (PAGE, False, "met")
    assert entry.occurred_at == at("2026-06-15T19:00")


def test_never_published_it_is_overdue_in_the_statistics(bureau: Bureau) -> None:
    bureau.delegate("2026-06-15T08:00")

    assert bureau.counted() == (0, 0, 1)


@pytest.mark.parametrize("ending", ["end", "revoke", "lapse"])
def test_the_end_of_a_mandate_leaves_its_publication_owed(bureau: Bureau, ending: str) -> None:
    mandate = bureau.delegate("2026-06-15T08:00")
    later = at("2026-06-17T08:00")

    if ending == "end":
        cause = MandateEndCause.LEFT_POST
        mandates.end(mandate=mandate, ends_at=later, cause=cause, by=None, at=later)
    elif ending == "revoke":
        mandates.revoke(mandate=mandate, by=bureau.head, at=at("2026-06-15T09:00"), reason="Đã về.")
    else:
        assert mandates.lapse(mandate=mandate, at=later)

    assert one(mandate).is_open


def test_only_whoever_publishes_who_speaks_records_it(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    for person in (bureau.head, bureau.bystander, bureau.stranger):
        with pytest.raises(MissingRole):
            bureau.publish(deadline, "2026-06-15T09:00", by=person)
    bureau.publish(deadline, "2026-06-15T09:00", by=bureau.clerk)

    assert deadline.outcome == MET


def test_a_delegation_of_a_case_that_is_not_open_to_a_person_is_not_found(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))
    bureau.restrict()

    with pytest.raises(NotFound):
        bureau.publish(deadline, "2026-06-15T09:00")

    assert one_of(deadline).is_open


def one_of(deadline: Deadline) -> Deadline:
    return Deadline.objects.get(pk=deadline.pk)


@pytest.mark.parametrize(
    ("when", "given", "field"),
    [
        ("2026-06-15T07:59:59", {}, "published_at"),
        ("2026-06-15T09:00:01", {}, "published_at"),
        ("2026-06-15T09:00", {"address": "  "}, "address"),
        ("2026-06-15T09:00", {"address": "javascript:alert(1)"}, "address"),
        ("2026-06-15T09:00", {"address": "trang chủ"}, "address"),
        ("2026-06-15T09:00", {"address": "", "is_posted": True}, "is_posted"),
    ],
)
def test_bad_input_is_told_by_its_field_and_ends_nothing(
    bureau: Bureau, when: str, given: dict[str, object], field: str
) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))

    with pytest.raises(Invalid) as refused:
        bureau.publish(deadline, when, **{"at": at("2026-06-15T09:00"), **given})

    assert set(refused.value.fields) == {field}
    assert one_of(deadline).is_open


def test_a_commune_without_a_site_posts_it_at_its_headquarters() -> None:
    commune = make_bureau(code="XA-B", kind=AgencyKind.COMMUNE)
    deadline = one(commune.delegate("2026-06-15T08:00"))

    commune.publish(deadline, "2026-06-15T09:00", address="", is_posted=True)

    entry = TrailEntry.objects.get(type=events.DEADLINE_ENDED.code)
    assert (deadline.outcome, entry.data["posted"], entry.data["address"]) == (MET, True, "")


def test_a_publication_is_recorded_once(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))
    bureau.publish(deadline, "2026-06-15T09:00")

    with pytest.raises(NotAllowedNow, match="stays as it was"):
        bureau.publish(deadline, "2026-06-15T21:00")

    assert (deadline.outcome, deadline.ended_at) == (MET, at("2026-06-15T09:00"))


def test_a_publication_is_not_recorded_as_merely_done(bureau: Bureau) -> None:
    deadline = one(bureau.delegate("2026-06-15T08:00"))
    now = at("2026-06-15T09:00")

    with pytest.raises(NotAllowedNow, match="asks for a publication"):
        deadlines.finish(deadline=deadline, done_at=now, by=bureau.contact, at=now)

    assert one_of(deadline).is_open


def test_what_is_owed_on_an_inquiry_is_no_publication() -> None:
    desk = Desk(make_cast())
    deadline = desk.one("reply_on_press", "2026-09-01T09:00")
    now = at("2026-09-01T10:00")

    with pytest.raises(NotAllowedNow, match="asks for no publication"):
        deadlines.publish(deadline=deadline, published_at=now, address=PAGE, by=desk.cast.contact, at=now)

    assert one_of(deadline).is_open


# Moved and voided as any other


def test_a_new_calendar_moves_a_local_clock_in_working_days(bureau: Bureau) -> None:
    local_rule(bureau.agency, "delegation_publication", 10, WORKING_DAYS, start="signing")
    deadline = one(bureau.delegate("2026-11-10T09:00"))
    desk = Desk(make_cast())
    before = deadline.last_day

    desk.publish()
    moved = desk.recompute("2026-11-12T09:00")

    deadline.refresh_from_db()
    entry = TrailEntry.objects.get(type=events.DEADLINE_MOVED.code)
    assert (moved, before, deadline.last_day) == (1, date(2026, 11, 25), date(2026, 11, 26))
    assert (entry.stream, entry.data["mandate"]) == (f"case:{bureau.case.pk}", deadline.mandate_id)


def test_its_keeper_extends_or_voids_it_with_a_reason_and_nobody_to_whom_it_is_not_open(
    bureau: Bureau,
) -> None:
    deadline, now = one(bureau.assign("2026-07-06")), at("2026-07-06T13:00")
    given: dict[str, Any] = {"basis": "Điều 5", "reason": "Cổng hỏng.", "at": now}

    with pytest.raises(MissingRole):
        deadlines.extend(deadline=deadline, until=date(2026, 7, 10), by=bureau.stranger, **given)
    deadlines.extend(deadline=deadline, until=date(2026, 7, 10), by=bureau.contact, **given)
    deadlines.void(deadline=deadline, reason="Nhập nhầm.", by=bureau.contact, at=now)

    found = one_of(deadline)
    assert (found.due, found.outcome) == (at("2026-07-11T00:00"), DeadlineOutcome.VOID)
