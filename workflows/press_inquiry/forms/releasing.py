"""Signing, stamping, speaking, and what the press made of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import FORMS_OF_RELEASE, ReplyForm, StatementForm
from workflows.fields import CleanLine, CleanText, Day, Instant
from workflows.press_inquiry.actions.following import PublicationFacts
from workflows.press_inquiry.actions.releasing import ReleaseFacts
from workflows.press_inquiry.models import Quotation

YES, NO = "yes", "no"


class EndorseForm(forms.Form):
    """Sign or stamp: `pdf_sha256` is the hash of the bytes the page offered to read."""

    use_required_attribute = False

    pdf_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    has_read = forms.BooleanField(
        label=gettext_lazy("I have opened and read the document; it is the one I mean."),
        error_messages={"required": gettext_lazy("Open and read the document first, then tick this.")},
    )


class ReleaseForm(forms.Form):
    use_required_attribute = False

    form = forms.TypedChoiceField(
        label=gettext_lazy("Form of speaking"),
        coerce=StatementForm,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The legal forms in which a reply prepared like this can be given."),
        error_messages={"required": gettext_lazy("Choose the form of speaking.")},
    )
    recipient = CleanLine(
        label=gettext_lazy("Recipient"),
        limit=300,
        error_messages={"required": gettext_lazy("Say to whom it is given.")},
    )
    address = forms.URLField(
        label=gettext_lazy("Address where the text stands"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("The page on the portal or the official account."),
    )
    spoken_at = Instant(
        label=gettext_lazy("Spoken at"),
        required=False,
        help_text=gettext_lazy("Left empty: now. Your mandate must also have covered that time."),
    )

    def __init__(self, *args: Any, reply_form: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = FORMS_OF_RELEASE.get(ReplyForm(reply_form), ()) if reply_form else ()
        field = self.fields["form"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(form.value, form.label) for form in allowed]
        field.initial = allowed[0].value if len(allowed) == 1 else None
        if StatementForm.PORTAL not in allowed:
            del self.fields["address"]
        if reply_form not in (ReplyForm.INTERVIEW, ReplyForm.PORTAL):
            del self.fields["spoken_at"]

    def facts(self) -> ReleaseFacts:
        data = self.cleaned_data
        return ReleaseFacts(
            form=data["form"],
            recipient=data["recipient"],
            address=data.get("address", ""),
            spoken_at=data.get("spoken_at"),
        )


class FollowUpForm(forms.Form):
    use_required_attribute = False

    quotation = forms.TypedChoiceField(
        label=gettext_lazy("What was published"),
        choices=Quotation.choices,
        coerce=Quotation,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what was published.")},
    )
    address = forms.URLField(
        label=gettext_lazy("Address of the article"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("For a printed or broadcast piece: the address of its issue or programme."),
    )
    published_on = Day(label=gettext_lazy("Published on"), required=False)
    shown_before = forms.TypedChoiceField(
        label=gettext_lazy("Were the answers shown to us before publication?"),
        choices=[(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No")), ("", gettext_lazy("Not known"))],
        coerce=lambda value: value == YES,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        initial="",
    )
    note = CleanText(
        label=gettext_lazy("Note"),
        limit=2_000,
        rows=3,
        required=False,
        help_text=gettext_lazy(
            "For instance what was quoted wrongly. Asking for a correction comes in a later version."
        ),
    )

    def __init__(self, *args: Any, was_interview: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not was_interview:
            del self.fields["shown_before"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        quotation = data.get("quotation")
        was_published = bool(quotation) and quotation != Quotation.NOTHING
        if was_published and "published_on" not in self.errors and not data.get("published_on"):
            self.add_error("published_on", _("Give the date of the article."))
        return data

    def facts(self) -> PublicationFacts:
        data = self.cleaned_data
        return PublicationFacts(
            quotation=data["quotation"],
            address=data["address"],
            published_on=data["published_on"],
            shown_before=data.get("shown_before"),
            note=data["note"],
        )
