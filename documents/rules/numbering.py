"""Numbers and symbols of documents (Decree 30/2020 art 15 and Appendix I)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.errors import Invalid

# One series for all administrative documents: what an agency decides when it keeps a single register.
ALL_DOCUMENTS = "outgoing"
NOTATION = re.compile(r"[^\W\d_][\w&]*(?:[-.][\w&]+)*")
NOTATION_LIMIT = 30
NUMBER_LIMIT = 999_999


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The day of an instant where the agency works; the year of the series follows it."""
    return at.astimezone(zone).date()


def next_number(*, last: int, highest_taken: int | None) -> int:
    """One more than the last given; numbers entered by hand in the same year are never given again."""
    return max(last, highest_taken or 0) + 1


def notation(*, abbreviation: str, agency_symbol: str, unit_symbol: str) -> str:
    """The part after the slash: `SNV-VP` for an official letter, `TB-SNV` for a kind with an abbreviation."""
    parts = (abbreviation, agency_symbol) if abbreviation else (agency_symbol, unit_symbol)
    return "-".join(part.strip() for part in parts if part.strip())


def symbol(*, number: int, notation: str) -> str:
    """A number below 10 takes a leading zero; no spaces around the slash."""
    return f"{number:02d}/{notation}"


def check_number(number: int) -> None:
    if not 1 <= number <= NUMBER_LIMIT:
        sentence = _("The number must be a whole number from 1 to %(limit)s.") % {"limit": NUMBER_LIMIT}
        raise Invalid(sentence, fields={"number": sentence})


def check_notation(given: str) -> str:
    """The symbol as entered, in composed letters; it has no spaces and no slash."""
    cleaned = unicodedata.normalize("NFC", given.strip())
    if len(cleaned) > NOTATION_LIMIT or not NOTATION.fullmatch(cleaned):
        sentence = _(
            "The symbol is written like SNV-VP: letters and hyphens, without spaces, at most %(limit)s."
        ) % {"limit": NOTATION_LIMIT}
        raise Invalid(sentence, fields={"notation": sentence})
    return cleaned


def check_date(day: date, *, today: date, agency_from: date | None) -> None:
    """A document is not dated in the future, nor before its agency existed."""
    sentence = ""
    if day > today:
        sentence = _(
            "The date of the document lies in the future. Enter the date on which the number was given."
        )
    elif agency_from and day < agency_from:
        sentence = _(
            "On this date the agency did not exist yet. Enter the date on which the number was given."
        )
    if sentence:
        raise Invalid(sentence, fields={"issued_on": sentence})
