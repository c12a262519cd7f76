"""The five lines of a report, confirming that one was received, and the acts on a dispatch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.enums import RecipientPart, ReportKind
from core.models import Agency, Crisis, Person
from workflows.crisis.actions.acknowledging import (
    NAME_LIMIT,
    PHONE_LIMIT,
    POST_LIMIT,
    Call,
    Confirmed,
)
from workflows.crisis.actions.directions import TEXT_LIMIT, Given
from workflows.crisis.actions.reports import LINE_LIMIT, FiveLines
from workflows.crisis.models import Dispatch
from workflows.crisis.queries import reports as queries
from workflows.fields import CleanLine, CleanText, Instant, reason_field
from workflows.forms import ActForm

WRITE = {"required": _("Write this line; “not known yet” is an answer.")}
FURTHER = [(kind, kind.label) for kind in (ReportKind.FIRST, ReportKind.UPDATE, ReportKind.CLOSING)]


def _line(label: Any, **kwargs: Any) -> CleanText:
    return CleanText(label=label, limit=LINE_LIMIT, rows=2, error_messages=WRITE, **kwargs)


class LinesForm(forms.Form):
    """Five lines, and what the directory does not know, to be left out."""

    use_required_attribute = False

    what = _line(_("What happened"))
    where = _line(_("Where"))
    when = _line(_("When"))
    said = _line(_("What was said"), help_text=_("What we said so far, and where; or that nothing was."))
    needed = _line(
        _("What is needed"), help_text=_("From whoever gets the report; or that it is for information.")
    )
    left_out = forms.MultipleChoiceField(
        label=_("Leave out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The directory does not name an agency for them today. It is recorded that they got nothing."
        ),
    )

    def __init__(self, *args: Any, crisis: Crisis, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = queries.targets(crisis, at=at)
        unknown = [(str(each.part), each.part.label) for each in self.targets if each.why_not]
        field = self.fields["left_out"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = unknown
        if not unknown:
            del self.fields["left_out"]

    def lines(self) -> FiveLines:
        given = self.cleaned_data
        return FiveLines(**{name: given[name] for name in ("what", "where", "when", "said", "needed")})

    def parts_left_out(self) -> list[RecipientPart]:
        return [RecipientPart(part) for part in self.cleaned_data.get("left_out", [])]


class SendReportForm(LinesForm):
    late_reason = reason_field(
        label=_("Why it is late"), help_text=_("Needed once the minutes of this step are over.")
    )


class FurtherReportForm(LinesForm):
    """A report beside the path: an update, the closing one, or a first one that no step of the playbook asks for."""

    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=FURTHER, coerce=ReportKind, initial=ReportKind.UPDATE,
        error_messages={"required": _("Choose the kind.")},
    )  # fmt: skip
    field_order = ("kind",)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person


class ConfirmForm(forms.Form):
    """Only this, sent with a name and a post, confirms."""

    use_required_attribute = False

    name = CleanLine(
        label=_("Full name"), limit=NAME_LIMIT, error_messages={"required": _("Write your full name.")}
    )
    post = CleanLine(label=_("Post"), limit=POST_LIMIT, error_messages={"required": _("Write your post.")})
    direction = CleanText(
        label=_("Direction"),
        limit=TEXT_LIMIT,
        rows=4,
        required=False,
        help_text=_("Only where there is one. It becomes a task of the agency that reported."),
    )

    def confirmed(self) -> Confirmed:
        given = self.cleaned_data
        return Confirmed(name=given["name"], post=given["post"], direction=given["direction"])


class PhoneForm(ActForm):
    name = CleanLine(
        label=_("Full name"), limit=NAME_LIMIT, error_messages={"required": _("Write who acknowledged.")}
    )
    post = CleanLine(label=_("Post"), limit=POST_LIMIT, error_messages={"required": _("Write the post.")})
    acknowledged_at = Instant(label=_("Acknowledged at"), error_messages={"required": _("Say when.")})
    phone = CleanLine(
        label=_("Number that was called"),
        limit=PHONE_LIMIT,
        error_messages={"required": _("Write the number.")},
    )

    def confirmed(self) -> Confirmed:
        return Confirmed(name=self.cleaned_data["name"], post=self.cleaned_data["post"])

    def call(self) -> Call:
        given = self.cleaned_data
        return Call(acknowledged_at=given["acknowledged_at"], phone=given["phone"])


class DirectionForm(ActForm):
    direction = CleanText(
        label=_("The direction"), limit=TEXT_LIMIT, rows=5, error_messages={"required": _("Write its text.")}
    )
    from_name = CleanLine(
        label=_("From whom"), limit=NAME_LIMIT, error_messages={"required": _("Write the full name.")}
    )
    from_post = CleanLine(
        label=_("Post"), limit=POST_LIMIT, error_messages={"required": _("Write the post.")}
    )
    received_at = Instant(label=_("Received at"), error_messages={"required": _("Say when.")})

    def given(self) -> Given:
        given = self.cleaned_data
        return Given(
            text=given["direction"], from_name=given["from_name"], from_post=given["from_post"],
            received_at=given["received_at"],
        )  # fmt: skip


class GiveUpForm(ActForm):
    reason = reason_field(required=True, error_messages={"required": _("Give the reason.")})


class OverHeadForm(ActForm):
    recipient = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Report to"), error_messages={"required": _("Choose an agency.")}
    )
    reason = reason_field(required=True, error_messages={"required": _("Give the reason.")})

    def __init__(self, *args: Any, dispatch: Dispatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.above(dispatch, at=self.at)
