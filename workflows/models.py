"""Re-exports only: Django looks here for the app's models, the engine and the procedures own them."""

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
    "DraftVersion",
    "Opinion",
    "PressInquiryProcess",
    "Publication",
    "SavedInput",
    "TaskAssignment",
    "TaskDeadline",
    "Verdict",
]
