"""What every page of a step of a crisis shows: the crisis, its clocks, and what the step is about."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.models import Crisis
from core.queries import deadlines
from workflows.nodes import matter_of
from workflows.steps import StepView


class CrisisStepView(StepView):
    @property
    def crisis(self) -> Crisis:
        crisis: Crisis = self.process.crisis
        return crisis

    @property
    def row(self) -> Any:
        """The step, statement, dispatch or paper the task was made for."""
        return matter_of(self.task)

    @property
    def is_own(self) -> bool:
        """Whether the step is our own people's; whoever acknowledges elsewhere sees neither case nor crisis page."""
        return bool(self.task.assignment.agency_id == self.case.agency_id)

    def get_success_url(self) -> str:
        return reverse("crisis", args=[self.crisis.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "crisis": self.crisis,
            "row": self.row,
            "is_own": self.is_own,
            "clocks": list(deadlines.with_subject(deadlines.open_first()).filter(crisis=self.crisis)),
        }
