from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from workflows.demonstration import page
from workflows.demonstration.report import Report
from workflows.demonstration.walks import WALKS

WRITES_FILES = "config.mail.EmlFolderBackend"
# A throw-away run neither reads nor writes to anything outside its own folder.
OUTSIDE = ("DATABASE_URL", "EMAIL_URL", "MAIL_IN", "QUEUE_BROKER")


class Command(BaseCommand):
    help = (
        "Do the main job on the mails of fixtures/demo/mail, without a browser, and show in a folder what "
        "came of it. It works in a throw-away database; where DATA_DIR is set, in that one: there a second "
        "run finds the mails received before, opens nothing anew, goes on with what is unfinished and checks "
        "everything again. Ends with a line `N passed, N failed`, and with 1 where something failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out",
            type=Path,
            required=True,
            help="folder for index.html and what it links; what an earlier run left there is replaced",
        )

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        if out.exists() and not out.is_dir():
            raise CommandError(_("%(out)s is not a folder. Nothing was done.") % {"out": out})
        if os.environ.get("DATA_DIR"):
            self.demonstrate(out.absolute())
        else:
            sys.exit(in_throw_away_folder(out.absolute()))

    def demonstrate(self, out: Path) -> None:
        """Everything in the database of the settings, which may be new."""
        if settings.EMAIL_BACKEND != WRITES_FILES:
            raise CommandError(
                _("The demonstration writes its mails into files, never to a mail server: unset EMAIL_URL.")
            )
        report = Report(refreshed(out), say=self.say)
        set_up()
        for walk in WALKS:
            walk(report)
        address = page.write(report)
        self.say("")
        self.say(_("Open %(page)s") % {"page": address})
        self.say(f"{report.passed} passed, {report.failed} failed")
        if report.failed:
            sys.exit(1)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def in_throw_away_folder(out: Path) -> int:
    """The same command in a process of its own, whose data folder is removed afterwards."""
    variables = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    with tempfile.TemporaryDirectory(prefix="phat-ngon-demo-") as folder:
        subprocess.run([sys.executable, "-m", "config.catalogues"], cwd=settings.BASE_DIR, check=True)
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--out", str(out)],
            cwd=settings.BASE_DIR,
            env={**variables, "DATA_DIR": folder, "DEMO": "1"},
            check=False,
        )
    return done.returncode


def refreshed(out: Path) -> Path:
    """The folder without what an earlier run left; anything else in it stays."""
    for name in page.FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
    (out / page.INDEX).unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    return out


def set_up() -> None:
    Path(settings.EMAIL_FILE_PATH).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
