from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from core import events, files
from core.actions import law
from core.enums import (
    Competence,
    DeadlineOutcome,
    DeadlineSource,
    InquiryKind,
    LimitUnit,
    ReplyForm,
)
from core.errors import NotAllowedNow
from core.models import Deadline, LegalBasis, OutgoingMail, Provision, RuleSet, TrailEntry
from tests.desk import at, local_rule
from tests.walk import Cast, Walk
from workflows.engine.models import TaskDeadline
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import beside, running
from workflows.press_inquiry.actions.triaging import Finding
from workflows.press_inquiry.models import NotARequest, TriageExit, Verdict

pytestmark = pytest.mark.django_db

OLD, NEW = "luat-bao-chi-2016", "luat-bao-chi-2025"
JUNE = at("2026-06-30T09:00")
OPINION = InquiryKind.FORWARDED_OPINION
MET, LATE, VOID = DeadlineOutcome.MET, DeadlineOutcome.LATE, DeadlineOutcome.VOID


@pytest.fixture
def start(cast: Cast, set_clock: Callable[[datetime], None]) -> Callable[..., Walk]:
    """An inquiry registered, unless told otherwise as a forwarded opinion to be answered by mail."""

    def start_(node: str = "triage", *, given: dict[str, Any] | None = None, **registered: Any) -> Walk:
        walk = Walk(cast, set_clock, **{"reply_form": ReplyForm.EMAIL, **(given or {})})
        walk.register(**{"kind": OPINION, **registered})
        return walk.to(node)

    return start_


def choose(walk: Walk, code: str) -> None:
    walk.tick()
    law.choose_rule_set(
        inquiry=walk.inquiry, rule_set=RuleSet.objects.get(code=code), reason="Nhận khi luật cũ.",
        by=walk.cast.legal, at=walk.at,
    )  # fmt: skip


def outcomes() -> list[str]:
    return list(Deadline.objects.order_by("pk").values_list("outcome", flat=True))


def rule_set_of(event: events.Event) -> str:
    return TrailEntry.objects.filter(type=event.code).latest("pk").rule_set


# Registered


@pytest.mark.parametrize(
    ("kind", "key", "last_day"),
    [
        (InquiryKind.INFORMATION, "press_request", None),
        (InquiryKind.INTERVIEW, "press_request", None),
        (InquiryKind.REPLY_ON_PRESS, "reply_on_press", date(2026, 8, 12)),
        (InquiryKind.FORWARDED_OPINION, "forwarded_opinion", date(2026, 8, 3)),
        (InquiryKind.FORWARDED_COMPLAINT, "complaint_acceptance", date(2026, 7, 22)),
        (InquiryKind.FORWARDED_DENUNCIATION, "denunciation_acceptance", date(2026, 7, 22)),
    ],
)
def test_registering_starts_the_duty_of_its_kind(
    start: Callable[..., Walk], kind: InquiryKind, key: str, last_day: date | None
) -> None:
    walk = start(kind=kind)

    deadline = Deadline.objects.get()
    assert deadline.key is not None
    assert (deadline.key.code, deadline.last_day, deadline.source) == (key, last_day, DeadlineSource.LAW)
    assert deadline.started_at == walk.inquiry.received_at
    assert walk.inquiry.due == deadline.due


@pytest.mark.parametrize(
    ("received", "last_day", "provision"),
    [
        (at("2026-06-30T23:59"), date(2026, 7, 30), "103/2016/QH13:39.2"),
        (at("2026-07-01T00:00"), date(2026, 7, 22), "237/2026/NĐ-CP:18.3"),
    ],
)
def test_a_forwarded_opinion_runs_under_the_law_of_its_receipt(
    start: Callable[..., Walk], received: datetime, last_day: date, provision: str
) -> None:
    start(received_at=received)

    deadline = Deadline.objects.get()
    assert deadline.provision is not None
    assert (deadline.last_day, deadline.provision.code) == (last_day, provision)


