"""To what the auditors' page of crises is narrowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Agency
from workflows.crises.rows.audit import BOTH, DRILLS, KINDS, REAL, Asked
from workflows.fields import Day

UNREADABLE = {"invalid_choice": _("This choice is none of those below any more. Choose again, or all.")}


class CrisisFilterForm(forms.Form):
    """Nothing is asked for: every real crisis. What cannot be read is told, so that no number counts something else."""

    since = Day(label=_("Detected from the day"), required=False)
    until = Day(label=_("To the day"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False, error_messages=UNREADABLE)
    drills = forms.ChoiceField(
        label=_("Drills"),
        required=False,
        error_messages=UNREADABLE,
        choices=[(REAL, _("Real crises")), (DRILLS, _("Drills only")), (BOTH, _("Both"))],
    )
    show = forms.ChoiceField(label=_("Which"), required=False, error_messages=UNREADABLE)

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(agency.pk), agency.name) for agency in agencies]
        self._offer("agency", [("", _("All agencies")), *named])
        self._offer("show", [("", _("All crises")), *((kind.code, kind.title) for kind in KINDS)])
        for name, field in self.fields.items():
            widget = "form-control" if name in ("since", "until") else "form-select"
            field.widget.attrs["class"] = widget

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            raise forms.ValidationError(gettext("The period ends before it begins. Correct one of the days."))
        return data

    @property
    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)
