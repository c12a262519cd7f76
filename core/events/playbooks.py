"""Playbooks: drafted, changed, approved, ended. What a draft says enters as a keyed hash alone."""

from django.utils.translation import gettext_lazy as _

from .registry import event

ABOUT = "playbook code version number agency"

PLAYBOOK_DRAFTED = event(
    "playbook.drafted",
    _("opened version %(number)s of the playbook %(code)s as a draft"),
    f"{ABOUT} source change_hash",
)
PLAYBOOK_CHANGED = event(
    "playbook.changed",
    _("changed the draft of version %(number)s of the playbook %(code)s"),
    f"{ABOUT} signs steps lines text_hash",
)
PLAYBOOK_PROPOSED = event(
    "playbook.proposed",
    _("proposed a change to the draft of version %(number)s of the playbook %(code)s"),
    f"{ABOUT} change_hash",
)
PLAYBOOK_APPROVED = event(
    "playbook.approved",
    _("approved version %(number)s of the playbook %(code)s from %(valid_from)s"),
    f"{ABOUT} valid_from replaced text_hash",
)
PLAYBOOK_ENDED = event(
    "playbook.ended",
    _("ended version %(number)s of the playbook %(code)s on %(valid_until)s"),
    f"{ABOUT} valid_until",
)
PLAYBOOK_DRAFT_DROPPED = event(
    "playbook.draft_dropped",
    _("dropped the draft of version %(number)s of the playbook %(code)s"),
    ABOUT,
)
