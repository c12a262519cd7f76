"""
The whole suite on SQLite and on PostgreSQL, side by side; what asks no database in one of the two (`tests.shares`).

`python -m tests.both tests/core -k chain` passes its arguments on to both runs.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import shares
from tests.postgresql import server

LINES_SHOWN = 400
# Whoever names tests that ask no database leaves one of the two runs without any.
FINE = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def main() -> int:
    with server() as address, tempfile.TemporaryDirectory(prefix="phat-ngon-logs-") as folder:
        runs = {
            "SQLite": start(Path(folder) / "sqlite.log", database_url=""),
            "PostgreSQL": start(Path(folder) / "postgresql.log", database_url=address),
        }
        codes = {name: process.wait() for name, process in runs.items()}
        for name in sorted(codes, key=lambda name: codes[name] not in FINE):
            show(name, Path(folder) / f"{name.lower()}.log", failed=codes[name] not in FINE)
        for name in codes:
            print(f"{name}: {last_line(Path(folder) / f'{name.lower()}.log')}")
    ran = [abs(code) for code in codes.values() if code != pytest.ExitCode.NO_TESTS_COLLECTED]
    return max(ran, default=int(pytest.ExitCode.NO_TESTS_COLLECTED))


def start(log: Path, *, database_url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "--color=no", "-p", "no:cacheprovider", *sys.argv[1:]]
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            env={**os.environ, "TEST_DATABASE_URL": database_url, shares.VARIABLE: "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def show(name: str, log: Path, *, failed: bool) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    print(f"\n== {name} ==")
    print("\n".join(lines[-(LINES_SHOWN if failed else 12) :]))


def last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
    return lines[-1].strip("= ") if lines else "no output"


if __name__ == "__main__":
    sys.exit(main())
