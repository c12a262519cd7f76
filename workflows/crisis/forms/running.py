"""What is said of a step that is done or skipped, of the end of the handling, and of what was learnt."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from workflows.crisis.actions.closing import TEXT_LIMIT
from workflows.crisis.actions.steps import NOTE_LIMIT
from workflows.fields import CleanText, reason_field

from .opening import Act

DO, SKIP = "do", "skip"
IN_THE_TRAIL = gettext_lazy("It stands in the decision trail, so it names no secret and no private matter.")


class CarryOutForm(forms.Form):
    use_required_attribute = False

    action = Act(DO)
    note = CleanText(
        label=gettext_lazy("What was done"),
        limit=NOTE_LIMIT,
        rows=6,
        required=False,
        help_text=gettext_lazy("Whom you reached, what you found, where the document is."),
    )
    late_reason = CleanText(
        label=gettext_lazy("Why it is late"),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
        help_text=gettext_lazy("The review afterwards shows it."),
    )


class SkipForm(forms.Form):
    use_required_attribute = False

    action = Act(SKIP)
    reason = reason_field(
        label=gettext_lazy("Why it is skipped"),
        required=True,
        help_text=IN_THE_TRAIL,
        error_messages={"required": gettext_lazy("Give the reason.")},
    )


class StandDownForm(forms.Form):
    use_required_attribute = False

    reason = reason_field(
        required=True,
        help_text=IN_THE_TRAIL,
        error_messages={"required": gettext_lazy("Give the reason.")},
    )
    is_forced = forms.BooleanField(
        label=gettext_lazy("Stand down although the law asked for a statement and nothing was said"),
        required=False,
        help_text=gettext_lazy(
            "The auditors' page lists this with your reason. A clock that still runs runs on."
        ),
    )


class ReviewForm(forms.Form):
    use_required_attribute = False

    lessons = CleanText(
        label=gettext_lazy("Lessons"),
        limit=TEXT_LIMIT,
        rows=8,
        error_messages={"required": gettext_lazy("Write what was learnt.")},
    )
    proposed_change = CleanText(
        label=gettext_lazy("Change proposed to the playbook"),
        limit=TEXT_LIMIT,
        rows=5,
        required=False,
        help_text=gettext_lazy(
            "Opens the next draft of the playbook, or is added to the one that is open. Empty: nothing is proposed."
        ),
    )
