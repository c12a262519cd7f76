"""The public register of spokespersons: pages, JSON and feed for whoever asks. Reading writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.generic import View

from core import clock
from core.queries import register as queries
from core.queries.register import Register
from core.rules import register as rules
from workflows.register_feed import ChangesFeed

CACHED_SECONDS = 60
# Nothing on these pages belongs to the reader, so that any cache may keep them for all.
NOBODYS = {"csrf_token": "", "messages": (), "current_post": None}


class Public(View):
    """An answer that anybody's cache may keep for a minute and ask about by the hash of what it says."""

    http_method_names: Sequence[str] = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = _language(request)
        with translation.override(language):
            version = self.look(at=clock.now())
            words = self.rendered_as(language)
            etag = f'W/"{version}{words}"'
            response = get_conditional_response(request, etag=etag) or self.answer()
        response["ETag"] = etag
        response["Content-Language"] = language
        patch_cache_control(response, public=True, max_age=CACHED_SECONDS)
        if words:
            patch_vary_headers(response, ["Cookie"])
        return response

    def look(self, *, at: datetime) -> str:
        """Find what is to be said; answers the version of it. Raises NotFound."""
        raise NotImplementedError

    def rendered_as(self, language: str) -> str:
        """What else decides the bytes: a page in another language or of another release is another."""
        return f".{language}.{settings.VERSION}"

    def answer(self) -> HttpResponse:
        raise NotImplementedError


def _language(request: HttpRequest) -> str:
    """The one asked for in the address, else the one the reader chose before."""
    asked = request.GET.get("lang", "")
    return (
        asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
    )


class RegisterView(Public):
    """The same facts as a page or, with `as_json`, as JSON."""

    as_json = False
    template_name: ClassVar[str]

    def rendered_as(self, language: str) -> str:
        return "" if self.as_json else super().rendered_as(language)

    def answer(self) -> HttpResponse:
        if self.as_json:
            return JsonResponse(self.facts(), json_dumps_params={"ensure_ascii": False})
        return render(self.request, self.template_name, {**self.context(), **NOBODYS})

    def facts(self) -> dict[str, Any]:
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        raise NotImplementedError


class OfAgency(RegisterView):
    template_name = "workflows/register/agency.html"
    register: Register

    def look(self, *, at: datetime) -> str:
        self.register = queries.published(self.kwargs["code"], at=at)
        return self.register.version

    def facts(self) -> dict[str, Any]:
        return self.register.facts

    def context(self) -> Mapping[str, Any]:
        return {
            "register": self.register,
            "has_subordinates": queries.has_subordinates(self.register.agency, at=self.register.at),
        }


class ListView(RegisterView):
    registers: list[Register]
    at: datetime

    def look(self, *, at: datetime) -> str:
        self.at = at
        self.registers = self.listed()
        return rules.sha256({"versions": [register.version for register in self.registers]})

    def listed(self) -> list[Register]:
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        return {"as_of": rules.local(self.at), "agencies": [register.facts for register in self.registers]}

    def context(self) -> Mapping[str, Any]:
        return {"registers": self.registers}


class Index(ListView):
    template_name = "workflows/register/index.html"

    def listed(self) -> list[Register]:
        return queries.registers(queries.existing(self.at), at=self.at)


class Subordinates(ListView):
    """The list that an authority keeps for the agencies below it (Decree 244/2026 art 3.3)."""

    template_name = "workflows/register/subordinates.html"

    def listed(self) -> list[Register]:
        self.authority = queries.authority(self.kwargs["code"], at=self.at)
        return queries.of_subordinates(self.authority, at=self.at)

    def facts(self) -> dict[str, Any]:
        return {"authority": rules.named(self.authority), **super().facts()}

    def context(self) -> Mapping[str, Any]:
        return {"authority": self.authority, **super().context()}


class Changes(Public):
    """The editions of one register as RSS."""

    def look(self, *, at: datetime) -> str:
        self.register = queries.published(self.kwargs["code"], at=at)
        latest = self.register.latest
        return f"{latest.sha256}.{latest.number}" if latest else "0"

    def answer(self) -> HttpResponse:
        return ChangesFeed()(self.request, agency=self.register.agency)
