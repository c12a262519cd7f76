"""Who asks, what, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.enums import Channel, CredentialKind, InquiryKind
from core.models import Agency, Case, Inquiry, Person, PressAgency
from core.rules.text import QUESTION_LIMIT
from workflows.fields import CleanLine, CleanText, Files, Instant, SuggestedLine, is_row_number
from workflows.press_inquiry import queries
from workflows.press_inquiry.actions.registering import SUBJECT_LIMIT, Registration

EMPTY_ROWS = 3
MOST_QUESTIONS = 60
CONFIRMED_NEW = "new"


class RegisterForm(forms.Form):
    """Three required fields; whatever else is known helps later."""

    use_required_attribute = False

    asker_name = CleanLine(
        label=gettext_lazy("Who asks"),
        limit=120,
        help_text=gettext_lazy("The journalist's name, or that of the head of the press agency who signed."),
        error_messages={"required": gettext_lazy("Write the name of whoever asks.")},
    )
    received_at = Instant(
        label=gettext_lazy("Received at"),
        error_messages={"required": gettext_lazy("Say when it was received.")},
    )
    channel = forms.TypedChoiceField(
        label=gettext_lazy("How it came"), choices=Channel.choices, coerce=Channel, initial=Channel.PHONE
    )
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"),
        choices=InquiryKind.choices,
        coerce=InquiryKind,
        initial=InquiryKind.INFORMATION,
    )
    subject = CleanLine(
        label=gettext_lazy("Subject"),
        limit=SUBJECT_LIMIT,
        required=False,
        help_text=gettext_lazy("Left empty, the first question names it."),
    )
    asker_email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("The acknowledgement and the reply go there."),
    )
    asker_phone = CleanLine(label=gettext_lazy("Phone"), limit=40, required=False)
    credential = forms.TypedChoiceField(
        label=gettext_lazy("Credential shown"),
        choices=CredentialKind.choices,
        coerce=CredentialKind,
        initial=CredentialKind.NONE_SHOWN,
        required=False,
        empty_value=CredentialKind.NONE_SHOWN,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "One of the two suffices; never ask for both. None shown does not stand in the way."
        ),
    )
    credential_number = CleanLine(label=gettext_lazy("Number of the credential"), limit=60, required=False)
    case = forms.ModelChoiceField(
        label=gettext_lazy("Case"),
        queryset=Case.objects.none(),
        required=False,
        empty_label=gettext_lazy("A new case"),
        help_text=gettext_lazy("Join it to an open case if it is about the same matter."),
    )
    attachments = Files(
        label=gettext_lazy("Attachments"),
        required=False,
        help_text=gettext_lazy("PDF, Word, Excel, pictures, plain text, sound or film; at most 20 MB each."),
    )

    def __init__(
        self,
        *args: Any,
        agency: Agency,
        person: Person,
        at: datetime,
        rows: int = 0,
        duplicates: Sequence[Inquiry] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._agency = agency
        self._cases = Case.objects.visible_to(person, at=at)
        self._press = {
            str(press).casefold(): press for press in PressAgency.objects.at(at.astimezone(clock.ZONE).date())
        }
        self.fields["press_agency"] = SuggestedLine(
            label=_("Press agency"),
            limit=160,
            required=False,
            suggestions=[str(press) for press in self._press.values()],
            list_id="press-agencies",
            help_text=_("Choose from the list, or write the name as given if it is not there."),
        )
        case = self.fields["case"]
        assert isinstance(case, forms.ModelChoiceField)
        case.queryset = queries.open_cases(agency, person, at=at)
        self._add_questions(rows or rows_for(self.data if self.is_bound else self.initial))
        self._add_duplicate(duplicates)

    def _add_questions(self, rows: int) -> None:
        for number in range(1, min(rows, MOST_QUESTIONS) + 1):
            self.fields[f"question_{number}"] = CleanText(
                label=_("Question %(number)s") % {"number": number},
                limit=QUESTION_LIMIT,
                rows=3,
                required=number == 1,
                error_messages={"required": _("Write at least one question.")},
            )

    def _add_duplicate(self, duplicates: Sequence[Inquiry]) -> None:
        given = self.data.get("duplicate", "")
        shown = list(duplicates) or list(self._of_agency(given))
        if not shown and given != CONFIRMED_NEW:
            return
        choices = [(str(inquiry.pk), follow_up_label(inquiry)) for inquiry in shown]
        self.fields["duplicate"] = forms.ChoiceField(
            label=_("The same journalist asked something similar"),
            choices=[*choices, (CONFIRMED_NEW, _("This one is new"))],
            widget=forms.RadioSelect,
            required=False,
        )

    def _of_agency(self, given: str) -> Sequence[Inquiry]:
        if not is_row_number(given):
            return []
        known = Inquiry.objects.filter(agency=self._agency, case__in=self._cases, pk=int(given))
        return list(known.select_related("press_agency"))

    @property
    def questions(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("question_")]

    @property
    def press_agencies(self) -> list[str]:
        return [str(press) for press in self._press.values()]

    @property
    def files_to_choose_again(self) -> list[str]:
        return [file.name or "" for file in self.files.getlist("attachments")] if self.is_bound else []

    def registration(self) -> Registration:
        data = self.cleaned_data
        press = self._press.get(data["press_agency"].casefold())
        follows = self._of_agency(data.get("duplicate") or "")
        return Registration(
            channel=data["channel"],
            received_at=data["received_at"],
            asker_name=data["asker_name"],
            questions=[data[field.name] for field in self.questions],
            subject=data["subject"],
            kind=data["kind"],
            asker_email=data["asker_email"],
            asker_phone=data["asker_phone"],
            press_agency=press,
            press_agency_name="" if press else data["press_agency"],
            credential=data["credential"],
            credential_number=data["credential_number"],
            attachments=data["attachments"],
            case=data["case"],
            follows=follows[0] if follows else None,
            confirmed_new=data.get("duplicate") == CONFIRMED_NEW,
        )


class RegisterByHandForm(RegisterForm):
    """The same, for what did not come by mail; `token` tells a form sent twice from a second inquiry."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(agency.code, agency.name) for agency in agencies]
        field.initial = self._agency.code
        if len(agencies) > 1:
            field.widget = forms.Select(choices=field.choices)


def rows_for(data: Mapping[str, Any]) -> int:
    """Enough rows for every question that is there, and some empty ones."""
    numbers = [int(name[9:]) for name in data if name.startswith("question_") and is_row_number(name[9:])]
    numbers = [number for number in numbers if number <= MOST_QUESTIONS]
    filled = [number for number in numbers if str(data.get(f"question_{number}") or "").strip()]
    return max(max(numbers, default=0), max(filled, default=0) + EMPTY_ROWS)


def follow_up_label(inquiry: Inquiry) -> str:
    return _("Follow-up of %(reference)s: %(subject)s (%(asker)s, %(date)s)") % {
        "reference": inquiry.reference,
        "subject": inquiry.subject,
        "asker": inquiry.asker_display,
        "date": inquiry.received_at.astimezone(clock.ZONE).strftime("%d/%m/%Y"),
    }
