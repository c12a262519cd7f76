"""The forms of the acts beside the path: each asks for what the act takes, and for the reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.enums import AgencyKind
from core.models import Agency, Case, Inquiry, Person
from core.models.periods import covering
from workflows.fields import CleanLine, CleanText, Day, Instant, reason_field
from workflows.press_inquiry import queries

TEXT_LIMIT = 10_000
HELP = _("It stands in the decision trail, so it names no secret and no private matter.")
NEEDED = {"required": _("Give the reason.")}
STATES = (("", _("All")), ("open", _("Open")), ("closed", _("Closed")))


class ActForm(forms.Form):
    """What the form of every act is told: who acts and when."""

    def __init__(self, *args: Any, person: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.at = at


class BesideForm(ActForm):
    """What every act beside the path is told: the inquiry too."""

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry = inquiry


class ReasonForm(BesideForm):
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)


class OpinionAskForm(BesideForm):
    of = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Asked of"), error_messages={"required": _("Choose an agency.")}
    )
    about = CleanText(
        label=_("The opinion asked for"),
        limit=TEXT_LIMIT,
        rows=6,
        error_messages={"required": _("Say what is asked.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.inquiry.agency
        field = self.fields["of"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            Agency.objects.filter(covering(self.at.astimezone(clock.ZONE).date()))
            .filter(Q(pk=own.parent_id) | Q(kind=AgencyKind.MINISTRY))
            .order_by("name")
        )
        self.initial.setdefault("of", own.parent_id)


class OpinionRecordForm(BesideForm):
    answered_by = CleanLine(
        label=_("Who answered"), limit=160, help_text=_("Name and post, or the number of the document.")
    )
    answered_at = Instant(
        label=_("Answered at"), error_messages={"required": _("Say when the answer was given.")}
    )
    answer = CleanText(
        label=_("The answer"),
        limit=TEXT_LIMIT,
        rows=8,
        error_messages={"required": _("Write what was answered.")},
    )


class MoveForm(BesideForm):
    case = forms.ModelChoiceField(
        Case.objects.none(),
        label=_("Move to"),
        help_text=_("Open cases of the agency that you may see."),
        error_messages={"required": _("Choose a case.")},
    )
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["case"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.open_cases(self.inquiry.agency, self.person, at=self.at).exclude(
            pk=self.inquiry.case_id
        )


class NumberForm(BesideForm):
    number = forms.IntegerField(
        label=_("Number"),
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("The number that the office's own document system gave."),
        error_messages={"required": _("Write the number.")},
    )
    issued_on = Day(label=_("Date of the document"), error_messages={"required": _("Write the date.")})
    notation = CleanLine(
        label=_("Number and symbol"),
        limit=60,
        required=False,
        help_text=_("Only where it differs from the usual form, for example 05/SNV-VP."),
    )


class SearchForm(forms.Form):
    """The search over cases: a few words and open or closed."""

    q = forms.CharField(required=False, max_length=100, label=_("Reference, title or who asks"))
    state = forms.ChoiceField(
        required=False,
        label=_("Cases"),
        choices=STATES,
    )
