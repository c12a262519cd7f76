"""Sign in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.forms import ValidationError
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Post

if TYPE_CHECKING:
    from django.db.models import QuerySet

FREE_TRIES = 5
PAUSE_SECONDS = 15 * 60


class SignInForm(AuthenticationForm):
    """After a few wrong passwords for one name from one address, that pair waits; others sign in as ever."""

    error_messages = {
        "invalid_login": _("The user name or the password is not right. Check both and sign in again."),
        "inactive": _("This account is closed. Ask the administrator of your agency."),
        "paused": _(
            "Too many wrong passwords. Nothing was changed; wait 15 minutes and sign in again, "
            "or ask the administrator of your agency for a new password."
        ),
    }

    def clean(self) -> dict[str, Any]:
        key = self._tries_key()
        if cache.get(key, 0) >= FREE_TRIES:
            raise ValidationError(self.error_messages["paused"], code="paused")
        try:
            cleaned = super().clean()
        except ValidationError:
            cache.add(key, 0, PAUSE_SECONDS)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned

    def _tries_key(self) -> str:
        name = str(self.cleaned_data.get("username", "")).casefold()
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        return "sign-in:" + hashlib.sha256(f"{address} {name}".encode()).hexdigest()


class SignIn(LoginView):
    template_name = "core/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "username": self.request.GET.get("username", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo_posts = _demo_posts() if settings.DEMO else Post.objects.none()
        return super().get_context_data(demo_posts=demo_posts, **kwargs)


def _demo_posts() -> QuerySet[Post]:
    held = Post.objects.at(clock.now()).filter(person__is_demo=True, person__is_active=True)
    return held.select_related("person", "agency").order_by("agency__code", "pk")
