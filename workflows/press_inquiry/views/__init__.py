"""The pages of the steps: clean input in, one action out."""

from .drafting import Assign, Draft, accept, take_back
from .judging import Clear, Decide, Review, Skip
from .registering import Register, RegisterByHand
from .releasing import FollowUp, Release, Sign, Stamp
from .triaging import Triage

__all__ = [
    "Assign",
    "Clear",
    "Decide",
    "Draft",
    "FollowUp",
    "Register",
    "RegisterByHand",
    "Release",
    "Review",
    "Sign",
    "Skip",
    "Stamp",
    "Triage",
    "accept",
    "take_back",
]
