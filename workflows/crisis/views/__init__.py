"""The pages of the steps, by the names the flow gives them."""

from .assessing import Activate, Assess
from .drilling import StartDrill
from .opening import Detect
from .papers import SignPaper, StampPaper
from .reports import Acknowledge, SendReport
from .running import CarryOut, Review, StandDown
from .statements import ClearStatement, DraftStatement, ReleaseStatement

__all__ = [
    "Acknowledge",
    "Activate",
    "Assess",
    "CarryOut",
    "ClearStatement",
    "Detect",
    "DraftStatement",
    "ReleaseStatement",
    "Review",
    "SendReport",
    "SignPaper",
    "StampPaper",
    "StandDown",
    "StartDrill",
]
