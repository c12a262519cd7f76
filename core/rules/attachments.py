"""Which files may be kept: decided by what is inside, never by the name alone."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Collection
from pathlib import PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Invalid

NAME_LIMIT = 200

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
JPEG = "image/jpeg"
PNG = "image/png"
MP3 = "audio/mpeg"
M4A = "audio/mp4"
WAV = "audio/wav"
OGG = "audio/ogg"
AMR = "audio/amr"
AAC = "audio/aac"
MP4 = "video/mp4"
MOV = "video/quicktime"
THREE_GP = "video/3gpp"
WEBM = "video/webm"
TEXT = "text/plain"

# The first suffix of each is the one given to a file whose name says something else.
SUFFIXES: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    DOC: (".doc",),
    JPEG: (".jpg", ".jpeg", ".jfif"),
    PNG: (".png",),
    MP3: (".mp3",),
    M4A: (".m4a",),
    WAV: (".wav",),
    OGG: (".ogg", ".oga", ".opus"),
    AMR: (".amr",),
    AAC: (".aac",),
    MP4: (".mp4", ".m4v"),
    MOV: (".mov",),
    THREE_GP: (".3gp",),
    WEBM: (".webm",),
    TEXT: (".txt", ".csv"),
}
ACCEPT = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)

_MARKUP = re.compile(
    r"\A\s*(?:#!|<\?|<!|<[a-z])|<(?:script|html|svg|iframe|body|object|embed)\b", re.IGNORECASE
)
_MACROS = re.compile(r"vba.*\.bin$", re.IGNORECASE)
_AUDIO_BRANDS = {b"M4A ", b"M4B "}
_VIDEO_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
_MOV_BRANDS = {b"qt  "}
_THREE_GP_BRANDS = {b"3gp4", b"3gp5", b"3gp6", b"3gp7"}
_TEXT_CONTROLS = frozenset("\n\r\t\f")


class TooLarge(Invalid):
    """Over settings.MAX_ATTACHMENT_BYTES."""


class NotAccepted(Invalid):
    """Not one of the types in SUFFIXES, or dressed up as one."""


def check(name: str, data: bytes) -> str:
    """The media type found in the content; TooLarge or NotAccepted with a sentence that names the file."""
    shown = clean_name(name)
    if len(data) > settings.MAX_ATTACHMENT_BYTES:
        raise TooLarge(
            _(
                "The file “%(name)s” is larger than %(limit)s MB and was not saved. "
                "Send a smaller file or several parts."
            )
            % {"name": shown, "limit": settings.MAX_ATTACHMENT_BYTES // (1024 * 1024)}
        )
    media_type = _found_in(data)
    if media_type is None or not _name_allows(shown, media_type):
        raise NotAccepted(
            _(
                "The file “%(name)s” was not saved: its content is not of an accepted type. "
                "Accepted are PDF, Word, Excel, JPEG, PNG, plain text and the usual sound and film files."
            )
            % {"name": shown}
        )
    return media_type


def clean_name(name: str, media_type: str = "") -> str:
    """The bare file name without path, control or direction characters, ending as its media type wants."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in bare if unicodedata.category(c)[0] != "C")
    tidy = re.sub(r'[<>:"|?*\s]+', " ", visible).strip(" .") or "attachment"
    suffix = PurePosixPath(tidy).suffix
    if media_type and suffix.lower() not in SUFFIXES[media_type]:
        tidy, suffix = tidy + SUFFIXES[media_type][0], SUFFIXES[media_type][0]
    if len(tidy) > NAME_LIMIT:
        tail = suffix[:20]
        tidy = tidy[: NAME_LIMIT - len(tail)] + tail
    return tidy


def _name_allows(name: str, media_type: str) -> bool:
    """Plain text is what its name makes of it: only a text name will do. No file may be named a program."""
    suffix = PurePosixPath(name).suffix.lower()
    known = suffix in ACCEPT or not re.fullmatch(r"\.[a-z0-9]{1,5}", suffix)
    return suffix in {"", *SUFFIXES[TEXT]} if media_type == TEXT else known


def _found_in(data: bytes) -> str | None:
    return next((media_type for media_type, matches in _SIGNATURES if matches(data)), None)


def _is_pdf(data: bytes) -> bool:
    return re.match(rb"%PDF-\d\.\d", data) is not None


def _is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR"


def _is_jpeg(data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff")


def _office_parts(data: bytes) -> frozenset[str]:
    """The names inside an Office file; none where it is no whole zip, holds macros or is encrypted."""
    if not data.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return frozenset()
    if any(part.flag_bits & 1 or _MACROS.search(part.filename) for part in parts):
        return frozenset()
    return frozenset(part.filename for part in parts)


def _is_docx(data: bytes) -> bool:
    return _office_parts(data) >= {"[Content_Types].xml", "word/document.xml"}


def _is_xlsx(data: bytes) -> bool:
    return _office_parts(data) >= {"[Content_Types].xml", "xl/workbook.xml"}


def _is_doc(data: bytes) -> bool:
    def names(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    return (
        data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        and names("WordDocument")
        and not names("_VBA_PROJECT")
    )


def _is_mp3(data: bytes) -> bool:
    return (data.startswith(b"ID3") and len(data) > 10) or _is_mp3_frame(data)


def _is_mp3_frame(data: bytes) -> bool:
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return False
    return data[2] >> 4 not in {0, 15} and data[2] >> 2 & 3 != 3


def _is_wav(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WAVE"


def _is_ogg(data: bytes) -> bool:
    return data.startswith(b"OggS\0")


def _is_amr(data: bytes) -> bool:
    return data.startswith((b"#!AMR\n", b"#!AMR-WB\n"))


def _is_aac(data: bytes) -> bool:
    return len(data) > 7 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0


def _is_webm(data: bytes) -> bool:
    return data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64]


def _branded(brands: Collection[bytes]) -> Callable[[bytes], bool]:
    return lambda data: data[4:8] == b"ftyp" and data[8:12] in brands


def _is_text(data: bytes) -> bool:
    text = _decoded(data).removeprefix("\ufeff")
    if not text.strip() or _MARKUP.search(text):
        return False
    return all(c in _TEXT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs"} for c in text)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace")


_SIGNATURES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    (PDF, _is_pdf),
    (PNG, _is_png),
    (JPEG, _is_jpeg),
    (DOCX, _is_docx),
    (XLSX, _is_xlsx),
    (DOC, _is_doc),
    (M4A, _branded(_AUDIO_BRANDS)),
    (MP4, _branded(_VIDEO_BRANDS)),
    (MOV, _branded(_MOV_BRANDS)),
    (THREE_GP, _branded(_THREE_GP_BRANDS)),
    (MP3, _is_mp3),
    (WAV, _is_wav),
    (OGG, _is_ogg),
    (AMR, _is_amr),
    (AAC, _is_aac),
    (WEBM, _is_webm),
    (TEXT, _is_text),
)
