"""`manage.py demo`: real mails in, each to its end, a folder that shows it, and checks that can fail."""

from __future__ import annotations

import hashlib
import html
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as base_settings
from django.core.management import CommandError, call_command
from django.db import connection

from core.models import IncomingMail, TrailEntry
from documents.models import IssuedDocument
from workflows import demo_cases
from workflows.demonstration import expectations, inquiries
from workflows.demonstration.report import Chapter, Report

ROOT = Path(base_settings.BASE_DIR)
FOLDER = ROOT / "fixtures" / "demo" / "mail"
MAILS = sorted(FOLDER.glob("*.eml"))
# One for each of the four refusals, the answer to the question brought back, the second look.
LETTERS_OF_JUNE = 6
# The numbered papers that followed the reports of the crisis of May; each went out by mail.
PAPERS_OF_MAY = 2
LAST = re.compile(r"\d+ passed, \d+ failed")


def demonstrate(out: Path) -> list[str]:
    said = StringIO()
    call_command("demo", out=out, stdout=said)
    return said.getvalue().splitlines()


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.ids += [value or "" for name, value in attrs if name == "id"]


@dataclass(frozen=True)
class ThrownAway:
    """What is left of a run in a throw-away database."""

    parent: Path
    code: int
    lines: list[str]

    @property
    def out(self) -> Path:
        return self.parent / "shown"


@pytest.fixture(scope="module")
def thrown_away(tmp_path_factory: pytest.TempPathFactory) -> ThrownAway:
    if connection.vendor == "postgresql":
        pytest.skip("What is thrown away is SQLite, whatever the tests run on: theirs shows it.")
    parent = tmp_path_factory.mktemp("demo")
    variables = {name: value for name, value in os.environ.items() if name != "DATA_DIR"}
    variables |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "DATABASE_URL": f"sqlite:///{parent}/untouched.sqlite3",
        "SECRET_KEY": "for-the-tests-only-" + "x" * 40,
        "TMPDIR": str(parent),
    }
    command = [sys.executable, "manage.py", "demo", "--out", str(parent / "shown")]
    done = subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=False)
    return ThrownAway(parent, done.returncode, done.stdout.splitlines())


def test_without_a_data_folder_a_throw_away_database_is_used_and_removed(thrown_away: ThrownAway) -> None:
    assert thrown_away.code == 0
    assert {path.name for path in thrown_away.parent.iterdir()} == {"shown"}


def test_every_line_tells_a_step_or_a_check_and_the_last_one_counts_them(thrown_away: ThrownAway) -> None:
    told = [line for line in thrown_away.lines if line.startswith("✔")]

    assert thrown_away.lines[-1] == f"{len(told)} passed, 0 failed"
    assert len(told) > 200
    assert all(any(line.startswith(f"✔ {mail.name}") for line in told) for mail in MAILS)


def test_the_folder_holds_mails_documents_and_what_was_sent(thrown_away: ThrownAway) -> None:
    issued = {sha256(path.read_bytes()) for path in (thrown_away.out / "issued").iterdir()}
    sent = [message(path) for path in (thrown_away.out / "sent").iterdir()]

    assert {path.name: path.read_bytes() for path in (thrown_away.out / "received").iterdir()} == {
        path.name: path.read_bytes() for path in MAILS
    }
    attached = {sha256(part.get_content()) for mail in sent for part in mail.iter_attachments()}
    assert (len(attached), len(issued)) == (4 + PAPERS_OF_MAY, 4 + PAPERS_OF_MAY + LETTERS_OF_JUNE)
    assert attached <= issued
    assert all("@" in mail["To"] and mail["To"].endswith(".example") for mail in sent)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def message(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)


def test_the_page_stands_alone_escapes_the_mails_and_links_only_what_lies_beside_it(
    thrown_away: ThrownAway,
) -> None:
    page = (thrown_away.out / "index.html").read_text(encoding="utf-8")

    links = Links(page)

    assert not links.tags & {"script", "img", "link", "iframe"}
    assert "alert(" not in page
    assert html.escape("<ngan.do@baomau.example>") in page
    local = {unquote(target) for target in links.targets if not target.startswith("#")}
    out = thrown_away.out
    assert local == {str(path.relative_to(out)) for path in out.glob("*/*")}
    assert {target[1:] for target in links.targets if target.startswith("#")} <= set(links.ids)
    assert len(links.ids) == len(set(links.ids))


