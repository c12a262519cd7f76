"""Bytes of mails turned into text, whatever charset they claim: mail programs claim many."""

import binascii
import codecs
import quopri
import re

CHARSET_UNKNOWN = "charset_unknown"
CHARSET_WRONG = "charset_wrong"
HEADER_BROKEN = "header_broken"

# Codecs that compute instead of looking up, or that may make any character out of plain letters.
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
# No Vietnamese can be written in these: what reads as UTF-8 is UTF-8.
_WESTERN = {"iso8859-1", "cp1252"}
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes, charset: str) -> tuple[str, str]:
    """The text, and the code of what was wrong with the claimed charset, if anything."""
    claimed = _codec(charset)
    if claimed in _WESTERN and _is_utf8(data):
        return data.decode("utf-8"), CHARSET_WRONG
    try:
        return data.decode(claimed or "utf-8"), "" if claimed or not charset else CHARSET_UNKNOWN
    except (UnicodeError, ValueError):
        return _guessed(data), CHARSET_WRONG if claimed or not charset else CHARSET_UNKNOWN


def _codec(charset: str) -> str:
    """Python's name of a charset; empty for one it does not know, such as TCVN3, VISCII or VNI."""
    try:
        codec = codecs.lookup(charset.split("*", maxsplit=1)[0].strip("\"' "))
    except (LookupError, ValueError):
        return ""
    if not getattr(codec, "_is_text_encoding", False) or codec.name.replace("-", "_") in _NO_CHARSETS:
        return ""
    return codec.name


def _is_utf8(data: bytes) -> bool:
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _guessed(data: bytes) -> str:
    """UTF-8 where more of it is right than broken, otherwise the Vietnamese code page of Windows."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    right = sum(1 for character in text if character > "\x7f") - broken
    return text if right >= broken else data.decode("cp1258", "replace")


def readable(value: str) -> str:
    """A header as it stands in the mail, with its unencoded bytes beyond ASCII read as text."""
    if not _SURROGATE.search(value):
        return value
    return _guessed_strict(value.encode("utf-8", "surrogateescape"))


def _guessed_strict(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def decode_words(value: str) -> tuple[str, list[str]]:
    """A header with its encoded words (RFC 2047) read; a character cut in two between two words is healed."""
    out: list[str] = []
    defects: list[str] = []
    run: list[bytes] = []
    charset, end = "", 0
    for word in _ENCODED_WORD.finditer(value):
        between, data = value[end : word.start()], _word_bytes(word[2], word[3])
        if data is None:
            defects.append(HEADER_BROKEN)
            continue
        if run and (between.strip() or word[1].lower() != charset):
            _flush(run, charset, out, defects)
        if between.strip() or (not out and not run):
            out.append(between)
        run.append(data)
        charset, end = word[1].lower(), word.end()
    _flush(run, charset, out, defects)
    return "".join(out) + value[end:], defects


def _flush(run: list[bytes], charset: str, out: list[str], defects: list[str]) -> None:
    if run:
        text, defect = decode(b"".join(run), charset)
        out.append(text)
        defects.extend([defect] if defect else [])
        run.clear()


def _word_bytes(encoding: str, text: str) -> bytes | None:
    try:
        if encoding in "qQ":
            return quopri.decodestring(text.encode("ascii"), header=True)
        padded = text.strip() + "=" * (-len(text.strip()) % 4)
        return binascii.a2b_base64(padded)
    except (binascii.Error, ValueError):
        return None
