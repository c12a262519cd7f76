"""The web server and the worker as one foreground command: they start together and stop together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import django
from django.conf import settings
from django.core.management import call_command

from config.prepare import refuse_demo_accounts

SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):
    """Somebody asked us to stop."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    refuse_demo_accounts()
    refuse_taken_port()
    sys.exit(supervise())


def supervise() -> int:
    """Run both until one ends, which is a failure, or until somebody asks, which is not."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for number in STOP_SIGNALS:
            signal.signal(number, ask_to_stop)
        running["web server"] = start(web_server(), {"WEB_POOL": "1"})
        running["worker"] = start([sys.executable, "manage.py", "qcluster"], {"WEB_POOL": "0"})
        wait_until_answering(running)
        announce()
        return wait_for_an_end(running)
    except StopAsked:
        print("\nStopping ...", flush=True)
        return 0
    finally:
        stop(list(running.values()))


def web_server() -> list[str]:
    options = {
        "--bind": f"{settings.HOST}:{settings.PORT}",
        "--workers": str(settings.WEB_WORKERS),
        "--threads": "4",
        "--timeout": "120",
        "--graceful-timeout": "20",
        "--max-requests": "5000",
        "--max-requests-jitter": "500",
        "--log-level": "warning",
    }
    spelled = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", *spelled]


def start(command: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own keeps the terminal's Ctrl-C for us: we tell each to stop, once.
    return subprocess.Popen(
        command,
        env={**os.environ, **variables},
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=stop_when_the_parent_dies if sys.platform == "linux" else None,  # noqa: PLW1509 - no thread runs yet
    )


def stop_when_the_parent_dies() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopAsked


def wait_until_answering(running: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and all(process.poll() is None for process in running.values()):
        with socket.socket() as probe:
            if probe.connect_ex((reachable_host(), settings.PORT)) == 0:
                return
        time.sleep(0.1)


def announce() -> None:
    print(f"\nServing at http://{reachable_host()}:{settings.PORT}/   (Ctrl-C stops it)", flush=True)
    if settings.DEMO:
        call_command("demo_accounts")
    sys.stdout.flush()


def wait_for_an_end(running: dict[str, subprocess.Popen[bytes]]) -> int:
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                print(f"The {name} ended (code {process.returncode}): stopping everything.", file=sys.stderr)
                return 1
        time.sleep(0.5)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to finish what it is doing; whatever still runs after the time allowed is killed."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0, deadline - time.monotonic()))
        # Its own children too: a leader that was killed leaves them behind.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            sys.exit(
                f"{settings.HOST}:{settings.PORT} cannot be used ({error.strerror}). "
                f"Choose another port: make run PORT={settings.PORT + 1}"
            )


def reachable_host() -> str:
    return "localhost" if settings.HOST in {"127.0.0.1", "0.0.0.0"} else str(settings.HOST)  # noqa: S104


if __name__ == "__main__":
    main()
