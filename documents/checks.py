"""What the machine must have before a document can be made."""

from __future__ import annotations

import ctypes
import subprocess
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext as _

from documents import fonts

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")


@register()
def check_pango(**_kwargs: Any) -> list[CheckMessage]:
    """Loads the libraries by name: importing WeasyPrint would cost every command half a second."""
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError as error:
        return [
            Error(
                _("Pango, which lays out the documents, cannot be loaded: %(error)s") % {"error": error},
                hint=_("Install it: %(command)s")
                % {"command": "apt-get install libpango-1.0-0 libpangoft2-1.0-0"},
                id="documents.E001",
            )
        ]
    return []


@register()
def check_font(**_kwargs: Any) -> list[CheckMessage]:
    try:
        fonts.faces()
    except (fonts.FontMissing, OSError, subprocess.SubprocessError) as error:
        return [
            Error(
                _("The font of official documents (%(font)s, all Vietnamese letters) is not there: %(error)s")
                % {"font": f"{fonts.FAMILY} {fonts.MAJOR_VERSION}", "error": error},
                hint=_("Install it: %(command)s")
                % {"command": "apt-get install fontconfig fonts-liberation2"},
                id="documents.E002",
            )
        ]
    return []
