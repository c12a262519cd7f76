"""A playbook that cannot run is told why, each problem at its step; time and law come in as arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.enums import AgencyKind, CrisisPart, RecipientPart, StepDeed, StepStart
from tests.workflows.crisis.walk import STEPS, step
from workflows.crisis.models import PlaybookSign, PlaybookStep, ReportLine
from workflows.crisis.rules import graph, playbooks
from workflows.crisis.rules.playbooks import Content, Facts

FACTS = Facts(legal_hours=24)
COMMITTEE = ReportLine(number=1, part=RecipientPart.PROVINCIAL_COMMITTEE, min_level=1, minutes=30)


def content(*steps: dict[str, Any], lines: tuple[ReportLine, ...] = (COMMITTEE,)) -> Content:
    rows = steps or STEPS
    return Content(
        signs=[PlaybookSign(number=1, text="Đề thi lan truyền")],
        steps=[PlaybookStep(**row) for row in rows],
        lines=lines,
    )


def changed(code: str, /, **fields: Any) -> Content:
    return content(*({**row, **fields} if row["code"] == code else row for row in STEPS))


def told(what: Content, facts: Facts = FACTS) -> list[tuple[str, int | None, str]]:
    return [(each.at, each.number, each.sentence) for each in playbooks.problems(what, facts)]


def test_a_playbook_that_can_run_has_no_problem() -> None:
    assert told(content()) == []


@pytest.mark.parametrize(
    ("code", "fields", "number", "said"),
    [
        ("preserve", {"code": "verify"}, 1, "shares the code “verify”"),
        ("preserve", {"after": ["nowhere"]}, 2, "comes after “nowhere”, which is no step here"),
        ("preserve", {"after": ["preserve"]}, 2, "comes after itself"),
        ("verify", {"after": ["wrap-up"]}, 1, "waits for itself"),
        ("preserve", {"after": ["briefing"]}, 2, "is never reached at level 1"),
        ("briefing", {"deed": StepDeed.INITIAL_STATEMENT}, 5, "is a second initial statement"),
        ("preserve", {"minutes": 0}, 2, "has no minutes"),
        ("preserve", {"part": "minister"}, 2, "“minister”, which is no part here"),
        ("preserve", {"may_skip": "minister"}, 2, "“minister”, which is no part here"),
        ("preserve", {"min_level": 4}, 2, "has no level"),
        (
            "statement",
            {"may_skip": CrisisPart.HEAD},
            4,
            "is the initial statement or a report, which is not skipped",
        ),
        (
            "report",
            {"may_skip": CrisisPart.HEAD},
            3,
            "is the initial statement or a report, which is not skipped",
        ),
        ("statement", {"minutes": 23 * 60 + 31}, 4, "takes 1441 minutes, more than the 24 hours"),
        (
            "statement",
            {"counted_from": StepStart.ACTIVATION, "minutes": 30},
            4,
            "the steps before it take 30",
        ),
    ],
)
def test_a_problem_names_its_step(code: str, fields: dict[str, Any], number: int, said: str) -> None:
    found = told(changed(code, **fields))
    assert [at for at, _number, _sentence in found if at != playbooks.STEP] == []
    assert any(at_number == number and said in sentence for _at, at_number, sentence in found), found


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (changed("statement", deed=StepDeed.TASK), "No step is the initial statement"),
        (changed("report", deed=StepDeed.TASK), "No step from level 1 is a report"),
        (changed("report", min_level=2), "No step from level 1 is a report"),
        (changed("wrap-up", after=["verify"]), "At level 1 the playbook ends in more than one step"),
        (replace(content(), steps=[]), "At level 1 there is no step"),
        (replace(content(), signs=[]), "There is no sign"),
        (replace(content(), lines=[]), "Nobody is reported to"),
        (changed("statement", min_level=2), "must be there from level 1"),
    ],
)
def test_what_is_missing_is_told(what: Content, said: str) -> None:
    assert any(said in sentence for _at, _number, sentence in told(what))


def test_what_only_follows_from_another_problem_is_not_told() -> None:
    assert told(changed("preserve", after=["nowhere"])) == [
        ("step", 2, "“Preserve” comes after “nowhere”, which is no step here.")
    ]
    assert told(changed("preserve", after=["briefing"])) == [
        ("step", 2, "“Preserve” is never reached at level 1: what it comes after is of a higher level.")
    ]


def test_a_dead_end_of_a_higher_level_is_told_at_that_level() -> None:
    found = told(changed("wrap-up", after=["verify", "preserve", "report", "statement"]))
    assert [sentence for *_, sentence in found] == [
        f"At level {level} the playbook ends in more than one step: “Briefing”, “Wrap Up”. Let one come last."
        for level in (2, 3)
    ]


def test_the_statement_just_within_the_legal_clock_is_in_time() -> None:
    assert told(changed("statement", minutes=23 * 60 + 30)) == []
    assert told(changed("statement", minutes=5_000), replace(FACTS, legal_hours=None)) == []


def test_a_part_that_nobody_plays_at_the_agency_is_told() -> None:
    everybody = frozenset(CrisisPart.values)
    assert told(content(), replace(FACTS, parts=everybody)) == []
    found = told(content(), replace(FACTS, parts=everybody - {CrisisPart.SPECIALIST.value}))
    assert found == [("step", 2, "“Preserve” names the part “Specialist”, which nobody at the agency plays.")]


@pytest.mark.parametrize(
    ("lines", "number", "said"),
    [
        ([("police", 1, 30), ("provincial_committee", 1, 30)], None, "to its provincial committee first"),
        ([("provincial_committee", 2, 30), ("police", 1, 30)], None, "to its provincial committee first"),
        ([("provincial_committee", 2, 30)], None, "Nobody is reported to from level 1"),
        ([("provincial_committee", 1, 30), ("provincial_committee", 1, 60)], 2, "is named twice"),
        ([("provincial_committee", 1, 0)], 1, "has no minutes to acknowledge"),
        ([("provincial_committee", 1, 30), ("minister", 1, 30)], 2, "“minister” is nobody to report to"),
    ],
)
def test_a_problem_of_the_reports_names_its_line(
    lines: list[tuple[str, int, int]], number: int | None, said: str
) -> None:
    rows = [
        ReportLine(number=place, part=part, min_level=level, minutes=minutes)
        for place, (part, level, minutes) in enumerate(lines, 1)
    ]
    found = told(replace(content(), lines=rows))
    assert any(at == "line" and at_number == number and said in text for at, at_number, text in found), found


def test_only_a_department_must_report_to_a_committee_first() -> None:
    ministry = ReportLine(number=1, part=RecipientPart.PRESS_MINISTRY, min_level=1, minutes=30)
    what = content(lines=(ministry,))
    assert told(what, replace(FACTS, kind=AgencyKind.PROVINCIAL_COMMITTEE)) == []


def test_the_critical_path_is_the_longest_way_to_the_statement_at_a_level() -> None:
    rows = [
        *(PlaybookStep(**row) for row in STEPS if row["code"] != "statement"),
        PlaybookStep(
            **step("statement", 4, deed=StepDeed.INITIAL_STATEMENT, after=["verify", "briefing"], minutes=60)
        ),
    ]
    ways = [graph.critical_path(rows, level=level) for level in (1, 2)]
    assert [([each.code for each in way.steps], way.minutes) for way in ways] == [
        (["verify", "statement"], 90),
        (["verify", "briefing", "statement"], 120),
    ]


def test_steps_stand_in_columns_in_the_order_in_which_they_can_begin() -> None:
    rows = [PlaybookStep(**row) for row in STEPS]
    assert [[each.code for each in column] for column in graph.columns(rows)] == [
        ["verify", "preserve", "report"],
        ["statement", "briefing"],
        ["wrap-up"],
    ]
