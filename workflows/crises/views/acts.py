"""The acts beside the path of a crisis: where each leads, or the sentence why not, as its own page would say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Crisis
from workflows.act_page import ActPage, reason_why_not
from workflows.crises.rows.lines import DispatchRow
from workflows.crisis.models import Dispatch
from workflows.signed_in import SignedIn
from workflows.views.acts import Offer


@dataclass(frozen=True, kw_only=True)
class Act:
    url_name: str
    label: str | Promise
    icon: str


BESIDE = (
    Act(url_name="crisis_level", label=_("Change the level"), icon="signal-high"),
    Act(url_name="crisis_paragraph", label=_("Determine the paragraph anew"), icon="scale"),
    Act(url_name="crisis_step_add", label=_("Add a step"), icon="list-plus"),
    Act(url_name="statement_open", label=_("Prepare a further statement"), icon="megaphone"),
    Act(url_name="crisis_report", label=_("Report again"), icon="send"),
    Act(url_name="joint_matter_open", label=_("Open a joint matter"), icon="users-round"),
    Act(url_name="joint_matter_link", label=_("Join a joint matter"), icon="link"),
)
ON_A_DISPATCH = (
    Act(url_name="dispatch_phone", label=_("Record an acknowledgement by phone"), icon="phone"),
    Act(url_name="dispatch_direction", label=_("Record a direction"), icon="message-square-reply"),
    Act(url_name="dispatch_over_head", label=_("Report over the recipient's head"), icon="chevrons-up"),
    Act(url_name="dispatch_give_up", label=_("Give up waiting"), icon="circle-slash"),
)
# What makes sense once somebody confirmed or the head gave up.
STILL_WHEN_SETTLED = ("dispatch_phone", "dispatch_direction")


def on_crisis(page: SignedIn, crisis: Crisis) -> list[Offer]:
    """The possible ones first."""
    offers = [_ask(page, act, crisis.pk) for act in BESIDE]
    return sorted(offers, key=lambda offer: not offer.is_possible)


def on_dispatches(page: SignedIn, rows: Iterable[DispatchRow]) -> dict[int, list[Offer]]:
    """What can be done about each report to one recipient; whether it is the person's to do is asked once."""
    dispatches = [row.dispatch for row in rows if row.dispatch.sent_at is not None]
    if not dispatches:
        return {}
    first = next((each for each in dispatches if not each.is_settled), dispatches[0])
    theirs = [act for act in ON_A_DISPATCH if _is_right(page, act, first.pk)]
    return {
        dispatch.pk: [
            _offer(act, dispatch.pk)
            for act in theirs
            if not dispatch.is_settled or act.url_name in STILL_WHEN_SETTLED
        ]
        for dispatch in dispatches
    }


def on_answer(page: SignedIn, dispatch: Dispatch) -> list[Offer]:
    """What somebody may make of an answer of the recipient: an acknowledgement, after a call, or a direction."""
    acts = [act for act in ON_A_DISPATCH if act.url_name in STILL_WHEN_SETTLED]
    return [_offer(act, dispatch.pk) for act in acts if _is_right(page, act, dispatch.pk)]


def _ask(page: SignedIn, act: Act, pk: int) -> Offer:
    """The act's own page is asked, so that the button and the page never differ."""
    view = _view(page, act, pk)
    why = reason_why_not(view.find, pk) or view.why_not()
    return _offer(act, pk, why=why)


def _offer(act: Act, pk: int, *, why: str = "") -> Offer:
    return Offer(label=str(act.label), icon=act.icon, url=reverse(act.url_name, args=[pk]), why=why)


def _is_right(page: SignedIn, act: Act, pk: int) -> bool:
    view = _view(page, act, pk)
    return not (reason_why_not(view.find, pk) or reason_why_not(view.check_right))


def _view(page: SignedIn, act: Act, pk: int) -> ActPage:
    """The page of an act, asked nothing yet."""
    match = resolve(reverse(act.url_name, args=[pk]))
    view_class: type[ActPage] = getattr(match.func, "view_class")  # noqa: B009 - a function has it by `as_view`
    view = view_class()
    view.setup(page.request, *match.args, **match.kwargs)
    view.at = page.at
    return view
