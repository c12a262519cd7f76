"""The pages of the procedure: clean input in, one action out."""

from .acts import EnterLetterNumber, FilePaper, Propose, Report, Revoke, scan
from .page import DelegationPage
from .steps import Confirm, Draft, Publish, RegisterPaper, Sign, Stamp

__all__ = [
    "Confirm",
    "DelegationPage",
    "Draft",
    "EnterLetterNumber",
    "FilePaper",
    "Propose",
    "Publish",
    "RegisterPaper",
    "Report",
    "Revoke",
    "Sign",
    "Stamp",
    "scan",
]
