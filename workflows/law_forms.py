"""The forms of the law's pages: what to look at, the text of a provision, a regulation and its rules, the choice."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actions.law import VERBATIM_LIMIT
from core.enums import AgencyKind, LimitUnit, RuleBound, StartingEvent
from core.models import Agency, Instrument, LocalRegulation, RuleKey, RuleSet
from core.models.law import RuleContent
from core.queries import law
from workflows import law_queries
from workflows.fields import CleanLine, CleanText, Day, reason_field
from workflows.forms import HELP, NEEDED, BesideForm

ALL = ("", gettext_lazy("All"))
LARGEST = 9_999
WHOLE_NUMBER = re.compile(r"\d{1,18}")
COUNTED = (LimitUnit.HOURS, LimitUnit.DAYS, LimitUnit.WORKING_DAYS, LimitUnit.MONTHS)


class FilterForm(forms.Form):
    """What to look at; anything unreadable in the address counts as not said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_list = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


def instrument_field() -> forms.ModelChoiceField[Instrument]:
    return forms.ModelChoiceField(
        Instrument.objects.order_by("issued", "number"),
        required=False,
        label=gettext_lazy("Instrument"),
        empty_label=gettext_lazy("All"),
    )


class DayForm(FilterForm):
    on = Day(required=False, label=gettext_lazy("In force on"))
    instrument = instrument_field()
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind of agency"), choices=AgencyKind.choices)
    q = forms.CharField(
        required=False, max_length=100, label=gettext_lazy("Words in the citation, subject or paraphrase")
    )


class CompareForm(FilterForm):
    show = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Show"),
        choices=(ALL, ("grounds", gettext_lazy("Refusal grounds")), ("clocks", gettext_lazy("Time limits"))),
    )
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind of agency"), choices=AgencyKind.choices)


class TextsForm(FilterForm):
    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("State of the text"),
        choices=(
            ALL,
            (law_queries.MISSING, gettext_lazy("Not yet entered")),
            (law_queries.UNCHECKED, gettext_lazy("Entered, not yet checked")),
            (law_queries.CHECKED, gettext_lazy("Checked")),
        ),
    )
    instrument = instrument_field()


class TextForm(forms.Form):
    text = CleanText(
        label=gettext_lazy("Text of the provision"),
        limit=VERBATIM_LIMIT,
        rows=14,
        help_text=gettext_lazy("Word for word as in the official gazette, and nothing beside it."),
        error_messages={"required": gettext_lazy("Enter the text.")},
    )


