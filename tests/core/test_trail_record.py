"""Writing the trail: what an entry says, under which conditions it is written, and what it never holds."""

import hashlib
import json
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from core import events, request_context
from core.actions import trail
from core.actions.trail import TrailMisuse
from core.enums import MandateKind, PostKind
from core.errors import NotAllowedNow
from core.events import Event
from core.models import Case, Mandate, TextKey, TrailEntry, TrailHead
from core.rules.trail import canonical, instant
from tests.factories import make_agency, make_case, make_person, make_post, make_unit

AT = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
SECRET = "Đề thi bị lộ ở trường nào?"


@pytest.fixture
def case(db: None) -> Case:
    return make_case(reference="VV-01")


def said(entry: TrailEntry) -> dict[str, object]:
    return dict(json.loads(bytes(TrailEntry.objects.get(pk=entry.pk).body)))


def test_entries_of_a_case_are_chained_from_the_first(case: Case) -> None:
    first = trail.record(events.CASE_OPENED, case=case, by=None, at=AT)
    second = trail.record(events.CASE_CLOSED, case=case, by=None, at=AT)

    assert (first.stream, first.seq, first.prev_hash) == (f"case:{case.pk}", 1, "")
    assert (second.stream, second.seq, second.prev_hash) == (f"case:{case.pk}", 2, first.hash)
    head = TrailHead.objects.get(case=case)
    assert (head.seq, head.hash) == (2, second.hash)


def test_cases_and_the_global_stream_are_numbered_apart(case: Case) -> None:
    other = make_case()
    for of in (case, other, None):
        trail.record(events.CASE_OPENED, case=of, by=None, at=AT)

    streams = TrailEntry.objects.values_list("stream", "seq")
    assert set(streams) == {(f"case:{case.pk}", 1), (f"case:{other.pk}", 1), ("global", 1)}


def test_hash_is_the_sha256_of_the_stored_bytes_which_say_every_column(case: Case) -> None:
    entry = trail.record(
        events.CASE_OPENED,
        case=case,
        by=make_person(),
        at=AT,
        subject=case,
        data={"reference": "VV-01", "case": case.pk},
        reason="because",
        object_hash="ab" * 32,
        rule_set="rules-2026",
        procedure="press_inquiry",
        procedure_version="1",
    )

    stored = TrailEntry.objects.get(pk=entry.pk)
    assert hashlib.sha256(bytes(stored.body)).hexdigest() == stored.hash
    unsaid = {field.name for field in TrailEntry._meta.fields} - set(said(entry))
    assert unsaid == {"id", "body", "hash"}


def test_stored_bytes_are_canonical(case: Case) -> None:
    entry = trail.record(
        events.CASE_OPENED, case=case, by=None, at=AT, data={"reference": "VV-01", "case": 1}
    )

    body = bytes(entry.body)
    assert (
        body
        == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    assert said(entry)["occurred_at"] == "2026-10-05T02:30:00.000000Z"


def test_composed_and_decomposed_letters_give_the_same_bytes() -> None:
    composed = unicodedata.normalize("NFC", "Sở Nội vụ trả lời")
    decomposed = unicodedata.normalize("NFD", composed)

    assert composed != decomposed
    assert canonical({"reason": composed}) == canonical({"reason": decomposed})


def test_columns_hold_what_the_bytes_say_also_for_decomposed_letters(case: Case) -> None:
    decomposed = unicodedata.normalize("NFD", "Trả lại để bổ sung")

    entry = trail.record(events.DRAFT_RETURNED_IN_REVIEW, case=case, by=None, at=AT, reason=decomposed)

    stored = TrailEntry.objects.get(pk=entry.pk)
    assert stored.reason == said(entry)["reason"] == "Trả lại để bổ sung"


@pytest.mark.parametrize("value", [0.1, object(), b"bytes", {"a", "set"}])
def test_value_without_a_certain_form_has_no_canonical_bytes(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_instant_without_a_zone_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 10, 5, 9, 30))  # noqa: DTZ001


def test_person_is_recorded_with_the_posts_held_in_the_agency_at_that_instant(case: Case) -> None:
    person = make_person(full_name="Lê Văn Mẫu")
    office = make_unit(agency=case.agency, name="Văn phòng")
    make_post(person=person, agency=case.agency, unit=office, title="Chánh Văn phòng")
    make_post(person=person, agency=case.agency, title="Phó Giám đốc", valid_from=AT + timedelta(days=1))
    make_post(person=person, agency=make_agency(), title="Cộng tác viên")

    entry = trail.record(events.INQUIRY_TRIAGED, case=case, by=person, at=AT)

    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("person", person.pk, "Lê Văn Mẫu")
    assert (entry.actor_post, entry.actor_unit) == ("Chánh Văn phòng", "Văn phòng")
    assert entry.agency_code == case.agency.code


def test_renaming_a_person_later_changes_no_entry(case: Case) -> None:
    person = make_person(full_name="Trần Thị Mẫu")
    entry = trail.record(events.INQUIRY_TRIAGED, case=case, by=person, at=AT)
    person.full_name = "Trần Thị Khác"
    person.save()

    assert TrailEntry.objects.get(pk=entry.pk).actor_name == "Trần Thị Mẫu"


def test_act_of_nobody_is_the_systems(case: Case) -> None:
    entry = trail.record(events.INQUIRY_ACKNOWLEDGED, case=case, by=None, at=AT)

    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("system", None, "")


