"""The form of the late record: short enough to be filled in on a phone in half a minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actions.speech import ADDRESS_LIMIT, GIST_LIMIT, LINE_LIMIT, NAME_LIMIT, TITLE_LIMIT, Speech
from core.enums import StatementForm
from core.models import Agency, Case, Person, Question
from core.queries import speech as queries
from core.rules import attachments
from workflows.fields import CleanLine, CleanText, Files, Instant, Rows

ME, WITHOUT_ACCOUNT = "me", "other"
OPENING_LIMIT = 120


class OneFile(Files):
    """A single file, so that a phone offers its recorder and camera."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.FileInput(attrs={"accept": ",".join(attachments.ACCEPT)})


class RecordLateForm(forms.Form):
    """Which matter, who, to whom, when, what. Only what makes the record unusable is required."""

    use_required_attribute = False

    case = forms.ModelChoiceField(
        Case.objects.none(),
        label=gettext_lazy("Case"),
        required=False,
        empty_label=gettext_lazy("A new case, named below"),
        error_messages={"invalid_choice": gettext_lazy("This case is not open to you. Choose another.")},
    )
    title = CleanLine(
        label=gettext_lazy("Title of the new case"),
        limit=TITLE_LIMIT,
        required=False,
        help_text=gettext_lazy("Only where the matter has no case yet."),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=gettext_lazy("Agency of the new case"), required=False
    )
    speaker = forms.ChoiceField(
        label=gettext_lazy("Who spoke"),
        initial=ME,
        error_messages={
            "required": gettext_lazy("Choose who spoke."),
            "invalid_choice": gettext_lazy("Choose somebody from the list."),
        },
    )
    speaker_name = CleanLine(
        label=gettext_lazy("Name of somebody without an account"),
        limit=NAME_LIMIT,
        required=False,
        help_text=gettext_lazy("With the post, if known."),
    )
    form = forms.TypedChoiceField(
        label=gettext_lazy("Form of speaking"),
        choices=StatementForm.choices,
        coerce=StatementForm,
        initial=StatementForm.DIRECT,
        error_messages={"required": gettext_lazy("Choose the form of speaking.")},
    )
    outlet = CleanLine(label=gettext_lazy("Outlet"), limit=LINE_LIMIT, required=False)
    asked_by = CleanLine(label=gettext_lazy("Who asked"), limit=LINE_LIMIT, required=False)
    spoken_at = Instant(
        label=gettext_lazy("Spoken at"), error_messages={"required": gettext_lazy("Say when it was said.")}
    )
    gist = CleanText(
        label=gettext_lazy("What was said, in substance"),
        limit=GIST_LIMIT,
        rows=5,
        required=False,
        help_text=gettext_lazy("This or a recording is enough. Name no state secret."),
    )
    recording = OneFile(
        label=gettext_lazy("Recording"),
        required=False,
        help_text=gettext_lazy("Sound, film, a picture of the screen or a document; at most 20 MB."),
    )
    address = forms.URLField(
        label=gettext_lazy("Address where it stands"),
        max_length=ADDRESS_LIMIT,
        required=False,
        assume_scheme="https",
    )
    questions = Rows(
        Question.objects.none(),
        label=gettext_lazy("Questions of the case that were spoken to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asked_of = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        person: Person,
        agencies: Sequence[Agency],
        preselected: Case | None,
        at: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        self._many = len(agencies) > 1
        self._offer_cases(preselected, at=at)
        self._offer_agencies(agencies)
        self._offer_people([*agencies, preselected.agency] if preselected else agencies)
        self._offer_questions()

    def _offer_cases(self, preselected: Case | None, *, at: datetime) -> None:
        rows = queries.recordable_cases(self._person, at=at)
        if preselected is not None:
            # A closed case is spoken of late as well; it is offered where the page of the case leads here.
            rows = Case.objects.filter(pk__in=[*rows.values_list("pk", flat=True), preselected.pk])
            rows = rows.select_related("agency").order_by("-opened_at", "-pk")
        field = self._choice_of_rows("case")
        field.queryset = rows
        field.label_from_instance = self._case_label

    def _case_label(self, case: Any) -> str:
        return f"{case} – {case.agency.name}" if self._many else str(case)

    def _offer_agencies(self, agencies: Sequence[Agency]) -> None:
        if not self._many:
            del self.fields["agency"]
            return
        field = self._choice_of_rows("agency")
        field.empty_label = None
        field.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies]).order_by("name")

    def _offer_people(self, agencies: Sequence[Agency]) -> None:
        others = [each for each in queries.people_of(agencies) if each.pk != self._person.pk]
        self._people = {str(each.pk): each for each in others}
        field = self.fields["speaker"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (ME, _("I: %(person)s") % {"person": self._person.full_name}),
            (WITHOUT_ACCOUNT, _("Somebody without an account, named below")),
            (_("Of the agency"), [(pk, each.full_name) for pk, each in self._people.items()]),
        ]

    def _offer_questions(self) -> None:
        """Those of the case that is chosen; before one is chosen there is nothing to tick."""
        case = self._chosen_case()
        rows = queries.questions_of(case) if case else Question.objects.none()
        field = self._choice_of_rows("questions")
        field.queryset = rows
        field.label_from_instance = _question_label
        self.has_questions = rows.exists()
        self.shown_for = str(case.pk) if case else ""

    def _chosen_case(self) -> Case | None:
        given = (
            self.data.get("case")
            if self.is_bound
            else self.get_initial_for_field(self.fields["case"], "case")
        )
        try:
            found: Case | None = self.fields["case"].clean(getattr(given, "pk", given))
        except forms.ValidationError:
            return None
        return found

    def _choice_of_rows(self, name: str) -> Any:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    @property
    def files_to_choose_again(self) -> list[str]:
        return [file.name or "" for file in self.files.getlist("recording")] if self.is_bound else []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_speaker(data.get("speaker", ""), data.get("speaker_name", ""))
        case, speaker = data.get("case"), self._speaker(data.get("speaker", ""))
        if case and data.get("title"):
            self.add_error(
                "case",
                _("A title for a new case is written below too. Choose “A new case”, or empty that field."),
            )
        if case and speaker and self.data.get("asked_of") != str(case.pk):
            self._ask_for_questions(case, speaker)
        return data

    def _check_speaker(self, choice: str, name: str) -> None:
        if choice == WITHOUT_ACCOUNT and not name and "speaker_name" not in self.errors:
            self.add_error("speaker_name", _("Write who spoke."))
        if choice not in ("", WITHOUT_ACCOUNT) and name:
            self.add_error(
                "speaker",
                _("A name is written below too. Choose “somebody without an account”, or empty that field."),
            )

    def _ask_for_questions(self, case: Case, speaker: Person) -> None:
        """The record is final, so whose letter covers only some questions is shown them once before it is made."""
        if queries.is_limited_to_questions(speaker, case=case):
            self.add_error(
                "questions",
                _(
                    "The delegation of %(person)s covers only some questions of this case. "
                    "Tick those that were spoken to, then record; what was ticked cannot be changed afterwards."
                )
                % {"person": speaker.full_name},
            )

    def _speaker(self, choice: str) -> Person | None:
        return self._person if choice == ME else self._people.get(choice)

    def speech(self) -> Speech:
        data = self.cleaned_data
        return Speech(
            speaker=self._speaker(data["speaker"]),
            speaker_name=data["speaker_name"],
            form=data["form"],
            outlet=data["outlet"],
            asked_by=data["asked_by"],
            gist=data["gist"],
            address=data["address"],
            recording=data["recording"][0] if data["recording"] else None,
            questions=list(data["questions"]),
            spoken_at=data["spoken_at"],
        )


def _question_label(question: Any) -> str:
    text = question.text if len(question.text) <= OPENING_LIMIT else f"{question.text[: OPENING_LIMIT - 1]}…"
    return f"{question.inquiry.reference}/{question.number}: {text}"
