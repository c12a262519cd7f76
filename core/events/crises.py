"""A crisis from what was noticed to the review: its steps, its level, what was said, how it ended."""

from django.utils.translation import gettext_lazy as _

from .registry import event

ABOUT = "crisis reference drill"

CRISIS_DETECTED = event(
    "crisis.detected",
    _("noted a possible crisis, %(reference)s"),
    f"{ABOUT} case inquiry source detected_at published_at text_hash",
)
CRISIS_ASSESSED = event(
    "crisis.assessed",
    _("assessed %(reference)s: playbook %(playbook)s, level %(level)s, %(provision)s"),
    f"{ABOUT} assessment playbook version level provision duty started_at signs needed_at_once",
)
CRISIS_DISMISSED = event(
    "crisis.dismissed", _("assessed %(reference)s: no crisis"), f"{ABOUT} assessment signs"
)
CRISIS_RETURNED = event(
    "crisis.returned", _("sent %(reference)s back to be assessed anew"), f"{ABOUT} assessment"
)
CRISIS_ACTIVATED = event(
    "crisis.activated",
    _("activated the playbook %(playbook)s for %(reference)s at level %(level)s"),
    f"{ABOUT} playbook version level steps taken_by_head",
)
CRISIS_LEVEL_CHANGED = event(
    "crisis.level_changed",
    _("changed the level of %(reference)s from %(old)s to %(new)s"),
    f"{ABOUT} old new steps",
)
CRISIS_REDETERMINED = event(
    "crisis.redetermined",
    _(
        "determined the paragraph of %(reference)s anew: %(provision)s (starting event: %(start)s) instead of %(old)s "
        "(starting event: %(old_start)s)"
    ),
    f"{ABOUT} assessment old old_duty old_start provision duty start started_at needed_at_once",
)
CRISIS_STOOD_DOWN = event("crisis.stood_down", _("stood %(reference)s down"), f"{ABOUT} forced dropped")
CRISIS_REVIEWED = event(
    "crisis.reviewed",
    _("reviewed what was done on %(reference)s"),
    f"{ABOUT} review late draft text_hash",
)
CRISIS_CLOSED = event("crisis.closed", _("closed %(reference)s"), ABOUT)
CRISIS_STEP_OPENED = event(
    "crisis_step.opened",
    _("opened the step “%(step)s” of %(reference)s"),
    f"{ABOUT} step code part due origin",
)
CRISIS_STEP_DONE = event(
    "crisis_step.done",
    _("did the step “%(step)s” of %(reference)s"),
    f"{ABOUT} step code due late text_hash",
)
CRISIS_STEP_SKIPPED = event(
    "crisis_step.skipped", _("skipped the step “%(step)s” of %(reference)s"), f"{ABOUT} step code"
)
CRISIS_STEP_ADDED = event(
    "crisis_step.added",
    _("added the step “%(step)s” to %(reference)s"),
    f"{ABOUT} step code part minutes origin",
)
CRISIS_STEP_LATE = event(
    "crisis_step.late",
    _("followed up the step “%(step)s” of %(reference)s as late: %(act)s"),
    f"{ABOUT} step code due act told",
)
