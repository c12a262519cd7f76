"""The numbers of an agency's own regulation for crises; a change is a decision and stands in the trail."""

from __future__ import annotations

from datetime import datetime

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
    """Keep the numbers of one agency; what has begun under the former ones goes on. Raises Invalid for a nought."""
    nought = {name: _("At least 1.") for name in MINUTES if getattr(setting, name) < 1}
    if nought:
        raise Invalid(
            _("A ladder without a wait would climb at once. Nothing was changed; what you typed is kept."),
            fields=nought,
        )
    setting.save()
    data: dict[str, trail.Value] = {name: getattr(setting, name) for name in MINUTES} | {
        "agency": setting.agency.code,
        "office_opens": f"{setting.office_opens:%H:%M}",
    }
    trail.record(events.CRISIS_SETTING_CHANGED, case=None, by=by, at=at, subject=setting, data=data)
    return setting
