"""Whether a delegation of speaking may be given: who delegates, to whom, when, for how long. Pure.

Decree 09/2017 art 3 until 30/6/2026, Decree 244/2026 art 3 from 1/7/2026; an agency's stricter rule on top of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core.enums import HEADSHIP, Circumstance, LimitUnit, MandateKind, PostKind, StatementForm
from core.errors import Invalid, NotAllowedNow, Refused, Sentence
from core.models import Agency, Case, LocalRule, Mandate, Person, Post, Question, RuleSet, RuleValue
from core.rules import mandates as mandate_rules
from core.rules.law_words import ANY, LISTED, said_of
from core.rules.mandates import in_full

NO_TIME = timedelta()
# A form proposes the present minute and takes its time to fill in. It gives nothing: no delegation holds before it
# is signed.
TYPING = timedelta(hours=1)
# A list that says “deputy head” means every deputy, whatever he is charged with meanwhile.
MEANT = {
    PostKind.DEPUTY_HEAD.value: (PostKind.DEPUTY_HEAD, PostKind.DEPUTY_RUNNING, PostKind.DEPUTY_IN_CHARGE),
    PostKind.HEAD.value: HEADSHIP,
}
SPANS = {LimitUnit.HOURS: timedelta(hours=1), LimitUnit.DAYS: timedelta(days=1)}


class NotTheHead(Refused):
    """Only the head in office delegates, and nobody passes a mandate on (Decree 244/2026 art 3.5, 3.6)."""


class Ineligible(Invalid):
    """The law of the signing instant, or the agency's own rule, does not allow this delegation; it is named."""

    def __init__(self, why: str, rule: RuleValue | LocalRule, *, field: str) -> None:
        self.rule = rule
        super().__init__(
            _("%(why)s It breaks %(citation)s. Nothing was recorded; what you typed is kept.")
            % {"why": why, "citation": citation(rule)},
            fields={field: why},
        )


class OutsideTheList(Invalid):
    """The delegate is not among the posts that the agency counts as responsible persons, and no reason was given."""


class Overlapping(Invalid):
    """Another delegation of the case holds in the same time, and no note says why both are needed."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a delegation letter says. No forms: every form of speaking; no questions: every question of the case.

    Whether its start lies in the past is measured from when it was handed in, or else from its signing: a head who
    signs later than planned delegates from the signature on.
    """

    case: Case
    to: Person
    valid_from: datetime
    valid_until: datetime
    circumstance: Circumstance
    reason: str
    forms: Sequence[StatementForm] = ()
    questions: Sequence[Question] = ()
    outside_list_reason: str = ""
    overlap_note: str = ""
    handed_in_at: datetime | None = None

    @property
    def agency(self) -> Agency:
        return self.case.agency


@dataclass(frozen=True, kw_only=True)
class Regime:
    """The law and the local rules of the signing instant. A missing local rule restricts nothing."""

    rule_set: RuleSet
    to: RuleValue
    when: RuleValue
    local_to: LocalRule | None = None
    local_when: LocalRule | None = None
    responsible: LocalRule | None = None
    longest: LocalRule | None = None
    backdated: LocalRule | None = None


@dataclass(frozen=True, kw_only=True)
class Delegate:
    """What is known of the person to be delegated at the signing instant."""

    person: Person
    posts: Sequence[Post]
    is_closed: bool


def citation(rule: RuleValue | LocalRule) -> str:
    return rule.citation if isinstance(rule, LocalRule) else rule.provision.citation


def not_the_head(
    person: Person,
    *,
    agency: Agency,
    head: Mandate | None,
    posts: Iterable[Post],
    mandates: Iterable[Mandate],
    at: datetime,
) -> NotTheHead:
    """The sentence for somebody who would act as head and is not."""
    if head is None:
        superior = agency.parent.name if agency.parent else _("the superior body")
        return NotTheHead(
            _(
                "%(agency)s has no head at this moment, so nobody can delegate. Report to %(superior)s, which decides."
            )
            % {"agency": agency.name, "superior": superior}
        )
    said = {"head": head.person.full_name, "person": person.full_name, "agency": agency.name}
    if any(post.kind == PostKind.DEPUTY_RUNNING for post in posts):
        return NotTheHead(
            _("%(person)s runs the daily work but is not the head and cannot delegate. Ask %(head)s.") % said
        )
    if any(
        each.kind != MandateKind.EX_OFFICIO and mandate_rules.is_in_force(each, at=at) for each in mandates
    ):
        return NotTheHead(
            _(
                "A mandate to speak is never passed on. Report that you cannot speak; %(head)s then delegates "
                "somebody else."
            )
            % said
        )
    return NotTheHead(_("Only %(head)s, the head of %(agency)s, can do this.") % said)


def check(
    proposal: Proposal,
    *,
    regime: Regime,
    delegate: Delegate,
    signer: Person,
    others: Iterable[Mandate],
    signed_at: datetime,
) -> None:
    """Raise why this letter may not be signed at the instant; `others` are the delegations of the case so far."""
    if not proposal.case.is_open:
        raise NotAllowedNow(
            _("The case %(reference)s is closed, so nobody is delegated for it.")
            % {"reference": proposal.case.reference}
        )
    _check_delegate(delegate, agency=proposal.agency, signer=signer)
    _check_term(proposal, regime, signed_at=signed_at)
    _check_listed(delegate, regime.to, field="to")
    _check_circumstance(proposal, regime.when)
    if regime.local_to:
        _check_listed(delegate, regime.local_to, field="to")
    if regime.local_when:
        _check_circumstance(proposal, regime.local_when)
    _check_reasons(proposal, regime, delegate)
    _check_overlap(proposal, others)


