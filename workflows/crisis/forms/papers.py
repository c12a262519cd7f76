"""Signing and stamping the paper of a report, and the number from the office's own document system."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.models import Case
from workflows.fields import CleanLine, Day
from workflows.forms import ActForm


class EndorseForm(forms.Form):
    """Sign or stamp: `pdf_sha256` is the hash of the bytes the page offered to read."""

    use_required_attribute = False

    pdf_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    has_read = forms.BooleanField(
        label=gettext_lazy("I have opened and read the document; it is the one I mean."),
        error_messages={"required": gettext_lazy("Open and read the document first, then tick this.")},
    )


class PaperNumberForm(ActForm):
    number = forms.IntegerField(
        label=gettext_lazy("Number"),
        min_value=1,
        max_value=2_000_000_000,
        help_text=gettext_lazy("The number that the office's own document system gave."),
        error_messages={"required": gettext_lazy("Write the number.")},
    )
    issued_on = Day(
        label=gettext_lazy("Date of the document"),
        error_messages={"required": gettext_lazy("Write the date.")},
    )
    notation = CleanLine(
        label=gettext_lazy("Number and symbol"),
        limit=60,
        required=False,
        help_text=gettext_lazy("Only where it differs from the usual form, for example 05/BC-SNV."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
