"""The report that follows the quick one on a crisis (báo cáo, BC; Decree 30/2020): upward, once the office is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from core.errors import Invalid
from documents.rules.layout import DRILL, instant_in_words
from documents.rules.wording import cleaned, paragraphs

LINES = ("what", "where", "when", "said", "needed")


@dataclass(frozen=True, kw_only=True)
class Said:
    """A statement released so far, in which form and when."""

    at: datetime
    form: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CrisisFacts:
    """What both papers state. Times are aware.

    `level` is of the agency's own regulation, which the paper says; only `duty`, the provision cited in full, is law.
    Where that sets no limit there is no `due`. `first_report` and `first_at` are the quick report that went first.
    """

    reference: str
    title: str
    what: str
    where: str
    when: str
    said: str
    needed: str
    level: str
    first_report: str
    first_at: datetime
    recipients: tuple[str, ...]
    duty: str = ""
    starts_at: datetime | None = None
    due: datetime | None = None
    statements: tuple[Said, ...] = ()
    is_closing: bool = False
    is_drill: bool = False


class CrisisReportLetter:
    code: ClassVar[str] = "crisis_report"
    kind_code: ClassVar[str] = "report"
    template: ClassVar[str] = "documents/print/crisis_report.html"

    @classmethod
    def facts(cls, given: CrisisFacts) -> Mapping[str, Any]:
        names = [f"{cleaned(each)} (để báo cáo)" for each in given.recipients]
        return {"letter": cls.code, **common(given), "recipients": names}


def common(given: CrisisFacts) -> dict[str, Any]:
    """Raises Invalid where one of the five lines is empty, or it goes to nobody."""
    lines = {name: paragraphs(getattr(given, name)) for name in LINES}
    if not all(lines.values()) or not given.recipients:
        raise Invalid(
            _(
                "The paper states what, where, when, what was said and what is needed, and to whom. "
                "Complete the report first; no document was made."
            )
        )
    return lines | {
        "reference": cleaned(given.reference),
        "title": cleaned(given.title),
        "level": cleaned(given.level),
        "duty": cleaned(given.duty),
        "starts": instant_in_words(given.starts_at) if given.starts_at else "",
        "due": instant_in_words(given.due) if given.due else "",
        "statements": [
            {"at": instant_in_words(each.at), "form": cleaned(each.form), "text": paragraphs(each.text)}
            for each in given.statements
        ],
        "first_report": cleaned(given.first_report),
        "first_at": instant_in_words(given.first_at),
        "is_closing": given.is_closing,
        "drill": DRILL if given.is_drill else "",
        "archive": "",
    }
