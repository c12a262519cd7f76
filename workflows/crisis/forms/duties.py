"""Which duty of the law holds, from which event, and whether its clock runs: asked at the assessment and anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Crisis, Person, RuleValue
from core.queries import crises as law_of_crises
from core.rules.deadlines import local_day
from workflows.crisis.models import Assessment
from workflows.crisis.rules import clocks
from workflows.fields import Instant, reason_field
from workflows.forms import HELP, NEEDED

DAY = timedelta(days=1)


class DutyForm(forms.Form):
    """Offers the duties of the days that come into question, that of the starting event as typed among them.

    Its law decides; so it is asked whether information is needed at once wherever one of these laws asks that.
    """

    duty = forms.ChoiceField(label=gettext_lazy("Duty of the law"), required=False, widget=forms.RadioSelect)
    started_at = Instant(
        label=gettext_lazy("When the event was from which the duty counts"),
        required=False,
        help_text=gettext_lazy(
            "The event stands at the duty. The clock runs from then, also before activation."
        ),
    )
    needed_at_once = forms.TypedChoiceField(
        label=gettext_lazy("Is initial information needed at once?"),
        choices=[("yes", gettext_lazy("Yes: the clock runs")), ("no", gettext_lazy("No: no clock runs"))],
        coerce=lambda given: given == "yes",
        empty_value=None,
        initial="yes",
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Decree 09/2017 asks this, for events until 30/6/2026."),
    )

    def __init__(self, *args: Any, crisis: Crisis, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = law_of_crises.duties_of(crisis.agency, self._days(crisis, at))
        self.keys = {code: rules[0].key for code, rules in duties.items()}
        self.offer("duty", [(code, duty_label(rules)) for code, rules in duties.items()])
        if not any(clocks.asks_whether_at_once(rule) for rules in duties.values() for rule in rules):
            del self.fields["needed_at_once"]

    def _days(self, crisis: Crisis, at: datetime) -> Iterable[date]:
        instants = (crisis.published_at, crisis.detected_at - DAY, at, self._given_start())
        return [local_day(instant) for instant in instants if instant is not None]

    def _given_start(self) -> datetime | None:
        """The starting event as typed, or as it is proposed; one that cannot be read is told when it is cleaned."""
        try:
            given: datetime | None = self.fields["started_at"].clean(self["started_at"].value())
        except forms.ValidationError:
            return None
        return given

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen(self) -> dict[str, Any]:
        """As `actions.duties.Chosen` takes it."""
        given = self.cleaned_data
        return {
            "duty": self.keys[given["duty"]],
            "started_at": given["started_at"],
            "needed_at_once": given.get("needed_at_once"),
            "reason": given["reason"],
        }


def duty_label(rules: Sequence[RuleValue]) -> str:
    """The duty with each paragraph of the days that come into question, and from what it counts there."""
    return f"{rules[0].key} – {'; '.join(_paragraph(rule) for rule in rules)}"


def _paragraph(rule: RuleValue) -> str:
    if not clocks.has_clock(rule):
        return _("%(provision)s: no time limit here") % {"provision": rule.provision.citation}
    return _("%(provision)s: %(hours)s hours from: %(event)s") % {
        "provision": rule.provision.citation,
        "hours": rule.value,
        "event": rule.get_start_display(),
    }


def as_typed(last: Assessment) -> dict[str, Any]:
    """What an assessment said of the duty, for the form that asks anew.

    Not its starting event, which is not that of another duty: from there what was said would meet its clock at once.
    """
    return {
        "duty": last.duty.code if last.duty else "",
        "needed_at_once": "yes" if last.needed_at_once else "no",
    }


class ParagraphForm(DutyForm):
    """The duty anew, while the playbook runs; as `workflows.forms.ActForm` it is told who acts and when."""

    reason = reason_field(required=True, help_text=HELP, error_messages=NEEDED)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["duty"].required = True
        self.fields["duty"].error_messages["required"] = gettext_lazy("Choose the duty of the law.")
