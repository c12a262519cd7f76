"""The forms of the acts on deadlines: what started a clock, an order, an extension, the end; and the filters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core.actions.deadlines.publishing import ADDRESS_LIMIT
from core.enums import AgencyKind, DeadlineSource, InquiryKind, PressKind, StartingEvent
from core.errors import DomainError
from core.models import Agency, Inquiry, RuleKey, RuleValue
from core.models.periods import covering
from core.queries import law
from core.rules.deadlines import DATED, UNDATED, local_day
from workflows.fields import CleanLine, Day, Instant, reason_field
from workflows.forms import HELP, NEEDED, ActForm, BesideForm
from workflows.press_inquiry.rules import DUTIES

STATES = (("", _("All that are open")), ("overdue", _("Overdue")), ("soon", _("Due within 3 days")))
SOURCES = (("", _("All sources")), *DeadlineSource.choices)
MISSING = {"required": _("This is needed.")}


def duties(inquiry: Inquiry, *, at: datetime) -> dict[RuleKey, str]:
    """The duties a person may start, each with its starting event.

    Those the law of today, or of the day of receipt, knows for an agency of this kind; without the inquiry's own
    duty to reply, whose clock starts by itself.
    """
    rows = RuleValue.objects.filter(
        covering(local_day(at)) | covering(local_day(inquiry.received_at)),
        scope__agency_kind=inquiry.agency.kind,
        unit__in=[*DATED, *UNDATED],
    )
    rows = rows.exclude(start="").exclude(scope__key__code=DUTIES[InquiryKind(inquiry.kind)])
    rows = rows.select_related("scope__key").order_by("scope__key__title", "valid_from")
    return {row.key: row.start for row in rows}


class StartForm(BesideForm):
    """A duty, when what starts it happened, and the kind of press where the law tells kinds apart."""

    key = forms.ModelChoiceField(
        RuleKey.objects.none(),
        label=_("Duty"),
        to_field_name="code",
        help_text=_("In brackets stands the event from which the law counts."),
        error_messages={
            "required": _("Choose the duty."),
            "invalid_choice": _("The law knows no such duty here. Choose one from the list."),
        },
    )
    occurred_at = Instant(
        label=_("When it happened"), error_messages={"required": _("Say when it happened.")}
    )
    press_kind = forms.ChoiceField(
        label=_("Kind of press"), choices=[("", _("Not told apart here")), *PressKind.choices], required=False
    )
    note = CleanLine(
        label=_("Note"), limit=300, required=False, help_text=_("For example how it became known.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = duties(self.inquiry, at=self.at)
        field = self.fields["key"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = RuleKey.objects.filter(pk__in=[key.pk for key in known])
        starts = {key.code: StartingEvent(start).label for key, start in known.items()}
        choices = [(key.code, f"{key.title} ({starts[key.code]})") for key in known]
        field.choices = [("", gettext("Choose a duty")), *choices]
        self._explain_press_kinds(known)

    def _explain_press_kinds(self, known: dict[RuleKey, str]) -> None:
        on = local_day(self.at)
        apart = RuleValue.objects.at(on).filter(scope__key__in=list(known)).exclude(scope__press_kind="")
        titles = sorted({row.key.title for row in apart.select_related("scope__key")})
        if titles:
            said = gettext("Only for: %(duties)s.") % {"duties": "; ".join(titles)}
            self.fields["press_kind"].help_text = said
        else:
            del self.fields["press_kind"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        key, occurred_at = data.get("key"), data.get("occurred_at")
        if key is not None and occurred_at is not None:
            try:
                self._check_law(key, occurred_at)
            except DomainError as error:
                raise forms.ValidationError(str(error)) from error
        return data

    def _check_law(self, key: RuleKey, occurred_at: datetime) -> None:
        on, agency = local_day(occurred_at), self.inquiry.agency
        kinds = law.press_kinds(key, agency=agency, on=on)
        given = self.cleaned_data.get("press_kind", "")
        self.cleaned_data["press_kind"] = given if kinds else ""
        if kinds and given not in kinds:
            labels = ", ".join(str(PressKind(kind).label) for kind in kinds)
            self.add_error(
                "press_kind",
                gettext("For this duty the law tells kinds of press apart: %(kinds)s.") % {"kinds": labels},
            )
            return
        rule = law.rule_value(key, agency=agency, on=on, press_kind=self.cleaned_data["press_kind"])
        if occurred_at > self.at and rule.start != StartingEvent.PLANNED_EVENT:
            self.add_error("occurred_at", gettext("This time has not come yet."))


class OrderForm(BesideForm):
    """Văn bản giao việc: what the paper says of itself, and until when."""

    number = CleanLine(label=_("Number of the paper"), limit=60, error_messages=MISSING)
    on = Day(label=_("Date of the paper"), error_messages={"required": _("Write the date.")})
    issuer = CleanLine(
        label=_("Who issued it"),
        limit=200,
        error_messages=MISSING,
        help_text=_("The superior body or person."),
    )
    task = CleanLine(label=_("What has to be done"), limit=300, error_messages=MISSING)
    before = Day(
        label=_("To be done before the day"),
        help_text=_(
            "As the paper says “report before the day …”: it is then due by the end of the day before."
        ),
        error_messages={"required": _("Write the day.")},
    )


class ExtendForm(ActForm):
    until = Day(
        label=_("Extended until the end of"),
        help_text=_("Later than the present deadline: an extension never shortens."),
        error_messages={"required": _("Write the day.")},
    )
    basis = CleanLine(
        label=_("What allows it"),
        limit=300,
        help_text=_("The provision or the paper, with its number and date."),
        error_messages={"required": _("Name the provision or the paper that allows the extension.")},
    )
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)


class DoneForm(ActForm):
    done_at = Instant(
        label=_("When it was done"),
        help_text=_("Whether it was in time follows from this."),
        error_messages={"required": _("Say when it was done.")},
    )


class VoidForm(ActForm):
    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)


class PublishForm(ActForm):
    """When and where a mandate was made public; only a commune may say that it was posted at its headquarters."""

    published_at = Instant(
        label=_("When it was published"),
        help_text=_("Whether it was in time follows from this."),
        error_messages={"required": _("Say when it was published.")},
    )
    address = forms.URLField(
        label=_("Address of the page"),
        required=False,
        max_length=ADDRESS_LIMIT,
        assume_scheme="https",
        help_text=_("The page on the agency's portal where it stands."),
    )
    is_posted = forms.BooleanField(
        label=_("It was posted at the headquarters: the commune has no site of its own"), required=False
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agency.kind != AgencyKind.COMMUNE:
            del self.fields["is_posted"]


class FilterForm(forms.Form):
    """What the list of deadlines is narrowed to. What cannot be read is left out, not refused."""

    source = forms.ChoiceField(label=_("Source"), choices=SOURCES, required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Agency"), required=False, empty_label=_("All agencies")
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agencies
        for each in self.fields.values():
            each.widget.attrs["class"] = "form-select"


class PeriodForm(forms.Form):
    """The period of the statistics, both days included."""

    since = Day(label=_("From the day"), error_messages={"required": _("Write the day.")})
    until = Day(label=_("To the day"), error_messages={"required": _("Write the day.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            each.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            raise forms.ValidationError(gettext("The period ends before it begins. Correct one of the days."))
        return data


def year_of(day: date) -> dict[str, date]:
    return {"since": date(day.year, 1, 1), "until": date(day.year, 12, 31)}
