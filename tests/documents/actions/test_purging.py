"""A document whose text may not stay keeps its number, and nothing else can be done under that name."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core import files
from core.enums import MandateKind, StatementForm
from core.errors import NotAllowedNow, NotFound
from core.models import Mandate, Statement, TrailEntry
from documents.actions import issuing, purging
from documents.models import DocumentState, IssuedDocument
from tests.documents.conftest import MORNING, Office
from tests.documents.test_views import may_view


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def purged(office: Office) -> IssuedDocument:
    document = office.rendered()
    purging.purge(document=document, by=office.clerk, at=MORNING)
    document.refresh_from_db()
    return document


def attack(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_its_text_and_bytes_go_and_its_number_is_not_given_again(
    office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pdf = office.rendered().pdf_sha256
    with django_capture_on_commit_callbacks(execute=True):
        document = purged(office)

    assert (document.facts, document.subject, document.content_sha256) == ({}, "", "")
    assert (document.pdf_sha256, document.pages, document.renderer) == ("", None, {})
    assert (document.number, document.state) == (1, DocumentState.PURGED)
    with pytest.raises(NotFound):
        files.read(pdf)
    assert office.number(key="reply:2").number == 2
    entry = TrailEntry.objects.get(type="document.purged")
    assert entry.data["number"] == document.symbol


def test_twice_is_once(office: Office) -> None:
    document = purged(office)
    purging.purge(document=document, by=office.clerk, at=MORNING)

    assert TrailEntry.objects.filter(type="document.purged").count() == 1


def test_a_document_that_was_only_numbered_loses_its_text_too(office: Office) -> None:
    document = office.number()
    purging.purge(document=document, by=office.clerk, at=MORNING)

    assert IssuedDocument.objects.get().facts == {}


def test_its_bytes_are_not_made_again(office: Office) -> None:
    with pytest.raises(NotAllowedNow, match="was removed"):
        issuing.render(document=purged(office), at=MORNING)


def test_bytes_made_while_the_text_was_removed_go_too(
    office: Office, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    document = office.number()
    purging.purge(document=IssuedDocument.objects.get(), by=office.clerk, at=MORNING)

    with django_capture_on_commit_callbacks(execute=True):
        made = issuing.render(document=document, at=MORNING)

    assert not made.is_rendered
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_register_still_shows_its_number(office: Office) -> None:
    document = purged(office)
    client = Client()
    client.force_login(may_view(office.agency))

    html = client.get(reverse("outgoing_register"), {"year": "2026"}).content.decode()
    assert document.symbol in html
    assert "Text removed" in html
    assert client.get(reverse("document_pdf", args=[document.pk])).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        'facts = \'{"subject": "khác"}\'',
        "subject = 'khác'",
        "pdf_sha256 = 'b', pages = 1, rendered_at = numbered_at",
        "purged_at = NULL",
        "renderer = '{\"a\": 1}'",
    ],
)
def test_a_purged_document_takes_no_other_text(office: Office, change: str) -> None:
    purged(office)
    with pytest.raises(DatabaseError, match="written once"):
        attack(f"UPDATE documents_issueddocument SET {change}")  # noqa: S608


@pytest.mark.parametrize(
    "change", ["", ", number = 99", ", symbol = '99/SNV-VP'", ", key = 'x'", ", subject = 'khác'"]
)
def test_a_purge_blanks_everything_and_changes_nothing_else(office: Office, change: str) -> None:
    office.number()
    blanks = "content_sha256 = '', subject = '', " if change and "subject" not in change else ""
    with pytest.raises(DatabaseError, match="written once"):
        attack(
            f"UPDATE documents_issueddocument SET {blanks}facts = '{{}}', purged_at = numbered_at{change}"  # noqa: S608
        )


def test_a_released_document_stays(office: Office) -> None:
    document = office.rendered()
    mandate = Mandate.objects.create(
        agency=office.agency,
        person=office.signer,
        kind=MandateKind.STANDING,
        document_number="10/QĐ-SNV",
        document_date=MORNING.date(),
        valid_from=MORNING,
        recorded_at=MORNING,
    )
    Statement.objects.create(
        agency=office.agency,
        case=office.case,
        inquiry=office.inquiry,
        speaker=office.signer,
        mandate=mandate,
        form=StatementForm.PRESS_RELEASE_OR_REPLY,
        text="Đã trả lời.",
        content_sha256="a" * 64,
        document_sha256=document.pdf_sha256,
        spoken_at=MORNING,
        recorded_at=MORNING,
    )

    with pytest.raises(NotAllowedNow, match="was released, so its text stays"):
        purging.purge(document=document, by=office.clerk, at=MORNING)

    assert files.read(document.pdf_sha256)
