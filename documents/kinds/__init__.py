"""The letters the house can write, by the code that their facts carry."""

from .advice import AdviceLetter
from .coordination import CoordinationLetter
from .crisis_report import CrisisReportLetter
from .delegation import DelegationLetter
from .refusal import RefusalLetter, SecondLookLetter
from .reply import ReplyLetter

LETTERS = {
    letter.code: letter
    for letter in (
        ReplyLetter,
        AdviceLetter,
        DelegationLetter,
        RefusalLetter,
        SecondLookLetter,
        CrisisReportLetter,
        CoordinationLetter,
    )
}

__all__ = [
    "LETTERS",
    "AdviceLetter",
    "CoordinationLetter",
    "CrisisReportLetter",
    "DelegationLetter",
    "RefusalLetter",
    "ReplyLetter",
    "SecondLookLetter",
]
