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

__all__ = [
    "ClockStop",
    "Delegation",
    "DelegationProcess",
    "DraftVersion",
    "Opinion",
    "PressInquiryProcess",
    "Publication",
    "SavedInput",
    "TaskAssignment",
    "TaskDeadline",
    "Verdict",
]
