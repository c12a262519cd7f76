import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from pytest_django import Settings

from tests.walk import Cast, Walk, make_cast


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[[datetime], None]) -> Walk:
    return Walk(cast, set_clock)


def _database_url() -> str:
    """The test database itself, for another process."""
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    password = f":{options['PASSWORD']}" if options["PASSWORD"] else ""
    host = options["HOST"] or options["OPTIONS"].get("host", "")
    authority = f"{options['USER']}{password}@"
    if host.startswith("/"):
        return f"postgresql://{authority}/{options['NAME']}?host={host}"
    return f"postgresql://{authority}{host}:{options['PORT']}/{options['NAME']}"


@pytest.fixture
def in_another_process(settings: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python code in a process of its own, on the same database, files and clock."""

    def run(code: str) -> subprocess.CompletedProcess[str]:
        program = "import django; django.setup()\n" + code
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "DATABASE_URL": _database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
            "CLOCK": settings.CLOCK.isoformat(),
        }
        return subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
