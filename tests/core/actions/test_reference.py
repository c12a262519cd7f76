from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group

from core.actions import reference
from core.actions.reference import Change
from core.enums import Codename, RecipientPart, Role
from core.errors import Invalid
from core.models import Agency, PressAgency, Succession, Topic
from core.queries import directory
from core.rules.directory import NoRecipient

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reference"
pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing_the_second_time() -> None:
    reference.load(FOLDER)

    again = reference.load(FOLDER)

    assert {change for tally in again for change in tally.changes} == {Change.UNCHANGED}


def test_thirty_four_provinces_each_have_a_committee_and_its_department() -> None:
    reference.load(FOLDER)

    departments = Agency.objects.filter(code__startswith="SNV-")

    assert departments.count() == 34
    assert all(d.parent and d.parent.code == d.code.replace("SNV", "UBND") for d in departments)


def test_the_former_ministry_ends_on_the_day_its_successors_begin() -> None:
    reference.load(FOLDER)
    ended = Agency.objects.get(code="BTTTT")

    assert not ended.covers(date(2025, 3, 1))
    assert ended.covers(date(2025, 2, 28))
    press = Succession.objects.get(predecessor=ended, field__contains="báo chí")
    assert (press.successor.code, press.on) == ("BVHTTDL", date(2025, 3, 1))


@pytest.mark.parametrize(("on", "code"), [(date(2025, 2, 28), "BTTTT"), (date(2025, 3, 1), "BVHTTDL")])
def test_a_report_to_the_ministry_for_the_press_goes_to_that_of_its_day(on: date, code: str) -> None:
    reference.load(FOLDER)
    department = Agency.objects.get(code="SNV-01")

    found = directory.recipient_of(RecipientPart.PRESS_MINISTRY, agency=department, on=on)

    assert found.code == code


def test_the_directory_names_the_ministry_of_home_affairs_and_nobody_in_a_province() -> None:
    reference.load(FOLDER)
    department, on = Agency.objects.get(code="SNV-01"), date(2026, 8, 10)

    assert directory.recipient_of(RecipientPart.FIELD_MINISTRY, agency=department, on=on).code == "BNV"
    assert (
        directory.recipient_of(RecipientPart.PROVINCIAL_COMMITTEE, agency=department, on=on).code == "UBND-01"
    )
    for part in (RecipientPart.PRESS_DEPARTMENT, RecipientPart.PARTY_COMMUNICATION, RecipientPart.POLICE):
        with pytest.raises(NoRecipient):
            directory.recipient_of(part, agency=department, on=on)


def test_whom_an_entry_of_the_directory_names_is_superseded_and_never_rewritten() -> None:
    reference.load(FOLDER)
    row = {
        "part": "press_ministry", "agency": None, "province": None, "recipient": "BVHTTDL",
        "valid_from": "2025-03-01", "valid_until": None, "note": "Sửa lời.",
    }  # fmt: skip

    assert reference.load_directory([row]).changes == {Change.UPDATED: 1}
    with pytest.raises(Invalid, match="supersede it"):
        reference.load_directory([row | {"recipient": "BNV"}])
    assert reference.load_directory([row | {"valid_until": "2027-01-01"}]).changes == {Change.UPDATED: 1}
    with pytest.raises(Invalid, match="its end is already set"):
        reference.load_directory([row | {"valid_until": "2028-01-01"}])
    assert reference.load_directory([row]).changes == {Change.UNCHANGED: 1}


def test_religion_left_and_labour_came_on_the_same_day() -> None:
    reference.load(FOLDER)

    before = set(Topic.objects.at(date(2025, 2, 28)).values_list("code", flat=True))
    after = set(Topic.objects.at(date(2025, 3, 1)).values_list("code", flat=True))

    assert "184-2024-13" in before - after
    assert "BNV-2025-LD" in after - before


def test_no_task_area_is_invented_for_the_number_the_source_skips() -> None:
    reference.load(FOLDER)

    assert Topic.objects.filter(code__startswith="184-2024-").count() == 15
    assert not Topic.objects.filter(code="184-2024-11").exists()


def test_every_role_has_its_group_and_every_codename_its_holder() -> None:
    reference.load(FOLDER)

    granted = set(Group.objects.values_list("permissions__codename", flat=True))

    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    assert granted == set(Codename.values)


def test_what_the_file_does_not_state_survives_the_next_load() -> None:
    reference.load(FOLDER)
    Agency.objects.filter(code="SNV-01").update(mailbox="baochi@snv-01.example", name="changed by hand")

    reference.load(FOLDER)

    department = Agency.objects.get(code="SNV-01")
    assert (department.mailbox, department.name) == ("baochi@snv-01.example", "Sở Nội vụ thành phố Hà Nội")


def test_rows_missing_from_the_file_are_not_deleted() -> None:
    PressAgency.objects.create(code="own", name="Own", kind="daily")

    reference.load(FOLDER)

    assert PressAgency.objects.filter(code="own").exists()


def test_an_unreadable_file_loads_nothing_at_all(tmp_path: Path) -> None:
    for source in FOLDER.glob("*.json"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "roles.json").write_text("[{", encoding="utf-8")

    with pytest.raises(Invalid, match=r"roles\.json cannot be used"):
        reference.load(tmp_path)

    assert not Agency.objects.exists()


def test_an_unknown_superior_body_is_named_in_the_refusal(tmp_path: Path) -> None:
    row = {"code": "X", "name": "X", "symbol": "X", "kind": "department", "parent": "NOBODY"}
    for source in FOLDER.glob("*.json"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "agencies.json").write_text(json.dumps([row]), encoding="utf-8")

    with pytest.raises(Invalid, match="NOBODY"):
        reference.load(tmp_path)


@pytest.mark.parametrize("path", sorted(FOLDER.parent.rglob("*.json")), ids=lambda path: path.name)
def test_fixture_files_are_composed_utf8_indented_by_two(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text == unicodedata.normalize("NFC", text)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
