"""Report, proposal and draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Circumstance, StatementForm
from core.models import Case, Person, Question
from core.queries import delegations as delegation_queries
from workflows.delegation import queries
from workflows.delegation.actions.drafting import DraftGiven
from workflows.fields import CleanText, Instant, Rows, reason_field

SYSTEM, PAPER = "system", "paper"
HAND_IN, DROP = "hand_in", "drop"
TRAIL = gettext_lazy("It stands in the decision trail, so it names no secret and no private matter.")


class CaseForm(forms.Form):
    """What every form of this procedure is told: the case, who asks and when."""

    def __init__(self, *args: Any, case: Case, person: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.person, self.at = case, person, at


class OpeningForm(CaseForm):
    """Opens one delegation, however often it is sent."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ReportForm(OpeningForm):
    request = CleanText(
        label=gettext_lazy("Why you cannot speak on this case"),
        limit=2_000,
        rows=3,
        help_text=TRAIL,
        error_messages={"required": gettext_lazy("Say why.")},
    )


class ProposalForm(OpeningForm):
    request = CleanText(
        label=gettext_lazy("What for, and whom you think of"),
        limit=2_000,
        rows=3,
        required=False,
        help_text=TRAIL,
    )


class DelegateField(forms.ModelChoiceField[Person]):
    def label_from_instance(self, person: Person) -> str:
        title = self.titles.get(person.pk, "")
        return f"{person.full_name} – {title}" if title else person.full_name

    titles: dict[int, str] = {}


class QuestionsField(Rows):
    def label_from_instance(self, question: Question) -> str:
        return f"{question.inquiry.reference}, {question.number}: {question.text[:120]}"


class DraftFields(CaseForm):
    """Whom, on what, how, how long and why."""

    to = DelegateField(
        Person.objects.none(),
        label=gettext_lazy("Who is delegated"),
        error_messages={
            "required": gettext_lazy("Choose the person."),
            "invalid_choice": gettext_lazy("Choose somebody of the agency with an open account."),
        },
    )
    valid_from = Instant(
        label=gettext_lazy("From"), error_messages={"required": gettext_lazy("Say from when.")}
    )
    valid_until = Instant(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("At this minute the authority has ended."),
        error_messages={"required": gettext_lazy("Say until when: a delegation has a term.")},
    )
    circumstance = forms.ChoiceField(
        label=gettext_lazy("Why the head does not speak"),
        choices=Circumstance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    reason = reason_field(
        required=True, help_text=TRAIL, error_messages={"required": gettext_lazy("Give the reason.")}
    )
    speaking_forms = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these forms of speaking"),
        choices=StatementForm.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None ticked: in every form."),
    )
    questions = QuestionsField(
        Question.objects.none(),
        label=gettext_lazy("Only on these questions"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None ticked: on the whole case, with every inquiry under it."),
    )
    outside_list_reason = reason_field(
        label=gettext_lazy("Why this person, although not among the posts listed by the regulation")
    )
    overlap_note = reason_field(label=gettext_lazy("Why beside another delegation of this case"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to, questions = self.fields["to"], self.fields["questions"]
        assert isinstance(to, DelegateField)
        assert isinstance(questions, QuestionsField)
        to.queryset = self.people()
        to.titles = delegation_queries.post_titles(self.case.agency, at=self.at)
        questions.queryset = queries.open_questions(self.case)
        if not questions.queryset.exists():
            del self.fields["questions"]

    def people(self) -> QuerySet[Person]:
        """Who is offered."""
        return delegation_queries.possible_delegates(self.case.agency, at=self.at)

    def draft(self, *, is_on_paper: bool) -> DraftGiven:
        given = self.cleaned_data
        return DraftGiven(
            to=given["to"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            circumstance=Circumstance(given["circumstance"]),
            reason=given["reason"],
            forms=[StatementForm(form) for form in given["speaking_forms"]],
            questions=list(given.get("questions", ())),
            outside_list_reason=given["outside_list_reason"],
            overlap_note=given["overlap_note"],
            is_on_paper=is_on_paper,
        )


class DraftForm(DraftFields):
    way = forms.ChoiceField(
        label=gettext_lazy("How it is signed"),
        choices=(
            (SYSTEM, gettext_lazy("In this system, by the head")),
            (PAPER, gettext_lazy("On paper; the clerk then registers it")),
        ),
        widget=forms.RadioSelect,
        initial=SYSTEM,
        error_messages={"required": gettext_lazy("Choose one.")},
    )

    def given(self) -> DraftGiven:
        return self.draft(is_on_paper=self.cleaned_data["way"] == PAPER)


class ReasonForm(CaseForm):
    """A reason that must be given, whatever the button."""

    reason = reason_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason."))
        return data


class DropForm(ReasonForm):
    reason = reason_field(label=gettext_lazy("Why it is given up"))
