"""The form of the replay: an instant, and by when the system knew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.rules.speakers import check_known_at
from workflows.fields import Instant


class ReplayForm(forms.Form):
    """To the second, because a mandate that ends at an hour ends at its first second."""

    at = Instant(
        label=_("Who could speak at"),
        error_messages={"required": _("Give the instant to look at.")},
    )
    known_at = Instant(
        label=_("As known at"),
        required=False,
        help_text=_("Optional. What the system had learned by then stands beside what it knows now."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for field in self.fields.values():
            assert isinstance(field.widget, forms.DateTimeInput)
            field.widget.attrs["step"] = "1"
            field.widget.format = "%Y-%m-%dT%H:%M:%S"

    def clean_known_at(self) -> datetime | None:
        known_at: datetime | None = self.cleaned_data["known_at"]
        try:
            check_known_at(known_at, now=self.now)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from error
        return known_at
