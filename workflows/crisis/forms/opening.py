"""What is noted of a possible crisis, what it is assessed to be, and how it is activated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import CrisisLevel
from core.models import Agency
from workflows.crisis.actions.assessing import Finding
from workflows.crisis.actions.opening import NOTE_LIMIT
from workflows.crisis.models import PlaybookSign, PlaybookVersion
from workflows.fields import CleanLine, CleanText, Instant, Rows, reason_field

from .duties import DutyForm

RANK, ASSESS, DISMISS = "rank", "assess", "dismiss"
ACTIVATE, RETURN = "activate", "return"
USE_A_BUTTON = gettext_lazy("Use one of the buttons: nothing was done yet.")


class Act(forms.ChoiceField):
    """Which button was pressed."""

    def __init__(self, *acts: str) -> None:
        super().__init__(
            choices=[(act, act) for act in acts],
            widget=forms.HiddenInput,
            error_messages={"required": USE_A_BUTTON, "invalid_choice": USE_A_BUTTON},
        )


class DetectForm(forms.Form):
    """`token` tells a form sent twice from a second crisis."""

    use_required_attribute = False

    title = CleanLine(
        label=gettext_lazy("What the matter is"),
        limit=300,
        error_messages={"required": gettext_lazy("Write what the matter is.")},
    )
    note = CleanText(
        label=gettext_lazy("What was noticed"),
        limit=NOTE_LIMIT,
        rows=6,
        required=False,
        help_text=gettext_lazy("What is said, where, how widely. Facts that are not checked are named so."),
    )
    address = forms.URLField(
        label=gettext_lazy("Address of the article or post"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("This is no address. Copy it whole, with https://.")},
    )
    published_at = Instant(
        label=gettext_lazy("Published at"),
        required=False,
        help_text=gettext_lazy("Needed where an address is given."),
    )
    detected_at = Instant(
        label=gettext_lazy("Noticed at"),
        error_messages={"required": gettext_lazy("Say when it was noticed.")},
    )
    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(agency.code, agency.name) for agency in agencies]
        if len(agencies) > 1:
            field.widget = forms.Select(choices=field.choices)


class AssessForm(DutyForm):
    """`versions` are the scenarios in force, the best ranked first."""

    use_required_attribute = False

    action = Act(RANK, ASSESS, DISMISS)
    signs = Rows(PlaybookSign.objects.none(), label=gettext_lazy("Signs"), required=False)
    version = forms.ChoiceField(label=gettext_lazy("Scenario"), required=False, widget=forms.RadioSelect)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        choices=CrisisLevel.choices,
        coerce=lambda given: CrisisLevel(int(given)),
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Levels are the agency's own regulation, not law."),
    )
    reason = reason_field(
        help_text=gettext_lazy("Needed for either answer. It stands in the decision trail.")
    )

    def __init__(
        self,
        *args: Any,
        versions: Sequence[PlaybookVersion],
        labels: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        self.offer("version", [(str(each.pk), labels[each.pk]) for each in versions])
        signs = self.fields["signs"]
        assert isinstance(signs, Rows)
        signs.queryset = PlaybookSign.objects.filter(version__in=versions)

    def clean(self) -> dict[str, Any]:
        needed = {"reason": _("Say why: a reason is needed here.")}
        if self.cleaned_data.get("action") == ASSESS:
            needed |= {
                "version": _("Choose the scenario."),
                "level": _("Choose the level."),
                "duty": _("Choose the duty of the law."),
            }
        for field, sentence in needed.items():
            if field not in self.errors and not self.cleaned_data.get(field):
                self.add_error(field, sentence)
        return self.cleaned_data

    def finding(self) -> Finding:
        given = self.cleaned_data
        return Finding(
            version=self.versions[given["version"]],
            level=given["level"],
            signs=list(given["signs"]),
            **self.chosen(),
        )


class ActivateForm(forms.Form):
    use_required_attribute = False

    action = Act(ACTIVATE, RETURN)
    head_takes = forms.BooleanField(
        label=gettext_lazy("The head takes the steps that nobody can do at this hour"), required=False
    )
    reason = reason_field(
        label=gettext_lazy("Why it is to be assessed anew"),
        help_text=gettext_lazy("Needed only when you send it back. It stands in the decision trail."),
    )

    def clean(self) -> dict[str, Any]:
        returning = self.cleaned_data.get("action") == RETURN
        if returning and not self.cleaned_data.get("reason", "x"):
            self.add_error("reason", _("Say why: a reason is needed here."))
        return self.cleaned_data
