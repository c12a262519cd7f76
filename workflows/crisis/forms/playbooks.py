"""The form of a draft: its head, and rows of signs, steps and recipients; and the forms of the acts around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.enums import CrisisLevel, CrisisPart, LateAct, RecipientPart, StepDeed, StepDocument, StepStart
from core.models import Agency, Topic
from workflows.crisis.actions.playbooks import CHANGE_LIMIT, TEXT_LIMIT, Written
from workflows.crisis.models import PlaybookSign, PlaybookStep, PlaybookVersion, ReportLine
from workflows.crisis.queries import playbooks as queries
from workflows.crisis.rules.playbooks import Content
from workflows.fields import CleanLine, CleanText, Day, Rows, reason_field
from workflows.forms import HELP, NEEDED, ActForm

MOST_ROWS = 60
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NOBODY = ("", _("Nobody"))
# With a choice already made an empty row would count as filled.
TO_CHOOSE = ("", "—")


class HeadForm(ActForm):
    title = CleanLine(label=_("Title"), limit=200, error_messages={"required": _("Write the title.")})
    description = CleanText(
        label=_("Description"),
        limit=TEXT_LIMIT,
        required=False,
        help_text=_("What this is about, what matters to those concerned, what is not said."),
    )
    level = forms.TypedChoiceField(label=_("Usual level"), coerce=int, choices=CrisisLevel.choices)
    topics = Rows(Topic.objects.all(), label=_("Topics"), required=False)
    change = CleanText(
        label=_("What this version changes, and why"), limit=CHANGE_LIMIT, rows=3, required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        """The instant of the text that was worked on; what cannot be one counts as none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class RowForm(forms.Form):
    """A row; one left empty says nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            look = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = look


def level_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("From level"), coerce=int, choices=CrisisLevel.choices, initial=CrisisLevel.LOCAL
    )


def whole_number(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=20_000, **kwargs)


class SignForm(RowForm):
    text = CleanLine(label=_("Sign"), limit=300, error_messages={"required": _("Write the sign.")})


class StepForm(RowForm):
    place = whole_number(_("Place in the list"), required=False)
    title = CleanLine(label=_("Title"), limit=200, error_messages={"required": _("Write the title.")})
    code = CleanLine(
        label=_("Code"),
        limit=40,
        help_text=_("Small letters, digits and hyphens; other steps name it."),
        error_messages={"required": _("Give the step a code.")},
    )
    what = CleanText(
        label=_("What to do"),
        limit=TEXT_LIMIT,
        rows=4,
        help_text=_("What to verify with whom, what must not be said, what to keep."),
        error_messages={"required": _("Say what to do.")},
    )
    part = forms.ChoiceField(
        label=_("Whose it is"),
        choices=[TO_CHOOSE, *CrisisPart.choices],
        error_messages={"required": _("Say whose it is.")},
    )
    deed = forms.ChoiceField(label=_("What doing it is"), choices=StepDeed.choices, initial=StepDeed.TASK)
    min_level = level_field()
    after = CleanLine(
        label=_("After the steps"),
        limit=400,
        required=False,
        help_text=_("Codes with commas between; empty where it begins at once."),
    )
    minutes = whole_number(_("Minutes allowed"), error_messages={"required": _("Say how many minutes.")})
    counted_from = forms.ChoiceField(
        label=_("Counted from"), choices=StepStart.choices, initial=StepStart.READY
    )
    document = forms.ChoiceField(
        label=_("Document produced"), choices=StepDocument.choices, initial=StepDocument.NONE
    )
    may_skip = forms.ChoiceField(
        label=_("May be skipped by"), choices=[NOBODY, *CrisisPart.choices], required=False
    )
    on_late = forms.ChoiceField(label=_("When late"), choices=LateAct.choices, initial=LateAct.REMIND)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise ValidationError(
                gettext("Use small letters a to z, digits and hyphens, for example first-report.")
            )
        return code

    def clean_after(self) -> list[str]:
        return [code for code in re.split(r"[\s,;]+", self.cleaned_data["after"]) if code]


class LineForm(RowForm):
    place = whole_number(_("Order"), required=False)
    part = forms.ChoiceField(
        label=_("To whom"),
        choices=[TO_CHOOSE, *RecipientPart.choices],
        error_messages={"required": _("Say to whom.")},
    )
    min_level = level_field()
    minutes = whole_number(
        _("Minutes to acknowledge"), error_messages={"required": _("Say how many minutes.")}
    )


if TYPE_CHECKING:
    AnyRows = forms.BaseFormSet[RowForm]
else:
    AnyRows = forms.BaseFormSet


class RowSet(AnyRows):
    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        tick = form.fields["DELETE"]
        tick.label = _("Remove this row")
        tick.widget.attrs["class"] = "form-check-input"


def _set_of(form: type[RowForm], extra: int) -> type[RowSet]:
    made: type[Any] = forms.formset_factory(
        form, formset=RowSet, extra=extra, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    return made


SETS: Mapping[str, type[RowSet]] = {
    "signs": _set_of(SignForm, 2),
    "steps": _set_of(StepForm, 1),
    "lines": _set_of(LineForm, 1),
}
MORE = {"signs": 3, "steps": 2, "lines": 2}


class DraftForms:
    """The head and the three sets of rows of one draft, empty, filled from it, or as they were sent."""

    def __init__(self, head: HeadForm, draft: PlaybookVersion, data: Mapping[str, Any] | None) -> None:
        self.head = head
        initial = initial_rows(draft)
        self.sets = {
            name: made(data, prefix=name, initial=initial[name]) if data is None else made(data, prefix=name)
            for name, made in SETS.items()
        }

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(rows.is_valid() for rows in self.sets.values())])

    def kept(self, name: str) -> list[RowForm]:
        """The rows that say something and are not to go, in the order of their places; the rest as they stand."""
        rows = self.sets[name]
        gone = set(map(id, rows.deleted_forms))
        said = [form for form in rows if id(form) not in gone and form.has_changed() and form.cleaned_data]
        return sorted(said, key=lambda form: form.cleaned_data.get("place") or MOST_ROWS * MOST_ROWS)

    def written(self) -> Written:
        head = self.head.cleaned_data
        signs = [PlaybookSign(text=form.cleaned_data["text"]) for form in self.kept("signs")]
        steps = [PlaybookStep(**_fields(form, queries.STEP_FIELDS)) for form in self.kept("steps")]
        lines = [ReportLine(**_fields(form, queries.LINE_FIELDS)) for form in self.kept("lines")]
        return Written(
            title=head["title"], description=head["description"], level=head["level"], change=head["change"],
            topics=tuple(head["topics"]), content=Content(signs=signs, steps=steps, lines=lines),
        )  # fmt: skip


def _fields(form: RowForm, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def initial_head(draft: PlaybookVersion) -> dict[str, Any]:
    return {
        "title": draft.title, "description": draft.description, "level": draft.level, "change": draft.change,
        "topics": list(draft.topics.values_list("pk", flat=True)), "seen": draft.written_at.isoformat(),
    }  # fmt: skip


def initial_rows(draft: PlaybookVersion) -> dict[str, list[dict[str, Any]]]:
    content = queries.content_of(draft)
    return {
        "signs": [{"text": sign.text} for sign in content.signs],
        "steps": [
            {**queries.plain_step(step), "after": ", ".join(step.after), "place": step.number}
            for step in content.steps
        ],
        "lines": [{**queries.plain_line(line), "place": line.number} for line in content.lines],
    }


def with_more_rows(data: Any, name: str) -> Any:
    """What was sent, with more empty rows in one set."""
    grown = data.copy()
    key = f"{name}-TOTAL_FORMS"
    given = grown.get(key, "")
    total = int(given) if given.isdecimal() and len(given) < 4 else 0
    grown[key] = str(min(total + MORE[name], MOST_ROWS))
    return grown


class OpenDraftForm(ActForm):
    """`agencies`: for whom it may be opened."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("For the agency"))
    change = CleanText(
        label=_("What this version is to change, and why"), limit=TEXT_LIMIT, rows=4, required=False
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agencies
        if (only := agencies[:2]) and len(only) == 1:
            field.initial, field.empty_label = only[0].pk, None


class ApproveForm(ActForm):
    valid_from = Day(label=_("In force from"), error_messages={"required": _("Write the day.")})


class EndForm(ActForm):
    on = Day(label=_("No longer in force from"), error_messages={"required": _("Write the day.")})
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)


class DropForm(ActForm):
    """Nothing to fill in: the button says it."""
