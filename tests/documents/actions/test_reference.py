import pytest

from documents.actions import reference
from documents.models import DocumentKind
from tests.documents.conftest import FIXTURES


@pytest.mark.django_db
def test_kinds_load_twice_without_change() -> None:
    assert reference.load(FIXTURES) == 29
    before = list(DocumentKind.objects.values())
    assert reference.load(FIXTURES) == 29
    assert list(DocumentKind.objects.values()) == before


@pytest.mark.django_db
def test_only_the_official_letter_and_the_courtesy_letter_have_no_abbreviation() -> None:
    reference.load(FIXTURES)
    without = DocumentKind.objects.filter(abbreviation="").order_by("code")
    assert [kind.code for kind in without] == ["courtesy_letter", "official_letter"]
    assert [kind.code for kind in DocumentKind.objects.filter(numbered=False)] == ["courtesy_letter"]
