"""Triage: whose question, which unit, where to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import permissions
from core.enums import Codename
from workflows.act_page import reason_why_not
from workflows.base import Step
from workflows.press_inquiry.actions import triaging
from workflows.press_inquiry.forms.triaging import TriageForm

from .page import InquiryStep, mail_facts


class Triage(InquiryStep):
    template_name = "workflows/press_inquiry/triage.html"
    form_class = TriageForm
    done_message = _("Triage is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"inquiry": self.inquiry, "at": self.at}

    def suggested(self) -> dict[str, Any]:
        inquiry = self.inquiry
        return {
            "topic": inquiry.topic_id,
            "lead_unit": inquiry.lead_unit_id,
            "coordinating_units": [unit.pk for unit in inquiry.coordinating_units.all()],
            "urgency": inquiry.urgency,
        }

    def perform(self, step: Step, form: Any) -> None:
        triaging.triage(process=step.process, decision=form.decision(), by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        inquiry = self.inquiry
        return super().get_context_data(**kwargs) | {
            "mails_shown": mail_facts(inquiry),
            "crises": inquiry.crises.order_by("-detected_at"),
            "crisis_why": reason_why_not(
                permissions.check_role, self.person, Codename.DETECT_CRISIS, agency=inquiry.agency, at=self.at
            ),
        }
