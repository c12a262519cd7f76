"""What people decide about the law: which of two governs, what its text says, what their own regulation adds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import trail
from core.enums import Codename, LimitUnit, StartingEvent
from core.errors import Invalid, NotAllowedNow, Refused
from core.models import (
    Agency,
    Inquiry,
    LegalBasis,
    LocalRegulation,
    LocalRule,
    Person,
    Provision,
    RuleKey,
    RuleSet,
    RuleSetChoice,
    TrailEntry,
)
from core.models.law import RuleContent
from core.queries import law as queries
from core.rules import law as rules
from core.rules.deadlines import local_day
from core.rules.law_words import said
from core.rules.text import clean_line, clean_text

VERBATIM_LIMIT = 20_000


class ReasonNeeded(Invalid):
    """A decision that stands in the trail needs its reason."""

    def __init__(self) -> None:
        super().__init__(
            _("A reason is needed; it stands in the decision trail. What you typed is kept."),
            fields={"reason": _("Give the reason.")},
        )


def reasoned(reason: str) -> str:
    """The reason without its edges. Raises ReasonNeeded for an empty one."""
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()


# Which law governs


@transaction.atomic
def choose_rule_set(
    *, inquiry: Inquiry, rule_set: RuleSet, reason: str, by: Person, at: datetime
) -> RuleSetChoice:
    """Choose the law that governs an inquiry between two regimes. Stored for good; a later choice is another row."""
    permissions.check_role(by, Codename.CHOOSE_LAW, agency=inquiry.agency, at=at)
    permissions.check_can_see(by, inquiry.case, at=at)
    why = reasoned(reason)
    straddled = queries.straddled(inquiry, at=at)
    if len(straddled) < 2:
        raise NotAllowedNow(
            _("One law governs this inquiry from its receipt to now; there is nothing to choose.")
        )
    if rule_set not in straddled:
        raise Invalid(
            _(
                "This law was in force neither at the receipt nor now. Choose one of those shown; your reason is kept."
            ),
            fields={"rule_set": _("Choose one.")},
        )
    proposed = queries.rule_set(local_day(at))
    choice = RuleSetChoice.objects.create(
        inquiry=inquiry, act_at=at, proposed=proposed, chosen=rule_set, reason=why, chosen_by=by, chosen_at=at
    )
    data: dict[str, trail.Value] = {
        "inquiry": inquiry.pk, "reference": inquiry.reference, "choice": choice.pk, "act_at": at,
        "proposed": proposed.code, "chosen": rule_set.code,
    }  # fmt: skip
    trail.record(
        events.RULE_SET_CHOSEN, case=inquiry.case, by=by, at=at, subject=inquiry, data=data, reason=why,
        rule_set=rule_set.code,
    )  # fmt: skip
    return choice


def rest_on(
    provisions: Iterable[Provision], *, inquiry: Inquiry, rule_set: RuleSet, entry: TrailEntry, at: datetime
) -> None:
    """Keep on which provisions a decision rests, beside its entry in the trail."""
    LegalBasis.objects.bulk_create(
        LegalBasis(
            inquiry=inquiry, provision=provision, rule_set=rule_set, entry_id=entry.entry_id, decided_at=at
        )
        for provision in provisions
    )


# Its text


@transaction.atomic
def enter_verbatim(*, provision: Provision, text: str, by: Person, at: datetime) -> None:
    """Enter the text of a provision as the gazette has it; until another person checks it, it counts as unchecked."""
    permissions.check_right(by, Codename.KEEP_LAW, at=at)
    wording = clean_text(text, limit=VERBATIM_LIMIT)
    if not wording:
        raise Invalid(
            _("Enter the text of the provision. What you typed is kept."),
            fields={"text": _("Enter the text.")},
        )
    row = Provision.objects.select_for_update(no_key=True).get(pk=provision.pk)
    row.verbatim, row.entered_by, row.entered_at = wording, by, at
    row.checked_by, row.checked_at = None, None
    row.save(update_fields=["verbatim", "entered_by", "entered_at", "checked_by", "checked_at"])
    trail.record(events.VERBATIM_ENTERED, case=None, by=by, at=at, subject=row, data=_text_data(row))


@transaction.atomic
def check_verbatim(*, provision: Provision, sha256: str, by: Person, at: datetime) -> None:
    """Confirm that the entered text is the gazette's; never by whoever entered it, and only the text that was shown."""
    permissions.check_right(by, Codename.KEEP_LAW, at=at)
    row = Provision.objects.select_for_update(no_key=True).get(pk=provision.pk)
    if not row.verbatim or text_sha256(row.verbatim) != sha256:
        raise NotAllowedNow(
            _("The text was changed meanwhile. Read it again and check what now stands there.")
        )
    if row.entered_by_id == by.pk:
        raise Refused(_("Whoever entered the text does not check it. Ask another legal officer."))
    row.checked_by, row.checked_at = by, at
    row.save(update_fields=["checked_by", "checked_at"])
    trail.record(events.VERBATIM_CHECKED, case=None, by=by, at=at, subject=row, data=_text_data(row))


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text_data(provision: Provision) -> dict[str, trail.Value]:
    return {
        "provision": provision.code, "citation": provision.citation, "sha256": text_sha256(provision.verbatim)
    }  # fmt: skip


# The agency's own regulation


@dataclass(frozen=True, kw_only=True)
class NewLocalRule:
    """What a provision of the agency's own regulation says of one rule, from a day on."""

    key: RuleKey
    value: RuleContent
    unit: LimitUnit
    article: str
    statement: str
    valid_from: date
    valid_until: date | None = None
    start: StartingEvent | None = None
    stops_with_clock: bool = False


