"""The letters the house can write, by the code that their facts carry."""

from .advice import AdviceLetter
from .delegation import DelegationLetter
from .reply import ReplyLetter

LETTERS = {letter.code: letter for letter in (ReplyLetter, AdviceLetter, DelegationLetter)}

__all__ = ["LETTERS", "AdviceLetter", "DelegationLetter", "ReplyLetter"]
