"""Where mails wait: a maildir or an IMAP box, named by a URL. A message leaves it only when acknowledged."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

IMAP_TIMEOUT = 60
LOCAL = {"localhost", "127.0.0.1", "::1"}
SEEN = "S"
IMAP_PORTS = {"imap": 143, "imaps": 993}


@dataclass(frozen=True)
class Waiting:
    """A message as it lies in the box. `acknowledge` is called only after the commit that keeps it."""

    raw: bytes
    acknowledge: Callable[[], None]


def configured() -> Iterator[Waiting]:
    """What waits in the box that the settings name; nothing where they name none."""
    if settings.MAIL_IN:
        yield from read_new(settings.MAIL_IN)


def read_new(url: str) -> Iterator[Waiting]:
    """The unread messages of `/path`, `maildir:///path` or `imap(s)://user:password@host[:port]/INBOX`."""
    parts = urlsplit(url)
    if parts.scheme in {"", "maildir"}:
        yield from _read_maildir(Path(unquote(parts.path)))
    elif parts.scheme in IMAP_PORTS:
        yield from _read_imap(url)
    else:
        raise ImproperlyConfigured(
            _("%(scheme)s is not a kind of mailbox: write a maildir's path, imap://… or imaps://….")
            % {"scheme": parts.scheme}
        )


def _read_maildir(folder: Path) -> Iterator[Waiting]:
    if not folder.is_dir():
        raise ImproperlyConfigured(_("There is no maildir at %(folder)s.") % {"folder": folder})
    for path in sorted([*folder.glob("new/[!.]*"), *folder.glob("cur/[!.]*")], key=lambda path: path.name):
        if SEEN in _flags(path):
            continue
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            # Another process took it meanwhile.
            continue
        yield Waiting(raw, partial(_mark_seen, path))


def _flags(path: Path) -> str:
    return path.name.partition(":2,")[2]


def _mark_seen(path: Path) -> None:
    """Moved, never rewritten: the bytes stay as the mail server left them."""
    flags = "".join(sorted({*_flags(path), SEEN}))
    current = path.parent.parent / "cur"
    current.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        path.rename(current / f"{path.name.partition(':2,')[0]}:2,{flags}")


def _read_imap(url: str) -> Iterator[Waiting]:
    with _signed_in(url) as server:
        _kind, found = server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").decode("ascii").split():
            _kind, answer = server.uid("FETCH", uid, "(BODY.PEEK[])")
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is not None:
                yield Waiting(raw, partial(_flag_seen, server, uid))


def _flag_seen(server: imaplib.IMAP4, uid: str) -> None:
    server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def _signed_in(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    with _connected(parts.scheme, parts.hostname or "", parts.port or IMAP_PORTS[parts.scheme]) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        kind, answer = server.select('"' + re.sub(r'(["\\])', r"\\\1", folder) + '"')
        if kind != "OK":
            raise imaplib.IMAP4.error(f"{folder}: {answer!r}")
        yield server


def _connected(scheme: str, host: str, port: int) -> imaplib.IMAP4:
    """Encrypted, or on this very machine: a password crosses no network in the clear."""
    secure = ssl.create_default_context()
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=secure, timeout=IMAP_TIMEOUT)
    server = imaplib.IMAP4(host, port, timeout=IMAP_TIMEOUT)
    if "STARTTLS" in server.capabilities:
        server.starttls(secure)
    elif host not in LOCAL:
        server.shutdown()
        raise ImproperlyConfigured(
            _("%(host)s offers no encryption, so no password is sent to it: write imaps://…") % {"host": host}
        )
    return server
