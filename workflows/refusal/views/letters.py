"""From the numbered letter to the act of speaking."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.base import Step
from workflows.refusal import queries
from workflows.refusal.actions import issuing, releasing
from workflows.refusal.forms.letters import EndorseForm, ReleaseForm

from .page import RefusalStep


class LetterStep(RefusalStep):
    """A step on the letter: what it states, and its bytes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = [] if self.process.is_second_look else list(queries.told_in(self.refusal))
        return super().get_context_data(**kwargs) | {
            "document": queries.letter(self.process),
            "look": self.process.reconsideration,
            "told": [{"number": each.question.number, "text": releasing.said(each)} for each in told],
            "redirected": list(queries.redirects_told_by(self.process)) if told else [],
        }


class Sign(LetterStep):
    """Sign exactly the bytes whose hash the page showed."""

    template_name = "workflows/refusal/sign.html"
    form_class = EndorseForm
    done_message = _("Signed. The clerk now applies the agency's signature.")

    def perform(self, step: Step, form: Any) -> None:
        seen = form.cleaned_data["pdf_sha256"]
        issuing.sign(process=step.process, pdf_sha256=seen, by=step.by, at=step.at)


class Stamp(LetterStep):
    template_name = "workflows/refusal/stamp.html"
    form_class = EndorseForm
    done_message = _("The agency's signature is applied.")

    def perform(self, step: Step, form: Any) -> None:
        seen = form.cleaned_data["pdf_sha256"]
        issuing.stamp(process=step.process, pdf_sha256=seen, by=step.by, at=step.at)


class Release(LetterStep):
    """Speak for the agency by the letter: to whom, under which mandate."""

    template_name = "workflows/refusal/release.html"
    form_class = ReleaseForm
    done_message = _("Released. The statement stands in the ledger.")

    def suggested(self) -> dict[str, Any]:
        return {"recipient": self.inquiry.asker_display}

    def perform(self, step: Step, form: Any) -> None:
        recipient = form.cleaned_data["recipient"]
        releasing.release(process=step.process, recipient=recipient, by=step.by, at=step.at)
