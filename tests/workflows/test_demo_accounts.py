from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import Person
from workflows import demo


def test_password_is_made_once_and_readable_by_its_owner_only(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.DEMO_PASSWORD = tmp_path, ""

    first = demo.password()

    assert demo.password() == first
    assert stat.S_IMODE((tmp_path / "demo-password").stat().st_mode) == 0o600


def test_a_given_password_wins_and_is_not_written_down(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.DEMO_PASSWORD = tmp_path, "given"

    assert demo.password() == "given"
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_without_demo_no_account_is_loaded_or_shown(settings: Any, command: str) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=0"):
        call_command(command)

    assert not Person.objects.exists()
