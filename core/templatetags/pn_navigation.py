"""The main menu: what is there to go to, for this person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.urls import reverse
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
    also: tuple[str, ...] = ()

    def concerns(self, held: set[str]) -> bool:
        """Whether a role leads there; a place without a codename is everybody's."""
        return not self.codename or not held.isdisjoint((self.codename, *self.also))


PLACES = (
    Place("work", _("My work"), "inbox"),
    Place("cases", _("Cases"), "folder-open"),
    Place("register_by_hand", _("Register new"), "circle-plus", Codename.REGISTER_INQUIRY),
    Place(
        "crisis_board",
        _("Crises"),
        "siren",
        Codename.CARRY_OUT_STEP,
        (Codename.ACKNOWLEDGE_REPORT, Codename.AUDIT_CASES),
    ),
    Place("outgoing_register", _("Documents"), "file-text"),
    Place("deadlines", _("Deadlines"), "calendar-clock"),
    Place("law", _("Law"), "scale"),
    Place("audit", _("Audit"), "shield-check", Codename.AUDIT_CASES),
)
# What lies behind "Crises", on its own pages, so that the main menu stays short on a phone.
CRISIS_PLACES = (
    Place("crisis_board", _("Board"), "siren"),
    Place("crisis_detect", _("Note a possible crisis"), "circle-plus", Codename.DETECT_CRISIS),
    Place("crisis_received", _("Reports received"), "inbox", Codename.ACKNOWLEDGE_REPORT),
    Place(
        "playbooks", _("Playbooks"), "book-open-check", Codename.CARRY_OUT_STEP, (Codename.KEEP_PLAYBOOKS,)
    ),
    Place(
        "duty_roster",
        _("Duty roster"),
        "calendar-range",
        Codename.CARRY_OUT_STEP,
        (Codename.KEEP_DUTY_ROSTER,),
    ),
    Place("joint_matters", _("Joint matters"), "users-round", Codename.AGREE_CONTENT),
    Place("crisis_drill", _("Start a drill"), "drama", Codename.RUN_DRILL),
    Place("audit_crises", _("Crises, for auditors"), "shield-check", Codename.AUDIT_CASES),
)


@register.inclusion_tag("core/components/_navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """Leaves out the pages no role of the person leads to."""
    return {"items": _items(context, PLACES)}


@register.inclusion_tag("core/components/_places.html", takes_context=True)
def crisis_places(context: Context) -> dict[str, Any]:
    """The pages around crises that concern the person, for the head of each of them."""
    items = _items(context, CRISIS_PLACES)
    path = context["request"].path
    return {"items": [{**item, "is_here": path == item["address"]} for item in items]}


def _items(context: Context, places: tuple[Place, ...]) -> list[dict[str, Any]]:
    request = context.get("request")
    person = getattr(request, "user", None)
    if request is None or not isinstance(person, Person):
        return []
    held = _codenames(person)
    reachable = ((place, reverse(place.url_name)) for place in places if place.concerns(held))
    return [
        {"place": place, "address": address, "is_here": request.path.startswith(address)}
        for place, address in reachable
    ]


def _codenames(person: Person) -> set[str]:
    roles = RoleAssignment.objects.at(clock.now()).filter(person=person)
    return set(roles.values_list("group__permissions__codename", flat=True))
