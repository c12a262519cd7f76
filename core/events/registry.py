"""How an event of the trail is declared. Codes are stored and therefore frozen; only the sentences may change.

A sentence follows the name of whoever acted and is filled from the entry's data when it is shown. Data holds
ids, numbers, codes and hashes, never the text of a mail, question, answer or draft; what it names of a
private person is declared personal and stored only as a digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Event:
    code: str
    sentence: str | Promise
    keys: frozenset[str]
    personal: frozenset[str] = frozenset()


_registered: dict[str, Event] = {}
EVENTS: Mapping[str, Event] = MappingProxyType(_registered)


def event(code: str, sentence: str | Promise, keys: str, *, personal: str = "") -> Event:
    if code in _registered:
        raise ValueError(f"The event {code} is registered twice.")
    declared = Event(
        code=code,
        sentence=sentence,
        keys=frozenset(keys.split()),
        personal=frozenset(personal.split()),
    )
    _registered[code] = declared
    return declared
