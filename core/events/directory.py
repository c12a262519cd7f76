"""Who is told of a crisis, how they are reached, and who of one's own is on duty."""

from django.utils.translation import gettext_lazy as _

from .registry import event

ENTRY = "entry part agency province recipient recipient_name valid_from valid_until"
CONTACT = "contact agency agency_name rank is_duty text_hash"
SHIFT = "shift person person_name kind starts_at ends_at"

DIRECTORY_ENTERED = event(
    "directory.entered", _("named %(recipient_name)s in the directory for: %(part)s"), ENTRY
)
DIRECTORY_ENDED = event(
    "directory.ended", _("ended the entry of %(recipient_name)s in the directory for: %(part)s"), ENTRY
)
CONTACT_ENTERED = event("contact.entered", _("entered a contact of %(agency_name)s"), CONTACT)
CONTACT_CLOSED = event("contact.closed", _("put a contact of %(agency_name)s aside"), CONTACT)
DUTY_RECORDED = event("duty.recorded", _("put %(person_name)s on the duty roster: %(kind)s"), SHIFT)
DUTY_REMOVED = event("duty.removed", _("took %(person_name)s off the duty roster: %(kind)s"), SHIFT)
CRISIS_SETTING_CHANGED = event(
    "crisis_setting.changed",
    _("set the numbers for crises of %(agency)s"),
    "agency rung_minutes repeat_minutes link_hours office_opens office_closes",
)
