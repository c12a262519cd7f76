"""What the pages across procedures say of rows they are given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template

from core.models import Inquiry
from core.templatetags.pn import duration
from workflows.press_inquiry import permissions
from workflows.press_inquiry.models import DraftVersion
from workflows.press_inquiry.queries import content_of
from workflows.press_inquiry.rules import Answer, Refused

register = template.Library()


@register.filter
def stopped_clock(inquiry: Inquiry) -> bool:
    """Whether the clock stands; asks nothing of the database where the stops were fetched."""
    return permissions.clock_stands(inquiry)


@register.filter
def in_words(gap: timedelta | None) -> str:
    return duration(gap) if gap else ""


@register.filter
def to_the_minute(gap: timedelta) -> str:
    """2 giờ 15 phút: the two largest units; nothing below a minute."""
    days, hours, minutes = gap.days, gap.seconds // 3600, gap.seconds // 60 % 60
    spans = (timedelta(days=days), timedelta(hours=hours), timedelta(minutes=minutes))
    first = next((place for place, span in enumerate(spans) if span), len(spans))
    return " ".join(duration(span) for span in spans[first : first + 2] if span)


@register.filter
def short_hash(value: str) -> str:
    """The first letters of a hash, enough to compare by eye; the whole stands in the tooltip."""
    return value[:12]


@register.filter
def of_key(rows: Mapping[int, Any], key: int) -> Any:
    """What a mapping holds for a row's id; nothing where it holds none."""
    return rows.get(key)


@register.filter
def said_in(version: DraftVersion) -> list[Answer | Refused]:
    """What each question gets in this version, answers and refusals, in the order of the questions."""
    return content_of(version).said