def test_the_acknowledgement_tells_the_laws_due_date_and_no_other(
    cast: Cast, start: Callable[..., Walk]
) -> None:
    local_rule(cast.agency, "forwarded_opinion", 5, LimitUnit.WORKING_DAYS, start="receipt")

    start()

    local, legal = Deadline.objects.order_by("due")
    assert (local.last_day, legal.last_day) == (date(2026, 7, 20), date(2026, 8, 3))
    body = OutgoingMail.objects.get(key__endswith=":acknowledgement").body
    assert "Thời hạn trả lời theo quy định của pháp luật: 24 giờ 00 phút thứ Hai 03/08/2026." in body
    assert "20/07/2026" not in body
    assert "Quy chế" not in body


def test_an_agencys_own_limit_on_an_ordinary_request_is_not_told_to_the_press(
    cast: Cast, start: Callable[..., Walk]
) -> None:
    local_rule(cast.agency, "press_request", 5, LimitUnit.WORKING_DAYS, start="receipt")

    walk = start(kind=InquiryKind.INFORMATION)

    body = OutgoingMail.objects.get(key__endswith=":acknowledgement").body
    assert walk.inquiry.due == at("2026-07-21T00:00")
    assert "Pháp luật không quy định thời hạn trả lời" in body
    assert "20/07/2026" not in body


# Answered, withdrawn, reopened


@pytest.mark.parametrize(
    ("released", "outcome"), [(at("2026-08-03T23:59"), MET), (at("2026-08-04T00:00"), LATE)]
)
def test_releasing_the_reply_ends_its_clock_in_time_or_late(
    start: Callable[..., Walk], released: datetime, outcome: DeadlineOutcome
) -> None:
    walk = start("release")
    walk.at = released - timedelta(minutes=1)

    walk.release()

    deadline = Deadline.objects.get()
    assert (deadline.outcome, deadline.ended_at) == (outcome, released)
    assert walk.inquiry.due is None


def test_what_was_said_in_time_and_recorded_later_was_in_time(start: Callable[..., Walk]) -> None:
    walk = start("release", given={"reply_form": ReplyForm.INTERVIEW})
    walk.at = at("2026-08-04T09:00")

    walk.release(spoken_at=at("2026-08-03T23:30"))

    assert outcomes() == [MET]


def test_withdrawing_ends_the_clock_without_a_verdict(start: Callable[..., Walk]) -> None:
    walk = start("draft")

    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    walk.inquiry.refresh_from_db()
    assert (outcomes(), walk.inquiry.due) == ([VOID], None)


def test_what_triage_finds_to_be_no_request_is_no_longer_owed(start: Callable[..., Walk]) -> None:
    walk = start(given={"exit": TriageExit.NOT_A_REQUEST})

    walk.triage(not_a_request=NotARequest.SPAM, reason="Quảng cáo.")

    assert outcomes() == [VOID]


def test_what_is_all_secret_and_handled_elsewhere_is_no_longer_owed(start: Callable[..., Walk]) -> None:
    walk = start(given={"exit": TriageExit.OFF_SYSTEM})
    secret = Finding(competence=Competence.STATE_SECRET, told="Giám đốc", backups="Bản sao 13/7")

    walk.triage(findings={1: secret, 2: secret}, neutral_subject="Một nội dung", reason="Bí mật.")

    assert outcomes() == [VOID]


def test_advice_to_a_superior_leaves_the_clock_running(start: Callable[..., Walk]) -> None:
    walk = start("ended", given={"exit": TriageExit.ADVICE, "reply_form": ReplyForm.LETTER})

    assert (walk.steps, walk.inquiry.outcome, outcomes()) == (set(), "advice_given", [""])
    assert walk.inquiry.due == at("2026-08-04T00:00")


