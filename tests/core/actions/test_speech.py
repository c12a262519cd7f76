"""The late record: never refused for want of a mandate, judged once at its own instant with what was known then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from core import files, permissions, triggers
from core.actions import casefile, mandates, people, speech
from core.actions.mandates import Letter
from core.actions.speech import Speech
from core.actions.trail import keyed_hash
from core.enums import Circumstance, LateResult, MandateKind, Secrecy, StatementForm
from core.errors import Invalid, NotFound, Refused
from core.models import Case, LateRecord, Mandate, Person, Question, Statement, TrailEntry
from core.queries import keepers
from core.queries.trail import story
from core.rules.delegations import Proposal
from core.rules.mandates import NoMandate
from tests import factories
from tests.walk import START, Cast, Walk, make_cast

pytestmark = pytest.mark.django_db

NIGHT = START.replace(hour=22, minute=15)
LATER = NIGHT + timedelta(hours=2, minutes=15)
GIST = "Sở chưa có kết quả; sẽ công bố trong tuần."
SOUND = ("ghi-am.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 20)


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return factories.make_case(agency=cast.agency)


def said(speaker: Person | None, **changes: Any) -> Speech:
    given = {
        "speaker": speaker, "form": StatementForm.DIRECT, "outlet": "Báo Mẫu (giả định)", "asked_by": "Phóng viên A",
        "gist": GIST, "spoken_at": NIGHT,
    }  # fmt: skip
    return Speech(**{**given, **changes})


def recorded(
    case: Case,
    cast: Cast,
    speaker: Person | None,
    *,
    by: Person | None = None,
    at: datetime = LATER,
    **changes: Any,
) -> LateRecord:
    return speech.record_late(case=case, speech=said(speaker, **changes), by=by or cast.contact, at=at)


def delegated(
    case: Case, cast: Cast, *, to: Person, at: datetime, signed_at: datetime | None = None, **changes: Any
) -> Mandate:
    """A delegation for two days from its signing; signed on paper where it is entered later."""
    signed_at = signed_at or at
    given: dict[str, Any] = {
        "case": case, "to": to, "valid_from": signed_at, "valid_until": signed_at + timedelta(days=2),
        "circumstance": Circumstance.ASSIGNED, "reason": "Giám đốc giao.",
    }  # fmt: skip
    letter = Letter(number="12/GUQ-SNV", on=signed_at.date(), signed_at=signed_at, is_on_paper=signed_at < at)
    by = cast.clerk if letter.is_on_paper else cast.head
    return mandates.delegate(
        proposal=Proposal(**{**given, **changes}), letter=letter, signed_by=cast.head, by=by, at=at
    )


def entry_of(record: LateRecord) -> TrailEntry:
    return TrailEntry.objects.get(type="speech.recorded_late", object_id=record.pk)


def test_what_the_head_says_at_night_becomes_a_statement_of_the_ledger(case: Case, cast: Cast) -> None:
    record = recorded(case, cast, cast.head)

    statement = record.statement
    assert statement is not None
    assert (record.result, record.why, record.delay) == (
        LateResult.STATEMENT,
        "",
        timedelta(hours=2, minutes=15),
    )
    assert (record.speaker_name, record.speaker_post) == (cast.head.full_name, "Giám đốc Sở")
    assert (statement.text, statement.content_sha256) == (GIST, sha256(GIST.encode()).hexdigest())
    assert (statement.speaker, statement.speaker_post) == (cast.head, "Giám đốc Sở")
    assert (statement.spoken_at, statement.recorded_at) == (NIGHT, LATER)
    assert statement.mandate.kind == MandateKind.EX_OFFICIO
    assert statement.recipient == "Phóng viên A, Báo Mẫu (giả định)"
    assert (statement.case, statement.inquiry, statement.agency) == (case, None, cast.agency)


def test_without_a_mandate_it_is_recorded_all_the_same_and_says_why(case: Case, cast: Cast) -> None:
    record = recorded(case, cast, cast.specialist, by=cast.contact)

    assert (record.result, record.statement) == (LateResult.PERSONAL, None)
    assert record.why == f"{cast.specialist.full_name} has no mandate to speak for {cast.agency.name}."
    assert Statement.objects.count() == 0


def test_somebody_without_an_account_is_named_and_stays_an_individual(case: Case, cast: Cast) -> None:
    record = recorded(case, cast, None, speaker_name="  Ông Bảo vệ ")

    assert (record.speaker, record.speaker_name) == (None, "Ông Bảo vệ")
    assert record.result == LateResult.PERSONAL
    assert record.why == (
        f"Ông Bảo vệ has no account here, and no mandate to speak for {cast.agency.name} is known."
    )


def test_somebody_of_another_agency_speaks_for_himself(case: Case, cast: Cast) -> None:
    assert recorded(case, cast, cast.stranger).result == LateResult.PERSONAL


def test_the_trail_says_whose_words_what_they_were_and_under_which_mandate_and_never_the_words(
    case: Case, cast: Cast
) -> None:
    record = recorded(case, cast, cast.head, recording=SOUND)

    entry = entry_of(record)
    assert record.statement is not None
    assert entry.data == {
        "case": case.pk,
        "reference": case.reference,
        "late_record": record.pk,
        "person": cast.head.pk,
        "person_name": cast.head.full_name,
        "form": "direct",
        "spoken_at": "2026-07-13T15:15:00.000000Z",
        "delay_minutes": 135,
        "result": "statement",
        "mandate": record.statement.mandate_id,
        "statement": record.statement_id,
        "questions": [],
        "recording_sha256": sha256(SOUND[1]).hexdigest(),
        "text_hash": keyed_hash(record, GIST),
    }
    assert (entry.stream, entry.occurred_at) == (f"case:{case.pk}", NIGHT)
    assert (entry.mandate_id, entry.rule_set) == (record.statement.mandate_id, "luat-bao-chi-2025")
    assert (entry.actor_id, entry.reason) == (cast.contact.pk, "")
    assert "công bố" not in bytes(entry.body).decode()
    assert story(case)[-1].what == (
        f"recorded what {cast.head.full_name} had said outside the system: Statement, recorded late"
    )


def test_a_personal_remark_leaves_an_entry_without_a_mandate(case: Case, cast: Cast) -> None:
    entry = entry_of(recorded(case, cast, cast.clerk))

    assert (entry.mandate_id, entry.data["mandate"], entry.data["statement"]) == (None, None, None)
    assert entry.data["result"] == "personal"


def test_a_delegate_in_force_speaks_for_the_agency(case: Case, cast: Cast) -> None:
    mandate = delegated(case, cast, to=cast.unit_head, at=NIGHT - timedelta(hours=3))

    record = recorded(case, cast, cast.unit_head, by=cast.unit_head)

    assert record.statement is not None
    assert record.statement.mandate == mandate


@pytest.mark.parametrize(
    ("spoken_at", "result"),
    [
        (NIGHT - timedelta(seconds=1), LateResult.PERSONAL),
        (NIGHT, LateResult.STATEMENT),
        (NIGHT + timedelta(days=2, seconds=-1), LateResult.STATEMENT),
        (NIGHT + timedelta(days=2), LateResult.PERSONAL),
    ],
)
def test_authority_is_judged_at_the_instant_of_speaking_not_of_recording(
    case: Case, cast: Cast, spoken_at: datetime, result: LateResult
) -> None:
    delegated(case, cast, to=cast.unit_head, at=NIGHT)

    record = recorded(case, cast, cast.unit_head, spoken_at=spoken_at, at=NIGHT + timedelta(days=3))

    assert record.result == result


def test_a_form_the_letter_does_not_cover_is_spoken_in_as_an_individual(case: Case, cast: Cast) -> None:
    delegated(case, cast, to=cast.unit_head, at=START, forms=(StatementForm.PORTAL,))

    results = {
        form: recorded(case, cast, cast.unit_head, form=form).result
        for form in (StatementForm.PORTAL, StatementForm.DIRECT)
    }

    assert results == {
        StatementForm.PORTAL: LateResult.STATEMENT,
        StatementForm.DIRECT: LateResult.PERSONAL,
    }


def test_a_letter_for_one_question_covers_that_question_and_no_other(
    cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    walk = Walk(cast, set_clock)
    case = walk.register().case
    first, second = Question.objects.filter(inquiry=walk.inquiry)
    delegated(case, cast, to=cast.unit_head, at=NIGHT - timedelta(hours=1), questions=(first,))

    covered = recorded(case, cast, cast.unit_head, questions=[first])
    beyond = recorded(case, cast, cast.unit_head, questions=[first, second])
    unsaid = recorded(case, cast, cast.unit_head)

    assert [each.result for each in (covered, beyond, unsaid)] == [
        LateResult.STATEMENT,
        LateResult.PERSONAL,
        LateResult.PERSONAL,
    ]
    assert set(beyond.questions.all()) == {first, second}
    assert entry_of(beyond).data["questions"] == [first.pk, second.pk]


def test_a_paper_letter_registered_afterwards_makes_no_statement_of_it_and_the_replay_shows_both_truths(
    case: Case, cast: Cast
) -> None:
    record = recorded(case, cast, cast.unit_head)
    delegated(
        case, cast, to=cast.unit_head, signed_at=NIGHT - timedelta(hours=4), at=LATER + timedelta(hours=8)
    )

    asked: dict[str, Any] = {"agency": cast.agency, "case": case, "form": record.form, "at": NIGHT}
    record.refresh_from_db()
    assert (record.result, record.statement_id) == (LateResult.PERSONAL, None)
    assert permissions.check_may_speak(cast.unit_head, **asked, known_at=None).is_delegated
    with pytest.raises(NoMandate, match="has no mandate to speak"):
        permissions.check_may_speak(cast.unit_head, **asked, known_at=NIGHT)
    with pytest.raises(DatabaseError, match=triggers.REFUSAL), transaction.atomic():
        LateRecord.objects.filter(pk=record.pk).update(result=LateResult.STATEMENT, why="")


def test_what_the_paper_was_registered_before_is_judged_by_what_was_known_when_it_was_said(
    case: Case, cast: Cast
) -> None:
    """Recorded after the letter came in, but said before the system knew it: still an individual's words."""
    delegated(
        case, cast, to=cast.unit_head, signed_at=NIGHT - timedelta(hours=4), at=NIGHT + timedelta(hours=1)
    )

    assert recorded(case, cast, cast.unit_head).result == LateResult.PERSONAL
    assert recorded(case, cast, cast.unit_head, spoken_at=LATER).result == LateResult.STATEMENT


