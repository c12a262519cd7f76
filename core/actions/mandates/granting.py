"""Mandates granted: by a post, by an assignment decision, by the head's signature under a delegation letter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import events, permissions
from core.actions import deadlines, trail
from core.enums import MandateKind
from core.errors import Invalid
from core.models import (
    Agency,
    Case,
    LocalRule,
    Mandate,
    MandateForm,
    MandateQuestion,
    Person,
    Post,
    RuleValue,
)
from core.queries import delegations as delegation_queries
from core.queries import law
from core.queries import mandates as queries
from core.rules import delegations as rules
from core.rules import mandates as mandate_rules
from core.rules.delegations import Ineligible, Proposal

from .access import about, let_in
from .ending import end_with_post


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The signed delegation letter: its number and date, when it was signed, and on paper who filed the scan."""

    number: str
    on: date
    signed_at: datetime
    sha256: str = ""
    is_on_paper: bool = False


def record_ex_officio(*, post: Post, by: Person | None, at: datetime) -> Mandate:
    """Who holds a post of headship speaks by it for as long as it lasts, and while nobody above is in office."""
    return _record(
        Mandate(
            kind=MandateKind.EX_OFFICIO, agency=post.agency, person=post.person, post=post,
            valid_from=post.valid_from, valid_until=post.granted_until, granted_until=post.granted_until,
            recorded_at=at,
        ),
        by=by,
        at=at,
    )  # fmt: skip


@transaction.atomic
def assign_standing_spokesperson(
    *,
    person: Person,
    agency: Agency,
    document_number: str,
    document_date: date,
    valid_from: datetime,
    by: Person | None,
    at: datetime,
    valid_until: datetime | None = None,
    decided_at: datetime | None = None,
    published_at: datetime | None = None,
) -> Mandate:
    """Record the assignment decision of a standing spokesperson (Decree 244/2026 art 3.2.b), and its publication owed.

    The law of the day of the decision says whether this kind of agency has one. Raises Ineligible, naming it.
    """
    if not document_number.strip():
        raise Invalid(_("A standing spokesperson is assigned by a numbered decision."))
    kinds = law.rule_value(law.rule_key(delegation_queries.TYPES), agency=agency, on=document_date)
    if MandateKind.STANDING not in (kinds.value if isinstance(kinds.value, list) else []):
        raise Ineligible(
            _("On that day the law knows no standing spokesperson for this kind of agency."), kinds,
            field="document_date",
        )  # fmt: skip
    mandate = Mandate(
        kind=MandateKind.STANDING, agency=agency, person=person, document_number=document_number.strip(),
        document_date=document_date, valid_from=valid_from, valid_until=valid_until, granted_until=valid_until,
        rule_set=law.rule_set(document_date), recorded_at=at,
    )  # fmt: skip
    since = deadlines.decided(document_date, decided_at=decided_at)
    _record(mandate, by=by, at=at, provision=kinds.provision.code)
    key = deadlines.SPOKESPERSON
    deadlines.owe_publication(
        mandate=mandate, key_code=key, started_at=since, by=by, at=at, published_at=published_at
    )
    return mandate


def _record(mandate: Mandate, *, by: Person | None, at: datetime, provision: str = "") -> Mandate:
    mandate.save()
    data = about(
        mandate,
        mandate_kind=str(mandate.kind),
        document_date=str(mandate.document_date or ""),
        valid_from=mandate.valid_from,
        valid_until=mandate.valid_until,
        provision=provision,
    )
    rule_set = mandate.rule_set.code if mandate.rule_set else ""
    trail.record(
        events.MANDATE_RECORDED, case=None, by=by, at=at, subject=mandate, data=data, rule_set=rule_set
    )
    return mandate


def check_proposal(proposal: Proposal, *, signer: Person, signed_at: datetime) -> str:
    """Raise why this delegation could not be signed at the instant; return the warning to show, or nothing.

    Raises Ineligible naming the provision or local rule, OutsideTheList, Overlapping, Invalid or NotAllowedNow.
    """
    agency = proposal.agency
    regime = delegation_queries.regime(agency, at=signed_at)
    delegate = delegation_queries.delegate(proposal.to, agency=agency, at=signed_at)
    rules.check(
        proposal,
        regime=regime,
        delegate=delegate,
        signer=signer,
        others=queries.delegations_of(proposal.case),
        signed_at=signed_at,
    )
    return rules.warning_of(delegate, regime)