def test_reopening_after_a_withdrawal_starts_the_clock_again_from_the_receipt(
    start: Callable[..., Walk],
) -> None:
    walk = start("draft")
    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)
    walk.tick(days=3)

    running.reopen(inquiry=walk.inquiry, reason="Hỏi lại.", by=walk.cast.chief)

    first, again = Deadline.objects.order_by("pk")
    walk.inquiry.refresh_from_db()
    assert (first.outcome, again.outcome) == (VOID, "")
    assert (again.started_at, again.due, walk.inquiry.due) == (first.started_at, first.due, first.due)


@pytest.mark.parametrize("released", [at("2026-07-20T09:00"), at("2026-08-10T09:00")])
def test_reopening_what_was_answered_starts_no_clock_again(
    start: Callable[..., Walk], released: datetime
) -> None:
    walk = start("release")
    walk.at = released
    walk.release()
    walk.to("ended").tick()

    running.reopen(inquiry=walk.inquiry, reason="Bổ sung.", by=walk.cast.chief)

    assert len(outcomes()) == 1
    assert outcomes() != [VOID]


# Between two laws


def test_between_two_laws_nothing_is_decided_before_a_person_has_chosen(start: Callable[..., Walk]) -> None:
    walk = start("decide", received_at=JUNE)

    with pytest.raises(NotAllowedNow, match="Choose the governing law on the case page first"):
        walk.decide()

    assert walk.steps == {"decide"}
    assert not Verdict.objects.filter(step="decide").exists()
    assert not TrailEntry.objects.filter(type=events.REPLY_APPROVED.code).exists()


def test_an_inquiry_under_one_law_is_decided_without_a_choice(start: Callable[..., Walk]) -> None:
    walk = start("decide", received_at=at("2026-07-01T00:00"))

    walk.decide()

    assert (walk.steps, rule_set_of(events.REPLY_APPROVED)) == ({"release"}, NEW)


@pytest.mark.parametrize(
    ("code", "provisions"),
    [
        (OLD, {"103/2016/QH13:38.1", "103/2016/QH13:39.2"}),
        (NEW, {"126/2025/QH15:31.1", "237/2026/NĐ-CP:18.3"}),
    ],
)
def test_after_the_choice_every_entry_carries_the_law_chosen_and_the_decision_rests_on_it(
    start: Callable[..., Walk], code: str, provisions: set[str]
) -> None:
    walk = start("decide", received_at=JUNE)
    choose(walk, code)

    walk.decide()
    walk.release()

    assert [rule_set_of(event) for event in (events.REPLY_APPROVED, events.STATEMENT_RELEASED)] == [
        code,
        code,
    ]
    decision = TrailEntry.objects.get(type=events.REPLY_APPROVED.code)
    bases = LegalBasis.objects.filter(entry_id=decision.entry_id)
    assert set(bases.values_list("provision__code", flat=True)) == provisions
    assert set(LegalBasis.objects.values_list("rule_set__code", flat=True)) == {code}


def test_the_clock_keeps_its_law_whatever_is_chosen_for_the_decision(start: Callable[..., Walk]) -> None:
    walk = start("decide", received_at=JUNE)
    choose(walk, NEW)
    walk.decide()

    deadline = Deadline.objects.get()
    assert deadline.rule_set is not None
    assert (deadline.rule_set.code, deadline.last_day) == (OLD, date(2026, 7, 30))


# What the letter cites


@pytest.mark.parametrize(
    ("received", "code", "citation"),
    [
        (JUNE, OLD, "khoản 1 Điều 38 Luật Báo chí số 103/2016/QH13 ngày 05/04/2016"),
        (JUNE, NEW, "khoản 1 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"),
        (at("2026-07-13T07:00"), "", "khoản 1 Điều 31 Luật Báo chí số 126/2025/QH15 ngày 10/12/2025"),
    ],
)
def test_the_letter_is_made_with_the_duty_to_inform_of_the_governing_law_and_prints_no_paraphrase(
    start: Callable[..., Walk], received: datetime, code: str, citation: str
) -> None:
    walk = start("decide", given={"reply_form": ReplyForm.LETTER}, received_at=received)
    if code:
        choose(walk, code)

    walk.decide()

    document = queries.reply_document(walk.process)
    assert document is not None
    assert document.facts["duty_citation"] == citation
    pages = PdfReader(BytesIO(files.read(document.pdf_sha256))).pages
    letter = " ".join(" ".join(page.extract_text() for page in pages).split())
    statements = [" ".join(each.split()) for each in Provision.objects.values_list("statement", flat=True)]
    assert "Câu trả lời số 1." in letter
    assert statements
    assert not [statement for statement in statements if statement in letter]


