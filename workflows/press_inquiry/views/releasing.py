"""From the numbered document to what the press made of the reply."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.enums import FORMS_OF_RELEASE, ReplyForm, StatementForm
from workflows.base import Step
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions import following, issuing, releasing
from workflows.press_inquiry.forms.releasing import EndorseForm, FollowUpForm, ReleaseForm

from .page import InquiryStep, VersionStep


class Endorse(VersionStep):
    """Sign or stamp exactly the bytes whose hash the page showed."""

    form_class = EndorseForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"document": queries.reply_document(self.process)}


class Sign(Endorse):
    template_name = "workflows/press_inquiry/sign.html"
    done_message = _("Signed. The clerk now applies the agency's signature.")

    def perform(self, step: Step, form: Any) -> None:
        seen = form.cleaned_data["pdf_sha256"]
        issuing.sign(process=step.process, pdf_sha256=seen, by=step.by, at=step.at)


class Stamp(Endorse):
    template_name = "workflows/press_inquiry/stamp.html"
    done_message = _("The agency's signature is applied.")

    def perform(self, step: Step, form: Any) -> None:
        seen = form.cleaned_data["pdf_sha256"]
        issuing.stamp(process=step.process, pdf_sha256=seen, by=step.by, at=step.at)


class Release(VersionStep):
    """Speak for the agency: what goes to whom, under which mandate."""

    template_name = "workflows/press_inquiry/release.html"
    form_class = ReleaseForm
    done_message = _("Released. The statement stands in the ledger.")

    @property
    def reply_form(self) -> str:
        version = queries.latest_version(self.inquiry)
        return version.reply_form if version else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"reply_form": self.reply_form}

    def suggested(self) -> dict[str, Any]:
        return {"recipient": self.inquiry.asker_display}

    def perform(self, step: Step, form: Any) -> None:
        releasing.release(process=step.process, facts=form.facts(), by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "document": queries.reply_document(self.process) if self.process.needs_document else None,
            "mailed_to": self._mailed_to(),
            "approval": queries.approval(self.inquiry),
        }

    def _mailed_to(self) -> str:
        """The address a mail goes to, where this form of reply goes out by mail."""
        allowed = FORMS_OF_RELEASE.get(ReplyForm(self.reply_form), ()) if self.reply_form else ()
        return self.inquiry.asker_email if StatementForm.PRESS_RELEASE_OR_REPLY in allowed else ""


class FollowUp(InquiryStep):
    template_name = "workflows/press_inquiry/follow_up.html"
    form_class = FollowUpForm
    done_message = _("Recorded. The inquiry has ended.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"was_interview": self.inquiry.reply_form == ReplyForm.INTERVIEW}

    def perform(self, step: Step, form: Any) -> None:
        following.follow_up(process=step.process, facts=form.facts(), by=step.by, at=step.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"statement": self.inquiry.statements.last()}
