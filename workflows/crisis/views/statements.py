"""What is said in a crisis: draft it, clear exactly that text, speak it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.enums import StatementForm
from workflows.act_page import reason_why_not
from workflows.base import Step
from workflows.crisis import queries
from workflows.crisis.actions import joint as joint_acts
from workflows.crisis.actions import releasing, statements, steps
from workflows.crisis.forms.statements import (
    CLEAR,
    GIVE_UP,
    HAND_IN,
    RELEASE,
    RETURN,
    DraftForm,
    ReleaseForm,
    VerdictForm,
)
from workflows.crisis.models import CrisisStatement, StatementText
from workflows.crisis.queries import joint
from workflows.crisis.queries import statements as shown
from workflows.crisis.rules import content, speaking
from workflows.nodes import matter_of

from .step import CrisisStepView


class StatementStep(CrisisStepView):
    """A step of one statement. Which of its acts is meant the button says."""

    messages_by_action: ClassVar[dict[str, str | Promise]]

    @property
    def statement(self) -> CrisisStatement:
        statement: CrisisStatement = self.row
        return statement

    def perform(self, step: Step, form: Any) -> None:
        given = form.cleaned_data
        self.act(given["action"], {"statement": matter_of(step.task), "by": step.by, "at": step.at}, form)

    def act(self, action: str, facts: dict[str, Any], form: Any) -> None:
        """Do what the button of this name does."""
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, str(self.messages_by_action[form.cleaned_data["action"]]))
        return response

    def why_not_release(self, text: StatementText | None) -> str:
        """The sentence of the law that stands on the page before anybody types, where others alone speak."""
        crisis = self.crisis
        sha256 = text.sha256 if text else content.sha256_of(self.agreed_text())
        return reason_why_not(
            speaking.check_may_release,
            crisis,
            agency=crisis.agency,
            joint=joint.facts(crisis, at=self.at),
            text_sha256=sha256,
        )

    def agreed_text(self) -> str:
        """Of a joint matter the lead says what was agreed, word for word."""
        matter = joint.of_crisis(self.crisis)
        if matter is None or matter.lead_id != self.crisis.agency_id:
            return ""
        agreed = next((row for row in joint.standings(matter, at=self.at) if row.is_agreed), None)
        return content.as_text(agreed.text.paragraphs) if agreed else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = shown.texts(self.statement)
        latest = texts[0] if texts else None
        return super().get_context_data(**kwargs) | {
            "statement": self.statement,
            "texts": texts,
            "latest": latest,
            "earlier": texts[1] if len(texts) > 1 else None,
            "remarks": shown.remarks(self.statement),
            "matter": joint.of_crisis(self.crisis),
            "why_not_release": self.why_not_release(latest),
            "may_be_joint": not reason_why_not(joint_acts.check_can_be_linked, self.crisis)
            and self.crisis.duty is not None
            and self.crisis.duty.code == speaking.SPEAKS_JOINT,
        }


class DraftStatement(StatementStep):
    """Say it in words; a further statement may be given up here."""

    template_name = "workflows/crisis/draft_statement.html"
    form_class = DraftForm
    messages_by_action = {
        HAND_IN: _("Handed in. Somebody else clears exactly this text next."),
        GIVE_UP: _("Given up. Nothing of it is said."),
    }

    def suggested(self) -> dict[str, Any]:
        latest = queries.latest_text(self.statement)
        return {
            "form": self.statement.form,
            "recipient": self.statement.recipient,
            "text": latest.text if latest else self.agreed_text(),
        }

    def act(self, action: str, facts: dict[str, Any], form: Any) -> None:
        if action == GIVE_UP:
            statements.give_up(reason=form.cleaned_data["reason"], **facts)
        else:
            statements.draft(draft=form.draft(), **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        why = reason_why_not(statements.check_can_be_given_up, self.statement, at=self.at)
        return super().get_context_data(**kwargs) | {"why_not_give_up": why}


class Judgement(StatementStep):
    """Judge the text whose hash the page showed, or send it back."""

    def act(self, action: str, facts: dict[str, Any], form: Any) -> None:
        given = form.cleaned_data
        if action == RETURN:
            statements.send_back(
                step=self.task.flow_task.name, sha256=given["sha256"], reason=given["reason"], **facts
            )
        else:
            self.approve(facts, form)

    def approve(self, facts: dict[str, Any], form: Any) -> None:
        raise NotImplementedError


class ClearStatement(Judgement):
    template_name = "workflows/crisis/clear_statement.html"
    form_class = VerdictForm
    messages_by_action = {
        CLEAR: _("Cleared. Somebody with a mandate releases exactly this text next."),
        RETURN: _("Sent back to be drafted anew, with your remarks."),
    }

    def approve(self, facts: dict[str, Any], form: Any) -> None:
        statements.clear(sha256=form.cleaned_data["sha256"], **facts)


class ReleaseStatement(Judgement):
    """Speak for the agency: exactly the cleared text, under a mandate at this instant."""

    template_name = "workflows/crisis/release_statement.html"
    form_class = ReleaseForm
    messages_by_action = {
        RELEASE: _("Released. It stands among what was said in this crisis."),
        RETURN: ClearStatement.messages_by_action[RETURN],
    }

    @property
    def is_late(self) -> bool:
        step = self.statement.step
        return step is not None and not step.is_settled and steps.is_late(step, at=self.at)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "speaks_on_portal": self.statement.form == StatementForm.PORTAL,
            "is_late": self.is_late,
        }

    def approve(self, facts: dict[str, Any], form: Any) -> None:
        releasing.release(facts=form.facts(), **facts)