class RegulationForm(forms.Form):
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=gettext_lazy("Agency"),
        empty_label=gettext_lazy("Choose an agency"),
        error_messages={
            "required": gettext_lazy("Choose an agency."),
            "invalid_choice": gettext_lazy("Choose one of the agencies offered."),
        },
    )
    number = CleanLine(
        label=gettext_lazy("Number and symbol"),
        limit=60,
        help_text=gettext_lazy("As on the paper, for example 15/QĐ-SNV."),
        error_messages={"required": gettext_lazy("Write the number.")},
    )
    on = Day(
        label=gettext_lazy("Date of the document"),
        error_messages={"required": gettext_lazy("Write the date.")},
    )
    title = CleanLine(
        label=gettext_lazy("Title"), limit=300, error_messages={"required": gettext_lazy("Write the title.")}
    )
    valid_from = Day(
        label=gettext_lazy("In force from"),
        error_messages={"required": gettext_lazy("Write from which day it is in force.")},
    )
    valid_until = Day(
        label=gettext_lazy("No longer in force from"),
        required=False,
        help_text=gettext_lazy("The first day on which it no longer holds. Empty: until it is replaced."),
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agencies
        only = list(agencies[:2])
        if len(only) == 1:
            self.initial.setdefault("agency", only[0].pk)


class RuleForm(forms.Form):
    """A rule of a regulation. Whether it may be is for the law to say, so a key nobody offered is read as well."""

    key = forms.ModelChoiceField(
        RuleKey.objects.order_by("pk"),
        to_field_name="code",
        label=gettext_lazy("What the rule is about"),
        help_text=gettext_lazy("Only what a regulation may make stricter, and the steps inside the agency."),
        error_messages={
            "required": gettext_lazy("Choose what the rule is about."),
            "invalid_choice": gettext_lazy("There is no such rule. Choose one of those offered."),
        },
    )
    value = CleanLine(
        label=gettext_lazy("Value"),
        limit=300,
        help_text=gettext_lazy("A whole number; for a rule with a list, its words with commas between."),
        error_messages={"required": gettext_lazy("Write the value.")},
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        required=False,
        choices=(("", gettext_lazy("A list")), *((unit.value, unit.label) for unit in COUNTED)),
    )
    start = forms.ChoiceField(
        label=gettext_lazy("Counted from"),
        required=False,
        choices=(
            ("", gettext_lazy("The event the law names; for a step, its opening")),
            *StartingEvent.choices,
        ),
    )
    article = CleanLine(
        label=gettext_lazy("Provision of the regulation"),
        limit=80,
        help_text=gettext_lazy("For example “khoản 2 Điều 5”."),
        error_messages={"required": gettext_lazy("Say where it stands in the regulation.")},
    )
    statement = CleanText(
        label=gettext_lazy("What the regulation says"),
        limit=2_000,
        rows=3,
        error_messages={"required": gettext_lazy("Write what the regulation says.")},
    )
    valid_from = Day(
        label=gettext_lazy("In force from"),
        error_messages={"required": gettext_lazy("Write from which day it is in force.")},
    )
    valid_until = Day(
        label=gettext_lazy("No longer in force from"),
        required=False,
        help_text=gettext_lazy("The first day on which it no longer holds. Empty: until it is ended."),
    )
    stops_with_clock = forms.BooleanField(
        label=gettext_lazy("A stopped clock moves it"),
        required=False,
        help_text=gettext_lazy(
            "Only where the regulation says so. A stopped clock never moves a legal deadline."
        ),
    )

    def __init__(self, *args: Any, regulation: LocalRegulation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("valid_from", regulation.valid_from)
        self.initial.setdefault("valid_until", regulation.valid_until)
        offered = RuleKey.objects.exclude(bound=RuleBound.FIXED).order_by("pk")
        field = self.fields["key"]
        assert isinstance(field, forms.ModelChoiceField)
        field.choices = [("", _("Choose a rule")), *((key.code, law_queries.named(key)) for key in offered)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        key, typed = data.get("key"), data.get("value", "")
        if isinstance(key, RuleKey) and typed:
            data["value"], data["unit"] = self._read(key, typed, data.get("unit", ""))
        return data

    def _read(self, key: RuleKey, typed: str, unit: str) -> tuple[RuleContent, LimitUnit]:
        """The value as the domain takes it; what is no whole number stays as typed, for the domain to refuse."""
        if key.bound == RuleBound.SUBSET:
            return [part for each in typed.split(",") if (part := each.strip())], LimitUnit.LIST
        if not unit and key.bound != RuleBound.FIXED:
            self.add_error("unit", _("Choose in what it is counted."))
        counted = LimitUnit(unit) if unit else LimitUnit.LIST
        if not WHOLE_NUMBER.fullmatch(typed):
            return typed, counted
        if int(typed) > LARGEST:
            self.add_error(
                "value", _("This is too large. Write a number of at most %(most)s.") % {"most": LARGEST}
            )
        return int(typed), counted


class EndForm(forms.Form):
    valid_until = Day(
        label=gettext_lazy("No longer in force from"),
        help_text=gettext_lazy("The first day on which it no longer holds."),
        error_messages={"required": gettext_lazy("Write the day.")},
    )


class LawChoiceField(forms.ModelChoiceField[RuleSet]):
    def label_from_instance(self, rule_set: RuleSet) -> str:
        return rule_set.title


class ChooseLawForm(BesideForm):
    rule_set = LawChoiceField(
        RuleSet.objects.none(),
        label=gettext_lazy("The law that governs this inquiry"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose one of the laws."),
            "invalid_choice": gettext_lazy("Choose one of the laws offered."),
        },
    )
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [rule_set.pk for rule_set in law.straddled(self.inquiry, at=self.at)]
        field = self.fields["rule_set"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = RuleSet.objects.filter(pk__in=offered).order_by("valid_from")
