"""The letters the house can write, by the code that their facts carry."""

from .advice import AdviceLetter
from .delegation import DelegationLetter
from .refusal import RefusalLetter, SecondLookLetter
from .reply import ReplyLetter

LETTERS = {
    letter.code: letter
    for letter in (ReplyLetter, AdviceLetter, DelegationLetter, RefusalLetter, SecondLookLetter)
}

__all__ = ["LETTERS", "AdviceLetter", "DelegationLetter", "RefusalLetter", "ReplyLetter", "SecondLookLetter"]
