"""Triggers by which the database itself refuses to change what was reported, confirmed or directed in a crisis.

A report, an answer to it by mail, an acknowledgement and a direction never change. A rung of the ladder is climbed
once.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.triggers import Trigger, differ, protecting

REPORT = "workflows_report"
ACKNOWLEDGEMENT = "workflows_acknowledgement"
DIRECTION = "workflows_direction"
REPLY = "workflows_dispatchreply"
RUNG = "workflows_rung"
PLACE = ("id", "dispatch_id", "number", "kind")
CLIMBED = ("due_at", "climbed_at", "to", "contact_id", "step_id")


def triggers(vendor: str) -> Iterator[Trigger]:
    same = "id = NEW.id OR (crisis_id = NEW.crisis_id AND number = NEW.number)"
    yield from protecting(REPORT, vendor=vendor, same=same)
    yield from protecting(ACKNOWLEDGEMENT, vendor=vendor, same="id = NEW.id")
    yield from protecting(DIRECTION, vendor=vendor, same="id = NEW.id OR step_id = NEW.step_id")
    same = "id = NEW.id OR (dispatch_id = NEW.dispatch_id AND message_id = NEW.message_id)"
    yield from protecting(REPLY, vendor=vendor, same=same)
    climbed_again = f"OLD.climbed_at IS NOT NULL AND ({differ(CLIMBED, vendor)})"
    same = "id = NEW.id OR (dispatch_id = NEW.dispatch_id AND number = NEW.number) OR step_id = NEW.step_id"
    yield from protecting(
        RUNG, vendor=vendor, changed=f"{differ(PLACE, vendor)} OR {climbed_again}", same=same
    )
