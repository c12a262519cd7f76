"""Re-exports only: Django looks here for the app's models, the engine and the procedures own them."""

from workflows.delegation.models import Delegation, DelegationProcess
from workflows.engine.models import SavedInput, TaskAssignment, TaskDeadline
from workflows.press_inquiry.models import (
    ClockStop,
    DraftVersion,
    Opinion,
    PressInquiryProcess,
    Publication,
    Verdict,
)
from workflows.refusal.models import (
    BringBack,
    Reconsideration,
    Refusal,
    RefusalDecision,
    RefusalProcess,
    RefusalVersion,
    StatedOutcome,
)

__all__ = [
    "BringBack",
    "ClockStop",
    "Delegation",
    "DelegationProcess",
    "DraftVersion",
    "Opinion",
    "PressInquiryProcess",
    "Publication",
    "Reconsideration",
    "Refusal",
    "RefusalDecision",
    "RefusalProcess",
    "RefusalVersion",
    "SavedInput",
    "StatedOutcome",
    "TaskAssignment",
    "TaskDeadline",
    "Verdict",
]
