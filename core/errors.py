"""What can go wrong, in four kinds. Each kind maps to one HTTP status, once, in `core.middleware`.

DomainError
├── Refused          403  this person may not do it
├── NotAllowedNow    409  nobody may do it in this situation
├── Conflict         409  somebody else was quicker
├── NotFound         404
└── Invalid          422  what was given cannot be used
"""

from collections.abc import Mapping

from django.utils.functional import Promise

Sentence = str | Promise


class DomainError(Exception):
    """A sentence for the person: what happened, what is safe, what to do next."""

    status = 400

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class Refused(DomainError):
    status = 403


class NotAllowedNow(DomainError):
    status = 409


class Conflict(DomainError):
    status = 409


class NotFound(DomainError):
    status = 404


class Invalid(DomainError):
    """`fields` maps a form field to its sentence; empty when the sentence is about the whole."""

    status = 422

    def __init__(self, sentence: Sentence, *, fields: Mapping[str, Sentence] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})
