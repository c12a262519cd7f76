"""Several rows to choose among, wherever a form offers them."""

from __future__ import annotations

import pytest
from django import forms

from core.models import Unit
from workflows.delegation.forms.drafting import DraftFields
from workflows.fields import Rows
from workflows.press_inquiry.forms.triaging import TriageForm
from workflows.refusals.forms import AskRefusalForm
from workflows.speech_forms import RecordLateForm


@pytest.mark.parametrize("given", ["9" * 30, "9" * 5_000, "-1", "٣", "\x00", "\ud800", ""])
def test_what_no_row_can_be_is_not_asked_of_the_database(given: str) -> None:
    with pytest.raises(forms.ValidationError) as told:
        Rows(Unit.objects.all()).clean([given])

    assert told.value.messages == [f"“{given[:18]}” is not a valid value."]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (AskRefusalForm, "questions"),
        (DraftFields, "questions"),
        (RecordLateForm, "questions"),
        (TriageForm, "coordinating_units"),
    ],
)
def test_each_form_that_offers_several_rows_keeps_to_it(form: type[forms.Form], name: str) -> None:
    assert isinstance(form.base_fields[name], Rows)
