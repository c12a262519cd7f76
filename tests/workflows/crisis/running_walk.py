"""The steps of the running procedure, as the people of the cast do them."""

from __future__ import annotations

from typing import Any

from viewflow.workflow.models import Task

from core.enums import CrisisLevel, StatementForm
from core.models import Person, RuleKey
from workflows import base
from workflows.base import Step
from workflows.crisis.actions import activating, assessing, closing, levels, redetermining, steps
from workflows.crisis.actions.duties import Chosen
from workflows.crisis.models import Assessment, CrisisStatement, CrisisStep, LevelChange, PlaybookVersion

from .walk import CrisisWalk, make_playbook

SIGNS = ("Đề thi trên mạng trước giờ thi", "Phóng viên hỏi về đề thi")


class RunningWalk(CrisisWalk):
    """A crisis with a scenario in force; each method is one act, by the right person unless told otherwise."""

    version: PlaybookVersion

    def begin(self, *, version: PlaybookVersion | None = None, **noticed: Any) -> RunningWalk:
        self.version = version or make_playbook(signs=SIGNS)
        self.detect(**noticed)
        return self

    def finding(self, **changes: Any) -> assessing.Finding:
        duty = changes.pop("duty", "initial_statement_event")
        facts: dict[str, Any] = {
            "version": self.version,
            "level": CrisisLevel.LOCAL,
            "duty": RuleKey.objects.get(code=duty),
            "started_at": self.at,
            "needed_at_once": True,
            "signs": list(self.version.signs.all()[:1]),
            "reason": "Đề thi lan truyền, có dấu hiệu thật.",
        }
        return assessing.Finding(**(facts | changes))

    def assess(self, *, by: Person | None = None, **changes: Any) -> RunningWalk:
        finding = self.finding(**changes)
        return self._act(
            "assess",
            lambda step: assessing.assess(process=step.process, finding=finding, by=step.by, at=step.at),
            by=by or self.cast.chief,
        )

    def dismiss(self, *, by: Person | None = None, reason: str = "Tin cũ, đã trả lời.") -> RunningWalk:
        return self._act(
            "assess",
            lambda step: assessing.dismiss(process=step.process, reason=reason, by=step.by, at=step.at),
            by=by or self.cast.chief,
        )

    def send_back(self, *, reason: str = "Chưa đúng căn cứ.") -> RunningWalk:
        return self._act(
            "activate",
            lambda step: activating.send_back(process=step.process, reason=reason, by=step.by, at=step.at),
            by=self.cast.head,
        )

    def activate(self, *, by: Person | None = None, head_takes: bool = False) -> RunningWalk:
        return self._act(
            "activate",
            lambda step: activating.activate(
                process=step.process, head_takes=head_takes, by=step.by, at=step.at
            ),
            by=by or self.cast.head,
        )

    def run(self, **changes: Any) -> RunningWalk:
        """To a playbook that runs."""
        return self.begin().assess(**changes).activate()

    def step(self, code: str) -> CrisisStep:
        return CrisisStep.objects.get(crisis=self.crisis, code=code)

    def task_of(self, code: str) -> Task:
        return next(task for task in self.tasks("carry_out") if task.seed.code == code)

    def do(self, code: str, *, by: Person, late_reason: str = "", note: str = "Đã làm.") -> Step:
        task = self.task_of(code)
        return self.execute(
            task,
            lambda act: steps.do(step=task.seed, note=note, late_reason=late_reason, by=act.by, at=act.at),
            by=by,
        )

    def change_level(
        self, new: CrisisLevel, *, by: Person | None = None, reason: str = "Lan rộng."
    ) -> LevelChange:
        row = levels.change(crisis=self.crisis, new=new, reason=reason, by=by or self.cast.chief)
        self.crisis.refresh_from_db()
        return row

    def redetermine(self, duty: str, *, by: Person | None = None, **changes: Any) -> Assessment:
        facts: dict[str, Any] = {"started_at": self.at, "needed_at_once": True, "reason": "Thành việc khác."}
        chosen = Chosen(duty=RuleKey.objects.get(code=duty), **(facts | changes))
        row = redetermining.redetermine(crisis=self.crisis, chosen=chosen, by=by or self.cast.chief)
        self.crisis.refresh_from_db()
        return row

    def stand_down(self, *, is_forced: bool = False, reason: str = "Đã xử lý xong.") -> RunningWalk:
        return self._act(
            "stand_down",
            lambda step: closing.stand_down(
                process=step.process, reason=reason, is_forced=is_forced, by=step.by, at=step.at
            ),
            by=self.cast.head,
        )

    def review(self, *, proposed_change: str = "", lessons: str = "Báo sớm hơn.") -> RunningWalk:
        return self._act(
            "review",
            lambda step: closing.review(
                process=step.process, lessons=lessons, proposed_change=proposed_change, by=step.by, at=step.at
            ),
            by=self.cast.chief,
        )

    def say_something(self) -> CrisisStatement:
        """As the release leaves the row; the release itself has tests of its own."""
        row, _is_new = CrisisStatement.objects.get_or_create(
            crisis=self.crisis, number=99, defaults={"form": StatementForm.PORTAL, "opened_at": self.at}
        )
        row.released_at, row.released_by = self.at, self.cast.spokesperson
        row.save()
        return row

    def _act(self, node: str, perform: Any, *, by: Person) -> RunningWalk:
        base.execute(self.tasks(node)[0].pk, by=by, perform=perform)
        self.crisis.refresh_from_db()
        return self
