"""What only printed documents need of a template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from documents.rules.wording import chunks

register = template.Library()


@register.filter
def breakable(text: str) -> SafeString:
    """The escaped text, with a place to break wherever a word is longer than any line."""
    return format_html_join(SafeString("<wbr>"), "{}", ((chunk,) for chunk in chunks(text)))
