"""To what the auditors' page of refusals is narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from workflows.fields import Day
from workflows.refusals.audit import KINDS, Asked, Offered

UNREADABLE = {"invalid_choice": _("This choice is none of those below any more. Choose again, or all.")}


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, error_messages=UNREADABLE)


class RefusalFilterForm(forms.Form):
    """Nothing is asked for: everything. What cannot be read is told, so that no number counts something else."""

    since = Day(label=_("Decided from the day"), required=False)
    until = Day(label=_("To the day"), required=False)
    agency = _choice(_("Agency"))
    ground = _choice(_("Ground"))
    person = _choice(_("Decided by"))
    unit = _choice(_("Lead unit"))
    show = _choice(_("Which"))

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.title) for kind in KINDS]
        self._offer("agency", gettext_lazy("All agencies"), offered.agencies)
        self._offer("ground", gettext_lazy("All grounds and outcomes"), offered.grounds)
        self._offer("person", gettext_lazy("Everybody"), offered.people)
        self._offer("unit", gettext_lazy("All units"), offered.units)
        self._offer("show", gettext_lazy("All decisions"), kinds)
        for name in ("since", "until"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]
        field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            raise forms.ValidationError(gettext("The period ends before it begins. Correct one of the days."))
        return data

    @property
    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)
