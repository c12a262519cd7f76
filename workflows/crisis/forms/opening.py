"""What is noted of a possible crisis, what it is assessed to be, and how it is activated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import CrisisLevel
from core.models import Agency, RuleKey, RuleValue
from workflows.crisis.actions.assessing import Finding
from workflows.crisis.actions.opening import NOTE_LIMIT
from workflows.crisis.models import PlaybookSign, PlaybookVersion
from workflows.crisis.rules import clocks
from workflows.fields import CleanLine, CleanText, Instant, Rows, reason_field

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
    published_at = Instant(label=gettext_lazy("Published at"), required=False)
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


class AssessForm(forms.Form):
    """`versions` are the scenarios in force, the best ranked first; `duties` what the law of the days offers."""

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
    duty = forms.ChoiceField(label=gettext_lazy("Duty of the law"), required=False, widget=forms.RadioSelect)
    started_at = Instant(
        label=gettext_lazy("When the event was from which the duty counts"),
        required=False,
        help_text=gettext_lazy(
            "The event stands at the duty. The clock runs from then, also before activation."
        ),
    )
    needed_at_once = forms.TypedChoiceField(
        label=gettext_lazy("Is initial information needed at once?"),
        choices=[("yes", gettext_lazy("Yes: the clock runs")), ("no", gettext_lazy("No: no clock runs"))],
        coerce=lambda given: given == "yes",
        empty_value=None,
        initial="yes",
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Decree 09/2017 asks this, for events until 30/6/2026."),
    )
    reason = reason_field(
        help_text=gettext_lazy("Needed for either answer. It stands in the decision trail.")
    )

    def __init__(
        self,
        *args: Any,
        versions: Sequence[PlaybookVersion],
        labels: Mapping[int, str],
        duties: Mapping[str, Sequence[RuleValue]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.pk): version for version in versions}
        self.keys = {code: rules[0].key for code, rules in duties.items()}
        self._offer("version", [(str(each.pk), labels[each.pk]) for each in versions])
        self._offer("duty", [(code, duty_label(rules)) for code, rules in duties.items()])
        signs = self.fields["signs"]
        assert isinstance(signs, Rows)
        signs.queryset = PlaybookSign.objects.filter(version__in=versions)
        if not any(clocks.asks_whether_at_once(rule) for rules in duties.values() for rule in rules):
            del self.fields["needed_at_once"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

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
        duty: RuleKey = self.keys[given["duty"]]
        return Finding(
            version=self.versions[given["version"]],
            level=given["level"],
            duty=duty,
            started_at=given["started_at"],
            needed_at_once=given.get("needed_at_once") is not False,
            signs=list(given["signs"]),
            reason=given["reason"],
        )


def duty_label(rules: Sequence[RuleValue]) -> str:
    """The duty with each paragraph of the days that come into question, and from what it counts there."""
    return f"{rules[0].key} – {'; '.join(_paragraph(rule) for rule in rules)}"


def _paragraph(rule: RuleValue) -> str:
    if not clocks.has_clock(rule):
        return _("%(provision)s: no time limit here") % {"provision": rule.provision.citation}
    return _("%(provision)s: %(hours)s hours from: %(event)s") % {
        "provision": rule.provision.citation,
        "hours": rule.value,
        "event": rule.get_start_display(),
    }


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