def _refuse(sentence: str, field: str) -> Invalid:
    return Invalid(
        _("%(why)s Nothing was delegated; what you typed is kept.") % {"why": sentence},
        fields={field: sentence},
    )


def _check_delegate(delegate: Delegate, *, agency: Agency, signer: Person) -> None:
    person = delegate.person
    if person.pk == signer.pk:
        raise _refuse(_("The head speaks by the post already and is not delegated."), "to")
    if delegate.is_closed:
        raise _refuse(_("%(person)s has no active account.") % {"person": person.full_name}, "to")
    if not delegate.posts:
        raise _refuse(
            _("%(person)s holds no post in %(agency)s.")
            % {"person": person.full_name, "agency": agency.name},
            "to",
        )


def _check_term(proposal: Proposal, regime: Regime, *, signed_at: datetime) -> None:
    begin, end = proposal.valid_from, proposal.valid_until
    if end <= begin:
        raise _refuse(_("The end must come after the start."), "valid_until")
    if end <= signed_at:
        raise _refuse(_("The term is over before the letter is signed."), "valid_until")
    asked_at = proposal.handed_in_at or signed_at
    earliest = asked_at.replace(second=0, microsecond=0) - (
        span(regime.backdated) if regime.backdated else TYPING
    )
    if begin < earliest:
        raise _refuse(
            _("The start lies in the past. The earliest possible start is %(earliest)s.")
            % {"earliest": in_full(earliest)},
            "valid_from",
        )
    if regime.longest and end - begin > span(regime.longest):
        raise Ineligible(
            _("The term is longer than the local maximum, %(most)s.") % {"most": said_of(regime.longest)},
            regime.longest,
            field="valid_until",
        )


def span(rule: LocalRule | None) -> timedelta:
    """The length a local rule in hours or days allows; without a rule, none."""
    if rule is None or not isinstance(rule.value, int):
        return NO_TIME
    return rule.value * SPANS[LimitUnit(rule.unit)]


def _check_listed(delegate: Delegate, rule: RuleValue | LocalRule, *, field: str) -> None:
    if not holds_one_of(delegate.posts, rule):
        raise Ineligible(
            _("%(person)s cannot be delegated. Only these posts can: %(posts)s.")
            % {"person": delegate.person.full_name, "posts": said_of(rule)},
            rule,
            field=field,
        )


def holds_one_of(posts: Iterable[Post], rule: RuleValue | LocalRule) -> bool:
    """Whether one of the posts is on the list of a rule."""
    listed = rule.value if isinstance(rule.value, list) else []
    meant = {kind for code in listed for kind in MEANT.get(code, (code,))}
    return ANY in listed or any(post.kind in meant for post in posts)


def _check_circumstance(proposal: Proposal, rule: RuleValue | LocalRule) -> None:
    allowed = rule.value if isinstance(rule.value, list) else []
    if ANY not in allowed and proposal.circumstance not in allowed:
        raise Ineligible(
            _("The head delegates only in this case: %(allowed)s.")
            % {"allowed": ", ".join(str(LISTED.get(code, code)) for code in allowed)},
            rule,
            field="circumstance",
        )


def _check_reasons(proposal: Proposal, regime: Regime, delegate: Delegate) -> None:
    if not proposal.reason.strip():
        raise _refuse(_("A delegation needs its reason; it stands in the decision trail."), "reason")
    if proposal.outside_list_reason.strip() or not (warning := warning_of(delegate, regime)):
        return
    raise OutsideTheList(
        _("%(warning)s Say why this person all the same. Nothing was delegated; what you typed is kept.")
        % {"warning": warning},
        fields={"outside_list_reason": _("Say why this person all the same.")},
    )


def warning_of(delegate: Delegate, regime: Regime) -> str:
    """That the delegate holds none of the posts the agency counts as responsible; empty where it lists none."""
    if regime.responsible is None or holds_one_of(delegate.posts, regime.responsible):
        return ""
    return _(
        "%(person)s holds none of the posts that %(citation)s counts as responsible persons: %(posts)s."
    ) % {
        "person": delegate.person.full_name,
        "citation": citation(regime.responsible),
        "posts": said_of(regime.responsible),
    }


def _check_overlap(proposal: Proposal, others: Iterable[Mandate]) -> None:
    found = mandate_rules.overlapping(others, begin=proposal.valid_from, end=proposal.valid_until)
    if found and not proposal.overlap_note.strip():
        named: list[Sentence] = [mandate_rules.document(each) for each in found]
        raise Overlapping(
            _(
                "Another delegation of this case holds in the same time (%(documents)s). Say beside it why both "
                "are needed. Nothing was delegated; what you typed is kept."
            )
            % {"documents": ", ".join(map(str, named))},
            fields={"overlap_note": _("Say why both are needed.")},
        )
