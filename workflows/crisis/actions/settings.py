"""The numbers of an agency's own regulation for crises; a change is a decision and stands in the trail."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from core import events
from core.actions import trail
from core.errors import Invalid
from core.models import Person
from workflows.crisis.models import CrisisSetting

MINUTES = ("rung_minutes", "repeat_minutes", "link_hours")


@transaction.atomic
def keep(setting: CrisisSetting, *, by: Person | None, at: datetime) -> CrisisSetting:
    """Keep the numbers of one agency; what has begun under the former ones goes on. Raises Invalid."""
    nought = {name: _("At least 1.") for name in MINUTES if getattr(setting, name) < 1}
    if nought:
        raise Invalid(
            _("A ladder without a wait would climb at once. Nothing was changed; what you typed is kept."),
            fields=nought,
        )
    check_hours(setting.office_opens, setting.office_closes)
    setting.save()
    data: dict[str, trail.Value] = {name: getattr(setting, name) for name in MINUTES} | {
        "agency": setting.agency.code,
        "office_opens": f"{setting.office_opens:%H:%M}",
        "office_closes": f"{setting.office_closes:%H:%M}",
    }
    trail.record(events.CRISIS_SETTING_CHANGED, case=None, by=by, at=at, subject=setting, data=data)
    return setting


def check_hours(opens: time, closes: time) -> None:
    if closes <= opens:
        raise Invalid(
            _("An office closes after it opens. Nothing was changed; what you typed is kept."),
            fields={"office_closes": _("Not after the opening.")},
        )
