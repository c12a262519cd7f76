"""What a decision on the working calendar says: its paper, the days it changes, and what it settles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core.actions.calendar import Decision
from core.enums import DayKind
from core.rules.calendars import Change, Content
from workflows.fields import CleanLine, CleanText, Day

ROWS = 12
NEEDED = {"required": _("This is needed.")}
KINDS = (
    ("", _("Choose")),
    (DayKind.HOLIDAY, DayKind.HOLIDAY.label),
    (DayKind.SWAPPED, DayKind.SWAPPED.label),
    (DayKind.MAKE_UP, DayKind.MAKE_UP.label),
    (DayKind.ORDINARY, gettext_lazy("Ordinary day after all")),
)


class DecisionForm(forms.Form):
    """The paper, and what it makes official."""

    number = CleanLine(label=_("Number of the decision"), limit=120, error_messages=NEEDED)
    on = Day(label=_("Date of the decision"), error_messages={"required": _("Write the date.")})
    issuer = CleanLine(label=_("Issuer"), limit=160, error_messages=NEEDED)
    note = CleanText(label=_("Note"), limit=2_000, rows=3, required=False)
    settled_years = forms.TypedMultipleChoiceField(
        label=_("Years that become official"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All days of the year then count as settled, with the changes named here."),
    )
    settled_days = forms.TypedMultipleChoiceField(
        label=_("Provisional days that stay as they are"),
        coerce=date.fromisoformat,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The decision leaves them as they stand now; deadlines no longer call them provisional."),
    )

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provisional = sorted(day for day, each in content.special.items() if each.is_provisional)
        days = [(f"{day}", _named(day, content)) for day in provisional]
        self._offer("settled_years", [*_years(content)])
        self._offer("settled_days", days)
        if not days:
            del self.fields["settled_days"]

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _years(content: Content) -> list[tuple[int, str]]:
    """Those still provisional, and the next one, which begins with its fixed holidays."""
    following = content.last_year + 1
    provisional = [
        (year, gettext("%(year)s, provisional so far") % {"year": year}) for year in content.provisional_years
    ]
    new = gettext("%(year)s, new: it begins with the fixed holidays") % {"year": following}
    return [*provisional, (following, new)]


def _named(day: date, content: Content) -> str:
    name = content.special[day].name
    return f"{day:%d/%m/%Y}: {name}" if name else f"{day:%d/%m/%Y}"


class ChangeForm(forms.Form):
    """One day; a row left empty says nothing."""

    day = Day(label=_("Day"), required=False)
    kind = forms.ChoiceField(label=_("What it becomes"), choices=KINDS, required=False)
    name = CleanLine(label=_("Name of the holiday, or why"), limit=160, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "kind" else "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "day" in self.errors or not self.has_changed():
            return data
        if not data.get("day"):
            raise forms.ValidationError(gettext("Write the day of this row, or empty the row."))
        if not data.get("kind"):
            raise forms.ValidationError(
                gettext("Choose what %(day)s becomes.") % {"day": f"{data['day']:%d/%m/%Y}"}
            )
        if data["kind"] != DayKind.ORDINARY and not data.get("name"):
            raise forms.ValidationError(
                gettext("Say what %(day)s is off or worked for; the steps of each deadline name it.")
                % {"day": f"{data['day']:%d/%m/%Y}"}
            )
        return data

    @property
    def change(self) -> Change | None:
        data = self.cleaned_data
        if not data.get("day"):
            return None
        return Change(day=data["day"], kind=DayKind(data["kind"]), name=data["name"])


if TYPE_CHECKING:
    Rows = forms.BaseFormSet[ChangeForm]
else:
    Rows = forms.BaseFormSet

Changes: type[Rows] = forms.formset_factory(
    ChangeForm, formset=Rows, extra=ROWS, max_num=ROWS, absolute_max=ROWS
)


def decision_of(form: DecisionForm, rows: Rows) -> Decision:
    """What was typed, as the paper it stands for; only once both are valid."""
    data = form.cleaned_data
    return Decision(
        number=data["number"],
        on=data["on"],
        issuer=data["issuer"],
        note=data["note"],
        changes=[change for row in rows if (change := row.change)],
        settled_years=data["settled_years"],
        settled_days=data.get("settled_days", ()),
    )
