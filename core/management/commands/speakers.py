from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.management.instants import read_instant
from core.queries import organisation
from core.queries import speakers as queries
from core.rules.mandates import in_words
from core.rules.speakers import Answer, Replay, check_known_at


class Command(BaseCommand):
    help = (
        "Who could speak for an agency on a case at an instant, on what document, and why everybody else of the "
        "agency could not. The answer is that of the check at the moment of speaking. Misuse ends with 2."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", help="code of the agency")
        parser.add_argument("--case", required=True, help="reference of the case, as VV-2026-0001")
        parser.add_argument(
            "--at",
            required=True,
            help="the instant, as 2026-11-25T17:00+07:00; without an offset it is the time of Vietnam, a day alone "
            "is its first instant",
        )
        parser.add_argument(
            "--known-at",
            help="answer with what the system had learned by then; otherwise with all it knows now",
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            replay = _replay(options)
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(replay), ensure_ascii=False))
        else:
            self._say(replay)

    def _say(self, replay: Replay) -> None:
        self.stdout.write(_heading(replay))
        self.stdout.write(_("Could speak: %(count)s") % {"count": len(replay.allowed)})
        for each in replay.allowed:
            self.stdout.write(f"  {_named(each)}: {each.document}. {each.words}.")
        self.stdout.write(_("Could not: %(count)s") % {"count": len(replay.excluded)})
        for each in replay.excluded:
            self.stdout.write(f"  {_named(each)}: {each.reason}")


def _replay(options: dict[str, Any]) -> Replay:
    agency = organisation.agency_by_code(options["agency"])
    case = queries.case_of(agency, reference=options["case"])
    at, _has_time = read_instant(options["at"])
    known_at = read_instant(options["known_at"])[0] if options["known_at"] is not None else None
    check_known_at(known_at, now=clock.now())
    return queries.replay(agency=agency, case=case, at=at, known_at=known_at)


def _heading(replay: Replay) -> str:
    said = {
        "agency": replay.agency.name,
        "case": replay.case.reference,
        "at": in_words(replay.at),
        "known_at": in_words(replay.known_at) if replay.known_at else "",
    }
    if replay.known_at is None:
        return _("%(agency)s, %(case)s, at %(at)s, as known now") % said
    return _("%(agency)s, %(case)s, at %(at)s, as known at %(known_at)s") % said


def _named(answer: Answer) -> str:
    return f"{answer.person.full_name} ({answer.post})" if answer.post else answer.person.full_name


def _as_json(replay: Replay) -> dict[str, Any]:
    return {
        "agency": replay.agency.code,
        "case": replay.case.reference,
        "at": _iso(replay.at),
        "known_at": _iso(replay.known_at) if replay.known_at else None,
        "allowed": [
            {"person": each.person.full_name, "mandate": each.words, "document": each.document, **_who(each)}
            for each in replay.allowed
        ],
        "excluded": [
            {"person": each.person.full_name, "reason": each.reason, **_who(each)} for each in replay.excluded
        ],
    }


def _who(answer: Answer) -> dict[str, str]:
    """Beside the name, which two may share."""
    kind = {"kind": str(answer.mandate.kind)} if answer.mandate else {}
    return {"username": answer.person.username, "post": answer.post, **kind}


def _iso(instant: datetime) -> str:
    return instant.astimezone(clock.ZONE).isoformat()
