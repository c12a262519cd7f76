"""The form that starts a drill: what is supposed to have happened, and who takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import Codename
from core.models import Agency, Person
from core.queries import directory, organisation
from workflows.crisis.actions.opening import NOTE_LIMIT
from workflows.fields import CleanLine, CleanText, Rows
from workflows.forms import ActForm


class DrillForm(ActForm):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"), empty_label=None)
    title = CleanLine(
        label=_("What is supposed to have happened"),
        limit=300,
        help_text=_("Every page, document and mail of the drill is marked DIỄN TẬP."),
        error_messages={"required": _("Write what the matter is.")},
    )
    note = CleanText(label=_("What the players are told"), limit=NOTE_LIMIT, rows=5, required=False)
    players = Rows(
        Person.objects.none(),
        label=_("Who takes part"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Mails of the drill reach these people alone; they also play the bodies reported to."),
        error_messages={"required": _("Tick who takes part.")},
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agency: Agency, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, at=at, **kwargs)
        runs = organisation.agencies_of(self.person, at=at, codename=Codename.RUN_DRILL).order_by("name")
        for name, rows in (("agency", runs), ("players", directory.staff(agency, at=at))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.initial.setdefault("agency", agency)
