"""Posts, roles, mandates and capacities."""

from django.utils.translation import gettext_lazy as _

from .registry import event

PERSON_APPOINTED = event(
    "person.appointed",
    _("recorded that %(person_name)s holds the post %(title)s"),
    "person person_name post kind title unit valid_from valid_until",
)
PERSON_POST_ENDED = event(
    "person.post_ended",
    _("recorded that %(person_name)s no longer holds the post %(title)s"),
    "person person_name post kind title unit valid_until",
)
ROLE_ASSIGNED = event(
    "role.assigned",
    _("gave %(person_name)s the role %(role)s"),
    "person person_name role role_assignment unit valid_from valid_until",
)
ROLE_ENDED = event(
    "role.ended",
    _("ended the role %(role)s of %(person_name)s"),
    "person person_name role role_assignment unit valid_until",
)
MANDATE_RECORDED = event(
    "mandate.recorded",
    _("recorded the mandate of %(person_name)s to speak"),
    "person person_name mandate mandate_kind document_number document_date valid_from valid_until",
)
MANDATE_ENDED = event(
    "mandate.ended",
    _("ended the mandate of %(person_name)s to speak"),
    "person person_name mandate mandate_kind valid_until",
)
CAPACITY_GRANTED = event(
    "capacity.granted",
    _("recorded that %(person_name)s may sign: %(capacity)s"),
    "person person_name signing_capacity capacity document valid_from valid_until",
)
CAPACITY_ENDED = event(
    "capacity.ended",
    _("recorded that %(person_name)s may no longer sign: %(capacity)s"),
    "person person_name signing_capacity capacity valid_until",
)
