"""What the pages say of a deadline. The rows are not saved: the words ask nothing of the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from pytest_django import Settings

from core.enums import DeadlineOutcome, DeadlineSource, InstrumentKind, LimitUnit
from core.models import (
    Deadline,
    DeadlinePause,
    Instrument,
    LocalRegulation,
    LocalRule,
    OrderPaper,
    Provision,
    RuleKey,
    RuleValue,
)
from core.rules.deadlines import end_of
from core.templatetags.pn_deadlines import SOURCES, deadline_words, due_by, is_overdue, nearest_open

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LAST_DAY = date(2026, 11, 25)
KEY = RuleKey(code="forwarded_opinion", title="Forwarded opinion")


@pytest.fixture(autouse=True)
def noon(settings: Settings) -> datetime:
    settings.CLOCK = NOON
    return NOON


def provision(article: str = "18", clause: str = "3") -> Provision:
    decree = Instrument(number="237/2026/NĐ-CP", kind=InstrumentKind.DECREE)
    return Provision(instrument=decree, article=article, clause=clause)


def legal(*, unit: LimitUnit = LimitUnit.WORKING_DAYS, **given: Any) -> Deadline:
    rule = RuleValue(unit=unit)
    fields = {"due": end_of(LAST_DAY), "started_at": NOON, **given}
    return Deadline(source=DeadlineSource.LAW, key=KEY, rule_value=rule, provision=provision(), **fields)


def local() -> Deadline:
    regulation = LocalRegulation(number="15/QĐ", date=date(2026, 6, 29), title="Quy chế")
    rule = LocalRule(regulation=regulation, article="khoản 2 Điều 5", unit=LimitUnit.DAYS)
    return Deadline(
        source=DeadlineSource.LOCAL, key=KEY, local_rule=rule, due=end_of(LAST_DAY), started_at=NOON
    )


def order() -> Deadline:
    paper = OrderPaper(number="99/UBND", date=date(2026, 11, 20), issuer="UBND tỉnh", task="Báo cáo vụ việc")
    return Deadline(source=DeadlineSource.ORDER, order=paper, due=end_of(LAST_DAY), started_at=NOON)


def row(deadline: Deadline) -> str:
    source = "{% load pn_deadlines %}{% deadline_row deadline url=url %}"
    return Template(source).render(Context({"deadline": deadline, "url": "/thoi-han/1/"}))


def short(**given: object) -> str:
    names = " ".join(f"{name}={name}" for name in given)
    source = '{% include "core/components/_deadline.html" with ' + names + " only %}"
    return Template(source).render(Context(given))


def test_a_limit_in_days_ends_with_its_last_day_and_never_at_midnight_of_the_next() -> None:
    words = deadline_words(legal())

    assert words.due == '<time datetime="2026-11-25">by the end of 25/11/2026</time>'
    assert "26/11" not in row(legal())
    assert "00:00" not in row(legal())


def test_a_limit_in_hours_is_said_to_the_minute() -> None:
    due = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)

    words = deadline_words(legal(unit=LimitUnit.HOURS, due=due, due_inclusive=True))

    assert ">by 23:30 on 22/11/2026</time>" in words.due


@pytest.mark.parametrize(
    ("due", "inclusive", "state", "is_late"),
    [
        (NOON, True, "0 minutes left", False),
        (NOON - timedelta(minutes=1), True, "overdue by 1 minute", True),
        (NOON, False, "overdue by 0 minutes", True),
        (NOON + timedelta(hours=2), False, "2 hours left", False),
    ],
)
def test_the_last_instant_of_an_hour_limit_is_in_time_and_24_hours_of_a_day_is_not(
    due: datetime, inclusive: bool, state: str, is_late: bool
) -> None:
    deadline = legal(due=due, due_inclusive=inclusive)

    assert deadline_words(deadline).state == state
    assert is_overdue(deadline) is is_late
    assert (deadline_words(deadline).look.tone == "overdue") is is_late


def test_the_three_sources_look_and_read_differently() -> None:
    rows = [row(each) for each in (legal(), local(), order())]

    assert (
        len({badge.tone for badge in SOURCES.values()})
        == len({badge.icon for badge in SOURCES.values()})
        == 3
    )
    assert all(
        text in html
        for html, text in zip(rows, ("Law", "Local rule, not law", "Order of a superior"), strict=True)
    )
    assert all(
        f"pn-badge--{SOURCES[source].tone}" in html for source, html in zip(DeadlineSource, rows, strict=True)
    )


def test_each_source_is_cited() -> None:
    assert "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP" in row(legal())
    assert "khoản 2 Điều 5 Quy chế (số 15/QĐ ngày 29/06/2026)" in row(local())
    assert "Văn bản số 99/UBND ngày 20/11/2026 của UBND tỉnh" in row(order())


def test_the_provision_that_gives_the_length_is_cited_beside_the_one_that_sets_the_duty() -> None:
    deadline = legal()
    assert deadline.rule_value is not None
    deadline.rule_value.limit_from = provision(article="28", clause="")

    assert "; Điều 28 Nghị định số 237/2026/NĐ-CP" in deadline_words(deadline).citation


def test_a_duty_without_a_limit_says_that_the_law_sets_none() -> None:
    words = deadline_words(legal(unit=LimitUnit.NONE, due=None))

    assert (words.state, words.due) == ("The law sets no time limit", "")


def test_the_press_publishes_in_its_next_issue_without_a_count() -> None:
    assert "In the next issue" in deadline_words(legal(unit=LimitUnit.NEXT_ISSUE, due=None)).state


def test_a_year_without_a_calendar_is_waited_for_by_name() -> None:
    html = row(legal(due=None, missing_year=2028))

    assert "Waits for the calendar of 2028" in html
    assert "The law sets no time limit" not in html


def test_provisional_days_and_a_stopped_clock_are_noted() -> None:
    deadline = legal(is_provisional=True)
    pause = DeadlinePause(paused_at=NOON, reason="Chờ làm rõ")
    deadline._prefetched_objects_cache = {"pauses": [pause]}  # type: ignore[attr-defined]

    notes = " ".join(deadline_words(deadline).notes)

    assert "provisional days" in notes
    assert "Paused" in notes


def test_an_ended_deadline_says_how_it_ended_and_is_never_overdue() -> None:
    deadline = legal(
        due=NOON - timedelta(days=2), ended_at=NOON - timedelta(days=1), outcome=DeadlineOutcome.LATE
    )

    html = row(deadline)

    assert "Done late" in html
    assert "Ended at 12:00 on 21/11/2026" in html
    assert "overdue" not in html.lower()
    assert not is_overdue(deadline)


def test_an_earlier_date_of_an_extended_hour_limit_keeps_its_minute() -> None:
    extended = legal(unit=LimitUnit.HOURS, due=end_of(LAST_DAY), due_inclusive=False)

    assert "by the end of 25/11/2026" in due_by(extended, extended.due)
    assert "by 23:30 on 22/11/2026" in due_by(extended, datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    assert due_by(extended, None) == ""


def test_the_nearest_open_deadline_leads_and_ended_ones_are_passed_over() -> None:
    ended, first = legal(ended_at=NOON, outcome=DeadlineOutcome.MET), order()

    assert nearest_open([first, ended]) is first
    assert nearest_open([ended]) is None
    assert nearest_open(None) is None


def test_the_short_form_takes_a_deadline_with_its_source() -> None:
    html = short(deadline=order(), due=NOON)

    assert "by the end of 25/11/2026" in html
    assert "Order of a superior" in html
    assert "Báo cáo vụ việc" in html


def test_the_short_form_without_a_deadline_is_as_it_was() -> None:
    nothing = None

    assert "The law sets no time limit" in short(deadline=nothing, due=nothing, unlimited=True)
    assert "Due" in short(deadline=nothing, due=NOON + timedelta(days=1), unlimited=False)


def test_markup_in_what_an_order_asks_stays_text() -> None:
    deadline = order()
    assert deadline.order is not None
    deadline.order.task = "<b>Đậm</b>"

    assert "&lt;b&gt;" in row(deadline)


def test_a_date_of_the_inquiry_is_not_hidden_by_a_duty_without_one() -> None:
    html = short(deadline=legal(unit=LimitUnit.NONE, due=None), due=NOON - timedelta(hours=2), unlimited=True)

    assert "Overdue by 2 hours" in html
