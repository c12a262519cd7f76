from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from core import files
from core.enums import Numbering
from core.errors import Conflict, Invalid
from core.models import TrailEntry
from documents.actions import issuing
from documents.actions.issuing import EnteredNumber
from documents.models import DocumentState, IssuedDocument, Series
from documents.queries import register
from tests.documents.conftest import MORNING, Office, make_reply, text_of
from tests.factories import make_agency


@pytest.fixture
def process_in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def entering(office: Office) -> None:
    office.agency.numbering = Numbering.ENTERED
    office.agency.save()


def in_threads(work: Any, *arguments: Any) -> list[Any]:
    """All at the same moment, each on a connection of its own."""
    start = Barrier(len(arguments))

    def run(argument: Any) -> Any:
        start.wait()
        try:
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def test_first_letter_of_the_year_is_number_01_in_the_agencys_own_words(office: Office) -> None:
    document = office.number()
    assert (document.number, document.symbol, document.issued_on) == (1, "01/SNV-VP", date(2026, 3, 9))
    assert document.state == DocumentState.NUMBERED
    assert document.facts["date_line"] == "Tỉnh Mẫu, ngày 09 tháng 3 năm 2026"
    assert document.facts["signature_lines"] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert document.facts["parent_name"] == "Ủy ban nhân dân tỉnh Mẫu"


def test_drafting_unit_keeps_the_copy_unless_another_is_named(office: Office) -> None:
    assert office.number(key="reply:1").facts["archive"] == "VP"
    assert office.number(key="reply:2", reply=make_reply(archive="VP, TCBC")).facts["archive"] == "VP, TCBC"


def test_same_decision_asked_twice_is_one_document_and_takes_one_number(office: Office) -> None:
    first = office.number(key="reply:1")
    again = office.number(key="reply:1", at=MORNING + timedelta(hours=1))
    other = office.number(key="reply:2")
    assert (again.pk, again.symbol, other.symbol) == (first.pk, "01/SNV-VP", "02/SNV-VP")
    assert TrailEntry.objects.filter(type="document.numbered", object_id=first.pk).count() == 1


def test_same_decision_asked_again_after_new_year_keeps_its_number(office: Office) -> None:
    first = office.number(key="reply:1", at=datetime(2026, 12, 31, 10, tzinfo=UTC))
    again = office.number(key="reply:1", at=datetime(2027, 1, 1, 10, tzinfo=UTC))
    assert again.pk == first.pk
    assert office.number(key="reply:2", at=datetime(2027, 1, 1, 10, tzinfo=UTC)).symbol == "01/SNV-VP"


def test_one_key_never_stands_for_two_texts(office: Office) -> None:
    office.number(key="reply:1")
    with pytest.raises(Conflict, match="01/SNV-VP"):
        office.number(key="reply:1", content_sha256="b" * 64)


def test_numbers_start_again_at_local_midnight_of_new_year(office: Office, process_in_utc: None) -> None:
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)
    last = office.number(key="reply:1", at=midnight - timedelta(seconds=1))
    first = office.number(key="reply:2", at=midnight)
    assert (last.year, last.issued_on, last.symbol) == (2026, date(2026, 12, 31), "01/SNV-VP")
    assert (first.year, first.issued_on, first.symbol) == (2027, date(2027, 1, 1), "01/SNV-VP")


def test_agencies_count_apart(office: Office) -> None:
    office.number(key="reply:1")
    other = make_agency(code="SNV-Y", symbol="SNV")
    office.inquiry.agency = other
    office.inquiry.save()
    assert office.number(key="reply:2").symbol == "01/SNV-VP"


def test_kind_without_a_number_takes_none(office: Office) -> None:
    letter = office.number(key="courtesy:1", kind_code="courtesy_letter")
    assert (letter.number, letter.symbol) == (None, "")
    assert office.number(key="reply:1").symbol == "01/SNV-VP"


@pytest.mark.django_db(transaction=True)
def test_decisions_at_the_same_moment_get_numbers_without_gap_or_double(lasting_office: Office) -> None:
    keys = [f"reply:{each}" for each in range(6)]
    documents = in_threads(lambda key: lasting_office.number(key=key), *keys)
    assert sorted(document.number for document in documents) == [1, 2, 3, 4, 5, 6]
    assert Series.objects.get().last == 6


@pytest.mark.django_db(transaction=True)
def test_one_decision_asked_twice_at_the_same_moment_is_one_document(lasting_office: Office) -> None:
    documents = in_threads(lambda key: lasting_office.number(key=key), "reply:1", "reply:1")
    assert {(document.pk, document.symbol) for document in documents} == {(documents[0].pk, "01/SNV-VP")}
    assert IssuedDocument.objects.count() == 1


