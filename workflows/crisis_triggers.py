"""What a crisis was assessed to be, how its level changed, what was said, how it ended: written once.

A review loses the draft it opened where that draft is dropped, and nothing else. A text that was said, or agreed on
between agencies, and what each of them said of it never change.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.triggers import Trigger, differ, protecting

ASSESSMENT = "workflows_assessment"
SIGNS = "workflows_assessment_signs"
LEVEL = "workflows_levelchange"
END = "workflows_standdown"
REVIEW = "workflows_review"
REVIEWED = ("id", "crisis_id", "late", "lessons", "proposed_change", "reviewed_by_id", "reviewed_at")
NUMBERED = {"workflows_statementtext": "statement_id", "workflows_jointtext": "matter_id"}
VOICE = "workflows_jointvoice"


def triggers(vendor: str) -> Iterator[Trigger]:
    yield from protecting(ASSESSMENT, vendor=vendor, same="id = NEW.id")
    same = "id = NEW.id OR (assessment_id = NEW.assessment_id AND playbooksign_id = NEW.playbooksign_id)"
    yield from protecting(SIGNS, vendor=vendor, same=same)
    yield from protecting(LEVEL, vendor=vendor, same="id = NEW.id")
    yield from protecting(END, vendor=vendor, same="id = NEW.id OR crisis_id = NEW.crisis_id")
    same = "id = NEW.id OR crisis_id = NEW.crisis_id"
    yield from protecting(REVIEW, vendor=vendor, changed=_changed(vendor), same=same)
    yield from _on_words(vendor)


def _on_words(vendor: str) -> Iterator[Trigger]:
    for table, owner in NUMBERED.items():
        same = f"id = NEW.id OR ({owner} = NEW.{owner} AND number = NEW.number)"
        yield from protecting(table, vendor=vendor, same=same)
    yield from protecting(VOICE, vendor=vendor, same="id = NEW.id")


def _changed(vendor: str) -> str:
    another = f"({differ(['draft_id'], vendor)}) AND NEW.draft_id IS NOT NULL"
    return f"{differ(REVIEWED, vendor)} OR {another}"
