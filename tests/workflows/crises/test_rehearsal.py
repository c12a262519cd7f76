"""Every shipped scenario is walked to its end as a drill, in simulated time, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from core.actions import reference
from core.enums import RungKind
from core.models import AgencyContact, Crisis, OutgoingMail, Statement, Topic, TrailEntry
from documents.models import IssuedDocument
from tests.law import FIXTURES
from tests.walk import START, Cast
from workflows.crisis.actions import playbook_examples

CODES = [row["code"] for row in reference.read_rows(FIXTURES / "playbooks.json") if "code" in row]


@pytest.fixture
def agency(cast: Cast, set_clock: Callable[[datetime], None]) -> str:
    """A department whose committee is reached by mail."""
    set_clock(START)
    assert cast.agency.parent is not None
    AgencyContact.objects.create(agency=cast.agency.parent, rank=1, email="truc@ubnd.example")
    for row in reference.read_rows(FIXTURES / "topics.json"):
        if "code" in row:
            Topic.objects.create(code=row["code"], title=row["title"])
    playbook_examples.load(reference.read_rows(FIXTURES / "playbooks.json"))
    return cast.agency.code


def drilled(code: str, agency: str) -> dict[str, list[dict[str, object]]]:
    out = StringIO()
    call_command("drill", code, agency=agency, as_json=True, stdout=out)
    told: dict[str, list[dict[str, object]]] = json.loads(out.getvalue())
    return told


def test_eight_scenarios_are_shipped() -> None:
    assert len(CODES) == 8


@pytest.mark.parametrize("code", CODES)
def test_a_scenario_runs_to_its_end(code: str, agency: str) -> None:
    told = drilled(code, agency)
    assert told["steps"], "a scenario has steps"
    assert {tuple(step) for step in told["steps"]} == {("step", "who", "due", "done", "late")}
    assert [step for step in told["steps"] if step["done"] is None or step["who"] is None] == []
    assert {tuple(rung) for rung in told["rungs"]} == {("report", "rung", "at", "to")}


def test_acknowledgements_come_late_on_purpose_so_the_ladder_climbs_each_rung_once(agency: str) -> None:
    told = drilled("exam-leak", agency)
    climbed = [(rung["report"], rung["rung"], rung["at"]) for rung in told["rungs"]]
    assert len(climbed) == len(set(climbed))
    assert {RungKind.RESEND.value, RungKind.PHONE.value} <= {str(rung["rung"]) for rung in told["rungs"]}
    assert any("truc@ubnd.example" in str(rung["to"]) for rung in told["rungs"])
    assert [rung for rung in told["rungs"] if not rung["to"]] == []


def test_a_drill_walked_by_the_command_leaves_nothing_behind(
    agency: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    before = _counts()
    drilled("forgery-deepfake", agency)
    assert _counts() == before
    assert list(tmp_path.rglob("*")) == []
    assert tmp_path == settings.MEDIA_ROOT


def _counts() -> list[int]:
    return [
        model.objects.count()
        for model in (Crisis, OutgoingMail, Statement, Topic, TrailEntry, IssuedDocument)
    ]


def test_times_are_those_of_the_simulation(agency: str) -> None:
    told = drilled("exam-leak", agency)
    done = [datetime.fromisoformat(str(step["done"])) for step in told["steps"]]
    assert min(done) > START
    assert max(done) < START + timedelta(days=7)


def test_a_scenario_that_is_not_in_use_is_named_with_those_that_are(agency: str) -> None:
    with pytest.raises(CommandError, match="exam-leak"):
        call_command("drill", "no-such", agency=agency)


def test_an_agency_that_nobody_knows_is_refused(agency: str) -> None:
    with pytest.raises(CommandError, match="SNV-KHONG-CO"):
        call_command("drill", "exam-leak", agency="SNV-KHONG-CO")
