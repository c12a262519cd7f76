"""Around every request: where it comes from, for the trail, and a page for what the domain refuses."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import contention, request_context
from core.errors import DomainError


class RequestContextMiddleware:
    """Makes every web request one act of the trail and answers a DomainError with its sentence and status.

    A write that lost a lock or a deadlock to another is told so instead of failing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = getattr(request, "session", None)
        with request_context.entered(
            channel="web",
            ip=request.META.get("REMOTE_ADDR") or "",
            session_key=getattr(session, "session_key", None) or "",
        ):
            return self._back_from_a_button(request, self.get_response(request))

    def _back_from_a_button(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """A button pressed after the session had ended leads, once signed in again, to an address that only acts."""
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        messages.info(request, _("You had been signed out, so nothing was done. Press the button again."))
        return redirect(settings.LOGIN_REDIRECT_URL)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if contention.is_contention(exception):
            return render(request, "409.html", status=409)
        if not isinstance(exception, DomainError):
            return None
        context = {"sentence": exception.sentence, "status": exception.status}
        return render(request, "core/error.html", context, status=exception.status)
