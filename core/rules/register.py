"""What the public register says of an agency, the bytes its hash covers, and how two states of it differ. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.enums import MandateKind
from core.models import Agency, Mandate, RuleValue
from core.rules import mandates, text, trail

Line = dict[str, Any]
Content = dict[str, Any]

# In this order they stand in the register.
ROLES = {
    MandateKind.EX_OFFICIO: "head",
    MandateKind.STANDING: "standing",
    MandateKind.DELEGATED: "delegated",
}
ROLE_LABELS = {role: kind.label for kind, role in ROLES.items()}
FIELDS = {
    "post": gettext_lazy("post"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"),
    "valid_from": gettext_lazy("valid from"),
    "valid_until": gettext_lazy("valid until"),
    "document": gettext_lazy("document"),
}
INSTANTS = ("valid_from", "valid_until")
LONGEST = 1000


def local(instant: datetime | None) -> str | None:
    """ISO 8601 with the offset of the agencies."""
    return instant.astimezone(clock.ZONE).isoformat() if instant else None


def one_line(words: str) -> str:
    """NFC on one line, nothing invisible: what every reader, feed and terminal shows alike."""
    return text.clean_line(words[:LONGEST], limit=3 * LONGEST)


def line(mandate: Mandate, *, post: str, is_document_public: bool) -> Line:
    """What is public of one person (Decree 244/2026 art 3.3): head and standing spokespersons with their contacts.

    The law in force makes no delegate's data public, so of a delegate no more than name, post and end; under Decree
    09/2017 art 3.6 the letter was public, and one signed under it is named.
    """
    delegated = mandate.is_delegated
    said: Line = {
        "role": ROLES[MandateKind(mandate.kind)],
        "name": one_line(mandate.person.full_name),
        "post": one_line(post),
        "phone": None if delegated else one_line(mandate.person.phone),
        "email": None if delegated else one_line(mandate.person.email),
        "valid_from": None if delegated else local(mandate.valid_from),
        "valid_until": local(mandates.until(mandate)),
    }
    if delegated and is_document_public:
        said["document"] = {
            "number": one_line(mandate.document_number),
            "date": str(mandate.document_date or ""),
        }
    return said


def is_document_public(mandate: Mandate, duties: Iterable[RuleValue]) -> bool:
    """Whether the law it was signed under had the delegate and the letter published; `duties` are its values."""
    law = mandate.rule_set
    if law is None or not mandate.is_delegated:
        return False
    return any(
        duty.scope.agency_kind == mandate.agency.kind and _meet(duty, law.valid_from, law.valid_until)
        for duty in duties
    )


def _meet(duty: RuleValue, begin: date | None, end: date | None) -> bool:
    begins = end is None or duty.valid_from is None or duty.valid_from < end
    return begins and (duty.valid_until is None or begin is None or begin < duty.valid_until)


def lasting(held: Iterable[Mandate], key: Callable[[Mandate], Any]) -> list[Mandate]:
    """Of those with one key the one that holds longest: a renewed mandate is one line, not two."""
    groups = defaultdict[Any, list[Mandate]](list)
    for mandate in held:
        groups[key(mandate)].append(mandate)
    return [min(group, key=_ends_last) for group in groups.values()]


def _ends_last(mandate: Mandate) -> tuple[float, datetime, int]:
    end = mandates.until(mandate)
    return float("-inf") if end is None else -end.timestamp(), mandate.valid_from, mandate.pk


def content(agency: Agency, lines: Iterable[Line]) -> Content:
    """What is hashed and kept as an edition, the head first, then the others by name."""
    return {
        "agency": named(agency),
        "people": sorted(lines, key=_place),
    }


def named(agency: Agency) -> dict[str, str]:
    return {"code": one_line(agency.code), "name": one_line(agency.name)}


def _place(said: Line) -> tuple[int, str, str, str]:
    document = said.get("document") or {}
    role = list(ROLES.values()).index(said["role"])
    return role, said["name"], document.get("number", ""), said["valid_until"] or ""


def canonical(said: Mapping[str, Any]) -> bytes:
    """The one form of a content: JSON with sorted keys, no spaces, UTF-8, NFC."""
    return trail.canonical(said)


def sha256(said: Mapping[str, Any]) -> str:
    return trail.digest(canonical(said))


@dataclass(frozen=True, kw_only=True)
class Change:
    """A person who stands on one side only, or of whom the sides say different things."""

    old: Line | None
    new: Line | None

    @property
    def fields(self) -> list[str]:
        """Which facts differ; none where the person stands on one side only."""
        if self.old is None or self.new is None:
            return []
        return [field for field in FIELDS if self.old.get(field) != self.new.get(field)]

    @property
    def who(self) -> str:
        said = self.new or self.old or {}
        return f"{said['name']} ({role_label(said['role'])})"


def role_label(role: str) -> str:
    return str(ROLE_LABELS.get(role, role))


def difference(old: Content | None, new: Content) -> list[Change]:
    """Person by person and field by field; a person is known by role and name. Two of one name stand in order."""
    before, after = _by_person(old), _by_person(new)
    keys = [*after, *(key for key in before if key not in after)]
    pairs = (pair for key in keys for pair in zip_longest(before.get(key, []), after.get(key, [])))
    found = (Change(old=was, new=now) for was, now in pairs)
    return [each for each in found if each.old is None or each.new is None or each.fields]


def _by_person(said: Content | None) -> dict[tuple[str, str], list[Line]]:
    people = defaultdict[tuple[str, str], list[Line]](list)
    for person in said["people"] if said else []:
        people[person["role"], person["name"]].append(person)
    return dict(people)


def in_words(old: Content | None, new: Content) -> Iterator[str]:
    """What an edition changed, one sentence each."""
    if old and old["agency"] != new["agency"]:
        yield _("The agency is now named %(name)s.") % {"name": new["agency"]["name"]}
    for change in difference(old, new):
        yield _change_in_words(change)


def _change_in_words(change: Change) -> str:
    said = {"who": change.who}
    if change.old is None and change.new is not None:
        letter = value("document", change.new) if change.new.get("document") else ""
        facts = ", ".join(filter(None, [change.new["post"], letter]))
        return _("Added: %(who)s: %(facts)s.") % {**said, "facts": facts or _("no post on record")}
    if change.old is None or change.new is None:
        return _("No longer listed: %(who)s.") % said
    old, new = change.old, change.new
    changed = (
        _("%(field)s: %(old)s → %(new)s")
        % {"field": FIELDS[field], "old": value(field, old), "new": value(field, new)}
        for field in change.fields
    )
    return _("Changed: %(who)s: %(facts)s.") % {**said, "facts": "; ".join(changed)}


def shown(said: Line) -> dict[str, str]:
    """A person as the page shows it; empty where nothing is public."""
    words = {field: value(field, said) if said.get(field) else "" for field in FIELDS}
    dialled = re.sub(r"[^\d+]", "", said["phone"] or "")
    return {"name": said["name"], "role": role_label(said["role"]), "dialled": dialled, **words}


def value(field: str, said: Line) -> str:
    """One fact as a person reads it."""
    found = said.get(field)
    if not found:
        return _("no end") if field == "valid_until" else _("not given")
    if field == "document" and isinstance(found, dict):
        return _("%(number)s of %(date)s") % {
            "number": found.get("number", ""),
            "date": _day(found.get("date")),
        }
    return _instant(str(found)) if field in INSTANTS else str(found)


def _day(written: Any) -> str:
    try:
        return f"{date.fromisoformat(str(written)):%d/%m/%Y}"
    except ValueError:
        return str(written)


def _instant(written: str) -> str:
    try:
        return mandates.in_full(datetime.fromisoformat(written))
    except ValueError:
        return written
