from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.walk import ZONE

LOADED = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE)


@pytest.fixture(scope="package")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime]:
    """The whole demonstration as it stands at that instant, loaded once: it is what takes longest here.

    It lies in a transaction around those of the tests, each of which undoes what it adds.
    """
    files = tmp_path_factory.mktemp("files")
    around = transaction.atomic()
    with override_settings(CLOCK=LOADED, DEMO_PASSWORD="shown-to-all", MEDIA_ROOT=files):
        with django_db_blocker.unblock():
            around.__enter__()
            call_command("load_reference", stdout=StringIO())
            call_command("load_demo", stdout=StringIO())
        yield LOADED
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def demonstration(loaded: datetime, db: None) -> datetime:
    """The demonstration is there, and it is the instant at which it was loaded."""
    return loaded


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder as DATA_DIR names one, with mails written as files."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.EMAIL_BACKEND = "config.mail.EmlFolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path
