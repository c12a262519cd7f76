"""The addresses of the product, and some that go wrong on purpose."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from core.errors import Conflict

FAULTS: dict[int, Exception] = {
    400: SuspiciousOperation("on purpose"),
    403: PermissionDenied("on purpose"),
    409: Conflict("Một người khác đang xử lý."),
    500: RuntimeError("on purpose"),
}


def fail(request: HttpRequest, status: int) -> HttpResponse:
    raise FAULTS[status]


urlpatterns = [path("loi/<int:status>/", fail), path("", include("config.urls"))]
