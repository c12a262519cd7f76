"""What the pages across procedures say of rows they are given."""

from __future__ import annotations

from datetime import timedelta

from django import template

from core.models import Inquiry
from core.templatetags.pn import duration
from workflows.press_inquiry import permissions

register = template.Library()


@register.filter
def stopped_clock(inquiry: Inquiry) -> bool:
    """Whether the clock stands; asks nothing of the database where the stops were fetched."""
    return permissions.clock_stands(inquiry)


@register.filter
def in_words(gap: timedelta | None) -> str:
    return duration(gap) if gap else ""


@register.filter
def short_hash(value: str) -> str:
    """The first letters of a hash, enough to compare by eye; the whole stands in the tooltip."""
    return value[:12]
