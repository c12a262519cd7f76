"""`manage.py grounds`, `rule` and `deadline`: exact answers in JSON, and which misuse ends with which number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from core.enums import AgencyKind, LimitUnit
from tests.desk import local_rule
from tests.factories import make_agency

pytestmark = pytest.mark.django_db

KEYS = (
    "press_request", "reply_on_press", "forwarded_opinion", "complaint_acceptance", "denunciation_acceptance",
    "complaint_conclusion", "press_answer_to_agency", "press_publishes_answer", "initial_statement_event",
    "initial_statement_opinion", "spokesperson_publication", "delegation_publication", "press_conference_notice",
    "press_conference_objection", "number_after_signing", "internal_regulation", "annual_report",
)  # fmt: skip
ANSWERED = {
    "due", "due_inclusive", "last_day", "steps", "rule_set", "provision", "citation", "calendar_version",
    "provisional", "local",
}  # fmt: skip


@pytest.fixture(autouse=True)
def sentences_in_english() -> Iterator[None]:
    """Whatever language a page before left active."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def agencies() -> None:
    kinds = {
        "SNV": AgencyKind.DEPARTMENT,
        "BNV": AgencyKind.MINISTRY,
        "UBND": AgencyKind.PROVINCIAL_COMMITTEE,
    }
    for code, kind in kinds.items():
        make_agency(code=code, kind=kind)


def say(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def ask(*command: str) -> Any:
    return json.loads(say(*command, "--json"))


def deadline(key: str, start: str, *more: str, agency: str = "SNV") -> dict[str, Any]:
    answer: dict[str, Any] = ask("deadline", key, "--from", start, "--agency", agency, *more)
    return answer


def code_of(*command: str) -> tuple[int, str]:
    """With which number a command ends, and its sentence."""
    with pytest.raises(CommandError) as refused:
        call_command(*command, stdout=StringIO())
    return refused.value.returncode, str(refused.value)


# grounds


@pytest.mark.parametrize(
    ("on", "codes"),
    [("2026-06-30", ["38.2.a", "38.2.b", "38.2.c", "38.2.d"]), ("2026-07-01", ["31.2.a", "31.2.b", "31.2.c"])],
)  # fmt: skip
def test_the_grounds_of_a_day_are_told_by_their_code(on: str, codes: list[str]) -> None:
    answer = ask("grounds", "--on", on)

    assert set(answer) == {"on", "grounds"}
    assert (answer["on"], [ground["code"] for ground in answer["grounds"]]) == (on, codes)


def test_each_ground_carries_its_provision_citation_and_statement() -> None:
    first = ask("grounds", "--on", "2026-07-01")["grounds"][0]

    assert set(first) == {"code", "provision", "citation", "statement"}
    assert (first["code"], first["provision"]) == ("31.2.a", "126/2025/QH15:31.2.a")
    assert first["citation"] == "điểm a khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15"
    assert first["statement"]


def test_the_words_for_people_label_each_statement_as_a_paraphrase() -> None:
    lines = say("grounds", "--on", "2026-07-01").splitlines()

    assert len(lines) == 3
    assert all(line.endswith("(paraphrase, not the text itself)") for line in lines)


def test_a_day_without_any_press_law_is_told_with_one() -> None:
    code, sentence = code_of("grounds", "--on", "2016-12-31")

    assert (code, "31/12/2016" in sentence) == (1, True)


# rule


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-06-30", {"value": 30, "unit": "days", "provision": "103/2016/QH13:39.2", "from": "2017-01-01",
                        "until": "2026-07-01"}),
        ("2026-07-01", {"value": 15, "unit": "working_days", "provision": "237/2026/NĐ-CP:18.3",
                        "from": "2026-07-01", "until": None}),
    ],
)  # fmt: skip
def test_a_rule_is_answered_with_its_value_on_a_day(on: str, expected: dict[str, Any]) -> None:
    answer = ask("rule", "forwarded_opinion", "--on", on, "--agency", "SNV")

    assert answer == {"key": "forwarded_opinion", "start": "receipt", "local": None, **expected}


