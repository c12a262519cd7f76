"""A running crisis whose reports go out: one recipient in the system, one outside, one that only has a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from core.enums import (
    AgencyKind,
    CrisisLevel,
    CrisisPart,
    CrisisState,
    DutyKind,
    RecipientPart,
    ReportKind,
    Role,
    StepOrigin,
)
from core.models import (
    Agency,
    AgencyContact,
    DirectoryEntry,
    DutyShift,
    OutgoingMail,
    Person,
    Provision,
    RuleKey,
    TrailEntry,
)
from tests import factories
from tests.walk import Cast, give
from tests.workflows.crisis.walk import CrisisWalk, make_playbook, step
from workflows.base import Step
from workflows.crisis.actions import acknowledging, dispatches, ladder, opening, reports, steps
from workflows.crisis.models import (
    Acknowledgement,
    Assessment,
    Dispatch,
    PlaybookVersion,
    Report,
    ReportPaper,
    Rung,
)

LINES = reports.FiveLines(
    what="Đề thi bị phát tán (giả định)",
    where="Trên mạng xã hội",
    when="06:55 hôm nay",
    said="Chưa phát ngôn",
    needed="Để biết",
)
COMMITTEE, MINISTRY, POLICE = (
    RecipientPart.PROVINCIAL_COMMITTEE,
    RecipientPart.PRESS_MINISTRY,
    RecipientPart.POLICE,
)
MINUTES = {COMMITTEE: 30, MINISTRY: 60, POLICE: 20}


class ReportWalk(CrisisWalk):
    """The crisis runs at level 1; `people` of the committee may acknowledge there."""

    ministry: Agency
    police: Agency
    receiver: Person
    version: PlaybookVersion

    def recipients(self) -> None:
        """The committee is in the system, the ministry is reached by mail, the police by phone alone."""
        assert self.cast.agency.parent is not None
        committee = self.cast.agency.parent
        self.receiver = factories.make_person(username="receiver", full_name="Người nhận (giả định)")
        factories.make_post(person=self.receiver, agency=committee, title="Chuyên viên", valid_from=self.at)
        give(self.receiver, Role.MINISTRY_PRESS_OFFICER, agency=committee)
        self.ministry = factories.make_agency(code="BO-X", kind=AgencyKind.MINISTRY)
        self.police = factories.make_agency(code="CA-X", kind=AgencyKind.DEPARTMENT)
        for part, agency in ((MINISTRY, self.ministry), (POLICE, self.police)):
            DirectoryEntry.objects.create(part=part, recipient=agency)
        self.contact(self.ministry, 1, email="truc@bo-x.example", name="Trực ban Bộ (giả định)")
        self.contact(self.ministry, 2, email="vp@bo-x.example", name="Văn phòng Bộ (giả định)")
        self.contact(self.police, 1, phone="0000 000 113", is_duty=True)

    def contact(self, agency: Agency, rank: int, **fields: Any) -> AgencyContact:
        return AgencyContact.objects.create(agency=agency, rank=rank, **fields)

    def run(
        self, *parts: RecipientPart, is_drill: bool = False, levels: dict[RecipientPart, int] | None = None
    ) -> None:
        """Detect, assess, activate: the playbook reports to these parts."""
        self.recipients()
        if is_drill:
            self.crisis = opening.start_drill(
                agency=self.cast.agency, noticed=opening.Noticed(title="Diễn tập đề thi", detected_at=self.at),
                players=[self.cast.chief], by=self.cast.contact,
            )  # fmt: skip
        else:
            self.detect()
        self.version = make_playbook(
            lines=tuple((part, MINUTES[part]) for part in parts),
            steps=(step("report", 1, CrisisPart.CHIEF_OF_OFFICE, deed="report"),),
            levels=levels,
        )
        self.execute(self.tasks("assess")[0], self._assess, by=self.cast.chief)
        self.execute(self.tasks("activate")[0], self._activate, by=self.cast.head)

    def _assess(self, step: Step) -> None:
        duty = RuleKey.objects.get(code="initial_statement_event")
        provision = Provision.objects.get(code="244/2026/NĐ-CP:7.3")
        Assessment.objects.create(
            crisis=self.crisis, version=self.version, level=CrisisLevel.LOCAL, duty=duty, provision=provision,
            reason="Lộ đề.", assessed_by=step.by, assessed_at=step.at,
        )  # fmt: skip
        self.crisis.level, self.crisis.state = CrisisLevel.LOCAL, CrisisState.ASSESSED
        self.crisis.duty, self.crisis.provision = duty, provision
        self.crisis.save()

    def _activate(self, step: Step) -> None:
        self.crisis.refresh_from_db()
        self.crisis.state, self.crisis.activated_at = CrisisState.RUNNING, step.at
        self.crisis.save()
        rows = self.version.steps.all()
        steps.copy(rows, crisis=self.crisis, origin=StepOrigin.PLAYBOOK, at=step.at)

    def send(self, **changes: Any) -> Report:
        """The step of the playbook that reports."""
        task = self.tasks("report")[0]
        sent: list[Report] = []

        def perform(step: Step) -> None:
            given: dict[str, Any] = {"kind": ReportKind.FIRST, "lines": LINES, **changes}
            sent.append(
                reports.send(process=step.process, step=step.task.seed, by=step.by, at=step.at, **given)
            )

        self.execute(task, perform, by=self.cast.chief)
        # The numbered papers are walked in tests of their own.
        ReportPaper.objects.filter(report=sent[0]).update(opened_at=self.at, stamped_at=self.at)
        return sent[0]

    def dispatch(self, agency: Agency) -> Dispatch:
        return Dispatch.objects.get(report__crisis=self.crisis, recipient=agency)

    def advance(self, **delta: float) -> int:
        """Let time pass and do what is due; how many rungs were climbed and reports found delivered."""
        self.pass_time(**delta)
        before = self._moved()
        ladder.advance(self.crisis.pk, at=self.at)
        return self._moved() - before

    def _moved(self) -> int:
        sent = Dispatch.objects.filter(report__crisis=self.crisis)
        climbed = Rung.objects.filter(dispatch__in=sent, climbed_at__isnull=False)
        return climbed.count() + sent.filter(delivered_at__isnull=False).count()

    def climbed(self, dispatch: Dispatch) -> list[str]:
        return [rung.kind for rung in Rung.objects.filter(dispatch=dispatch, climbed_at__isnull=False)]

    def mails(self, dispatch: Dispatch) -> list[tuple[str, str]]:
        """Key without the id of the dispatch, and address."""
        rows = OutgoingMail.objects.filter(key__startswith=f"crisis-{dispatch.pk}-").order_by("pk")
        return [(mail.key.removeprefix(f"crisis-{dispatch.pk}-"), mail.recipient) for mail in rows]

    def on_duty(self, person: Person, kind: DutyKind = DutyKind.OFFICER) -> DutyShift:
        return DutyShift.objects.create(
            agency=self.cast.agency,
            kind=kind,
            person=person,
            starts_at=self.at,
            ends_at=self.at.replace(year=2030),
        )

    def confirm(
        self, dispatch: Dispatch, *, name: str = "Nguyễn Văn Nhận (giả định)", **more: str
    ) -> Acknowledgement:
        """By the link, at the walk's time."""
        confirmed = acknowledging.Confirmed(name=name, post="Trực ban", **more)
        with dispatches.held(dispatch) as held:
            return acknowledging.by_link(
                process=held.process, dispatch=held.dispatch, confirmed=confirmed, contact=None, at=held.at
            )

    def entries(self, code: str) -> list[TrailEntry]:
        return list(
            TrailEntry.objects.filter(type=code, stream=f"case:{self.crisis.case_id}").order_by("seq")
        )


def make_walk(
    cast: Cast, set_clock: Callable[[datetime], None], parts: Iterable[RecipientPart], **more: Any
) -> ReportWalk:
    walk = ReportWalk(cast, set_clock)
    walk.run(*parts, **more)
    return walk
