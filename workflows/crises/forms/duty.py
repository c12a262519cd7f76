"""The form by which somebody is put on the duty roster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.actions.duty import MOST_IN_A_ROW, Shift
from core.enums import DutyKind
from core.models import Person
from workflows.fields import CleanLine, Instant
from workflows.forms import ActForm

PHONE_LIMIT = 40


class ShiftForm(ActForm):
    kind = forms.ChoiceField(
        label=_("Duty"), choices=DutyKind.choices, error_messages={"required": _("Choose the duty.")}
    )
    on_duty = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who"),
        help_text=_("Whoever works in the agency and has an open account."),
        error_messages={
            "required": _("Choose who is on duty."),
            "invalid_choice": _("This person has no open account here. Choose one from the list."),
        },
    )
    starts_at = Instant(label=_("From"), error_messages={"required": _("Say when the duty begins.")})
    ends_at = Instant(label=_("Until"), error_messages={"required": _("Say when the duty ends.")})
    in_a_row = forms.IntegerField(
        label=_("Days in a row"),
        min_value=1,
        max_value=MOST_IN_A_ROW,
        initial=1,
        help_text=_("The same hours again on the days after: 5 enters five nights at once."),
        error_messages={"required": _("Write 1 for one shift.")},
    )
    phone = CleanLine(
        label=_("Duty phone"),
        limit=PHONE_LIMIT,
        required=False,
        help_text=_("By which this person is reached on this duty."),
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["on_duty"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people

    @property
    def shift(self) -> Shift:
        data = self.cleaned_data
        return Shift(
            kind=DutyKind(data["kind"]),
            person=data["on_duty"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            phone=data["phone"],
            in_a_row=data["in_a_row"],
        )
