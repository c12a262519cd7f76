"""Signing, stamping and speaking by the letter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from workflows.fields import CleanLine


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

    recipient = CleanLine(
        label=gettext_lazy("Recipient"),
        limit=300,
        error_messages={"required": gettext_lazy("Say to whom it is given.")},
    )