def test_mandate_is_recorded_with_the_act_done_under_it(case: Case) -> None:
    head = make_person()
    post = make_post(person=head, agency=case.agency, kind=PostKind.HEAD, title="Giám đốc")
    mandate = Mandate.objects.create(
        kind=MandateKind.EX_OFFICIO,
        agency=case.agency,
        person=head,
        post=post,
        valid_from=AT,
        recorded_at=AT,
    )

    entry = trail.record(events.STATEMENT_RELEASED, case=case, by=head, at=AT, mandate=mandate)

    assert entry.mandate_id == said(entry)["mandate_id"] == mandate.pk


def test_claimed_time_is_kept_beside_the_databases_own(case: Case) -> None:
    claimed = AT - timedelta(days=400)

    entry = trail.record(events.INQUIRY_REGISTERED, case=case, by=None, at=AT, occurred_at=claimed)

    assert entry.occurred_at == claimed
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        (read,) = cursor.fetchone()
    now = read if isinstance(read, datetime) else datetime.fromisoformat(f"{read}+00:00")
    assert abs(entry.recorded_at - now) < timedelta(minutes=1)


def test_recorded_time_never_runs_back_when_the_databases_clock_does(case: Case) -> None:
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    trail.record(events.CASE_OPENED, case=case, by=None, at=AT)
    TrailHead.objects.filter(case=case).update(seq=2, recorded_at=ahead)

    assert trail.record(events.CASE_CLOSED, case=case, by=None, at=AT).recorded_at == ahead


def test_key_the_event_does_not_declare_is_refused(case: Case) -> None:
    with pytest.raises(TrailMisuse, match="weather"):
        trail.record(events.CASE_OPENED, case=case, by=None, at=AT, data={"weather": "fine"})
    assert not TrailEntry.objects.exists()


def test_event_outside_the_vocabulary_is_refused(case: Case) -> None:
    forged = Event(code="case.opened", sentence="", keys=frozenset())

    with pytest.raises(TrailMisuse, match="not registered"):
        trail.record(forged, case=case, by=None, at=AT)


def test_value_as_long_as_a_text_is_refused(case: Case) -> None:
    with pytest.raises(TrailMisuse, match="longer"):
        trail.record(events.CASE_OPENED, case=case, by=None, at=AT, data={"reference": "x" * 501})


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    case = make_case()

    with pytest.raises(TransactionManagementError):
        trail.record(events.CASE_OPENED, case=case, by=None, at=AT)
    assert not TrailEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_decision_that_is_rolled_back_leaves_no_entry() -> None:
    case = make_case()
    with transaction.atomic():
        trail.record(events.CASE_OPENED, case=case, by=None, at=AT)

    @transaction.atomic
    def close_and_fail() -> None:
        trail.record(events.CASE_CLOSED, case=case, by=None, at=AT)
        raise NotAllowedNow("Something else speaks against it.")

    with pytest.raises(NotAllowedNow):
        close_and_fail()

    assert TrailEntry.objects.values_list("type", flat=True).get() == "case.opened"
    assert TrailHead.objects.get(case=case).seq == 1


def test_personal_value_is_stored_as_a_keyed_digest_only(case: Case) -> None:
    address = "phong.vien@bao-mau.example"

    entry = trail.record(
        events.INQUIRY_ACKNOWLEDGED, case=case, by=None, at=AT, subject=case, data={"recipient": address}
    )

    assert entry.data == {"recipient": trail.keyed_hash(case, address)}
    assert entry.data["recipient"].startswith("hmac-sha256:")
    assert address.encode() not in bytes(entry.body)


def test_personal_value_without_a_subject_is_refused(case: Case) -> None:
    with pytest.raises(TrailMisuse, match="subject"):
        trail.record(
            events.INQUIRY_ACKNOWLEDGED, case=case, by=None, at=AT, data={"recipient": "a@b.example"}
        )


def test_keyed_digest_is_the_same_for_the_same_text_and_another_for_another_subject(case: Case) -> None:
    digest = trail.keyed_hash(case, SECRET)

    assert digest == trail.keyed_hash(case, unicodedata.normalize("NFD", SECRET))
    assert digest != trail.keyed_hash(make_case(), SECRET)
    assert digest != f"hmac-sha256:{hashlib.sha256(SECRET.encode()).hexdigest()}"


def test_digest_proves_nothing_once_its_key_is_destroyed(case: Case) -> None:
    before = trail.keyed_hash(case, SECRET)
    key = bytes(TextKey.objects.get(object_type="core.Case", object_id=case.pk).key)

    trail.destroy_key(case)

    assert not TextKey.objects.filter(key=key).exists()
    assert trail.keyed_hash(case, SECRET) != before


def test_entries_of_one_act_share_its_gesture(case: Case) -> None:
    with request_context.entered(channel="command"):
        first = trail.record(events.CASE_OPENED, case=case, by=None, at=AT)
        second = trail.record(events.CASE_CLOSED, case=case, by=None, at=AT)
    with request_context.entered(channel="command"):
        other = trail.record(events.CASE_OPENED, case=case, by=None, at=AT)

    assert first.gesture_id == second.gesture_id != other.gesture_id
    assert first.request["channel"] == "command"


def test_session_key_is_never_stored(case: Case) -> None:
    session_key = "k3jx9s8f7d6g5h4j3k2l1"
    with request_context.entered(channel="web", ip="192.0.2.7", session_key=session_key):
        entry = trail.record(events.CASE_OPENED, case=case, by=None, at=AT)

    assert entry.request["ip"] == "192.0.2.7"
    assert entry.request["session"]
    assert session_key not in bytes(entry.body).decode()


def test_recording_costs_the_same_however_long_the_stream(case: Case) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            trail.record(events.CASE_OPENED, case=case, by=None, at=AT)
        return len(captured)

    queries()
    assert queries() == queries() == 3
