from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.enums import InquiryKind
from core.models import Agency
from documents.models import DocumentKind
from tests.walk import Walk, make_cast

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reference"
pytestmark = pytest.mark.django_db


def test_every_kind_of_reference_data_is_loaded_and_counted() -> None:
    shown = StringIO()

    call_command("load_reference", stdout=shown)

    assert "agencies: 74 created, 0 updated, 0 unchanged" in shown.getvalue()
    assert f"document kinds: {DocumentKind.objects.count()} in place" in shown.getvalue()
    assert DocumentKind.objects.exists()


def test_a_folder_without_its_files_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"agencies\.json cannot be used"):
        call_command("load_reference", folder=tmp_path)

    assert not Agency.objects.exists()


def test_missing_document_kinds_take_the_rest_back(tmp_path: Path) -> None:
    for source in FOLDER.glob("*.json"):
        if source.name != "document_kinds.json":
            (tmp_path / source.name).write_bytes(source.read_bytes())

    with pytest.raises(CommandError, match="document_kinds"):
        call_command("load_reference", folder=tmp_path)

    assert not Agency.objects.exists()


def test_an_inquiry_registered_before_the_law_was_loaded_gets_its_clock_once(
    set_clock: Callable[[datetime], None],
) -> None:
    walk = Walk(make_cast(), set_clock)
    walk.register(kind=InquiryKind.FORWARDED_OPINION)
    walk.inquiry.deadlines.all().delete()

    first, again = StringIO(), StringIO()
    for output in (first, again):
        call_command("load_reference", stdout=output)

    (deadline,) = walk.inquiry.deadlines.all()
    assert deadline.last_day == date(2026, 8, 3)
    assert "registered before: 1 started" in first.getvalue()
    assert "registered before: 0 started" in again.getvalue()
