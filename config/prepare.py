"""
Set up the data of a deployment: folder, secret key, tables, static files, reference data, demonstration.

Everything here may run again at any time and keeps what is there.
"""

import hashlib
import os
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.catalogues import compile_catalogues
from config.schedules import install_schedules


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    compile_catalogues()
    django.setup()
    make_folders()
    call_command("migrate", verbosity=0)
    call_command("check", databases=["default"], stdout=StringIO())
    collect_static_files()
    install_schedules()
    call_command("load_reference")
    if settings.DEMO:
        call_command("load_demo")
    refuse_demo_accounts()


def make_folders() -> None:
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH):
        Path(folder).mkdir(mode=0o750, parents=True, exist_ok=True)


def collect_static_files() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    sources = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text(encoding="ascii") == sources:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources, encoding="ascii")


def fingerprint_of_static_files() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def refuse_demo_accounts() -> None:
    """Without DEMO nobody fictional may hold an account: their passwords are printed for all to read."""
    from core.models import Person

    if not settings.DEMO and Person.objects.filter(is_demo=True).exists():
        sys.exit(
            f"DEMO=0, but the database in use ({settings.DATABASES['default']['NAME']}) holds demonstration "
            "accounts, whose passwords are public. Nothing has been started. Give a real deployment its own "
            "data: set DATA_DIR to an empty folder (and DATABASE_URL to an empty database)."
        )


if __name__ == "__main__":
    main()
