"""Posts, roles, accounts and signing capacities."""

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
ACCOUNT_CLOSED = event("account.closed", _("closed the account of %(person_name)s"), "person person_name")
ACCOUNT_REOPENED = event(
    "account.reopened", _("opened the account of %(person_name)s again"), "person person_name"
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
