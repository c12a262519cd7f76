"""The main menu: what is there to go to, for this person, on this deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock
from core.enums import Codename
from core.models import Person, RoleAssignment

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()


class Place(NamedTuple):
    url_name: str
    title: str | Promise
    icon: str
    codename: str = ""


PLACES = (
    Place("work", _("My work"), "inbox"),
    Place("cases", _("Cases"), "folder-open"),
    Place("register_by_hand", _("Register new"), "circle-plus", Codename.REGISTER_INQUIRY),
    Place("outgoing_register", _("Documents"), "file-text"),
    Place("deadlines", _("Deadlines"), "calendar-clock"),
    Place("law", _("Law"), "scale"),
    Place("audit", _("Audit"), "shield-check", Codename.AUDIT_CASES),
)


@register.inclusion_tag("core/components/_navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """Leaves out pages this deployment does not have and those no role of the person leads to."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if request is None or not isinstance(person, Person):
        return {"items": []}
    held = _codenames(person)
    reachable = ((place, _address(place)) for place in PLACES if not place.codename or place.codename in held)
    return {
        "items": [
            {"place": place, "address": address, "is_here": request.path.startswith(address)}
            for place, address in reachable
            if address
        ]
    }


def _codenames(person: Person) -> set[str]:
    roles = RoleAssignment.objects.at(clock.now()).filter(person=person)
    return set(roles.values_list("group__permissions__codename", flat=True))


def _address(place: Place) -> str:
    try:
        return reverse(place.url_name)
    except NoReverseMatch:
        return ""
