"""The small vocabulary of the pages: instants, words for time, icons, badges and cards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lucide.templatetags.lucide import lucide

from core import clock
from core.enums import Competence, InquiryOutcome, MailStatus, QuestionOutcome, Urgency

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """A decorative inline picture: the words beside it carry the meaning."""
    return _drawn(str(name), size)


@lru_cache(maxsize=256)
def _drawn(name: str, size: int) -> str:
    return lucide(name, size=size, aria_hidden="true", focusable="false", **{"class": "pn-icon"})


@register.filter
def local_datetime(value: datetime | None) -> str:
    """08:05 ngày 22/11/2026, in the zone of the agencies."""
    if value is None:
        return ""
    local = value.astimezone(clock.ZONE)
    return _("%(time)s on %(date)s") % {"time": f"{local:%H:%M}", "date": f"{local:%d/%m/%Y}"}


@register.filter
def local_date(value: date | None) -> str:
    if value is None:
        return ""
    day = value.astimezone(clock.ZONE) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


@register.simple_tag
def instant(value: datetime | None) -> str:
    """The full local time, machine readable, with how long ago it is in the tooltip."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), relative(value), local_datetime(value)
    )


@register.filter
def relative(value: datetime | None) -> str:
    """5 phút trước, or 2 giờ nữa, seen from the clock of the site."""
    if value is None:
        return ""
    gap = value - clock.now()
    if abs(gap) < timedelta(minutes=1):
        return _("just now")
    sentence = _("%(duration)s ago") if gap < timedelta(0) else _("in %(duration)s")
    return sentence % {"duration": duration(gap)}


@register.filter
def time_left(due: datetime) -> str:
    gap = due - clock.now()
    sentence = _("overdue by %(duration)s") if gap <= timedelta(0) else _("%(duration)s left")
    return sentence % {"duration": duration(gap)}


@register.filter
def is_past(value: datetime | None) -> bool:
    return value is not None and value <= clock.now()


@register.filter
def is_near(due: datetime, hours: int = 8) -> bool:
    """Not past, but within the hours given."""
    return timedelta(0) < due - clock.now() <= timedelta(hours=hours)


def duration(gap: timedelta) -> str:
    """The length in its largest whole unit, whichever way the gap points."""
    minutes = int(abs(gap).total_seconds() // 60)
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes >= 60:
        hours = minutes // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


@register.filter
def file_size(size: int) -> str:
    return filesizeformat(size)


@register.filter
def paragraphs(text: str | None) -> SafeString:
    """Plain text as escaped paragraphs: a blank line parts them, a line end stays one."""
    blocks = [block.strip("\n") for block in normalize_newlines(text or "").split("\n\n") if block.strip()]
    return format_html_join("\n", "<p>{}</p>", ((_with_breaks(block),) for block in blocks))


def _with_breaks(block: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in block.split("\n")))


class Look(NamedTuple):
    tone: str
    icon: str


DONE, RUNNING, HANDED_ON, STOPPED = (
    Look("done", "circle-check"),
    Look("info", "circle-dot"),
    Look("neutral", "corner-up-right"),
    Look("neutral", "circle-slash"),
)
REFUSED = Look("warn", "shield-off")
LOOKS: dict[str, Look] = {
    InquiryOutcome.ANSWERED: DONE,
    InquiryOutcome.PARTLY_ANSWERED: Look("warn", "circle-check"),
    InquiryOutcome.REDIRECTED: HANDED_ON,
    InquiryOutcome.ADVICE_GIVEN: HANDED_ON,
    InquiryOutcome.WITHDRAWN: STOPPED,
    InquiryOutcome.NOT_A_REQUEST: STOPPED,
    InquiryOutcome.FOREIGN_PRESS: HANDED_ON,
    InquiryOutcome.OFF_SYSTEM: Look("danger", "lock"),
    InquiryOutcome.REFUSED: REFUSED,
    InquiryOutcome.PARTLY_REFUSED: REFUSED,
    InquiryOutcome.WITHHELD: REFUSED,
    QuestionOutcome.OPEN: RUNNING,
    QuestionOutcome.NOT_ANSWERED: STOPPED,
    Competence.UNDECIDED: Look("neutral", "circle-dashed"),
    Competence.OURS: Look("info", "landmark"),
    Competence.OTHER_AGENCY: HANDED_ON,
    Competence.STATE_SECRET: Look("danger", "lock"),
    Urgency.URGENT: Look("danger", "triangle-alert"),
    MailStatus.PENDING: Look("info", "hourglass"),
    MailStatus.SENT: DONE,
    MailStatus.FAILED: Look("danger", "circle-x"),
}
PLAIN = Look("neutral", "circle")


@register.simple_tag
def status_badge(value: Any, label: Any = "") -> str:
    """The badge of a stored value; the words are its own label unless others are given."""
    look = LOOKS.get(value, PLAIN)
    text = label or getattr(value, "label", value)
    context = {"tone": look.tone, "icon": look.icon, "text": text}
    return render_to_string("core/components/_badge.html", context)


@register.simple_block_tag
def card(content: str, title: Any = "", **look: Any) -> str:
    """A titled surface around what stands between the tags; `icon`, `tone`, `id`, `level` are optional."""
    return render_to_string("core/components/_card.html", {"title": title, "body": content, **look})