def test_a_revocation_with_effect_from_earlier_leaves_the_statement_one(case: Case, cast: Cast) -> None:
    mandate = delegated(case, cast, to=cast.unit_head, at=START)
    before = recorded(case, cast, cast.unit_head)
    mandates.revoke(
        mandate=mandate, by=cast.head, at=LATER + timedelta(hours=1), reason="Nhầm.", effective_from=START
    )

    after = recorded(case, cast, cast.unit_head, at=LATER + timedelta(hours=2))

    before.refresh_from_db()
    assert (before.result, after.result) == (LateResult.STATEMENT, LateResult.STATEMENT)
    with pytest.raises(NoMandate, match="was revoked"):
        permissions.check_may_speak(
            cast.unit_head, agency=cast.agency, case=case, form=StatementForm.DIRECT, at=NIGHT
        )


def test_an_account_closed_meanwhile_is_judged_as_it_was(case: Case, cast: Cast) -> None:
    people.close_account(person=cast.spokesperson, by=None, at=NIGHT + timedelta(hours=1))

    at_night = recorded(case, cast, cast.spokesperson)
    afterwards = recorded(case, cast, cast.spokesperson, spoken_at=LATER)

    assert (at_night.result, afterwards.result) == (LateResult.STATEMENT, LateResult.PERSONAL)
    assert afterwards.why == f"The account of {cast.spokesperson.full_name} was closed at that time."


