"""Whose each question is, who leads, how urgent, and where the inquiry goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.db.models import Model
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import clock
from core.enums import Competence, Urgency
from core.models import Inquiry, Question, Statement, Topic, Unit
from core.queries import organisation
from workflows.fields import CleanLine, CleanText, Rows, SuggestedLine, reason_field
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions.triaging import Finding, TriageDecision
from workflows.press_inquiry.models import NotARequest, TriageExit

COMPETENCES = [(value.value, value.label) for value in Competence if value != Competence.UNDECIDED]
EXITS = [(value.value, value.label) for value in TriageExit if value != TriageExit.OFF_SYSTEM]
TEXTS_SHOWN = 50


if TYPE_CHECKING:
    TopicChoiceField = forms.ModelChoiceField[Topic]
    StatementChoiceField = forms.ModelChoiceField[Statement]
else:
    TopicChoiceField = StatementChoiceField = forms.ModelChoiceField


class QuestionFields(NamedTuple):
    """A question with the fields that decide about it."""

    question: Question
    competence: forms.BoundField
    redirected_to: forms.BoundField
    told: forms.BoundField
    backups: forms.BoundField


class TopicField(TopicChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Topic)
        return obj.title_en if get_language() == "en" and obj.title_en else obj.title


class StatementField(StatementChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Statement)
        opening = obj.text if len(obj.text) <= 120 else f"{obj.text[:119]}…"
        spoken = obj.spoken_at.astimezone(clock.ZONE)
        return f"{spoken:%d/%m/%Y}, {obj.case.reference}, {obj.document_number or obj.get_form_display()}: {opening}"


class TriageForm(forms.Form):
    use_required_attribute = False

    exit = forms.TypedChoiceField(
        label=gettext_lazy("This inquiry is"),
        choices=EXITS,
        coerce=TriageExit,
        initial=TriageExit.HANDLE,
        widget=forms.RadioSelect,
    )
    answered_by = StatementField(
        label=gettext_lazy("The released text that already answers it"),
        queryset=Statement.objects.none(),
        required=False,
        help_text=gettext_lazy("It goes straight to release; the person who releases it reads it once more."),
    )
    not_a_request = forms.TypedChoiceField(
        label=gettext_lazy("What it is instead"),
        choices=[("", "---------"), *NotARequest.choices],
        coerce=NotARequest,
        required=False,
        empty_value=None,
    )
    reason = reason_field(
        help_text=gettext_lazy(
            "Needed where it is no request for information or comes from foreign press; otherwise as you like. "
            "It stands in the decision trail: write no secrets."
        )
    )
    topic = TopicField(
        label=gettext_lazy("Area of work"),
        queryset=Topic.objects.none(),
        required=False,
        help_text=gettext_lazy("Only the areas the sector had on the day the request was received."),
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"),
        choices=Urgency.choices,
        coerce=Urgency,
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    lead_unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit that leads the reply"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=gettext_lazy("Its head assigns the draft and reviews the content."),
    )
    coordinating_units = Rows(
        label=gettext_lazy("Coordinating units"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    neutral_subject = CleanLine(
        label=gettext_lazy("Neutral subject"),
        limit=300,
        required=False,
        help_text=gettext_lazy("Takes the place of the old one, which is purged with the question."),
    )

    purge_confirmed = forms.BooleanField(
        label=gettext_lazy("I know that the text is deleted for good and cannot be brought back"),
        required=False,
    )

    def __init__(self, *args: Any, inquiry: Inquiry, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_questions: Sequence[Question] = [q for q in inquiry.questions.all() if not q.is_secret]
        day = inquiry.received_at.astimezone(clock.ZONE).date()
        units = organisation.units_of(inquiry.agency, at=at.astimezone(clock.ZONE))
        texts = queries.released_texts(inquiry.agency, before=at).select_related("case")
        self._offer("topic", Topic.objects.at(day))
        self._offer("lead_unit", units)
        self._offer("coordinating_units", units)
        self._offer("answered_by", texts)
        self.agencies = organisation.other_agencies(inquiry.agency, at=at)
        for question in self.open_questions:
            self._add_question(question)

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def _add_question(self, question: Question) -> None:
        number = question.number
        decided = "" if question.competence == Competence.UNDECIDED else question.competence
        self.fields[f"competence_{number}"] = forms.TypedChoiceField(
            label=_("Whose question %(number)s is") % {"number": number},
            choices=COMPETENCES,
            coerce=Competence,
            initial=decided,
            required=False,
            empty_value=Competence.UNDECIDED,
            widget=forms.RadioSelect,
        )
        self.fields[f"redirected_to_{number}"] = SuggestedLine(
            label=_("Competent agency"),
            limit=200,
            required=False,
            initial=question.redirected_to,
            suggestions=self.agencies,
            list_id="known-agencies",
        )
        self.fields[f"told_{number}"] = CleanLine(
            label=_("Who was told"),
            limit=300,
            required=False,
            help_text=_("Name and post of the person in charge of state secrets who was told off-system."),
        )
        self.fields[f"backups_{number}"] = CleanText(
            label=_("Backups to clean"),
            limit=2_000,
            rows=2,
            required=False,
            help_text=_("Which backups hold the text, and who cleans them. Do not repeat the text."),
        )

    @property
    def by_question(self) -> list[QuestionFields]:
        names = ("competence", "redirected_to", "told", "backups")
        return [
            QuestionFields(question, *(self[f"{name}_{question.number}"] for name in names))
            for question in self.open_questions
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        secret = any(
            data.get(f"competence_{q.number}") == Competence.STATE_SECRET for q in self.open_questions
        )
        if secret and not data.get("purge_confirmed"):
            self.add_error(
                "purge_confirmed", _("Nothing was deleted yet. Confirm it, then send the form again.")
            )
        return data

    def decision(self) -> TriageDecision:
        data = self.cleaned_data
        return TriageDecision(
            exit=data["exit"],
            findings={question.number: self._finding(question.number) for question in self.open_questions},
            topic=data["topic"],
            lead_unit=data["lead_unit"],
            coordinating_units=[unit for unit in data["coordinating_units"] if unit != data["lead_unit"]],
            urgency=data["urgency"],
            not_a_request=data["not_a_request"] if data["exit"] == TriageExit.NOT_A_REQUEST else None,
            answered_by=data["answered_by"] if data["exit"] == TriageExit.ALREADY_ANSWERED else None,
            neutral_subject=data["neutral_subject"],
            reason=data["reason"],
        )

    def _finding(self, number: int) -> Finding:
        data = self.cleaned_data
        return Finding(
            competence=data[f"competence_{number}"],
            redirected_to=data[f"redirected_to_{number}"],
            told=data[f"told_{number}"],
            backups=data[f"backups_{number}"],
        )
