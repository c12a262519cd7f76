import re
import socketserver
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from core.mailboxes import configured, read_new

FIRST, SECOND = b"Subject: first\r\n\r\nx\r\n", b"Subject: second\r\n\r\n\xff\0y"


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.a.host").write_bytes(FIRST)
    (tmp_path / "new" / "2.b.host").write_bytes(SECOND)
    (tmp_path / "cur" / "0.old.host:2,RS").write_bytes(b"Subject: seen\r\n\r\n")
    (tmp_path / "tmp" / "3.c.host").write_bytes(b"Subject: half")
    return tmp_path


@pytest.mark.parametrize("url", ["{}", "maildir://{}"])
def test_a_maildir_gives_what_is_unread_byte_for_byte(maildir: Path, url: str) -> None:
    assert [waiting.raw for waiting in read_new(url.format(maildir))] == [FIRST, SECOND]


def test_a_message_not_acknowledged_is_given_again_and_an_acknowledged_one_never(maildir: Path) -> None:
    next(read_new(str(maildir))).acknowledge()

    assert [waiting.raw for waiting in read_new(str(maildir))] == [SECOND]
    assert (maildir / "cur" / "1.a.host:2,S").read_bytes() == FIRST


def test_a_message_another_program_moved_but_nobody_read_is_given(maildir: Path) -> None:
    (maildir / "new" / "1.a.host").rename(maildir / "cur" / "1.a.host:2,F")
    for waiting in read_new(str(maildir)):
        waiting.acknowledge()

    assert (maildir / "cur" / "1.a.host:2,FS").exists()
    assert list(read_new(str(maildir))) == []


def test_a_message_that_vanishes_meanwhile_is_no_fault(maildir: Path) -> None:
    box = read_new(str(maildir))
    waiting = next(box)
    (maildir / "new" / "1.a.host").unlink()
    (maildir / "new" / "2.b.host").unlink()

    waiting.acknowledge()
    assert list(box) == []


@pytest.mark.parametrize("url", ["/nowhere/at/all", "pop3://host/x"])
def test_a_box_that_cannot_be_is_said(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        list(read_new(url))


def test_the_configured_box_is_read_and_none_gives_nothing(maildir: Path, settings: Settings) -> None:
    settings.MAIL_IN = ""
    assert list(configured()) == []
    settings.MAIL_IN = str(maildir)
    assert len(list(configured())) == 2


class Box:
    """The messages behind the small server below, and which of them are flagged as seen."""

    def __init__(self) -> None:
        self.messages = {11: FIRST, 12: SECOND.replace(b"\0", b"")}
        self.seen: set[int] = set()
        self.folders: list[str] = []
        self.logins: list[str] = []


class ImapServer(socketserver.StreamRequestHandler):
    """As much of RFC 3501 as reading a box needs, over a real socket."""

    box: Box

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _space, command = line.partition(" ")
            self.answer(command)
            self.say(f"{tag} OK done")
            if command == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def answer(self, command: str) -> None:
        if command == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif command.startswith("LOGIN"):
            self.box.logins.append(command)
        elif command.startswith("SELECT"):
            self.box.folders.append(command)
            self.say("* 2 EXISTS")
        elif command == "UID SEARCH UNSEEN":
            unseen = [str(uid) for uid in self.box.messages if uid not in self.box.seen]
            self.say("* SEARCH " + " ".join(unseen))
        elif fetch := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
            raw = self.box.messages[int(fetch[1])]
            self.say(f"* 1 FETCH (UID {fetch[1]} BODY[] {{{len(raw)}}}")
            self.wfile.write(raw + b")\r\n")
        elif store := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", command):
            self.box.seen.add(int(store[1]))


@pytest.fixture
def imap() -> Iterator[tuple[str, Box]]:
    box = Box()
    handler = type("Handler", (ImapServer,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"imap://bao%40so:m%3At@127.0.0.1:{server.server_address[1]}/Bao%20chi", box
        server.shutdown()


def test_an_imap_box_gives_what_is_unseen_and_flags_only_what_is_acknowledged(imap: tuple[str, Box]) -> None:
    url, box = imap
    received = []
    for waiting in read_new(url):
        received.append(waiting.raw)
        if waiting.raw == FIRST:
            waiting.acknowledge()

    assert received == list(box.messages.values())
    assert box.seen == {11}
    assert [waiting.raw for waiting in read_new(url)] == [box.messages[12]]
    assert box.folders[0] == 'SELECT "Bao chi"'
    assert box.logins[0] == 'LOGIN bao@so "m:t"'


def test_a_password_crosses_no_network_in_the_clear(
    imap: tuple[str, Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, box = imap
    monkeypatch.setattr("core.mailboxes.LOCAL", set())

    with pytest.raises(ImproperlyConfigured, match="offers no encryption, so no password is sent to it"):
        list(read_new(url))
    assert box.logins == []