@transaction.atomic
def record_regulation(
    *,
    agency: Agency,
    number: str,
    on: date,
    title: str,
    by: Person | None,
    at: datetime,
    valid_from: date,
    valid_until: date | None = None,
) -> LocalRegulation:
    """Record an agency's own regulation (Decree 244/2026 art 8.3). Its rules follow one by one."""
    _check_keeper(by, agency, at=at)
    named = clean_line(number, limit=60)
    if not named or not title.strip():
        raise Invalid(_("A regulation has a number, a date and a title. What you typed is kept."))
    if LocalRegulation.objects.filter(agency=agency, number=named).exists():
        raise Invalid(
            _(
                "The regulation %(number)s is already recorded. Add its rule to that one; what you typed is kept."
            )
            % {"number": named},
            fields={"number": _("Already recorded.")},
        )
    _check_order(valid_from, valid_until)
    regulation = LocalRegulation.objects.create(
        agency=agency, number=named, date=on, title=clean_line(title, limit=300), valid_from=valid_from,
        valid_until=valid_until, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    data: dict[str, trail.Value] = {"regulation": regulation.pk, "number": regulation.number, "date": str(on)}
    trail.record(events.LOCAL_REGULATION_RECORDED, case=None, by=by, at=at, subject=regulation, data=data)
    return regulation


@transaction.atomic
def record_local_rule(
    *, regulation: LocalRegulation, rule: NewLocalRule, by: Person | None, at: datetime
) -> LocalRule:
    """Add a rule of a regulation. Raises LooserThanLaw, naming the provision it would break."""
    agency = regulation.agency
    _check_keeper(by, agency, at=at)
    _check_order(rule.valid_from, rule.valid_until)
    _check_within(regulation, rule)
    proposed = rules.ProposedRule(key=rule.key, value=rule.value, unit=rule.unit, start=rule.start)
    meeting = queries.values_meeting(
        rule.key, agency=agency, valid_from=rule.valid_from, valid_until=rule.valid_until
    )
    rules.check_no_looser(proposed, meeting, grounds=queries.list_of_grounds(rule.valid_from))
    _check_alone(agency, rule)
    row = LocalRule.objects.create(
        regulation=regulation, agency=agency, key=rule.key, value=rule.value, unit=rule.unit,
        start=rule.start or "", article=clean_line(rule.article, limit=80),
        statement=clean_text(rule.statement, limit=2_000), valid_from=rule.valid_from,
        valid_until=rule.valid_until, stops_with_clock=rule.stops_with_clock,
    )  # fmt: skip
    data: dict[str, trail.Value] = {
        "local_rule": row.pk, "regulation": regulation.pk, "number": regulation.number, "key": rule.key.code,
        "value": said(rule.value, rule.unit), "unit": rule.unit.value, "article": row.article,
        "valid_from": str(rule.valid_from), "valid_until": str(rule.valid_until or ""),
    }  # fmt: skip
    trail.record(events.LOCAL_RULE_RECORDED, case=None, by=by, at=at, subject=row, data=data)
    return row


@transaction.atomic
def end_local_rule(*, rule: LocalRule, valid_until: date, by: Person, at: datetime) -> None:
    """End a local rule on a day; what was decided under it stays as it was."""
    _check_keeper(by, rule.agency, at=at)
    row = (
        LocalRule.objects.select_for_update(no_key=True, of=("self",))
        .select_related("key", "regulation")
        .get(pk=rule.pk)
    )
    if row.valid_until is not None and row.valid_until <= valid_until:
        raise NotAllowedNow(_("The rule already ends on %(day)s.") % {"day": f"{row.valid_until:%d/%m/%Y}"})
    _check_order(row.valid_from, valid_until)
    row.valid_until = valid_until
    row.save(update_fields=["valid_until"])
    data: dict[str, trail.Value] = {
        "local_rule": row.pk, "regulation": row.regulation_id, "number": row.regulation.number,
        "key": row.key.code, "valid_until": str(valid_until),
    }  # fmt: skip
    trail.record(events.LOCAL_RULE_ENDED, case=None, by=by, at=at, subject=row, data=data)


def _check_keeper(by: Person | None, agency: Agency, *, at: datetime) -> None:
    if by is not None:
        permissions.check_role(by, Codename.KEEP_LOCAL_RULES, agency=agency, at=at)


def _check_order(valid_from: date | None, valid_until: date | None) -> None:
    if valid_from and valid_until and valid_until <= valid_from:
        raise Invalid(
            _("The end must come after the start. What you typed is kept."),
            fields={"valid_until": _("This lies before the start.")},
        )


def _check_within(regulation: LocalRegulation, rule: NewLocalRule) -> None:
    begins_early = regulation.valid_from is not None and rule.valid_from < regulation.valid_from
    ends_late = regulation.valid_until is not None and (
        rule.valid_until is None or rule.valid_until > regulation.valid_until
    )
    if begins_early or ends_late:
        raise Invalid(
            _("The rule holds only while its regulation does. What you typed is kept."),
            fields={"valid_from": _("Outside the time of the regulation.")},
        )


def _check_alone(agency: Agency, rule: NewLocalRule) -> None:
    others = LocalRule.objects.filter(agency=agency, key=rule.key)
    others = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=rule.valid_from))
    if rule.valid_until is not None:
        others = others.filter(valid_from__lt=rule.valid_until)
    if others.exists():
        raise Invalid(
            _(
                "The agency already has a local rule for “%(key)s” in that time. End it first; what you typed is kept."
            )
            % {"key": rule.key.title},
            fields={"valid_from": _("Overlaps another local rule.")},
        )
