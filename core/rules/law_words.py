"""What the law says of a rule, as a person reads it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.enums import LimitUnit, MandateKind, PostKind, Role, Secret, StatementForm
from core.models import LocalRule, RuleValue
from core.models.law import RuleContent

ANY = "*"
# Stands beside every statement of the project's own, wherever one is shown.
PARAPHRASE = _("paraphrase, not the text itself")
LISTED: dict[str, str | Promise] = {
    **{kind.value: kind.label for kind in PostKind},
    ANY: _("no restriction"),
    "head": Role.HEAD.label,
    "deputy_head": Role.DEPUTY_HEAD.label,
    "standing": MandateKind.STANDING.label,
    "delegated": MandateKind.DELEGATED.label,
    **{form.value: form.label for form in StatementForm},
    "correction_demand": _("Demand for a correction"),
    "written": _("in writing"),
    "one_case": _("for one matter"),
    "limited_term": _("for a limited time"),
    "forbidden": _("forbidden"),
    "head_unable": _("when the head cannot speak"),
    "unexpectedly_busy": _("when the head is unexpectedly busy"),
    "assigned": _("when the head gives the matter to the delegate"),
    "place": _("place"),
    "time": _("time"),
    "content": _("content"),
    "chair": _("chair"),
    "legality_documents": _("papers that show it is lawful"),
    "invited_press_list": _("list of the press invited"),
    "delegated_speech": _("for what a delegate says"),
    "late_speech": _("for speaking late"),
    "evasion": _("for evading"),
    "inconsistent_information": _("for inconsistent information"),
    **{secret.value: secret.label for secret in Secret},
}


def said(value: RuleContent, unit: str) -> str:
    """A rule's value: 15 working days, a list in words, or that there is no limit."""
    if unit == LimitUnit.LIST and isinstance(value, list):
        return ", ".join(str(LISTED.get(code, code)) for code in value)
    if value is None:
        return str(LimitUnit(unit).label)
    if unit == LimitUnit.BEFORE_DATE:
        month, day = str(value).split("-")
        return f"{LimitUnit(unit).label}: {day}/{month}"
    return f"{value} {LimitUnit(unit).label}"


def said_of(rule: RuleValue | LocalRule) -> str:
    """The same of a rule; one that starts from nothing is no clock, so it is not said to lack a time limit."""
    if rule.unit == LimitUnit.NONE and not rule.start:
        return gettext("applies, without a time limit")
    return said(rule.value, rule.unit)
