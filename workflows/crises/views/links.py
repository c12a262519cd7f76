"""The page behind the link in the mail of a report: no sign-in, this report alone, and looking confirms nothing."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from core import clock
from core.errors import DomainError
from core.models import AgencyContact, Crisis
from workflows.crisis.actions import acknowledging, dispatches
from workflows.crisis.forms.reports import ConfirmForm
from workflows.crisis.models import Dispatch
from workflows.crisis.queries import reports as queries
from workflows.crisis.rules import links


class Acknowledge(View):
    """GET changes nothing: mail scanners open links too. Only the form, sent with name and post, confirms."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = clock.now()
        response = self._turned_away() or super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # With no referrer at all a browser would not say where the form comes from, and it would be refused.
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, _request: HttpRequest, token: str) -> HttpResponse:
        return self._page(ConfirmForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            with dispatches.held(self.row) as held:
                acknowledging.by_link(
                    process=held.process, dispatch=held.dispatch, confirmed=form.confirmed(), contact=self.contact,
                    at=held.at,
                )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=refusal.status)
        return HttpResponseRedirect(request.path)

    def _turned_away(self) -> HttpResponse | None:
        """The answer to a link that is altered, over, or leads to what nobody waits for; nothing where it is good."""
        link = links.read(self.kwargs["token"])
        rows = Dispatch.objects.select_related("report__crisis__agency", "report__prepared_by", "recipient")
        row = rows.filter(pk=link.dispatch).first() if link else None
        if link is None or row is None:
            sentence = _("This link is not complete, or was altered. Nothing was recorded.")
            return self._sentence(
                sentence, _("Open it from the mail itself, or phone the agency that reported.")
            )
        self.row = row
        self.contact = AgencyContact.objects.filter(pk=link.contact).first() if link.contact else None
        if (why := self._over(link, at=self.at)) == "":
            return None
        phone = row.agency.phone or _("the agency that reported")
        call = _("Nothing was recorded. Phone %(phone)s (%(agency)s), which can record it for you.")
        told = call % {"phone": phone, "agency": row.agency.name}
        return self._sentence(why, told, status=HTTPStatus.GONE, crisis=row.crisis)

    def _over(self, link: links.Link, *, at: datetime) -> str:
        """Why the link is good no more, or nothing."""
        if self.row.given_up_at is not None or not self.row.crisis.is_open:
            return _("Nobody waits for this report any more: it was settled otherwise.")
        if self.contact is not None and not self.contact.is_active:
            return _("This link was sent to somebody who is no contact of the agency any more.")
        if at > link.ends_at(hours=queries.setting_of(self.row.agency).link_hours):
            return _("This link has expired.")
        return ""

    def _sentence(
        self,
        sentence: str,
        next_step: str,
        *,
        status: int = HTTPStatus.NOT_FOUND,
        crisis: Crisis | None = None,
    ) -> HttpResponse:
        context = {"sentence": sentence, "next_step": next_step, "status": int(status), "crisis": crisis}
        return render(self.request, "workflows/crises/link_over.html", context, status=status)

    def _page(self, form: ConfirmForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
        report = self.row.report
        context = {
            "form": form,
            "dispatch": self.row,
            "report": report,
            "crisis": report.crisis,
            "sender": self.row.agency,
            "acknowledgements": list(self.row.acknowledgements.all()),
        }
        return render(self.request, "workflows/crises/link.html", context, status=status)
