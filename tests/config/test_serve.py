"""The start command as an official's machine runs it: real processes, real signals, a folder with a space."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
OURS = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL", "TEST_DATABASE_URL", "DATA_DIR"}


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a deployment of its own, set up once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    variables = {**kept, "DATA_DIR": str(tmp_path_factory.mktemp("data folder")), "PORT": port, "DEMO": "1"}
    if server := os.environ.get("TEST_DATABASE_URL"):
        variables["DATABASE_URL"] = new_database(server)
    subprocess.run([sys.executable, "-m", "config.prepare"], cwd=ROOT, env=variables, check=True)
    return variables


def new_database(server: str) -> str:
    name = f"served_{os.getpid()}"
    with psycopg.connect(
        re.sub(r"/[^/?]+(?=$|\?)", "/postgres", server, count=1), autocommit=True
    ) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return re.sub(r"/[^/?]+(?=$|\?)", f"/{name}", server, count=1)


@pytest.fixture
def served(surroundings: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.serve"],
            cwd=ROOT,
            env=surroundings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for("Serving at", log, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while words not in log.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The start command did not say {words!r}: {log.read_text('utf-8')}")
        time.sleep(0.1)


def child(process: subprocess.Popen[bytes], words: str) -> psutil.Process:
    children = psutil.Process(process.pid).children()
    return next(member for member in children if words in " ".join(member.cmdline()))


def still_running(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended within a few seconds; one that only waits to be buried has ended."""
    deadline = time.monotonic() + 5
    while (left := [member for member in family if runs(member)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def get(surroundings: dict[str, str], path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://localhost:{surroundings['PORT']}{path}", timeout=30) as response:
            return read(response)
    except HTTPError as error:
        return read(error)


def read(response: HTTPResponse | HTTPError) -> tuple[int, str]:
    return int(response.status or 0), response.read().decode()


def test_pages_come_in_vietnamese_and_a_missing_one_is_a_real_page(
    served: subprocess.Popen[bytes], surroundings: dict[str, str]
) -> None:
    sign_in_status, sign_in = get(surroundings, "/dang-nhap/")
    missing_status, missing = get(surroundings, "/khong-co-trang-nay/")

    assert (sign_in_status, missing_status) == (200, 404)
    assert 'lang="vi"' in sign_in
    assert 'lang="vi"' in missing


def test_interrupt_stops_everything_and_is_no_failure(served: subprocess.Popen[bytes]) -> None:
    family = psutil.Process(served.pid).children(recursive=True)

    served.send_signal(signal.SIGINT)

    assert served.wait(timeout=40) == 0
    assert still_running(family) == []


@pytest.mark.parametrize("victim", ["gunicorn", "qcluster"])
def test_death_of_one_stops_the_other_and_is_a_failure(served: subprocess.Popen[bytes], victim: str) -> None:
    family = psutil.Process(served.pid).children(recursive=True)

    child(served, victim).kill()

    assert served.wait(timeout=40) == 1
    assert still_running(family) == []


def test_database_with_demonstration_accounts_is_not_served_for_real(surroundings: dict[str, str]) -> None:
    for command in ("config.prepare", "config.serve"):
        refused = subprocess.run(
            [sys.executable, "-m", command],
            cwd=ROOT,
            env={**surroundings, "DEMO": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 1
        assert "holds demonstration accounts" in refused.stderr