def test_refusals_of_both_laws_are_told_with_their_grounds_as_the_letters_cite_them(
    thrown_away: ThrownAway,
) -> None:
    june = "điểm {} khoản 2 Điều 38 Luật Báo chí số 103/2016/QH13 ngày 05/04/2016"
    today = "điểm c khoản 2 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"
    told = {
        ("tu-choi-2016-a", june.format("a")), ("tu-choi-2016-b", june.format("b")),
        ("tu-choi-2016-c", june.format("c")), ("tu-choi-2016-d", june.format("d")), ("10-partly-refused.eml", today),
    }  # fmt: skip

    found = {
        (name, citation)
        for name, citation in told
        if any(line.startswith(f"✔ {name}") and citation in line for line in thrown_away.lines)
    }

    assert found == told
    page = (thrown_away.out / "index.html").read_text(encoding="utf-8")
    assert all(f'id="{Path(name).stem}"' in page for name, _citation in told)


def test_a_crisis_is_told_from_the_first_sign_to_the_review(thrown_away: ThrownAway) -> None:
    page = (thrown_away.out / "index.html").read_text(encoding="utf-8")
    chapter = page[page.index('<article id="ky-thi-thang-5"') :].partition("</article>")[0]

    assert "điểm a khoản 3 Điều 6 Nghị định số 09/2017/NĐ-CP" in chapter
    assert "Sở Nội vụ đã nhận được thông tin về hình ảnh" in chapter
    assert chapter.count("(PDF)") == PAPERS_OF_MAY
    assert 'class="failed"' not in chapter


@pytest.mark.usefixtures("demonstration")
def test_a_second_run_adds_nothing_and_replaces_the_folder_and_its_expectations_can_fail(
    own_folder: Path,
) -> None:
    out = own_folder / "shown"
    demonstrate(out)
    (out / "sent" / "left-over.eml").write_bytes(b"")
    (out / "of-somebody-else.txt").write_bytes(b"")
    before = (IncomingMail.objects.count(), IssuedDocument.objects.count(), TrailEntry.objects.count())

    lines = demonstrate(out)

    after = (IncomingMail.objects.count(), IssuedDocument.objects.count(), TrailEntry.objects.count())
    assert after == before
    assert lines[-1].endswith(" passed, 0 failed")
    assert sum("was received before" in line for line in lines) == len(MAILS)
    assert not (out / "sent" / "left-over.eml").exists()
    assert (out / "of-somebody-else.txt").exists()
    look_at_what_is_not_as_it_should_be(own_folder)


def look_at_what_is_not_as_it_should_be(own_folder: Path) -> None:
    """Of the mail that was answered, as if it had been redirected, for somebody else, with its subject quoted."""
    raw = (FOLDER / "01-gmail-two-questions.eml").read_bytes()
    mail = IncomingMail.objects.get(message_id__contains="demo01")
    inquiry = mail.inquiry
    inquiry.asker_email, inquiry.subject = "somebody.else@bao.example", inquiry.agency.name
    report, chapter = Report(own_folder, say=lambda _line: None), Chapter(name="01", raw=raw, inquiry=inquiry)
    row = {"stage": "redirected", "acknowledged": True, "triage": {"reply_form": "letter"}}

    expectations.look_at(row, chapter, report)

    assert {check.claim for check in chapter.checks if not check.holds} == {
        "ended as “Answered”",
        "it is addressed to the journalist",
        "it does not quote the subject",
        "the reply is addressed to the journalist",
    }
    assert report.failed == 4


@pytest.mark.usefixtures("demonstration")
def test_a_step_nobody_may_do_is_told_counted_and_the_other_mails_go_on(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legal_officer_decides = demo_cases.STEPS["clear"][0]
    steps = {**inquiries.MAIL_STEPS, "decide": (legal_officer_decides, inquiries.MAIL_STEPS["decide"][1])}
    monkeypatch.setattr(inquiries, "MAIL_STEPS", steps)
    said = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("demo", out=own_folder / "shown", stdout=said)

    lines = said.getvalue().splitlines()
    assert end.value.code == 1
    assert LAST.fullmatch(lines[-1])
    assert not lines[-1].endswith(" 0 failed")
    assert any(line.startswith("✘ 01-gmail") and "stopped" in line for line in lines)
    assert any(line.startswith("✔ 09-advertising") and "ended as" in line for line in lines)


def test_mails_never_go_to_a_real_server(own_folder: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("demo", out=own_folder / "shown")

    assert not (own_folder / "shown").exists()
