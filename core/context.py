"""What every page shows around its own content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from core import clock
from core.models import Person, Post

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Asked of the database only when a template prints it: fragments and error pages pay nothing."""
    return {
        "current_post": SimpleLazyObject(lambda: _post_of(getattr(request, "user", None))),
        "pinned_clock": settings.CLOCK,
        "demo_data": settings.DEMO,
        "product_version": getattr(settings, "VERSION", ""),
        "languages": settings.LANGUAGES,
    }


def _post_of(person: Any) -> Post | None:
    if not isinstance(person, Person):
        return None
    held = Post.objects.at(clock.now()).filter(person=person)
    return held.select_related("agency", "unit").order_by("-valid_from").first()
