"""The decision about one question: under a mandate, on a ground in force at its instant, never by the proposer."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import events, permissions
from core.actions import law as law_actions
from core.enums import StatementForm
from core.errors import NotAllowedNow, Refused
from core.models import Mandate, Person, SigningCapacity, TrailEntry
from core.queries import law
from core.queries import mandates as mandate_queries
from core.rules import text
from workflows import nodes
from workflows.refusal import queries
from workflows.refusal.models import (
    Cause,
    Outcome,
    Refusal,
    RefusalDecision,
    RefusalProcess,
    RefusalVersion,
    State,
)
from workflows.refusal.rules.proposals import Proposal

from . import ending, versions
from .recording import record

# On which rules a decision rests besides its ground; withholding rests on none.
RESTS_ON = {
    Outcome.REFUSED: ("duty_to_inform", "refusal_reason"),
    Outcome.REDIRECTED: ("duty_to_inform",),
    Outcome.WITHHELD: (),
}
WHY_NO_LONGER = {
    State.LAPSED: gettext_lazy(
        "The ground for refusing question %(number)s has lapsed, so this is not told to the press any "
        "more. Nothing was sent; the question comes back to be answered."
    ),
    State.ANSWERED: gettext_lazy(
        "A second look found that question %(number)s is to be answered, so its refusal is not told to the press any "
        "more. Nothing was sent; the question comes back to be answered."
    ),
    State.REPLACED: gettext_lazy(
        "A second look replaced the refusal of question %(number)s by another, so this is not told to the press any "
        "more. Nothing was sent; the other refusal has a letter of its own."
    ),
    State.WITHDRAWN: gettext_lazy(
        "The refusal of question %(number)s was given up, so this is not told to the press any more. Nothing was "
        "sent; the page of the case shows where the question stands."
    ),
    State.OFF_SYSTEM: gettext_lazy(
        "Question %(number)s was removed and is handled off-system, so its refusal is not told to the press any more. "
        "Nothing was sent."
    ),
    State.REOPENED: gettext_lazy(
        "The inquiry was reopened and question %(number)s with it, so the earlier refusal is not told to the press "
        "any more. Nothing was sent; the question is open again."
    ),
}


class HoldsNoLonger(NotAllowedNow):
    """What was decided was taken back, so nothing tells the press of it any more."""


def decide(
    *, process: RefusalProcess, sha256: str, by: Person, at: datetime, at_once: bool = False, remark: str = ""
) -> RefusalDecision:
    """Decide what was proposed and reviewed, and say which document will tell the press.

    The law is that of this instant: a ground that is no longer in force is refused, also from a page opened the day
    before. A letter of its own goes out where nothing else is left to say, where the refusal follows another that was
    told already, or where the head sends it at once.
    """
    refusal = process.refusal
    version = versions.seen(refusal, sha256)
    _check_no_author(refusal, by)
    versions.checked(Proposal.of(version), refusal=refusal, at=at)
    if version.outcome == Outcome.WITHHELD or at_once:
        _check_is_head(refusal, by, at=at)
    own_letter = at_once or queries.needs_own_letter(refusal)
    mandate = _mandate(refusal, by, at=at, own_letter=own_letter)
    capacity = permissions.check_may_sign(by, agency=refusal.agency, at=at) if own_letter else None
    process.is_returned = False
    entry = _record(
        refusal, version, by=by, at=at, mandate=mandate, capacity=capacity, at_once=at_once, remark=remark
    )
    decision = _write(refusal, version, entry=entry, by=by, at=at, mandate=mandate, remark=remark)
    _rest(decision, entry, at=at)
    _settle(refusal, own_letter=own_letter)
    nodes.pass_gates(refusal.inquiry)
    return decision


def _mandate(refusal: Refusal, by: Person, *, at: datetime, own_letter: bool) -> Mandate:
    form = StatementForm.PRESS_RELEASE_OR_REPLY if own_letter else refusal.inquiry.settled_form
    return permissions.check_may_speak(
        by,
        agency=refusal.agency,
        case=refusal.case,
        form=form,
        questions=[refusal.question],
        at=at,
        lock=True,
    )


def _check_no_author(refusal: Refusal, by: Person) -> None:
    if refusal.versions.filter(author=by).exists():
        raise Refused(
            _(
                "You proposed this refusal or changed it, so somebody else must decide it. Nothing was changed."
            )
        )


def _check_is_head(refusal: Refusal, by: Person, *, at: datetime) -> None:
    """Raises Refused where somebody else than the head withholds, or sends a letter at once."""
    if not permissions.allowed(permissions.check_heads, by, agency=refusal.agency, at=at):
        raise Refused(
            _(
                "Only the head in office decides “considered, not provided yet”, or sends a letter at once. "
                "Nothing was decided; leave the step to the head."
            )
        )


def _record(
    refusal: Refusal,
    version: RefusalVersion,
    *,
    by: Person,
    at: datetime,
    mandate: Mandate,
    capacity: SigningCapacity | None,
    at_once: bool,
    remark: str,
) -> TrailEntry:
    data = versions.facts(version) | versions.watched(version)
    data |= {
        "citation": version.citation,
        "capacity": str(capacity.capacity) if capacity else "",
        "own_letter": capacity is not None,
        "at_once": at_once,
    }
    return record(
        events.REFUSAL_DECIDED,
        refusal=refusal,
        by=by,
        at=at,
        data=data,
        mandate=mandate,
        reason=remark.strip(),
    )


def _write(
    refusal: Refusal,
    version: RefusalVersion,
    *,
    entry: TrailEntry,
    by: Person,
    at: datetime,
    mandate: Mandate,
    remark: str,
) -> RefusalDecision:
    decision = RefusalDecision.objects.create(
        refusal=refusal, version=version, outcome=version.outcome, ground=version.ground,
        rule_set=queries.governing(refusal.inquiry, at=at),
        citation=version.citation,
        decided_by=by, decider_post=mandate_queries.post_title(by, agency=refusal.agency, at=at), decided_at=at,
        mandate=mandate, remark=text.clean_text(remark, limit=2_000), entry_id=entry.entry_id,
    )  # fmt: skip
    refusal.decision = decision
    return decision


def _rest(decision: RefusalDecision, entry: TrailEntry, *, at: datetime) -> None:
    """Keep on which provisions the decision rests."""
    keys = RESTS_ON[Outcome(decision.outcome)]
    inquiry, rule_set = decision.refusal.inquiry, decision.rule_set
    found = law.provisions_for(inquiry, keys, rule_set=rule_set, at=at) if keys else []
    named = [decision.ground] if decision.ground else []
    law_actions.rest_on([*named, *found], inquiry=inquiry, rule_set=rule_set, entry=entry, at=at)


def _settle(refusal: Refusal, *, own_letter: bool) -> None:
    """The refusal is decided; its own letter tells of it and, where no reply is left, of all others not told yet."""
    besides = [other.pk for other in queries.told_besides(refusal)] if own_letter else []
    refusal.state = State.DECIDED
    refusal.letter_of = refusal if own_letter else None
    refusal.save(update_fields=["state", "letter_of"])
    Refusal.objects.filter(pk__in=besides).update(letter_of=refusal)


def check_still_holds(refusal: Refusal, *, at: datetime) -> None:
    """What is told to the press still holds: nothing has taken the refusal back meanwhile. Raises HoldsNoLonger."""
    state = _state_at(refusal, at=at)
    if state != State.DECIDED:
        sentence = WHY_NO_LONGER.get(state, WHY_NO_LONGER[State.WITHDRAWN])
        raise HoldsNoLonger(sentence % {"number": refusal.question.number})


def _state_at(refusal: Refusal, *, at: datetime) -> State:
    """Of a question that is due to come back the state it then has, whether the sweep has come by or not."""
    back = getattr(refusal, "bring_back", None)
    if refusal.state == State.DECIDED and back is not None and back.happened_at <= at:
        return ending.COMES_BACK_AS[Cause(back.cause)]
    return State(refusal.state)
