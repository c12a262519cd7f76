"""A person's own calendar address, and the feed behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from core.actions import feeds
from core.errors import NotFound
from core.models import CalendarFeed
from workflows import deadlines, ics
from workflows.signed_in import Page

SHOWN_ONCE = "calendar_feed_address"


class Feed(Page):
    """Open an address, see once what it is, revoke it."""

    template_name = "workflows/deadlines/feed.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        if "revoke" in request.POST:
            feeds.revoke_feed(person=self.person, at=self.at)
            messages.success(request, _("The calendar address no longer works."))
        else:
            token = feeds.open_feed(person=self.person, at=self.at)
            request.session[SHOWN_ONCE] = request.build_absolute_uri(reverse("feed", args=[token]))
        return HttpResponseRedirect(reverse("own_feed"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        feed = CalendarFeed.objects.filter(person=self.person, revoked_at__isnull=True).first()
        address = self.request.session.pop(SHOWN_ONCE, "")
        return super().get_context_data(**kwargs) | {"feed": feed, "address": address}


@require_safe
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The open deadlines of whoever the address belongs to; without a sign-in, so without subjects."""
    person, at = feeds.owner_of(token), clock.now()
    if person is None:
        raise NotFound(_("This calendar address does not work any more. Open a new one under “My work”."))
    body = ics.calendar_of(deadlines.of_person(person, at=at), at=at, name=f"Phát Ngôn: {person.full_name}")
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="phat-ngon.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
