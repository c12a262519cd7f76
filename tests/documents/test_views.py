from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from core.clock import now
from core.enums import Codename, Secrecy
from core.models import Agency, Person, RoleAssignment
from documents.models import IssuedDocument
from documents.views import file_name
from tests.documents.conftest import Office
from tests.factories import LONG_AGO, make_agency, make_case, make_person

pytestmark = pytest.mark.django_db


def may_view(agency: Agency) -> Person:
    group, _created = Group.objects.get_or_create(name="readers")
    group.permissions.add(Permission.objects.get(codename=Codename.VIEW_AGENCY_CASES))
    person = make_person()
    RoleAssignment.objects.create(person=person, group=group, agency=agency, valid_from=LONG_AGO)
    return person


@pytest.fixture
def reader(office: Office, client: Client) -> Client:
    client.force_login(may_view(office.agency))
    return client


def address(document: IssuedDocument) -> str:
    return reverse("document_pdf", args=[document.pk])


def register(client: Client, **chosen: str | int) -> str:
    return client.get(reverse("outgoing_register"), chosen).content.decode()


def test_reader_of_the_case_gets_the_exact_bytes(office: Office, reader: Client) -> None:
    document = office.rendered()
    response = reader.get(address(document))
    assert hashlib.sha256(response.content).hexdigest() == document.pdf_sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="01-SNV-VP.pdf"'


def test_unchanged_document_is_not_sent_again_to_whoever_still_may_see_it(
    office: Office, reader: Client
) -> None:
    document = office.rendered()
    etag = reader.get(address(document))["ETag"]
    assert reader.get(address(document), headers={"If-None-Match": etag}).status_code == 304
    RoleAssignment.objects.update(valid_until=now() - timedelta(minutes=1))
    assert reader.get(address(document), headers={"If-None-Match": etag}).status_code == 404


def test_document_of_a_case_of_another_agency_is_not_found(office: Office, client: Client) -> None:
    document = office.rendered()
    client.force_login(may_view(make_agency()))
    assert client.get(address(document)).status_code == 404


def test_document_of_a_restricted_case_is_not_found(office: Office, reader: Client) -> None:
    document = office.rendered()
    office.case.secrecy = Secrecy.RESTRICTED
    office.case.save()
    assert reader.get(address(document)).status_code == 404


def test_document_follows_its_inquiry_to_the_case_it_was_moved_to(office: Office, reader: Client) -> None:
    document = office.rendered()
    office.inquiry.case = make_case(agency=office.agency, secrecy=Secrecy.RESTRICTED)
    office.inquiry.save()
    assert reader.get(address(document)).status_code == 404


def test_document_without_bytes_is_not_found(office: Office, reader: Client) -> None:
    assert reader.get(address(office.number())).status_code == 404


def test_visitor_is_sent_to_sign_in(office: Office, client: Client) -> None:
    response = client.get(address(office.rendered()))
    assert response.status_code == 302
    assert reverse("login") in response["Location"]


@pytest.mark.parametrize(
    ("symbol", "name"),
    [("05/SNV-VP", "05-SNV-VP.pdf"), ("12/QĐ-SNV", "12-QD-SNV.pdf"), ('1/x"\r\n;y', "1-x-y.pdf")],
)
def test_file_name_is_safe_everywhere(symbol: str, name: str) -> None:
    assert file_name(IssuedDocument(pk=7, symbol=symbol)) == name


def test_file_without_a_symbol_is_named_by_its_row() -> None:
    assert file_name(IssuedDocument(pk=7)) == "document-7.pdf"


def test_register_lists_the_years_documents_by_number(office: Office, reader: Client) -> None:
    office.number(key="reply:1")
    office.number(key="reply:2")
    page = register(reader, agency=office.agency.code, year=2026)
    assert 0 < page.index("01/SNV-VP") < page.index("02/SNV-VP")
    assert "Báo Thử nghiệm (giả định)" in page
    assert "01/SNV-VP" not in register(reader, agency=office.agency.code, year=2025)


def test_register_counts_but_hides_documents_of_restricted_cases(office: Office, reader: Client) -> None:
    office.number(subject="điều không được lộ")
    office.case.secrecy = Secrecy.RESTRICTED
    office.case.save()
    page = register(reader, year=2026)
    assert "not shown to you: 1." in page
    assert "điều không được lộ" not in page


def test_register_of_an_agency_without_a_role_is_not_found(office: Office, reader: Client) -> None:
    other = make_agency()
    assert reader.get(reverse("outgoing_register"), {"agency": str(other.code)}).status_code == 404


@pytest.mark.parametrize("year", ["abc", "-1", "99999999999", "٢٠٢٦", ""])
def test_register_with_an_unreadable_year_shows_this_year(reader: Client, year: str) -> None:
    assert reader.get(reverse("outgoing_register"), {"year": year}).status_code == 200
