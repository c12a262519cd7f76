"""The font of official documents as this machine has it: which files, which version, which letters."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FAMILY = "Liberation Serif"
MAJOR_VERSION = 2
STYLES = ("Regular", "Bold", "Italic", "Bold Italic")
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", TONES)
) | frozenset("đĐ")
# What stands in an issued document for a letter that its font does not have.
SUBSTITUTE = "\u25a1"


class FontMissing(RuntimeError):
    """The machine answers with another font, or with one that lacks Vietnamese letters."""


@dataclass(frozen=True)
class Face:
    file: Path
    version: str
    sha256: str
    letters: frozenset[int]


@cache
def faces() -> tuple[Face, ...]:
    """The four faces of the official font. Raises FontMissing rather than let another into a document."""
    return tuple(_face(style) for style in STYLES)


@cache
def letters() -> frozenset[int]:
    """The letters that every face has."""
    return frozenset.intersection(*(face.letters for face in faces()))


def unprintable(text: str) -> list[str]:
    """The letters of a text that an official document cannot show, each once, in order."""
    return [each for each in dict.fromkeys(text) if not each.isspace() and ord(each) not in letters()]


def printable(text: str) -> str:
    """The text with a box for every letter the font lacks, so that no second font mixes into a document."""
    return "".join(each if each.isspace() or ord(each) in letters() else SUBSTITUTE for each in text)


def _face(style: str) -> Face:
    file = _file(style)
    with TTFont(file, lazy=True) as font:
        version = str(font["name"].getDebugName(5)).removeprefix("Version ")
        has = frozenset(font.getBestCmap())
    if not version.startswith(f"{MAJOR_VERSION}."):
        raise FontMissing(f"{file} is version {version}, not {MAJOR_VERSION}.x")
    if lacking := [each for each in VIETNAMESE if ord(each) not in has]:
        raise FontMissing(f"{file} lacks {len(lacking)} Vietnamese letters")
    return Face(file=file, version=version, sha256=hashlib.sha256(file.read_bytes()).hexdigest(), letters=has)


def _file(style: str) -> Path:
    program = shutil.which("fc-match")
    if program is None:
        raise FontMissing("fontconfig is not installed")
    wanted = f"{FAMILY}:style={style}"
    command = [program, "--format=%{family}|%{style}|%{file}", wanted]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    family, found, file = (answer or "no font||").split("|", 2)
    if family.split(",")[0] != FAMILY or found.split(",")[0] != style:
        raise FontMissing(f"fontconfig answers {family} {found} when asked for {FAMILY} {style}")
    return Path(file)
