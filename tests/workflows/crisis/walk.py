"""A hand that walks a crisis through its procedure, as the people of the cast would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from core.enums import CrisisLevel, CrisisPart, RecipientPart, StepDeed, StepStart
from core.models import Crisis, Person, Topic
from tests.walk import START, Cast
from workflows import base
from workflows.base import Step
from workflows.crisis.actions import opening
from workflows.crisis.models import (
    CrisisProcess,
    Playbook,
    PlaybookSign,
    PlaybookStep,
    PlaybookVersion,
    ReportLine,
)

OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.SCHEDULED)


def step(code: str, number: int, part: CrisisPart = CrisisPart.PRESS_CONTACT, **more: Any) -> dict[str, Any]:
    """A row of a playbook as tests write it; what they leave out is an ordinary task of half an hour."""
    return {
        "code": code, "number": number, "title": code.replace("-", " ").title(), "what": f"Do {code}", "part": part,
        "minutes": 30, "counted_from": StepStart.READY, **more,
    }  # fmt: skip


STEPS = (
    step("verify", 1),
    step("preserve", 2, CrisisPart.SPECIALIST),
    step("report", 3, CrisisPart.CHIEF_OF_OFFICE, deed=StepDeed.REPORT),
    step(
        "statement",
        4,
        CrisisPart.SPOKESPERSON,
        deed=StepDeed.INITIAL_STATEMENT,
        after=["verify"],
        minutes=240,
    ),
    step("briefing", 5, CrisisPart.HEAD, min_level=CrisisLevel.SPREADING, after=["verify"]),
    step(
        "wrap-up",
        6,
        CrisisPart.CHIEF_OF_OFFICE,
        after=["verify", "preserve", "report", "statement", "briefing"],
    ),
)


def make_playbook(
    *,
    code: str = "exam",
    steps: tuple[dict[str, Any], ...] = STEPS,
    lines: tuple[tuple[RecipientPart, int], ...] = ((RecipientPart.PROVINCIAL_COMMITTEE, 30),),
    signs: tuple[str, ...] = (),
    topics: tuple[str, ...] = (),
    levels: Mapping[RecipientPart, int] | None = None,
    at: datetime = START,
) -> PlaybookVersion:
    """An approved scenario, written straight to its tables: rows first, because from the approval on they are kept."""
    playbook = Playbook.objects.create(code=code)
    version = PlaybookVersion.objects.create(
        playbook=playbook, number=1, title=f"Scenario {code}", level=CrisisLevel.LOCAL, written_at=at,
        approved_by_name="Người duyệt (giả định)", valid_from=at.date() - timedelta(days=3650),
    )  # fmt: skip
    PlaybookStep.objects.bulk_create(PlaybookStep(version=version, **row) for row in steps)
    ReportLine.objects.bulk_create(
        ReportLine(
            version=version, number=number, part=part, minutes=minutes, min_level=(levels or {}).get(part, 1)
        )
        for number, (part, minutes) in enumerate(lines, 1)
    )
    PlaybookSign.objects.bulk_create(
        PlaybookSign(version=version, number=number, text=text) for number, text in enumerate(signs, 1)
    )
    version.topics.set([Topic.objects.get_or_create(code=topic, title=topic)[0] for topic in topics])
    version.approved_at = at
    version.save(update_fields=["approved_at"])
    return version


@dataclass
class CrisisWalk:
    """One crisis and the hand that takes it through its steps. `at` is what the clock is set to, by `set_clock`."""

    cast: Cast
    set_clock: Callable[[datetime], None]
    at: datetime = START
    crisis: Crisis = field(init=False)

    def __post_init__(self) -> None:
        self.set_clock(self.at)

    def pass_time(self, **delta: float) -> datetime:
        self.at += timedelta(**delta)
        self.set_clock(self.at)
        return self.at

    @property
    def process(self) -> CrisisProcess:
        process: CrisisProcess = CrisisProcess.objects.get(crisis=self.crisis)
        return process

    def detect(self, *, by: Person | None = None, **noticed: Any) -> Crisis:
        facts = {"title": "Đề thi bị phát tán (giả định)", "detected_at": self.at, **noticed}
        self.crisis = opening.detect(
            agency=self.cast.agency, noticed=opening.Noticed(**facts), by=by or self.cast.contact
        )
        return self.crisis

    def tasks(self, node: str = "") -> list[Task]:
        """The open tasks of the crisis, in the order of their creation; of one node where it is named."""
        rows = Task.objects.filter(process=self.process, status__in=OPEN).order_by("pk")
        return [task for task in rows if task.flow_task and node in ("", task.flow_task.name)]

    def nodes(self) -> list[str]:
        return sorted(task.flow_task.name for task in self.tasks())

    def execute(self, task: Task, perform: Callable[[Step], object], *, by: Person) -> Step:
        return base.execute(task.pk, by=by, perform=perform)
