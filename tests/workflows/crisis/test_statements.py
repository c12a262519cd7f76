"""What is said in a crisis: written once, cleared by another, spoken word for word, at any hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core import events
from core.enums import CrisisState, DeadlineOutcome, StatementForm
from core.errors import Conflict, Invalid, NotAllowedNow
from core.models import Crisis, Deadline, RoleAssignment, Statement, TrailEntry
from core.queries.trail import Verification
from core.rules.mandates import NoMandate
from documents.models import IssuedDocument
from tests.walk import START, ZONE, Cast
from tests.workflows.crisis.statements_walk import ADDRESS, NATIONAL, SAID, StatementWalk
from workflows import permissions
from workflows.crisis.models import CrisisStatement, StatementText

SetClock = Callable[[datetime], None]


@pytest.fixture
def walk(cast: Cast, set_clock: SetClock) -> StatementWalk:
    return StatementWalk(cast, set_clock)


def ended(walk: StatementWalk) -> list[tuple[datetime | None, str]]:
    return list(Deadline.objects.filter(crisis=walk.crisis).values_list("ended_at", "outcome"))


NIGHT_OF_A_HOLIDAY = datetime(2026, 9, 2, 2, 30, tzinfo=ZONE)
PRESS = "Các báo đã đăng ký (giả định)"
LEGAL_FORMS = {
    "portal": (StatementForm.PORTAL, "", ADDRESS),
    "official-account": (StatementForm.PORTAL, "", "https://mang-xa-hoi.example/sonoivu/1"),
    "press-release": (StatementForm.PRESS_RELEASE_OR_REPLY, PRESS, ""),
    "e-mail": (StatementForm.PRESS_RELEASE_OR_REPLY, "toasoan@bao.example", ""),
    "interview": (StatementForm.DIRECT, "Phóng viên Báo A (giả định)", ""),
    "briefing": (StatementForm.BRIEFING, "", ""),
    "press-conference": (StatementForm.PRESS_CONFERENCE, "", ""),
}


def test_every_legal_form_of_speaking_is_walked() -> None:
    assert {form for form, _recipient, _address in LEGAL_FORMS.values()} == set(StatementForm)


@pytest.mark.parametrize(("form", "recipient", "address"), LEGAL_FORMS.values(), ids=LEGAL_FORMS)
def test_at_night_on_a_holiday_the_initial_statement_is_released_without_number_seal_or_pdf(
    cast: Cast, set_clock: SetClock, form: StatementForm, recipient: str, address: str
) -> None:
    night = NIGHT_OF_A_HOLIDAY
    walk = StatementWalk(cast, set_clock, at=night).run(started_at=night)

    walk.draft(form=form, recipient=recipient)
    walk.clear()
    walk.release(address=address)

    said = Statement.objects.get()
    assert (said.spoken_at, said.text, said.content_sha256) == (night, SAID, walk.sha256)
    assert (said.case, said.agency, said.inquiry) == (walk.crisis.case, cast.agency, None)
    assert (said.speaker, said.speaker_post) == (cast.spokesperson, "Phó Chánh Văn phòng")
    assert (said.form, said.recipient, said.address) == (form, recipient, address)
    assert (said.document_number, said.document_date, said.document_sha256) == ("", None, "")
    assert (walk.statement.ledger, walk.statement.is_initial) == (said, True)
    assert ended(walk) == [(night, DeadlineOutcome.MET)]
    assert "draft_statement" not in walk.nodes()
    # Nothing waits for the office either: no document, and no paper to number, to sign or to stamp.
    assert IssuedDocument.objects.count() == 0
    assert not {"issue_paper", "sign_paper", "stamp_paper"} & set(walk.nodes())
    assert list(Verification().findings()) == []


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(0, DeadlineOutcome.MET), (1, DeadlineOutcome.LATE)], ids=["the last", "late"]
)
def test_the_first_statement_ends_the_clock_of_the_law_in_time_or_late(
    walk: StatementWalk, seconds: int, outcome: str
) -> None:
    started = START - timedelta(minutes=20)
    walk.run(started_at=started)
    walk.draft()
    walk.clear()
    spoken = started + timedelta(hours=24, seconds=seconds)
    walk.at = spoken
    walk.pass_time(seconds=0)
    walk.release(late_reason="Chờ xác minh.")

    assert ended(walk) == [(spoken, outcome)]
    walk.pass_time(hours=1)
    walk.further()
    walk.say("Cập nhật (giả định).")
    assert ended(walk) == [(spoken, outcome)]
    assert Statement.objects.count() == 2


def test_a_release_settles_the_step_and_asks_why_when_it_is_late(walk: StatementWalk) -> None:
    walk.run()
    walk.draft()
    walk.clear()
    step = walk.statement.step
    assert step is not None
    assert step.due is not None
    walk.at = step.due
    walk.pass_time(seconds=1)

    with pytest.raises(Invalid) as refused:
        walk.release()
    assert list(refused.value.fields) == ["late_reason"]
    assert Statement.objects.count() == 0

    walk.release(late_reason="Chờ xác minh.")

    step.refresh_from_db()
    assert (step.settled_at, step.settled_by, step.late_reason) == (
        walk.at,
        walk.cast.spokesperson,
        "Chờ xác minh.",
    )
    assert "draft_statement" not in walk.nodes()


def test_clearing_binds_the_text_that_was_read(walk: StatementWalk) -> None:
    walk.run()
    walk.draft()

    with pytest.raises(Conflict, match="not the latest version"):
        walk.clear(sha256="0" * 64)
    walk.clear()

    assert (walk.statement.cleared_sha256, walk.statement.cleared_by) == (walk.sha256, walk.cast.legal)


def test_without_a_legal_officer_the_chief_of_office_clears_but_never_the_chiefs_own_text(
    walk: StatementWalk,
) -> None:
    RoleAssignment.objects.filter(person=walk.cast.legal).delete()
    walk.run()
    walk.draft(by=walk.cast.chief)

    with pytest.raises(permissions.OwnWork):
        walk.clear(by=walk.cast.chief)

    walk.further()
    walk.draft()
    walk.clear(by=walk.cast.chief)
    assert walk.statement.cleared_by == walk.cast.chief


def test_who_wrote_the_text_neither_clears_nor_speaks_it(walk: StatementWalk) -> None:
    walk.run()
    walk.draft(by=walk.cast.head)
    walk.clear()

    with pytest.raises(permissions.OwnWork):
        walk.release(by=walk.cast.head)

    walk.release()
    assert walk.statement.released_by == walk.cast.spokesperson


def test_without_a_mandate_at_the_instant_nothing_is_said(walk: StatementWalk) -> None:
    walk.run()
    walk.draft()
    walk.clear()

    with pytest.raises(NoMandate):
        walk.release(by=walk.cast.deputy)

    assert (Statement.objects.count(), walk.statement.released_at) == (0, None)


def test_what_is_sent_back_is_drafted_anew_and_has_to_be_cleared_again(walk: StatementWalk) -> None:
    walk.run()
    walk.draft()
    first = walk.sha256
    walk.send_back("clear_statement", by=walk.cast.legal)
    walk.draft(f"{SAID}\n\nĐiện thoại: 0000 000 100.", form=StatementForm.DIRECT)
    walk.clear()
    walk.send_back("release_statement", by=walk.cast.spokesperson, reason="Đổi câu cuối.")

    assert (walk.statement.is_returned, walk.statement.cleared_sha256) == (True, "")
    walk.draft(form=StatementForm.PRESS_CONFERENCE)
    assert "release_statement" not in walk.nodes()
    walk.clear()
    walk.release(address="")

    texts = walk.statement.texts.values_list("number", "sha256")
    assert [number for number, _sha in texts] == [1, 2, 3]
    assert texts[2][1] == first
    assert Statement.objects.get().form == StatementForm.PRESS_CONFERENCE
    sent_back = TrailEntry.objects.filter(type=events.CRISIS_STATEMENT_RETURNED.code).order_by("seq")
    assert [(entry.reason, entry.data["step"]) for entry in sent_back] == [
        ("Thiếu số điện thoại.", "clear_statement"),
        ("Đổi câu cuối.", "release_statement"),
    ]


def test_a_draft_that_cannot_be_used_is_refused_at_its_field(walk: StatementWalk) -> None:
    walk.run()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"text": "  \n\u200b"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"form": StatementForm.PRESS_RELEASE_OR_REPLY}, "recipient"),
        ({"recipient": "x" * 301}, "recipient"),
    ]

    for drafted, field in wrong:
        with pytest.raises(Invalid) as refused:
            walk.draft(**drafted)
        assert list(refused.value.fields) == [field]

    assert StatementText.objects.count() == 0


def test_a_further_statement_may_be_given_up_the_initial_one_that_is_owed_never(walk: StatementWalk) -> None:
    walk.run()
    initial, further = walk.statement, walk.further(StatementForm.BRIEFING)

    with pytest.raises(NotAllowedNow, match="owed"):
        walk.give_up(0)
    walk.give_up(1)

    assert [task.seed for task in walk.tasks("draft_statement")] == [initial]
    further.refresh_from_db()
    assert (further.is_given_up, further.number, further.form) == (True, 2, StatementForm.BRIEFING)


@pytest.mark.parametrize("state", [CrisisState.DETECTED, CrisisState.CLOSED])
def test_no_statement_is_opened_before_activation_or_after_the_end(walk: StatementWalk, state: str) -> None:
    walk.run()
    Crisis.objects.filter(pk=walk.crisis.pk).update(state=state)

    with pytest.raises(NotAllowedNow):
        walk.further()

    assert CrisisStatement.objects.count() == 1


def test_a_drill_goes_the_same_way_and_leaves_nothing_in_the_ledger(walk: StatementWalk) -> None:
    walk.detect()
    Crisis.objects.filter(pk=walk.crisis.pk).update(is_drill=True)
    walk.run(started_at=START)

    walk.say()

    assert (Statement.objects.count(), walk.statement.ledger) == (0, None)
    assert (walk.statement.released_at, walk.statement.address) == (walk.at, ADDRESS)
    assert ended(walk) == [(walk.at, DeadlineOutcome.MET)]


def test_on_a_national_incident_nobody_of_the_agency_speaks(walk: StatementWalk) -> None:
    walk.run(NATIONAL)
    walk.draft()
    walk.clear()

    for person in (walk.cast.head, walk.cast.spokesperson):
        with pytest.raises(NotAllowedNow, match=r"khoản 1 Điều 7 .*Prime Minister"):
            walk.release(by=person)

    assert Statement.objects.count() == 0


def test_where_others_alone_speak_the_initial_statement_is_given_up_and_the_playbook_goes_on(
    walk: StatementWalk,
) -> None:
    walk.run(NATIONAL)
    walk.crisis.steps.exclude(code__in=["statement", "wrap-up"]).update(settled_at=walk.at)

    walk.give_up()

    step = walk.statement.step
    assert step is not None
    assert (step.is_skipped, step.settled_by, step.note) == (True, walk.cast.contact, "Không nói nữa.")
    assert "wrap-up" in [task.seed.code for task in walk.tasks("carry_out")]
    skipped = TrailEntry.objects.get(type=events.CRISIS_STEP_SKIPPED.code)
    assert (skipped.reason, skipped.data["code"]) == ("Không nói nữa.", "statement")
    assert "draft_statement" not in walk.nodes()


def test_no_text_enters_the_trail(walk: StatementWalk) -> None:
    walk.run()
    walk.say()

    bodies = list(TrailEntry.objects.values_list("body", flat=True))
    assert not any("Kết quả xác minh" in str(body) for body in bodies)
    released = TrailEntry.objects.get(type=events.CRISIS_STATEMENT_RELEASED.code)
    assert released.mandate_id == Statement.objects.get().mandate_id
    assert released.data["text_hash"].startswith("hmac-sha256:")
