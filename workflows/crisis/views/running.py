"""A step of the playbook, the end of the handling, and the review."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task

from core.models import Mandate, Person
from workflows import base
from workflows.act_page import reason_why_not
from workflows.base import Step
from workflows.crisis import permissions
from workflows.crisis.actions import closing, steps
from workflows.crisis.forms.running import SKIP, CarryOutForm, ReviewForm, SkipForm, StandDownForm
from workflows.crisis.models import Rung
from workflows.crisis.queries import assessed, joint, late, running
from workflows.nodes import matter_of

from .step import CrisisStepView


def may_skip(person: Person, task: Task, /, *, at: Any) -> None:
    """A step is skipped by whoever the playbook says, also while another holds it."""
    permissions.check_may_skip(person, matter_of(task), at=at)


class CarryOut(CrisisStepView):
    """Report a step done, or skip it where the playbook lets the person."""

    template_name = "workflows/crisis/carry_out.html"
    done_message = gettext_lazy("Recorded. The steps that come after it are open now.")

    @property
    def is_skipping(self) -> bool:
        return self.request.POST.get("action") == SKIP

    def get_form_class(self) -> Any:
        return SkipForm if self.is_skipping else CarryOutForm

    def _allowed(self) -> Mandate | None:
        if not self.is_skipping:
            return super()._allowed()
        may_skip(self.person, self.task, at=self.at)
        return None

    def _execute(self, form: Form) -> None:
        if not self.is_skipping:
            super()._execute(form)
            return
        base.execute(
            self.task.pk,
            by=self.person,
            perform=lambda step: self.perform(step, form),
            authorise=may_skip,
        )

    def perform(self, step: Step, form: Any) -> None:
        given, row = form.cleaned_data, matter_of(step.task)
        if self.is_skipping:
            steps.skip(step=row, reason=given["reason"], by=step.by, at=step.at)
        else:
            steps.do(step=row, note=given["note"], late_reason=given["late_reason"], by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        why_not_skip = reason_why_not(may_skip, self.person, self.task, at=self.at)
        return context | {
            "step_title": self.row.title,
            "is_late": steps.is_late(self.row, at=self.at),
            "form": CarryOutForm(initial=self.get_initial()) if self.is_skipping else form,
            "skip_form": form if self.is_skipping else SkipForm(),
            "summary_form": form,
            "is_skipping": self.is_skipping,
            "can_skip": self.is_open and not why_not_skip,
            "call": Rung.objects.filter(step=self.row).first() if self.is_open else None,
        }


class StandDown(CrisisStepView):
    """The head ends the handling; what is not done stays undone, reports are pursued on."""

    template_name = "workflows/crisis/stand_down.html"
    form_class = StandDownForm
    done_message = gettext_lazy(
        "Stood down. The review comes next; reports are pursued until they are acknowledged."
    )

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        closing.stand_down(
            process=step.process, reason=given["reason"], is_forced=given["is_forced"], by=step.by, at=step.at
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        undone = running.steps_to_end(self.crisis).order_by("number")
        return super().get_context_data(**kwargs) | {
            "undone": list(undone),
            "owes_words": assessed.owes_words(self.crisis, at=self.at),
            "is_for_others": joint.is_for_others(self.crisis, at=self.at),
        }


class Review(CrisisStepView):
    """What was late and why stands there; the lessons and a change to the playbook are written beside it."""

    template_name = "workflows/crisis/review.html"
    form_class = ReviewForm
    done_message = gettext_lazy("The review is recorded.")

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        closing.review(
            process=step.process, lessons=given["lessons"], proposed_change=given["proposed_change"], by=step.by,
            at=step.at,
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stand_down = getattr(self.crisis, "stand_down", None)
        return super().get_context_data(**kwargs) | {
            "late": late.of(self.crisis, at=self.at),
            "stand_down": stand_down,
            "version": assessed.playbook_of(self.crisis),
        }