def test_a_closed_case_can_still_be_spoken_of_late(case: Case, cast: Cast) -> None:
    casefile.close(case=case, reason="Xong.", by=cast.chief, at=NIGHT + timedelta(hours=1))

    assert recorded(case, cast, cast.head).result == LateResult.STATEMENT


def test_a_recording_alone_is_enough_and_its_bytes_are_kept(case: Case, cast: Cast) -> None:
    record = recorded(case, cast, cast.head, gist=" ", recording=SOUND)

    assert (record.gist, record.recording_name) == ("", "ghi-am.m4a")
    assert files.read(record.recording_sha256) == SOUND[1]
    assert keepers.is_kept(record.recording_sha256)
    assert record.statement is not None
    assert record.statement.content_sha256 == record.recording_sha256
    assert entry_of(record).data["text_hash"] == ""


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"spoken_at": LATER + timedelta(minutes=1)}, "lies in the future", "spoken_at"),
        ({"gist": " \n"}, "Nothing is written of what was said", "gist"),
        ({"speaker": None, "speaker_name": " "}, "not said who spoke", "speaker_name"),
        ({"recording": ("a.exe", b"MZ\x90\0" + b"\0" * 60)}, "not of an accepted type", ""),
        ({"gist": "x" * 10_001}, "at most 10000 are accepted", ""),
    ],
)
def test_only_what_cannot_be_used_is_invalid_and_nothing_is_kept_of_it(
    case: Case, cast: Cast, changes: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        speech.record_late(
            case=case, speech=said(**{"speaker": cast.head, **changes}), by=cast.contact, at=LATER
        )

    assert list(refusal.value.fields) == ([field] if field else [])
    assert (LateRecord.objects.count(), Statement.objects.count()) == (0, 0)
    assert not TrailEntry.objects.filter(type="speech.recorded_late").exists()


def test_a_question_of_another_case_is_not_taken(
    case: Case, cast: Cast, set_clock: Callable[[datetime], None]
) -> None:
    question = Walk(cast, set_clock).register().questions.all()[0]

    with pytest.raises(Invalid, match="belongs to another case"):
        recorded(case, cast, cast.head, questions=[question])


@pytest.mark.parametrize("who", ["contact", "clerk", "chief", "legal", "head", "spokesperson", "deputy"])
def test_whoever_works_in_the_agency_and_sees_the_case_records(case: Case, cast: Cast, who: str) -> None:
    assert recorded(case, cast, cast.head, by=getattr(cast, who)).recorded_by == getattr(cast, who)


@pytest.mark.parametrize(
    ("who", "error"), [("stranger", NotFound), ("specialist", NotFound), ("auditor", Refused)]
)
def test_who_does_not_see_the_case_or_only_audits_it_records_nothing(
    case: Case, cast: Cast, who: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        recorded(case, cast, cast.head, by=getattr(cast, who))


def test_a_closed_account_records_nothing(case: Case, cast: Cast) -> None:
    people.close_account(person=cast.contact, by=None, at=START)

    with pytest.raises(Refused, match="account is closed"):
        recorded(case, cast, cast.head)


def test_a_restricted_case_is_not_found_by_who_takes_no_part(case: Case, cast: Cast) -> None:
    Case.objects.filter(pk=case.pk).update(secrecy=Secrecy.RESTRICTED)
    casefile.involve(case=case, person=cast.chief)

    with pytest.raises(NotFound):
        recorded(case, cast, cast.head)
    assert recorded(case, cast, cast.head, by=cast.chief).case == case


def test_a_delegate_without_any_role_records_on_the_one_case(case: Case, cast: Cast) -> None:
    delegate = factories.make_person(full_name="Người được ủy quyền")
    factories.make_post(person=delegate, agency=cast.agency)
    delegated(case, cast, to=delegate, at=NIGHT - timedelta(hours=1))

    assert recorded(case, cast, delegate, by=delegate).result == LateResult.STATEMENT
    with pytest.raises(NotFound):
        recorded(factories.make_case(agency=cast.agency), cast, delegate, by=delegate)


def test_a_delegate_who_only_audits_records_no_more_once_the_term_is_over(case: Case, cast: Cast) -> None:
    mandate = delegated(case, cast, to=cast.auditor, at=NIGHT - timedelta(hours=1))
    Mandate.objects.filter(pk=mandate.pk).update(valid_until=NIGHT)

    with pytest.raises(Refused, match="You hold no role"):
        recorded(case, cast, cast.head, by=cast.auditor)


def test_a_matter_without_a_case_gets_one_that_is_open_to_who_recorded(cast: Cast) -> None:
    record = speech.record_late_on_new_case(
        agency=cast.agency, title=" Sập  giàn giáo ", speech=said(cast.head), by=cast.specialist, at=LATER
    )

    assert (record.case.title, record.case.opened_at) == ("Sập giàn giáo", LATER)
    assert record.result == LateResult.STATEMENT
    assert Case.objects.visible_to(cast.specialist, at=LATER).get() == record.case


def test_a_new_case_needs_a_title_and_an_agency_where_one_works(cast: Cast) -> None:
    given: dict[str, Any] = {"agency": cast.agency, "speech": said(cast.head), "at": LATER}

    with pytest.raises(Invalid, match="give the matter a title"):
        speech.record_late_on_new_case(title=" ", by=cast.contact, **given)
    for nobody in (cast.stranger, cast.auditor):
        with pytest.raises(Refused, match="You hold no role"):
            speech.record_late_on_new_case(title="Việc", by=nobody, **given)
    with pytest.raises(Invalid, match="lies in the future"):
        speech.record_late_on_new_case(
            title="Việc",
            by=cast.contact,
            **{**given, "speech": said(cast.head, spoken_at=LATER + timedelta(days=1))},
        )
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_laterecord SET gist = 'forged'",
        "UPDATE core_laterecord SET result = 'personal', statement_id = NULL, why = 'forged'",
        "DELETE FROM core_laterecord",
        "UPDATE core_laterecord_questions SET question_id = question_id",
        "DELETE FROM core_laterecord_questions",
    ],
)
def test_the_database_lets_nothing_of_it_be_changed(
    cast: Cast, set_clock: Callable[[datetime], None], sql: str
) -> None:
    inquiry = Walk(cast, set_clock).register()
    recorded(inquiry.case, cast, cast.head, questions=list(inquiry.questions.all()))
    connection.check_constraints()

    with (
        pytest.raises(DatabaseError, match=triggers.REFUSAL),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_law_of_the_day_of_speaking_stands_in_the_trail(cast: Cast, case: Case) -> None:
    record = recorded(case, cast, cast.clerk, spoken_at=NIGHT.replace(month=6))

    assert entry_of(record).rule_set == "luat-bao-chi-2016"
