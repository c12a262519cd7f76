"""The forms of the acts beside the path of a running crisis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.enums import CrisisLevel, CrisisPart
from core.models import Crisis
from workflows.crisis.actions.levels import MOST_MINUTES, Added
from workflows.crisis.actions.steps import NOTE_LIMIT
from workflows.fields import CleanLine, CleanText, reason_field
from workflows.forms import HELP, NEEDED, ActForm


class CrisisActForm(ActForm):
    def __init__(self, *args: Any, crisis: Crisis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.crisis = crisis


class LevelForm(CrisisActForm):
    level = forms.TypedChoiceField(
        label=gettext_lazy("New level"),
        choices=CrisisLevel.choices,
        coerce=lambda given: CrisisLevel(int(given)),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the new level.")},
    )
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)


class StepForm(CrisisActForm):
    title = CleanLine(
        label=gettext_lazy("What is to be done"),
        limit=200,
        error_messages={"required": gettext_lazy("Say what.")},
    )
    what = CleanText(label=gettext_lazy("How"), limit=NOTE_LIMIT, rows=4, required=False)
    part = forms.TypedChoiceField(
        label=gettext_lazy("Whose it is"),
        choices=CrisisPart.choices,
        coerce=CrisisPart,
        initial=CrisisPart.CHIEF_OF_OFFICE,
        error_messages={"required": gettext_lazy("Choose who does it.")},
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes allowed"),
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        help_text=gettext_lazy("From now on. Empty: no limit."),
    )

    def added(self) -> Added:
        given = self.cleaned_data
        return Added(title=given["title"], what=given["what"], part=given["part"], minutes=given["minutes"])
