"""What the demonstration's accounts sign in with."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def password() -> str:
    """The one password of all demo accounts: given by the setting, else made once and kept for its owner."""
    return str(settings.DEMO_PASSWORD) or _kept_in(Path(settings.DATA_DIR) / "demo-password")


def _kept_in(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(9) + "\n")
    return path.read_text(encoding="ascii").strip()
