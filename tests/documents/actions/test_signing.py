from __future__ import annotations

from datetime import timedelta

import pytest

from core import files
from core.errors import Conflict, NotAllowedNow, NotFound, Refused
from core.models import TrailEntry
from documents.actions import signing
from documents.models import DocumentState, IssuedDocument
from tests.documents.conftest import MORNING, Office
from tests.factories import LONG_AGO, make_person, make_post


def signed(office: Office) -> IssuedDocument:
    document = office.rendered()
    signing.sign(document=document, by=office.signer, pdf_sha256=document.pdf_sha256, at=MORNING)
    return IssuedDocument.objects.get(pk=document.pk)


def test_person_named_on_the_document_signs_its_exact_bytes(office: Office) -> None:
    document = signed(office)
    assert document.state == DocumentState.SIGNED
    assert document.signature is not None
    assert document.signature.capacity == "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"
    assert document.signature.pdf_sha256 == document.pdf_sha256
    entry = TrailEntry.objects.get(type="document.signed")
    assert (entry.actor_id, entry.object_hash) == (office.signer.pk, document.pdf_sha256)
    assert entry.data["title_line"] == "PHÓ GIÁM ĐỐC"


def test_nobody_else_signs(office: Office) -> None:
    document = office.rendered()
    with pytest.raises(Refused, match="Trần Thị Ví Dụ"):
        signing.sign(document=document, by=office.clerk, pdf_sha256=document.pdf_sha256, at=MORNING)
    assert not document.is_signed


def test_other_bytes_than_those_on_the_screen_are_not_signed(office: Office) -> None:
    document = office.rendered()
    with pytest.raises(Conflict, match="01/SNV-VP"):
        signing.sign(document=document, by=office.signer, pdf_sha256="c" * 64, at=MORNING)


def test_document_without_bytes_is_not_signed(office: Office) -> None:
    with pytest.raises(NotAllowedNow):
        signing.sign(document=office.number(), by=office.signer, pdf_sha256="", at=MORNING)


def test_lost_bytes_are_not_signed(office: Office) -> None:
    document = office.rendered()
    files.purge(document.pdf_sha256)
    with pytest.raises(NotFound):
        signing.sign(document=document, by=office.signer, pdf_sha256=document.pdf_sha256, at=MORNING)


def test_signing_twice_is_signing_once(office: Office) -> None:
    document = signed(office)
    later = MORNING + timedelta(hours=1)
    again = signing.sign(document=document, by=office.signer, pdf_sha256=document.pdf_sha256, at=later)
    assert again.at == MORNING
    assert TrailEntry.objects.filter(type="document.signed").count() == 1


def test_stamp_before_the_signature_is_refused(office: Office) -> None:
    document = office.rendered()
    with pytest.raises(NotAllowedNow, match="Trần Thị Ví Dụ"):
        signing.stamp(document=document, by=office.clerk, pdf_sha256=document.pdf_sha256, at=MORNING)


def test_clerk_stamps_the_signed_bytes_in_the_clerks_own_post(office: Office) -> None:
    make_post(person=office.clerk, agency=office.agency, title="Văn thư", valid_from=LONG_AGO)
    document = signed(office)
    signing.stamp(document=document, by=office.clerk, pdf_sha256=document.pdf_sha256, at=MORNING)
    document = IssuedDocument.objects.get(pk=document.pk)
    assert document.state == DocumentState.STAMPED
    assert document.stamp is not None
    assert (document.stamp.by, document.stamp.capacity) == (office.clerk, "Văn thư")
    assert TrailEntry.objects.get(type="document.stamped").actor_id == office.clerk.pk


def test_second_clerk_learns_who_has_already_stamped(office: Office) -> None:
    document = signed(office)
    signing.stamp(document=document, by=office.clerk, pdf_sha256=document.pdf_sha256, at=MORNING)
    with pytest.raises(Conflict, match="Lê Văn Thư"):
        signing.stamp(document=document, by=make_person(), pdf_sha256=document.pdf_sha256, at=MORNING)
