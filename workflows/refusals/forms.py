"""The forms of the acts around a refusal: ask for it, record what ends its ground or asks to look again, purge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from core.models import Inquiry, Question
from workflows.fields import CleanLine, CleanText, Instant, Rows, reason_field
from workflows.forms import ActForm
from workflows.press_inquiry.actions.purging import Discovery
from workflows.refusal import queries
from workflows.refusal.actions.reconsidering import GIST_LIMIT, Request
from workflows.refusal.actions.watching import NOTE_LIMIT

SHOWN_WORDS = 60


class Questions(Rows):
    """The questions that may still be refused, each with its number and its first words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Question.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs)

    def label_from_instance(self, obj: Question) -> str:
        return f"{obj.number}. {Truncator(obj.text).words(SHOWN_WORDS)}"


class AskRefusalForm(ActForm):
    questions = Questions(
        label=_("Questions to be refused"),
        required=False,
        help_text=_("Each gets a procedure of its own; the others go on to be answered."),
        error_messages={
            "invalid_choice": _("A question chosen is answered meanwhile, or its refusal is under way."),
            "invalid_pk_value": _("Choose among the questions below."),
        },
    )
    remark = reason_field(
        label=_("Remark"), help_text=_("For whoever proposes. It stands in the decision trail.")
    )

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["questions"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = queries.open_questions(inquiry)


class EndOfGroundForm(ActForm):
    happened_at = Instant(
        label=_("Happened at"),
        help_text=_("Or when it will happen: the question then comes back at that time."),
        error_messages={"required": _("Say when it happened.")},
    )
    note = CleanText(
        label=_("What happened"),
        limit=NOTE_LIMIT,
        required=False,
        help_text=_("The conclusion, judgment or paper with its number and date."),
    )


class SecondLookForm(ActForm):
    asked_by = CleanLine(label=_("Who asks"), limit=200, required=False)
    received_at = Instant(
        label=_("Received at"), error_messages={"required": _("Say when the request came in.")}
    )
    gist = CleanText(
        label=_("What is said for it"),
        limit=GIST_LIMIT,
        rows=6,
        required=False,
        help_text=_("In the words of the request, or in short."),
    )

    def request(self) -> Request:
        given = self.cleaned_data
        return Request(received_at=given["received_at"], asked_by=given["asked_by"], gist=given["gist"])


class FoundSecretForm(ActForm):
    told = CleanLine(
        label=_("Who was told"),
        limit=300,
        required=False,
        help_text=_("Name and post of the person in charge of state secrets who was told off-system."),
    )
    backups = CleanText(
        label=_("Backups to clean"),
        limit=2_000,
        rows=2,
        required=False,
        help_text=_("Which backups hold the text, and who cleans them. Do not repeat the text."),
    )
    neutral_subject = CleanLine(
        label=_("Neutral subject"),
        limit=300,
        required=False,
        help_text=_("Takes the place of the old one, which is purged with the question."),
    )
    confirmed = forms.BooleanField(
        label=_("I have read what is removed. It cannot be undone."),
        error_messages={"required": _("Nothing was deleted yet. Confirm it, then send the form again.")},
    )

    def discovery(self) -> Discovery:
        given = self.cleaned_data
        return Discovery(
            told=given["told"], backups=given["backups"], neutral_subject=given["neutral_subject"]
        )