def test_a_rule_that_is_a_list_is_answered_as_one() -> None:
    answer = ask("rule", "refusal_grounds", "--on", "2026-07-01", "--agency", "SNV")

    assert (answer["value"], answer["unit"], answer["start"]) == (["31.2.a", "31.2.b", "31.2.c"], "list", "")


def test_every_rule_is_listed_with_its_key() -> None:
    rows = ask("rule", "--list")

    assert set(KEYS) <= {row["key"] for row in rows}
    assert {frozenset(row) for row in rows} == {frozenset({"key", "title", "title_en"})}
    assert [line.split()[0] for line in say("rule", "--list").splitlines()] == [row["key"] for row in rows]


def test_the_local_rule_stands_beside_the_laws_and_never_in_its_place() -> None:
    local_rule(make_agency(code="SNV-L"), "forwarded_opinion", 10, LimitUnit.WORKING_DAYS, start="receipt")

    answer = ask("rule", "forwarded_opinion", "--on", "2026-11-10", "--agency", "SNV-L")

    assert (answer["value"], answer["provision"]) == (15, "237/2026/NĐ-CP:18.3")
    assert answer["local"] == {
        "value": 10, "unit": "working_days", "start": "receipt", "regulation": "1/QĐ ngày 01/07/2026",
        "article": "Điều 1", "from": "2026-07-01", "until": None,
    }  # fmt: skip
    words = say("rule", "forwarded_opinion", "--on", "2026-11-10", "--agency", "SNV-L")
    assert "Local rule, not law: 10 working days" in words
    assert "(paraphrase, not the text itself)" in words


@pytest.mark.parametrize(
    ("key", "on", "agency"),
    [
        ("delegation_publication", "2026-07-01", "SNV"),
        ("initial_statement_opinion", "2026-06-30", "SNV"),
        ("annual_report", "2026-12-01", "SNV"),
        ("press_conference_notice", "2026-12-01", "BNV"),
    ],
)
def test_a_rule_the_law_of_that_day_or_agency_does_not_know_ends_with_one(
    key: str, on: str, agency: str
) -> None:
    code, sentence = code_of("rule", key, "--on", on, "--agency", agency)

    assert code == 1
    assert f"The law in force on {date.fromisoformat(on):%d/%m/%Y} knows no rule" in sentence


@pytest.mark.parametrize(
    "command",
    [
        ("rule",),
        ("rule", "forwarded_opinion"),
        ("rule", "invented", "--on", "2026-07-01", "--agency", "SNV"),
        ("rule", "forwarded_opinion", "--on", "2026-07-01", "--agency", "NOBODY"),
        ("rule", "forwarded_opinion", "--on", "2026-07-01", "--agency", "SNV", "--press-kind", "daily"),
        ("rule", "press_publishes_answer", "--on", "2026-07-01", "--agency", "SNV"),
        ("deadline", "invented", "--from", "2026-07-01T09:00", "--agency", "SNV"),
        ("deadline", "forwarded_opinion", "--from", "2026-07-01T09:00", "--agency", "NOBODY"),
        ("deadline", "forwarded_opinion", "--from", "yesterday", "--agency", "SNV"),
        ("deadline", "forwarded_opinion", "--from", "2026-02-30", "--agency", "SNV"),
        ("deadline", "speaker_types", "--from", "2026-07-01T09:00", "--agency", "SNV"),
        ("deadline", "press_publishes_answer", "--from", "2026-07-01T09:00", "--agency", "SNV"),
        ("deadline", "press_publishes_answer", "--from", "2026-07-01T09:00", "--agency", "SNV", "--press-kind", "x"),
        ("deadline", "initial_statement_event", "--from", "2026-08-31", "--agency", "SNV"),
    ],
)  # fmt: skip
def test_misuse_ends_with_two(command: tuple[str, ...]) -> None:
    code, sentence = code_of(*command)

    assert code == 2
    assert sentence


# deadline


