"""What happens to refusals, from the proposal to the question that comes back; whether an agency may withhold."""

from django.utils.translation import gettext_lazy as _

from .registry import event

ABOUT = "inquiry reference refusal question"

REFUSAL_OPENED = event(
    "refusal.opened",
    _("asked for question %(question)s of %(reference)s to be refused"),
    f"{ABOUT} origin follows",
)
REFUSAL_PROPOSED = event(
    "refusal.proposed",
    _("proposed for question %(question)s of %(reference)s: %(outcome)s %(ground)s"),
    f"{ABOUT} version outcome ground text_hash redirected_to watch_kind watch_on",
)
REFUSAL_CONFIRMED = event(
    "refusal.confirmed",
    _("confirmed in legal review, for question %(question)s of %(reference)s: %(outcome)s %(ground)s"),
    f"{ABOUT} version outcome ground text_hash",
)
REFUSAL_GROUND_CHANGED = event(
    "refusal.ground_changed",
    _("changed in legal review, for question %(question)s of %(reference)s: %(outcome)s %(ground)s"),
    f"{ABOUT} version outcome ground text_hash redirected_to watch_kind watch_on previous_ground",
)
REFUSAL_RETURNED = event(
    "refusal.returned",
    _("sent the refusal of question %(question)s of %(reference)s back to be proposed anew"),
    f"{ABOUT} step version",
)
REFUSAL_TO_ANSWER = event(
    "refusal.to_answer",
    _("sent question %(question)s of %(reference)s back to be answered"),
    f"{ABOUT} step version",
)
REFUSAL_DECIDED = event(
    "refusal.decided",
    _("decided on question %(question)s of %(reference)s: %(outcome)s %(citation)s"),
    f"{ABOUT} version outcome ground citation text_hash redirected_to capacity own_letter at_once watch_kind watch_on",
)
REFUSAL_RELEASED = event(
    "refusal.released",
    _("released the letter %(number)s on the questions %(questions)s of %(reference)s"),
    f"{ABOUT} statement questions refusals number sha256 mandate mail form",
    personal="recipient",
)
REFUSAL_GIVEN_UP = event(
    "refusal.given_up",
    _("gave up the refusal of question %(question)s of %(reference)s"),
    f"{ABOUT} step",
)
REFUSAL_OFF_SYSTEM = event(
    "refusal.off_system",
    _("found state secrets in question %(question)s of %(reference)s: handled off-system"),
    f"{ABOUT} step",
)
REFUSAL_GROUND_ENDED = event(
    "refusal.ground_ended",
    _("recorded that the ground for refusing question %(question)s of %(reference)s ends"),
    f"{ABOUT} bring_back happened_at ground text_hash",
)
REFUSAL_BROUGHT_BACK = event(
    "refusal.brought_back",
    _("brought question %(question)s of %(reference)s back"),
    f"{ABOUT} bring_back cause happened_at",
)
REFUSAL_SECOND_LOOK_ASKED = event(
    "refusal.second_look_asked",
    _("recorded the request to look again at question %(question)s of %(reference)s"),
    f"{ABOUT} second_look received_at text_hash",
    personal="asked_by",
)
REFUSAL_SECOND_LOOK_JUDGED = event(
    "refusal.second_look_judged",
    _("looked again at question %(question)s of %(reference)s: %(result)s"),
    f"{ABOUT} second_look result followed_by text_hash",
)
REFUSAL_SECOND_LOOK_APPROVED = event(
    "refusal.second_look_approved",
    _("approved that the press is told: the refusal of question %(question)s of %(reference)s is upheld"),
    f"{ABOUT} second_look capacity",
)
AGENCY_WITHHOLDING_ALLOWED = event(
    "agency.withholding_allowed",
    _("allowed %(agency)s the outcome “considered, not provided yet”, decided by the head alone"),
    "agency",
)
AGENCY_WITHHOLDING_ENDED = event(
    "agency.withholding_ended",
    _("took the outcome “considered, not provided yet” from %(agency)s"),
    "agency",
)
