"""What is said of one exact version, and of a refusal that is looked at again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.fields import CleanText, reason_field
from workflows.refusal.models import Result
from workflows.refusal.rules import reasons

from .proposing import TO_ANSWER

CONFIRM, RETURN, DECIDE = "confirm", "return", "decide"


class VerdictForm(forms.Form):
    """`sha256` is the hash of the version the page showed; another version is not what was judged."""

    use_required_attribute = False

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    action = forms.ChoiceField(
        choices=[(RETURN, RETURN), (TO_ANSWER, TO_ANSWER)],
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Use one of the buttons: nothing was done yet."),
            "invalid_choice": gettext_lazy("Use one of the buttons: nothing was done yet."),
        },
    )
    reason = reason_field(
        label=gettext_lazy("Remarks"),
        help_text=gettext_lazy(
            "Needed when you send it back or have the question answered. It stands in the decision trail, so it "
            "names no secret and no private matter."
        ),
    )
    also = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)
        action.choices = [(self.also, self.also), (RETURN, RETURN), (TO_ANSWER, TO_ANSWER)]

    def clean(self) -> dict[str, Any]:
        needed = self.cleaned_data.get("action") in (RETURN, TO_ANSWER)
        if needed and not self.cleaned_data.get("reason", "x"):
            self.add_error("reason", _("Say why: a reason is needed here."))
        return self.cleaned_data


class ReviewForm(VerdictForm):
    also = CONFIRM


class DecisionForm(VerdictForm):
    also = DECIDE
    at_once = forms.BooleanField(
        label=gettext_lazy("Send its letter at once, without waiting for the rest of the reply"),
        required=False,
        help_text=gettext_lazy("Only the head decides this."),
    )


class ReconsiderForm(forms.Form):
    use_required_attribute = False

    result = forms.TypedChoiceField(
        label=gettext_lazy("What you found"),
        choices=[
            (Result.UPHELD, gettext_lazy("Upheld: the refusal stands, and the press is told so")),
            (
                Result.CHANGED,
                gettext_lazy("Changed: the question is proposed anew, on another ground or outcome"),
            ),
            (Result.ANSWERED, gettext_lazy("To be answered: the question comes back to the inquiry")),
        ],
        coerce=Result,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you found.")},
    )
    reason = CleanText(
        label=gettext_lazy("Reason in words"),
        limit=reasons.LIMIT,
        rows=6,
        required=False,
        help_text=gettext_lazy("Where it is upheld, the letter tells this reason to the press as it stands."),
    )


class ApproveForm(forms.Form):
    """Nothing to type: what is approved stands on the page."""
