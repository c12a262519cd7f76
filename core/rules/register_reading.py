"""What somebody else's page says of a register: our own JSON from any deployment, or a portal's HTML. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Invalid
from core.rules import markup, text
from core.rules import register as rules
from core.rules.register import Content, Line

BETWEEN_DIGITS = r"[\s.\-‑–·()/]*"
COUNTRY = "84"


class NotARegister(Invalid):
    """JSON that no deployment of ours writes."""


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """What our own JSON holds: one register, the list of all, or the list of those below an authority."""

    registers: list[Content]
    is_list: bool
    authority: str = ""


def read(page: str) -> Theirs | None:
    """Our own JSON; none where the page is no JSON at all. Raises NotARegister.

    `is_whole` says of each register whether its own hash fits.
    """
    try:
        said = json.loads(page.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    is_list = isinstance(said, dict) and isinstance(said.get("agencies"), list)
    listed = said["agencies"] if is_list else [said]
    if not all(_is_register(each) for each in listed):
        raise NotARegister(
            _(
                "The address answers with JSON, but not with a register of spokespersons. Nothing was compared."
            )
        )
    above = said.get("authority") if is_list else None
    return Theirs(
        registers=[_content(each) for each in listed],
        is_list=is_list,
        authority=str(above.get("code", "")) if isinstance(above, dict) else "",
    )


def _is_register(said: Any) -> bool:
    if not isinstance(said, dict) or not isinstance(said.get("agency"), dict):
        return False
    people = said.get("people")
    is_named = isinstance(said["agency"].get("code"), str) and isinstance(said["agency"].get("name"), str)
    return is_named and isinstance(people, list) and all(map(_is_line, people))


def _is_line(said: Any) -> bool:
    return isinstance(said, dict) and isinstance(said.get("role"), str) and isinstance(said.get("name"), str)


def _content(said: dict[str, Any]) -> Content:
    """Its facts in the form of ours, with nothing in them that could disturb a terminal."""
    return {
        "agency": {name: rules.one_line(said["agency"][name]) for name in ("code", "name")},
        "people": [
            {name: _fact(person[name]) for name in ("role", "name", *rules.FIELDS) if name in person}
            for person in said["people"]
        ],
        "is_whole": said.get("sha256") == _sha256(said),
    }


def _fact(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: rules.one_line(str(found.get(name, ""))) for name in ("number", "date")}
    return None if found is None else rules.one_line(str(found))


def _sha256(said: dict[str, Any]) -> str:
    try:
        return rules.sha256({"agency": said["agency"], "people": said["people"]})
    except (TypeError, ValueError):
        return ""


def all_compared(theirs: Iterable[Content], ours: Iterable[Content]) -> Iterator[str]:
    """Where their list differs from ours, agency by agency."""
    there = {said["agency"]["code"]: said for said in theirs}
    here = {said["agency"]["code"]: said for said in ours}
    for code in sorted({*there, *here}):
        if code not in there:
            yield _("%(code)s: the agency is missing there") % {"code": code}
        elif code not in here:
            yield _("%(code)s: the agency is listed there and not here") % {"code": code}
        else:
            yield from compared(there[code], here[code])


def compared(theirs: Content, ours: Content) -> Iterator[str]:
    """Where their register differs from ours, one line each."""
    code = ours["agency"]["code"]
    if not theirs["is_whole"]:
        yield _("%(code)s: the hash there does not fit the content there") % {"code": code}
    if theirs["agency"] != ours["agency"]:
        yield _("%(code)s: the agency is named “%(there)s” there and “%(here)s” here") % {
            "code": code,
            "there": theirs["agency"]["name"],
            "here": ours["agency"]["name"],
        }
    for change in rules.difference(theirs, ours):
        yield from _differences(change, code=code)


def _differences(change: rules.Change, *, code: str) -> Iterator[str]:
    said = {"code": code, "who": change.who}
    if change.old is None:
        yield _("%(code)s: %(who)s is missing there") % said
    elif change.new is None:
        yield _("%(code)s: %(who)s is listed there and no longer here") % said
    else:
        for field in change.fields:
            yield _("%(code)s: %(who)s: %(field)s is “%(there)s” there and “%(here)s” here") % {
                **said,
                "field": rules.FIELDS[field],
                "there": rules.value(field, change.old),
                "here": rules.value(field, change.new),
            }


def missing_from(page: str, ours: Content) -> Iterator[str]:
    """Which names, phones and e-mail addresses of the register a portal's page does not show, one line each."""
    shown = _folded(markup.to_text(page))
    for person in ours["people"]:
        said = {
            "code": ours["agency"]["code"],
            "who": f"{person['name']} ({rules.role_label(person['role'])})",
        }
        for sentence in _absent(person, shown):
            yield sentence % said


def _absent(person: Line, shown: str) -> Iterator[str]:
    if not _stands_in(shown, person["name"]):
        yield _("%(code)s: %(who)s: the name is not on the page")
    if person["phone"] and not _phone_stands_in(shown, person["phone"]):
        yield _("%(code)s: %(who)s: the phone is not on the page")
    if person["email"] and not _stands_in(shown, person["email"]):
        yield _("%(code)s: %(who)s: the e-mail address is not on the page")


def _folded(words: str) -> str:
    return text.clean_line(words, limit=3 * len(words)).casefold()


def _stands_in(shown: str, words: str) -> bool:
    """As whole words: Nguyễn Văn An is not found in Nguyễn Văn Anh, nor a@b.vn in aa@b.vn or a@b.vn.example."""
    return bool(re.search(rf"(?<![\w.+@-])(?<!\w){re.escape(_folded(words))}(?![\w@-]|\.\w)", shown))


def _phone_stands_in(shown: str, phone: str) -> bool:
    """Whatever the spaces, dots, dashes and brackets between the digits; +84 is the 0 in front."""
    groups = re.findall(rf"\+?\d(?:{BETWEEN_DIGITS}\d)*", phone)
    return all(re.search(_pattern(re.sub(r"[^\d+]", "", group)), shown) for group in groups)


def _pattern(digits: str) -> str:
    national = digits.removeprefix("+" + COUNTRY) if digits.startswith("+") else digits.removeprefix("0")
    is_dialled = len(national) < len(digits)
    front = rf"(?:\+?{COUNTRY}{BETWEEN_DIGITS}0?|0){BETWEEN_DIGITS}" if is_dialled else ""
    return rf"(?<!\d){front}{BETWEEN_DIGITS.join(re.escape(digit) for digit in national)}(?!\d)"
