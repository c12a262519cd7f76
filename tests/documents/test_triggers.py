"""The database itself refuses; every attack here is raw SQL beside the application."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from documents import triggers
from documents.actions import signing
from documents.models import IssuedDocument, Series
from tests.documents.conftest import MORNING, Office


def attack(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_column_of_a_document_is_frozen_or_bound_once() -> None:
    columns = {field.column for field in IssuedDocument._meta.concrete_fields}
    assert columns == {*triggers.FROZEN, *triggers.BOUND_ONCE, triggers.PURGED}


@pytest.mark.parametrize(
    "change",
    [
        "number = 99",
        "symbol = '99/SNV-VP'",
        "facts = '{}'",
        "subject = 'khác'",
        "content_sha256 = 'b'",
        "issued_on = '2026-01-01'",
        "capacity = 'TM'",
        "agency_id = agency_id + 1",
        "year = 2025",
    ],
)
def test_what_a_numbered_document_states_cannot_be_changed(office: Office, change: str) -> None:
    office.number()
    with pytest.raises(DatabaseError, match="written once"):
        attack(f"UPDATE documents_issueddocument SET {change}")  # noqa: S608


@pytest.mark.parametrize("change", ["pdf_sha256 = 'b'", "pages = 9", "renderer = '{}'", "pdf_sha256 = ''"])
def test_bytes_are_bound_only_once(office: Office, change: str) -> None:
    office.rendered()
    with pytest.raises(DatabaseError, match="written once"):
        attack(f"UPDATE documents_issueddocument SET {change}")  # noqa: S608


def test_document_cannot_be_removed(office: Office) -> None:
    document = office.number()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        document.delete()
    with pytest.raises(DatabaseError, match="written once"):
        attack("DELETE FROM documents_issueddocument")
    assert IssuedDocument.objects.get() == document


def test_endorsement_can_be_neither_changed_nor_removed(office: Office) -> None:
    document = office.rendered()
    signing.sign(document=document, by=office.signer, pdf_sha256=document.pdf_sha256, at=MORNING)
    for sql in ("UPDATE documents_endorsement SET capacity = 'x'", "DELETE FROM documents_endorsement"):
        with pytest.raises(DatabaseError, match="written once"):
            attack(sql)


def test_series_never_counts_back_and_cannot_be_removed(office: Office) -> None:
    office.number()
    for sql in ("UPDATE documents_series SET last = 0", "DELETE FROM documents_series"):
        with pytest.raises(DatabaseError, match="written once"):
            attack(sql)
    assert Series.objects.get().last == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
def test_insert_or_replace_cannot_take_the_place_of_a_document(office: Office) -> None:
    office.number()
    columns = ", ".join(f'"{field.column}"' for field in IssuedDocument._meta.concrete_fields)
    changed = columns.replace('"subject"', "'khác'")
    with pytest.raises(DatabaseError, match="written once"):
        attack(
            f"INSERT OR REPLACE INTO documents_issueddocument ({columns})"  # noqa: S608
            f" SELECT {changed} FROM documents_issueddocument"
        )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_tables_cannot_be_truncated(office: Office) -> None:
    office.number()
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="written once"):
        attack("TRUNCATE documents_issueddocument CASCADE")
