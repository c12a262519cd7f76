"""The letters the house can write, by the code that their facts carry."""

from .advice import AdviceLetter
from .reply import ReplyLetter

LETTERS = {letter.code: letter for letter in (ReplyLetter, AdviceLetter)}

__all__ = ["LETTERS", "AdviceLetter", "ReplyLetter"]