# The agency's own limits on steps


def test_a_limit_on_a_step_starts_with_its_task_and_ends_with_it(
    cast: Cast, start: Callable[..., Walk]
) -> None:
    local_rule(cast.agency, "step.draft", 4, LimitUnit.HOURS)
    walk = start("draft")
    limit = TaskDeadline.objects.get().deadline
    began = walk.at
    assert (limit.started_at, limit.due, limit.source) == (
        began,
        began + timedelta(hours=4),
        DeadlineSource.LOCAL,
    )
    assert walk.inquiry.due == limit.due

    walk.draft()

    limit.refresh_from_db()
    assert (limit.outcome, limit.ended_at) == (MET, walk.at)
    assert walk.inquiry.due == at("2026-08-04T00:00")
    assert TaskDeadline.objects.count() == 1


@pytest.mark.parametrize(("minutes", "outcome"), [(239, MET), (240, LATE)])
def test_a_step_done_after_its_last_instant_is_late(
    cast: Cast, start: Callable[..., Walk], minutes: int, outcome: DeadlineOutcome
) -> None:
    local_rule(cast.agency, "step.draft", 4, LimitUnit.HOURS)
    walk = start("draft")
    walk.tick(minutes=minutes)

    walk.draft()

    assert TaskDeadline.objects.get().deadline.outcome == outcome


def test_a_step_that_is_cancelled_by_a_withdrawal_ends_without_a_verdict(
    cast: Cast, start: Callable[..., Walk]
) -> None:
    local_rule(cast.agency, "step.draft", 4, LimitUnit.HOURS)
    walk = start("draft")

    running.withdraw(inquiry=walk.inquiry, reason="Rút.", by=walk.cast.contact)

    assert TaskDeadline.objects.get().deadline.outcome == VOID
    assert outcomes() == [VOID, VOID]


def test_a_draft_sent_back_has_its_limit_anew(cast: Cast, start: Callable[..., Walk]) -> None:
    local_rule(cast.agency, "step.draft", 4, LimitUnit.HOURS)
    walk = start("review")

    walk.give_back("review", walk.cast.unit_head)  # type: ignore[arg-type]

    first, again = (row.deadline for row in TaskDeadline.objects.order_by("pk"))
    assert (first.outcome, again.outcome, again.started_at) == (MET, "", walk.at)


def test_without_a_local_rule_no_step_has_a_limit(start: Callable[..., Walk]) -> None:
    start("decide")

    assert not TaskDeadline.objects.exists()


def test_a_stopped_clock_moves_the_limit_of_a_step_that_says_so_and_not_the_laws(
    cast: Cast, start: Callable[..., Walk]
) -> None:
    local_rule(cast.agency, "step.draft", 4, LimitUnit.HOURS, stops=True)
    walk = start("draft")
    limit, legal = TaskDeadline.objects.get().deadline, Deadline.objects.get(source=DeadlineSource.LAW)
    before = limit.due
    walk.tick()
    beside.stop_clock(inquiry=walk.inquiry, reason="Chờ làm rõ.", by=walk.cast.contact)
    walk.tick(hours=2)

    beside.restart_clock(inquiry=walk.inquiry, reason="Đã rõ.", by=walk.cast.contact)

    limit.refresh_from_db()
    assert before is not None
    assert limit.due == before + timedelta(hours=2)
    assert Deadline.objects.get(pk=legal.pk).due == legal.due
