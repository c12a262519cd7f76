"""What is to be said, what a judge says of it, and what the speaker adds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import StatementForm
from workflows.crisis.actions.releasing import ReleaseFacts
from workflows.crisis.actions.statements import RECIPIENT_LIMIT, Draft
from workflows.crisis.actions.steps import NOTE_LIMIT
from workflows.crisis.rules.content import TEXT_LIMIT
from workflows.fields import CleanLine, CleanText, reason_field
from workflows.forms import ActForm

HAND_IN, GIVE_UP, CLEAR, RETURN, RELEASE = "hand_in", "give_up", "clear", "return", "release"
USE_A_BUTTON = gettext_lazy("Use one of the buttons: nothing was done yet.")


def form_of_speaking() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Form of speaking"),
        choices=StatementForm.choices,
        coerce=StatementForm,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Each of the legal forms will do, at any hour, without number, seal or PDF."),
        error_messages={"required": gettext_lazy("Choose the form of speaking.")},
    )


class ActedForm(forms.Form):
    """A form with two buttons; `needs_reason` are those that want a reason."""

    use_required_attribute = False
    actions: tuple[str, ...] = ()
    needs_reason: tuple[str, ...] = ()

    action = forms.ChoiceField(
        widget=forms.HiddenInput, error_messages={"required": USE_A_BUTTON, "invalid_choice": USE_A_BUTTON}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)
        action.choices = [(each, each) for each in self.actions]

    @property
    def chosen(self) -> str:
        return self.data.get("action", "") if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("action") in self.needs_reason and not self.cleaned_data.get("reason", "x"):
            self.add_error("reason", _("Say why: a reason is needed here."))
        return self.cleaned_data


class DraftForm(ActedForm):
    actions, needs_reason = (HAND_IN, GIVE_UP), (GIVE_UP,)

    form = form_of_speaking()
    recipient = CleanLine(
        label=gettext_lazy("Recipient"),
        limit=RECIPIENT_LIMIT,
        required=False,
        help_text=gettext_lazy("Needed for a press release or e-mail: which newsrooms or which journalist."),
    )
    text = CleanText(
        label=gettext_lazy("What is said"),
        limit=TEXT_LIMIT,
        rows=14,
        required=False,
        help_text=gettext_lazy(
            "A blank line parts paragraphs. It is spoken word for word as it was cleared."
        ),
    )
    reason = reason_field(label=gettext_lazy("Why it is given up"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.chosen == GIVE_UP:
            self.fields["form"].required = False

    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(text=given["text"], form=given["form"], recipient=given["recipient"])


class VerdictForm(ActedForm):
    """`sha256` is the hash of the text the page showed; another text is not what was judged."""

    actions, needs_reason = (CLEAR, RETURN), (RETURN,)

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    reason = reason_field(
        label=gettext_lazy("Remarks"),
        help_text=gettext_lazy(
            "Needed when you send it back: the drafter reads it. It stands in the decision trail; do not quote the "
            "text."
        ),
    )


class ReleaseForm(VerdictForm):
    actions = (RELEASE, RETURN)

    address = forms.URLField(
        label=gettext_lazy("Address where the text stands"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("The page on the portal or the official account."),
    )
    late_reason = CleanText(
        label=gettext_lazy("Why it is late"),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
        help_text=gettext_lazy("The review afterwards shows it."),
    )

    def __init__(self, *args: Any, speaks_on_portal: bool, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not speaks_on_portal:
            del self.fields["address"]
        if not is_late:
            del self.fields["late_reason"]

    def facts(self) -> ReleaseFacts:
        given = self.cleaned_data
        return ReleaseFacts(
            sha256=given["sha256"], address=given.get("address", ""), late_reason=given.get("late_reason", "")
        )


class OpenForm(ActForm):
    """A further statement: in which form; the drafter may still change it."""

    use_required_attribute = False

    form = form_of_speaking()