def test_number_that_is_not_committed_is_given_again(office: Office) -> None:
    with pytest.raises(Invalid):
        office.number(key="reply:1", entered=EnteredNumber(number=7, issued_on=date(2026, 3, 9)))
    assert office.number(key="reply:1").symbol == "01/SNV-VP"


def test_agency_with_its_own_document_system_asks_for_its_number(office: Office) -> None:
    entering(office)
    with pytest.raises(Invalid) as refusal:
        office.number()
    assert "number" in refusal.value.fields


def test_entered_number_and_date_stand_on_the_document(office: Office) -> None:
    entering(office)
    document = office.number(
        entered=EnteredNumber(number=312, issued_on=date(2026, 3, 6), notation="SNV-TCBC"), by=office.clerk
    )
    assert (document.symbol, document.issued_on) == ("312/SNV-TCBC", date(2026, 3, 6))
    entry = TrailEntry.objects.get(type="document.number_entered")
    assert (entry.actor_id, entry.data["number"]) == (office.clerk.pk, "312/SNV-TCBC")


def test_entered_number_already_taken_this_year_is_refused_and_named(office: Office) -> None:
    entering(office)
    office.number(key="reply:1", entered=EnteredNumber(number=12, issued_on=date(2026, 3, 6)))
    with pytest.raises(Conflict, match="12/SNV-VP"):
        office.number(
            key="reply:2", entered=EnteredNumber(number=12, issued_on=date(2026, 3, 9), notation="X")
        )
    with pytest.raises(Invalid):
        office.number(key="reply:3", entered=EnteredNumber(number=13, issued_on=date(2026, 3, 10)))
    assert IssuedDocument.objects.count() == 1


def test_own_series_goes_on_after_numbers_entered_before(office: Office) -> None:
    entering(office)
    office.number(key="reply:1", entered=EnteredNumber(number=40, issued_on=date(2026, 3, 6)))
    office.agency.numbering = Numbering.OWN_SERIES
    office.agency.save()
    assert office.number(key="reply:2").number == 41


def test_rendering_binds_the_bytes_once_and_says_what_made_them(office: Office) -> None:
    document = office.number()
    made = issuing.render(document=document, at=MORNING)
    again = issuing.render(document=document, at=MORNING + timedelta(days=1))
    assert made.state == DocumentState.RENDERED
    assert hashlib.sha256(files.read(made.pdf_sha256)).hexdigest() == made.pdf_sha256 == again.pdf_sha256
    assert (again.rendered_at, again.pages) == (MORNING, 1)
    assert made.renderer["programs"]["weasyprint"].startswith("70")
    assert "LiberationSerif-Regular.ttf" in made.renderer["fonts"]
    entry = TrailEntry.objects.get(type="document.issued")
    assert entry.object_hash == made.pdf_sha256


def test_document_is_made_from_its_frozen_facts_not_from_rows_that_changed_since(office: Office) -> None:
    document = office.number()
    office.agency.name = "Tên cơ quan đã đổi"
    office.agency.save()
    office.signer.full_name = "Tên người đã đổi"
    office.signer.save()
    text = text_of(files.read(issuing.render(document=document, at=MORNING).pdf_sha256))
    assert "SỞ NỘI VỤ TỈNH MẪU" in text
    assert "Trần Thị Ví Dụ" in text
    assert "đã đổi" not in text


@pytest.mark.django_db(transaction=True)
def test_two_workers_rendering_at_once_bind_one_hash_and_record_it_once(lasting_office: Office) -> None:
    document = lasting_office.number()
    made = in_threads(lambda each: issuing.render(document=each, at=MORNING), document, document)
    assert len({each.pdf_sha256 for each in made}) == 1
    assert TrailEntry.objects.filter(type="document.issued").count() == 1


def test_trail_of_a_document_holds_no_word_of_its_answers(office: Office) -> None:
    reply = make_reply(addressee="Báo ZQX")
    office.rendered(reply=reply)
    stored = b"".join(bytes(entry.body) for entry in TrailEntry.objects.all()).decode()
    assert "sắp xếp" not in stored
    assert "ZQX" not in stored


def test_document_of_a_drill_takes_no_number_and_touches_no_series(office: Office) -> None:
    for key in ("drill:1", "drill:2"):
        made = office.number(key=key, is_drill=True)
        assert (made.number, made.symbol, made.mark, made.is_drill) == (None, "", "…/DIỄN TẬP", True)
        assert made.facts["symbol"] == "…/DIỄN TẬP"
        assert office.number(key=key, is_drill=True) == made
    assert not Series.objects.exists()
    assert TrailEntry.objects.filter(type__startswith="document.").count() == 0

    assert office.number().number == 1
    rows, hidden = register.outgoing(office.clerk, agency=office.agency, year=2026, at=MORNING)
    assert rows.count() + hidden == 1
