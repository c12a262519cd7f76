"""Around a web request: the act the trail notes, and the page for what the domain refuses."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from config import urls
from core import request_context
from core.errors import Conflict, DomainError, Invalid, NotAllowedNow, NotFound, Refused
from core.middleware import RequestContextMiddleware

KINDS = {error.__name__: error for error in (Refused, NotAllowedNow, Conflict, NotFound, Invalid)}


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise KINDS[kind]("The step <b>was</b> already done.")


urlpatterns = [path("refuse/<str:kind>/", refuse), *urls.urlpatterns]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_refusal_of_the_domain_is_a_page_with_its_sentence_and_status(kind: str) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        response = Client().get(f"/refuse/{kind}/")

    assert response.status_code == KINDS[kind].status
    assert "The step &lt;b&gt;was&lt;/b&gt; already done." in response.content.decode()


def seen_by_a_view(request: HttpRequest) -> request_context.RequestContext:
    seen: list[request_context.RequestContext] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.extend([request_context.current(), request_context.current()])
        return HttpResponse()

    RequestContextMiddleware(view)(request)
    assert seen[0] is seen[1]
    return seen[0]


def test_request_is_one_act_from_the_web() -> None:
    first = seen_by_a_view(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7"))
    second = seen_by_a_view(RequestFactory().get("/"))

    assert (first.channel, first.ip) == ("web", "192.0.2.7")
    assert first.gesture != second.gesture


def test_act_ends_with_the_request() -> None:
    inside = seen_by_a_view(RequestFactory().get("/"))

    assert request_context.current().gesture != inside.gesture
    assert request_context.current().channel == "unknown"


def test_act_ends_also_when_it_fails() -> None:
    with pytest.raises(DomainError), request_context.entered(channel="job"):
        raise Refused("no")

    assert request_context.current().channel == "unknown"