@pytest.mark.parametrize(
    ("key", "start", "due", "inclusive", "last_day", "provision"),
    [
        ("forwarded_opinion", "2026-11-10", "2026-12-03T00:00:00+07:00", False, "2026-12-02", "237/2026/NĐ-CP:18.3"),
        ("reply_on_press", "2026-10-25", "2026-11-26T00:00:00+07:00", False, "2026-11-25", "237/2026/NĐ-CP:18.1"),
        ("initial_statement_event", "2026-08-31T23:30+07:00", "2026-09-01T23:30:00+07:00", True, "2026-09-01",
         "244/2026/NĐ-CP:7.3"),
        ("internal_regulation", "2026-07-01", "2026-08-18T00:00:00+07:00", False, "2026-08-17", "244/2026/NĐ-CP:12"),
        ("delegation_publication", "2026-06-30T23:59:59+07:00", "2026-07-01T11:59:59+07:00", True, "2026-07-01",
         "09/2017/NĐ-CP:3.6"),
        ("forwarded_opinion", "2026-06-30", "2026-07-31T00:00:00+07:00", False, "2026-07-30", "103/2016/QH13:39.2"),
        ("forwarded_opinion", "2026-07-01", "2026-07-23T00:00:00+07:00", False, "2026-07-22", "237/2026/NĐ-CP:18.3"),
        ("press_conference_notice", "2026-09-03T08:30", "2026-09-02T08:30:00+07:00", True, "2026-09-02",
         "237/2026/NĐ-CP:22.3"),
        ("press_conference_objection", "2026-09-03T08:30", "2026-09-02T20:30:00+07:00", True, "2026-09-02",
         "237/2026/NĐ-CP:22.5"),
    ],
)  # fmt: skip
def test_the_examples_of_the_law_are_exact(
    key: str, start: str, due: str, inclusive: bool, last_day: str, provision: str
) -> None:
    answer = deadline(key, start)

    assert set(answer) == ANSWERED
    assert (answer["due"], answer["due_inclusive"], answer["last_day"]) == (due, inclusive, last_day)
    assert (answer["provision"], answer["calendar_version"], answer["local"]) == (provision, 1, None)
    old = date.fromisoformat(start[:10]) < date(2026, 7, 1)
    assert answer["rule_set"] == ("luat-bao-chi-2016" if old else "luat-bao-chi-2025")


def test_the_steps_are_those_an_official_would_write_down() -> None:
    answer = deadline("forwarded_opinion", "2026-11-10")

    assert "ngày 1: thứ Tư 11/11/2026" in answer["steps"]
    assert "bỏ qua thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam" in answer["steps"]
    assert answer["provisional"] is True


def test_the_annual_report_is_due_before_the_twentieth_of_december() -> None:
    assert deadline("annual_report", "2026-07-01", agency="UBND")["last_day"] == "2026-12-18"
    assert code_of("deadline", "annual_report", "--from", "2026-07-01", "--agency", "SNV")[0] == 1


def test_a_duty_without_a_time_limit_is_answered_without_a_due_date() -> None:
    answer = deadline("press_request", "2026-08-03T09:00")

    assert set(answer) == ANSWERED
    assert (answer["due"], answer["last_day"], answer["due_inclusive"]) == (None, None, False)
    assert (answer["provision"], answer["steps"]) == (
        "244/2026/NĐ-CP:7.5",
        ["Quy định không đặt thời hạn cụ thể cho nghĩa vụ này."],
    )


@pytest.mark.parametrize(
    ("kind", "start", "last_day"),
    [
        ("daily", "2026-08-03T09:00", "2026-08-17"),
        ("weekly", "2026-08-03T09:00", "2026-08-22"),
        ("magazine", "2026-08-03T09:00", None),
        ("daily", "2026-05-04T09:00", "2026-05-14"),
        ("weekly", "2026-05-04T09:00", "2026-05-19"),
        ("magazine", "2026-05-04T09:00", None),
    ],
)
def test_when_the_press_publishes_depends_on_its_kind(kind: str, start: str, last_day: str | None) -> None:
    answer = deadline("press_publishes_answer", start, "--press-kind", kind)

    assert (answer["last_day"], answer["due"] is None) == (last_day, last_day is None)


