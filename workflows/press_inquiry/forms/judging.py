"""What a judge says of one exact version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.fields import reason_field

from .drafting import SubmissionForm

APPROVE, RETURN, CORRECT = "approve", "return", "correct"


class VerdictForm(forms.Form):
    """`sha256` is the hash of the text the page showed; another text is not what was judged."""

    use_required_attribute = False

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    action = forms.ChoiceField(
        choices=[(APPROVE, APPROVE), (RETURN, RETURN)],
        widget=forms.HiddenInput,
        required=False,
        initial=APPROVE,
    )
    reason = reason_field(
        label=gettext_lazy("Remarks"),
        help_text=gettext_lazy(
            "Needed when you return it: the drafter reads it. It stands in the decision trail; do not quote the text."
        ),
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("action") == RETURN and not self.cleaned_data.get("reason", "x"):
            self.add_error("reason", _("Say what has to be changed."))
        return self.cleaned_data


class CorrectionForm(SubmissionForm):
    """The text as the head wants it to be, approved in the same act."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    reason = reason_field(label=gettext_lazy("Remarks"))


class SkipForm(forms.Form):
    use_required_attribute = False

    reason = reason_field(
        label=gettext_lazy("Why it is skipped"),
        required=True,
        error_messages={"required": gettext_lazy("Give the reason.")},
        help_text=gettext_lazy("It stands in the decision trail under your name and mandate."),
    )
