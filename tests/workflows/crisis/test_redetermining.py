"""The paragraph of the law is determined anew while the playbook runs: its clock, who speaks, what stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.actions import deadlines
from core.enums import AgencyKind, DeadlineOutcome
from core.errors import Invalid, NotAllowedNow
from core.models import Deadline, OutgoingMail, TrailEntry
from core.queries.trail import sentence
from tests.factories import make_agency
from tests.walk import ZONE
from workflows.crisis.actions import joint
from workflows.crisis.actions.closing import NothingSaid
from workflows.crisis.models import Assessment, CrisisStatement, StandDown
from workflows.crisis.queries import late

from .running_walk import RunningWalk
from .statements_walk import StatementWalk, assigned

EVENT, OPINION = "initial_statement_event", "initial_statement_opinion"
NATIONAL, JOINT = "speaks_national_incident", "speaks_joint_incident"
On = Callable[[datetime], RunningWalk]


def speaking(walk: RunningWalk) -> StatementWalk:
    """The hand that speaks on the same crisis, whose facts are known."""
    walk.run()
    walk.do("verify", by=walk.cast.contact)
    said = StatementWalk(walk.cast, walk.set_clock, at=walk.at)
    said.crisis = walk.crisis
    return said


def clocks(walk: RunningWalk) -> list[tuple[str, str]]:
    rows = walk.crisis.deadlines.order_by("pk")
    return [(row.key.code if row.key else "", row.outcome) for row in rows]


def test_another_paragraph_sets_the_old_clock_aside_and_starts_its_own_from_its_event(
    walk: RunningWalk,
) -> None:
    walk.run()
    walk.pass_time(hours=2)

    row = walk.redetermine(OPINION, reason="Thành dư luận trái chiều.")

    crisis = walk.crisis
    assert (row.is_anew, row.version, row.level, row.duty) == (True, walk.version, crisis.level, crisis.duty)
    assert (crisis.provision, crisis.started_at) == (row.provision, walk.at)
    assert clocks(walk) == [(EVENT, DeadlineOutcome.VOID), (OPINION, "")]
    assert Deadline.objects.open().get(crisis=crisis).due == walk.at + timedelta(hours=24)
    entry = TrailEntry.objects.get(type="crisis.redetermined")
    assert (entry.reason, entry.data["old"], entry.data["provision"]) == (
        "Thành dư luận trái chiều.", "khoản 3 Điều 7 Nghị định số 244/2026/NĐ-CP",
        "khoản 4 Điều 7 Nghị định số 244/2026/NĐ-CP",
    )  # fmt: skip
    assert walk.nodes() == ["carry_out", "carry_out", "report", "stand_down"]


def test_under_the_paragraph_of_national_incidents_the_agency_releases_nothing_more(
    walk: RunningWalk,
) -> None:
    said = speaking(walk)
    said.draft()
    said.clear()

    walk.redetermine(NATIONAL)

    with pytest.raises(NotAllowedNow, match="national incident"):
        said.release()
    assert (walk.crisis.started_at, clocks(walk)) == (None, [(EVENT, DeadlineOutcome.VOID)])


def test_what_was_released_stays_and_is_judged_by_the_new_clock_where_it_came_after_its_event(
    walk: RunningWalk,
) -> None:
    walk.run()
    walk.pass_time(hours=3)
    statement = walk.say_something()
    walk.pass_time(hours=1)

    walk.redetermine(OPINION, started_at=walk.at - timedelta(hours=2))

    statement.refresh_from_db()
    assert statement.released_at == walk.at - timedelta(hours=1)
    met = Deadline.objects.get(crisis=walk.crisis, key__code=OPINION)
    assert (met.outcome, met.ended_at) == (DeadlineOutcome.MET, statement.released_at)


def test_a_clock_from_a_later_event_is_ended_by_the_next_statement(walk: RunningWalk) -> None:
    said = speaking(walk)
    said.say()
    said.at = walk.pass_time(hours=1)

    walk.redetermine(OPINION)
    assert clocks(walk) == [(EVENT, DeadlineOutcome.MET), (OPINION, "")]

    said.say("Nói thêm (giả định).")
    assert clocks(walk) == [(EVENT, DeadlineOutcome.MET), (OPINION, DeadlineOutcome.MET)]


def test_moved_between_paragraphs_after_a_missed_clock_it_stays_missed_and_owes_words(
    walk: RunningWalk,
) -> None:
    walk.run()
    walk.pass_time(hours=25)

    walk.redetermine(NATIONAL)

    (missed,) = [row for row in late.of(walk.crisis, at=walk.at) if row["kind"] == "clock"]
    assert (missed["minutes"], missed["done"], missed["set_aside"]) == (60, "", True)
    with pytest.raises(NothingSaid):
        walk.stand_down()
    walk.stand_down(is_forced=True)
    assert StandDown.objects.get().is_forced


def test_what_was_said_before_the_event_of_an_open_clock_is_no_answer_to_it(walk: RunningWalk) -> None:
    said = speaking(walk)
    said.at = walk.pass_time(hours=1)
    said.say()
    walk.pass_time(hours=3)

    walk.redetermine(OPINION)

    with pytest.raises(NothingSaid, match="Release the statement first"):
        walk.stand_down()
    assert said.statement.released_at is None
    said.at = walk.pass_time(minutes=1)
    said.say("Nói thêm (giả định).")
    walk.stand_down()
    assert not StandDown.objects.get().is_forced


def test_what_was_said_after_a_missed_clock_was_set_aside_answers_it_and_nothing_earlier_does(
    walk: RunningWalk,
) -> None:
    early = walk.begin().say_something()
    walk.pass_time(minutes=1)
    walk.assess().activate()
    walk.pass_time(hours=25)
    walk.redetermine(JOINT)

    with pytest.raises(NothingSaid):
        walk.stand_down()

    early.released_at = walk.at
    early.save()
    walk.stand_down()
    assert not StandDown.objects.get().is_forced


def test_where_others_alone_speak_by_now_nobody_is_told_to_release_first(walk: RunningWalk) -> None:
    walk.run()
    walk.pass_time(hours=25)
    walk.redetermine(NATIONAL)

    with pytest.raises(NothingSaid, match="others alone speak") as refused:
        walk.stand_down()

    assert list(refused.value.fields) == ["is_forced"]
    assert "elease" not in str(refused.value)


def test_a_clock_that_waits_for_words_nobody_has_to_find_opens_a_statement_once(walk: RunningWalk) -> None:
    said = speaking(walk)
    said.say()
    said.at = walk.pass_time(hours=1)

    walk.redetermine(OPINION)
    walk.pass_time(minutes=1)
    walk.redetermine(OPINION)

    assert [row.released_at is None for row in walk.crisis.crisis_statements.order_by("number")] == [
        False,
        True,
    ]
    assert len(walk.tasks("draft_statement")) == 1


@pytest.mark.parametrize("duty", [OPINION, NATIONAL])
def test_while_the_initial_statement_is_still_to_come_or_no_clock_runs_none_is_opened(
    walk: RunningWalk, duty: str
) -> None:
    walk.run()
    walk.pass_time(minutes=1)

    walk.redetermine(duty)

    assert not CrisisStatement.objects.exists()


def test_the_team_is_told_once_of_each_paragraph_and_no_fact_of_the_crisis(walk: RunningWalk) -> None:
    walk.run()
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    walk.pass_time(minutes=1)

    walk.redetermine(NATIONAL)

    mails = OutgoingMail.objects.exclude(pk__in=before)
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(told)
    for mail in mails:
        assert walk.crisis.reference in mail.subject
        assert walk.crisis.title not in mail.subject + mail.body


def test_the_same_duty_from_the_same_event_is_judged_once(walk: RunningWalk) -> None:
    walk.run()
    event = walk.at
    walk.pass_time(hours=25)
    statement = walk.say_something()
    (clock,) = Deadline.objects.open().filter(crisis=walk.crisis)
    deadlines.end(deadline_id=clock.pk, by=walk.cast.spokesperson, at=walk.at)

    walk.redetermine(NATIONAL)
    walk.pass_time(minutes=1)
    walk.redetermine(EVENT, started_at=event)

    assert clocks(walk) == [(EVENT, DeadlineOutcome.LATE)]
    assert walk.crisis.started_at == event
    assert statement.released_at is not None


def test_a_missed_clock_set_aside_and_begun_again_from_the_same_event_is_one_breach(
    walk: RunningWalk,
) -> None:
    walk.run()
    event = walk.at
    walk.pass_time(hours=25)
    walk.redetermine(NATIONAL)
    walk.pass_time(hours=1)

    walk.redetermine(EVENT, started_at=event)

    assert clocks(walk) == [(EVENT, DeadlineOutcome.VOID), (EVENT, "")]
    (missed,) = [row for row in late.of(walk.crisis, at=walk.at) if row["kind"] == "clock"]
    assert (missed["minutes"], missed["set_aside"]) == (120, False)


def test_a_corrected_time_of_the_same_paragraph_reads_so_in_the_trail(walk: RunningWalk) -> None:
    walk.run()
    walk.pass_time(hours=1)

    walk.redetermine(EVENT)
    walk.redetermine(NATIONAL)

    told = [
        sentence(row.type, row.data)
        for row in TrailEntry.objects.filter(type="crisis.redetermined").order_by("seq")
    ]
    paragraph = "khoản 3 Điều 7 Nghị định số 244/2026/NĐ-CP"
    assert told[0].endswith(
        f"{paragraph} (starting event: 09:00:00 13/07/2026) instead of "
        f"{paragraph} (starting event: 08:00:00 13/07/2026)"
    )
    assert "(starting event: –) instead of" in told[1]


def test_set_aside_in_time_nothing_was_missed_and_nothing_is_owed(walk: RunningWalk) -> None:
    walk.run()
    walk.pass_time(hours=24)

    walk.redetermine(NATIONAL)
    walk.stand_down()

    assert [row["kind"] for row in late.of(walk.crisis, at=walk.at)].count("clock") == 0
    assert not StandDown.objects.get().is_forced


def test_the_new_clock_is_that_of_the_law_of_its_own_instant(walk_on: On) -> None:
    walk = walk_on(datetime(2026, 7, 2, 8, tzinfo=ZONE)).run()

    walk.redetermine(EVENT, started_at=datetime(2026, 6, 30, 23, tzinfo=ZONE))

    clock = Deadline.objects.open().get(crisis=walk.crisis)
    assert clock.due == datetime(2026, 7, 1, 23, tzinfo=ZONE)
    assert clock.provision is not None
    assert clock.provision.code == "09/2017/NĐ-CP:6.3.a"


def test_a_duty_without_a_clock_is_that_of_the_law_of_the_act_whatever_start_was_typed(walk_on: On) -> None:
    walk = walk_on(datetime(2026, 7, 5, 8, tzinfo=ZONE)).run()

    row = walk.redetermine(NATIONAL, started_at=datetime(2026, 6, 20, 8, tzinfo=ZONE))

    assert row.provision is not None
    assert (row.provision.code, row.started_at) == ("244/2026/NĐ-CP:7.1", None)


@pytest.mark.parametrize("act", ["assess", "redetermine"])
def test_a_crisis_of_a_joint_matter_takes_no_duty_with_a_clock_and_is_told_matter_and_lead(
    walk: RunningWalk, act: str
) -> None:
    walk.begin()
    if act == "redetermine":
        walk.assess(duty=JOINT).activate()
    lead = make_agency(kind=AgencyKind.MINISTRY)
    joint.open_matter(crisis=walk.crisis, assigned=assigned(lead, walk.cast.agency), by=walk.cast.chief)

    with pytest.raises(Invalid, match=r"“Sự cố liên tỉnh .giả định.”") as refused:
        walk.assess(duty=EVENT) if act == "assess" else walk.redetermine(EVENT)

    assert list(refused.value.fields) == ["duty"]
    assert lead.name in str(refused.value)
    assert clocks(walk) == []
    if act == "assess":
        walk.assess(duty=JOINT)
    else:
        walk.redetermine(NATIONAL)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"started_at": timedelta(minutes=1)}, "started_at"),
        ({"started_at": None}, "started_at"),
        ({"reason": " "}, "reason"),
        ({"duty": "duty_to_inform"}, "duty"),
        ({"duty": EVENT}, "duty"),
    ],
)
def test_what_the_assessment_refuses_and_what_changes_nothing_is_refused_at_its_field(
    walk: RunningWalk, changes: dict[str, Any], field: str
) -> None:
    walk.run()
    if isinstance(ahead := changes.get("started_at"), timedelta):
        changes = {"started_at": walk.at + ahead}

    with pytest.raises(Invalid) as refused:
        walk.redetermine(**({"duty": OPINION} | changes))

    assert list(refused.value.fields) == [field]
    assert clocks(walk) == [(EVENT, "")]
    assert not Assessment.objects.filter(is_anew=True).exists()
