"""Triggers by which the database itself refuses to change why and how a question was refused.

A version and a decision lose their words by a purge, and nothing else; which statement told of it never changes. That a
question comes back is settled once done, what a second look found once it is judged; a purge takes their words too.
Those of playbooks and crises stand beside. Installed and checked together with those of the trail.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.triggers import Trigger, differ, protecting
from workflows import crisis_triggers, playbook_triggers, report_triggers

VERSION = "workflows_refusalversion"
DECISION = "workflows_refusaldecision"
STATED = "workflows_statedoutcome"
BACK = "workflows_bringback"
LOOK = "workflows_reconsideration"
KEPT = (
    "id", "refusal_id", "number", "step", "author_id", "at", "rule_set_id", "outcome", "ground_id", "redirected_to",
    "watch_kind", "watch_on",
)  # fmt: skip
WORDS = ("facts", "reason", "watch_what", "sha256")
DECIDED = (
    "id", "refusal_id", "version_id", "outcome", "rule_set_id", "ground_id", "citation", "decided_by_id",
    "decider_post", "decided_at", "mandate_id", "entry_id",
)  # fmt: skip
COMES_BACK = ("cause", "happened_at", "recorded_by_id", "recorded_at")
ASKED = ("id", "refusal_id", "received_at", "asked_by", "recorded_by_id", "recorded_at")
JUDGED = ("result", "judged_by_id", "judged_at")


def triggers(vendor: str) -> Iterator[Trigger]:
    same = "id = NEW.id OR (refusal_id = NEW.refusal_id AND number = NEW.number)"
    yield from protecting(VERSION, vendor=vendor, changed=_changed(vendor), same=same)
    same = "id = NEW.id OR refusal_id = NEW.refusal_id OR version_id = NEW.version_id"
    yield from protecting(DECISION, vendor=vendor, changed=_changed_decision(vendor), same=same)
    yield from protecting(STATED, vendor=vendor, same="id = NEW.id OR decision_id = NEW.decision_id")
    same = "id = NEW.id OR refusal_id = NEW.refusal_id"
    yield from protecting(BACK, vendor=vendor, changed=_changed_back(vendor), same=same)
    yield from protecting(LOOK, vendor=vendor, changed=_changed_look(vendor), same="id = NEW.id")
    yield from playbook_triggers.triggers(vendor)
    yield from crisis_triggers.triggers(vendor)
    yield from report_triggers.triggers(vendor)


def _changed(vendor: str) -> str:
    blank = "NEW.facts = '{}' AND NEW.reason = '' AND NEW.watch_what = '' AND NEW.sha256 = ''"
    return f"{differ(KEPT, vendor)} OR ({differ(WORDS, vendor)}) AND NOT ({blank})"


def _changed_decision(vendor: str) -> str:
    return f"{differ(DECIDED, vendor)} OR {_reworded('remark', vendor)}"


def _changed_back(vendor: str) -> str:
    """Until it is done, a second look may let the question come back at once."""
    anew = f"({differ(COMES_BACK, vendor)}) AND NOT (OLD.done_at IS NULL AND NEW.cause = 'reconsidered')"
    done_again = f"OLD.done_at IS NOT NULL AND ({differ(['done_at'], vendor)})"
    reworded = f"{_reworded('note', vendor)} AND NOT (OLD.done_at IS NULL AND NEW.cause = 'reconsidered')"
    return f"{differ(['id', 'refusal_id'], vendor)} OR {anew} OR {done_again} OR {reworded}"


def _changed_look(vendor: str) -> str:
    once = [
        f"OLD.result <> '' AND ({differ(JUDGED, vendor)} OR {_reworded('reason', vendor)})",
        *(
            f"OLD.{column} IS NOT NULL AND ({differ([column], vendor)})"
            for column in ("signer_id", "statement_id")
        ),
    ]
    return " OR ".join([differ(ASKED, vendor), _reworded("gist", vendor), *once])


def _reworded(column: str, vendor: str) -> str:
    """The condition that an update does anything else to these words than take them away."""
    return f"({differ([column], vendor)}) AND NEW.{column} <> ''"
