"""The eight examples: each can run at every level; a reload changes none that was approved."""

from __future__ import annotations

import copy
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.actions import reference
from core.actions.reference import Change
from core.enums import CrisisLevel, RecipientPart
from core.errors import Invalid
from core.models import Topic
from tests.law import FIXTURES
from workflows.crisis.actions import playbook_examples as examples
from workflows.crisis.models import Playbook, PlaybookStep, PlaybookVersion
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules import graph

pytestmark = pytest.mark.django_db
CODES = [
    "exam-leak", "official-violation", "salary-misreport", "unit-arrangement", "association-dispute",
    "forgery-deepfake", "labour-accident-strike", "personal-data-leak",
]  # fmt: skip
SHORTEST_INSTRUCTION = 250


def rows() -> list[dict[str, Any]]:
    return reference.read_rows(FIXTURES / examples.FILE)


@pytest.fixture
def topics() -> None:
    for row in reference.read_rows(FIXTURES / "topics.json"):
        Topic.objects.create(code=row["code"], title=row["title"])


@pytest.fixture
def loaded(topics: None) -> list[PlaybookVersion]:
    examples.load(rows())
    return list(PlaybookVersion.objects.order_by("pk"))


def test_the_eight_examples_pass_every_rule_and_say_more_than_a_heading(
    loaded: list[PlaybookVersion],
) -> None:
    assert [version.playbook.code for version in loaded] == CODES
    for version in loaded:
        content = queries.content_of(version)
        assert 4 <= len(content.signs) <= 7, version
        assert 8 <= len(content.steps) <= 13, version
        assert min(len(step.what) for step in content.steps) >= SHORTEST_INSTRUCTION, version
        assert version.approved_by is None
        assert version.approved_by_name == "Ví dụ của sản phẩm, chưa thay quy chế nội bộ"


def test_each_example_reports_to_the_provincial_committee_first_and_a_forgery_to_the_police_at_once(
    loaded: list[PlaybookVersion],
) -> None:
    first = {version.report_lines.order_by("number")[0].part for version in loaded}
    told = {
        version.playbook.code: {line.part: line.min_level for line in version.report_lines.all()}
        for version in loaded
    }

    assert first == {RecipientPart.PROVINCIAL_COMMITTEE}
    assert told["forgery-deepfake"][RecipientPart.POLICE] == CrisisLevel.LOCAL
    for parts in told.values():
        assert {RecipientPart.FIELD_MINISTRY, RecipientPart.PRESS_MINISTRY} <= set(parts)
        assert {RecipientPart.PRESS_DEPARTMENT, RecipientPart.PARTY_COMMUNICATION} <= set(parts)


def test_at_every_level_each_example_speaks_within_the_legal_day_and_grows_with_the_level(
    loaded: list[PlaybookVersion],
) -> None:
    assert queries.legal_hours("department", date(2017, 3, 30)) == 24
    for version in loaded:
        steps = list(version.steps.all())
        minutes = [graph.critical_path(steps, level=level).minutes for level in graph.LEVELS]
        assert 0 < min(minutes) <= max(minutes) <= 24 * 60, version
        sizes = [len(graph.at_level(steps, level)) for level in graph.LEVELS]
        assert sizes[0] < sizes[-1], version
        first = version.report_lines.first()
        assert first is not None
        assert first.part == "provincial_committee"


def test_loading_again_changes_nothing(loaded: list[PlaybookVersion]) -> None:
    keys = list(PlaybookStep.objects.values_list("pk", flat=True))

    tally = examples.load(rows())

    assert tally.changes == {Change.UNCHANGED: 8}
    assert list(PlaybookStep.objects.values_list("pk", flat=True)) == keys


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Khác"},
        {"topics": []},
        {"signs": ["Khác"]},
        {"lines": [{"part": "provincial_committee", "min_level": 1, "minutes": 5}]},
    ],
)
def test_another_content_under_an_approved_number_is_refused_by_name(
    loaded: list[PlaybookVersion], change: dict[str, Any]
) -> None:
    with pytest.raises(Invalid, match=r"playbooks\.json, exam-leak 1 cannot be used: .*next number"):
        examples.load([{**rows()[0], **change}])

    assert list(PlaybookVersion.objects.order_by("pk")) == loaded


def test_the_next_number_ends_the_one_before_on_its_first_day(loaded: list[PlaybookVersion]) -> None:
    examples.load([{**rows()[0], "number": 2, "title": "Mới", "valid_from": "2026-12-01"}])

    old, new = PlaybookVersion.objects.filter(playbook__code="exam-leak").order_by("number")
    assert (old.valid_until, new.valid_from, new.valid_until) == (date(2026, 12, 1), date(2026, 12, 1), None)
    assert examples.load(rows()).changes == {Change.UNCHANGED: 8}


def _without_statement(row: dict[str, Any]) -> None:
    for step in row["steps"]:
        step["deed"] = "task"


def _unknown_part(row: dict[str, Any]) -> None:
    row["steps"][0]["part"] = "minister"


def _unknown_topic(row: dict[str, Any]) -> None:
    row["topics"] = ["NO-SUCH"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_without_statement, "No step is the initial statement"),
        (_unknown_part, "minister"),
        (_unknown_topic, "no such topic: NO-SUCH"),
    ],
)
def test_what_cannot_run_is_refused_by_name_and_nothing_is_loaded(topics: None, spoil: Any, why: str) -> None:
    spoilt = copy.deepcopy(rows())
    spoil(spoilt[1])

    with pytest.raises(Invalid, match=rf"playbooks\.json, official-violation 1 cannot be used: .*{why}"):
        examples.load(spoilt)

    assert not Playbook.objects.exists()


def test_the_command_loads_the_examples_after_the_roles_and_topics() -> None:
    shown = StringIO()

    call_command("load_reference", stdout=shown)

    assert "playbooks: 8 created, 0 updated, 0 unchanged" in shown.getvalue()


def test_a_folder_without_the_playbooks_is_refused(tmp_path: Any) -> None:
    source = settings.BASE_DIR / "fixtures" / "reference"
    (tmp_path / "law").symlink_to(source / "law")
    for file in source.glob("*.json"):
        if file.name != examples.FILE:
            (tmp_path / file.name).symlink_to(file)

    with pytest.raises(CommandError, match=r"playbooks\.json cannot be used"):
        call_command("load_reference", folder=tmp_path)

    assert not Playbook.objects.exists()
