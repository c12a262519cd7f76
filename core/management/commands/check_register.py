from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock, portals
from core.errors import DomainError, Invalid
from core.queries import register as queries
from core.rules import register_reading as reading
from core.rules.register import Content
from core.rules.register_reading import Theirs


class Command(BaseCommand):
    help = (
        "Does a web page say what the register of spokespersons says? Reads our own JSON of any deployment, or a "
        "portal's HTML page. Leaves with 0 when they agree, 1 when they differ, 2 when the page could not be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="http:// or https://")
        parser.add_argument("--agency", default="", help="code of the agency; needed for an HTML page")

    def handle(self, *args: Any, url: str, agency: str, **options: Any) -> None:
        try:
            differences = list(_differences(portals.read(url).text, code=agency, at=clock.now()))
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        for difference in differences:
            self.stdout.write(difference)
        if differences:
            sys.exit(1)
        self.stdout.write(_("The page agrees with the register."))


def _differences(page: str, *, code: str, at: datetime) -> Iterator[str]:
    theirs = reading.read(page)
    if theirs is None and not code:
        raise Invalid(_("This is a page for people: name the agency it is about with --agency."))
    if theirs is None:
        return reading.missing_from(page, queries.published(code, at=at).content)
    if not theirs.is_list:
        (said,) = theirs.registers
        return reading.compared(said, queries.published(code or said["agency"]["code"], at=at).content)
    return reading.all_compared(_of(code, theirs.registers), _of(code, _ours(theirs, at=at)))


def _ours(theirs: Theirs, *, at: datetime) -> list[Content]:
    """Our own list of the same kind."""
    if theirs.authority:
        superior = queries.authority(theirs.authority, at=at)
        return [register.content for register in queries.of_subordinates(superior, at=at)]
    return [register.content for register in queries.registers(queries.existing(at), at=at)]


def _of(code: str, registers: list[Content]) -> list[Content]:
    """All, or the one asked for."""
    return [said for said in registers if not code or said["agency"]["code"] == code]
