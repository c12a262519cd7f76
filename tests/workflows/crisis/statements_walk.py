"""What is said in a crisis and agreed between agencies, as the people of their casts would do it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from core.actions.deadlines.starting import start_on
from core.enums import AgencyKind, CrisisLevel, CrisisState, StatementForm, StepOrigin
from core.models import Agency, Crisis, Person, Provision, RuleKey
from tests.walk import Cast, make_cast
from tests.workflows.crisis.walk import CrisisWalk, make_playbook
from workflows.base import Step
from workflows.crisis import queries
from workflows.crisis.actions import joint, releasing, statements, steps
from workflows.crisis.models import CrisisStatement, JointMatter, JointText

ADDRESS = "https://sonoivu.example/tin/1"
SAID = "Sở đã nhận tin lúc 07:40 (giả định).\n\nKết quả xác minh được thông báo trong ngày."
NATIONAL, JOINT = "speaks_national_incident", "speaks_joint_incident"
PARAGRAPHS = {
    "initial_statement_event": "244/2026/NĐ-CP:7.3", NATIONAL: "244/2026/NĐ-CP:7.1", JOINT: "244/2026/NĐ-CP:7.2",
}  # fmt: skip


class StatementWalk(CrisisWalk):
    """A crisis whose playbook runs, and its statements."""

    def run(
        self, duty: str = "initial_statement_event", *, started_at: datetime | None = None
    ) -> StatementWalk:
        """Detected, assessed and activated; the step of the initial statement is open, its clock runs from a time."""
        if not hasattr(self, "crisis"):
            self.detect()
        self.execute(self.tasks("assess")[0], lambda _step: None, by=self.cast.chief)
        self.execute(self.tasks("activate")[0], lambda step: self._activate(step, duty), by=self.cast.head)
        if started_at is not None:
            key = RuleKey.objects.get(code=duty)
            start_on(self.crisis, key=key, started_at=started_at, by=self.cast.chief, at=self.at)
        verify = next(task for task in self.tasks("carry_out") if task.seed.code == "verify")
        self.execute(
            verify,
            lambda step: steps.do(step=verify.seed, note="Đã rõ.", by=step.by, at=step.at),
            by=self.cast.contact,
        )
        self.crisis = Crisis.objects.get(pk=self.crisis.pk)
        return self

    def _activate(self, step: Step, duty: str) -> None:
        crisis = step.process.crisis
        crisis.level, crisis.state, crisis.activated_at = CrisisLevel.LOCAL, CrisisState.RUNNING, step.at
        crisis.duty, _made = RuleKey.objects.get_or_create(
            code=duty, defaults={"title": duty, "bound": "fixed"}
        )
        crisis.provision = Provision.objects.get(code=PARAGRAPHS[duty])
        crisis.save()
        rows = make_playbook(code=f"exam-{crisis.pk}").steps.filter(min_level__lte=crisis.level)
        steps.copy(rows, crisis=crisis, origin=StepOrigin.PLAYBOOK, at=step.at)

    @property
    def statement(self) -> CrisisStatement:
        return CrisisStatement.objects.filter(crisis=self.crisis).latest("pk")

    @property
    def sha256(self) -> str:
        text = queries.latest_text(self.statement)
        assert text is not None
        return text.sha256

    def draft(
        self,
        text: str = SAID,
        *,
        form: StatementForm = StatementForm.PORTAL,
        recipient: str = "",
        by: Person | None = None,
    ) -> Step:
        given = statements.Draft(text=text, form=form, recipient=recipient)
        return self.execute(
            self.tasks("draft_statement")[-1],
            lambda step: statements.draft(statement=step.task.seed, draft=given, by=step.by, at=step.at),
            by=by or self.cast.specialist,
        )

    def clear(self, *, sha256: str = "", by: Person | None = None) -> Step:
        seen = sha256 or self.sha256
        return self.execute(
            self.tasks("clear_statement")[-1],
            lambda step: statements.clear(statement=step.task.seed, sha256=seen, by=step.by, at=step.at),
            by=by or self.cast.legal,
        )

    def send_back(self, node: str, *, by: Person, reason: str = "Thiếu số điện thoại.") -> Step:
        seen = self.sha256
        return self.execute(
            self.tasks(node)[-1],
            lambda step: statements.send_back(
                statement=step.task.seed, step=node, sha256=seen, reason=reason, by=step.by, at=step.at
            ),
            by=by,
        )

    def release(self, *, by: Person | None = None, sha256: str = "", **facts: Any) -> Step:
        given = releasing.ReleaseFacts(**{"sha256": sha256 or self.sha256, "address": ADDRESS, **facts})
        return self.execute(
            self.tasks("release_statement")[-1],
            lambda step: releasing.release(statement=step.task.seed, facts=given, by=step.by, at=step.at),
            by=by or self.cast.spokesperson,
        )

    def give_up(self, place: int = -1) -> Step:
        """Of the statements that are being drafted the last one, unless another place is named."""
        return self.execute(
            self.tasks("draft_statement")[place],
            lambda step: statements.give_up(
                statement=step.task.seed, reason="Không nói nữa.", by=step.by, at=step.at
            ),
            by=self.cast.contact,
        )

    def say(self, text: str = SAID, **drafted: Any) -> Step:
        self.draft(text, **drafted)
        self.clear()
        return self.release()

    def further(self, form: StatementForm = StatementForm.PORTAL) -> CrisisStatement:
        return statements.open_beside(crisis=self.crisis, form=form, by=self.cast.contact)


def make_agency_cast(code: str, kind: AgencyKind) -> Cast:
    """A staffed agency of a kind that may lead."""
    cast = make_cast(code=code)
    Agency.objects.filter(pk=cast.agency.pk).update(kind=kind)
    cast.agency.kind = kind
    return cast


def assigned(lead: Agency, *parties: Agency, **changes: Any) -> joint.Assigned:
    given: dict[str, Any] = {
        "title": "Sự cố liên tỉnh (giả định)", "lead": lead, "parties": parties,
        "assigned_by": "Công điện 01/CĐ-TTg (giả định)", "assigned_on": date(2026, 7, 12),
    }  # fmt: skip
    return joint.Assigned(**{**given, **changes})


class JointWalk:
    """A matter that one cast leads and two agree on: a ministry, a province and a department."""

    def __init__(self, own: Cast, set_clock: Any) -> None:
        self.lead = make_agency_cast("BO-A", AgencyKind.MINISTRY)
        self.province = make_agency_cast("TINH-B", AgencyKind.PROVINCIAL_COMMITTEE)
        self.department = own
        self.speaks = StatementWalk(self.lead, set_clock).run(JOINT)
        self.matter: JointMatter = joint.open_matter(
            crisis=self.speaks.crisis,
            assigned=assigned(self.lead.agency, self.province.agency, self.department.agency),
            by=self.lead.chief,
        )

    def propose(self, text: str = SAID) -> JointText:
        return joint.propose(matter=self.matter, text=text, by=self.lead.spokesperson)

    def agree(self, text: JointText) -> JointText:
        """All the others agree."""
        for cast in (self.province, self.department):
            joint.agree(text=text, agency=cast.agency, by=cast.chief)
        return text
