"""Crises as their pages find them, written straight to the tables; the acts have walks of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from core.enums import (
    AckMeans,
    CrisisLevel,
    CrisisPart,
    CrisisState,
    DispatchMeans,
    LimitUnit,
    PaperKind,
    RecipientPart,
    ReportKind,
    RungKind,
    StatementForm,
    StepOrigin,
)
from core.models import (
    Agency,
    Case,
    Crisis,
    Deadline,
    LocalRegulation,
    LocalRule,
    Provision,
    RuleKey,
    RuleValue,
)
from tests import factories
from tests.walk import START, Cast
from tests.workflows.crisis.walk import make_playbook
from workflows.crisis.models import (
    Acknowledgement,
    Assessment,
    CrisisStatement,
    CrisisStep,
    Dispatch,
    Report,
    Rung,
    StandDown,
    StatementText,
)

NUMBERS = count(1)
CLOCK = "initial_statement_event"
PARAGRAPH = "244/2026/NĐ-CP:7.3"


def make_crisis(
    cast: Cast, *, state: CrisisState = CrisisState.RUNNING, case: Case | None = None, **fields: Any
) -> Crisis:
    """A crisis of the cast's agency at level 2, taken up a few minutes after it was detected."""
    number = next(NUMBERS)
    given: dict[str, Any] = {"detected_at": START, "recorded_at": START, "note": "", **fields}
    if state not in (CrisisState.DETECTED, CrisisState.DISMISSED):
        given = {
            "level": CrisisLevel.SPREADING,
            "duty": RuleKey.objects.get(code=CLOCK),
            "provision": Provision.objects.get(code=PARAGRAPH),
            "activated_at": START + timedelta(minutes=5),
            **given,
        }
    return Crisis.objects.create(
        case=case or factories.make_case(agency=cast.agency, opened_at=START),
        agency=cast.agency, reference=f"KH-{number}/2026", source="by_hand", detected_by=cast.contact, state=state,
        **{"title": f"Đề thi bị phát tán {number} (giả định)", **given},
    )  # fmt: skip


def law_clock(crisis: Crisis, *, due: datetime, **fields: Any) -> Deadline:
    """The 24 hours of the law, with the instant given."""
    value = RuleValue.objects.filter(scope__key__code=CLOCK).order_by("-valid_from").first()
    assert value is not None
    return Deadline.objects.create(
        crisis=crisis, agency=crisis.agency, source="law", key=RuleKey.objects.get(code=CLOCK), rule_value=value,
        provision=crisis.provision, started_at=due - timedelta(hours=24), created_at=START, due=due,
        original_due=due, due_inclusive=True, **fields,
    )  # fmt: skip


def local_clock(crisis: Crisis, *, due: datetime, cast: Cast) -> Deadline:
    """The agency's own limit for assessing."""
    key, _made = RuleKey.objects.get_or_create(
        code="step.assess", defaults={"title": "Thời hạn đánh giá", "title_en": "Time to assess"}
    )
    regulation, _made = LocalRegulation.objects.get_or_create(
        agency=crisis.agency, number="15/QĐ-SNV",
        defaults={
            "title": "Quy chế (giả định)", "date": START.date(), "valid_from": START.date(), "recorded_at": START,
        },
    )  # fmt: skip
    rule, _made = LocalRule.objects.get_or_create(
        agency=crisis.agency, key=key, regulation=regulation,
        defaults={"article": "Điều 5", "value": 1, "unit": LimitUnit.HOURS, "valid_from": START.date()},
    )  # fmt: skip
    return Deadline.objects.create(
        crisis=crisis, agency=crisis.agency, source="local", key=key, local_rule=rule, started_at=START,
        created_at=START, due=due, original_due=due, due_inclusive=True,
    )  # fmt: skip


