"""The editions of a register as RSS 2.0: who was added, removed or changed, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.models import Agency
from core.queries import register as queries
from core.queries.register import Edition


class ChangesFeed(Feed[Edition, Agency]):
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Agency:
        agency: Agency = kwargs["agency"]
        return agency

    def title(self, obj: Agency) -> str:
        title = _("Spokespersons of %(agency)s: changes") % {"agency": obj.name}
        return _("%(title)s (fictional, for demonstration)") % {"title": title} if obj.is_demo else title

    def description(self, obj: Agency) -> str:
        return _("Each edition of the public register of spokespersons, with what it changed.")

    def link(self, obj: Agency) -> str:
        return reverse("register_agency", args=[obj.code])

    def feed_url(self, obj: Agency) -> str:
        return reverse("register_feed", args=[obj.code])

    def items(self, obj: Agency) -> list[Edition]:
        return queries.editions(obj)

    def item_title(self, item: Edition) -> str:
        return _("Edition %(number)s") % {"number": item.edition.number}

    def item_description(self, item: Edition) -> str:
        """HTML, as feed readers take a description to be."""
        return format_html_join(SafeString("<br>"), "{}", ((change,) for change in item.changes))

    def item_link(self, item: Edition) -> str:
        return reverse("register_agency", args=[item.edition.agency.code])

    def item_guid(self, item: Edition) -> str:
        return f"{item.edition.agency.code}:{item.edition.number}:{item.edition.sha256}"

    def item_pubdate(self, item: Edition) -> datetime:
        return item.edition.published_at