@transaction.atomic
def delegate(*, proposal: Proposal, letter: Letter, signed_by: Person, by: Person, at: datetime) -> Mandate:
    """Give the delegation that the head signed: once, for one case and a limited term.

    `by` is the head who signs, or on paper the clerk who files the letter at `at`, from which it counts as known. It
    is in force from its beginning, never before it was signed. The law is that of the signing instant.
    Raises NotTheHead for a signer not in office then, and what `check_proposal` raises.
    """
    if letter.signed_at > at:
        raise Invalid(
            _("The instant of signing lies in the future. Nothing was registered; what you typed is kept."),
            fields={"signed_at": _("This time has not come yet.")},
        )
    case = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency__parent")
        .get(pk=proposal.case.pk)
    )
    queries.hold(signed_by, agency=case.agency)
    permissions.check_heads(signed_by, agency=case.agency, at=letter.signed_at)
    current = replace(proposal, case=case)
    warning = check_proposal(current, signer=signed_by, signed_at=letter.signed_at)
    regime = delegation_queries.regime(case.agency, at=letter.signed_at)
    mandate = _granted(current, letter, regime, signed_by=signed_by, at=at)
    _record_delegation(mandate, current, letter, regime, warning=warning, by=by, at=at)
    key = deadlines.DELEGATION
    deadlines.owe_publication(mandate=mandate, key_code=key, started_at=letter.signed_at, by=by, at=at)
    end_with_post(mandate, by=by, at=at)
    if not mandate_rules.is_over(mandate, at=at):
        let_in(mandate, by=by, at=at)
    return mandate


def _granted(
    proposal: Proposal, letter: Letter, regime: rules.Regime, *, signed_by: Person, at: datetime
) -> Mandate:
    mandate = Mandate.objects.create(
        kind=MandateKind.DELEGATED, agency=proposal.agency, person=proposal.to, case=proposal.case,
        document_number=letter.number, document_date=letter.on, document_sha256=letter.sha256,
        signed_at=letter.signed_at, signed_by=signed_by, circumstance=proposal.circumstance,
        reason=proposal.reason.strip(), rule_set=regime.rule_set,
        valid_from=max(proposal.valid_from, letter.signed_at), valid_until=proposal.valid_until,
        granted_until=proposal.valid_until, recorded_at=at,
    )  # fmt: skip
    MandateForm.objects.bulk_create(MandateForm(mandate=mandate, form=form) for form in proposal.forms)
    MandateQuestion.objects.bulk_create(
        MandateQuestion(mandate=mandate, question=question) for question in proposal.questions
    )
    return mandate


def _record_delegation(
    mandate: Mandate,
    proposal: Proposal,
    letter: Letter,
    regime: rules.Regime,
    *,
    warning: str,
    by: Person,
    at: datetime,
) -> None:
    local: list[LocalRule] = [rule for rule in (regime.local_to, regime.local_when) if rule]
    legal: list[RuleValue] = [regime.to, regime.when]
    data = about(
        mandate,
        document_date=str(letter.on),
        document_sha256=letter.sha256,
        signed_at=letter.signed_at,
        signed_by=mandate.signed_by.full_name if mandate.signed_by else "",
        valid_from=mandate.valid_from,
        valid_until=mandate.granted_until,
        forms=[str(form) for form in proposal.forms],
        questions=[question.pk for question in proposal.questions],
        circumstance=str(proposal.circumstance),
        provision=[rule.provision.code for rule in legal],
        local_rule=[rule.pk for rule in local],
        outside_list=bool(warning),
        overlaps=bool(proposal.overlap_note.strip()),
        on_paper=letter.is_on_paper,
    )
    trail.record(
        events.MANDATE_DELEGATED, case=proposal.case, by=by, at=at, subject=mandate, data=data,
        reason=proposal.reason.strip(), object_hash=letter.sha256, occurred_at=letter.signed_at,
        rule_set=regime.rule_set.code,
    )  # fmt: skip