def make_step(
    crisis: Crisis, code: str, *, part: CrisisPart = CrisisPart.PRESS_CONTACT, **fields: Any
) -> CrisisStep:
    number = crisis.steps.count() + 1
    given = {"title": code.title(), "opened_at": START, "added_at": START, "minutes": 30, **fields}
    return CrisisStep.objects.create(
        crisis=crisis, code=code, number=number, origin=StepOrigin.PLAYBOOK, part=part, **given
    )


def make_statement(crisis: Crisis, text: str, *, cast: Cast, **fields: Any) -> CrisisStatement:
    """A statement with two versions of its text; released where an instant is given."""
    number = crisis.crisis_statements.count() + 1
    given: dict[str, Any] = {"opened_at": START, "form": StatementForm.PORTAL, **fields}
    if "released_at" in given:
        given |= {"released_by": cast.head, "cleared_sha256": f"{number}b", "cleared_by": cast.legal}
    row = CrisisStatement.objects.create(crisis=crisis, number=number, **given)
    for version, words in ((1, f"{text} (bản đầu)"), (2, text)):
        StatementText.objects.create(
            statement=row, number=version, text=words, sha256=f"{number}{' ab'[version]}", author=cast.contact,
            written_at=START,
        )  # fmt: skip
    return row


def make_report(crisis: Crisis, *, cast: Cast, what: str = "Lộ đề thi (giả định)", **fields: Any) -> Report:
    number = crisis.reports.count() + 1
    given = {"kind": ReportKind.FIRST, "level": CrisisLevel.SPREADING, "prepared_at": START, **fields}
    return Report.objects.create(
        crisis=crisis, number=number, what=what, where="Phường Mẫu", when="06:55", said="Chưa phát ngôn",
        needed="Chỉ đạo", prepared_by=cast.chief, **given,
    )  # fmt: skip


def make_dispatch(report: Report, recipient: Agency, **fields: Any) -> Dispatch:
    """Sent, with the first two rungs of its ladder waiting."""
    given = {
        "part": RecipientPart.PROVINCIAL_COMMITTEE, "paper": PaperKind.REPORT, "means": DispatchMeans.MAIL,
        "minutes": 30, "prepared_at": START, "sent_at": START, **fields,
    }  # fmt: skip
    row = Dispatch.objects.create(report=report, recipient=recipient, **given)
    for number, kind in ((1, RungKind.RESEND), (2, RungKind.PHONE)):
        due = START + timedelta(minutes=15 + 15 * number)
        Rung.objects.create(dispatch=row, number=number, kind=kind, due_at=due)
    return row


def acknowledge(dispatch: Dispatch, *, at: datetime, name: str = "Ông A (giả định)") -> Acknowledgement:
    if dispatch.acknowledged_at is None:
        dispatch.acknowledged_at = at
        dispatch.save(update_fields=["acknowledged_at"])
    return Acknowledgement.objects.create(
        dispatch=dispatch, means=AckMeans.PHONE, name=name, post="Trực ban", phone="0000", acknowledged_at=at,
        recorded_at=at,
    )  # fmt: skip


def stand_down(crisis: Crisis, *, cast: Cast, at: datetime, is_forced: bool = False) -> StandDown:
    crisis.state, crisis.stood_down_at = CrisisState.STOOD_DOWN, at
    crisis.save(update_fields=["state", "stood_down_at"])
    return StandDown.objects.create(
        crisis=crisis,
        reason="Dư luận đã lắng (giả định)",
        is_forced=is_forced,
        ordered_by=cast.head,
        ordered_at=at,
    )


def redetermined(crisis: Crisis, *, cast: Cast, at: datetime) -> Assessment:
    """The paragraph determined anew, as what it was already."""
    return Assessment.objects.create(
        crisis=crisis, version=make_playbook(code=f"scenario-{crisis.pk}"), level=crisis.level, duty=crisis.duty,
        provision=crisis.provision, reason="Thành việc khác (giả định)", is_anew=True, assessed_by=cast.chief,
        assessed_at=at,
    )  # fmt: skip
