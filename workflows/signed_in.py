"""Every page here is for somebody signed in, at one instant, on a case that person may see."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin, View

from core import clock, permissions
from core.errors import NotFound
from core.models import Case, Person

if TYPE_CHECKING:
    Mixed = View
else:
    Mixed = object


class SignedIn(LoginRequiredMixin, Mixed):
    """Reads the instant once and gives the person a type."""

    at: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = clock.now()
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person), "LoginRequiredMixin lets nobody else through"
        return person

    def visible_case(self, pk: int) -> Case:
        """The case, or the same answer for one that is not there and one that is not open to the person."""
        case = Case.objects.select_related("agency__parent").filter(pk=pk).first()
        if case is None:
            raise NotFound(_("There is no such case, or it is not open to you."))
        permissions.check_can_see(self.person, case, at=self.at)
        return case


class Page(SignedIn, TemplateView):
    """A page that only shows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))


__all__ = ["ContextMixin", "Page", "SignedIn"]
