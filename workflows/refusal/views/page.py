"""What every step of this procedure shows around its form: the question, where its refusal stands, every version."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.models import Question
from core.queries import law
from workflows.progress import Progress, Stage, position, row_of_steps
from workflows.refusal import queries
from workflows.refusal.models import Outcome, Refusal, RefusalVersion
from workflows.refusal.rules import wording
from workflows.steps import StepView

LETTER = (
    Stage("issue", ("sign", "stamp"), _("Sign and stamp")),
    Stage("release", ("release",), _("Release")),
)
FIRST = (
    Stage("propose", ("propose",), _("Propose")),
    Stage("review", ("review",), _("Legal review")),
    Stage("decide", ("decide",), _("Decide")),
)
SECOND = (
    Stage("reconsider", ("reconsider",), _("Look again")),
    Stage("approve", ("approve",), _("Approve")),
)


class RefusalStep(StepView):
    """A step of the refusal of one question."""

    refusal: Refusal

    def _read(self) -> None:
        super()._read()
        self.refusal = queries.with_words(Refusal.objects.all()).get(pk=self.process.refusal_id)

    @property
    def question(self) -> Question:
        return self.refusal.question

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = self._progress()
        current = position(steps)
        versions = queries.versions(self.refusal)
        return super().get_context_data(**kwargs) | {
            "refusal": self.refusal,
            "question": self.question,
            "steps": steps,
            "position": current,
            "current_title": steps[current - 1].title if current else "",
            "versions": versions,
            "latest": versions[0] if versions else None,
            "remarks": queries.remarks(self.refusal),
        }

    def _progress(self) -> list[Progress]:
        tasks = [task for task in self.process.task_set.order_by("pk") if task.flow_task is not None]
        at_node = self.task.flow_task.name if self.is_open else ""
        return row_of_steps(self._stages(), tasks, at_node=at_node)

    def _stages(self) -> tuple[Stage, ...]:
        """Those of a letter only where one goes out."""
        if self.process.is_second_look:
            return (*SECOND, *LETTER)
        return (*FIRST, *LETTER) if queries.gets_own_letter(self.refusal) else FIRST

    def passage(self, version: RefusalVersion) -> str:
        """The outcome as the press would read it, were this version decided now."""
        duty = law.duty_citation(self.inquiry, at=self.at) if version.outcome == Outcome.REDIRECTED else ""
        return wording.outcome_text(wording.foreseen(version, at=self.at), duty_citation=duty)
