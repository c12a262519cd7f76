"""State secrets do not stay: the text is gone wherever it was stored, and a tombstone says so."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core import files
from core.actions import deadlines, speech
from core.actions.speech import Speech
from core.enums import Competence, InquiryOutcome, PurgeRemains, QuestionOutcome, StatementForm
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import IncomingMail, Purge, RuleKey, Statement, TextKey, TrailEntry
from documents.models import IssuedDocument
from tests import factories
from tests.walk import Cast, Walk
from workflows import base, intake, reminders
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import beside, purging, registering, running
from workflows.press_inquiry.actions.triaging import Finding
from workflows.press_inquiry.models import (
    Publication,
    Quotation,
    TriageExit,
    Verdict,
    VerdictStep,
)

pytestmark = pytest.mark.django_db

SECRET = "Phương án XYZ-TUYETMAT-77"
RAW = f"""From: Phong vien <pv@bao.example>\r
To: bao.chi@snv-x.example\r
Subject: Hoi ve {SECRET}\r
Message-ID: <secret-1@bao.example>\r
Date: Mon, 13 Jul 2026 07:00:00 +0700\r
Content-Type: text/plain; charset=utf-8\r
\r
1. {SECRET} la gi?\r
2. Bao gio cong bo ket qua?\r
""".encode()

Commits = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def walk(cast: Cast, set_clock: Callable[..., None]) -> Walk:
    """A mail with a secret in it, registered and waiting for triage, its text half typed by somebody."""
    walk = Walk(cast, set_clock, questions=(f"{SECRET} là gì?", "Bao giờ công bố kết quả?"))
    walk.inquiry = intake.receive(agency=cast.agency, raw=RAW, at=walk.at)
    walk.act("register", cast.contact, lambda step: registering.register(
        inquiry=step.process.inquiry,
        registration=walk.registration(subject=f"Hỏi về {SECRET}", attachments=[("bi-mat.txt", SECRET.encode())]),
        by=step.by,
        at=step.at,
    ))  # fmt: skip
    base.save_input(walk.task("triage").pk, by=cast.chief, data={"reason": [SECRET]}, at=walk.at)
    return walk


def purge(walk: Walk, **changes: str) -> None:
    secret = Finding(
        competence=Competence.STATE_SECRET, **{"told": "PA03", "backups": "Bản sao lưu đêm", **changes}
    )
    walk.triage(
        findings={1: secret, 2: Finding(competence=Competence.OURS)},
        neutral_subject="Yêu cầu xử lý ngoài hệ thống",
    )


def everything_stored(settings: Settings) -> str:
    """Every text and byte in the database and the file store, as one string."""
    return _rows(apps.get_models()) + _files(settings)


def _rows(models: Iterable[type[Model]]) -> str:
    rows = (row for model in models for row in model._default_manager.all().values())
    return "\n".join(
        repr({name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()}) for row in rows
    )


def _files(settings: Settings) -> str:
    paths = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in paths)


def test_nothing_of_the_secret_is_left_anywhere(
    walk: Walk, settings: Settings, django_capture_on_commit_callbacks: Commits
) -> None:
    assert everything_stored(settings).count("XYZ-TUYETMAT-77") >= 5

    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)

    assert "XYZ-TUYETMAT-77" not in everything_stored(settings)


def test_what_was_typed_beside_a_deadline_goes_too_and_its_dates_stay(
    walk: Walk, settings: Settings, django_capture_on_commit_callbacks: Commits
) -> None:
    given: dict[str, Any] = {"inquiry": walk.inquiry, "by": walk.cast.contact, "at": walk.at}
    today = walk.at.date()
    order = deadlines.record_order(
        number="77/UBND", on=today, issuer="UBND tỉnh Mẫu", task=f"Báo cáo về {SECRET}",
        before=today + timedelta(days=9), **given,
    )  # fmt: skip
    deadlines.extend(
        deadline=order, until=today + timedelta(days=20), basis=f"Văn bản về {SECRET}", reason="Cần thêm thời gian.",
        by=walk.cast.contact, at=walk.at,
    )  # fmt: skip
    key = RuleKey.objects.get(code="complaint_conclusion")
    deadlines.record_event(
        key=key, occurred_at=walk.at - timedelta(hours=1), note=f"Kết luận về {SECRET}", **given
    )
    reminders.sweep(at=walk.at + timedelta(days=30))

    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)

    order.refresh_from_db()
    kept = {(row["kind"], row["what"]) for row in Purge.objects.get().remains}
    assert "XYZ-TUYETMAT-77" not in everything_stored(settings)
    assert order.last_day == today + timedelta(days=20)
    assert any(kind == PurgeRemains.REASON for kind, _what in kept)


def test_a_tombstone_says_when_by_whom_who_was_told_and_which_backups_remain(walk: Walk) -> None:
    purge(walk)

    tombstone = Purge.objects.get()
    assert (tombstone.purged_by, tombstone.purged_at) == (walk.cast.chief, walk.at)
    assert (tombstone.told, tombstone.backups) == ("PA03", "Bản sao lưu đêm")
    assert {"question", "subject", "case title"} <= set(tombstone.purged_from)


def test_the_key_of_the_secret_is_destroyed_and_the_other_question_goes_on(walk: Walk) -> None:
    secret, other = walk.inquiry.questions.order_by("number")
    keys = TextKey.objects.filter(object_type="core.Question", object_id=secret.pk)
    assert keys.exists()

    purge(walk)

    assert not keys.exists()
    secret.refresh_from_db()
    assert (secret.text, secret.outcome) == ("", QuestionOutcome.OFF_SYSTEM)
    assert walk.steps == {"assign"}
    other.refresh_from_db()
    assert other.text


def test_an_inquiry_of_nothing_but_secrets_is_handled_off_system(walk: Walk) -> None:
    secret = Finding(competence=Competence.STATE_SECRET, told="PA03", backups="Không có")

    walk.triage(findings={1: secret, 2: secret}, neutral_subject="Ngoài hệ thống", lead_unit=None)

    assert walk.done[-1] == "off_system"
    assert walk.inquiry.outcome == InquiryOutcome.OFF_SYSTEM
    assert walk.process.triage_exit == TriageExit.OFF_SYSTEM


@pytest.mark.parametrize("missing", ["told", "backups"])
def test_purging_asks_who_was_told_and_which_backups_remain(walk: Walk, missing: str) -> None:
    with pytest.raises(Invalid, match="who was told"):
        purge(walk, **{missing: " "})

    assert SECRET in walk.inquiry.questions.get(number=1).text
    assert files.read(walk.inquiry.attachments.get().sha256) == SECRET.encode()


def test_a_secret_found_when_reopened_goes_from_the_drafts_and_opinions_of_the_earlier_run(
    inquiry_at: Callable[..., Walk], settings: Settings
) -> None:
    walk = inquiry_at("draft", questions=("Câu 1?", "Câu 2?"))
    walk.tick()
    beside.ask_opinion(inquiry=walk.inquiry, of=walk.cast.agency, about=SECRET, by=walk.cast.unit_head)
    walk.draft(answers={1: SECRET, 2: "Không."})
    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)
    walk.inquiry.refresh_from_db()
    walk.tick()
    running.reopen(inquiry=walk.inquiry, reason="Hỏi lại.", by=walk.cast.chief)
    assert "XYZ-TUYETMAT-77" in everything_stored(settings)

    purge(walk)

    assert "XYZ-TUYETMAT-77" not in everything_stored(settings)


# What an earlier run leaves behind


def reopened(walk: Walk) -> Walk:
    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)
    walk.inquiry.refresh_from_db()
    walk.tick()
    running.reopen(inquiry=walk.inquiry, reason="Hỏi lại.", by=walk.cast.chief)
    return walk


def stored_but_the_trail(settings: Settings) -> str:
    """The trail keeps the reasons people typed: nothing can change them, so the tombstone names them."""
    models = [model for model in apps.get_models() if model is not TrailEntry]
    return _rows(models) + _files(settings)


def test_a_letter_that_was_numbered_but_never_released_loses_its_text_and_keeps_its_number(
    inquiry_at: Callable[..., Walk], settings: Settings, django_capture_on_commit_callbacks: Commits
) -> None:
    walk = inquiry_at("sign", questions=(f"{SECRET} là gì?", "Câu 2?"))
    document = queries.reply_document(walk.process)
    assert document is not None
    symbol, pdf = document.symbol, document.pdf_sha256
    reopened(walk)

    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)

    document.refresh_from_db()
    assert (document.symbol, document.is_purged) == (symbol, True)
    assert (document.facts, document.subject, document.content_sha256) == ({}, "", "")
    assert not files.purge(pdf), "its bytes are still there"
    assert "XYZ-TUYETMAT-77" not in everything_stored(settings)
    tombstone = Purge.objects.get()
    assert f"document {document.pk}" in tombstone.purged_from
    assert {"kind": "document", "what": symbol} in tombstone.remains
    assert TrailEntry.objects.filter(type="document.purged").exists()


def test_a_released_letter_stays_also_when_a_journalist_sends_it_back_to_us(
    inquiry_at: Callable[..., Walk], cast: Cast, django_capture_on_commit_callbacks: Commits
) -> None:
    released = inquiry_at("follow_up")
    document = queries.reply_document(released.process)
    assert document is not None
    pdf = files.read(document.pdf_sha256)
    walk = Walk(cast, released.set_clock, at=released.at, questions=(f"{SECRET}?", "Câu 2?"))
    walk.register(attachments=[("tra-loi.pdf", pdf)])
    assert walk.inquiry.attachments.get().sha256 == document.pdf_sha256

    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)

    assert files.read(document.pdf_sha256) == pdf
    assert IssuedDocument.objects.get().is_rendered
    assert {"kind": "elsewhere", "what": str(document)} in Purge.objects.get().remains


FOUND = purging.Discovery(told="PA03 (giả định)", backups="Bản đêm", neutral_subject="Ngoài hệ thống")


@pytest.mark.parametrize("node", ["follow_up", ""])
def test_found_after_the_release_it_goes_and_only_what_was_said_in_public_stays(
    inquiry_at: Callable[..., Walk],
    settings: Settings,
    django_capture_on_commit_callbacks: Commits,
    node: str,
) -> None:
    walk = inquiry_at(node, questions=(f"{SECRET} là gì?", "Câu 2?"))
    document = queries.reply_document(walk.process)
    assert document is not None
    statement = Statement.objects.values().get()
    walk.tick()

    with django_capture_on_commit_callbacks(execute=True):
        tombstone = purging.purge_on_discovery(
            question=walk.inquiry.questions.get(number=1), found=FOUND, by=walk.cast.legal
        )

    public = ("Statement", "IssuedDocument", "OutgoingMail", "DocumentFile")
    models = [model for model in apps.get_models() if model.__name__ not in public]
    assert "XYZ-TUYETMAT-77" not in _rows(models)
    assert [version.answers for version in walk.inquiry.versions.all()] == [[]]
    assert Statement.objects.values().get() == statement
    assert files.read(document.pdf_sha256)
    released = [row["what"] for row in tombstone.remains if row["kind"] == PurgeRemains.RELEASED]
    assert [document.symbol in what for what in released] == [True]
    assert walk.steps == ({node} if node else set())
    walk.inquiry.refresh_from_db()
    walk.to("")
    assert walk.inquiry.outcome == InquiryOutcome.ANSWERED


def test_a_file_that_another_inquiry_holds_too_stays_there_and_the_tombstone_says_so(
    walk: Walk, cast: Cast, django_capture_on_commit_callbacks: Commits
) -> None:
    other = Walk(cast, walk.set_clock, at=walk.at)
    other.register(attachments=[("cung-tep.txt", SECRET.encode())])

    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)

    assert files.read(other.inquiry.attachments.get().sha256) == SECRET.encode()
    assert {"kind": "elsewhere", "what": other.inquiry.reference} in Purge.objects.get().remains


def test_a_mail_that_another_agency_received_too_is_named_by_its_agency(walk: Walk) -> None:
    other = factories.make_agency(code="SNV-KHAC", name="Sở khác (giả định)", mailbox="bc@khac.example")
    intake.receive(agency=other, raw=RAW, at=walk.at)

    purge(walk)

    assert {"kind": "elsewhere", "what": "Sở khác (giả định)"} in Purge.objects.get().remains


def test_a_mail_that_repeats_the_secret_after_the_purge_is_purged_too(
    walk: Walk, settings: Settings, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)
    answer = RAW.replace(b"<secret-1@", b"<secret-2@").replace(
        b"Date:", b"In-Reply-To: <secret-1@bao.example>\r\nDate:"
    )
    assert intake.receive(agency=walk.cast.agency, raw=answer, at=walk.tick()) == walk.inquiry
    assert "XYZ-TUYETMAT-77" in everything_stored(settings)

    with django_capture_on_commit_callbacks(execute=True):
        purging.purge_again(inquiry=walk.inquiry, told="PA03", by=walk.cast.chief)

    assert "XYZ-TUYETMAT-77" not in everything_stored(settings)
    assert any("<secret-2@bao.example>" in row["what"] for row in Purge.objects.get().remains)
    assert walk.steps == {"assign"}
    assert TrailEntry.objects.filter(type="question.purged").count() == 2


def test_only_whoever_triages_purges_what_came_since(walk: Walk) -> None:
    purge(walk)

    with pytest.raises(Refused):
        purging.purge_again(inquiry=walk.inquiry, told="PA03", by=walk.cast.contact)


def test_without_a_purge_there_is_nothing_to_purge_again(walk: Walk) -> None:
    with pytest.raises(NotAllowedNow, match="found at triage"):
        purging.purge_again(inquiry=walk.inquiry, told="PA03", by=walk.cast.chief)


def test_the_tombstone_names_the_original_in_the_mailbox(walk: Walk) -> None:
    purge(walk)

    tombstone = Purge.objects.get()
    mailbox = [row["what"] for row in tombstone.remains if row["kind"] == PurgeRemains.MAILBOX]
    assert len(mailbox) == 1
    for fact in ("<secret-1@bao.example>", "pv@bao.example", walk.cast.agency.mailbox):
        assert fact in mailbox[0]
    assert any(sentence.startswith("in the mailbox and on its server") for sentence in tombstone.remains_told)


def test_no_plain_hash_and_no_name_of_a_refused_file_outlives_the_purge(
    walk: Walk, django_capture_on_commit_callbacks: Commits, settings: Settings
) -> None:
    mail = walk.inquiry.incoming_mails.get()
    mail.message_id = f"sha256:{mail.sha256}"
    mail.defects = ["message_id_missing", f"attachment_not_accepted:{SECRET}.exe"]
    mail.save()
    raw = mail.sha256

    with django_capture_on_commit_callbacks(execute=True):
        purge(walk)

    mail = IncomingMail.objects.get()
    assert mail.message_id.startswith("purged:")
    assert mail.defects == ["message_id_missing", "attachment_not_accepted"]
    assert raw not in stored_but_the_trail(settings)


def test_reasons_notes_and_hashes_of_an_earlier_run_go_and_reasons_in_the_trail_are_named(
    inquiry_at: Callable[..., Walk], settings: Settings
) -> None:
    walk = inquiry_at("review", questions=("Câu 1?", "Câu 2?"))
    walk.give_back(VerdictStep.REVIEW, walk.cast.unit_head, reason=f"Bỏ {SECRET}.")
    beside.stop_clock(inquiry=walk.inquiry, reason=f"Hỏi lại {SECRET}.", by=walk.cast.contact)
    Publication.objects.create(
        inquiry=walk.inquiry, quotation=Quotation.NOTHING, note=SECRET, recorded_at=walk.at
    )
    reopened(walk)
    assert "XYZ-TUYETMAT-77" in stored_but_the_trail(settings)

    purge(walk)

    assert "XYZ-TUYETMAT-77" not in stored_but_the_trail(settings)
    assert Verdict.objects.get().sha256 == ""
    told = TrailEntry.objects.filter(reason__contains=SECRET)
    named = {row["what"] for row in Purge.objects.get().remains if row["kind"] == PurgeRemains.REASON}
    assert {f"{entry.stream} #{entry.seq}" for entry in told} <= named
    assert told.count() == 2


def test_what_was_recorded_late_stays_and_is_named_for_cleaning_by_hand(walk: Walk) -> None:
    """Written once like what was released: its words, and the file of its recording, are outside a purge's reach."""
    told = Speech(
        speaker=walk.cast.head, form=StatementForm.DIRECT, outlet="Báo Mẫu", gist="Lời đã nói.",
        recording=("ghi-am.txt", "Lời ghi.".encode()), spoken_at=walk.at - timedelta(minutes=5),
    )  # fmt: skip
    record = speech.record_late(case=walk.inquiry.case, speech=told, by=walk.cast.contact, at=walk.at)

    purge(walk)

    record.refresh_from_db()
    assert record.gist == "Lời đã nói."
    assert {
        "kind": PurgeRemains.RELEASED,
        "what": f"{walk.cast.head.full_name} 13/07/2026 07:56, Báo Mẫu, ghi-am.txt",
    } in Purge.objects.get().remains
