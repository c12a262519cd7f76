"""Advice to a superior body that will speak itself (công văn tham mưu): it goes up and is no statement."""

from __future__ import annotations

from typing import ClassVar

from .reply import ReplyLetter


class AdviceLetter(ReplyLetter):
    code: ClassVar[str] = "advice"
    template: ClassVar[str] = "documents/print/advice.html"
    goes_to_the_press: ClassVar[bool] = False
