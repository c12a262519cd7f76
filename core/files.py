"""The file store: bytes lie once under their SHA-256 in MEDIA_ROOT, never change, and leave by purge only."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import NotFound

HEX = re.compile(r"[0-9a-f]{64}")
MODE = 0o640
FOLDER_MODE = 0o750


@contextmanager
def kept_aside() -> Iterator[None]:
    """What is stored meanwhile is gone afterwards, and what was stored before is not there: for a rehearsal."""
    before = settings.MEDIA_ROOT
    with tempfile.TemporaryDirectory(prefix="phat-ngon-") as folder:
        settings.MEDIA_ROOT = folder
        try:
            yield
        finally:
            settings.MEDIA_ROOT = before


def store(data: bytes) -> str:
    """Keep the bytes and return their SHA-256. Whole or not at all; the same bytes again change nothing."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    if not _holds(path, sha256):
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        _write_whole(path, data)
    return sha256


def read(sha256: str) -> bytes:
    """The bytes kept under this hash, proved to be the same as on the day they were stored."""
    if not HEX.fullmatch(sha256):
        raise NotFound(_("This file is not kept here: it was purged or never stored."))
    try:
        data = _path(sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound(_("This file is not kept here: it was purged or never stored.")) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound(
            _(
                "The stored file %(sha256)s is damaged, so it is not shown. The record of it is intact: "
                "ask the administrator to restore the file from a backup."
            )
            % {"sha256": sha256[:12]}
        )
    return data


def purge(sha256: str) -> bool:
    """Remove the bytes; False when there were none. `core.actions.purging` asks first whether a row names them."""
    if not HEX.fullmatch(sha256):
        return False
    path = _path(sha256)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _flush_folder(path.parent)
    return True


def _path(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:]


def _holds(path: Path, sha256: str) -> bool:
    # Read again rather than trusted: storing heals a file that was damaged.
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False


def _write_whole(path: Path, data: bytes) -> None:
    descriptor, aside = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), MODE)
            os.fsync(file.fileno())
        Path(aside).rename(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