UNKNOWN = {
    "2026-08-03T09:00": {"delegation_publication", "annual_report"},
    "2026-05-04T09:00": {
        "complaint_conclusion", "initial_statement_opinion", "internal_regulation", "annual_report",
    },
}  # fmt: skip
DUE = {
    "2026-08-03T09:00": {
        "press_request": None, "reply_on_press": "2026-09-04T00:00", "forwarded_opinion": "2026-08-23T00:00",
        "complaint_acceptance": "2026-08-13T00:00", "denunciation_acceptance": "2026-08-13T00:00",
        "complaint_conclusion": "2026-08-11T00:00", "press_answer_to_agency": "2026-08-23T00:00",
        "press_publishes_answer": "2026-08-18T00:00", "initial_statement_event": "2026-08-04T09:00",
        "initial_statement_opinion": "2026-08-04T09:00", "spokesperson_publication": "2026-08-04T09:00",
        "press_conference_notice": "2026-08-02T09:00", "press_conference_objection": "2026-08-02T21:00",
        "number_after_signing": "2026-08-05T00:00", "internal_regulation": "2026-09-18T00:00",
    },
    "2026-05-04T09:00": {
        "press_request": None, "reply_on_press": "2026-06-04T00:00", "forwarded_opinion": "2026-06-04T00:00",
        "complaint_acceptance": "2026-06-04T00:00", "denunciation_acceptance": "2026-06-04T00:00",
        "press_answer_to_agency": "2026-05-20T00:00", "press_publishes_answer": "2026-05-15T00:00",
        "initial_statement_event": "2026-05-05T09:00", "spokesperson_publication": None,
        "delegation_publication": "2026-05-04T21:00",
        "press_conference_notice": "2026-05-03T09:00", "press_conference_objection": None,
        "number_after_signing": "2026-05-06T00:00",
    },
}  # fmt: skip


@pytest.mark.parametrize("start", DUE)
def test_every_key_is_answered_for_a_department_under_each_law(start: str) -> None:
    dues: dict[str, str | None] = {}
    unknown = set()
    for key in KEYS:
        kind = ("--press-kind", "online") if key == "press_publishes_answer" else ()
        try:
            dues[key] = deadline(key, start, *kind)["due"]
        except CommandError as error:
            unknown.add((key, error.returncode))

    assert dues == {key: f"{due}:00+07:00" if due else None for key, due in DUE[start].items()}
    assert unknown == {(key, 1) for key in UNKNOWN[start]}


def test_a_time_without_an_offset_is_that_of_vietnam_and_one_with_another_is_converted() -> None:
    dues = [
        deadline("initial_statement_event", start)["due"]
        for start in ("2026-08-31T23:30", "2026-08-31T16:30+00:00", "2026-08-31T23:30:00+07:00")
    ]

    assert dues == ["2026-09-01T23:30:00+07:00"] * 3
    assert deadline("reply_on_press", "2026-10-24T18:00+00:00")["last_day"] == "2026-11-25"


def test_a_year_without_a_calendar_is_refused_with_its_name_and_who_publishes_it() -> None:
    code, sentence = code_of("deadline", "forwarded_opinion", "--from", "2028-03-01", "--agency", "SNV")

    assert code == 2
    assert "no working calendar for 2028" in sentence
    assert "An administrator publishes it" in sentence


def test_the_local_limit_is_computed_beside_the_laws() -> None:
    local_rule(make_agency(code="SNV-L"), "forwarded_opinion", 10, LimitUnit.WORKING_DAYS, start="receipt")

    answer = deadline("forwarded_opinion", "2026-11-10", agency="SNV-L")

    assert (answer["last_day"], answer["local"]["last_day"]) == ("2026-12-02", "2026-11-25")
    assert set(answer["local"]) == {"due", "due_inclusive", "last_day", "steps", "citation"}
    words = say("deadline", "forwarded_opinion", "--from", "2026-11-10", "--agency", "SNV-L")
    assert "Local rule, not law: Điều 1 Quy chế (số 1/QĐ ngày 01/07/2026)" in words
    assert "khoản 3 Điều 18 Nghị định số 237/2026/NĐ-CP (luat-bao-chi-2025)" in words
