"""The trail as people read it."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core import events
from core.actions import trail
from core.enums import InquiryOutcome, MandateKind
from core.models import Case, Mandate
from core.queries.trail import AREAS, sentence, story
from tests.factories import make_case, make_person, make_post, make_unit

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)


@pytest.fixture
def case(db: None) -> Case:
    return make_case()


def test_line_says_who_in_what_post_under_which_mandate_did_what_and_why(case: Case) -> None:
    speaker = make_person(full_name="Lê Văn Mẫu")
    make_post(
        person=speaker,
        agency=case.agency,
        unit=make_unit(agency=case.agency, name="Văn phòng"),
        title="Chánh Văn phòng",
    )
    mandate = Mandate.objects.create(
        kind=MandateKind.STANDING,
        agency=case.agency,
        person=speaker,
        document_number="12/QĐ-MAU",
        document_date=date(2026, 7, 1),
        valid_from=AT,
        recorded_at=AT,
    )
    trail.record(
        events.REPLY_APPROVED,
        case=case,
        by=speaker,
        at=AT,
        mandate=mandate,
        data={"reference": "YC-7", "version": 2},
        reason="Đủ căn cứ",
    )

    (line,) = story(case)

    assert (line.who, line.post, line.unit) == ("Lê Văn Mẫu", "Chánh Văn phòng", "Văn phòng")
    assert line.mandate == "Standing spokesperson, by 12/QĐ-MAU of 01/07/2026"
    assert line.what == "approved version 2 of the reply to YC-7"
    assert (line.label, line.why, line.is_system) == ("Decision", "Đủ căn cứ", False)
    assert line.occurred_at == AT
    assert line.recorded_at.year >= 2024


def test_story_is_in_the_order_of_recording_and_only_of_this_case(case: Case) -> None:
    trail.record(events.CASE_OPENED, case=make_case(), by=None, at=AT)
    for event in (events.CASE_OPENED, events.INQUIRY_TRIAGED, events.CASE_CLOSED):
        trail.record(event, case=case, by=None, at=AT)

    assert [(line.seq, line.code) for line in story(case)] == [
        (1, "case.opened"),
        (2, "inquiry.triaged"),
        (3, "case.closed"),
    ]


def test_act_of_nobody_is_told_of_the_system(case: Case) -> None:
    trail.record(events.CASE_OPENED, case=case, by=None, at=AT)

    assert (story(case)[0].who, story(case)[0].is_system) == ("The system", True)


def test_stored_codes_are_told_in_words() -> None:
    told = sentence("inquiry.ended", {"reference": "YC-7", "outcome": InquiryOutcome.PARTLY_ANSWERED.value})

    assert told == "ended the inquiry YC-7: Partly answered"


def test_codes_of_other_packages_are_told_in_the_words_they_bring(case: Case) -> None:
    trail.record(events.TASK_TAKEN, case=case, by=None, at=AT, data={"reference": "YC-7", "step": "review"})

    (line,) = story(case, labels={"step": {"review": "Content review"}})

    assert line.what == "took the step “Content review” of YC-7"


def test_code_no_longer_in_the_vocabulary_is_shown_as_it_is() -> None:
    assert sentence("case.renamed_long_ago", {"reference": "YC-7"}) == "case.renamed_long_ago"


def test_sentence_of_an_entry_that_lacks_a_fact_is_still_told() -> None:
    assert sentence("case.opened", {}) == "opened the case …"


def test_every_event_has_an_area() -> None:
    assert {code.partition(".")[0] for code in events.EVENTS} == set(AREAS)


def test_percent_signs_in_facts_are_only_text() -> None:
    with override("en"):
        assert sentence("case.opened", {"reference": "100%(x)s"}) == "opened the case 100%(x)s"


def test_story_asks_no_more_for_more_entries(case: Case) -> None:
    speaker = make_person()
    mandate = Mandate.objects.create(
        kind=MandateKind.STANDING,
        agency=case.agency,
        person=speaker,
        document_number="12/QĐ-MAU",
        document_date=date(2026, 7, 1),
        valid_from=AT,
        recorded_at=AT,
    )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert all(line.mandate for line in story(case))
        return len(captured)

    trail.record(events.REPLY_APPROVED, case=case, by=speaker, at=AT, mandate=mandate)
    one = queries()
    for _number in range(2):
        trail.record(events.REPLY_APPROVED, case=case, by=speaker, at=AT, mandate=mandate)

    assert queries() == one == 2
